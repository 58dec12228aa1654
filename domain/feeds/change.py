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
from domain.publication.site_particulars import site_of

Body = tuple[bytes, str]
"""Bytes and media type."""


def feeds_after(changes: Sequence[tuple[LogEntry, Json | None]], standing: Standing) -> dict[str, Body]:
    """What these entries, each with its manifest, change in the feeds; nothing if the site has no address.

    In the order of writing: the resource lists last, because they tell where in the log the versions of a reply stand
    whose words must go when it is taken down.
    """
    site = site_of(standing)
    base = site.base_url
    if base is None or not changes:
        return {}
    activities = Activities(base, site.licence_url, standing)
    entries = Window(atom_form(site, base, activities.at), standing)
    news = Window(change_list_form(base, activities.at), standing)
    months, sitemaps, resources = Months(standing), Sitemaps(base, standing), ResourceLists(base, standing)
    for entry, manifest in changes:
        at = max(activities.at(entry.sequence - 1), entry.published_at)
        event = Event(entry, None if entry.change.takes_down else manifest, at, base)
        if entry.change.takes_down:
            for sequence in resources.public_before(entry):
                entries.put(sequence, "")
                news.put(sequence, "")
                months.forget(sequence, at)
        activities.add(event)
        entries.put(entry.sequence, atom_line(event))
        news.put(entry.sequence, change_line(event))
        months.add(event)
        sitemaps.add(event)
        resources.add(event)
    xml = resource_sync.MEDIA_TYPE
    first: dict[str, Body] = {}
    beginning = changes[0][0].sequence == 1
    if beginning:
        first |= _typed(first_documents(base), xml) | _typed(robots(base), "text/plain; charset=utf-8")
    listed: dict[str, Body] = {}
    if (months_body := months.list_body()) is not None:
        catalogue = canonical_json(data_catalogue.data_catalogue(site, base, months.months))
        # The list last: it tells whether the catalogue has followed.
        listed = {DATA_CATALOGUE: (catalogue, data_catalogue.MEDIA_TYPE), MONTHS: (months_body, "application/json")}
    return {
        **_typed(activities.bodies(), activity.MEDIA_TYPE),
        **_typed(entries.bodies(), atom.MEDIA_TYPE),
        **_typed(months.bodies(), monthly.MEDIA_TYPE),
        **_typed(sitemaps.bodies(), xml),
        **listed,
        **first,
        **_typed(change_lists(base, news, standing, activities.at, first=beginning), xml),
        **_typed(resources.bodies(), xml),
    }


def _typed(bodies: dict[str, bytes], media_type: str) -> dict[str, Body]:
    return {key: (body, media_type) for key, body in bodies.items()}
