"""The vault: what was received, what became of it, and what only Fuwen may know.

Nothing here is overwritten by a later thought: the first receipt and the first fate stand, and what was held is ended
only by what a person decided, which stands as well. Every method may be stopped after any line and run again.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path

from adapters.record.ledger import RECEIVED, Counts, Ledger, received_day
from adapters.record.outcome_json import fate_word, outcome_from, outcome_json
from adapters.store.object_store import Bucket, ObjectMissing, WriteConflict
from domain.evidence_json import from_plain, to_plain
from domain.fate import Held, Outcome
from domain.gate.decision import Decision
from domain.gate.review_sheet import ReviewSheet
from domain.object_version import ObjectVersion, utc_text
from domain.publication.canonical_json import Json, canonical_json, parse_json
from domain.publication.object_keys import (
    HELD,
    OPEN,
    RECEIPTS,
    UNFINISHED_WITHDRAWALS,
    decided_key,
    decision_key,
    decisions_prefix,
    document_of_held_key,
    document_of_open_key,
    held_key,
    identity_key,
    intent_key,
    notice_key,
    open_key,
    original_key,
    outcome_key,
    publication_key,
    receipt_key,
    record_key,
    review_prefix,
    unfinished_withdrawal_key,
    withdrawal_day_prefix,
    withdrawal_key,
    withdrawal_mark,
)

_BLOCK_BYTES = 1 << 20


class OriginalDamaged(Exception):  # noqa: N818 - named for what is the case
    """The vault does not give back the bytes that it was given. Wakes somebody."""

    def __init__(self, sha256: str) -> None:
        super().__init__(sha256)
        self.sha256 = sha256

    def __str__(self) -> str:
        return f"保管库里的原件读回后与摘要值不符（{self.sha256[:12]}…）。请管理员立即检查存储。"


class ReceiptContradicted(Exception):  # noqa: N818
    """One object version was received twice with different bytes. Wakes somebody."""

    def __init__(self, document_id: str) -> None:
        super().__init__(document_id)
        self.document_id = document_id

    def __str__(self) -> str:
        return f"同一个收件对象（{self.document_id}）两次读出的内容不同，先收到的为准。请管理员检查收件箱。"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was received, from where, and when."""

    document_id: str
    bucket: str
    key: str
    """The inbox key: a file name that a person chose. Never to be logged."""
    version: str
    """What identifies the version of that object: its id, or ETag, size and time."""
    size_bytes: int
    sha256: str
    received_at: str
    """UTC with Z."""

    @property
    def day(self) -> date:
        """The day it counts for, in Asia/Shanghai."""
        return received_day(datetime.fromisoformat(self.received_at))


@dataclass(frozen=True, slots=True)
class PublicationRecord:
    """Which document became, or is about to become, which version of which reply.

    It is true once the manifest in the public bucket has this digest; until then it is an intention.
    """

    document_id: str
    reply_id: str
    version: int
    published_at: str
    """UTC with Z, fixed when publication was first tried."""
    original_sha256: str
    manifest_sha256: str


