"""A check of the change log by somebody who believes nothing but a public key: signature, tree, and history."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from adapters.record.public_objects import PublicObjects
from adapters.record.publisher_key import VerifierKeys
from adapters.store.object_store import ObjectMissing
from domain.publication.canonical_json import Json, parse_json
from domain.publication.change_log import LogEntry
from domain.publication.checkpoint import Checkpoint
from domain.publication.merkle import (
    consistency_proof,
    leaf_hash,
    node_hash,
    proves_consistency,
    root_hash,
)
from domain.publication.object_keys import CHECKPOINT, LOG_KEYS, log_entry_key
from domain.publication.tiles import HASH_BYTES, WIDTH, TileTree, entries_of, entry_tile, tile_key, tile_width

Fault = tuple[str, str]
"""One sentence in Chinese and in English."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far somebody has read and checked: the next check goes on from there, and notices if history changes."""

    size: int
    root: bytes
    time: str

    def as_json(self) -> Json:
        """As it is kept in a file."""
        return {"size": self.size, "root": self.root.hex(), "time": self.time}

    @classmethod
    def from_json(cls, document: Json) -> Cursor:
        """The cursor that was kept. Raises KeyError or ValueError for anything else."""
        return cls(int(document["size"]), bytes.fromhex(document["root"]), str(document["time"]))


