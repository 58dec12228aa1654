"""The feeds as something that follows the change log: all of them together, so that none says what another does not."""

from __future__ import annotations

from collections.abc import Sequence

from domain.feeds import activity, atom, data_catalogue, monthly, resource_sync
from domain.feeds.activity import Activities
from domain.feeds.atom import atom_form, atom_line
from domain.feeds.event import Event
from domain.feeds.line_page import Standing, Window
from domain.feeds.monthly import Months
from domain.feeds.resource_sync import (
    ResourceLists,
    change_line,
    change_list_form,
    change_lists,
    first_documents,
)
from domain.feeds.sitemaps import Sitemaps, robots
from domain.publication.canonical_json import Json, canonical_json
from domain.publication.change_log import LogEntry
from domain.publication.object_keys import DATA_CATALOGUE, MONTHS
from domain.publication.site_particulars import Site, site_of

Body = tuple[bytes, str]
"""Bytes and media type."""


def feeds_after(changes: Sequence[tuple[LogEntry, Json | None]], standing: Standing) -> dict[str, Body]:
    """What these entries, each with its manifest, change in the feeds; nothing if the site has no address.

    In the order of writing: nothing is named before it is there.
    """
    site = site_of(standing)
    if site.base_url is None or not changes:
        return {}
    feeds = _Feeds(site, site.base_url, standing)
    for entry, manifest in changes:
        feeds.add(entry, manifest)
    return feeds.bodies(first=changes[0][0].sequence == 1)


class _Feeds:
    """All feeds while they are being changed."""

    def __init__(self, site: Site, base: str, standing: Standing) -> None:
        self._site, self._base, self._standing = site, base, standing
        self._activities = Activities(base, site.licence_url, standing)
        self._entries = Window(atom_form(site, base, self._activities.at), standing)
        self._news = Window(change_list_form(base, self._activities.at), standing)
        self._months = Months(standing)
        self._sitemaps, self._resources = Sitemaps(base, standing), ResourceLists(base, standing)

    def add(self, entry: LogEntry, manifest: Json | None) -> None:
        """Let the entry count."""
        gone = entry.change.takes_down
        at = max(self._activities.at(entry.sequence - 1), entry.published_at)
        event = Event(entry, None if gone else manifest, at, self._base)
        for sequence in self._resources.public_before(entry) if gone else ():
            self._entries.put(sequence, "")
            self._news.put(sequence, "")
            self._months.forget(sequence, at)
        self._activities.add(event)
        self._entries.put(entry.sequence, atom_line(event))
        self._news.put(entry.sequence, change_line(event))
        for feed in (self._months, self._sitemaps, self._resources):
            feed.add(event)

    def bodies(self, *, first: bool) -> dict[str, Body]:
        """What changed; `first` if there was nothing before.

        The resource lists after everything with words, because they tell where in the log the versions of a reply stand
        whose words must go when it is taken down.
        """
        news = change_lists(self._base, self._news, self._standing, self._activities.at, first=first)
        beginnings = first_documents(self._base) if first else {}
        return {
            **_typed(self._activities.bodies(), activity.MEDIA_TYPE),
            **_typed(self._entries.bodies(), atom.MEDIA_TYPE),
            **_typed(self._months.bodies(), monthly.MEDIA_TYPE),
            **self._lists_of_data(),
            **_typed(self._sitemaps.bodies() | news | self._resources.bodies() | beginnings, resource_sync.MEDIA_TYPE),
            **_typed(robots(self._base) if first else {}, "text/plain; charset=utf-8"),
        }

    def _lists_of_data(self) -> dict[str, Body]:
        """The list of months last: it tells whether the data catalogue has followed."""
        months = self._months.list_body()
        if months is None:
            return {}
        catalogue = canonical_json(data_catalogue.data_catalogue(self._site, self._base, self._months.months))
        return {DATA_CATALOGUE: (catalogue, data_catalogue.MEDIA_TYPE), MONTHS: (months, "application/json")}


def _typed(bodies: dict[str, bytes], media_type: str) -> dict[str, Body]:
    return {key: (body, media_type) for key, body in bodies.items()}
