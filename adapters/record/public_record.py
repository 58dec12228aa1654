"""The public bucket as a record: manifests, the change log, and what follows from them.

Manifests and log entries are written once. The pointers (`current.json`), the catalogue pages and the head of the log
follow from them alone, so whoever finds the log ahead of its head can finish the work of whoever was stopped, and two
who do so at once write the same bytes (docs/adr/0003-publication-protocol.md).
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from adapters.record.schema_check import check, check_part
from adapters.store.object_store import Bucket, WriteConflict, WriteMode
from domain.publication.canonical_json import Json, canonical_json, parse_json, sha256_hex
from domain.publication.catalogue import PAGE_SCHEMA, page_with, row_of
from domain.publication.change_log import (
    CURRENT_SCHEMA,
    ENTRY_SCHEMA,
    HEAD_SCHEMA,
    WRITER_SCHEMA,
    LogEntry,
    LogHead,
    current_with,
    next_entry,
    writer_of,
)
from domain.publication.manifest import MANIFEST_SCHEMA, Artifact, StoredManifest
from domain.publication.object_keys import (
    LOG_HEAD,
    LOG_WRITER,
    catalogue_page_key,
    current_key,
    log_entry_key,
    manifest_key,
    page_of_slot,
)

IMMUTABLE = "public, max-age=31536000, immutable"
POINTER = "no-cache"
_JSON = "application/json"


class FencedOff(Exception):  # noqa: N818 - named for what is the case
    """A writer with a newer lock has written here: this one must stop. Wakes somebody.

    Two installations that do not share their lock file write to one public bucket, or this process was stopped long
    enough to be taken for dead.
    """

    en = (
        "Another Fuwen with a newer lock has written to the public bucket; this one stops. Two must not share a bucket."
    )

    def __str__(self) -> str:
        return "另一个持有更新锁号的复文进程写过公开存储桶，本进程停止写入。请管理员确认没有两套系统写同一个存储桶。"


class RecordBroken(Exception):  # noqa: N818
    """The public record contradicts itself, or an object of it is missing. Wakes somebody; `fuwen verify` says more."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key
        self.en = f"The public record contradicts itself or lacks {key}; run fuwen verify, then fuwen rebuild."

    def __str__(self) -> str:
        return f"公开记录不一致或缺少对象：{self.key}。请运行 fuwen verify 查明，再用 fuwen rebuild 重建。"


