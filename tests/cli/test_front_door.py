"""The front door: every command explains itself in both languages, and wrong usage is told apart from trouble."""

from __future__ import annotations

import importlib
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cli.main import COMMANDS, main

ROOT = Path(__file__).parents[2]
HEAVY = ("prefect", "boto3", "botocore", "pydantic", "pyhanko", "pypdf", "pypdfium2", "rich", "structlog")
ALL_HELP = """
import contextlib, io, sys
from cli.main import COMMANDS, main
assert main(["--help"]) == 0
for name in COMMANDS:
    with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()):
        main([name, "--help"])
print(*sorted(set(sys.argv[1:]) & set(sys.modules)), file=sys.stderr)
"""


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself_in_the_language(
    name: str, language: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FUWEN_LANG", language)
    with pytest.raises(SystemExit) as ended:
        main([name, "--help"])
    said = capsys.readouterr()
    assert (ended.value.code, said.err) == (0, "")
    command = COMMANDS[name]
    assert (command.en if language == "en" else command.zh) in said.out
    english = [word for word in ("usage:", "options:", "positional arguments:", "show this") if word in said.out]
    assert bool(english) == (language == "en"), english


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_that_is_listed_exists(name: str) -> None:
    module = importlib.import_module(COMMANDS[name].module)
    assert callable(module.arguments)
    assert callable(module.run)


def test_help_loads_nothing_heavy_and_is_there_at_once() -> None:
    """No help, of fuwen or of a command, waits for Prefect, boto3 or pydantic."""
    run = subprocess.run([sys.executable, "-c", ALL_HELP, *HEAVY], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stderr.split() == []
    assert all(name in run.stdout for name in COMMANDS)
    took = []
    for _ in range(3):
        started = time.monotonic()
        subprocess.run([sys.executable, "-m", "cli.main", "--help"], cwd=ROOT, capture_output=True, check=True)
        took.append(time.monotonic() - started)
    assert min(took) < 1.0


@pytest.mark.parametrize(("language", "sentence"), [("zh-CN", "没有这个命令：publish。"), ("en", "no command publish")])
def test_an_unknown_command_is_wrong_usage(
    language: str, sentence: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FUWEN_LANG", language)
    assert main(["publish"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert sentence in said.err


def test_no_command_is_wrong_usage_and_shows_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "setup-store" in said.err


@pytest.mark.parametrize(
    ("words", "chinese", "english"),
    [
        (["read"], "缺少参数：FILE", "required: FILE"),
        (["read", "--quick", "a.pdf"], "不认识的参数：--quick", "unrecognized arguments: --quick"),
        (["status", "--day", "monday"], "--day 的内容不对：'monday'", "--day"),
        (["read", "a.pdf", "--config"], "--config 后面缺少内容", "--config"),
    ],
)
def test_wrong_usage_is_told_in_the_language(
    words: list[str],
    chinese: str,
    english: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for language, told in (("zh-CN", chinese), ("en", english)):
        monkeypatch.setenv("FUWEN_LANG", language)
        with pytest.raises(SystemExit) as ended:
            main(words)
        said = capsys.readouterr()
        assert (ended.value.code, said.out) == (2, "")
        assert told in said.err


def test_a_wrong_setting_is_named_and_is_wrong_usage(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FUWEN_DOCUMENTS_AT_ONCE", "many")
    assert main(["status"]) == 2
    assert "FUWEN_DOCUMENTS_AT_ONCE" in capsys.readouterr().err


def test_the_version_is_the_packages(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == "fuwen 0.1.0\n"


def test_without_a_store_a_command_says_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert "run fuwen up" in said.err
    assert "Traceback" not in said.err


@pytest.mark.parametrize("name", ["watch", "work"])
def test_without_a_server_work_is_not_waited_for_in_vain(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([name]) == 2
    assert "FUWEN_PREFECT_API_URL" in capsys.readouterr().err
