"""Publishing one reply: the only way by which anything becomes public (docs/adr/0003, 0010).

A manifest makes a version exist, the checkpoint makes it public. Whoever comes next can finish what has a manifest.
Every line may be the last one that is carried out; running again ends in the very same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from adapters.record.edition import Edition, Refusal, Refused, bodies_of
from adapters.record.group_commit import Together
from adapters.record.public_record import PublicRecord
from adapters.record.schema_check import check
from adapters.record.vault import PublicationRecord, Vault
from adapters.store.object_store import WriteConflict, WriteMode
from adapters.store.writer_lock import WriterLock
from domain.fate import Published, Unchanged
from domain.gate.case import Predecessor
from domain.object_version import utc_text
from domain.publication.canonical_json import canonical_json
from domain.publication.identity import reply_id as id_of_reply
from domain.publication.identity import reply_identity
from domain.publication.manifest import MANIFEST_SCHEMA, Artifact, State, StoredManifest, manifest_of
from domain.publication.object_keys import manifest_key
from domain.reply import Draft, Reply

__all__ = ["Answer", "Edition", "Publisher", "Refusal", "Refused"]

Answer = Published | Unchanged | Refused


@dataclass(slots=True)
class _Group:
    """Versions that have a manifest and wait for the checkpoint that they will share."""

    manifests: list[StoredManifest] = field(default_factory=list)
    known: dict[str, bytes] = field(default_factory=dict)


class Publisher:
    """Publishes editions, one after the other or, where the store decides between writers, side by side."""

    def __init__(self, record: PublicRecord, vault: Vault, lock: WriterLock | None = None) -> None:
        """`lock` is needed unless both buckets are compare-and-swap. Raises ValueError where it is missing."""
        decided_by_store = record.bucket.mode is vault.bucket.mode is WriteMode.COMPARE_AND_SWAP
        if lock is None and not decided_by_store:
            raise ValueError("a store that does not decide between writers needs the writer lock")
        self._record, self._vault = record, vault
        self._lock = None if decided_by_store else lock
        self._together: Together[tuple[Edition, datetime], Answer] = Together(self._publish_group)

    @property
    def record(self) -> PublicRecord:
        """What it writes."""
        return self._record

    def publish(self, edition: Edition, now: datetime) -> Answer:
        """Make the edition public, or say why not. Again gives the same answer and writes nothing.

        Those who ask at the same time in this process share one commit. `now` becomes the time of publication unless an
        earlier try has fixed it.
        Raises StoreError, WriterLockBusy, FencedOff, RecordBroken; SchemaViolation and ValueError for our own mistakes.
        """
        return self._together.ask((edition, now))

    def publish_many(self, editions: Sequence[Edition], now: datetime) -> list[Answer]:
        """The same for many, with one commit. Raises the first of what went wrong, once all the others are public."""
        answers = self._publish_group([(edition, now) for edition in editions])
        for answer in answers:
            if isinstance(answer, Exception):
                raise answer
        return [answer for answer in answers if not isinstance(answer, Exception)]

    def _publish_group(self, asked: Sequence[tuple[Edition, datetime]]) -> list[Answer | Exception]:
        group, answers = _Group(), list[Answer | Exception]()
        with self.alone() as fence:
            for edition, now in asked:
                try:
                    answers.append(self._publish_one(edition, now, fence, group))
                except Exception as error:  # noqa: BLE001  what is wrong with one is no reason to keep the others waiting
                    answers.append(error)
            self._flush(group)
        return answers

    def _publish_one(self, edition: Edition, now: datetime, fence: int | None, group: _Group) -> Answer:
        finished, begun = self._finished(edition.document_id)
        if finished:
            return finished
        return self._settle(edition, begun.published_at if begun else utc_text(now), fence, group)

    def _flush(self, group: _Group) -> None:
        if group.manifests:
            self._record.announce(*group.manifests, known=group.known)
        # Only now: if it failed, the end of the group tries again, and fails for everybody in it.
        group.manifests.clear()
        group.known.clear()

    def resume(self, document_id: str) -> Published | None:
        """Finish what an earlier run made public already; None if there is nothing of the document to finish.

        For the sweep: such a document is public, so it is not for review to judge it again.
        """
        begun = self._vault.publication(document_id)
        if begun is None or self._made_public(begun) is None:
            return None
        with self.alone():
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

    def refresh(self, now: datetime) -> None:
        """Sign the newest checkpoint again if it is a day old: it must not expire while nothing is published."""
        if self._record.is_to_be_refreshed(now):  # asked first: to be the writer is a write
            with self.alone():
                self._record.refresh(now)

    @contextmanager
    def alone(self) -> Iterator[int | None]:
        """As the only writer, with the lock's number, where the store does not decide. Not to be nested."""
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

    def _settle(self, edition: Edition, published_at: str, fence: int | None, group: _Group) -> Answer:
        reply_id = self._reply_id(edition)
        if isinstance(reply_id, Refused):
            return reply_id
        while True:
            if any(waiting.reply_id == reply_id for waiting in group.manifests):
                self._flush(group)
            latest = self._record.latest(reply_id)
            if latest:
                # Its publisher may have been stopped: a version follows only what has been announced.
                self._record.announce(latest)
            verdict = self._verdict(edition, reply_id, latest)
            if verdict is not None:
                return verdict
            try:
                return self._make_public(edition, reply_id, latest, published_at, fence, group)
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

    def _verdict(self, edition: Edition, reply_id: str, latest: StoredManifest | None) -> Answer | None:
        if latest is None:
            return Refused(Refusal.NOTHING_TO_CORRECT, reply_id) if edition.correcting else None
        if latest.state is State.PURGED or (latest.state is State.WITHDRAWN and not edition.correcting):
            return Refused(Refusal.WITHDRAWN_BEFORE, reply_id)
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
        self,
        edition: Edition,
        reply_id: str,
        latest: StoredManifest | None,
        published_at: str,
        fence: int | None,
        group: _Group,
    ) -> Published:
        """Intent, artifacts, manifest. Raises WriteConflict if the version was created by another."""
        bodies = bodies_of(edition)
        artifacts = {Artifact.of(reply_id, role, body): body for role, body in bodies.items()}
        manifest = manifest_of(
            edition.reply,
            reply_id=reply_id,
            version=latest.version + 1 if latest else 1,
            published_at=published_at,
            artifacts=tuple(artifacts),
            provenance=edition.provenance,
            listing=edition.listing,
            notice=edition.notice,
        )
        body = canonical_json(manifest)
        stored = StoredManifest.of(body)
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
        for artifact, content in artifacts.items():
            self._record.keep_artifact(artifact, content)
        self._insist(fence)
        self._record.create_manifest(manifest)
        group.manifests.append(stored)
        group.known[manifest_key(reply_id, stored.version)] = body
        group.known |= {artifact.key: content for artifact, content in artifacts.items()}
        return Published(reply_id, stored.version, manifest_key(reply_id, stored.version))

    def _finish(self, record: PublicationRecord, manifest: StoredManifest) -> Published:
        self._record.announce(manifest)
        return Published(record.reply_id, record.version, manifest_key(record.reply_id, record.version))
