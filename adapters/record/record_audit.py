"""A check of everything that is public, by anyone: only the published objects are read, and nothing is believed.

It follows the log as a reader does, so it needs no listing: the bucket, a copy of it in a folder, whatever can give
the bytes behind a key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

from adapters.record.schema_check import SchemaViolation, check
from adapters.store.object_store import ObjectMissing
from domain.publication.canonical_json import Json, canonical_json, parse_json, sha256_hex
from domain.publication.catalogue import PAGE_SCHEMA, page_with, row_of
from domain.publication.change_log import (
    CURRENT_SCHEMA,
    ENTRY_SCHEMA,
    HEAD_SCHEMA,
    Change,
    LogEntry,
    LogHead,
    current_of,
)
from domain.publication.manifest import MANIFEST_SCHEMA, REPLY_SCHEMA, ArtifactRole
from domain.publication.object_keys import (
    LOG_HEAD,
    artifact_key,
    catalogue_page_key,
    current_key,
    log_entry_key,
    manifest_key,
    page_of_slot,
)


class PublicObjects(Protocol):
    """Whatever gives the bytes of public objects; `adapters.store.object_store.Bucket` is one."""

    def get(self, key: str, /) -> bytes:
        """The bytes behind the key. Raises ObjectMissing."""


class PublicFolder:
    """A copy of the public bucket in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, key: str, /) -> bytes:
        """The bytes behind the key. Raises ObjectMissing."""
        try:
            return (self._folder / key).read_bytes()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            name = self._folder.name
            raise ObjectMissing("文件夹里没有要找的对象。", "The folder lacks the object.", name, key) from None


def verify(
    objects: PublicObjects, language: str = "zh-CN", on_entry: Callable[[int, int], None] | None = None
) -> list[str]:
    """One plain sentence for everything that is not as it should be; none if all of it is.

    Every manifest and artifact is read and hashed, the log is followed without gaps, and catalogue and pointers are
    compared with what the log says. `on_entry` is told the entry that was checked and how many there are.
    Raises StoreError only if the world does not answer.
    """
    english = language.startswith("en")
    return [en if english else zh for zh, en in _Audit(objects, on_entry or _no_progress).faults()]


_Fault = tuple[str, str]