class LogAudit:
    """One look at the log. `faults` first; `entries` afterwards, and only if there were none."""

    def __init__(self, objects: PublicObjects, keys: VerifierKeys | None, now: datetime, since: Cursor | None) -> None:
        """Without `keys` those are used that the log names itself: enough against accidents, not against forgers."""
        self._objects, self._pinned, self._now, self._since = objects, keys, now, since
        self.checkpoint: Checkpoint | None = None
        """The newest checkpoint, once it has been checked."""
        self._tree: TileTree | None = None
        self.bodies: dict[int, bytes] = {}
        """The entries that were read, by index from 0."""

    def faults(self) -> Iterator[Fault]:
        """What is wrong with signature, time, history and tree."""
        note = self._read(CHECKPOINT)
        if note is None:
            if (self._since and self._since.size) or self._read(log_entry_key(1)) is not None:
                yield (
                    f"缺少 {CHECKPOINT}，但已有变更记录：有一次发布尚未完成，或末端被移除。",
                    f"{CHECKPOINT} is missing though there are entries: unfinished, or the head was removed.",
                )
            return
        if not self.keys.keys:
            yield (f"缺少 {LOG_KEYS}，或其中没有公钥。", f"{LOG_KEYS} is missing or holds no key.")
            return
        checkpoint = self._opened(note)
        if checkpoint is None:
            yield (
                f"{CHECKPOINT} 没有可信公钥的签名，或内容不成样。",
                f"{CHECKPOINT} is not signed by a trusted key, or is no checkpoint.",
            )
            return
        yield from self._time(checkpoint)
        if self._since and checkpoint.size < self._since.size:
            yield (
                f"变更记录倒退：上次读到第 {self._since.size} 条，现在只有 {checkpoint.size} 条。",
                f"The log went back: {self._since.size} entries were read before, now there are {checkpoint.size}.",
            )
            return
        try:
            found = list(self._tiles(checkpoint))
        except ObjectMissing as missing:
            found = [(f"缺少 {missing.key}。", f"{missing.key} is missing.")]
        except ValueError as error:
            found = [(f"变更记录的存储块 {error} 被截断或损坏。", f"The tile {error} of the log is cut or broken.")]
        yield from found
        if not found:
            self.checkpoint = checkpoint

    @property
    def cursor(self) -> Cursor | None:
        """From where the next check goes on."""
        found = self.checkpoint
        return Cursor(found.size, found.root, found.time) if found else None

    def entries(self) -> Iterator[LogEntry]:
        """The entries since the cursor, in order. Raises KeyError or ValueError for one that is out of contract."""
        for index in sorted(self.bodies):
            yield LogEntry.from_json(parse_json(self.bodies[index]))

    @cached_property
    def keys(self) -> VerifierKeys:
        """The keys that are believed; none if the log names none that are any."""
        if self._pinned:
            return self._pinned
        try:
            return VerifierKeys.of(parse_json(self._read(LOG_KEYS) or b"{}")["keys"])
        except (KeyError, ValueError):
            return VerifierKeys(())

    def _opened(self, note: bytes) -> Checkpoint | None:
        try:
            return self.keys.open_checkpoint(note)
        except ValueError:
            return None

    def _time(self, checkpoint: Checkpoint) -> Iterator[Fault]:
        if datetime.fromisoformat(checkpoint.expires) < self._now:
            yield (
                f"变更记录的末端已过期（{checkpoint.expires}）：看到的可能不是最新的。",
                f"The head of the log has expired ({checkpoint.expires}): this may not be the newest.",
            )
        if self._since and checkpoint.time < self._since.time:
            yield (
                f"变更记录的末端早于上次读到的（{self._since.time}）。",
                f"The head of the log is older than the one read before ({self._since.time}).",
            )

    def _tiles(self, checkpoint: Checkpoint) -> Iterator[Fault]:
        """The root, the history before the cursor, and every tile after it. Raises ObjectMissing, ValueError."""
        size, tree = checkpoint.size, TileTree(checkpoint.size, self._objects.get)
        if root_hash(size, tree.complete) != checkpoint.root:
            yield ("变更记录的内容与签名的根不符。", "The entries of the log are not those that were signed.")
            return
        start = self._since.size if self._since else 0
        if self._since and start:
            proof = consistency_proof(start, size, tree.complete)
            if not proves_consistency(start, size, self._since.root, checkpoint.root, proof):
                yield ("以前读过的变更记录被改写。", "Entries that were read before have been changed.")
                return
        yield from self._bundles(start, size, tree)
        for level in range(1, 8):
            for number in range((start >> 8 * level) // WIDTH, -(-(size >> 8 * level) // WIDTH)):
                yield from self._upper(level, number, size, tree)

    def _bundles(self, start: int, size: int, tree: TileTree) -> Iterator[Fault]:
        for number in range(start // WIDTH, -(-size // WIDTH)):
            key = entry_tile(number * WIDTH, size)
            entries = _entries(key, self._objects.get(key))
            hashes = [leaf_hash(entry) for entry in entries]
            row = self._objects.get(tile_key(0, number, tile_width(0, number, size)))
            whole = len(hashes) == WIDTH and _folded(hashes) != tree.complete(8, number)
            if b"".join(hashes) != row or whole or len(hashes) != tile_width(0, number, size):
                yield (f"{key} 与变更记录的树不符。", f"{key} is not what the tree of the log says.")
                continue
            for place, entry in enumerate(entries, start=number * WIDTH):
                if place >= start:
                    self.bodies[place] = entry

    def _upper(self, level: int, number: int, size: int, tree: TileTree) -> Iterator[Fault]:
        width = tile_width(level, number, size)
        if width != WIDTH:
            return  # the root was made of it
        key = tile_key(level, number, width)
        body = self._objects.get(key)
        hashes = [body[at : at + HASH_BYTES] for at in range(0, len(body), HASH_BYTES)]
        if len(hashes) != WIDTH or _folded(hashes) != tree.complete(8 * (level + 1), number):
            yield (f"{key} 与变更记录的树不符。", f"{key} is not what the tree of the log says.")

    def _read(self, key: str) -> bytes | None:
        try:
            return self._objects.get(key)
        except ObjectMissing:
            return None


def _entries(key: str, bundle: bytes) -> list[bytes]:
    try:
        return entries_of(bundle)
    except ValueError:
        raise ValueError(key) from None


def _folded(row: list[bytes]) -> bytes:
    while len(row) > 1:
        row = [node_hash(row[at], row[at + 1]) for at in range(0, len(row), 2)]
    return row[0]
