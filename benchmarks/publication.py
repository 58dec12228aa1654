"""What one publication asks of the embedded store."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from adapters.isolation.reading_limits import ReadingLimits
from adapters.pdf.preview import first_page_jpeg
from adapters.pdf.trust import load_trust
from adapters.record.edition import Edition
from adapters.record.original import read_original
from adapters.record.public_record import PublicRecord
from adapters.record.publication import Publisher
from adapters.record.publisher_key import PublisherKey
from adapters.record.vault import Vault
from adapters.store.embedded_store import EmbeddedStore
from adapters.store.object_store import Bucket, connect
from adapters.store.store_probe import probe
from adapters.store.writer_lock import WriterLock
from benchmarks.letters import SAMPLES, long_sample
from benchmarks.table import Table
from config.rules import load_rules
from domain.document_number import DocumentNumber
from domain.fate import Published
from domain.gate.evidence import Evidence
from domain.gate.review import draft, review
from domain.publication.canonical_json import sha256_hex
from domain.publication.manifest import Provenance
from domain.publication.rendition import text_of
from domain.reply import Reply

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_NOW = datetime(2026, 12, 31, tzinfo=UTC)
_WRITES = frozenset({"PutObject", "DeleteObject"})


@dataclass(slots=True)
class _Requests:
    """Counts what a client sends."""

    sent: Counter[str] = field(default_factory=Counter)

    def watch(self, client: S3Client) -> None:
        client.meta.events.register("before-call.s3", self._count)

    def _count(self, model: Any, **_: object) -> None:
        self.sent[model.name] += 1

    def split(self) -> tuple[int, int]:
        """Writes and reads since the last call."""
        writes = sum(count for name, count in self.sent.items() if name in _WRITES)
        reads = sum(self.sent.values()) - writes
        self.sent.clear()
        return writes, reads


@dataclass(frozen=True, slots=True)
class _Letter:
    reply: Reply
    evidence: Evidence
    data: bytes
    preview: bytes


def publication_tables(*, quick: bool) -> Iterator[Table]:
    """First version, correction, and the same once more."""
    letter, count = _letter(), 5 if quick else 20
    with tempfile.TemporaryDirectory(prefix="fuwen-bench-") as folder, EmbeddedStore(Path(folder) / "store") as store:
        client = connect(store.endpoint_url, store.access_key, store.secret_key)
        requests = _Requests()
        publisher = _publisher(client, Path(folder))
        requests.watch(client)
        firsts = [_edition(letter, number, Path(folder)) for number in range(1, count + 1)]
        seconds = [_edition(letter, number, Path(folder), correcting=True) for number in range(1, count + 1)]
        rows = [
            _row("first version", publisher, firsts, requests),
            _row("correction", publisher, seconds, requests),
            _row("the same document again", publisher, seconds, requests),
        ]
    yield Table(
        "publication",
        "One publication on the embedded store",
        ("publication", "writes", "reads", "ms (median)", "ms (worst)"),
        rows,
        f"{count} letters of five pages, extent 全文, one after the other. Each write is confirmed by a read (HEAD).",
    )


def _letter() -> _Letter:
    rules, trust = load_rules(SAMPLES / "config"), load_trust(SAMPLES / "trust")
    data, limits = long_sample().read_bytes(), ReadingLimits()
    evidence = read_original(data, trust, limits, _NOW)
    reply = review(evidence, draft(evidence.raw, rules), rules, _NOW.date()).reply
    assert reply is not None
    return _Letter(reply, evidence, data, first_page_jpeg(data, limits))


def _publisher(client: S3Client, folder: Path) -> Publisher:
    public, vault = (
        Bucket(client, name, proven.mode, etag_quoted=proven.etag_quoted)
        for name in ("public", "vault")
        for proven in [probe(client, name)]
    )
    key = PublisherKey("bench", Ed25519PrivateKey.generate())
    return Publisher(PublicRecord(public, key), Vault(vault), WriterLock(folder / "writer.lock"))


def _edition(letter: _Letter, number: int, folder: Path, *, correcting: bool = False) -> Edition:
    assert letter.reply.submission is not None
    submission = replace(letter.reply.submission, numbers=(f"153{number:03d}",))
    reply = replace(letter.reply, document_number=DocumentNumber("砚府", 2024, 100 + number), submission=submission)
    body = letter.data + f"\n%{number} {correcting}\n".encode()
    sha256 = sha256_hex(body)
    path = folder / f"{sha256}.pdf"
    path.write_bytes(body)
    provenance = Provenance(sha256, len(body), letter.evidence.signature, "0", "0" * 64, ("pdfium", "pypdf"))
    return Edition(sha256[:32], reply, provenance, path, text_of(reply), letter.preview, correcting=correcting)


def _row(
    name: str, publisher: Publisher, editions: list[Edition], requests: _Requests
) -> tuple[str, int, int, float, float]:
    took, asked = [], []
    for edition in editions:
        requests.split()
        started = time.perf_counter()
        answer = publisher.publish(edition, _NOW)
        took.append(1000 * (time.perf_counter() - started))
        asked.append(requests.split())
        assert isinstance(answer, Published)
    writes, reads = asked[-1]
    return name, writes, reads, statistics.median(took), max(took)
