"""A check of everything that is public, by anyone: only the published objects are read, and nothing is believed.

It follows the log as a reader does, so it needs no listing: the bucket, a copy of it in a folder, a web site, whatever
can give the bytes behind a key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from adapters.record.derived_spool import DerivedSpool
from adapters.record.log_audit import Cursor, Fault, LogAudit
from adapters.record.public_objects import PublicFolder, PublicObjects, PublicWeb
from adapters.record.public_record import reply_of
from adapters.record.publisher_key import VerifierKeys
from adapters.record.schema_check import SchemaViolation, check
from adapters.store.object_store import ObjectMissing
from domain.publication.canonical_json import Json, parse_json, sha256_hex
from domain.publication.change_log import ENTRY_SCHEMA, Change, LogEntry, LogHead, last_removals
from domain.publication.checkpoint import Checkpoint, parse_proof
from domain.publication.derived import Announcement
from domain.publication.manifest import MANIFEST_SCHEMA, REPLY_SCHEMA, TOMBSTONE_SCHEMA, ArtifactRole
from domain.publication.merkle import leaf_hash, proves_inclusion
from domain.publication.object_keys import (
    ACTIVITIES,
    SITE,
    artifact_key,
    envelope_key,
    log_entry_key,
    manifest_key,
    proof_key,
)
from domain.publication.site_particulars import SITE_SCHEMA

__all__ = ["Cursor", "PublicFolder", "PublicObjects", "PublicWeb", "Verdict", "audit", "verify"]

_BATCH = 256


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check found."""

    faults: tuple[Fault, ...]
    """One sentence in Chinese and English for everything that is not as it should be."""
    checkpoint: Checkpoint | None
    """The head that was checked; None where there is none that can be believed."""
    cursor: Cursor | None
    """From where the next check goes on; None: begin anew."""


def audit(
    objects: PublicObjects,
    *,
    keys: VerifierKeys | None = None,
    now: datetime | None = None,
    since: Cursor | None = None,
    on_entry: Callable[[int, int], None] | None = None,
) -> Verdict:
    """Check the signed head, the tree, every manifest and artifact, and, from the beginning, everything derived.

    With `since` only what is new is read, and that nothing before it was changed is proved by the tree. `keys` are
    those that the reader pins; without them the log's own are taken. `now` (None: not judged) tells a head that has
    expired. `on_entry` is told how many entries of how many are checked. Raises StoreError only if the world does not
    answer.
    """
    found = _Audit(objects, keys, now or datetime.min.replace(tzinfo=UTC), since, on_entry or _no_progress)
    faults = tuple(found.faults())
    cursor = found.log.cursor or (since if not faults else None)
    return Verdict(faults, found.log.checkpoint, None if faults else cursor)


def verify(
    objects: PublicObjects,
    language: str = "zh-CN",
    on_entry: Callable[[int, int], None] | None = None,
    keys: VerifierKeys | None = None,
) -> list[str]:
    """One plain sentence for everything that is not as it should be; none if all of it is."""
    english = language.startswith("en")
    return [en if english else zh for zh, en in audit(objects, keys=keys, on_entry=on_entry).faults]


