"""`fuwen drop` and `fuwen correct`: no file is lost, none is put over another one's, the same one lies there once."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from adapters.store.object_store import Bucket
from cli.main import main
from tests.adapters.publishing import NOW, World

NAMES = [
    "砚府〔2024〕17号.pdf",
    "a b+c&d%20e.pdf",
    "枫教+代表建议018（定稿）#1.PDF",
    "réponse.pdf",
    "没有后缀",
]


def _lying(inbox: Bucket) -> dict[str, bytes]:
    return {found.key: inbox.get(found.key) for found in inbox.list()}


def _file(folder: Path, name: str, body: bytes = b"%PDF-1.7 one") -> str:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(body)
    return str(path)


@pytest.mark.parametrize("name", NAMES)
def test_a_file_lies_in_the_inbox_under_its_own_name(
    name: str, inbox: Bucket, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["drop", _file(tmp_path, name)]) == 0
    assert _lying(inbox) == {name: b"%PDF-1.7 one"}
    assert capsys.readouterr().out == f"dropped: {name}\n"


def test_a_name_that_another_system_decomposed_is_the_same_name(inbox: Bucket, tmp_path: Path) -> None:
    """macOS spells é as two characters; a second drop from there is no second file."""
    composed, decomposed = (unicodedata.normalize(form, "réponse.pdf") for form in ("NFC", "NFD"))
    for name in (decomposed, composed):
        assert main(["drop", _file(tmp_path / name.encode().hex(), name)]) == 0
    assert _lying(inbox) == {composed: b"%PDF-1.7 one"}


def test_the_same_bytes_lie_there_once(inbox: Bucket, tmp_path: Path) -> None:
    name = _file(tmp_path, "a.pdf")
    assert main(["drop", name, name]) == 0
    assert main(["drop", name]) == 0
    assert _lying(inbox) == {"a.pdf": b"%PDF-1.7 one"}


def test_no_file_is_put_over_another_one(inbox: Bucket, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bodies = [b"%PDF-1.7 one", b"%PDF-1.7 two", b"%PDF-1.7 three"]
    for number, body in enumerate(bodies):
        assert main(["drop", _file(tmp_path / str(number), "a.pdf", body)]) == 0
    assert _lying(inbox) == dict(zip(["a.pdf", "a (2).pdf", "a (3).pdf"], bodies, strict=True))
    assert "dropped: a (2).pdf" in capsys.readouterr().out
    assert main(["drop", str(tmp_path / "1" / "a.pdf")]) == 0
    assert len(_lying(inbox)) == 3


def test_what_cannot_be_opened_is_said_and_the_others_are_dropped(
    inbox: Bucket, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["drop", str(tmp_path / "none.pdf"), str(tmp_path), _file(tmp_path, "a.pdf")]) == 1
    assert list(_lying(inbox)) == ["a.pdf"]
    assert capsys.readouterr().err.count("cannot be opened") == 2


@pytest.mark.parametrize("name", [".a.pdf", "a.pdf.part", "~$a.pdf"])
def test_a_name_that_intake_leaves_alone_is_refused_instead_of_waiting_for_ever(
    name: str, inbox: Bucket, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["drop", _file(tmp_path, name)]) == 1
    assert _lying(inbox) == {}
    assert "rename it" in capsys.readouterr().err


def test_a_correction_lies_where_it_names_the_reply(world: World, inbox: Bucket, tmp_path: Path) -> None:
    published = world.publisher().publish(world.edition(), NOW)
    reply_id = published.reply_id
    assert reply_id is not None
    assert main(["correct", reply_id, _file(tmp_path, "更正后.pdf")]) == 0
    assert list(_lying(inbox)) == [f"更正/{reply_id}/更正后.pdf"]


@pytest.mark.parametrize(
    ("reply_id", "status", "told"), [("12", 2, "no reply id"), ("990199-aaaaaaaaaaaa", 1, "No such reply is public")]
)
def test_a_correction_of_nothing_is_refused(
    reply_id: str, status: int, told: str, inbox: Bucket, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["correct", reply_id, _file(tmp_path, "a.pdf")]) == status
    assert _lying(inbox) == {}
    assert told in capsys.readouterr().err
