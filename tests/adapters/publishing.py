"""A store to publish to, letters to publish, and a hand that pulls the plug. Places, people and text are invented."""

from __future__ import annotations

import base64
import hashlib
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from adapters.record.edition import Edition
from adapters.record.public_record import PublicRecord
from adapters.record.publication import Publisher
from adapters.record.publisher_key import PublisherKey, VerifierKeys
from adapters.record.schema_check import check
from adapters.record.vault import Vault
from adapters.record.withdrawal import Limits, Withdrawals
from adapters.store.embedded_store import EmbeddedStore
from adapters.store.object_store import Bucket, ObjectHead, ObjectMissing, WriteMode, connect
from adapters.store.writer_lock import WriterLock
from domain.document_number import DocumentNumber
from domain.gate.evidence import SignatureStatus, SignatureVerdict
from domain.gate.masking import Mask
from domain.publication.canonical_json import Json, canonical_json, parse_json, sha256_hex
from domain.publication.change_log import LogEntry, last_removals
from domain.publication.checkpoint import parse_proof
from domain.publication.manifest import Provenance
from domain.publication.merkle import leaf_hash, proves_inclusion, root_hash
from domain.publication.object_keys import (
    CHECKPOINT,
    LOG_APPLIED,
    LOG_KEYS,
    LOG_WRITER,
    SITE,
    catalogue_page_key,
    current_key,
    envelope_key,
    page_key,
    page_of_slot,
    proof_key,
    schema_key,
)
from domain.publication.rendition import text_of
from domain.publication.ruling import Ruling
from domain.publication.site_particulars import Site
from domain.publication.tiles import TileTree, entries_of, entry_tile
from domain.reading.paragraph import Paragraph, Role
from domain.reply import (
    Disclosure,
    DisclosureAttribute,
    DisclosureExtent,
    HandlingResult,
    Reply,
    ReplyKind,
    Submission,
    SubmissionKind,
)
from tests.adapters.memory_bucket import MemoryBucket