class _Audit:
    """One pass over the log, which makes at its end what must be derived from it."""

    def __init__(
        self,
        objects: PublicObjects,
        keys: VerifierKeys | None,
        now: datetime,
        since: Cursor | None,
        on_entry: Callable[[int, int], None],
    ) -> None:
        self._objects, self._on_entry = objects, on_entry
        self._from_start = since is None or not since.size
        self.log = LogAudit(objects, keys, now, since)
        self._head = LogHead()
        self._last: dict[str, LogEntry] = {}

    def faults(self) -> Iterator[Fault]:
        broken = False
        for fault in self.log.faults():
            broken = True
            yield fault
        checkpoint = self.log.checkpoint
        if checkpoint is None or broken:
            if broken:
                return  # what follows from the log cannot be judged
            checkpoint = Checkpoint("", 0, b"", "", "", 0)
        entries: list[LogEntry] = []
        for fault in self._entries(entries):
            broken = True
            yield fault
        if broken:
            return  # places in the catalogue depend on every entry
        if self._from_start and checkpoint.replies != self._head.replies:
            yield ("变更记录末端的件数不对。", "The head of the log counts another number of replies.")
        site = self._bytes(SITE)
        for fault in self._site(site):
            site = None
            yield fault
        with DerivedSpool(site) as spool:
            yield from self._manifests(entries, checkpoint, spool)
            if self._from_start:
                for key, wanted in spool.objects():
                    yield from self._same(key, wanted.body)
        yield from self._unfinished(checkpoint)

    def _site(self, site: bytes | None) -> Iterator[Fault]:
        """No part of the record: whether it is the right one shows in what follows from it."""
        if site is not None:
            yield from _broken_contract(SITE, _parsed(site), SITE_SCHEMA)
        elif self._bytes(ACTIVITIES) is not None:
            yield _lacking(SITE)

    def _entries(self, entries: list[LogEntry]) -> Iterator[Fault]:
        for index, body in sorted(self.log.bodies.items()):
            key = log_entry_key(index + 1)
            document = _parsed(body)
            contract = list(_broken_contract(key, document, ENTRY_SCHEMA))
            yield from contract
            if contract:
                return
            entry = LogEntry.from_json(document)
            if not self._follows(entry, index):
                yield (
                    f"{key} 与它之前的变更记录不相接。",
                    f"{key} does not follow from what is before it.",
                )
                return
            alone = self._bytes(key)
            if alone is None:
                yield _lacking(key)
            elif alone != body:
                yield _altered(key)
            entries.append(entry)

    def _follows(self, entry: LogEntry, index: int) -> bool:
        if entry.sequence != index + 1:
            return False
        before = self._last.get(entry.reply_id)
        if self._from_start or before:
            version, slot = (before.version + 1, before.slot) if before else (1, self._head.replies)
            if (entry.version, entry.slot, entry.change is Change.PUBLISH) != (version, slot, before is None):
                return False
        if self._from_start:
            self._head = self._head.after(entry)
        self._last[entry.reply_id] = entry
        return True

    def _manifests(self, entries: list[LogEntry], checkpoint: Checkpoint, spool: DerivedSpool) -> Iterator[Fault]:
        batch: list[Announcement] = []
        removed = last_removals(entries)
        for number, entry in enumerate(entries, start=1):
            if entry.sequence < removed.get(entry.reply_id, 0):
                yield from self._gone(entry)
                batch.append(Announcement(entry, None, None))
            else:
                announced = Announcement(entry, None, None)
                faults = list(self._manifest(entry, checkpoint))
                yield from faults
                manifest = None if faults else _parsed(self._bytes(entry.manifest_key) or b"")
                if manifest is not None:
                    announced = Announcement(entry, manifest, reply_of(manifest, self._objects.get))
                batch.append(announced)
            if self._from_start and (len(batch) == _BATCH or number == len(entries)):
                # What cannot be known for a broken manifest is not compared: `_manifest` has told already.
                spool.apply(batch)
                batch = []
            self._on_entry(number, len(entries))

    def _gone(self, entry: LogEntry) -> Iterator[Fault]:
        """After a withdrawal the earlier versions are deleted; that they are not is a fault, that they are is none."""
        for key in (entry.manifest_key, envelope_key(entry.reply_id, entry.version)):
            if self._bytes(key) is not None:
                yield (
                    f"{key} 应已随撤回删除，但仍可读取：撤回尚未完成。",
                    f"{key} should have gone with the withdrawal: that is not finished.",
                )

    def _manifest(self, entry: LogEntry, checkpoint: Checkpoint) -> Iterator[Fault]:
        key, body = entry.manifest_key, self._bytes(entry.manifest_key)
        if body is None:
            yield _lacking(key)
            return
        if (sha256_hex(body), len(body)) != (entry.manifest_sha256, entry.manifest_size_bytes):
            yield _altered(key)
            return
        manifest = _parsed(body)
        contract = list(
            _broken_contract(key, manifest, TOMBSTONE_SCHEMA if entry.change.takes_down else MANIFEST_SCHEMA)
        )
        yield from contract
        if contract:
            return
        supersedes = manifest_key(entry.reply_id, entry.version - 1) if entry.version > 1 else None
        told = (manifest["reply_id"], manifest["version"], manifest["supersedes"], manifest["state"])
        if told != (entry.reply_id, entry.version, supersedes, entry.change.state.value):
            yield (f"{key} 所说的编号、版本或状态与变更记录不符。", f"{key} speaks of another reply, version or state.")
        yield from self._envelope(entry, body)
        yield from self._proof(entry, checkpoint)
        for artifact in manifest.get("artifacts", []):
            yield from self._artifact(entry, artifact)

    def _envelope(self, entry: LogEntry, manifest: bytes) -> Iterator[Fault]:
        key = envelope_key(entry.reply_id, entry.version)
        body = self._bytes(key)
        if body is None:
            yield _lacking(key)
        elif self.log.keys.open_envelope(body) != manifest:
            yield (f"{key} 的签名与清单不符。", f"The signature {key} does not fit its manifest.")

    def _proof(self, entry: LogEntry, checkpoint: Checkpoint) -> Iterator[Fault]:
        key = proof_key(entry.reply_id, entry.version)
        body = self._bytes(key)
        if body is None:
            yield _lacking(key)
            return
        try:
            index, hashes, note = parse_proof(body)
            told = self.log.keys.open_checkpoint(note)
        except ValueError:
            index, hashes, told = -1, [], None
        leaf = leaf_hash(self.log.bodies[entry.sequence - 1])
        sound = told is not None and told.size <= checkpoint.size and index == entry.sequence - 1
        if not sound or told is None or not proves_inclusion(leaf, index, told.size, hashes, told.root):
            yield (f"{key} 不能证明变更记录里有这一条。", f"{key} does not prove that the log has this entry.")

    def _artifact(self, entry: LogEntry, artifact: Json) -> Iterator[Fault]:
        key, sha256 = artifact["key"], artifact["sha256"]
        body = self._bytes(key)
        if body is None:
            yield _lacking(key)
        elif (sha256_hex(body), len(body)) != (sha256, artifact["size_bytes"]):
            yield _altered(key)
        elif key != artifact_key(entry.reply_id, sha256, key.rpartition(".")[2]):
            yield (f"{key} 不在内容所决定的位置。", f"{key} does not lie where its content says.")
        elif artifact["role"] == ArtifactRole.REPLY_JSON:
            yield from _broken_contract(key, _parsed(body), REPLY_SCHEMA)

    def _unfinished(self, checkpoint: Checkpoint) -> Iterator[Fault]:
        ahead = log_entry_key(checkpoint.size + 1)
        ahead = ahead if self._bytes(ahead) is not None else ""
        for reply_id, entry in self._last.items():
            key = manifest_key(reply_id, entry.version + 1)
            ahead = ahead or (key if self._bytes(key) is not None else "")
        if ahead:
            yield (
                f"{ahead} 已存在，但变更记录的末端还没有它：有一次发布尚未完成。",
                f"{ahead} exists but the head of the log does not hold it: a publication is not finished.",
            )

    def _same(self, key: str, wanted: bytes) -> Iterator[Fault]:
        body = self._bytes(key)
        if body is None:
            yield _lacking(key)
        elif body != wanted:
            yield (
                f"{key} 与变更记录不一致。可用 fuwen rebuild 重建。",
                f"{key} is not what the log says; fuwen rebuild makes it again.",
            )

    def _bytes(self, key: str) -> bytes | None:
        try:
            return self._objects.get(key)
        except ObjectMissing:
            return None


def _parsed(body: bytes) -> Json:
    """The JSON object, an empty one (which keeps no contract) if the bytes are something else."""
    try:
        return parse_json(body)
    except ValueError:
        return {}


def _broken_contract(key: str, document: Json, schema: str) -> Iterator[Fault]:
    try:
        check(schema, document)
    except SchemaViolation as violation:
        where = f"{violation.schema}，{violation.place}"
        yield (
            f"{key} 不符合约定（{where}）。",
            f"{key} does not keep the contract ({violation.schema}, {violation.place}).",
        )


def _no_progress(_done: int, _of: int) -> None:
    """Nobody is watching."""


def _lacking(key: str) -> Fault:
    return (f"缺少 {key}。", f"{key} is missing.")


def _altered(key: str) -> Fault:
    return (f"{key} 的内容与公布的摘要值或大小不符。", f"{key} has another digest or size than was announced.")
