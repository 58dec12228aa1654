"""The newest changes as an Atom feed (RFC 4287), removals as tombstones (RFC 6721), older ones in archives (RFC 5005).

Archives are never changed, but for a reply that was taken down: its entries go, as if they had never been there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from domain.feeds.event import Event, xml_text
from domain.feeds.line_page import WindowForm
from domain.publication.canonical_json import Json
from domain.publication.manifest import ArtifactRole
from domain.publication.object_keys import ATOM, atom_archive_key
from domain.publication.site_particulars import Site

ENTRIES_PER_PAGE = 32
MEDIA_TYPE = "application/atom+xml; charset=utf-8"
_TYPE = "application/atom+xml"
_PREVIOUS = re.compile(r'rel="prev-archive" href="[^"]*/([0-9]+)\.atom"')
_GONE = "此复文已停止公开。"


def atom_form(site: Site, base: str, at: Callable[[int], str]) -> WindowForm:
    """How the feed is written; `at` tells when an entry was announced."""

    def head(key: str, last: int, links: str) -> str:
        return (
            '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"'
            ' xmlns:at="http://purl.org/atompub/tombstones/1.0" xmlns:fh="http://purl.org/syndication/history/1.0"'
            f' xml:lang="zh-CN"><id>{base}{ATOM}</id><title>{xml_text(f"{site.name}：{site.column_name}")}</title>'
            f"<updated>{at(last)}</updated><author><name>{xml_text(site.publisher or site.name)}</name></author>"
            f'<link rel="self" type="{_TYPE}" href="{base}{key}"/>'
            f'<link rel="alternate" type="text/html" href="{base}index.html"/>'
            + (f'<link rel="license" href="{xml_text(site.licence_url)}"/>' if site.licence_url else "")
            + links
        )

    def before(closed: int) -> str:
        return f'<link rel="prev-archive" href="{base}{atom_archive_key(closed - 1)}"/>' if closed else ""

    def closed_head(number: int) -> str:
        links = f'<fh:archive/><link rel="current" type="{_TYPE}" href="{base}{ATOM}"/>{before(number)}'
        return head(atom_archive_key(number), (number + 1) * ENTRIES_PER_PAGE, links)

    def closed_before(head: str) -> int:
        found = _PREVIOUS.search(head)
        return int(found[1]) + 1 if found else 0

    return WindowForm(
        size=ENTRIES_PER_PAGE,
        newest_key=ATOM,
        closed_key=atom_archive_key,
        newest_head=lambda closed, last: head(ATOM, last, before(closed)),
        closed_head=closed_head,
        closed_before=closed_before,
        foot="</feed>",
        newest_first=True,
    )


def atom_line(event: Event) -> str:
    """The entry or the tombstone; nothing for what has been taken down since."""
    if event.entry.change.takes_down:
        return (
            f'<at:deleted-entry ref="{event.page}" when="{event.at}">'
            f'<at:comment xml:lang="zh-CN">{_GONE}</at:comment></at:deleted-entry>'
        )
    return f"<entry>{''.join(_elements(event, event.manifest))}</entry>" if event.manifest else ""


def _elements(event: Event, manifest: Json) -> Iterator[str]:
    yield f"<id>{event.page}</id><title>{xml_text(manifest['title'])}</title><updated>{event.at}</updated>"
    if event.entry.version == 1:
        yield f"<published>{event.entry.published_at}</published>"
    yield f"<author><name>{xml_text(manifest['issuing_authority'])}</name></author>"
    if manifest["submission"]["kind"]:
        yield f'<category term="{xml_text(manifest["submission"]["kind"])}"/>'
    yield f'<link rel="alternate" type="text/html" href="{event.page}"/>'
    yield f'<link rel="describedby" type="application/json" href="{event.manifest_url(event.entry.version)}"/>'
    for artifact in manifest["artifacts"]:
        if artifact["role"] == ArtifactRole.ORIGINAL:
            kind, length = artifact["media_type"], artifact["size_bytes"]
            yield f'<link rel="enclosure" type="{kind}" length="{length}" href="{event.base}{artifact["key"]}"/>'
    yield f"<summary>{xml_text('；'.join(_said(event, manifest)))}</summary>"


def _said(event: Event, manifest: Json) -> Iterator[str]:
    yield f"发文字号：{manifest['document_number']}"
    yield f"成文日期：{manifest['times']['date_of_issue']}"
    result = manifest["handling_result"]
    if result:
        yield f"办理结果：{result['normalised'] or result['raw']}"
    if event.entry.version > 1:
        yield f"第 {event.entry.version} 版"
