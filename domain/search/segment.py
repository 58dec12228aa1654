"""One segment of the index: an immutable object that a browser reads in a few ranges.

```
FWS2 | u32 length of the head | head (gzip) | rows, in groups (gzip) | postings, in blocks (gzip)
```

The head says where each group and each block begins. A block holds entries in the order of their keys' bytes: length
of the key, key, length of the postings, postings. These are the number of documents, the last document, the gaps
between the documents' numbers and, for a pair of characters, a mask of two bytes for each. Numbers are LEB128,
documents are counted from 0. Keys that begin with `@` are facets and have no masks.

Two segments merge by copying the bytes of postings, so that joining them gives what building them at once would have
given.
"""

from __future__ import annotations

import gzip
import json
import struct
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from math import isqrt
from typing import Any

from domain.search.tokens import pairs, runs, singles

MAGIC = b"FWS2"
ROWS_A_GROUP = 16
_SMALLEST_BLOCK, _LARGEST_BLOCK = 2048, 16384
_FACET = ord("@")
_MASK_BYTES = 2

Row = list[Any]


@dataclass(frozen=True, slots=True)
class Document:
    """What is found: `row` is what a list of results shows, `texts` what is searched, `facets` such as `@year:2024`.

    The row begins with reply id and version. None is the place of a version of which no word may be found.
    """

    row: Row | None = None
    texts: tuple[str, ...] = ()
    facets: tuple[str, ...] = ()
    replaces: str | None = None
    """`row_name` of the version before it, which is found no more."""


def row_name(row: Row) -> str:
    """What tells a row from that of another version: `reply id/version`."""
    return f"{row[0]}/{row[1]}"


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment that was read."""

    rows: tuple[Row | None, ...]
    """None where a document is no longer found."""
    postings: Mapping[bytes, bytes]
    """By key: kept as bytes, because most of them are only copied."""


@dataclass(frozen=True, slots=True)
class Postings:
    """The documents of one key."""

    numbers: tuple[int, ...]
    masks: tuple[int, ...]
    """One for each; empty for a facet."""


def segment_of(documents: Sequence[Document]) -> Segment:
    """The segment of these documents, in this order."""
    found: dict[bytes, list[tuple[int, int]]] = {}
    for number, document in enumerate(documents):
        stretches = [run for text in document.texts for run in runs(text)]
        for pair, mask in pairs(stretches).items():
            found.setdefault(pair.encode(), []).append((number, mask))
        for facet in singles(stretches).union(document.facets):
            found.setdefault(facet.encode(), []).append((number, 0))
    rows = tuple(document.row for document in documents)
    return Segment(rows, {key: _written(key, postings) for key, postings in found.items()})


def joined(first: Segment, second: Segment) -> Segment:
    """Both, the documents of the second after those of the first."""
    shift, both = len(first.rows), dict(first.postings)
    for key, body in second.postings.items():
        before = both.get(key)
        both[key] = _moved(body, shift) if before is None else _joined(key, before, body, shift)
    return Segment(first.rows + second.rows, both)


def without(segment: Segment, gone: AbstractSet[int]) -> Segment:
    """The segment without any word of these documents. The others keep their numbers."""
    kept = {}
    for key, body in segment.postings.items():
        left = _without(key, body, gone)
        if left is not None:
            kept[key] = left
    return Segment(hidden(segment, gone).rows, kept)


def hidden(segment: Segment, gone: AbstractSet[int]) -> Segment:
    """The segment with these documents' rows emptied: they are found no more. Their words stay."""
    rows = tuple(None if number in gone else row for number, row in enumerate(segment.rows))
    return Segment(rows, segment.postings)


def read_postings(key: bytes, body: bytes) -> Postings:
    """What the bytes behind the key say."""
    count, last, at = _start(body)
    end = len(body) - _masks_size(key, count)
    numbers, number = [], -1
    while at < end:
        gap, at = _number_at(body, at)
        number += gap + 1
        numbers.append(number)
    if len(numbers) != count or number != last:
        raise ValueError("postings that contradict themselves")
    return Postings(tuple(numbers), struct.unpack(f"<{(len(body) - end) // _MASK_BYTES}H", body[end:]))


# --- bytes ------------------------------------------------------------------------------------------------------------


def to_bytes(segment: Segment) -> tuple[bytes, int]:
    """The object, and how many bytes at its beginning a reader needs first."""
    groups = [_packed(segment.rows[at : at + ROWS_A_GROUP]) for at in range(0, len(segment.rows), ROWS_A_GROUP)]
    entries = [(key, _entry(key, body)) for key, body in sorted(segment.postings.items())]
    blocks = [(key, gzip.compress(body, 6, mtime=0)) for key, body in _blocks(entries)]
    head = bytearray(_number(len(segment.rows)) + _number(len(groups)) + _number(len(blocks)))
    for group in groups:
        head += _number(len(group))
    before = b""
    for key, body in blocks:
        shared = _shared(before, key)
        head += _number(len(body)) + _number(shared) + _number(len(key) - shared) + key[shared:]
        before = key
    packed = gzip.compress(bytes(head), 9, mtime=0)
    start = MAGIC + len(packed).to_bytes(4, "little") + packed
    return b"".join([start, *groups, *(body for _, body in blocks)]), len(start)