class PublicRecord:
    """Reading and writing the record. Where the bucket is not compare-and-swap, only the lock's holder may write."""

    def __init__(self, bucket: Bucket) -> None:
        self.bucket = bucket

    # --- one writer ---------------------------------------------------------------------------------------------------

    def take(self, fence: int) -> None:
        """Say that the log is now written under the lock with this number. Raises FencedOff if a newer one was here."""
        found = self.bucket.get_with_head(LOG_WRITER)
        standing = parse_json(found[0])["fence"] if found else 0
        if standing > fence:
            raise FencedOff
        if standing < fence:
            document = writer_of(fence)
            check(WRITER_SCHEMA, document)
            self._put(LOG_WRITER, canonical_json(document), cache_control=POINTER)

    # --- artifacts and manifests --------------------------------------------------------------------------------------

    def keep_artifact(self, artifact: Artifact, body: bytes) -> None:
        """Write the artifact unless these very bytes are there. The bucket confirms what it writes by digest."""
        found = self.bucket.get_with_head(artifact.key)
        if found is None or sha256_hex(found[0]) != artifact.sha256:
            self._put(artifact.key, body, media_type=artifact.media_type, cache_control=IMMUTABLE)

    def create_manifest(self, manifest: Json) -> None:
        """Make the version exist. Raises WriteConflict if the version is another one already."""
        check(MANIFEST_SCHEMA, manifest)
        key = manifest_key(manifest["reply_id"], manifest["version"])
        self._put(key, canonical_json(manifest), cache_control=IMMUTABLE, create_only=True)

    def manifest(self, reply_id: str, version: int) -> StoredManifest | None:
        """The manifest of that version, None if the version does not exist."""
        found = self.bucket.get_with_head(manifest_key(reply_id, version))
        return StoredManifest.of(found[0]) if found else None

    def latest(self, reply_id: str) -> StoredManifest | None:
        """The newest version that exists, None if there is none.

        It may be one ahead of the pointer, when its publisher was stopped or is not done; never more, because a version
        is created only after the one before it has been announced.
        """
        current = self.current(reply_id)
        version = current["version"] if current else 0
        ahead = self.manifest(reply_id, version + 1)
        if ahead is not None or version == 0:
            return ahead
        return self._announced(reply_id, version)

    def current(self, reply_id: str) -> Json | None:
        """The pointer to the version that counts, None before the first has been announced."""
        found = self.bucket.get_with_head(current_key(reply_id))
        return parse_json(found[0]) if found else None

    # --- the change log -----------------------------------------------------------------------------------------------

    def head(self) -> LogHead:
        """How far the log has come; the empty head before the first entry."""
        return self._head()[0]

    def entry(self, sequence: int) -> LogEntry | None:
        """The entry with this number, None if the log has not come so far."""
        found = self.bucket.get_with_head(log_entry_key(sequence))
        return LogEntry.from_json(parse_json(found[0])) if found else None

    def announce(self, manifest: StoredManifest) -> None:
        """Bring the version into the log, the catalogue and the pointers, and finish what others left unfinished.

        There is exactly one entry for each version: while nothing follows the head, the pointer tells whether the
        version has been announced, and only one writer can create the entry that follows.
        """
        while True:
            head, etag = self._head()
            due = self.entry(head.sequence + 1)
            if due is None:
                current = self.current(manifest.reply_id)
                if current and current["version"] >= manifest.version:
                    return
                due = next_entry(head, current, manifest)
                if not self._created(due):
                    continue
            mine = (due.reply_id, due.version) == (manifest.reply_id, manifest.version)
            self._apply(due, manifest if mine else self._announced(due.reply_id, due.version), head, etag)
            if mine:
                return

    def _created(self, entry: LogEntry) -> bool:
        document = entry.as_json()
        check(ENTRY_SCHEMA, document)
        with suppress(WriteConflict):
            self._put(
                log_entry_key(entry.sequence), canonical_json(document), cache_control=IMMUTABLE, create_only=True
            )
            return True
        return False

    def _apply(self, entry: LogEntry, manifest: StoredManifest, head: LogHead, head_etag: str | None) -> None:
        """Pointer, page, head: in this order nothing that can be seen leads to something that is not there yet."""
        if manifest.sha256 != entry.manifest_sha256:
            raise RecordBroken(entry.manifest_key)
        self._change(current_key(entry.reply_id), lambda standing: current_with(standing, entry), CURRENT_SCHEMA)
        row = row_of(manifest.content, entry)
        check_part(PAGE_SCHEMA, "row", row)
        self._change(catalogue_page_key(page_of_slot(entry.slot)), lambda standing: page_with(standing, row))
        document = head.after(entry).as_json()
        check(HEAD_SCHEMA, document)
        # A conflict means that someone else has applied the entry as well.
        with suppress(WriteConflict):
            self._replace(LOG_HEAD, canonical_json(document), head_etag)

    def _change(self, key: str, change: Callable[[Json | None], Json], schema: str | None = None) -> None:
        """Rewrite an object by what stands in it. Someone who is slow cannot undo what others did meanwhile."""
        while True:
            found = self.bucket.get_with_head(key)
            document = change(parse_json(found[0]) if found else None)
            # A catalogue page is not checked whole: each of its rows was, before it was written there.
            if schema is not None:
                check(schema, document)
            body = canonical_json(document)
            if found and found[0] == body:
                return
            with suppress(WriteConflict):
                self._replace(key, body, found[1].etag if found else None)
                return

    def _replace(self, key: str, body: bytes, etag: str | None) -> None:
        if self.bucket.mode is not WriteMode.COMPARE_AND_SWAP:
            self._put(key, body, cache_control=POINTER)  # the lock decides
        elif etag is None:
            self._put(key, body, cache_control=POINTER, create_only=True)
        else:
            self._put(key, body, cache_control=POINTER, if_match=etag)

    def _head(self) -> tuple[LogHead, str | None]:
        found = self.bucket.get_with_head(LOG_HEAD)
        return (LogHead.from_json(parse_json(found[0])), found[1].etag) if found else (LogHead(), None)

    def _announced(self, reply_id: str, version: int) -> StoredManifest:
        manifest = self.manifest(reply_id, version)
        if manifest is None:
            raise RecordBroken(manifest_key(reply_id, version))
        return manifest

    def _put(
        self,
        key: str,
        body: bytes,
        *,
        cache_control: str,
        media_type: str = _JSON,
        create_only: bool = False,
        if_match: str | None = None,
    ) -> None:
        self.bucket.put(
            key,
            body,
            content_type=media_type,
            cache_control=cache_control,
            create_only=create_only,
            if_match=if_match,
        )
