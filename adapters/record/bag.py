"""What is public, as a bag for archives: BagIt 1.0 (RFC 8493). Read as the world reads it, and checked on the way.

In the bag are the log with its tiles, the manifest of every public version with its signature and proof, and the files;
of a reply that was taken down only its tombstone. Nothing derived: that can be made again. The same state of the log
gives the same bag, byte for byte.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from adapters.record.log_audit import Fault, LogAudit
from adapters.record.public_objects import PublicObjects
from adapters.record.publisher_key import VerifierKeys
from adapters.record.schema_check import schemas
from adapters.store.object_store import ObjectMissing
from domain.feeds.event import one_line
from domain.publication.canonical_json import Json, parse_json, sha256_hex
from domain.publication.change_log import LogEntry, last_removals
from domain.publication.checkpoint import Checkpoint
from domain.publication.object_keys import (
    CHECKPOINT,
    LOG_KEYS,
    SITE,
    artifact_key,
    envelope_key,
    proof_key,
    schema_key,
)
from domain.publication.site_particulars import Site, site_of

_TRIES = 5


class NotWhole(Exception):  # noqa: N818 - named for what is the case
    """What is public is not what the log says; `faults` in both languages. No bag is made of it."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(*(zh for zh, _ in faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Bagged:
    """What is in the bag."""

    replies: int
    """Replies of which at least one version is public."""
    files: int
    size_bytes: int


def write_bag(
    objects: PublicObjects,
    folder: Path,
    *,
    now: datetime,
    software: str,
    keys: VerifierKeys | None = None,
    on_entry: Callable[[int, int], None] | None = None,
) -> Bagged:
    """Write the bag into the folder, which must be empty or not there.

    If something is taken down meanwhile it begins again. Raises NotWhole, ObjectMissing, StoreError; then it is empty.
    """
    for left in reversed(range(_TRIES)):
        bag = _Bag(objects, folder)
        try:
            return bag.fill(keys, now, software, on_entry or _no_progress)
        except BaseException as error:
            bag.remove()
            again = isinstance(error, ObjectMissing | NotWhole) and left and bag.has_been_overtaken()
            if not again:
                raise
    raise AssertionError("unreachable")


class _Bag:
    """Also `PublicObjects`: whatever is read through it is in it."""

    def __init__(self, objects: PublicObjects, folder: Path) -> None:
        self._objects, self._folder = objects, folder
        self._digests: dict[str, str] = {}
        self._size = 0
        self._note = b""

    def get(self, key: str, /) -> bytes:
        """The bytes behind the key, put in the bag. Raises ObjectMissing."""
        body = self._objects.get(key)
        if key not in self._digests:
            self._digests[key] = sha256(body).hexdigest()
            self._size += len(body)
            path = self._folder / "data" / key
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(body)
        if key == CHECKPOINT:
            self._note = body
        return body

    def fill(
        self, keys: VerifierKeys | None, now: datetime, software: str, on_entry: Callable[[int, int], None]
    ) -> Bagged:
        """Everything, and then what is said of it."""
        log = LogAudit(self, keys, now, None)
        faults = list(log.faults())
        if faults:
            raise NotWhole(*faults)
        if log.checkpoint is None:
            raise NotWhole(
                (f"没有公开记录（缺少 {CHECKPOINT}）。", f"There is no public record ({CHECKPOINT} is missing).")
            )
        entries = list(log.entries())
        removed, replies = last_removals(entries), set[str]()
        for number, entry in enumerate(entries, start=1):
            if entry.sequence >= removed.get(entry.reply_id, 0):
                self._version(entry, log.keys)
                if not entry.change.takes_down:
                    replies.add(entry.reply_id)
            on_entry(number, len(entries))
        for key in (LOG_KEYS, SITE, *(schema_key(name) for name in schemas())):
            with suppress(ObjectMissing):
                self.get(key)
        self._check_none_is_gone(log, now, replies)
        self._describe(log.checkpoint, software)
        return Bagged(len(replies), len(self._digests), self._size)

    def has_been_overtaken(self) -> bool:
        """Whether the log has gone on since it was read: then what is missing was taken down."""
        with suppress(ObjectMissing):
            return self._objects.get(CHECKPOINT) != self._note
        return False

    def remove(self) -> None:
        """Nothing of an unfinished bag stays, for it may hold what has been taken down."""
        if self._folder.exists():
            shutil.rmtree(self._folder)

    def _check_none_is_gone(self, log: LogAudit, now: datetime, replies: AbstractSet[str]) -> None:
        """Raises NotWhole if one of the replies was taken down after it was read."""
        later = LogAudit(self._objects, log.keys, now, log.cursor)
        faults = list(later.faults())
        gone = {entry.reply_id for entry in later.entries() if entry.change.takes_down and entry.reply_id in replies}
        taken_down = [(f"{reply_id} 已停止公开。", f"{reply_id} was taken down.") for reply_id in sorted(gone)]
        if faults or taken_down:
            raise NotWhole(*faults, *taken_down)

    def _version(self, entry: LogEntry, keys: VerifierKeys) -> None:
        body = self.get(entry.manifest_key)
        if (sha256_hex(body), len(body)) != (entry.manifest_sha256, entry.manifest_size_bytes):
            raise NotWhole(_altered(entry.manifest_key))
        envelope = envelope_key(entry.reply_id, entry.version)
        if keys.open_envelope(self.get(envelope)) != body:
            raise NotWhole(_altered(envelope))
        with suppress(ObjectMissing):  # it follows the commit, and may not be there yet
            self.get(proof_key(entry.reply_id, entry.version))
        for artifact in parse_json(body).get("artifacts", []):
            self._artifact(entry, artifact)

    def _artifact(self, entry: LogEntry, artifact: Json) -> None:
        # Never a place that somebody else has chosen: the key follows from reply and content.
        key = artifact_key(entry.reply_id, artifact["sha256"], str(artifact["key"]).rpartition(".")[2])
        if artifact["key"] != key or "/" in key.rpartition(".")[2]:
            raise NotWhole(_altered(entry.manifest_key))
        if sha256_hex(self.get(key)) != artifact["sha256"]:
            raise NotWhole(_altered(key))

    def _describe(self, checkpoint: Checkpoint, software: str) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        site = self._site()
        told = {
            "Source-Organization": site.publisher or site.name,
            "External-Description": f"{site.name}：{site.column_name}",
            "External-Identifier": f"{checkpoint.origin} {checkpoint.size}",
            "Bagging-Date": checkpoint.time[:10],
            "Bag-Software-Agent": software,
            "Payload-Oxum": f"{self._size}.{len(self._digests)}",
        }
        tags = {
            "bagit.txt": "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
            "bag-info.txt": "".join(f"{name}: {one_line(value)}\n" for name, value in told.items()),
            "manifest-sha256.txt": "".join(f"{digest}  data/{key}\n" for key, digest in sorted(self._digests.items())),
        }
        tags["tagmanifest-sha256.txt"] = "".join(
            f"{sha256_hex(text.encode())}  {name}\n" for name, text in sorted(tags.items())
        )
        for name, text in tags.items():
            (self._folder / name).write_bytes(text.encode())

    def _site(self) -> Site:
        def look(key: str) -> bytes | None:
            with suppress(ObjectMissing):
                return self._objects.get(key)
            return None

        return site_of(look)


def _no_progress(_done: int, _of: int) -> None:
    """Nobody is watching."""


def _altered(key: str) -> Fault:
    return (f"{key} 的内容与公布的摘要值或大小不符。", f"{key} has another digest or size than was announced.")