KEY = PublisherKey("fuwen-test", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
SIGNING_KEY = base64.b64encode(KEY.private.private_bytes_raw()).decode()
PINNED = VerifierKeys.of(KEY.verifier_keys)
BETWEEN_PUBLISHERS = frozenset({LOG_WRITER, LOG_APPLIED})
"""What says how often someone wrote, not what is public."""
NOW = datetime(2024, 5, 20, 1, 2, 3, tzinfo=UTC)
LATER = datetime(2024, 6, 3, 8, 0, 0, tzinfo=UTC)
SIGNER = "赵某签"
CONTACT = "联系人：钱某联　电话：55501234"


def reply(**changes: Any) -> Reply:
    """A valid reply with these fields changed."""
    valid = Reply(
        kind=ReplyKind.REPLY,
        title="对区政协十五届三次会议第153047号提案的答复",
        document_number=DocumentNumber("柳府", 2024, 11),
        issuing_authority="云溪区柳桥镇人民政府",
        area_code="990199",
        signatory="顾闻溪",
        addressees=("沈岚汀委员",),
        date_of_issue=date(2024, 5, 17),
        date_of_distribution=date(2024, 5, 17),
        distributing_office="柳桥镇党政办公室",
        copied_to=("区政协提案委员会",),
        submission=Submission(SubmissionKind.PROPOSAL, "区政协", 15, 3, ("153047",)),
        handling_result=HandlingResult("解 决 采 纳", "解决采纳", "通用用语"),
        disclosure=Disclosure("主动公开·全文", DisclosureAttribute.PROACTIVE, DisclosureExtent.FULL_TEXT),
        extent=DisclosureExtent.FULL_TEXT,
        paragraphs=(
            Paragraph(Role.SALUTATION, "沈岚汀委员：", 1),
            Paragraph(Role.BODY, "您提出的关于完善河畔步道照明的提案收悉。经研究，现答复如下：", 1),
            Paragraph(Role.SIGNATURE, "云溪区柳桥镇人民政府", 2),
            Paragraph(Role.DATE, "2024年5月17日", 2),
            Paragraph(Role.NOTE, CONTACT, 2),
        ),
    )
    return replace(valid, **changes)


def summary(**changes: Any) -> Reply:
    """A reply of which only the summary is public."""
    disclosure = Disclosure("主动公开·摘要", DisclosureAttribute.PROACTIVE, DisclosureExtent.SUMMARY)
    return reply(disclosure=disclosure, extent=DisclosureExtent.SUMMARY, **changes)


def numbered(number: int) -> Reply:
    """One of many different replies."""
    return reply(
        document_number=DocumentNumber("柳府", 2024, number),
        submission=Submission(SubmissionKind.PROPOSAL, "区政协", 15, 3, (f"153{number:03d}",)),
    )


def provenance(original_sha256: str = "a1" * 32, size_bytes: int = 4000) -> Provenance:
    """Signed by the authority and by an official's own card."""
    verdict = SignatureVerdict(
        SignatureStatus.VALID,
        f"由云溪区柳桥镇人民政府和{SIGNER}签名，证书可信。",
        ("云溪区柳桥镇人民政府", SIGNER),
        "2024-05-17T08:00:00Z",
    )
    return Provenance(original_sha256, size_bytes, verdict, "0.1.0", "f" * 64, ("pdfium", "pypdf"))


def as_rendition(of: Provenance) -> Provenance:
    """Two persons decided that only a rendition with masks is public."""
    said = [Ruling("publish-masked", f"2024-05-19T0{hour}:00:00Z", ("personal-data-mobile",)) for hour in (2, 3)]
    mask = Mask("personal-data-mobile", "paragraph", 1, 1, 5, 11)
    return replace(of, rulings=tuple(said), masks=(mask, replace(mask, start=30)))


def edition(folder: Path, body: bytes = b"%PDF-1.7 first", of: Reply | None = None, **changes: Any) -> Edition:
    """The reply with finished renditions and the original in a file. The same bytes are the same document."""
    letter = of or reply()
    sha256 = sha256_hex(body)
    original = folder / f"{sha256}.pdf"
    original.write_bytes(body)
    return Edition(
        document_id=changes.pop("document_id", sha256[:32]),
        reply=letter,
        provenance=provenance(sha256, len(body)),
        original=original,
        text=text_of(letter),
        preview=b"\xff\xd8\xff preview",
        **changes,
    )


class Killed(BaseException):
    """The process ends here. No `except Exception` may survive it."""


@dataclass
class Fuse:
    """Ends the process at one write: just before it reaches the store, or just after, before anyone knows."""

    at: int | None = None
    after: bool = False
    writes: list[str] = field(default_factory=list)

    def before_write(self, key: str) -> None:
        self.writes.append(key)
        if len(self.writes) == self.at and not self.after:
            raise Killed

    def after_write(self) -> None:
        if len(self.writes) == self.at and self.after:
            raise Killed


class MortalBucket(Bucket):
    """A bucket whose writer may die."""

    def __init__(self, bucket: Bucket, fuse: Fuse) -> None:
        super().__init__(bucket.client, bucket.name, bucket.mode)
        self._bucket = bucket
        self.fuse = fuse

    def head(self, key: str, version_id: str | None = None) -> ObjectHead | None:
        return self._bucket.head(key, version_id)

    def get(self, key: str, version_id: str | None = None) -> bytes:
        return self._bucket.get(key, version_id)

    def get_with_head(self, key: str) -> tuple[bytes, ObjectHead] | None:
        return self._bucket.get_with_head(key)

    def list(self, prefix: str = "") -> Iterator[ObjectHead]:
        return self._bucket.list(prefix)

    def versions(self, prefix: str) -> Iterator[tuple[str, str, bool]]:
        return self._bucket.versions(prefix)

    def put(self, key: str, body: bytes | Path, **given: Any) -> ObjectHead:
        self.fuse.before_write(key)
        head = self._bucket.put(key, body, **given)
        self.fuse.after_write()
        return head

    def delete(self, key: str, version_id: str | None = None) -> None:
        self.fuse.before_write(key)
        self._bucket.delete(key, version_id)
        self.fuse.after_write()


class InterruptedBucket(MortalBucket):
    """A bucket whose writer is held up before each write."""

    def __init__(self, bucket: Bucket, interruption: Callable[[str], None]) -> None:
        super().__init__(bucket, Fuse())
        self._interruption = interruption

    def put(self, key: str, body: bytes | Path, **given: Any) -> ObjectHead:
        self._interruption(key)
        return self._bucket.put(key, body, **given)


@dataclass
class World:
    """A public bucket and a vault of their own on a real server."""

    public: Bucket
    private: Bucket
    folder: Path

    @classmethod
    def fresh(cls, store: EmbeddedStore, folder: Path, mode: WriteMode = WriteMode.SINGLE_WRITER) -> World:
        client = connect(store.endpoint_url, store.access_key, store.secret_key)
        mark = uuid.uuid4().hex[:10]
        for kind in ("public", "vault"):
            client.create_bucket(Bucket=f"{kind}-{mark}")
        own = folder / mark
        own.mkdir()
        return cls(Bucket(client, f"public-{mark}", mode), Bucket(client, f"vault-{mark}", mode), own)

    @classmethod
    def in_memory(cls, folder: Path, mode: WriteMode = WriteMode.SINGLE_WRITER) -> World:
        """For what must be tried hundreds of times."""
        own = folder / uuid.uuid4().hex[:10]
        own.mkdir()
        return cls(MemoryBucket("public", mode), MemoryBucket("vault", mode), own)

    def publisher(self, fuse: Fuse | None = None) -> Publisher:
        public: Bucket = MortalBucket(self.public, fuse) if fuse else self.public
        private: Bucket = MortalBucket(self.private, fuse) if fuse else self.private
        return Publisher(PublicRecord(public, KEY), Vault(private), WriterLock(self.folder / "writer.lock"))

    def lockless_publisher(self, interruption: Callable[[str], None] | None = None) -> Publisher:
        public, private = self.public, self.private
        if interruption:
            public, private = InterruptedBucket(public, interruption), InterruptedBucket(private, interruption)
        return Publisher(PublicRecord(public, KEY), Vault(private))

    def withdrawals(self, fuse: Fuse | None = None, limits: Limits | None = None) -> Withdrawals:
        private: Bucket = MortalBucket(self.private, fuse) if fuse else self.private
        eraser: Bucket = MortalBucket(self.public, fuse) if fuse else self.public
        return Withdrawals(self.publisher(fuse), Vault(private), eraser, limits)

    def edition(self, body: bytes = b"%PDF-1.7 first", of: Reply | None = None, **changes: Any) -> Edition:
        return edition(self.folder, body, of, **changes)

    def bring_keys(self) -> World:
        """Put the public keys beside the log, as set-up does."""
        keys = {"schema": schema_key("log-keys-1"), "origin": KEY.name, "keys": list(KEY.verifier_keys)}
        self.public.put(LOG_KEYS, canonical_json(keys), content_type="application/json")
        return self

    def at_an_address(self) -> World:
        """Tell where the bucket is read, without which there are no feeds."""
        site = Site(base_url="https://reply.example/")
        self.public.put(SITE, canonical_json(site.as_json()), content_type="application/json")
        return self

    def published(self) -> dict[str, bytes]:
        """Every public object except those that only say how often someone wrote."""
        keys = [found.key for found in self.public.list() if found.key not in BETWEEN_PUBLISHERS]
        return {key: self.public.get(key) for key in keys}

    def digest(self) -> str:
        """Changes if anything in either bucket changes, but for the lock's number."""
        digest = hashlib.sha256()
        for bucket in (self.public, self.private):
            for found in sorted(bucket.list(), key=lambda found: found.key):
                if found.key not in BETWEEN_PUBLISHERS:
                    digest.update(found.key.encode() + b"\0" + bucket.get(found.key) + b"\0")
        return digest.hexdigest()


def read_like_a_consumer(bucket: Bucket) -> dict[str, int]:
    """Follow checkpoint, tiles, manifests, artifacts and what is derived; the version of each reply, 0 if taken down.

    Raises AssertionError or ObjectMissing for anything missing, half, unannounced, ahead or out of contract. If
    something was taken down meanwhile, the whole reading begins again with the checkpoint that says so.
    """
    while True:
        found = bucket.get_with_head(CHECKPOINT)
        if found is None:
            assert bucket.get_with_head(catalogue_page_key(0)) is None
            return {}
        try:
            return _read_state(bucket, found[0])
        except ObjectMissing:
            now = bucket.get_with_head(CHECKPOINT)
            assert now is not None
            if now[0] == found[0]:
                raise


def _read_state(bucket: Bucket, note: bytes) -> dict[str, int]:
    checkpoint = PINNED.open_checkpoint(note)
    assert checkpoint is not None
    bodies = [
        body
        for first in range(0, checkpoint.size, 256)
        for body in entries_of(bucket.get(entry_tile(first, checkpoint.size)))
    ]
    assert len(bodies) == checkpoint.size
    assert root_hash(checkpoint.size, TileTree(checkpoint.size, bucket.get).complete) == checkpoint.root
    entries = [LogEntry.from_json(_checked(body, "log-entry-1")) for body in bodies]
    assert [entry.sequence for entry in entries] == list(range(1, checkpoint.size + 1))
    announced = [(entry.reply_id, entry.version) for entry in entries]
    assert len(announced) == len(set(announced)), "a version was announced twice"
    last = {entry.reply_id: entry for entry in entries}
    assert len(last) == checkpoint.replies
    removed = last_removals(entries)
    for entry in entries:
        if entry.sequence >= removed.get(entry.reply_id, 0):
            _whole_manifest(bucket, entry, bodies[entry.sequence - 1])
    for entry in last.values():
        _derived_is_not_ahead(bucket, entry, checkpoint.size)
    return {entry.reply_id: 0 if entry.change.takes_down else entry.version for entry in last.values()}


def _whole_manifest(bucket: Bucket, entry: LogEntry, leaf: bytes) -> None:
    body = bucket.get(entry.manifest_key)
    assert sha256_hex(body) == entry.manifest_sha256
    assert PINNED.open_envelope(bucket.get(envelope_key(entry.reply_id, entry.version))) == body
    if entry.change.takes_down:
        _checked(body, "tombstone-1")
    else:
        for artifact in _checked(body, "manifest-1")["artifacts"]:
            content = bucket.get(artifact["key"])
            assert (sha256_hex(content), len(content)) == (artifact["sha256"], artifact["size_bytes"])
    proof = bucket.get_with_head(proof_key(entry.reply_id, entry.version))
    if proof:
        index, hashes, note = parse_proof(proof[0])
        signed = PINNED.open_checkpoint(note)
        assert signed is not None
        assert proves_inclusion(leaf_hash(leaf), index, signed.size, hashes, signed.root)


def _derived_is_not_ahead(bucket: Bucket, entry: LogEntry, size: int) -> None:
    """What is at a fixed address is whole, and says nothing that this or a later checkpoint does not say."""
    found = bucket.get_with_head(current_key(entry.reply_id))
    if found:
        current = _checked(found[0], "current-1")
        assert current["sequence"] <= size or _size(bucket) >= current["sequence"]
    page = bucket.get_with_head(catalogue_page_key(page_of_slot(entry.slot)))
    if page:
        rows = _checked(page[0], "catalogue-page-1")["rows"]
        first = page_of_slot(entry.slot) * 64
        assert [row["slot"] for row in rows] == list(range(first, first + len(rows)))
    html = bucket.get_with_head(page_key(entry.reply_id))
    if html:
        assert html[0].endswith(b"</html>\n")


def _size(bucket: Bucket) -> int:
    checkpoint = PINNED.open_checkpoint(bucket.get(CHECKPOINT))
    assert checkpoint is not None
    return checkpoint.size


def _checked(body: bytes, schema: str) -> Json:
    document = parse_json(body)
    check(schema, document)
    return document
