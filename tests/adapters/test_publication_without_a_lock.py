"""Where the store decides between writers, publishers need no lock: whoever comes helps, and nobody undoes anything."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from adapters.record.public_record import PublicRecord
from adapters.record.publication import Edition, Refusal, Refused
from adapters.record.record_audit import verify
from adapters.record.vault import Vault
from adapters.store.object_store import WriteMode
from domain.fate import Published, Unchanged
from tests.adapters.publishing import KEY, LATER, NOW, PINNED, World, numbered, read_like_a_consumer, summary

Editions = Callable[[World], tuple[Edition, Edition]]


def _two_replies(world: World) -> tuple[Edition, Edition]:
    return world.edition(b"%PDF-1.7 A", numbered(1)), world.edition(b"%PDF-1.7 B", numbered(2))


def _two_corrections(world: World) -> tuple[Edition, Edition]:
    world.lockless_publisher().publish(world.edition(), NOW)
    return world.edition(b"%PDF-1.7 A", correcting=True), world.edition(b"%PDF-1.7 B", correcting=True)


def _a_reply_and_its_correction(world: World) -> tuple[Edition, Edition]:
    return world.edition(), world.edition(b"%PDF-1.7 corrected", correcting=True)


def _one_identity_twice(world: World) -> tuple[Edition, Edition]:
    return world.edition(b"%PDF-1.7 A", summary()), world.edition(b"%PDF-1.7 B", summary())


def _one_document_twice(world: World) -> tuple[Edition, Edition]:
    return world.edition(), world.edition()


def _same_bytes_in_two_documents(world: World) -> tuple[Edition, Edition]:
    return world.edition(document_id="a" * 32), world.edition(document_id="b" * 32)


CASES: dict[Editions, Callable[[object, object], bool]] = {
    _two_replies: lambda a, b: isinstance(a, Published) and isinstance(b, Published),
    _two_corrections: lambda a, b: (
        isinstance(a, Published) and isinstance(b, Published) and {a.version, b.version} == {2, 3}
    ),
    _a_reply_and_its_correction: lambda a, b: (
        isinstance(a, Published)
        and a.version == 1
        and ((isinstance(b, Published) and b.version == 2) or _is_refused(b, Refusal.NOTHING_TO_CORRECT))
    ),
    _one_identity_twice: lambda a, b: (
        {type(a), type(b)} == {Published, Refused}
        and (_is_refused(a, Refusal.DUPLICATE_IDENTITY) or _is_refused(b, Refusal.DUPLICATE_IDENTITY))
    ),
    _one_document_twice: lambda a, b: a == b and isinstance(a, Published),
    _same_bytes_in_two_documents: lambda a, b: {type(a), type(b)} in ({Published, Unchanged}, {Published}),
}


def _is_refused(outcome: object, reason: Refusal) -> bool:
    return isinstance(outcome, Refused) and outcome.reason is reason


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__.strip("_"))
def test_a_publisher_that_is_overtaken_at_any_write_still_ends_well(tmp_path: Path, case: Editions) -> None:
    """One publisher sleeps before its k-th write while another does all of its work; then it wakes and goes on."""
    overtaken_at = 0
    while True:
        overtaken_at += 1
        world = World.in_memory(tmp_path, WriteMode.COMPARE_AND_SWAP)
        slow, fast = case(world)
        writes: list[str] = []
        of_the_fast: list[object] = []

        def overtake(
            key: str, *, at: int = overtaken_at, world: World = world, fast: Edition = fast,
            writes: list[str] = writes, of_the_fast: list[object] = of_the_fast,
        ) -> None:  # fmt: skip
            writes.append(key)
            if len(writes) == at:
                of_the_fast.append(world.lockless_publisher().publish(fast, LATER))

        of_the_slow = world.lockless_publisher(overtake).publish(slow, NOW)
        if not of_the_fast:
            break
        assert CASES[case](of_the_slow, of_the_fast[0]), (overtaken_at, of_the_slow, of_the_fast)
        assert verify(world.public, keys=PINNED) == []
        seen = read_like_a_consumer(world.public)
        _the_vault_knows_what_became_of(world, (slow, of_the_slow), (fast, of_the_fast[0]), seen)
    assert overtaken_at > 8


def _the_vault_knows_what_became_of(
    world: World, first: tuple[Edition, object], second: tuple[Edition, object], seen: dict[str, int]
) -> None:
    vault, record = Vault(world.private), PublicRecord(world.public, KEY)
    for edition, outcome in (first, second):
        if not isinstance(outcome, Published):
            continue
        assert seen[outcome.reply_id] >= outcome.version
        manifest = record.manifest(outcome.reply_id, outcome.version)
        assert manifest is not None
        kept = vault.publication_of(outcome.reply_id, outcome.version, manifest.sha256)
        assert kept is not None
        assert kept.document_id == edition.document_id or first[0].reply == second[0].reply
        assert kept.original_sha256 == edition.provenance.original_sha256


def test_many_publishers_without_a_lock_lose_no_entry(tmp_path: Path) -> None:
    world = World.in_memory(tmp_path, WriteMode.COMPARE_AND_SWAP)
    firsts = [world.edition(f"%PDF-1.7 {n}".encode(), numbered(n)) for n in range(1, 13)]
    corrections = [
        world.edition(f"%PDF-1.7 {n} corrected {m}".encode(), numbered(n), correcting=True)
        for n in (1, 2)
        for m in range(3)
    ]
    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(lambda one: world.lockless_publisher().publish(one, NOW), firsts))
        outcomes += pool.map(lambda one: world.lockless_publisher().publish(one, LATER), corrections)
    assert all(isinstance(outcome, Published) for outcome in outcomes)
    assert PublicRecord(world.public, KEY).head().sequence == 18
    assert sorted(read_like_a_consumer(world.public).values()) == [1] * 10 + [4, 4]
    assert verify(world.public, keys=PINNED) == []
