"""One change as the feeds tell it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from html import escape

from domain.publication.canonical_json import Json
from domain.publication.change_log import LogEntry
from domain.publication.object_keys import manifest_key, page_key

_CHINA = timezone(timedelta(hours=8))
# XML 1.0, 2.2; line ends as well, for each entry has one line.
_NOT_IN_XML = re.compile("[^\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Event:
    """A log entry with its words, as long as they are public."""

    entry: LogEntry
    manifest: Json | None
    """What version it announced; None: it took the reply down, or what it announced has been taken down since."""
    at: str
    """When it was announced, UTC with Z. Unlike the time of publication it never goes back from entry to entry, for
    whoever follows a feed asks what is new since a time."""
    base: str
    """The site's address, ending in `/`."""

    @property
    def page(self) -> str:
        """The permanent address of the reply, by which feeds know it."""
        return self.base + page_key(self.entry.reply_id)

    def manifest_url(self, version: int) -> str:
        """The address of the manifest of this version of the reply."""
        return self.base + manifest_key(self.entry.reply_id, version)


def china_time(at: str) -> datetime:
    """The same moment by the clocks of China."""
    return datetime.fromisoformat(at).astimezone(_CHINA)


def one_line(text: str) -> str:
    """The text without line ends and other characters that no format of text can hold."""
    return _NOT_IN_XML.sub(" ", text)


def xml_text(text: str) -> str:
    """The text inside an element or an attribute, on one line."""
    return escape(one_line(text))
