"""Whatever is wrong around a command: one sentence in the person's language, a true exit status, no traceback."""

from __future__ import annotations

import fcntl
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from adapters.store.embedded_store import EmbeddedStore
from adapters.store.object_store import Bucket
from cli.main import main
from cli.trouble import explain
from tests.adapters.publishing import World

ROOT = Path(__file__).parents[2]
Said = tuple[str, str]


class Person:
    """Types a command in Chinese and in English, and is told what is wrong."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch, self._capsys = monkeypatch, capsys

    def sets(self, **settings: object) -> None:
        for name, value in settings.items():
            self._monkeypatch.setenv(f"FUWEN_{name}", str(value))

    def is_told(self, status: int, *words: object) -> Said:
        """The one sentence in both languages, after looking that it is one, and that nothing else was printed."""
        return self._typed("zh-CN", status, *words), self._typed("en", status, *words)

    def _typed(self, language: str, status: int, *words: object) -> str:
        self.sets(LANG=language)
        assert main([str(word) for word in words]) == status
        said = self._capsys.readouterr()
        assert said.out == ""
        (sentence,) = [line for line in said.err.splitlines() if "FUWEN_TRUST_DIR" not in line]  # a reminder of `up`
        assert "Traceback" not in sentence
        assert re.search(r"[一-鿿]", sentence) if language == "zh-CN" else re.search("[a-z]{3} [a-z]+ ", sentence)
        assert sentence.endswith("。" if language == "zh-CN" else ".")
        return sentence


@pytest.fixture
def person(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Person:
    return Person(monkeypatch, capsys)


# --- files ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["read", "drop"])
def test_a_file_that_cannot_be_opened_is_named_with_the_reason(
    command: str, person: Person, world: World, tmp_path: Path
) -> None:
    """Missing, a folder, a path through a file: said in the person's language, not in the system's."""
    (tmp_path / "文件").write_bytes(b"x")
    for path, chinese, english in (
        ("没有.pdf", "没有这个文件", "no such file"),
        (".", "这是一个目录", "a folder"),
        ("文件/里.pdf", "路径中有一段是文件", "part of the path"),
    ):
        zh, en = person.is_told(1, command, path)
        assert path in zh
        assert chinese in zh
        assert english in en


def test_a_file_that_may_not_be_read_is_told_as_that(person: Person, tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    (tmp_path / "a.pdf").write_bytes(b"x")
    (tmp_path / "a.pdf").chmod(0)
    zh, en = person.is_told(1, "read", "a.pdf")
    assert "没有权限" in zh
    assert "permission denied" in en


@pytest.mark.parametrize("name", ["答复.pdf.part", "~$答复.pdf", "一\n二.pdf"])
def test_a_name_that_would_never_be_taken_in_is_refused_at_the_door(
    name: str, world: World, inbox: Bucket, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Better than a file that lies in the inbox for ever."""
    (tmp_path / name).write_bytes(b"x")
    (tmp_path / "好.pdf").write_bytes(b"x")
    assert main(["drop", name, "好.pdf"]) == 1
    assert "rename it" in capsys.readouterr().err
    assert [head.key for head in inbox.list()] == ["好.pdf"]


# --- settings ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value", "chinese", "english"),
    [
        ("READERS", "two", "应是整数", "must be a whole number"),
        ("READERS", "0", "不得小于 1", "must be at least 1"),
        ("SWEEP_SECONDS", "often", "应是数字", "must be a number"),
        ("EVENTS_PORT", "70000", "不得大于 65535", "must be at most 65535"),
    ],
)
def test_a_wrong_setting_is_named_with_what_it_should_be(
    name: str, value: str, chinese: str, english: str, person: Person
) -> None:
    person.sets(**{name: value})
    zh, en = person.is_told(2, "status")
    assert f"FUWEN_{name} {chinese}" in zh
    assert f"FUWEN_{name} {english}" in en


@pytest.mark.parametrize("command", [("read", "a.pdf"), ("up",)])
def test_tables_and_trust_that_cannot_be_used_stop_a_command_before_it_does_anything(
    command: tuple[str, ...], person: Person, tmp_path: Path
) -> None:
    """Started without them, it would judge by other rules or trust nobody."""
    tables, trust = tmp_path / "tables", tmp_path / "trust"
    tables.mkdir()
    trust.mkdir()
    (tables / "authorities.toml").write_text("[[authority]]\nname = \n", encoding="utf-8")
    (trust / "root.pem").write_text("no certificate", encoding="utf-8")
    person.sets(CONFIG_DIR=tables, DATA_DIR=tmp_path / "data")
    zh, en = person.is_told(2, *command)
    assert "authorities.toml:2" in zh
    assert "authorities.toml:2" in en
    person.sets(CONFIG_DIR=tmp_path / "none")
    assert str(tmp_path / "none") in person.is_told(2, *command)[0]
    tables.joinpath("authorities.toml").unlink()
    person.sets(CONFIG_DIR=tables, TRUST_DIR=trust)
    zh, en = person.is_told(2, *command)
    assert "root.pem 不是有效的证书" in zh
    assert "root.pem in the trust folder" in en
    person.sets(TRUST_DIR=tmp_path / "none")
    assert "no trust folder" in person.is_told(2, *command)[1]
    assert not (tmp_path / "data").exists()