class Vault:
    """The private bucket. Safe to share between threads."""

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket
        self._ledger = Ledger(bucket)

    @property
    def bucket(self) -> Bucket:
        """The bucket behind it."""
        return self._bucket

    # --- taking in ----------------------------------------------------------------------------------------------------

    def pin(self, version: ObjectVersion, path: Path, now: datetime) -> Receipt:
        """Keep the bytes of the file `path` under their SHA-256 and say that they were received.

        When this returns they have been read back and hashed again, so the inbox no longer matters. Again changes
        nothing. Raises OriginalDamaged, ReceiptContradicted, StoreError.
        """
        sha256, size_bytes = _digest(path)
        key = original_key(sha256)
        if self._bucket.head(key) is None:
            self._bucket.put(key, path, content_type="application/pdf")
        with tempfile.TemporaryDirectory(prefix="fuwen-pin-") as folder:
            self.download_original(sha256, Path(folder) / "original")
        receipt = self._receive(
            Receipt(
                version.document_id, version.bucket, version.key, version.version, size_bytes, sha256, utc_text(now)
            )
        )
        if receipt.sha256 != sha256:
            raise ReceiptContradicted(version.document_id)
        return receipt

    def receipt(self, document_id: str) -> Receipt | None:
        """What was received under this id, None if nothing was."""
        found = self._read(receipt_key(document_id))
        return Receipt(**found) if found else None

    def receipts(self) -> Iterator[Receipt]:
        """Everything that was ever received. Costs a listing and a read of each: for the demo and for audits."""
        for found in self._bucket.list(RECEIPTS):
            yield Receipt(**parse_json(self._bucket.get(found.key)))

    def download_original(self, sha256: str, path: Path) -> None:
        """Write the original to the file `path`. Raises ObjectMissing, and OriginalDamaged if the bytes are others."""
        self._bucket.download(original_key(sha256), path)
        if _digest(path)[0] != sha256:
            path.unlink()
            raise OriginalDamaged(sha256)

    def open_documents(self) -> Iterator[str]:
        """Every document without an outcome, for the sweep. Costs a listing of those, not of the archive."""
        for found in self._bucket.list(OPEN):
            yield document_of_open_key(found.key)

    # --- fates --------------------------------------------------------------------------------------------------------

    def outcome(self, document_id: str) -> Outcome | None:
        """The fate of the document, None while it has none; of one that was held, the fate that was decided."""
        found = self._read(outcome_key(document_id))
        outcome = outcome_from(found) if found else None
        decided = self._read(decided_key(document_id)) if isinstance(outcome, Held) else None
        return outcome_from(decided["outcome"]) if decided else outcome

    def record(self, document_id: str) -> Json | None:
        """What was read and found. Private."""
        return self._read(record_key(document_id))

    def record_outcome(self, document_id: str, outcome: Outcome, record: Mapping[str, object]) -> Outcome:
        """Write the fate and what led to it, and give back the fate that stands: the first one.

        Raises ObjectMissing if no such document was received.
        """
        receipt = self.receipt(document_id)
        if receipt is None:
            raise ObjectMissing("没有收到过这份文件。", "No such document was received.", self._bucket.name)
        standing = self.outcome(document_id)
        if standing is None:
            self._write(record_key(document_id), record)
            standing = outcome_from(self._create(outcome_key(document_id), outcome_json(outcome)))
        self.close(receipt, standing)
        return standing

    def close(self, receipt: Receipt, outcome: Outcome) -> None:
        """Count the document and take it off the sweep's list. Again changes nothing.

        Whoever finds an outcome calls it too: the run that wrote the outcome may have been stopped right after.
        """
        # Taking in may have been stopped just before its own mark.
        self._ledger.mark(receipt.day, receipt.document_id, RECEIVED)
        self._ledger.mark(receipt.day, receipt.document_id, fate_word(outcome))
        self._bucket.delete(open_key(receipt.document_id))

    # --- what waits for a person --------------------------------------------------------------------------------------

    def hold(self, sheet: ReviewSheet) -> None:
        """Keep what the reviewer is given, in the place of an earlier sheet. Before the document is told to be held."""
        self._write(held_key(sheet.document_id), to_plain(sheet))

    def sheet(self, document_id: str) -> ReviewSheet | None:
        """What the reviewer of a held document is given; None if it does not wait for a person."""
        found = self._read(held_key(document_id))
        return from_plain(ReviewSheet, found) if found else None

    def held_documents(self) -> Iterator[str]:
        """Every document that waits for a person. Costs a listing of those."""
        for found in self._bucket.list(HELD):
            yield document_of_held_key(found.key)

    def decisions(self, document_id: str) -> tuple[Decision, ...]:
        """What persons decided about it, the first one first."""
        keys = sorted(found.key for found in self._bucket.list(decisions_prefix(document_id)))
        return tuple(from_plain(Decision, parse_json(self._bucket.get(key))) for key in keys)

    def decide(self, decision: Decision, document_id: str) -> int:
        """Keep the decision, put the document on the sweep's list, and give back the decision's number.

        The very same decision is kept once. Raises ObjectMissing if the document does not wait for a person.
        """
        if not isinstance(self.outcome(document_id), Held):
            raise ObjectMissing(
                "这份文件不在待审之列。", "This document does not wait for a person.", self._bucket.name
            )
        plain, number = to_plain(decision), 1
        while self._create(decision_key(document_id, number), plain) != plain:
            number += 1
        self._write(open_key(document_id), {"decisions": number})
        return number

    def has_new_decision(self, document_id: str) -> bool:
        """Whether a person decided and nobody has carried it out yet."""
        return "decisions" in (self._read(open_key(document_id)) or {})

    def wait_on(self, receipt: Receipt, decisions: int) -> None:
        """So many decisions did not end it: the document waits on, unless another was made meanwhile."""
        self.close(receipt, Held(()))
        if len(list(self._bucket.list(decisions_prefix(receipt.document_id)))) > decisions:
            self._write(open_key(receipt.document_id), {"decisions": decisions + 1})

    def end_holding(self, document_id: str, outcome: Outcome, record: Mapping[str, object]) -> Outcome:
        """Write the fate that was decided and what led to it, and give back the one that stands: the first one.

        Raises ObjectMissing if no such document was received.
        """
        receipt = self.receipt(document_id)
        if receipt is None:
            raise ObjectMissing("没有收到过这份文件。", "No such document was received.", self._bucket.name)
        document = {"outcome": outcome_json(outcome), "record": dict(record)}
        standing = outcome_from(self._create(decided_key(document_id), document)["outcome"])
        self.close(receipt, standing)
        self.clear_review(document_id)
        return standing

    def clear_review(self, document_id: str) -> None:
        """Remove what only the reviewer needed. The decisions stay."""
        for found in list(self._bucket.list(review_prefix(document_id))):
            self._bucket.delete(found.key)
        self._bucket.delete(held_key(document_id))

    def decided_record(self, document_id: str) -> Json | None:
        """What was read and found when it was decided; None for one that was never held or still is. Private."""
        found = self._read(decided_key(document_id))
        return found["record"] if found else None

    # --- publications -------------------------------------------------------------------------------------------------

    def reply_of(self, identity: str) -> str | None:
        """The reply to which the identity (hex SHA-256) belongs, None if to none yet."""
        found = self._read(identity_key(identity))
        return found["reply_id"] if found else None

    def claim_identity(self, identity: str, reply_id: str) -> str:
        """Say that the identity belongs to the reply, and give back the reply to which it does: the first one."""
        return str(self._create(identity_key(identity), {"reply_id": reply_id})["reply_id"])

    def publication(self, document_id: str) -> PublicationRecord | None:
        """As what the document was, or was about to be, published; None if that was never tried."""
        found = self._read(intent_key(document_id))
        return PublicationRecord(**found) if found else None

    def intend(self, record: PublicationRecord) -> None:
        """Keep what the document is about to be published as."""
        self._write(intent_key(record.document_id), asdict(record))

    def publication_of(self, reply_id: str, version: int, manifest_sha256: str) -> PublicationRecord | None:
        """Which document became this version by this manifest, None if that is not recorded."""
        found = self._read(publication_key(reply_id, version, manifest_sha256))
        return PublicationRecord(**found) if found else None

    def record_publication(self, record: PublicationRecord) -> None:
        """Keep which document becomes this version, should its manifest be the one."""
        self._create(publication_key(record.reply_id, record.version, record.manifest_sha256), asdict(record))

    # --- withdrawals and corrections ----------------------------------------------------------------------------------

    def withdrawal(self, reply_id: str, version: int) -> Json | None:
        """Who took the reply down by this version, when and why; None if nobody has ordered it."""
        return self._read(withdrawal_key(reply_id, version))

    def order_withdrawal(self, reply_id: str, version: int, order: Json, day: str) -> Json:
        """Keep the order, and give back the one that stands: the first one. It is open until `finish_withdrawal`."""
        self._create(unfinished_withdrawal_key(reply_id), {"version": version})
        kept = self._create(withdrawal_key(reply_id, version), order)
        self._create(withdrawal_mark(day, reply_id, version), {})
        return kept

    def finish_withdrawal(self, reply_id: str) -> None:
        """Nothing of the reply can be read any more. Again changes nothing."""
        self._bucket.delete(unfinished_withdrawal_key(reply_id))

    def withdrawals_on(self, day: str) -> int:
        """How many were ordered on that day (ISO date, Asia/Shanghai)."""
        return sum(1 for _ in self._bucket.list(withdrawal_day_prefix(day)))

    def unfinished_withdrawals(self) -> Iterator[str]:
        """Every reply that was taken down, and of which something may still be there."""
        for found in self._bucket.list(UNFINISHED_WITHDRAWALS):
            yield found.key.removeprefix(UNFINISHED_WITHDRAWALS).removesuffix(".json")

    def say_of_correction(self, reply_id: str, original_sha256: str, notice: Json) -> None:
        """Keep what the public is to be told when the original with this digest corrects the reply."""
        self._write(notice_key(reply_id, original_sha256), notice)

    def said_of_correction(self, reply_id: str, original_sha256: str) -> Json | None:
        """What the public is to be told of it; None if nobody said anything."""
        return self._read(notice_key(reply_id, original_sha256))

    # --- counting -----------------------------------------------------------------------------------------------------

    def counts(self, today: date) -> Counts:
        """All documents by fate. Its cost grows with the days since the last `add_up`, not with the archive."""
        return self._ledger.total(today)

    def counts_of(self, day: date) -> Counts:
        """The documents received on that day (Asia/Shanghai) by fate."""
        return self._ledger.day(day)

    def add_up(self, today: date) -> None:
        """Add finished days to the running total, so that counting stays cheap. For the sweep, once a day or so."""
        self._ledger.add_up(today)

    def _receive(self, receipt: Receipt) -> Receipt:
        standing = Receipt(**self._create(receipt_key(receipt.document_id), asdict(receipt)))
        # The marker before the count: what is counted is known to the sweep, or has its outcome.
        if self._bucket.head(outcome_key(receipt.document_id)) is None:
            self._create(open_key(receipt.document_id), {"received_at": standing.received_at})
        self._ledger.mark(standing.day, receipt.document_id, RECEIVED)
        return standing

    def _read(self, key: str) -> Json | None:
        found = self._bucket.get_with_head(key)
        return parse_json(found[0]) if found else None

    def _write(self, key: str, document: Mapping[str, object]) -> None:
        body = canonical_json(document)
        found = self._bucket.get_with_head(key)
        if found is None or found[0] != body:
            self._bucket.put(key, body, content_type="application/json")

    def _create(self, key: str, document: Mapping[str, object]) -> Json:
        """Write the object if there is none, and give back what stands there."""
        body = canonical_json(document)
        try:
            self._bucket.put(key, body, content_type="application/json", create_only=True)
        except WriteConflict:
            return parse_json(self._bucket.get(key))
        return parse_json(body)


def _digest(path: Path) -> tuple[str, int]:
    digest, size_bytes = hashlib.sha256(), 0
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK_BYTES):
            digest.update(block)
            size_bytes += len(block)
    return digest.hexdigest(), size_bytes
