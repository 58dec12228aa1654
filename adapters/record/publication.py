"""Publishing one reply: the only way by which anything becomes public (docs/adr/0003-publication-protocol.md).

The manifest is the commit. Before it, nothing that was written can be found from anything public; after it, whoever
comes next can finish. Every line may be the last one that is carried out; running again ends in the very same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from adapters.record.public_record import PublicRecord
from adapters.record.schema_check import check
from adapters.record.vault import PublicationRecord, Vault
from adapters.store.object_store import WriteConflict, WriteMode
from adapters.store.writer_lock import WriterLock
from domain.fate import Published, Unchanged
from domain.gate.case import Predecessor
from domain.object_version import utc_text
from domain.publication.canonical_json import canonical_json, sha256_hex
from domain.publication.identity import reply_id as id_of_reply
from domain.publication.identity import reply_identity
from domain.publication.manifest import (
    MANIFEST_SCHEMA,
    REPLY_SCHEMA,
    Artifact,
    ArtifactRole,
    Provenance,
    StoredManifest,
    manifest_of,
    public_roles,
    reply_artifact,
)
from domain.publication.object_keys import manifest_key
from domain.reply import Draft, Reply


@dataclass(frozen=True, slots=True)
class Edition:
    """One reply that review allowed to be published, with its finished renditions."""

    document_id: str
    reply: Reply
    provenance: Provenance
    original: Path
    """The file from the vault. Read only if it may be public: 全文, and no rendition with masks."""
    text: str
    page: str
    """HTML."""
    preview: bytes | None = None
    """JPEG of the first page."""
    correcting: bool = False
    """It was dropped as a correction."""
    corrects: str | None = None
    """The reply id that the correction names; None where the identity tells which reply it corrects."""


class Refusal(StrEnum):
    """Why the record does not take an edition; the values are codes of `domain.gate.finding_kinds`."""

    DUPLICATE_IDENTITY = "duplicate-identity"
    """The reply is public already with other bytes, and this was not dropped as a correction."""
    NOTHING_TO_CORRECT = "correction-without-original"
    """It was dropped as a correction, and no such reply is public."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing became public and nothing changed."""

    reason: Refusal
    reply_id: str | None = None
    """The public reply that is in the way."""


