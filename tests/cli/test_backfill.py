"""`fuwen backfill`: every file once, however often it is broken off, and each followed to its fate."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from adapters.record.vault import Vault
from adapters.store.object_store import Bucket, StoreUnavailable
from cli import backfill
from cli.main import main
from domain.fate import Rejected
from domain.gate.finding import find
from tasks.clear_inbox import version_of
from tests.adapters.publishing import NOW, World


@pytest.fixture
def old_letters(tmp_path: Path) -> Path:
    folder = tmp_path / "存量"
    for name in ("2019/答复 一.pdf", "2019/答复 二.PDF", "2020/a+b.pdf"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"%PDF-1.7 " + name.encode())
    (folder / "说明.txt").write_text("not a letter")
    return folder


def keys(inbox: Bucket) -> list[str]:
    return sorted(found.key for found in inbox.list())


def counts(capsys: pytest.CaptureFixture[str]) -> dict[str, int]:
    told: dict[str, int] = json.loads(capsys.readouterr().out)
    return told


def test_every_pdf_below_the_folder_is_dropped_under_its_own_path_once(
    inbox: Bucket, old_letters: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["backfill", str(old_letters), "--no-wait", "--json"]
    assert main(command) == 0
    assert counts(capsys) == {"dropped": 3, "dropped_before": 0, "failed": 0}
    assert keys(inbox) == ["2019/答复 一.pdf", "2019/答复 二.PDF", "2020/a+b.pdf"]
    for key in keys(inbox):
        inbox.delete(key)  # as intake does when it has them
    (old_letters / "2020" / "new.pdf").write_bytes(b"%PDF-1.7 new")
    assert main(command) == 0
    assert counts(capsys) == {"dropped": 1, "dropped_before": 3, "failed": 0}
    assert keys(inbox) == ["2020/new.pdf"]


def test_broken_off_in_the_middle_it_goes_on_with_the_rest(
    inbox: Bucket, old_letters: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    real, left = backfill._drop_one, [True, False]

    def breaks_off(source: object, bucket: Bucket) -> str | None:
        if not left.pop(0):
            raise StoreUnavailable("存储不可用。", "The store is away.", bucket.name)
        return real(source, bucket)  # type: ignore[arg-type]

    monkeypatch.setattr(backfill, "_drop_one", breaks_off)
    assert main(["backfill", str(old_letters), "--no-wait", "--json"]) == 1
    assert len(keys(inbox)) == 1
    capsys.readouterr()
    monkeypatch.setattr(backfill, "_drop_one", real)
    assert main(["backfill", str(old_letters), "--no-wait", "--json"]) == 0
    assert counts(capsys) == {"dropped": 2, "dropped_before": 1, "failed": 0}


def test_a_second_start_after_a_kill_drops_what_is_missing(
    inbox: Bucket, old_letters: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Killed between the drop and the line, or within the line: the file lies there once all the same."""
    command = ["backfill", str(old_letters), "--no-wait", "--json"]
    assert main(command) == 0
    (journal,) = (tmp_path / "data" / "backfill").glob("*.jsonl")
    whole = journal.read_text(encoding="utf-8")
    journal.write_text(whole[: len(whole) - 40], encoding="utf-8")
    capsys.readouterr()
    assert main(command) == 0
    assert counts(capsys) == {"dropped": 1, "dropped_before": 2, "failed": 0}
    assert len(keys(inbox)) == 3


def test_it_follows_each_to_its_fate_and_tells_of_refusals(
    world: World, inbox: Bucket, old_letters: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    vault = Vault(world.private)

    def office() -> None:
        waiting = True
        while waiting:
            for head in inbox.list():
                version = version_of(inbox, head)
                inbox.download(head.key, world.folder / "taken")
                receipt = vault.pin(version, world.folder / "taken", NOW)
                vault.record_outcome(receipt.document_id, Rejected((find("not-a-pdf"),)), {})
                inbox.delete(head.key)
                waiting = len(list(world.private.list("outcomes/"))) < 3

    worker = threading.Thread(target=office)
    worker.start()
    assert main(["backfill", str(old_letters), "--json"]) == 1
    worker.join()
    assert counts(capsys) == {"dropped": 3, "dropped_before": 0, "failed": 0, "rejected": 3}


def test_objects_of_another_bucket_are_dropped_by_their_path_below_the_prefix(
    world: World, inbox: Bucket, bucket: Bucket, capsys: pytest.CaptureFixture[str]
) -> None:
    for key in ("old/2019/a.pdf", "old/2019/b.txt", "other/c.pdf"):
        bucket.put(key, b"%PDF-1.7 " + key.encode(), content_type="application/pdf")
    assert main(["backfill", f"s3://{bucket.name}/old/", "--no-wait", "--json"]) == 0
    assert counts(capsys)["dropped"] == 1
    assert keys(inbox) == ["2019/a.pdf"]


def test_a_folder_that_is_not_there_is_said(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["backfill", "nowhere"]) == 2
    assert "There is no folder nowhere" in capsys.readouterr().err
