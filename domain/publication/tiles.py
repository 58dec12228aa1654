"""The change log as plain objects: C2SP tlog-tiles, with tiles of 256 hashes or entries.

A partial tile (`….p/43`) never changes either: one more entry is another object. The full tile replaces them all.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping, Sequence

from domain.publication.merkle import leaf_hash, node_hash

WIDTH = 256
HASH_BYTES = 32
ENTRIES = "entries"
TILES = "tile/"

ReadTile = Callable[[str], bytes]
"""The bytes of a tile by its key. Raises whatever the world raises if it is not there."""


def tile_key(level: int | str, number: int, width: int = WIDTH) -> str:
    """Where tile `number` of that level lies; `entries` for the entries themselves."""
    groups = [f"{number % 1000:03d}"]
    while number := number // 1000:
        groups.insert(0, f"x{number % 1000:03d}")
    return f"{TILES}{level}/{'/'.join(groups)}" + (f".p/{width}" if width < WIDTH else "")


def tile_width(level: int, number: int, size: int) -> int:
    """How many hashes the tile has in a tree of `size` leaves; 0: it does not exist."""
    return max(0, min(WIDTH, (size >> 8 * level) - number * WIDTH))


def bundle_of(entries: Sequence[bytes]) -> bytes:
    """Entries behind one another, each after its length in two bytes, the greater one first."""
    return b"".join(struct.pack(">H", len(entry)) + entry for entry in entries)


def entries_of(bundle: bytes) -> list[bytes]:
    """The entries of a bundle. Raises ValueError if it is cut or has something left over."""
    entries, at = [], 0
    while at < len(bundle):
        if at + 2 > len(bundle):
            raise ValueError("the bundle is cut")
        (length,) = struct.unpack_from(">H", bundle, at)
        at += 2 + length
        if at > len(bundle):
            raise ValueError("the bundle is cut")
        entries.append(bundle[at - length : at])
    return entries


def entry_tile(index: int, size: int) -> str:
    """The key of the bundle with entry `index` (from 0) in a log of this size."""
    number = index // WIDTH
    return tile_key(ENTRIES, number, tile_width(0, number, size))


class TileTree:
    """The tree of one size, read from tiles; `complete` is what `domain.publication.merkle` asks for."""

    def __init__(self, size: int, read: ReadTile) -> None:
        self.size = size
        self._read = read
        self._tiles: dict[str, bytes] = {}

    def complete(self, level: int, index: int) -> bytes:
        """The hash of a complete subtree. Raises ValueError with the key of a tile of another size."""
        high, low = divmod(level, 8)
        first = index << low
        hashes = self._tile(high, first // WIDTH)
        row = [hashes[at : at + HASH_BYTES] for at in range(0, len(hashes), HASH_BYTES)][
            first % WIDTH : first % WIDTH + (1 << low)
        ]
        while len(row) > 1:
            row = [node_hash(row[at], row[at + 1]) for at in range(0, len(row), 2)]
        return row[0]

    def _tile(self, level: int, number: int) -> bytes:
        width = tile_width(level, number, self.size)
        key = tile_key(level, number, width)
        if key not in self._tiles:
            body = self._read(key)
            if len(body) != width * HASH_BYTES:
                raise ValueError(key)
            self._tiles[key] = body
        return self._tiles[key]


def tiles_after(size: int, entries: Sequence[bytes], read: ReadTile) -> dict[str, bytes]:
    """Every tile that a log of `size` entries gains by these, in the order of writing. The tiles of `size` are read."""
    made: dict[str, bytes] = {}
    _grow(made, ENTRIES, size, list(entries), read)
    level, length, hashes = 0, size, [leaf_hash(entry) for entry in entries]
    while hashes:
        full = _grow(made, level, length, hashes, read)
        level, length, hashes = level + 1, length >> 8, full
    return made


def _grow(made: dict[str, bytes], level: int | str, length: int, added: list[bytes], read: ReadTile) -> list[bytes]:
    """Append to one row of tiles; the hashes of the tiles that became full."""
    number, kept = divmod(length, WIDTH)
    held = _items(level, read(tile_key(level, number, kept))) if kept else []
    full = []
    for at in range(0, len(held) + len(added), WIDTH):
        part = (held + added)[at : at + WIDTH]
        made[tile_key(level, number + at // WIDTH, len(part))] = bundle_of(part) if level == ENTRIES else b"".join(part)
        if len(part) == WIDTH and level != ENTRIES:
            full.append(_tile_hash(part))
    return full


def _items(level: int | str, body: bytes) -> list[bytes]:
    if level == ENTRIES:
        return entries_of(body)
    return [body[at : at + HASH_BYTES] for at in range(0, len(body), HASH_BYTES)]


def _tile_hash(row: list[bytes]) -> bytes:
    while len(row) > 1:
        row = [node_hash(row[at], row[at + 1]) for at in range(0, len(row), 2)]
    return row[0]


def partial_tiles(size: int) -> list[str]:
    """The keys of the partial tiles of a log of this size: superseded once it has grown."""
    found = [tile_key(ENTRIES, size // WIDTH, size % WIDTH)] if size % WIDTH else []
    level = 0
    while length := size >> 8 * level:
        if length % WIDTH:
            found.append(tile_key(level, length // WIDTH, length % WIDTH))
        level += 1
    return found


def reading(made: Mapping[str, bytes], otherwise: ReadTile) -> ReadTile:
    """A reader that knows these tiles already."""
    return lambda key: made[key] if key in made else otherwise(key)