class Publisher:
    """Publishes editions, one after the other or, where the store decides between writers, side by side."""

    def __init__(self, record: PublicRecord, vault: Vault, lock: WriterLock | None = None) -> None:
        """`lock` is needed unless both buckets are compare-and-swap. Raises ValueError where it is missing."""
        decided_by_store = record.bucket.mode is vault.bucket.mode is WriteMode.COMPARE_AND_SWAP
        if lock is None and not decided_by_store:
            raise ValueError("a store that does not decide between writers needs the writer lock")
        self._record, self._vault = record, vault
        self._lock = None if decided_by_store else lock

    def publish(self, edition: Edition, now: datetime) -> Published | Unchanged | Refused:
        """Make the edition public, or say why not. Again gives the same answer and writes nothing.

        `now` becomes the time of publication unless an earlier try has fixed it.
        Raises StoreError, WriterLockBusy, FencedOff, RecordBroken; SchemaViolation and ValueError for our own mistakes.
        """
        with self._alone() as fence:
            finished, begun = self._finished(edition.document_id)
            if finished:
                return finished
            return self._settle(edition, begun.published_at if begun else utc_text(now), fence)

    def resume(self, document_id: str) -> Published | None:
        """Finish what an earlier run made public already; None if there is nothing of the document to finish.

        For the sweep: such a document is public, so it is not for review to judge it again.
        """
        begun = self._vault.publication(document_id)
        if begun is None or self._made_public(begun) is None:
            return None
        with self._alone():
            return self._finished(document_id)[0]

    def predecessor(self, reply: Draft | Reply, corrects: str | None = None) -> Predecessor | None:
        """What is public already of the same reply, for review; `corrects` as in `Edition`. Reads only, without a lock.

        Publication looks again and decides by what is public then.
        """
        identity = reply_identity(reply)
        reply_id = corrects or (self._vault.reply_of(identity) if identity else None)
        latest = self._record.latest(reply_id) if reply_id else None
        if latest is None:
            return None
        original = self._original_of(latest) or ""
        earlier = frozenset(filter(None, (self._original_of(each) for each in self._before(latest))))
        return Predecessor(latest.reply_id, latest.version, original, latest.content["state"], earlier)

    @contextmanager
    def _alone(self) -> Iterator[int | None]:
        if self._lock is None:
            yield None
            return
        with self._lock as fence:
            self._insist(fence)
            yield fence

    def _insist(self, fence: int | None) -> None:
        """A lock on one machine cannot keep another machine out; a number in the bucket shows that it was there."""
        if fence is not None:
            self._record.take(fence)

    def _finished(self, document_id: str) -> tuple[Published | None, PublicationRecord | None]:
        begun = self._vault.publication(document_id)
        manifest = self._made_public(begun) if begun else None
        return (self._finish(begun, manifest) if begun and manifest else None), begun

    def _made_public(self, begun: PublicationRecord) -> StoredManifest | None:
        manifest = self._record.manifest(begun.reply_id, begun.version)
        return manifest if manifest and manifest.sha256 == begun.manifest_sha256 else None

    def _settle(self, edition: Edition, published_at: str, fence: int | None) -> Published | Unchanged | Refused:
        reply_id = self._reply_id(edition)
        if isinstance(reply_id, Refused):
            return reply_id
        while True:
            latest = self._record.latest(reply_id)
            if latest:
                # Its publisher may have been stopped: a version follows only what has been announced.
                self._record.announce(latest)
            verdict = self._verdict(edition, reply_id, latest)
            if verdict is not None:
                return verdict
            try:
                return self._make_public(edition, reply_id, latest, published_at, fence)
            except WriteConflict:
                continue  # someone else created this version: judge again, by what is public now

    def _reply_id(self, edition: Edition) -> str | Refused:
        """The reply that this is a version of. An identity belongs to the reply that had it first, for ever."""
        identity = reply_identity(edition.reply)
        if identity is None:
            raise ValueError("a reply without an identity is not published")
        owner = self._vault.reply_of(identity)
        if edition.correcting and edition.corrects is None and owner is None:
            return Refused(Refusal.NOTHING_TO_CORRECT)
        wanted = edition.corrects if edition.correcting else None
        if wanted is not None and owner is None:
            if self._record.latest(wanted) is None:
                return Refused(Refusal.NOTHING_TO_CORRECT, wanted)
            # The correction changed what identifies the reply: from now on both identities are this reply.
            owner = self._vault.claim_identity(identity, wanted)
        if owner is None:
            owner = self._vault.claim_identity(identity, id_of_reply(edition.reply.area_code, identity))
        return Refused(Refusal.DUPLICATE_IDENTITY, owner) if wanted not in {None, owner} else owner

    def _verdict(
        self, edition: Edition, reply_id: str, latest: StoredManifest | None
    ) -> Published | Unchanged | Refused | None:
        if latest is None:
            return Refused(Refusal.NOTHING_TO_CORRECT, reply_id) if edition.correcting else None
        key = manifest_key(reply_id, latest.version)
        standing = self._recorded(latest)
        if standing and standing.document_id == edition.document_id:
            # Another run of the same document was faster.
            self._vault.intend(standing)
            return Published(reply_id, latest.version, key)
        if self._original_of(latest) == edition.provenance.original_sha256:
            return Unchanged(reply_id, latest.version, key)
        if edition.correcting:
            return None
        for earlier in self._before(latest):
            if self._original_of(earlier) == edition.provenance.original_sha256:
                # Replaced since, and meant to stay so: only a correction goes back to it.
                return Unchanged(reply_id, earlier.version, manifest_key(reply_id, earlier.version))
        return Refused(Refusal.DUPLICATE_IDENTITY, reply_id)

    def _before(self, latest: StoredManifest) -> Iterator[StoredManifest]:
        """The versions before the newest, newest first."""
        for version in range(latest.version - 1, 0, -1):
            manifest = self._record.manifest(latest.reply_id, version)
            if manifest is not None:
                yield manifest

    def _recorded(self, manifest: StoredManifest) -> PublicationRecord | None:
        return self._vault.publication_of(manifest.reply_id, manifest.version, manifest.sha256)

    def _original_of(self, manifest: StoredManifest) -> str | None:
        """The digest of its original: from the manifest, or from the vault where it is not public (摘要)."""
        recorded = self._recorded(manifest)
        return manifest.original_sha256 or (recorded.original_sha256 if recorded else None)

    def _make_public(
        self, edition: Edition, reply_id: str, latest: StoredManifest | None, published_at: str, fence: int | None
    ) -> Published:
        """Intent, artifacts, manifest, announcement. Raises WriteConflict if the version was created by another."""
        bodies = _bodies(edition)
        artifacts = {Artifact.of(role, body): body for role, body in bodies.items()}
        manifest = manifest_of(
            edition.reply,
            reply_id=reply_id,
            version=latest.version + 1 if latest else 1,
            published_at=published_at,
            artifacts=tuple(artifacts),
            provenance=edition.provenance,
        )
        stored = StoredManifest.of(canonical_json(manifest))
        record = PublicationRecord(
            document_id=edition.document_id,
            reply_id=reply_id,
            version=stored.version,
            published_at=published_at,
            original_sha256=edition.provenance.original_sha256,
            manifest_sha256=stored.sha256,
        )
        check(MANIFEST_SCHEMA, manifest)  # before the first public byte
        self._vault.intend(record)
        self._vault.record_publication(record)
        for artifact, body in artifacts.items():
            self._record.keep_artifact(artifact, body)
        self._insist(fence)
        self._record.create_manifest(manifest)
        return self._finish(record, stored)

    def _finish(self, record: PublicationRecord, manifest: StoredManifest) -> Published:
        self._record.announce(manifest)
        return Published(record.reply_id, record.version, manifest_key(record.reply_id, record.version))


def _bodies(edition: Edition) -> dict[ArtifactRole, bytes]:
    """The bytes of each artifact that may be public. Raises ValueError if the original is not the one reviewed."""
    public = public_roles(edition.reply.extent, rendition=edition.provenance.is_rendition)
    reply = reply_artifact(edition.reply)
    check(REPLY_SCHEMA, reply)
    bodies = {ArtifactRole.REPLY_JSON: canonical_json(reply), ArtifactRole.PAGE: edition.page.encode()}
    if ArtifactRole.ORIGINAL in public:
        bodies[ArtifactRole.ORIGINAL] = _original(edition)
    if ArtifactRole.TEXT in public:
        bodies[ArtifactRole.TEXT] = edition.text.encode()
    if ArtifactRole.PREVIEW in public and edition.preview:
        bodies[ArtifactRole.PREVIEW] = edition.preview
    return {role: bodies[role] for role in ArtifactRole if role in bodies}


def _original(edition: Edition) -> bytes:
    body = edition.original.read_bytes()
    if sha256_hex(body) != edition.provenance.original_sha256:
        raise ValueError("the file is not the original that was reviewed")
    return body
