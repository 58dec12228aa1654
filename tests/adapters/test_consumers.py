"""Our own consumers against every scenario that a portal team tries its own on, and at every moment of a change."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import runpy
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from adapters.record.withdrawal import Order
from adapters.store.object_store import ObjectMissing
from cli.main import main
from domain.fate import Unchanged
from domain.publication.notice import Notice, Reason
from samples import scenarios
from tests.adapters.memory_bucket import MemoryBucket
from tests.adapters.publishing import KEY, NOW, MortalBucket, World, numbered

KIT = Path(__file__).parents[2] / "docs" / "consumer"
GOLDEN = Path(__file__).parent / "golden" / "scenarios.sha256"


def _module() -> ModuleType:
    spec = importlib.util.spec_from_file_location("fuwen_consumer", KIT / "fuwen_consumer.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


CONSUMER = _module()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("scenarios")
    scenarios.main(made)
    return made


NAMES = [
    "publish", "correction", "withdrawal", "purge", "return", "all-at-once", "latecomer", "truncation", "reorder",
    "cut-segment", "swapped-manifest", "changed-file", "silent-removal", "forged-signature", "stale-head", "replay",
    "fork",
]  # fmt: skip


def test_there_is_a_scenario_for_each_and_the_record_is_always_the_same(folder: Path) -> None:
    """So that a portal team may keep what it got from them."""
    assert {path.name for path in folder.iterdir() if path.is_dir()} == set(NAMES)
    lines = [
        f"{hashlib.sha256((folder / step / key).read_bytes()).hexdigest()}  {step}/{key}\n"
        for step in ("publish/1", "return/2")
        for key in sorted(str(path.relative_to(folder / step)) for path in (folder / step).rglob("*") if path.is_file())
        if key.startswith(("doc/", "log/", "tile/"))
    ]
    assert "".join(lines) == GOLDEN.read_text(encoding="utf-8")


def _steps(folder: Path, name: str) -> Iterator[tuple[Path, dict[str, Any]]]:
    for step in json.loads((folder / name / "expected.json").read_text(encoding="utf-8"))["steps"]:
        yield folder / name / step["folder"], step


def _key(folder: Path) -> str:
    return (folder / "key.txt").read_text(encoding="utf-8").strip()


@pytest.mark.parametrize("name", NAMES)
def test_the_consumer_module_does_what_is_expected(folder: Path, name: str) -> None:
    cursor: dict[str, Any] | None = None
    held: dict[str, int] = {}
    for place, expected in _steps(folder, name):
        consumer = CONSUMER.Consumer(str(place), [_key(folder)])
        try:
            for change in consumer.changes(cursor):
                held[change["reply_id"]] = 0 if change["change"] in {"withdraw", "purge"} else change["version"]
                for each in (change["manifest"] or {}).get("artifacts", []):
                    consumer.artifact(each)
        except CONSUMER.Tampered:
            assert expected["outcome"] == "refuse"
            return
        cursor = consumer.cursor
        assert expected["outcome"] == "accept"
        assert {key: version for key, version in held.items() if version} == expected["replies"]
        assert sorted(key for key, version in held.items() if not version) == expected["gone"]


@pytest.mark.parametrize("name", NAMES)
def test_fuwen_verify_does_what_is_expected(
    folder: Path, name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for place, expected in _steps(folder, name):
        status = main(["verify", str(place), "--key", _key(folder), "--cursor", str(tmp_path / "cursor")])
        said = capsys.readouterr().out
        assert status == (0 if expected["outcome"] == "accept" else 1), said
        assert ("全部核对无误" in said) == (status == 0)


def mirror(place: str, folder: Path, key: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """Run the documented mirror once; the versions that it holds."""
    monkeypatch.setattr(sys, "argv", ["mirror.py", place, str(folder), key])
    monkeypatch.setitem(sys.modules, "fuwen_consumer", CONSUMER)
    runpy.run_path(str(KIT / "mirror.py"))
    manifests = [json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*/manifest.json")]
    for manifest in manifests:
        for each in manifest["artifacts"]:
            body = (folder / manifest["reply_id"] / each["role"]).read_bytes()
            assert hashlib.sha256(body).hexdigest() == each["sha256"]
    return {manifest["reply_id"]: manifest["version"] for manifest in manifests}


@pytest.mark.parametrize("name", NAMES)
def test_a_mirror_in_under_thirty_lines_does_what_is_expected(
    folder: Path, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It keeps up with publications, corrections and withdrawals, and keeps what it has when it must refuse."""
    assert len((KIT / "mirror.py").read_text(encoding="utf-8").splitlines()) < 30
    for place, expected in _steps(folder, name):
        if expected["outcome"] == "accept":
            assert mirror(str(place), tmp_path, _key(folder), monkeypatch) == expected["replies"]
            assert not [name for name in expected["gone"] if (tmp_path / name).exists()]
        else:
            remembered = tmp_path / "cursor.json"
            held = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
            with pytest.raises(CONSUMER.Tampered):
                mirror(str(place), tmp_path, _key(folder), monkeypatch)
            assert remembered.exists() == (remembered in held)
            assert {path: path.read_bytes() for path in held} == held


