"""`fuwen status`, `verify`, `rebuild` and `doctor` against a store in which something is published."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.record.record_repair import write_site
from adapters.record.vault import Vault
from cli.main import main
from config.settings import Settings
from domain.fate import Held, Outcome, Published
from domain.gate.finding import find
from domain.object_version import ObjectVersion
from domain.publication.canonical_json import parse_json
from domain.publication.object_keys import CHECKPOINT, LOG_WRITER, SITE, catalogue_page_key
from tests.adapters.holding import a_sheet
from tests.adapters.publishing import KEY, LATER, NOW, World, numbered, read_like_a_consumer
from tests.cli.tables import tables_for_today


def _receive(world: World, name: str, now: datetime = NOW) -> str:
    path = world.folder / name
    path.write_bytes(b"%PDF-1.7 " + name.encode())
    return Vault(world.private).pin(ObjectVersion("inbox", name, "v1"), path, now).document_id


def _settle(world: World, name: str, outcome: Outcome, now: datetime = NOW) -> None:
    vault, document_id = Vault(world.private), _receive(world, name, now)
    if isinstance(outcome, Held):
        vault.hold(a_sheet(document_id))
    vault.record_outcome(document_id, outcome, {})


def _status(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, object]]:
    status = main(["status", "--json", *words])
    counts: dict[str, object] = json.loads(capsys.readouterr().out)
    return status, counts


# --- status -----------------------------------------------------------------------------------------------------------


def test_nothing_received_is_nothing_lost(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    status, counts = _status(capsys)
    assert status == 0
    assert counts.pop("balanced") is True
    assert set(counts) == {
        "received",
        "published",
        "unchanged",
        "held",
        "rejected",
        "open",
        "lost",
        "decided",
        "overdue",
    }
    assert set(counts.values()) == {0}


def test_every_document_is_counted_by_its_fate_and_day(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    _settle(world, "a.pdf", Published("990199-aaaaaaaaaaaa", 1, "doc/x"))
    _settle(world, "b.pdf", Held((find("title-missing"),)))
    _settle(world, "c.pdf", Held((find("title-missing"),)), LATER)
    _receive(world, "d.pdf", LATER)
    status, counts = _status(capsys)
    assert (status, counts["received"], counts["published"], counts["held"], counts["open"]) == (0, 4, 1, 2, 1)
    assert counts["overdue"] == 2
    _, of_day = _status(capsys, "--day", "2024-05-20")
    assert (of_day["received"], of_day["held"], of_day["open"], of_day["overdue"]) == (2, 1, 0, 1)


def test_a_document_that_is_unaccounted_for_ends_with_1(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    document_id = _receive(world, "a.pdf")
    world.private.delete(f"open/{document_id}.json")
    status, counts = _status(capsys)
    assert (status, counts["lost"], counts["balanced"]) == (1, 1, False)


@pytest.mark.parametrize(("language", "word"), [("zh-CN", "收到"), ("en", "received")])
def test_a_person_reads_the_counts_in_their_language(
    language: str, word: str, world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FUWEN_LANG", language)
    _receive(world, "a.pdf")
    assert main(["status"]) == 0
    assert f"       1  {word}\n" in capsys.readouterr().out


# --- verify and rebuild -----------------------------------------------------------------------------------------------


@pytest.fixture
def published(world: World) -> World:
    """Two replies in two log entries."""
    for number in (1, 2):
        world.publisher().publish(world.edition(b"%PDF-1.7 " + bytes([48 + number]), numbered(number)), NOW)
    world.publisher().refresh(datetime.now(UTC))
    return world.bring_keys()


def test_what_is_whole_is_said_to_be_whole(published: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify"]) == 0
    said = capsys.readouterr()
    assert (said.out, said.err) == ("Everything is whole and unchanged.\n", "")


def test_a_changed_object_is_named_and_ends_with_1(published: World, capsys: pytest.CaptureFixture[str]) -> None:
    [key] = [found.key for found in published.public.list("doc/") if found.key.endswith(".txt")][:1]
    published.public.put(key, b"changed afterwards", content_type="text/plain")
    assert main(["verify"]) == 1
    assert key in capsys.readouterr().out


def test_anyone_can_check_a_copy_in_a_folder_without_any_credentials(
    published: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "copy"
    for key, body in published.published().items():
        (copy / key).parent.mkdir(parents=True, exist_ok=True)
        (copy / key).write_bytes(body)
    for name in ("FUWEN_S3_ENDPOINT_URL", "FUWEN_S3_ACCESS_KEY", "FUWEN_S3_SECRET_KEY"):
        monkeypatch.delenv(name)
    assert main(["verify", str(copy)]) == 0
    (copy / CHECKPOINT).write_bytes(b"{}")
    assert main(["verify", str(copy)]) == 1
    assert CHECKPOINT in capsys.readouterr().out
    assert main(["verify", str(tmp_path / "nowhere")]) == 2


def test_rebuilding_gives_back_the_very_bytes_and_again_changes_nothing(
    published: World, capsys: pytest.CaptureFixture[str]
) -> None:
    write_site(published.public, Settings().site())
    before = published.published()
    published.public.delete(catalogue_page_key(0))
    assert main(["rebuild"]) == 0
    assert published.published() == before
    assert main(["rebuild"]) == 0
    assert capsys.readouterr().out == (
        "2 replies; 1 objects were written again or removed.\n2 replies; 0 objects were written again or removed.\n"
    )
    assert main(["verify"]) == 0


def test_a_cursor_is_kept_and_a_key_is_pinned(
    published: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cursor = tmp_path / "cursor.json"
    for _ in range(2):
        assert main(["verify", "--key", KEY.verifier_keys[0], "--cursor", str(cursor)]) == 0
    assert json.loads(cursor.read_text(encoding="utf-8"))["size"] == 2
    stranger = "fuwen+00000000+AAAA"
    assert main(["verify", "--key", stranger]) == 2


def test_a_reply_is_withdrawn_at_the_terminal(published: World, capsys: pytest.CaptureFixture[str]) -> None:
    published.public.delete(LOG_WRITER)  # the command has a lock of its own here
    reply_id = next(iter(read_like_a_consumer(published.public)))
    assert main(["withdraw", "990199-aaaaaaaaaaaa", "--reason", "privacy", "--by", "A"]) == 1
    assert main(["withdraw", reply_id, "--reason", "个人隐私", "--by", "A", "--effective-at", "soon"]) == 2
    assert main(["withdraw", reply_id, "--reason", "privacy", "--note", "一处电话号码", "--by", "A"]) == 0
    assert "no longer public" in capsys.readouterr().out
    assert main(["verify"]) == 0
    assert read_like_a_consumer(published.public)[reply_id] == 0
    assert main(["purge", reply_id, "--by", "A"]) == 0
    assert main(["verify"]) == 0


# --- doctor -----------------------------------------------------------------------------------------------------------


def _doctor(capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, bool]]:
    status = main(["doctor"])
    lines = capsys.readouterr().out.splitlines()
    assert all(line[0] in "✓✗" for line in lines), "one line for each part when nobody looks on"
    return status, {line[2:].partition(": ")[0]: line[0] == "✓" for line in lines}


def test_the_doctor_names_what_is_ill_and_examines_the_rest(
    world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FUWEN_CONFIG_DIR", str(tables_for_today(world.folder / "tables")))
    status, well = _doctor(capsys)
    assert status == 1
    assert list(well) == [
        "rules",
        "calendar",
        "trust anchors",
        "revocation lists",
        "signatures",
        "bounded readers",
        "system fonts",
        "recognition",
        "inbox bucket",
        "vault bucket",
        "public bucket",
        "site",
        "Prefect server",
    ]
    assert [name for name in well if not well[name] and name not in {"system fonts", "bounded readers"}] == [
        "trust anchors",
        "Prefect server",
    ]


def test_the_doctor_says_the_fonts_and_the_bounds_that_a_child_has_here(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    from adapters.isolation.reader_pool import capabilities

    found = capabilities()
    _, well = _doctor(capsys)
    assert (well["bounded readers"], well["system fonts"]) == (found.complete, found.fonts)


def test_the_doctor_survives_a_store_and_a_table_that_are_broken(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "grades.toml").write_text("no table", encoding="utf-8")
    monkeypatch.setenv("FUWEN_CONFIG_DIR", str(tmp_path / "tables"))
    monkeypatch.setenv("FUWEN_VAULT_BUCKET", "not-there")
    status, well = _doctor(capsys)
    assert status == 1
    assert (well["rules"], well["vault bucket"], well["public bucket"]) == (False, False, True)


def test_setting_up_the_store_twice_changes_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["setup-store"]) == 0
    before = {found.key: found.last_modified for found in world.public.list()}
    assert {"index.html", "schemas/manifest-1.json"} <= set(before)
    assert main(["setup-store"]) == 0
    assert {found.key: found.last_modified for found in world.public.list()} == before
    assert datetime.now(UTC) > max(before.values())


def test_what_the_office_says_of_its_site_is_followed_by_everything_or_by_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before anything is public a new name counts at once; afterwards only a rebuild changes it."""

    def told() -> str:
        name = str(parse_json(world.public.get(SITE))["name"])
        assert f"<title>{name}</title>" in world.public.get("index.html").decode()
        return name

    monkeypatch.setenv("FUWEN_SITE_NAME", "first")
    assert main(["setup-store"]) == 0
    monkeypatch.setenv("FUWEN_SITE_NAME", "second")
    assert main(["setup-store"]) == 0
    assert told() == "second"
    world.publisher().publish(world.edition(), NOW)
    monkeypatch.setenv("FUWEN_SITE_NAME", "third")
    capsys.readouterr()
    assert main(["setup-store"]) == 0
    assert "fuwen rebuild" in capsys.readouterr().out
    assert told() == "second"
    assert main(["rebuild"]) == 0
    assert told() == "third"
