"""Everything in the public bucket that follows from the record, and so can be made again (docs/adr/0010).

A view is a pure function of announcements, in the order of the log, and of the derived objects that stand. Applying the
same announcements again changes nothing; a fold over the whole log from nothing gives the same bytes; and after a
withdrawal nothing that it gives back holds a word of that reply.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from domain.feeds.change import feeds_after
from domain.publication.canonical_json import Json, canonical_json, parse_json
from domain.publication.catalogue import page_with, row_of
from domain.publication.change_log import LogEntry, current_with
from domain.publication.counts import STATISTICS, statistics_after
from domain.publication.object_keys import SLOTS_PER_PAGE, catalogue_page_key, current_key, page_key, page_of_slot
from domain.publication.originals import originals_after
from domain.publication.published_reply import reply_from
from domain.publication.reply_pages import reply_page, version_page, withdrawn_page
from domain.publication.site_particulars import site_of
from domain.publication.statistics_page import STATISTICS_PAGE, statistics_page
from domain.search.change import search_after

JSON: Final = "application/json"
HTML: Final = "text/html; charset=utf-8"
BINARY: Final = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Announcement:
    """One change, with what it announced."""

    entry: LogEntry
    manifest: Json | None
    """The manifest or tombstone; None: a later withdrawal has removed it."""
    reply: Json | None
    """The reply for programs (`reply_json`), with its paragraphs; None where there is none, or none any more."""


@dataclass(frozen=True, slots=True)
class Derived:
    """One derived object."""

    body: bytes
    media_type: str = JSON


Standing = Callable[[str], bytes | None]
"""The bytes of a derived object as it stands, by its key; None: there is none."""
Changes = dict[str, Derived | None]
"""By key, in the order of writing; None: the object goes."""
View = Callable[[Sequence[Announcement], Standing], Changes]


def pages(batch: Sequence[Announcement], standing: Standing) -> Changes:
    """The pages for people: `r/{id}.html` and one for each version."""
    made: Changes = {}
    site = site_of(standing)
    for announced in batch:
        entry = announced.entry
        if _is_behind(entry, standing):
            continue
        if entry.change.takes_down and announced.manifest is not None:
            page = Derived(withdrawn_page(announced.manifest, site).encode(), HTML)
            for version in (None, *range(1, entry.version + 1)):
                made[page_key(entry.reply_id, version)] = page
        elif announced.manifest is not None and announced.reply is not None:
            reply = reply_from(announced.reply)
            made[page_key(entry.reply_id, entry.version)] = Derived(
                version_page(reply, announced.manifest, site).encode(), HTML
            )
            made[page_key(entry.reply_id)] = Derived(reply_page(reply, announced.manifest, site).encode(), HTML)
    return made


def catalogue(batch: Sequence[Announcement], standing: Standing) -> Changes:
    """One row for each reply, on pages of fixed places."""
    made: dict[str, Json | None] = {}
    for announced in batch:
        key = catalogue_page_key(page_of_slot(announced.entry.slot))
        if key not in made:
            made[key] = _parsed(standing(key))
        made[key] = page_with(made[key], row_of(announced.manifest, announced.entry))
    return {key: Derived(canonical_json(page)) for key, page in made.items() if page}


def pointers(batch: Sequence[Announcement], standing: Standing) -> Changes:
    """`doc/{id}/current.json`."""
    made: dict[str, Json | None] = {}
    for announced in batch:
        key = current_key(announced.entry.reply_id)
        if key not in made:
            made[key] = _parsed(standing(key))
        made[key] = current_with(made[key], announced.entry)
    return {key: Derived(canonical_json(pointer)) for key, pointer in made.items() if pointer}


def originals(batch: Sequence[Announcement], standing: Standing) -> Changes:
    """`digests/…`: which publication a file belongs to. Before the pages, for it reads the old ones."""
    changes = [(each.entry, (each.manifest or {}).get("provenance", {}).get("original_sha256")) for each in batch]
    return {key: None if body is None else Derived(body) for key, body in originals_after(changes, standing).items()}


def statistics(batch: Sequence[Announcement], standing: Standing) -> Changes:
    """`statistics.json` and its page. Before the catalogue, for it reads the old rows."""
    rows: dict[int, Json | None] = {}
    changes = []
    for each in batch:
        slot = each.entry.slot
        before = rows[slot] if slot in rows else _row_at(slot, standing)
        rows[slot] = row_of(each.manifest, each.entry)
        changes.append((each.entry, before, rows[slot]))
    counts = statistics_after(_parsed(standing(STATISTICS)), changes)
    return {
        STATISTICS: Derived(canonical_json(counts)),
        STATISTICS_PAGE: Derived(statistics_page(counts, site_of(standing)).encode(), HTML),
    }


def search(batch: Sequence[Announcement], standing: Standing) -> Changes:
    """`search/…`: every word of every letter."""
    changes = [(each.entry, each.manifest, each.reply) for each in batch]
    return {
        key: None if body is None else Derived(body, JSON if key.endswith(".json") else BINARY)
        for key, body in search_after(changes, standing).items()
    }


def feeds(batch: Sequence[Announcement], standing: Standing) -> Changes:
    """What is published in the standards that others speak: `feed/…`, sitemaps, change lists."""
    found = feeds_after([(each.entry, each.manifest) for each in batch], standing)
    return {key: Derived(body, media_type) for key, (body, media_type) in found.items()}


VIEWS: Final[tuple[View, ...]] = (originals, statistics, search, feeds, pages, catalogue, pointers)
"""In the order of writing. The pointers come last: they tell whether a change has been applied."""


def follow(batch: Sequence[Announcement], standing: Standing, views: Sequence[View] = VIEWS) -> Changes:
    """Everything derived that changes with these announcements."""
    made: Changes = {}
    for view in views:
        made |= view(batch, standing)
    return made


def overlaid(changes: Mapping[str, Derived | None], below: Standing) -> Standing:
    """What stands once the changes have been made."""

    def look(key: str) -> bytes | None:
        if key not in changes:
            return below(key)
        found = changes[key]
        return found.body if found else None

    return look


def _row_at(slot: int, standing: Standing) -> Json | None:
    page = _parsed(standing(catalogue_page_key(page_of_slot(slot))))
    rows = page["rows"] if page else []
    place = slot % SLOTS_PER_PAGE
    return rows[place] if place < len(rows) else None


def _is_behind(entry: LogEntry, standing: Standing) -> bool:
    """Whether a later version has been applied already: a page never goes back."""
    current = _parsed(standing(current_key(entry.reply_id)))
    return current is not None and current["version"] > entry.version


def _parsed(body: bytes | None) -> Json | None:
    return None if body is None else parse_json(body)