# --- the store --------------------------------------------------------------------------------------------------------

_NEEDING_A_STORE = [("status",), ("verify",), ("rebuild",), ("drop", "a.pdf"), ("setup-store",), ("up",)]


@pytest.mark.parametrize("command", _NEEDING_A_STORE, ids=" ".join)
def test_a_store_that_does_not_answer_is_told_as_that(command: tuple[str, ...], person: Person, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"x")
    with socket.create_server(("127.0.0.1", 0)) as taken:  # listens while the address is chosen, then nobody does
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
    person.sets(S3_ENDPOINT_URL=address, S3_ACCESS_KEY="a", S3_SECRET_KEY="b", DATA_DIR=tmp_path / "data")
    # A server that is named is not started: what is tested is the store.
    person.sets(PREFECT_API_URL="http://127.0.0.1:9/api")
    zh, en = person.is_told(1, *command)
    assert "连接不上" in zh
    assert "no connection" in en


@pytest.mark.parametrize(
    ("setting", "chinese", "english"),
    [
        ({"S3_SECRET_KEY": "wrong"}, "密文不对", "secret key is wrong"),
        ({"S3_ACCESS_KEY": "wrong"}, "编号不被承认", "access key is not known"),
        ({"VAULT_BUCKET": "nowhere"}, "存储桶不存在", "the bucket does not exist"),
        ({"S3_ENDPOINT_URL": "127.0.0.1:9000"}, "不是有效的网址", "not a valid URL"),
    ],
    ids=["secret", "access-key", "bucket", "address"],
)
def test_a_store_that_says_no_is_told_with_the_setting_to_mend(
    setting: dict[str, str], chinese: str, english: str, person: Person, world: World
) -> None:
    person.sets(**setting)
    zh, en = person.is_told(1, "status")
    assert chinese in zh
    assert english in en


def test_the_doctor_examines_everything_whatever_is_broken(
    person: Person, world: World, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """One line for each part, and a broken one does not hide the next."""
    person.sets(CONFIG_DIR=tmp_path / "none", TRUST_DIR=tmp_path / "none", VAULT_BUCKET="nowhere")
    assert main(["doctor"]) == 1
    said = capsys.readouterr()
    lines = said.out.splitlines()
    assert said.err == ""
    assert {line[0] for line in lines} == {"✓", "✗"}
    assert len(lines) == 13
    assert any(line.startswith("✗ vault") and "does not exist" in line for line in lines)
    assert any(line.startswith("✓ public") for line in lines)


# --- running on this machine ------------------------------------------------------------------------------------------


def test_a_second_stack_in_the_same_folder_is_refused_before_it_touches_anything(
    person: Person, tmp_path: Path
) -> None:
    """Two would share Prefect's database."""
    data = tmp_path / "data"
    data.mkdir()
    person.sets(DATA_DIR=data)
    with (data / "up.lock").open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        zh, en = person.is_told(1, "up")
    assert "已有一个复文在运行" in zh
    assert "running" in en
    assert [path.name for path in data.iterdir()] == ["up.lock"]


def test_a_folder_that_cannot_be_made_is_told_with_its_path(person: Person, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    person.sets(DATA_DIR=tmp_path / "file" / "data")
    zh, en = person.is_told(1, "up")
    assert str(tmp_path / "file") in zh
    assert "a part of the path is a file" in en


def test_a_port_for_notifications_that_is_taken_is_told_with_the_setting_to_change(
    embedded_store: EmbeddedStore, world: World, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        named = {"FUWEN_PREFECT_API_URL": "http://127.0.0.1:9/api", "FUWEN_EVENTS_PORT": str(port)}
        run = subprocess.run(
            [sys.executable, "-m", "cli.main", "work", "--intake"],
            cwd=ROOT,
            env=os.environ | named,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert run.returncode == 1
    assert f"127.0.0.1:{port}" in run.stderr.splitlines()[-1]
    assert "FUWEN_EVENTS_PORT" in run.stderr.splitlines()[-1]
    assert "Traceback" not in run.stderr


# --- what nobody foresaw ----------------------------------------------------------------------------------------------


def test_what_nobody_foresaw_is_a_sentence_and_the_traceback_lies_in_a_file_for_this_user_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FUWEN_DATA_DIR", str(tmp_path))
    assert explain(KeyError("闻若溪"), "read") == 1
    said = capsys.readouterr().err
    (log,) = (tmp_path / "logs").iterdir()
    assert "闻若溪" not in said
    assert str(log) in said
    assert "闻若溪" in log.read_text(encoding="utf-8")
    assert log.stat().st_mode & 0o077 == 0
