"""The search index as something that follows the change log."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from domain.publication.canonical_json import Json, canonical_json, parse_json
from domain.publication.change_log import LogEntry
from domain.search.document import searched
from domain.search.index import CURRENT, advance
from domain.search.segment import Document

NEXT = "search/next.json"
"""What the pointer is about to be: written first, so that whoever comes after a writer that was stopped can finish."""

LogChange = tuple[LogEntry, Json | None, Json | None]
Standing = Callable[[str], bytes | None]


def search_after(changes: Sequence[LogChange], standing: Standing) -> dict[str, bytes | None]:
    """What these entries, each with manifest and `reply_json`, change in the index; None: the object goes.

    In the order of writing: the coming pointer, its segments, the old segments go, the pointer. Entries that the index
    knows change nothing; stopped anywhere and begun again, it ends in the same objects and no other.
    """
    base, left_over = _base(standing)
    known = parse_json(base)["sequence"] if base else 0
    new = [change for change in changes if change[0].sequence > known]
    if not new and base == standing(CURRENT):
        return {}
    made: dict[str, bytes | None] = {}

    def read(key: str) -> bytes:
        found = made[key] if key in made else standing(key)
        if found is None:
            raise LookupError(key)
        return found

    pointer = base
    for added, withdrawn in _steps(new):
        made |= advance(pointer, read, added, withdrawn)
        pointer = made[CURRENT]
    if new:
        pointer = canonical_json(parse_json(pointer or b"{}") | {"sequence": new[-1][0].sequence})
    named = _segments(pointer)
    written = {key: body for key, body in made.items() if key in named}
    gone = {key for key, body in made.items() if body is None} | left_over
    removed = {key: None for key in sorted(gone - named) if standing(key) is not None}
    return {NEXT: pointer, **written, **removed, CURRENT: pointer}


def _base(standing: Standing) -> tuple[bytes | None, set[str]]:
    """The pointer from which to go on, and segments of another that a stopped writer may have left."""
    current, coming = standing(CURRENT), standing(NEXT)
    if coming is None or coming == current:
        return current, set()
    # Old segments go only after all new ones are there: one of the two is whole.
    if all(standing(key) is not None for key in _segments(coming)):
        return coming, _segments(current)
    return current, _segments(coming)


def _segments(pointer: bytes | None) -> set[str]:
    return {one["key"] for one in parse_json(pointer)["segments"]} if pointer else set()


def _steps(changes: Sequence[LogChange]) -> list[tuple[list[Document], frozenset[str]]]:
    """Documents to be added, and a reply that is then to be forgotten: in the order of the log."""
    steps: list[tuple[list[Document], frozenset[str]]] = []
    added: list[Document] = []
    for entry, manifest, reply in changes:
        if entry.change.takes_down:
            steps += [(added, frozenset()), ([], frozenset({entry.reply_id}))]
            added = []
        else:
            # A place for every version, also for one that was taken down since: numbers follow from the log alone.
            added.append(searched(manifest, reply or {}) if manifest else Document())
    return [step for step in [*steps, (added, frozenset())] if step[0] or step[1]]
