"""The public bucket as a record: manifests, the change log, and the checkpoint that commits it.

Manifests and log entries are written once. Tiles, checkpoint and everything derived follow from them alone, so whoever
finds something unfinished can finish it, and two who do so at once write the same bytes (docs/adr/0003, 0010).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from adapters.record.derived_objects import POINTER, Revision
from adapters.record.publisher_key import PublisherKey, VerifierKeys
from adapters.record.schema_check import check
from adapters.store.object_store import Bucket, ObjectMissing, WriteConflict, WriteMode
from domain.object_version import utc_text
from domain.publication.canonical_json import Json, canonical_json, parse_json, sha256_hex
from domain.publication.change_log import (
    APPLIED_SCHEMA,
    ENTRY_SCHEMA,
    WRITER_SCHEMA,
    LogEntry,
    LogHead,
    applied_of,
    last_removals,
    next_entry,
    writer_of,
)
from domain.publication.checkpoint import Checkpoint, proof_text
from domain.publication.derived import Announcement
from domain.publication.manifest import MANIFEST_SCHEMA, TOMBSTONE_SCHEMA, Artifact, ArtifactRole, StoredManifest
from domain.publication.merkle import inclusion_proof, root_hash
from domain.publication.object_keys import (
    CATALOGUE,
    CHECKPOINT,
    FEEDS,
    LOG_APPLIED,
    LOG_WRITER,
    SEARCH,
    current_key,
    envelope_key,
    log_entry_key,
    manifest_key,
    proof_key,
)
from domain.publication.tiles import TileTree, partial_tiles, reading, tiles_after

IMMUTABLE = "public, max-age=31536000, immutable"
CHECKPOINT_DAYS = 14
"""After so many days without a new one a checkpoint has expired: somebody may be holding back the newest."""
_REFRESH_DAYS = 1
_JSON = "application/json"
_TEXT = "text/plain; charset=utf-8"
_BINARY = "application/octet-stream"


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


@dataclass(frozen=True, slots=True)
class _State:
    """The newest checkpoint."""

    head: LogHead
    note: bytes = b""
    etag: str | None = None


class PublicRecord:
    """Reading and writing the record. Where the bucket is not compare-and-swap, only the lock's holder may write."""

    def __init__(self, bucket: Bucket, key: PublisherKey | None = None) -> None:
        """Without the publisher's key nothing can be announced, only read."""
        self.bucket = bucket
        self.key = key

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
        check(TOMBSTONE_SCHEMA if "artifacts" not in manifest else MANIFEST_SCHEMA, manifest)
        key = manifest_key(manifest["reply_id"], manifest["version"])
        self._put(key, canonical_json(manifest), cache_control=IMMUTABLE, create_only=True)

    def manifest(self, reply_id: str, version: int) -> StoredManifest | None:
        """The manifest of that version, None if the version does not exist, or not any more."""
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
        return self._state().head

    def entry(self, sequence: int) -> LogEntry | None:
        """The entry with this number, None if nobody has claimed it."""
        found = self.bucket.get_with_head(log_entry_key(sequence))
        return LogEntry.from_json(parse_json(found[0])) if found else None

    def announce(self, *manifests: StoredManifest, known: Mapping[str, bytes] | None = None) -> None:
        """Commit the versions, together, and bring everything derived up to them; finish what others left unfinished.

        `known` holds bytes that were written just now, by key, so that they need not be read again. There is exactly
        one entry for each version: numbers are claimed one after the other, none is skipped, and the pointer, read
        after the claims, tells whether a version has been announced before. No two of the manifests are of one reply.
        """
        while True:
            state = self._state()
            self._follow(state, known=known or {})
            due = self._claim(state.head, manifests)
            if not due:
                return
            self._commit(state, due, known or {})

    def is_to_be_refreshed(self, now: datetime) -> bool:
        """Whether the newest checkpoint was signed more than a day ago."""
        state = self._state()
        if not state.head.sequence:
            return False
        standing = Checkpoint.parse(state.note.decode())
        return datetime.fromisoformat(standing.time) + timedelta(days=_REFRESH_DAYS) <= now

    def refresh(self, now: datetime) -> None:
        """Sign the newest checkpoint again, so that it does not expire while nothing is published."""
        if not self.is_to_be_refreshed(now):
            return
        state = self._state()
        standing = Checkpoint.parse(state.note.decode())
        with suppress(WriteConflict):  # someone has published meanwhile
            self._replace(CHECKPOINT, self._signed(replace(standing, time=utc_text(now))), state.etag)

    def announcements(self) -> Iterator[Announcement]:
        """Everything that was committed, in order; what was taken down later comes without what it held.

        Raises RecordBroken if a manifest is missing or is another one than the log announced.
        """
        entries = list(self._entries(1, self.head().sequence, ()))
        removed = last_removals(entries)
        for entry in entries:
            gone = entry.sequence < removed.get(entry.reply_id, 0)
            yield Announcement(entry, None, None) if gone else self._announcement(entry, {})

    def mend_proofs(self) -> Iterator[str]:
        """Make the proofs again that are missing, with the newest checkpoint; their keys."""
        state = self._state()
        tree = TileTree(state.head.sequence, self.bucket.get)
        for announced in self.announcements():
            entry = announced.entry
            key = proof_key(entry.reply_id, entry.version)
            if announced.manifest is not None and self.bucket.head(key) is None:
                self._write_proofs([announced], state, tree)
                yield key

    def _claim(self, head: LogHead, manifests: Sequence[StoredManifest]) -> list[LogEntry]:
        """Entries after the head: those that others have claimed, and one for each manifest that has none yet."""
        due: list[LogEntry] = []
        while entry := self.entry(head.sequence + 1):
            due.append(entry)
            head = head.after(entry)
        for manifest in manifests:
            if any(_announces(entry, manifest) for entry in due):
                continue
            current = self.current(manifest.reply_id)
            if current and current["version"] >= manifest.version:
                continue
            while True:
                entry = self._created(next_entry(head, current, manifest))
                due.append(entry)
                head = head.after(entry)
                if _announces(entry, manifest):
                    break
        return due

    def _created(self, entry: LogEntry) -> LogEntry:
        """The entry that now has this number: this one, or the one of whoever was faster."""
        document = entry.as_json()
        check(ENTRY_SCHEMA, document)
        try:
            self._put(log_entry_key(entry.sequence), entry.body(), cache_control=IMMUTABLE, create_only=True)
        except WriteConflict:
            standing = self.entry(entry.sequence)
            if standing is None:
                raise RecordBroken(log_entry_key(entry.sequence)) from None
            return standing
        return entry

    def _commit(self, state: _State, due: Sequence[LogEntry], known: Mapping[str, bytes]) -> None:
        """Tiles, then the checkpoint. Does nothing if somebody else has committed since `state` was read."""
        try:
            made = tiles_after(state.head.sequence, [entry.body() for entry in due], self.bucket.get)
        except ObjectMissing as missing:
            if self._state().note != state.note:
                return
            raise RecordBroken(missing.key or "tile/") from None
        for entry in due:
            self._keep_envelope(entry, known)
        for key, body in made.items():
            self._put(key, body, media_type=_BINARY, cache_control=IMMUTABLE)
        head = state.head
        for entry in due:
            head = head.after(entry)
        tree = TileTree(head.sequence, reading(made, self.bucket.get))
        root = root_hash(head.sequence, tree.complete)
        note = self._signed(Checkpoint("", head.sequence, root, head.updated_at, "", head.replies))
        with suppress(WriteConflict):
            self._replace(CHECKPOINT, note, state.etag)
            self._follow(_State(head, note), due, known, tree)

    def _keep_envelope(self, entry: LogEntry, known: Mapping[str, bytes]) -> None:
        """Write the manifest once more, signed: after the manifest, for until then it may become another one."""
        manifest = self._got(entry.manifest_key, known)
        if sha256_hex(manifest) != entry.manifest_sha256:
            raise RecordBroken(entry.manifest_key)
        envelope = canonical_json(self._own_key.sign_manifest(manifest))
        self._put(envelope_key(entry.reply_id, entry.version), envelope, cache_control=IMMUTABLE)

    @property
    def _own_key(self) -> PublisherKey:
        if self.key is None:
            raise ValueError("without the publisher's key nothing is announced")
        return self.key

    def _signed(self, checkpoint: Checkpoint) -> bytes:
        expires = datetime.fromisoformat(checkpoint.time) + timedelta(days=CHECKPOINT_DAYS)
        return self._own_key.sign_checkpoint(replace(checkpoint, origin=self._own_key.name, expires=utc_text(expires)))

    # --- what follows the checkpoint ----------------------------------------------------------------------------------

    def _follow(
        self,
        state: _State,
        due: Sequence[LogEntry] = (),
        known: Mapping[str, bytes] | None = None,
        tree: TileTree | None = None,
    ) -> None:
        """Bring everything derived up to the checkpoint, unless it is there. Again changes nothing."""
        while True:
            applied, etag = self._applied()
            if applied["sequence"] >= state.head.sequence:
                return
            batch = [
                self._announcement(entry, known or {})
                for entry in self._entries(applied["sequence"] + 1, state.head.sequence, due)
            ]
            try:
                revision = Revision(self.bucket, batch)
            except (LookupError, ValueError) as error:  # a view met a gap where an object is lost
                raise RecordBroken(f"{CATALOGUE} {SEARCH} {FEEDS}") from error
            # Whoever is slow has read old pages, and notices here: whoever was faster says so last of all.
            if self._decided_by_store and self._applied()[1] != etag:
                continue
            try:
                self._write_proofs(batch, state, tree or TileTree(state.head.sequence, self.bucket.get))
                revision.write()
                self._prune(applied, state.head.sequence)
                document = applied_of(state.head.sequence, applied["sequence"])
                check(APPLIED_SCHEMA, document)
                self._replace(LOG_APPLIED, canonical_json(document), etag)
            except WriteConflict:
                continue
            return

    def _entries(self, first: int, last: int, due: Sequence[LogEntry]) -> Iterator[LogEntry]:
        at_hand = {entry.sequence: entry for entry in due}
        for sequence in range(first, last + 1):
            entry = at_hand.get(sequence) or self.entry(sequence)
            if entry is None:
                raise RecordBroken(log_entry_key(sequence))
            yield entry

    def _announcement(self, entry: LogEntry, known: Mapping[str, bytes]) -> Announcement:
        body = known.get(entry.manifest_key)
        manifest = StoredManifest.of(body) if body else self._announced(entry.reply_id, entry.version)
        if manifest.sha256 != entry.manifest_sha256:
            raise RecordBroken(entry.manifest_key)
        return Announcement(entry, manifest.content, reply_of(manifest.content, lambda key: self._got(key, known)))

    def _got(self, key: str, known: Mapping[str, bytes]) -> bytes:
        try:
            return known[key] if key in known else self.bucket.get(key)
        except ObjectMissing:
            raise RecordBroken(key) from None

    def _write_proofs(self, batch: Sequence[Announcement], state: _State, tree: TileTree) -> None:
        for announced in batch:
            entry = announced.entry
            hashes = inclusion_proof(entry.sequence - 1, state.head.sequence, tree.complete)
            body = proof_text(entry.sequence - 1, hashes, state.note)
            self._put(proof_key(entry.reply_id, entry.version), body, media_type=_TEXT, cache_control=IMMUTABLE)

    def _prune(self, applied: Json, size: int) -> None:
        """Remove partial tiles that were superseded two checkpoints ago: nobody can be on the way to them any more."""
        kept = {*partial_tiles(applied["sequence"]), *partial_tiles(size)}
        for key in partial_tiles(applied["before"]):
            if key not in kept:
                self.bucket.delete(key)

    def _applied(self) -> tuple[Json, str | None]:
        found = self.bucket.get_with_head(LOG_APPLIED)
        return (parse_json(found[0]), found[1].etag) if found else (applied_of(0, 0), None)

    # --- reading and writing ------------------------------------------------------------------------------------------

    @property
    def _decided_by_store(self) -> bool:
        return self.bucket.mode is WriteMode.COMPARE_AND_SWAP

    def _replace(self, key: str, body: bytes, etag: str | None) -> None:
        media_type = _TEXT if key == CHECKPOINT else _JSON
        if not self._decided_by_store:
            self._put(key, body, media_type=media_type, cache_control=POINTER)  # the lock decides
        elif etag is None:
            self._put(key, body, media_type=media_type, cache_control=POINTER, create_only=True)
        else:
            self._put(key, body, media_type=media_type, cache_control=POINTER, if_match=etag)

    def _state(self) -> _State:
        """The newest checkpoint. Raises RecordBroken if it is none, or not of our own key, where we have one."""
        found = self.bucket.get_with_head(CHECKPOINT)
        if found is None:
            return _State(LogHead())
        note, head = found
        try:
            told = VerifierKeys.of(self.key.verifier_keys).open_checkpoint(note) if self.key else None
            checkpoint = told if self.key else Checkpoint.parse(note.decode())
        except ValueError:
            checkpoint = None
        if checkpoint is None:
            raise RecordBroken(CHECKPOINT)
        return _State(LogHead(checkpoint.size, checkpoint.replies, checkpoint.time), note, head.etag)

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


def reply_of(manifest: Json | None, read: Callable[[str], bytes]) -> Json | None:
    """The reply for programs that the manifest lists; None for a tombstone."""
    for artifact in (manifest or {}).get("artifacts", []):
        if artifact["role"] == ArtifactRole.REPLY_JSON:
            return parse_json(read(artifact["key"]))
    return None


def _announces(entry: LogEntry, manifest: StoredManifest) -> bool:
    return (entry.reply_id, entry.version) == (manifest.reply_id, manifest.version)
