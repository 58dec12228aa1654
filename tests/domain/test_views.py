"""Originals, statistics and search follow the log: the same bytes by every way, nothing left of what was taken down."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.gate.evidence import SignatureStatus, SignatureVerdict
from domain.publication.canonical_json import canonical_json, parse_json, sha256_hex
from domain.publication.change_log import Change, LogEntry
from domain.publication.counts import STATISTICS
from domain.publication.derived import Announcement, Derived, follow
from domain.publication.manifest import (
    Artifact,
    ArtifactRole,
    Provenance,
    State,
    manifest_of,
    reply_artifact,
    tombstone_of,
)
from domain.publication.notice import Notice, Reason
from domain.publication.originals import originals_key
from domain.reading.paragraph import Paragraph, Role
from domain.search import index
from domain.search.change import search_after
from domain.search.segment import from_bytes
from tests.domain.test_rendition import a_reply
from tests.portal.fixture_bucket import reply_id_of

WORDS = ("加装电梯", "河道照明", "老街饮水", "社区食堂", "校门疏导")
Store = dict[str, Derived]


def announced(number: int, sequence: int, version: int, words: str) -> Announcement:
    """Version of reply `number` with these words in it."""
    reply = replace(a_reply(), paragraphs=(Paragraph(Role.BODY, f"关于{words}，已经办理。", 1),))
    reply_id, original = reply_id_of(number), f"{number} {version}".encode()
    body = canonical_json(reply_artifact(reply))
    artifacts = [
        Artifact.of(reply_id, ArtifactRole.ORIGINAL, original),
        Artifact.of(reply_id, ArtifactRole.REPLY_JSON, body),
        Artifact.of(reply_id, ArtifactRole.TEXT, words.encode()),
    ]
    verdict = SignatureVerdict(SignatureStatus.VALID, "签名完好。", (reply.issuing_authority,))
    provenance = Provenance(sha256_hex(original), len(original), verdict, "0.1.0", "1", ("pdfium",))
    at = f"2026-01-{sequence % 28 + 1:02d}T01:00:00Z"
    manifest = manifest_of(
        reply, reply_id=reply_id, version=version, published_at=at, artifacts=artifacts, provenance=provenance
    )
    change = Change.CORRECT if version > 1 else Change.PUBLISH
    return Announcement(_entry(sequence, change, number, version), manifest, parse_json(body))


def taken_down(number: int, sequence: int, version: int) -> Announcement:
    """The tombstone of reply `number`."""
    at = "2026-02-01T01:00:00Z"
    tombstone = tombstone_of(reply_id_of(number), version, State.WITHDRAWN, Notice(Reason.OTHER), at)
    return Announcement(_entry(sequence, Change.WITHDRAW, number, version), tombstone, None)


def _entry(sequence: int, change: Change, number: int, version: int) -> LogEntry:
    at = f"2026-01-{sequence % 28 + 1:02d}T01:00:00Z"
    return LogEntry(sequence, change, reply_id_of(number), version, number, "0" * 64, 1, at)


def history(seed: int) -> list[Announcement]:
    """Publications, corrections and withdrawals."""
    chance = random.Random(seed)
    versions: dict[int, int] = {}
    gone: set[int] = set()
    log: list[Announcement] = []
    for sequence in range(1, chance.randint(2, 25)):
        live = sorted(set(versions) - gone)
        kind = chance.choice(["publish", "publish", "correct", "withdraw"]) if live else "publish"
        number = len(versions) if kind == "publish" else chance.choice(live)
        versions[number] = versions.get(number, 0) + 1
        if kind == "withdraw":
            gone.add(number)
            log.append(taken_down(number, sequence, versions[number]))
        else:
            log.append(announced(number, sequence, versions[number], chance.choice(WORDS)))
    return log


def apply(store: Store, batch: Sequence[Announcement]) -> None:
    """Carry the changes out."""
    for key, made in follow(batch, looking(store)).items():
        if made is None:
            store.pop(key, None)
        else:
            store[key] = made


def looking(store: Store) -> Callable[[str], bytes | None]:
    """The bytes by key."""
    return lambda key: store[key].body if key in store else None


def afterwards(log: Sequence[Announcement]) -> list[Announcement]:
    """The log as it is read later: what was taken down has left nothing but its entries."""
    last = {each.entry.reply_id: each for each in log}
    return [
        Announcement(each.entry, None, None)
        if last[each.entry.reply_id].entry.change.takes_down and last[each.entry.reply_id] is not each
        else each
        for each in log
    ]


@pytest.fixture(autouse=True)
def _small_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "CAPACITIES", (3, 6, 12))


@settings(max_examples=12)
@given(st.integers(0, 10**9), st.data())
def test_batches_do_not_matter_and_a_rebuild_gives_the_same(seed: int, data: st.DataObject) -> None:
    """One by one, in batches, twice, or all at once after withdrawals have removed their manifests."""
    log = history(seed)
    store: Store = {}
    start = 0
    while start < len(log):
        end = start + data.draw(st.integers(1, 7))
        apply(store, log[start:end])
        apply(store, log[start:end])
        start = end
    again: Store = {}
    apply(again, afterwards(log))
    pages_of_gone = {key for key in store if key.startswith("r/")} - set(again)
    assert not pages_of_gone
    assert {key: made.body for key, made in store.items()} == {key: made.body for key, made in again.items()}


@settings(max_examples=10)
@given(st.integers(0, 10**9), st.data())
def test_the_index_is_finished_after_a_writer_was_stopped(seed: int, data: st.DataObject) -> None:
    """Killed between any two objects, and begun again with as many entries or more, it ends the same."""
    log = history(seed)
    cut = data.draw(st.integers(0, len(log) - 1))
    store: dict[str, bytes] = {}
    for batch in (log[:cut], log[cut:]):
        stops = [data.draw(st.integers(1, len(batch))), data.draw(st.integers(0, 6))] if batch else [0, 0]
        write(store, batch[: stops[0]], stops[1])
        write(store, batch)
    assert store == write({}, log)


def write(store: dict[str, bytes], batch: Sequence[Announcement], stop_after: int = 1000) -> dict[str, bytes]:
    """The index after the entries, or after as many of its writes."""
    changes = search_after([(each.entry, each.manifest, each.reply) for each in batch], store.get)
    for key, body in list(changes.items())[:stop_after]:
        if body is None:
            del store[key]
        else:
            store[key] = body
    return store


def test_a_withdrawn_reply_is_in_no_list(monkeypatch: pytest.MonkeyPatch) -> None:
    """No list of originals, no count and no segment knows it any more, not even of its corrected version."""
    store: Store = {}
    log = [announced(0, 1, 1, "加装电梯"), announced(1, 2, 1, "河道照明"), announced(0, 3, 2, "社区食堂")]
    apply(store, log)
    digest = sha256_hex(b"0 1")
    assert parse_json(store[originals_key(digest)].body)[digest]["version"] == 1
    assert sum(parse_json(store[STATISTICS].body)["months"].values()) == 2
    apply(store, [taken_down(0, 4, 3)])
    for made in store.values():
        assert digest.encode() not in made.body
        assert sha256_hex(b"0 2").encode() not in made.body
    assert sum(parse_json(store[STATISTICS].body)["months"].values()) == 1
    keys: set[bytes] = set()
    for key, made in store.items():
        if key.endswith(".seg"):
            keys |= set(from_bytes(made.body).postings)
    assert "照明".encode() in keys
    assert not {"电梯".encode(), "食堂".encode()} & keys
