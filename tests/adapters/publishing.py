"""A store to publish to, letters to publish, and a hand that pulls the plug. Places, people and text are invented."""

from __future__ import annotations

import hashlib
import threading
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from adapters.record.public_record import PublicRecord
from adapters.record.publication import Edition, Publisher
from adapters.record.schema_check import check
from adapters.record.vault import Vault
from adapters.store.embedded_store import EmbeddedStore
from adapters.store.object_store import Bucket, ObjectHead, WriteMode, connect
from adapters.store.writer_lock import WriterLock
from domain.document_number import DocumentNumber
from domain.gate.evidence import SignatureStatus, SignatureVerdict
from domain.gate.masking import Mask
from domain.publication.canonical_json import Json, parse_json, sha256_hex
from domain.publication.manifest import Provenance
from domain.publication.object_keys import LOG_HEAD, catalogue_page_key, current_key, log_entry_key
from domain.publication.rendition import html_of, text_of
from domain.publication.ruling import Ruling
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
        page=html_of(letter),
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
    """A real bucket whose writer may die."""

    def __init__(self, bucket: Bucket, fuse: Fuse) -> None:
        super().__init__(bucket.client, bucket.name, bucket.mode)
        self.fuse = fuse

    def put(self, key: str, body: bytes | Path, **given: Any) -> ObjectHead:
        self.fuse.before_write(key)
        head = super().put(key, body, **given)
        self.fuse.after_write()
        return head

    def delete(self, key: str, version_id: str | None = None) -> None:
        self.fuse.before_write(key)
        super().delete(key, version_id)
        self.fuse.after_write()


class DecidingBucket(Bucket):
    """A bucket that decides between writers of this process, as a compare-and-swap store does between all.

    It looks up and writes under one lock; the server behind it is real but keeps no conditions.
    """

    _deciding = threading.Lock()

    def __init__(self, bucket: Bucket, interruption: Callable[[str], None] | None = None) -> None:
        super().__init__(bucket.client, bucket.name, WriteMode.COMPARE_AND_SWAP)
        self._plain = Bucket(bucket.client, bucket.name)
        self._interruption = interruption

    def put(self, key: str, body: bytes | Path, **given: Any) -> ObjectHead:
        if self._interruption:
            self._interruption(key)
        with self._deciding:
            return self._plain.put(key, body, **given)


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

    def publisher(self, fuse: Fuse | None = None) -> Publisher:
        public: Bucket = MortalBucket(self.public, fuse) if fuse else self.public
        private: Bucket = MortalBucket(self.private, fuse) if fuse else self.private
        return Publisher(PublicRecord(public), Vault(private), WriterLock(self.folder / "writer.lock"))

    def lockless_publisher(self, interruption: Callable[[str], None] | None = None) -> Publisher:
        public, private = DecidingBucket(self.public, interruption), DecidingBucket(self.private, interruption)
        return Publisher(PublicRecord(public), Vault(private))

    def edition(self, body: bytes = b"%PDF-1.7 first", of: Reply | None = None, **changes: Any) -> Edition:
        return edition(self.folder, body, of, **changes)

    def published(self) -> dict[str, bytes]:
        """Every public object except the lock's number, which only says how often someone wrote."""
        keys = [found.key for found in self.public.list() if found.key != "log/writer.json"]
        return {key: self.public.get(key) for key in keys}

    def digest(self) -> str:
        """Changes if anything in either bucket changes, but for the lock's number."""
        digest = hashlib.sha256()
        for bucket in (self.public, self.private):
            for found in sorted(bucket.list(), key=lambda found: found.key):
                if found.key != "log/writer.json":
                    digest.update(found.key.encode() + b"\0" + bucket.get(found.key) + b"\0")
        return digest.hexdigest()


def read_like_a_consumer(bucket: Bucket) -> dict[str, int]:
    """Follow head, log, catalogue, pointer, manifest, artifacts; the version of each reply that is seen.

    Raises AssertionError or ObjectMissing for anything missing, half, unannounced or out of contract.
    """
    found = bucket.get_with_head(LOG_HEAD)
    if found is None:
        return {}
    head = _checked(found[0], "log-head-1")
    entries = [_checked(bucket.get(log_entry_key(n)), "log-entry-1") for n in range(1, head["sequence"] + 1)]
    assert [entry["sequence"] for entry in entries] == list(range(1, head["sequence"] + 1))
    announced = [(entry["reply_id"], entry["version"]) for entry in entries]
    assert len(announced) == len(set(announced)), "a version was announced twice"
    seen: dict[str, int] = {}
    rows = [row for page in range(head["pages"]) for row in _rows(bucket, page)]
    assert len(rows) >= head["replies"]
    for row in rows:
        current = _checked(bucket.get(current_key(row["reply_id"])), "current-1")
        # The pointer is written before the row, and was read after it: never an older version.
        assert current["version"] >= row["version"]
        for key, sha256 in ((current["manifest_key"], current["manifest_sha256"]), (row["manifest_key"], None)):
            _whole_manifest(bucket, key, sha256)
        seen[row["reply_id"]] = current["version"]
    for reply_id, version in announced:
        assert seen[reply_id] >= version
    return seen


def _rows(bucket: Bucket, page: int) -> Iterator[Json]:
    document = _checked(bucket.get(catalogue_page_key(page)), "catalogue-page-1")
    assert [row["slot"] for row in document["rows"]] == list(range(page * 256, page * 256 + len(document["rows"])))
    yield from document["rows"]


def _whole_manifest(bucket: Bucket, key: str, sha256: str | None) -> None:
    body = bucket.get(key)
    assert sha256 is None or sha256_hex(body) == sha256
    for artifact in _checked(body, "manifest-1")["artifacts"]:
        content = bucket.get(artifact["key"])
        assert (sha256_hex(content), len(content)) == (artifact["sha256"], artifact["size_bytes"])


def _checked(body: bytes, schema: str) -> Json:
    document = parse_json(body)
    check(schema, document)
    return document
