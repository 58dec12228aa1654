"""The yardstick of the reading benchmark and the letters that it measures with."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.corpus.answers import Answers
from benchmarks.corpus.damage import CONDITIONS, LETTERS
from benchmarks.corpus.drawn import letter_pdf
from benchmarks.corpus.layout import Layout, plan_layout
from benchmarks.corpus.letter import Letter, write_letter
from benchmarks.corpus.make import Piece, plan
from benchmarks.corpus.scoring import Truth, best_score, character_errors, score


def _truth(letter: Letter) -> Truth:
    return Truth.of(
        {
            "seed": letter.seed,
            "units": [asdict(unit) for unit in letter.units],
            "page_numbers": ["— 1 —"],
            "fields": asdict(letter.fields),
            "hold": letter.hold,
            "traits": letter.traits,
            "typesetter": "none",
            "layout": {"body": "none"},
            "pages": 1,
        }
    )


def _edits(truth: str, read: str) -> int:
    """The textbook's way, with a free start in the text that was read."""
    column = list(range(len(truth) + 1))
    for char in read:
        before, column = column, [0]
        for index, true in enumerate(truth):
            column.append(min(before[index] + (char != true), before[index + 1] + 1, column[index] + 1))
    return column[-1]


@given(st.text("甲乙丙丁", max_size=12), st.text("甲乙丙丁", max_size=16))
def test_edits_are_counted_as_the_textbook_counts_them(truth: str, read: str) -> None:
    """Bit by bit or cell by cell, the distance is the same."""
    assert character_errors(truth, read) == _edits(truth, read)


@given(st.integers(0, 10_000))
def test_a_perfect_reading_is_perfect_and_any_loss_is_seen(seed: int) -> None:
    """The truth itself scores 1; without one paragraph, or with a page number left in it, it does not."""
    truth = _truth(write_letter(f"train-text-{seed}"))
    whole = score(truth, truth.paragraphs)
    assert (whole.f1, whole.wrong_characters, whole.page_numbers_left) == (1.0, 0, 0)
    assert score(truth, truth.paragraphs[:-1]).f1 < 1
    assert score(truth, [*truth.paragraphs, ("", "— 1 —")]).page_numbers_left == 1
    assert best_score(truth, "\n".join(text for _, text in truth.paragraphs)).f1 == 1


@given(st.integers(0, 10_000))
def test_the_same_seed_is_the_same_letter(seed: int) -> None:
    """What was measured once can be measured again."""
    name = f"train-text-{seed}"
    assert write_letter(name) == write_letter(name)
    assert plan_layout(name, ("A", "B")) == plan_layout(name, ("A", "B"))


def test_what_is_tuned_on_is_never_what_is_reported() -> None:
    """No letter is in both parts, by seed or by its words."""
    conditions = tuple(LETTERS)
    train, test = (plan(part, 12, conditions) for part in ("train", "test"))
    assert not {piece.seed for piece in train} & {piece.seed for piece in test}
    bodies = [
        {unit.text for unit in write_letter(p.seed).units if len(unit.text) > 60} for p in (*train[:40], *test[:40])
    ]
    assert not set().union(*bodies[:40]) & set().union(*bodies[40:])


def test_the_usual_corpus_has_every_state_and_300_letters() -> None:
    """The promise of the table."""
    assert set(LETTERS) == {name for names in CONDITIONS.values() for name in names}
    assert sum(LETTERS.values()) >= 300


@pytest.mark.parametrize("encoding", ["gbk", "unigb"])
def test_a_letter_can_be_set_without_any_font_of_the_system(encoding: str) -> None:
    """ReportLab's part needs no package; the file asks its reader to know the encoding."""
    letter, layout = write_letter("train-gbk-1"), plan_layout("train-gbk-1", ("any",))
    assert isinstance(layout, Layout)
    name = {"gbk": b"/GBK-EUC-H", "unigb": b"/UniGB-UCS2-H"}[encoding]
    for unit in letter.units:
        unit.text, unit.shown = (text.translate({0xFE5D: "〔", 0xFE5E: "〕"}) for text in (unit.text, unit.shown))
    assert name in letter_pdf(letter, layout, encoding)


def test_a_measurement_that_broke_off_goes_on_where_it_stopped(tmp_path: Path) -> None:
    """An answer is kept for the very bytes of the letter and the very code of the reader."""
    code, piece = tmp_path / "reader.py", Piece("seed", "reportlab", "text", tmp_path)
    code.write_text("1", encoding="utf-8")
    piece.pdf.write_bytes(b"letter")
    Answers("one", [code], tmp_path).add(piece, {"text": "读"})
    assert Answers("one", [code], tmp_path).of(piece) == {"text": "读"}
    assert Answers("other", [code], tmp_path).of(piece) is None
    piece.pdf.write_bytes(b"another letter")
    assert Answers("one", [code], tmp_path).of(piece) is None
    piece.pdf.write_bytes(b"letter")
    code.write_text("2", encoding="utf-8")
    assert Answers("one", [code], tmp_path).of(piece) is None
    code.write_text("1", encoding="utf-8")
    assert Answers("one", [code], tmp_path, again=True).of(piece) is None
