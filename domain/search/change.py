"""The search index as something that follows the change log."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from domain.publication.canonical_json import Json, canonical_json, parse_json
from domain.publication.change_log import LogEntry
from domain.search.document import searched
from domain.search.index import CURRENT, advance
from domain.search.segment import Document


def search_after(
    changes: Sequence[tuple[LogEntry, Json | None, Json | None]], standing: Callable[[str], bytes | None]
) -> dict[str, bytes | None]:
    """What these entries, each with manifest and `reply_json`, change in the index; None: the object goes.

    Entries that the index knows change nothing. The pointer is written before the old segments go: whoever stops in
    between leaves an object that nothing names, which `fuwen rebuild` removes.
    """
    body = standing(CURRENT)
    known = parse_json(body)["sequence"] if body else 0
    new = [change for change in changes if change[0].sequence > known]
    if not new:
        return {}
    made: dict[str, bytes | None] = {}

    def read(key: str) -> bytes:
        found = made[key] if key in made else standing(key)
        if found is None:
            raise LookupError(key)
        return found

    for added, withdrawn in _steps(new):
        made |= advance(made.get(CURRENT, body), read, added, withdrawn)
    pointer = parse_json(read(CURRENT)) | {"sequence": new[-1][0].sequence}
    written = {key: value for key, value in made.items() if value is not None and key != CURRENT}
    gone = {key: None for key, value in made.items() if value is None and standing(key) is not None}
    return {**written, CURRENT: canonical_json(pointer), **gone}


def _steps(
    changes: Sequence[tuple[LogEntry, Json | None, Json | None]],
) -> list[tuple[list[Document], frozenset[str]]]:
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
