"""Lines are 28 characters long, full, and neither start nor end with what must not stand there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samples.factory import letter
from samples.page import CELL, LINES, MEASURE, _pages
from samples.typefaces import Face, face_of, width_of
from samples.typesetting import break_lines

TEXTS = st.text(
    st.sampled_from("的一是在不了有和人这中大为上个国，。、；：？！“”《》（）AB12 "), min_size=1, max_size=200
).map(lambda text: "答" + text.strip())


def test_a_full_line_of_chinese_holds_28_characters() -> None:
    first, second = break_lines("答" * 40, face=Face.BODY, size=CELL, measure=MEASURE)
    assert (len(first.text), len(second.text)) == (28, 12)


@given(TEXTS)
def test_no_character_is_lost_or_moved(text: str) -> None:
    lines = break_lines(text, face=Face.BODY, size=CELL, measure=MEASURE, indent=2 * CELL)
    assert "".join(line.text for line in lines).replace(" ", "") == text.replace(" ", "")


@given(TEXTS)
def test_every_line_but_the_last_is_exactly_full(text: str) -> None:
    *full, last = break_lines(text, face=Face.BODY, size=CELL, measure=MEASURE)
    for line in full:
        width = width_of(line.text, Face.BODY, CELL) + line.spacing * (len(line.text) - 1)
        assert width == pytest.approx(MEASURE) or len(line.text) == 1
    assert last.spacing == 0


def test_a_closing_mark_never_starts_a_line() -> None:
    lines = break_lines("答" * 28 + "。" + "答" * 3, face=Face.BODY, size=CELL, measure=MEASURE)
    assert [line.text[0] for line in lines] == ["答", "答"]
    assert lines[1].text.startswith("答。")


def test_an_opening_mark_never_ends_a_line() -> None:
    first, second = break_lines("答" * 27 + "（答）", face=Face.BODY, size=CELL, measure=MEASURE)
    assert first.text == "答" * 27
    assert second.text == "（答）"


def test_a_latin_word_is_not_broken() -> None:
    first, second = break_lines("答" * 26 + "Infrastructure", face=Face.BODY, size=CELL, measure=MEASURE)
    assert (first.text, second.text) == ("答" * 26, "Infrastructure")


@given(st.integers(min_value=1, max_value=60))
def test_a_heading_is_never_left_at_the_foot_and_the_closing_never_stands_alone(paragraphs: int) -> None:
    first, *others = _pages(letter(body=("一、标题", "答" * 40) * paragraphs))
    assert all(others)
    for page in (first, *others):
        assert all(row < LINES for row, _ in page)
        assert not page or getattr(page[-1][1], "face", Face.BODY) is Face.BODY


def test_a_character_without_a_glyph_is_refused_and_not_drawn_as_a_box() -> None:
    with pytest.raises(ValueError, match=r"U\+1F600"):
        face_of("😀", Face.BODY)
