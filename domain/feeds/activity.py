"""Every change as an activity: IIIF Change Discovery 1.0, level 3, over ActivityStreams 2.0.

An activity says which reply, what happened and when, and no word of the reply: so a page that is full never changes
again but for the link to its successor.
"""

from __future__ import annotations

from domain.feeds.event import Event
from domain.feeds.line_page import Standing
from domain.publication.canonical_json import Json, canonical_json, parse_json
from domain.publication.change_log import Change
from domain.publication.object_keys import ACTIVITIES, activity_page_key

ACTIVITIES_PER_PAGE = 64
MEDIA_TYPE = 'application/ld+json;profile="http://iiif.io/api/discovery/1/context.json"'
_CONTEXT = "http://iiif.io/api/discovery/1/context.json"
_TYPES = {Change.PUBLISH: "Create", Change.CORRECT: "Update", Change.WITHDRAW: "Delete", Change.PURGE: "Delete"}


class Activities:
    """The collection and its pages while they are being changed."""

    def __init__(self, base: str, licence: str | None, standing: Standing) -> None:
        self._base, self._licence, self._standing = base, licence, standing
        self._pages: dict[int, list[Json]] = {}
        self._last = 0

    def at(self, sequence: int) -> str:
        """When this entry was announced; empty where there is none."""
        page, place = divmod(sequence - 1, ACTIVITIES_PER_PAGE)
        items = self._items(page) if sequence else []
        return str(items[place]["endTime"]) if place < len(items) else ""

    def add(self, event: Event) -> None:
        """The event becomes an activity."""
        page, place = divmod(event.entry.sequence - 1, ACTIVITIES_PER_PAGE)
        items = self._items(page)
        items[place:] = [_activity(event), *items[place + 1 :]]
        if page and not place:
            self._items(page - 1)  # is to tell of its successor
        self._last = event.entry.sequence

    def bodies(self) -> dict[str, bytes]:
        """The pages that may have changed, the newest first, so that no `next` leads nowhere, and the collection."""
        made = {activity_page_key(number): self._page(number) for number in sorted(self._pages, reverse=True)}
        return made | {ACTIVITIES: canonical_json(self._collection())}

    def _items(self, page: int) -> list[Json]:
        if page not in self._pages:
            body = self._standing(activity_page_key(page))
            self._pages[page] = parse_json(body)["orderedItems"] if body else []
        return self._pages[page]

    def _page(self, number: int) -> bytes:
        page: Json = {
            "@context": _CONTEXT,
            **self._reference(number),
            "partOf": {"id": self._base + ACTIVITIES, "type": "OrderedCollection"},
            "startIndex": number * ACTIVITIES_PER_PAGE,
            "orderedItems": self._pages[number],
        }
        if number:
            page["prev"] = self._reference(number - 1)
        if self._last > (number + 1) * ACTIVITIES_PER_PAGE:
            page["next"] = self._reference(number + 1)
        return canonical_json(page)

    def _collection(self) -> Json:
        collection: Json = {
            "@context": _CONTEXT,
            "id": self._base + ACTIVITIES,
            "type": "OrderedCollection",
            "totalItems": self._last,
            "first": self._reference(0),
            "last": self._reference((self._last - 1) // ACTIVITIES_PER_PAGE),
        }
        return collection | ({"rights": self._licence} if self._licence else {})

    def _reference(self, number: int) -> Json:
        return {"id": self._base + activity_page_key(number), "type": "OrderedCollectionPage"}


def _activity(event: Event) -> Json:
    thing: Json = {"id": event.page, "type": "Document"}
    if not event.entry.change.takes_down:
        url = event.manifest_url(event.entry.version)
        thing["seeAlso"] = [{"id": url, "type": "Dataset", "format": "application/json"}]
    return {"type": _TYPES[event.entry.change], "object": thing, "endTime": event.at}