class _Audit:
    """One pass over the log, which collects what catalogue and pointers must be at its end."""

    def __init__(self, objects: PublicObjects, on_entry: Callable[[int, int], None]) -> None:
        self._objects = objects
        self._on_entry = on_entry
        self._head = LogHead()
        self._last: dict[str, LogEntry] = {}
        self._pages: dict[int, Json] = {}
        self._unknown_pages: set[int] = set()

        self._followed = False

    def faults(self) -> Iterator[_Fault]:
        shown = self._read(LOG_HEAD)
        if shown is not None:
            yield from _broken_contract(LOG_HEAD, shown, HEAD_SCHEMA)
        announced = _number(shown, "sequence")
        yield from self._log(announced)
        if not self._followed:
            return  # what follows from the log cannot be judged
        if self._head.sequence > announced:
            yield (
                f"变更记录已到第 {self._head.sequence} 条，末端 {LOG_HEAD} 只到第 {announced} 条：有一次发布尚未完成。",
                f"The log has {self._head.sequence} entries, {LOG_HEAD} says {announced}: a publication is unfinished.",
            )
        elif self._head.sequence:
            yield from self._same(LOG_HEAD, self._head.as_json())
        yield from self._derived()

    def _log(self, announced: int) -> Iterator[_Fault]:
        sequence = 0
        while True:
            sequence += 1
            key = log_entry_key(sequence)
            document = self._read(key)
            if document is None and sequence > announced:
                self._followed = True
                return
            if document is None:
                yield _lacking(key)
                return  # places in the catalogue depend on every entry
            contract = list(_broken_contract(key, document, ENTRY_SCHEMA))
            yield from contract
            if contract:
                return
            entry = LogEntry.from_json(document)
            consistent = list(self._entry(key, entry, sequence))
            yield from consistent
            if consistent:
                return
            yield from self._manifest(entry)
            self._on_entry(sequence, max(announced, sequence))

    def _entry(self, key: str, entry: LogEntry, sequence: int) -> Iterator[_Fault]:
        before = self._last.get(entry.reply_id)
        version, slot = (before.version + 1, before.slot) if before else (1, self._head.replies)
        change = Change.CORRECT if before else Change.PUBLISH
        if (entry.sequence, entry.version, entry.slot, entry.change) != (sequence, version, slot, change):
            yield (
                f"{key} 与它之前的变更记录不相接（应为第 {sequence} 条、第 {version} 版、位置 {slot}）。",
                f"{key} does not follow from what is before it (entry {sequence}, version {version}, slot {slot}).",
            )
            return
        self._head = self._head.after(entry)
        self._last[entry.reply_id] = entry

    def _manifest(self, entry: LogEntry) -> Iterator[_Fault]:
        body = self._bytes(entry.manifest_key)
        faults = list(_manifest_faults(entry, body))
        yield from faults
        manifest = parse_json(body) if body and not faults else None
        self._show(manifest, entry)
        for artifact in manifest["artifacts"] if manifest else []:
            yield from self._artifact(artifact)

    def _show(self, manifest: Json | None, entry: LogEntry) -> None:
        """Keep what the catalogue must show; a page with a row that nobody can know is not compared."""
        number = page_of_slot(entry.slot)
        if manifest is None:
            self._unknown_pages.add(number)
        elif number not in self._unknown_pages:
            self._pages[number] = page_with(self._pages.get(number), row_of(manifest, entry))

    def _artifact(self, artifact: Json) -> Iterator[_Fault]:
        key, sha256 = artifact["key"], artifact["sha256"]
        body = self._bytes(key)
        if body is None:
            yield _lacking(key)
        elif (sha256_hex(body), len(body)) != (sha256, artifact["size_bytes"]):
            yield _altered(key)
        elif key != artifact_key(sha256, key.rpartition(".")[2]):
            yield (f"{key} 不在内容所决定的位置。", f"{key} does not lie where its content says.")
        elif artifact["role"] == ArtifactRole.REPLY_JSON:
            yield from _broken_contract(key, _parsed(body), REPLY_SCHEMA)

    def _derived(self) -> Iterator[_Fault]:
        for reply_id, entry in self._last.items():
            yield from self._same(current_key(reply_id), current_of(entry), CURRENT_SCHEMA)
            ahead = manifest_key(reply_id, entry.version + 1)
            if self._bytes(ahead) is not None:
                yield (
                    f"{ahead} 已存在，但变更记录里没有：有一次发布尚未完成。",
                    f"{ahead} exists but the log does not announce it: a publication is not finished.",
                )
        for number in self._pages.keys() - self._unknown_pages:
            page = self._pages[number]
            yield from self._same(catalogue_page_key(number), page, PAGE_SCHEMA)

    def _same(self, key: str, wanted: Json, schema: str | None = None) -> Iterator[_Fault]:
        body = self._bytes(key)
        if body is None:
            yield _lacking(key)
        elif body != canonical_json(wanted):
            yield (
                f"{key} 与变更记录不一致。可用 fuwen rebuild 重建。",
                f"{key} is not what the log says; fuwen rebuild makes it again.",
            )
        elif schema:
            yield from _broken_contract(key, wanted, schema)

    def _bytes(self, key: str) -> bytes | None:
        try:
            return self._objects.get(key)
        except ObjectMissing:
            return None

    def _read(self, key: str) -> Json | None:
        body = self._bytes(key)
        return None if body is None else _parsed(body)


def _manifest_faults(entry: LogEntry, body: bytes | None) -> Iterator[_Fault]:
    key = entry.manifest_key
    if body is None:
        yield _lacking(key)
        return
    if (sha256_hex(body), len(body)) != (entry.manifest_sha256, entry.manifest_size_bytes):
        yield _altered(key)
        return
    manifest = _parsed(body)
    contract = list(_broken_contract(key, manifest, MANIFEST_SCHEMA))
    yield from contract
    if contract:
        return
    supersedes = manifest_key(entry.reply_id, entry.version - 1) if entry.version > 1 else None
    if (manifest["reply_id"], manifest["version"], manifest["supersedes"]) != (
        entry.reply_id,
        entry.version,
        supersedes,
    ):
        yield (f"{key} 所说的编号或版本与它所在的位置不符。", f"{key} speaks of another reply or version.")


def _parsed(body: bytes) -> Json:
    """The JSON object, an empty one (which keeps no contract) if the bytes are something else."""
    try:
        return parse_json(body)
    except ValueError:
        return {}


def _number(document: Json | None, name: str) -> int:
    value = (document or {}).get(name)
    return value if isinstance(value, int) else 0


def _broken_contract(key: str, document: Json, schema: str) -> Iterator[_Fault]:
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


def _lacking(key: str) -> _Fault:
    return (f"缺少 {key}。", f"{key} is missing.")


def _altered(key: str) -> _Fault:
    return (f"{key} 的内容与公布的摘要值或大小不符。", f"{key} has another digest or size than was announced.")
