"""Whoever copies a command from the README gets what it says: each one is run by a test, and the two READMEs agree."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from cli.main import COMMANDS

ROOT = Path(__file__).parent.parent
READMES = ("README.md", "README.zh-CN.md")
_FUWEN = ".venv/bin/fuwen"
_LETTER = "samples/letters/01-yanxi-153062.pdf"
_TABLES = "--trust-anchors samples/trust --config samples/config"

RUN_HERE = {
    f"{_FUWEN} --help": 0,
    f"{_FUWEN} read {_LETTER} {_TABLES}": 0,
    f"{_FUWEN} read {_LETTER} {_TABLES} --json": 0,
}
"""Run below, as written, and their exit status."""

_OFFICE = "tests/office/test_day.py"
RUN_ELSEWHERE = {
    "make demo": ("tests/test_demo.py", '"demo"'),
    "make demo ONCE=1": (".ci/run", "make demo ONCE=1"),
    "make test": (".ci/run", "make test"),
    f"FUWEN_TRUST_DIR=deploy/trust FUWEN_CONFIG_DIR=deploy/config {_FUWEN} up": ("tests/office/conftest.py", '"up"'),
    "export FUWEN_DATA_DIR=.fuwen/demo": ("tests/office/conftest.py", "FUWEN_DATA_DIR"),
    f"{_FUWEN} status": (_OFFICE, '"status"'),
    f"{_FUWEN} doctor": (_OFFICE, '"doctor"'),
    f"{_FUWEN} drop {_LETTER}": (_OFFICE, '"drop"'),
    f"{_FUWEN} verify": (_OFFICE, '"verify"'),
    f"{_FUWEN} rebuild": (_OFFICE, '"rebuild"'),
}
"""Too long to run here, or against a stack: the file that runs it, and the words by which it is found there."""


def _text(readme: str) -> str:
    return (ROOT / readme).read_text(encoding="utf-8")


def _commands(readme: str) -> list[str]:
    blocks = re.findall(r"^```sh\n(.*?)^```", _text(readme), re.MULTILINE | re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    return [shlex.join(words) for line in lines if (words := shlex.split(line, comments=True))]


def test_every_command_of_the_readme_is_run_somewhere_and_nothing_else_is_listed() -> None:
    assert sorted(_commands("README.md")) == sorted([*RUN_HERE, *RUN_ELSEWHERE])


@pytest.mark.parametrize("command", RUN_ELSEWHERE)
def test_the_file_that_runs_it_does(command: str) -> None:
    file, words = RUN_ELSEWHERE[command]
    assert words in (ROOT / file).read_text(encoding="utf-8")


@pytest.mark.parametrize("command", RUN_HERE)
def test_a_command_works_as_it_is_written(command: str) -> None:
    """From the checkout, with the interpreter of this test in the place of `.venv`."""
    program, *words = shlex.split(command)
    assert program == _FUWEN
    run = subprocess.run(
        [sys.executable, "-m", "cli.main", *words],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (run.returncode, run.stderr) == (RUN_HERE[command], "")
    assert run.stdout


def test_the_two_readmes_are_equal_in_content() -> None:
    """The same commands, sections, pictures, links and tables, each in its own language."""
    english, chinese = map(_text, READMES)
    assert _commands("README.md") == _commands("README.zh-CN.md")
    assert [heading.count("#") for heading in re.findall(r"^#+", english, re.MULTILINE)] == [
        heading.count("#") for heading in re.findall(r"^#+", chinese, re.MULTILINE)
    ]
    assert _tables(english) == _tables(chinese)
    assert _links(english) == _links(chinese)


def _tables(text: str) -> list[str]:
    """What stands in the first cell of each row of a table, as far as it is code."""
    return [word for row in re.findall(r"^\| (`[^|]*) \|", text, re.MULTILINE) for word in re.findall(r"`[^`]+`", row)]


def _links(text: str) -> set[str]:
    """Where it leads to, whichever of the two languages that is in."""
    found = set(re.findall(r"\]\(([^)]+)\)", text)) - set(READMES)
    return {target.replace(".zh-CN.md", ".md").replace(".en.md", ".md") for target in found}


def test_the_readme_knows_every_command() -> None:
    for readme in READMES:
        listed = {word.split()[1] for word in _tables(_text(readme)) if word.startswith("`fuwen ")}
        assert {name.rstrip("`") for name in listed} == set(COMMANDS)


@pytest.mark.parametrize("picture", sorted((ROOT / "docs" / "img").iterdir()), ids=lambda picture: picture.name)
def test_a_picture_is_small_and_shown_in_both(picture: Path) -> None:
    assert picture.stat().st_size < 150_000
    for readme, runbook in zip(READMES, ("docs/runbook.md", "docs/runbook.zh-CN.md"), strict=True):
        assert f"(docs/img/{picture.name})" in _text(readme) or f"(img/{picture.name})" in _text(runbook)
