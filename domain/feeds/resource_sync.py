"""What a mirror needs, as ResourceSync 1.1 (ANSI/NISO Z39.99-2017) tells it: what there is, and what has changed.

The resources are the manifests of all versions that are public. A manifest names the files of its version with their
digests; those are no resources of their own, because their addresses hold a digest, and of a reply that was taken down
not even that may remain: so their removal could not be said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from domain.feeds.event import Event
from domain.feeds.line_page import LinePages, Standing, Window, WindowForm
from domain.publication.change_log import Change, LogEntry
from domain.publication.object_keys import (
    CAPABILITIES,
    CHANGE_LIST,
    CHANGE_LISTS,
    RESOURCE_LISTS,
    SOURCE_DESCRIPTION,
    change_list_key,
    log_entry_key,
    resource_list_key,
)

CHANGES_PER_LIST = 64
SLOTS_PER_LIST = 64
MEDIA_TYPE = "application/xml"
_XML = '<?xml version="1.0" encoding="utf-8"?>'
_SPACES = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:rs="http://www.openarchives.org/rs/terms/"'
_PREVIOUS = re.compile(r'rel="prev" href="[^"]*/([0-9]+)\.xml"')
_RESOURCE = re.compile(r"<url>.*?</url>")
_VERSION_AND_ENTRY = re.compile(r"/v([0-9]+)/manifest\.json</loc>.*/([0-9]+)\.json\"")


def first_documents(base: str) -> dict[str, bytes]:
    """The objects by which a mirror finds the others. They change only with the address of the site."""
    described = f'<rs:ln rel="up" href="{base}{SOURCE_DESCRIPTION}"/><rs:md capability="capabilitylist"/>'
    lists = (("resourcelist", RESOURCE_LISTS), ("changelist", CHANGE_LISTS))
    capabilities = "".join(f'<url><loc>{base}{key}</loc><rs:md capability="{name}"/></url>' for name, key in lists)
    source = f'<url><loc>{base}{CAPABILITIES}</loc><rs:md capability="capabilitylist"/></url>'
    return {
        CAPABILITIES: f"{_XML}<urlset {_SPACES}>{described}{capabilities}</urlset>\n".encode(),
        SOURCE_DESCRIPTION: f'{_XML}<urlset {_SPACES}><rs:md capability="description"/>{source}</urlset>\n'.encode(),
    }


# --- changes ----------------------------------------------------------------------------------------------------------


def change_list_form(base: str, at: Callable[[int], str]) -> WindowForm:
    """How the change lists are written; `at` tells when an entry was announced."""

    def head(closed: int, until: str) -> str:
        since = at(closed * CHANGES_PER_LIST + 1)
        before = f'<rs:ln rel="prev" href="{base}{change_list_key(closed - 1)}"/>' if closed else ""
        return (
            f'{_XML}<urlset {_SPACES}><rs:ln rel="up" href="{base}{CAPABILITIES}"/>'
            f'<rs:ln rel="index" href="{base}{CHANGE_LISTS}"/>{before}'
            f'<rs:md capability="changelist" from="{since}"{until}/>'
        )

    def closed_before(head: str) -> int:
        found = _PREVIOUS.search(head)
        return int(found[1]) + 1 if found else 0

    return WindowForm(
        size=CHANGES_PER_LIST,
        newest_key=CHANGE_LIST,
        closed_key=change_list_key,
        newest_head=lambda closed, _: head(closed, ""),
        closed_head=lambda number: head(number, f' until="{at((number + 1) * CHANGES_PER_LIST + 1)}"'),
        closed_before=closed_before,
        foot="</urlset>",
        newest_first=False,
    )


def change_line(event: Event) -> str:
    """What the event created or deleted; nothing for what has been taken down since."""
    entry = event.entry
    if entry.change.takes_down:
        return "".join(
            f'<url><loc>{event.manifest_url(version)}</loc><rs:md change="deleted" datetime="{event.at}"/></url>'
            for version in range(1, entry.version)
        )
    if event.manifest is None:
        return ""
    return (
        f"<url><loc>{event.manifest_url(entry.version)}</loc><lastmod>{entry.published_at}</lastmod>"
        f'<rs:md change="created" datetime="{event.at}" {_digest(entry)}/></url>'
    )


def change_lists(
    base: str, window: Window, standing: Standing, at: Callable[[int], str], *, first: bool
) -> dict[str, bytes]:
    """The lists that changed, and their index if it is another one now; `first` if there was none before.

    The newest list last: it tells how many are closed, so the index is made again unless it was written before.
    """
    bodies = window.bodies()
    newest = {CHANGE_LIST: bodies.pop(CHANGE_LIST)}
    return bodies | (_index(base, window, standing, at) if first or window.closed_now else {}) | newest


def _index(base: str, window: Window, standing: Standing, at: Callable[[int], str]) -> dict[str, bytes]:
    pages = LinePages(standing)
    index = pages[CHANGE_LISTS]
    index.head = index.head or (
        f'{_XML}<sitemapindex {_SPACES}><rs:ln rel="up" href="{base}{CAPABILITIES}"/>'
        f'<rs:md capability="changelist" from="{at(1)}"/>'
    )
    for number in (*window.closed_now, window.closed):
        newest = number == window.closed
        until = "" if newest else f' until="{at((number + 1) * CHANGES_PER_LIST + 1)}"'
        key, since = CHANGE_LIST if newest else change_list_key(number), at(number * CHANGES_PER_LIST + 1)
        line = f'<rs:md capability="changelist" from="{since}"{until}/></sitemap>'
        index.put(number, f"<sitemap><loc>{base}{key}</loc>{line}")
    return pages.bodies("</sitemapindex>")


# --- resources --------------------------------------------------------------------------------------------------------


class ResourceLists:
    """The resource lists while they are being changed. They also remember where in the log a public version stands."""

    def __init__(self, base: str, standing: Standing) -> None:
        self._base = base
        self._pages, self._indexes = LinePages(standing), LinePages(standing)

    def public_before(self, entry: LogEntry) -> list[int]:
        """Sequences of the versions before this one that are public."""
        return [sequence for version, sequence, _ in self._resources(entry) if version < entry.version]

    def add(self, event: Event) -> None:
        """Let the event count. Raises ValueError where the list has a gap: then the words to be removed are unknown."""
        entry = event.entry
        number, place = divmod(entry.slot, SLOTS_PER_LIST)
        page = self._pages[resource_list_key(number)]
        if place >= len(page.lines) + (entry.version == 1):  # only a first version takes a new place
            raise ValueError("a resource list has an empty place")
        kept = [] if entry.change.takes_down else [each for each in self._resources(entry) if each[0] < entry.version]
        line = "".join(resource for _, _, resource in kept)
        page.put(place, line if entry.change.takes_down else line + self._resource(event))
        page.head = (
            f'{_XML}<urlset {_SPACES}><rs:ln rel="up" href="{self._base}{CAPABILITIES}"/>'
            f'<rs:ln rel="index" href="{self._base}{RESOURCE_LISTS}"/>'
            f'<rs:md capability="resourcelist" at="{event.at}"/>'
        )
        if entry.change is Change.PUBLISH and place == 0:
            index = self._indexes[RESOURCE_LISTS]
            index.head = (
                f'{_XML}<sitemapindex {_SPACES}><rs:ln rel="up" href="{self._base}{CAPABILITIES}"/>'
                f'<rs:md capability="resourcelist" at="{event.at}"/>'
            )
            index.put(number, f"<sitemap><loc>{self._base}{resource_list_key(number)}</loc></sitemap>")

    def bodies(self) -> dict[str, bytes]:
        """The lists that changed, and the index if there is a new one."""
        return self._pages.bodies("</urlset>") | self._indexes.bodies("</sitemapindex>")

    def _resources(self, entry: LogEntry) -> Iterator[tuple[int, int, str]]:
        """Version, sequence and element of what is public of the reply."""
        number, place = divmod(entry.slot, SLOTS_PER_LIST)
        lines = self._pages[resource_list_key(number)].lines
        for resource in _RESOURCE.findall(lines[place] if place < len(lines) else ""):
            found = _VERSION_AND_ENTRY.search(resource)
            if found:
                yield int(found[1]), int(found[2]), resource

    def _resource(self, event: Event) -> str:
        entry = event.entry
        return (
            f"<url><loc>{event.manifest_url(entry.version)}</loc><lastmod>{entry.published_at}</lastmod>"
            f"<rs:md {_digest(entry)}/>"
            f'<rs:ln rel="describedby" href="{self._base}{log_entry_key(entry.sequence)}"/></url>'
        )


def _digest(entry: LogEntry) -> str:
    digest, length = entry.manifest_sha256, entry.manifest_size_bytes
    return f'hash="sha-256:{digest}" length="{length}" type="application/json"'
