"""The vault: nothing is lost, the first fate stands, and the count can be checked."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from adapters.record.ledger import Counts
from adapters.record.vault import OriginalDamaged, PublicationRecord, ReceiptContradicted, Vault
from adapters.store.embedded_store import EmbeddedStore
from adapters.store.object_store import Bucket, ObjectMissing
from domain.fate import Held, Outcome, Published, Rejected, Unchanged
from domain.gate.decision import Verdict
from domain.gate.finding import Finding, find
from domain.object_version import ObjectVersion
from domain.publication.object_keys import LEDGER_TOTAL, open_key, original_key, review_page_key
from domain.reading.place import Box, Seen
from tests.adapters.holding import a_decision, a_sheet
from tests.adapters.publishing import Fuse, Killed, MortalBucket, World

NOW = datetime(2024, 5, 20, 1, 2, 3, tzinfo=UTC)
BODY = b"%PDF-1.7 a letter"
SHA256 = hashlib.sha256(BODY).hexdigest()


@pytest.fixture
def bucket(embedded_store: EmbeddedStore, tmp_path: Path) -> Bucket:
    return World.fresh(embedded_store, tmp_path).private


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "dropped.pdf"
    path.write_bytes(BODY)
    return path


def version(name: str = "a.pdf") -> ObjectVersion:
    return ObjectVersion.seen("inbox", name, version_id=None, etag="e" * 32, size_bytes=len(BODY), last_modified=NOW)


def contents(bucket: Bucket) -> dict[str, bytes]:
    return {found.key: bucket.get(found.key) for found in bucket.list()}


# --- taking in --------------------------------------------------------------------------------------------------------


def test_what_is_pinned_can_be_had_back_and_is_known_to_the_sweep(bucket: Bucket, file: Path, tmp_path: Path) -> None:
    vault = Vault(bucket)
    receipt = vault.pin(version(), file, NOW)
    assert (receipt.sha256, receipt.size_bytes, receipt.received_at) == (SHA256, len(BODY), "2024-05-20T01:02:03Z")
    assert vault.receipt(version().document_id) == receipt
    assert list(vault.open_documents()) == [version().document_id]
    file.unlink()
    vault.download_original(SHA256, tmp_path / "back.pdf")
    assert (tmp_path / "back.pdf").read_bytes() == BODY


def test_pinning_again_later_changes_nothing(bucket: Bucket, file: Path) -> None:
    first = Vault(bucket).pin(version(), file, NOW)
    before = contents(bucket)
    assert Vault(bucket).pin(version(), file, NOW + timedelta(days=3)) == first
    assert contents(bucket) == before


def test_pinning_again_after_the_outcome_does_not_open_the_document_again(bucket: Bucket, file: Path) -> None:
    vault = Vault(bucket)
    vault.pin(version(), file, NOW)
    vault.record_outcome(version().document_id, Rejected((find("empty-file"),)), {})
    vault.pin(version(), file, NOW)
    assert list(vault.open_documents()) == []


def test_pinning_killed_at_any_write_is_finished_by_the_next_run(
    embedded_store: EmbeddedStore, tmp_path: Path, file: Path
) -> None:
    def pin(bucket: Bucket) -> None:
        Vault(bucket).pin(version(), file, NOW)

    whole, fuse = World.fresh(embedded_store, tmp_path).private, Fuse()
    pin(MortalBucket(whole, fuse))
    wanted = contents(whole)
    assert len(fuse.writes) == 4
    for at in range(1, 5):
        for after in (False, True):
            bucket = World.fresh(embedded_store, tmp_path).private
            with pytest.raises(Killed):
                pin(MortalBucket(bucket, Fuse(at, after)))
            assert not Vault(bucket).counts(NOW.date()).lost, "counted as received, unknown to the sweep"
            pin(bucket)
            assert contents(bucket) == wanted


def test_a_damaged_original_is_never_given_out(bucket: Bucket, file: Path, tmp_path: Path) -> None:
    vault = Vault(bucket)
    vault.pin(version(), file, NOW)
    bucket.put(original_key(SHA256), b"%PDF-1.7 A letter", content_type="application/pdf")
    with pytest.raises(OriginalDamaged):
        vault.download_original(SHA256, tmp_path / "back.pdf")
    assert not (tmp_path / "back.pdf").exists()
    with pytest.raises(OriginalDamaged):
        vault.pin(version(), file, NOW)


def test_one_object_version_with_two_contents_is_reported_and_the_first_stands(bucket: Bucket, file: Path) -> None:
    vault = Vault(bucket)
    receipt = vault.pin(version(), file, NOW)
    file.write_bytes(b"%PDF-1.7 B letter")
    with pytest.raises(ReceiptContradicted):
        vault.pin(version(), file, NOW)
    assert vault.receipt(version().document_id) == receipt


# --- fates ------------------------------------------------------------------------------------------------------------

PLACE = Seen("甲", "甲 ", Box(2, 1.5, 2.0, 3.0, 4.0))
FINDINGS: tuple[Finding, ...] = (find("empty-file"), find("not-a-pdf", PLACE, name="值"))
OUTCOMES: tuple[Outcome, ...] = (
    Published("990199-abcdefghijkl", 2, "doc/990199-abcdefghijkl/v2/manifest.json", FINDINGS),
    Unchanged("990199-abcdefghijkl", 1, "doc/990199-abcdefghijkl/v1/manifest.json"),
    Held(FINDINGS),
    Rejected(FINDINGS),
)


@pytest.mark.parametrize("outcome", OUTCOMES, ids=lambda outcome: type(outcome).__name__)
def test_a_fate_read_back_is_the_fate_that_was_written(bucket: Bucket, file: Path, outcome: Outcome) -> None:
    vault, document = Vault(bucket), version().document_id
    vault.pin(version(), file, NOW)
    assert vault.outcome(document) is None
    assert vault.record_outcome(document, outcome, {"fate": "…"}) == outcome
    assert vault.outcome(document) == outcome
    assert vault.record(document) == {"fate": "…"}
    assert list(vault.open_documents()) == []


def test_the_first_fate_stands_with_the_record_that_led_to_it(bucket: Bucket, file: Path) -> None:
    vault, document = Vault(bucket), version().document_id
    vault.pin(version(), file, NOW)
    vault.record_outcome(document, Held(FINDINGS), {"n": 1})
    before = contents(bucket)
    assert vault.record_outcome(document, Rejected(()), {"n": 2}) == Held(FINDINGS)
    assert contents(bucket) == before


def test_nothing_that_was_not_received_gets_a_fate(bucket: Bucket) -> None:
    with pytest.raises(ObjectMissing):
        Vault(bucket).record_outcome("0" * 32, Held(()), {})
    assert contents(bucket) == {}


def test_recording_a_fate_killed_at_any_write_is_finished_by_the_next_run(
    embedded_store: EmbeddedStore, tmp_path: Path, file: Path
) -> None:
    """Until it is finished the sweep knows the document; afterwards the marker is gone and all counts agree."""
    document, fuse = version().document_id, Fuse()
    whole = World.fresh(embedded_store, tmp_path).private
    Vault(whole).pin(version(), file, NOW)
    Vault(MortalBucket(whole, fuse)).record_outcome(document, OUTCOMES[0], {"n": 1})
    assert fuse.writes[-1] == open_key(document)
    for at in range(1, len(fuse.writes) + 1):
        for after in (False, True):
            bucket = World.fresh(embedded_store, tmp_path).private
            Vault(bucket).pin(version(), file, NOW)
            with pytest.raises(Killed):
                Vault(MortalBucket(bucket, Fuse(at, after))).record_outcome(document, OUTCOMES[0], {"n": 1})
            finished = at == len(fuse.writes) and after
            assert list(Vault(bucket).open_documents()) == ([] if finished else [document])
            Vault(bucket).record_outcome(document, OUTCOMES[0], {"n": 1})
            assert contents(bucket) == contents(whole)
            assert Vault(bucket).counts(NOW.date()).balanced


# --- counting ---------------------------------------------------------------------------------------------------------


def _received(vault: Vault, file: Path, name: str, at: datetime, outcome: Outcome | None) -> str:
    document = version(name)
    vault.pin(document, file, at)
    if isinstance(outcome, Held):
        vault.hold(a_sheet(document.document_id))
    if outcome is not None:
        vault.record_outcome(document.document_id, outcome, {})
    return document.document_id


def test_every_document_is_counted_once_under_its_fate_and_on_the_day_it_was_received(
    bucket: Bucket, file: Path
) -> None:
    vault = Vault(bucket)
    for number, outcome in enumerate((*OUTCOMES, OUTCOMES[0], None)):
        _received(vault, file, f"{number}.pdf", NOW, outcome)
    # 16:30 UTC is half past midnight of the next day in China.
    _received(vault, file, "late.pdf", datetime(2024, 5, 20, 16, 30, tzinfo=UTC), OUTCOMES[3])
    day = Counts(received=6, published=2, unchanged=1, held=1, rejected=1, open=1)
    assert vault.counts_of(date(2024, 5, 20)) == day
    assert vault.counts_of(date(2024, 5, 21)) == Counts(received=1, rejected=1)
    assert vault.counts(date(2024, 5, 21)) == day + Counts(received=1, rejected=1)
    assert day.balanced


def test_a_document_that_was_received_and_is_neither_settled_nor_open_shows_as_lost(bucket: Bucket, file: Path) -> None:
    vault = Vault(bucket)
    document = _received(vault, file, "a.pdf", NOW, None)
    assert vault.counts(NOW.date()).balanced
    bucket.delete(open_key(document))
    counts = vault.counts(NOW.date())
    assert counts.lost == 1
    assert not counts.balanced


def test_adding_up_finished_days_changes_no_count_and_saves_the_listing_of_them(bucket: Bucket, file: Path) -> None:
    vault = Vault(bucket)
    for number in range(6):
        _received(vault, file, f"{number}.pdf", NOW + timedelta(days=number), OUTCOMES[number % 4])
    held = version("2.pdf").document_id
    open_document = _received(vault, file, "open.pdf", NOW + timedelta(days=4), None)
    today = date(2024, 5, 30)
    counted = vault.counts(today)
    vault.add_up(today)
    total = bucket.get(LEDGER_TOTAL)
    assert b'"through":"2024-05-23"' in total, "a day with an open document is not finished"
    assert vault.counts(today) == counted
    vault.record_outcome(open_document, Rejected(()), {})
    vault.add_up(today)
    vault.add_up(today)
    assert b'"through":"2024-05-28"' in bucket.get(LEDGER_TOTAL)
    settled = vault.counts(today)
    assert settled == replace(counted, open=0, rejected=counted.rejected + 1)
    assert settled.balanced

    class Listed(Bucket):
        def list(self, prefix: str = "") -> Iterator[object]:  # type: ignore[override]
            prefixes.append(prefix)
            return super().list(prefix)

    prefixes: list[str] = []
    Vault(Listed(bucket.client, bucket.name)).counts(today)
    assert prefixes == ["held/", "open/", "ledger/2024-05-29/", "ledger/2024-05-30/"]
    vault.end_holding(held, OUTCOMES[0], {})
    decided = replace(settled, held=settled.held - 1, published=settled.published + 1, decided=1)
    assert vault.counts(today) == decided, "long after its day was added up"
    vault.add_up(today)
    vault.add_up(today)
    assert vault.counts(today) == decided
    bucket.delete(LEDGER_TOTAL)
    assert vault.counts(today) == decided, "the total is only a saving"


def test_everything_received_can_be_listed(bucket: Bucket, file: Path) -> None:
    vault = Vault(bucket)
    documents = [_received(vault, file, f"{n}.pdf", NOW, outcome) for n, outcome in enumerate((*OUTCOMES, None))]
    assert [receipt.document_id for receipt in vault.receipts()] == sorted(documents)


# --- what waits for a person ------------------------------------------------------------------------------------------

SHEET = a_sheet(version().document_id)


@pytest.fixture
def holding(bucket: Bucket, file: Path) -> Vault:
    vault = Vault(bucket)
    vault.pin(version(), file, NOW)
    vault.hold(SHEET)
    vault.record_outcome(SHEET.document_id, Held(FINDINGS), {"n": 1})
    return vault


def test_a_held_document_has_its_sheet_until_it_is_decided(holding: Vault) -> None:
    assert list(holding.held_documents()) == [SHEET.document_id]
    assert holding.sheet(SHEET.document_id) == SHEET
    holding.bucket.put(review_page_key(SHEET.document_id, 1), b"<svg/>", content_type="image/svg+xml")
    assert holding.end_holding(SHEET.document_id, OUTCOMES[0], {"n": 2}) == OUTCOMES[0]
    assert holding.outcome(SHEET.document_id) == OUTCOMES[0]
    assert (holding.record(SHEET.document_id), holding.decided_record(SHEET.document_id)) == ({"n": 1}, {"n": 2})
    assert (list(holding.held_documents()), list(holding.open_documents())) == ([], [])
    assert list(holding.bucket.list("review/")) == []
    assert holding.counts(NOW.date()) == Counts(received=1, published=1, decided=1)


def test_the_first_decided_fate_stands(holding: Vault) -> None:
    holding.end_holding(SHEET.document_id, OUTCOMES[0], {})
    assert holding.end_holding(SHEET.document_id, Rejected(()), {}) == OUTCOMES[0]
    with pytest.raises(ObjectMissing):
        holding.decide(a_decision(), SHEET.document_id)


def test_decisions_are_kept_in_order_once_each_and_put_the_document_on_the_sweeps_list(holding: Vault) -> None:
    first, second = a_decision(), a_decision("程岸", Verdict.SEND_BACK)
    assert list(holding.open_documents()) == []
    assert [holding.decide(each, SHEET.document_id) for each in (first, second, first, second)] == [1, 2, 1, 2]
    assert holding.decisions(SHEET.document_id) == (first, second)
    assert list(holding.open_documents()) == [SHEET.document_id]
    assert holding.counts(NOW.date()) == Counts(received=1, held=1)
    receipt = holding.receipt(SHEET.document_id)
    assert receipt is not None
    holding.wait_on(receipt, 1)
    assert list(holding.open_documents()) == [SHEET.document_id], "another was made meanwhile"
    holding.wait_on(receipt, 2)
    assert list(holding.open_documents()) == []


def test_nothing_that_does_not_wait_can_be_decided(bucket: Bucket, file: Path) -> None:
    vault = Vault(bucket)
    vault.pin(version(), file, NOW)
    with pytest.raises(ObjectMissing):
        vault.decide(a_decision(), version().document_id)
    with pytest.raises(ObjectMissing):
        vault.end_holding("0" * 32, OUTCOMES[0], {})
    assert list(bucket.list("decisions/")) == []


def test_ending_a_hold_killed_at_any_write_is_finished_by_the_next_run(
    embedded_store: EmbeddedStore, tmp_path: Path, file: Path
) -> None:
    """Until it is finished the sweep knows the document: a decision put it on its list."""

    def held(bucket: Bucket) -> None:
        vault = Vault(bucket)
        vault.pin(version(), file, NOW)
        vault.hold(SHEET)
        vault.record_outcome(SHEET.document_id, Held(FINDINGS), {})
        vault.decide(a_decision(), SHEET.document_id)

    whole, fuse = World.fresh(embedded_store, tmp_path).private, Fuse()
    held(whole)
    Vault(MortalBucket(whole, fuse)).end_holding(SHEET.document_id, OUTCOMES[0], {"n": 2})
    for at in range(1, len(fuse.writes) + 1):
        bucket = World.fresh(embedded_store, tmp_path).private
        held(bucket)
        with pytest.raises(Killed):
            Vault(MortalBucket(bucket, Fuse(at, True))).end_holding(SHEET.document_id, OUTCOMES[0], {"n": 2})
        if at < len(fuse.writes):
            left = {*Vault(bucket).open_documents(), *Vault(bucket).held_documents()}
            assert left == {SHEET.document_id}, "the sweep finds it by one of its two lists"
        Vault(bucket).end_holding(SHEET.document_id, OUTCOMES[0], {"n": 2})
        assert contents(bucket) == contents(whole)
        assert Vault(bucket).counts(NOW.date()).balanced


# --- identities and publications --------------------------------------------------------------------------------------


def test_an_identity_belongs_to_the_first_reply_that_claims_it(bucket: Bucket) -> None:
    vault = Vault(bucket)
    assert vault.reply_of("a" * 64) is None
    assert vault.claim_identity("a" * 64, "990199-aaaaaaaaaaaa") == "990199-aaaaaaaaaaaa"
    assert vault.claim_identity("a" * 64, "990199-bbbbbbbbbbbb") == "990199-aaaaaaaaaaaa"
    assert vault.reply_of("a" * 64) == "990199-aaaaaaaaaaaa"


def test_a_publication_is_found_by_its_document_and_by_its_version(bucket: Bucket) -> None:
    vault = Vault(bucket)
    record = PublicationRecord("d" * 32, "990199-abcdefghijkl", 2, "2024-05-20T01:02:03Z", "a" * 64, "b" * 64)
    vault.intend(record)
    vault.record_publication(record)
    assert vault.publication("d" * 32) == record
    assert vault.publication_of("990199-abcdefghijkl", 2, "b" * 64) == record
    assert vault.publication_of("990199-abcdefghijkl", 2, "c" * 64) is None
