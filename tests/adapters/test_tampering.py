"""Whatever is done to what was published, a reader who pinned a key notices: in `fuwen verify`, and as a consumer."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from adapters.record.publisher_key import PublisherKey
from adapters.record.record_audit import Cursor, PublicFolder, audit
from adapters.record.withdrawal import Order
from domain.fate import Published
from domain.publication.canonical_json import canonical_json, parse_json
from domain.publication.checkpoint import Checkpoint
from domain.publication.notice import Notice, Reason
from domain.publication.object_keys import CHECKPOINT, envelope_key, manifest_key
from domain.publication.tiles import bundle_of, entries_of
from tests.adapters.publishing import KEY, LATER, NOW, PINNED, World, numbered

ROOT = Path(__file__).parents[2]
FORGER = PublisherKey(KEY.name, Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33))))
SOON = NOW.replace(day=28)


def _consumer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("fuwen_consumer", ROOT / "docs" / "consumer" / "fuwen_consumer.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


CONSUMER = _consumer()
Files = dict[str, bytes]


def _published(folder: Path, count: int) -> World:
    world = World.in_memory(folder)
    editions = [world.edition(f"%PDF-1.7 {n}".encode(), numbered(n)) for n in range(1, count + 1)]
    world.publisher().publish_many(editions, NOW)
    return world


@pytest.fixture(scope="module")
def states(tmp_path_factory: pytest.TempPathFactory) -> tuple[Files, Files, Cursor, dict[str, object]]:
    """Five replies; then one more, a correction and a withdrawal; what a reader remembers of the first state."""
    world = _published(tmp_path_factory.mktemp("tampering"), 5)
    before = world.published()
    cursor = audit(world.public, keys=PINNED, now=SOON).cursor
    assert cursor
    publisher = world.publisher()
    publisher.publish(world.edition(b"%PDF-1.7 6", numbered(6)), NOW)
    publisher.publish(world.edition(b"%PDF-1.7 2b", numbered(2), correcting=True), NOW)
    gone = publisher.publish(world.edition(b"%PDF-1.7 3", numbered(3)), NOW)
    assert isinstance(gone, Published)
    world.withdrawals().take_down(Order(gone.reply_id, Notice(Reason.REVOKED), "甲某"), NOW)
    return before, world.published(), cursor, cursor.as_json()


def flipped(files: Files, before: Files) -> None:
    key = next(key for key in files if key.endswith(".pdf"))
    files[key] = files[key][:-1] + bytes([files[key][-1] ^ 1])


def entry_removed(files: Files, before: Files) -> None:
    key = "tile/entries/000.p/8"
    files[key] = bundle_of(entries_of(files[key])[:-1])


def entry_removed_and_counted_less(files: Files, before: Files) -> None:
    head = Checkpoint.parse(files[CHECKPOINT].decode())
    files[CHECKPOINT] = FORGER.sign_checkpoint(replace(head, size=head.size - 1))


def rolled_back(files: Files, before: Files) -> None:
    files.clear()
    files.update(before)


def manifest_swapped(files: Files, before: Files) -> None:
    first, second = [key for key in sorted(files) if key.endswith("/v1/manifest.json")][:2]
    files[first], files[second] = files[second], files[first]


def signature_forged(files: Files, before: Files) -> None:
    head = Checkpoint.parse(files[CHECKPOINT].decode())
    files[CHECKPOINT] = FORGER.sign_checkpoint(head)


def signature_of_nobody(files: Files, before: Files) -> None:
    files[CHECKPOINT] = files[CHECKPOINT].replace(b"replies 6", b"replies 7")


def history_rewritten(files: Files, before: Files) -> None:
    key = "tile/entries/000.p/8"
    entries = entries_of(files[key])
    entries[0] = canonical_json(parse_json(entries[0]) | {"manifest_size_bytes": 1})
    files[key] = bundle_of(entries)


def segment_cut(files: Files, before: Files) -> None:
    files["tile/entries/000.p/8"] = files["tile/entries/000.p/8"][:-7]


def hashes_cut(files: Files, before: Files) -> None:
    files["tile/0/000.p/8"] = files["tile/0/000.p/8"][:-32]


def segment_gone(files: Files, before: Files) -> None:
    del files["tile/entries/000.p/8"]


TAMPERED: list[Callable[[Files, Files], None]] = [
    flipped, entry_removed, entry_removed_and_counted_less, rolled_back, manifest_swapped, signature_forged,
    signature_of_nobody, history_rewritten, segment_cut, hashes_cut, segment_gone,
]  # fmt: skip


def _folder(path: Path, files: Files) -> PublicFolder:
    for key, body in files.items():
        (path / key).parent.mkdir(parents=True, exist_ok=True)
        (path / key).write_bytes(body)
    return PublicFolder(path)


def _follow(path: Path, cursor: dict[str, object] | None, now: datetime = SOON) -> list[dict[str, object]]:
    reader = CONSUMER.Consumer(str(path), KEY.verifier_keys, now)
    changes = list(reader.changes(cursor))
    for change in changes:
        for artifact in (change["manifest"] or {}).get("artifacts", []):
            reader.artifact(artifact)
    return changes


def test_what_nobody_touched_is_sound_and_a_cursor_reads_only_what_is_new(
    states: tuple[Files, Files, Cursor, dict[str, object]], tmp_path: Path
) -> None:
    _, files, cursor, remembered = states
    objects = _folder(tmp_path, files)
    assert audit(objects, keys=PINNED, now=SOON).faults == ()
    checked: list[int] = []
    found = audit(objects, keys=PINNED, now=SOON, since=cursor, on_entry=lambda _, total: checked.append(total))
    assert found.faults == ()
    assert checked == [3, 3, 3]
    assert [change["change"] for change in _follow(tmp_path, remembered)] == ["publish", "correct", "withdraw"]
    assert len(_follow(tmp_path, None)) == 8
    assert [change["manifest"] is None for change in _follow(tmp_path, None)].count(True) == 1


@pytest.mark.parametrize("tamper", TAMPERED, ids=lambda tamper: tamper.__name__)
def test_tampering_is_noticed(
    states: tuple[Files, Files, Cursor, dict[str, object]], tmp_path: Path, tamper: Callable[[Files, Files], None]
) -> None:
    before, after, _, _ = states
    files = dict(after)
    tamper(files, before)
    objects = _folder(tmp_path, files)
    # Only who was there before can know that there was more.
    since = _newest(after) if tamper is rolled_back else None
    assert audit(objects, keys=PINNED, now=SOON, since=since).faults
    with pytest.raises((CONSUMER.Tampered, FileNotFoundError)):
        _follow(tmp_path, since.as_json() if since else None)


def _newest(files: Files) -> Cursor:
    head = Checkpoint.parse(files[CHECKPOINT].decode())
    return Cursor(head.size, head.root, head.time)


def test_a_stale_head_is_noticed(states: tuple[Files, Files, Cursor, dict[str, object]], tmp_path: Path) -> None:
    objects = _folder(tmp_path, states[1])
    late = datetime(2024, 7, 1, tzinfo=UTC)
    assert any("过期" in zh for zh, _ in audit(objects, keys=PINNED, now=late).faults)
    with pytest.raises(CONSUMER.Tampered, match="expired"):
        _follow(tmp_path, None, late)


def test_an_envelope_by_a_stranger_is_noticed(
    states: tuple[Files, Files, Cursor, dict[str, object]], tmp_path: Path
) -> None:
    files = dict(states[1])
    key = next(key for key in sorted(files) if key.endswith("/v1/manifest.json"))
    reply_id = key.split("/")[1]
    files[envelope_key(reply_id, 1)] = canonical_json(FORGER.sign_manifest(files[manifest_key(reply_id, 1)]))
    faults = audit(_folder(tmp_path, files), keys=PINNED, now=SOON).faults
    assert any(envelope_key(reply_id, 1) in zh for zh, _ in faults)


def test_the_checkpoint_is_signed_anew_after_a_day_and_only_then(tmp_path: Path) -> None:
    world = _published(tmp_path, 1)
    before = world.published()
    world.publisher().refresh(NOW.replace(hour=23))
    assert world.published() == before
    world.publisher().refresh(LATER)
    after = world.published()
    assert {key for key in after if after[key] != before[key]} == {CHECKPOINT}
    assert audit(world.public, keys=PINNED, now=LATER).faults == ()


def test_both_keys_sign_while_one_follows_the_other(tmp_path: Path) -> None:
    both = replace(FORGER, previous=KEY.private)
    head = Checkpoint(KEY.name, 1, bytes(32), "2024-05-20T01:02:03Z", "2024-06-03T01:02:03Z", 1)
    assert PINNED.open_checkpoint(both.sign_checkpoint(head)) == head
    assert PINNED.open_envelope(canonical_json(both.sign_manifest(b"{}"))) == b"{}"
    assert PINNED.open_checkpoint(FORGER.sign_checkpoint(head)) is None