def test_a_mirror_that_cannot_delete_does_not_say_it_did(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The withdrawn reply would stay for ever: the next cursor begins after it."""
    before, after = (folder / "withdrawal" / step for step in "12")
    held = mirror(str(before), tmp_path, _key(folder), monkeypatch)
    cursor = (tmp_path / "cursor.json").read_bytes()

    def refused(*_: object, **__: object) -> None:
        raise PermissionError("read-only")

    with monkeypatch.context() as patch:
        patch.setattr("shutil.rmtree", refused)
        with pytest.raises(PermissionError):
            mirror(str(after), tmp_path, _key(folder), monkeypatch)
    assert (tmp_path / "cursor.json").read_bytes() == cursor
    assert set(mirror(str(after), tmp_path, _key(folder), monkeypatch)) < set(held)


def test_the_file_that_was_changed_is_one_that_everybody_reads(folder: Path) -> None:
    """A mirror that skips what was superseded must meet it as well."""
    sound, changed = folder / "purge" / "2", folder / "changed-file" / "1"
    (key,) = (path for path in _objects(changed) if _objects(changed)[path] != _objects(sound)[path])
    current = json.loads((sound / key).parent.joinpath("current.json").read_text(encoding="utf-8"))
    manifest = json.loads((sound / f"doc/{current['reply_id']}/v{current['version']}/manifest.json").read_bytes())
    assert key in {each["key"] for each in manifest["artifacts"]}


def _objects(place: Path) -> dict[str, bytes]:
    return {str(path.relative_to(place)): path.read_bytes() for path in place.rglob("*") if path.is_file()}


@pytest.mark.parametrize("cursor", [{}, {"size": 1}, {"size": "1", "root": "", "time": ""}, {"sequence": 3}])
def test_what_is_no_cursor_is_not_taken_for_the_first_visit(folder: Path, cursor: dict[str, Any]) -> None:
    consumer = CONSUMER.Consumer(str(folder / "publish" / "1"), [_key(folder)])
    with pytest.raises(ValueError, match="cursor"):
        consumer.changes(cursor)


def test_a_reading_that_broke_off_keeps_the_cursor_it_was_given(folder: Path) -> None:
    place = str(folder / "correction" / "2")
    first = CONSUMER.Consumer(str(folder / "publish" / "1"), [_key(folder)])
    list(first.changes())
    consumer = CONSUMER.Consumer(place, [_key(folder)])
    next(consumer.changes(first.cursor))
    assert consumer.cursor == first.cursor


@pytest.mark.parametrize("keys", [[], [""], ["fuwen"], ["fuwen+zz+AQ"], ["fuwen+1a2b3c4d+AQ=="]])
def test_a_key_that_is_none_is_told_at_once(folder: Path, keys: list[str]) -> None:
    with pytest.raises(ValueError, match="key"):
        CONSUMER.Consumer(str(folder), keys)


def test_where_no_log_is_nothing_was_taken_down(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(OSError, match="no log"):
        list(CONSUMER.Consumer(str(tmp_path), [_key(folder)]).changes())


@pytest.mark.parametrize("nonsense", [b"[]", b"null", b'{"artifacts": 3}', b"\xff", b""])
def test_signed_or_not_what_makes_no_sense_is_tampered(folder: Path, nonsense: bytes) -> None:
    """At the first visit, which reads the tiles, and at one more change, which reads the entry and its proof."""
    known = CONSUMER.Consumer(str(folder / "publish" / "1"), [_key(folder)])
    list(known.changes())
    later = {"log/checkpoint", "log/entries", "/proof", "/manifest.json"}
    for cursor, objects in (
        (None, {"log/checkpoint", "tile/entries", "tile/0", "/manifest.json"}),
        (known.cursor, later),
    ):
        consumer = CONSUMER.Consumer(str(folder / "correction" / "2"), [_key(folder)])
        read = consumer.get
        assert len(list(consumer.changes(cursor))) == (1 if cursor else 4)
        for spoilt in objects:
            consumer.get = lambda key, spoilt=spoilt, read=read: nonsense if spoilt in key else read(key)
            with pytest.raises(CONSUMER.Tampered):
                list(consumer.changes(cursor))


def test_an_unknown_kind_of_change_is_not_taken_for_a_publication(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CONSUMER, "_CHANGES", {"publish"})
    consumer = CONSUMER.Consumer(str(folder / "withdrawal" / "2"), [_key(folder)])
    with pytest.raises(CONSUMER.NotUnderstood, match="withdraw"):
        next(consumer.changes())


def test_of_each_reply_one_change_is_the_last_and_its_bytes_are_those_that_were_signed(folder: Path) -> None:
    place = folder / "return" / "2"
    found = list(CONSUMER.Consumer(str(place), [_key(folder)]).changes())
    last = [change for change in found if change["is_last"]]
    assert len(last) == len({change["reply_id"] for change in found}) < len(found)
    for change in last:
        current = json.loads((place / "doc" / change["reply_id"] / "current.json").read_text(encoding="utf-8"))
        assert current["version"] == change["version"]
        assert hashlib.sha256(change["manifest_bytes"]).hexdigest() == current["manifest_sha256"]


def test_an_answer_that_breaks_off_is_a_site_that_does_not_answer(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        def half() -> None:
            with server.accept()[0] as line:
                line.recv(4096)
                line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\nfuwen")

        thread = threading.Thread(target=half)
        thread.start()
        with pytest.raises(OSError, match="broke off"):
            list(CONSUMER.Consumer(f"http://127.0.0.1:{port}/", [_key(folder)]).changes())
        thread.join()


def test_one_object_is_read_when_nothing_has_changed(folder: Path) -> None:
    consumer = CONSUMER.Consumer(str(folder / "return" / "2"), [_key(folder)])
    list(consumer.changes())
    asked: list[str] = []
    read = consumer.get

    def get(key: str) -> bytes:
        asked.append(key)
        body: bytes = read(key)
        return body

    consumer.get = get
    assert list(consumer.changes(consumer.cursor)) == []
    assert asked == ["log/checkpoint"]


# --- at every moment of a change --------------------------------------------------------------------------------------


THEN = datetime(2024, 5, 27, 9, tzinfo=UTC)
Change = Callable[[World], None]


def publication(world: World) -> None:
    world.publisher().publish(world.edition(b"%PDF-1.7 9", numbered(9)), THEN)


def correction(world: World) -> None:
    world.publisher().publish(world.edition(b"%PDF-1.7 2b", numbered(2), correcting=True), THEN)


def withdrawal(world: World) -> None:
    known = world.publisher().publish(world.edition(b"%PDF-1.7 2", numbered(2), document_id="other"), THEN)
    assert isinstance(known, Unchanged)
    world.withdrawals().take_down(Order(known.reply_id, Notice(Reason.REVOKED), "甲某"), THEN)


class Watched(MortalBucket):
    """A bucket at which somebody looks before and after each write."""

    def __init__(self, bucket: MemoryBucket, look: Callable[[], None]) -> None:
        super().__init__(bucket, self)  # type: ignore[arg-type]
        self._look = look

    def before_write(self, key: str) -> None:
        self._look()

    def after_write(self) -> None:
        self._look()


def _world(folder: Path) -> World:
    world = World.in_memory(folder)
    world.publisher().publish_many([world.edition(f"%PDF-1.7 {n}".encode(), numbered(n)) for n in range(1, 4)], NOW)
    return world


def _reader(bucket: MemoryBucket, between: Callable[[], None] = lambda: None) -> Any:
    reader = CONSUMER.Consumer("memory://", KEY.verifier_keys, THEN)

    def get(key: str) -> bytes:
        between()
        try:
            return bucket.get(key)
        except ObjectMissing:
            raise CONSUMER.Missing(key) from None

    reader.get = get
    return reader


def _read(reader: Any, cursor: dict[str, Any] | None = None, held: dict[str, bytes] | None = None) -> dict[str, bytes]:
    """What a consumer holds: for each reply the manifest and files of one version, complete."""
    found = dict(held or {})
    for change in reader.changes(cursor):
        manifest = change["manifest"]
        if change["change"] in {"withdraw", "purge"}:
            found.pop(change["reply_id"], None)
        elif manifest:
            files = [reader.artifact(each) for each in manifest["artifacts"]]
            found[change["reply_id"]] = json.dumps(manifest).encode() + b"".join(files)
    return found


def _bucket(world: World) -> MemoryBucket:
    assert isinstance(world.public, MemoryBucket)
    return world.public


@pytest.mark.parametrize("change", [publication, correction, withdrawal], ids=lambda change: change.__name__)
def test_before_and_after_every_write_a_reader_sees_the_old_state_or_the_new(tmp_path: Path, change: Change) -> None:
    """Whole, from the beginning and from a cursor; once it has seen the new one it never sees the old again."""
    world = _world(tmp_path)
    bucket = _bucket(world)
    first = _reader(bucket)
    old = _read(first)
    seen: list[dict[str, bytes]] = []

    def look() -> None:
        anew = _read(_reader(bucket))
        assert _read(_reader(bucket), first.cursor, old) == anew
        seen.append(anew)

    world.public = Watched(bucket, look)
    change(world)
    new = _read(_reader(bucket))
    assert new != old
    turn = seen.index(new)
    assert turn > 10
    assert all(state == old for state in seen[:turn])
    assert all(state == new for state in seen[turn:])
    assert len(seen) > 40


@pytest.mark.parametrize("change", [publication, correction, withdrawal], ids=lambda change: change.__name__)
def test_a_change_between_any_two_reads_leaves_no_mixture(tmp_path: Path, change: Change) -> None:
    """The whole change happens in the middle of a reading: old, new, or "ask again", and then it is the new one."""
    template = _world(tmp_path)
    before = dict(_bucket(template).objects)
    old = _read(_reader(_bucket(template)))
    change(template)
    after, new = dict(_bucket(template).objects), _read(_reader(_bucket(template)))
    moment = 0
    while True:
        bucket = MemoryBucket()
        bucket.objects = dict(before)
        count = 0

        def between(bucket: MemoryBucket = bucket, moment: int = moment) -> None:
            nonlocal count
            if count == moment:
                bucket.objects = dict(after)
            count += 1

        try:
            assert _read(_reader(bucket, between)) in (old, new)
        except CONSUMER.Missing:
            assert _read(_reader(bucket)) == new
        if count <= moment:
            break
        moment += 1
    assert moment > 10