def from_bytes(body: bytes) -> Segment:
    """The segment that `to_bytes` wrote. Raises ValueError if it is none."""
    if body[:4] != MAGIC:
        raise ValueError("not a segment of the search index")
    start = 8 + int.from_bytes(body[4:8], "little")
    head = gzip.decompress(body[8:start])
    (documents, groups, blocks), at = _numbers(head, 0, 3)
    lengths, at = _numbers(head, at, groups)
    rows: list[Row | None] = []
    for length in lengths:
        rows += json.loads(gzip.decompress(body[start : start + length]))
        start += length
    if len(rows) != documents:
        raise ValueError("a segment with rows missing")
    postings: dict[bytes, bytes] = {}
    for _ in range(blocks):
        (length, _shared_with_before, rest), at = _numbers(head, at, 3)
        at += rest
        postings.update(_entries(gzip.decompress(body[start : start + length])))
        start += length
    return Segment(tuple(rows), postings)


def _packed(rows: Sequence[Row | None]) -> bytes:
    return gzip.compress(json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode(), 9, mtime=0)


def _blocks(entries: Sequence[tuple[bytes, bytes]]) -> Iterator[tuple[bytes, bytes]]:
    """First key and bytes of each block. Their size grows with the square root of the segment's.

    A reader pays for the head, which shrinks with larger blocks, and for a block per pair, which grows with them.
    """
    size = min(max(isqrt(sum(len(body) for _, body in entries)), _SMALLEST_BLOCK), _LARGEST_BLOCK)
    first, length = b"", 0
    block: list[bytes] = []
    for key, body in entries:
        if not block:
            first = key
        block.append(body)
        length += len(body)
        if length >= size:
            yield first, b"".join(block)
            block, length = [], 0
    if block:
        yield first, b"".join(block)


def _shared(one: bytes, other: bytes) -> int:
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


# --- postings ---------------------------------------------------------------------------------------------------------


def _written(key: bytes, postings: Sequence[tuple[int, int]]) -> bytes:
    gaps, before = bytearray(), -1
    for number, _ in postings:
        gaps += _number(number - before - 1)
        before = number
    masks = b"" if key[0] == _FACET else struct.pack(f"<{len(postings)}H", *(mask for _, mask in postings))
    return b"".join((_number(len(postings)), _number(before), gaps, masks))


def _entry(key: bytes, body: bytes) -> bytes:
    return b"".join((_number(len(key)), key, _number(len(body)), body))


def _entries(body: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at < len(body):
        length, at = _number_at(body, at)
        key = body[at : at + length]
        length, at = _number_at(body, at + length)
        yield key, body[at : at + length]
        at += length


def _start(body: bytes) -> tuple[int, int, int]:
    """Count, last document, and where the gaps begin."""
    count, at = _number_at(body, 0)
    last, at = _number_at(body, at)
    return count, last, at


def _masks_size(key: bytes, count: int) -> int:
    return 0 if key[0] == _FACET else _MASK_BYTES * count


def _moved(body: bytes, shift: int) -> bytes:
    """The postings with each document's number raised."""
    count, last, at = _start(body)
    gap, at = _number_at(body, at)
    return b"".join((_number(count), _number(last + shift), _number(gap + shift), body[at:]))


def _joined(key: bytes, first: bytes, second: bytes, shift: int) -> bytes:
    (count, last, at), (more, newest, then) = _start(first), _start(second)
    gap, then = _number_at(second, then)
    end, later_end = len(first) - _masks_size(key, count), len(second) - _masks_size(key, more)
    gaps = (first[at:end], _number(gap + shift - last - 1), second[then:later_end])
    return b"".join((_number(count + more), _number(newest + shift), *gaps, first[end:], second[later_end:]))


def _without(key: bytes, body: bytes, gone: AbstractSet[int]) -> bytes | None:
    if _start(body)[1] < min(gone, default=0):
        return body
    postings = read_postings(key, body)
    if gone.isdisjoint(postings.numbers):
        return body
    masks = postings.masks or (0,) * len(postings.numbers)
    kept = [(number, mask) for number, mask in zip(postings.numbers, masks, strict=True) if number not in gone]
    return _written(key, kept) if kept else None


# --- numbers (LEB128) -------------------------------------------------------------------------------------------------


def _number(value: int) -> bytes:
    if value < 128:
        return _SMALL[value]
    parts = bytearray()
    while value >= 128:
        parts.append(value & 127 | 128)
        value >>= 7
    parts.append(value)
    return bytes(parts)


_SMALL = [bytes([value]) for value in range(128)]


def _number_at(body: bytes, at: int) -> tuple[int, int]:
    value = body[at]
    at += 1
    if value < 128:
        return value, at
    value, shift = value & 127, 7
    while True:
        part = body[at]
        at += 1
        value |= (part & 127) << shift
        if part < 128:
            return value, at
        shift += 7


def _numbers(body: bytes, at: int, count: int) -> tuple[list[int], int]:
    found = []
    for _ in range(count):
        value, at = _number_at(body, at)
        found.append(value)
    return found, at
