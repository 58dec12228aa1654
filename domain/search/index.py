"""The whole index: a few segments that grow into each other, and the one pointer that names them.

Documents come one after the other. The newest are in a segment of level 0, which is written again with each batch.
When it holds 256 it becomes part of level 1, which at 4,096 becomes part of level 2, which at 65,536 is closed. What
the index looks like follows from the documents and their order alone, however they were batched, so that a rebuild
gives the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.publication.canonical_json import canonical_json, sha256_hex
from domain.search.segment import Document, Segment, from_bytes, joined, row_name, segment_of, to_bytes, without

CURRENT = "search/current.json"
CAPACITIES = (256, 4_096, 65_536)
"""Documents at which a segment of this level becomes part of the next."""
_CLOSED = len(CAPACITIES)

Read = Callable[[str], bytes]


@dataclass(slots=True)
class _Part:
    """One segment: where it stands, or what it has become and is not written yet."""

    level: int
    placed: dict[str, Any] | None = None
    """As `search/current.json` names it: key, level, documents, head_bytes."""
    made: Segment | None = None

    def segment(self, read: Read) -> Segment:
        if self.made is None:
            assert self.placed is not None  # noqa: S101 - one of the two is there
            self.made = from_bytes(read(self.placed["key"]))
        return self.made

    def become(self, segment: Segment) -> None:
        self.made, self.placed = segment, None


def advance(
    current: bytes | None, read: Read, added: Sequence[Document], withdrawn: Collection[str] = ()
) -> Mapping[str, bytes | None]:
    """What is to be written, under which keys, so that the index finds these documents too; None: to be deleted.

    `current` is the pointer as it stands, None before the first document; `read` gives the bytes behind a key. Of the
    reply ids in `withdrawn` no word is left in what is written. The pointer is the last of the keys.
    """
    said = json.loads(current) if current else {"segments": [], "replaced": []}
    parts = [_Part(each["level"], each) for each in said["segments"]]
    replaced = [name for name in said["replaced"] if name.partition("/")[0] not in withdrawn]
    if withdrawn:
        _forget(parts, read, frozenset(withdrawn))
    left = list(added)
    while left:
        newest = _newest(parts)
        room = CAPACITIES[0] - len(newest.segment(read).rows)
        chunk, left = left[:room], left[room:]
        newest.become(joined(newest.segment(read), segment_of(chunk)))
        replaced += [document.replaces for document in chunk if document.replaces]
        replaced = _grown(parts, read, replaced)
    return _writes(said, parts, replaced)


def _newest(parts: list[_Part]) -> _Part:
    if not parts or parts[-1].level > 0:
        parts.append(_Part(0, made=segment_of(())))
    return parts[-1]


def _grown(parts: list[_Part], read: Read, replaced: list[str]) -> list[str]:
    """Full segments become part of the next level; what was replaced is no longer found in what they become."""
    for level, capacity in enumerate(CAPACITIES):
        part = parts[-1]
        if part.level != level or len(part.segment(read).rows) < capacity:
            break
        parts.pop()
        if parts and parts[-1].level == level + 1 < _CLOSED:
            parts[-1].become(joined(parts[-1].segment(read), part.segment(read)))
        else:
            parts.append(_Part(level + 1, made=part.segment(read)))
        replaced = _hide(parts[-1], read, replaced)
    return replaced


def _hide(part: _Part, read: Read, replaced: list[str]) -> list[str]:
    """Take replaced versions out of this segment; the names of those in others."""
    segment = part.segment(read)
    numbers = {row_name(row): number for number, row in enumerate(segment.rows) if row is not None}
    gone = {numbers[name] for name in replaced if name in numbers}
    if gone:
        part.become(without(segment, gone))
    return [name for name in replaced if name not in numbers]


def _forget(parts: list[_Part], read: Read, reply_ids: frozenset[str]) -> None:
    for part in parts:
        segment = part.segment(read)
        gone = {number for number, row in enumerate(segment.rows) if row is not None and row[0] in reply_ids}
        if gone:
            part.become(without(segment, gone))


def _writes(said: dict[str, Any], parts: list[_Part], replaced: list[str]) -> dict[str, bytes | None]:
    writes: dict[str, bytes | None] = {}
    for part in parts:
        if part.placed is None:
            assert part.made is not None  # noqa: S101 - it was made, or else it has its place
            body, head_bytes = to_bytes(part.made)
            key = f"search/{sha256_hex(body)[:32]}.seg"
            rows = len(part.made.rows)
            part.placed = {"key": key, "level": part.level, "documents": rows, "head_bytes": head_bytes}
            writes[key] = body
    names = [part.placed for part in parts]
    left_over = {each["key"] for each in said["segments"]} - {each["key"] for each in names if each}
    writes |= dict.fromkeys(sorted(left_over))
    writes[CURRENT] = canonical_json({"segments": names, "replaced": sorted(replaced)})
    return writes
