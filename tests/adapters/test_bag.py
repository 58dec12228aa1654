"""The bag for archives: whole, the same every time, without a word of what was taken down."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

import pytest

from adapters.record.bag import NotWhole, write_bag
from adapters.record.public_objects import PublicObjects
from adapters.record.withdrawal import Order
from cli.main import main
from domain.fate import Published
from domain.publication.canonical_json import parse_json, sha256_hex
from domain.publication.notice import Notice, Reason
from domain.publication.object_keys import CHECKPOINT, SITE, manifest_key
from tests.adapters.publishing import KEY, NOW, PINNED, World, numbered

PINNED_LINES = list(KEY.verifier_keys)
WORDS = {1: "河畔步道", 2: "清溪路饮水点", 3: "校门疏导"}


def publish(world: World, number: int, **changes: object) -> Published:
    letter = replace(numbered(number), title=f"关于{WORDS[number]}的答复")
    done = world.publisher().publish(world.edition(f"%PDF {number} {changes}".encode(), letter, **changes), NOW)
    assert isinstance(done, Published)
    return done


@pytest.fixture
def archive(tmp_path: Path) -> World:
    """Three replies; the first is corrected, the third taken down."""
    world = World.in_memory(tmp_path).bring_keys().at_an_address()
    for number in WORDS:
        publish(world, number)
    publish(world, 1, correcting=True)
    take_down(world, publish_again_id(world, 3))
    return world


def publish_again_id(world: World, number: int) -> str:
    """The id of a reply that is public: dropping the same file again says it."""
    return publish(world, number).reply_id


def take_down(world: World, reply_id: str) -> None:
    world.withdrawals().take_down(Order(reply_id, Notice(Reason.OTHER), "one", "another"), NOW)


def bag_of(objects: PublicObjects, folder: Path) -> dict[str, bytes]:
    write_bag(objects, folder, now=NOW, software="fuwen 0", keys=PINNED)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_bag_holds_every_public_version_and_only_tombstones_of_what_is_gone(archive: World, tmp_path: Path) -> None:
    bag = bag_of(archive.public, tmp_path / "bag")
    payload = {name: body for name, body in bag.items() if name.startswith("data/")}
    listed = dict(line.split("  ")[::-1] for line in bag["manifest-sha256.txt"].decode().splitlines())
    assert listed == {name: sha256_hex(body) for name, body in payload.items()}
    everything = b"\n".join(bag.values()).decode(errors="replace")
    assert WORDS[2] in everything
    assert WORDS[3] not in everything
    manifests = [parse_json(body) for name, body in payload.items() if name.endswith("/manifest.json")]
    assert sorted((each["state"], each["version"]) for each in manifests) == [
        ("corrected", 2),
        ("published", 1),
        ("published", 1),
        ("withdrawn", 2),
    ]
    for each in manifests:
        for artifact in each.get("artifacts", []):
            assert sha256_hex(payload[f"data/{artifact['key']}"]) == artifact["sha256"]
    assert bag_of(archive.public, tmp_path / "again") == bag


@pytest.mark.parametrize("moment", ["before it is read", "after it was read"])
def test_what_is_taken_down_meanwhile_is_not_in_it(archive: World, tmp_path: Path, moment: str) -> None:
    """The log goes on while it is read: the bag is begun again, and nothing of the first try stays."""
    reply_id = publish_again_id(archive, 2)
    at = {"before it is read": manifest_key(reply_id, 1), "after it was read": SITE}[moment]

    class Overtaken:
        asked: ClassVar[list[str]] = []

        def get(self, key: str, /) -> bytes:
            self.asked.append(key)
            if key == at and self.asked.count(at) == 1:
                take_down(archive, reply_id)
            return archive.public.get(key)

    bag = bag_of(Overtaken(), tmp_path / "bag")
    assert WORDS[2] not in b"\n".join(bag.values()).decode(errors="replace")
    assert bag == bag_of(archive.public, tmp_path / "again")


@pytest.mark.parametrize("suffix", [".pdf", "/v1/manifest.json", "/v1/manifest.dsse.json"])
def test_of_what_is_not_whole_no_bag_is_made(archive: World, tmp_path: Path, suffix: str) -> None:
    key = next(found.key for found in archive.public.list("doc/") if found.key.endswith(suffix))
    archive.public.put(key, b"other", content_type="text/plain")
    with pytest.raises(NotWhole) as broken:
        bag_of(archive.public, tmp_path / "bag")
    assert key in str(broken.value)
    assert not (tmp_path / "bag" / "data").exists()


def test_the_command_exports_a_copy_of_the_bucket(
    archive: World, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FUWEN_LANG", "en")
    copy, bag = tmp_path / "copy", tmp_path / "bag"
    for found in list(archive.public.list()):
        (copy / found.key).parent.mkdir(parents=True, exist_ok=True)
        (copy / found.key).write_bytes(archive.public.get(found.key))
    expired = [str(copy), "--bagit", str(bag), "--key", *PINNED_LINES]
    assert main(["export", *expired]) == 1
    assert "expired" in capsys.readouterr().out
    assert main(["export", "--bagit", str(copy), str(copy)]) == 2
    assert main(["export", "--bagit", str(bag), str(tmp_path / "nowhere")]) == 2
    assert not bag.exists()
    (copy / CHECKPOINT).unlink()
    assert main(["export", "--bagit", str(bag), str(copy)]) == 1


def test_the_command_says_what_it_exported_and_that_an_empty_place_is_no_record(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FUWEN_LANG", "en")
    world, copy, bag = World.in_memory(tmp_path).bring_keys(), tmp_path / "copy", tmp_path / "bag"
    assert isinstance(world.publisher().publish(world.edition(b"%PDF", numbered(1)), datetime.now(UTC)), Published)
    for found in list(world.public.list()):
        (copy / found.key).parent.mkdir(parents=True, exist_ok=True)
        (copy / found.key).write_bytes(world.public.get(found.key))
    assert main(["export", "--bagit", str(bag), str(copy), "--key", *PINNED_LINES]) == 0
    assert "1 replies" in capsys.readouterr().out
    assert (bag / "bagit.txt").exists()
    assert (bag / "data" / CHECKPOINT).read_bytes() == world.public.get(CHECKPOINT)
    (tmp_path / "empty").mkdir()
    assert main(["export", "--bagit", str(tmp_path / "none"), str(tmp_path / "empty")]) == 1
    assert "no public record" in capsys.readouterr().out
    assert not (tmp_path / "none").exists()
