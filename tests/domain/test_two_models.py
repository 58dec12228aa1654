"""What two models make of one line: agreement makes sure, difference is never hidden."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.reading.two_models import SURE, ModelReading, opinion

LINES = st.text(alphabet="砚溪镇第153号：，（）〔〕O0l1一—·", min_size=1, max_size=12)
SURENESS = st.floats(0.0, 1.0)


def _read(text: str, sure: float = 0.995, **less: float) -> ModelReading:
    return ModelReading(text, tuple(less.get(char, sure) for char in text))


def test_only_what_carries_meaning_has_to_be_sure() -> None:
    """Which bracket or colon it is, the grammar of the place tells."""
    assert opinion(ModelReading("签发人:(岑)", (1, 1, 1, 0.4, 0.3, 0.999, 0.3)), None).confidence == 0.999
    assert opinion(_read("二〇二四年", 年=0.7), None).confidence == 0.7


def test_agreement_makes_an_unsure_line_sure() -> None:
    both = opinion(_read("砚府〔2024〕29号", 砚=0.9), _read("砚府[2024]29号", 0.95))
    assert both.confidence == pytest.approx(0.995)
    assert not both.second


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("区教育局、区财政局", "区教育局丶区财政局"),
        ("2022一2024年", "2022—2024年"),
        ("ISO9001", "IS09001"),
        ("运用VOCs", "运用vOCs"),
        ("-２-", "— 2 —"),
        ("湾區", "湾区"),
    ],
)
def test_what_looks_alike_is_no_difference(first: str, second: str) -> None:
    assert not opinion(_read(first, 0.9), _read(second)).second


@pytest.mark.parametrize(("first", "second"), [("已经", "己经"), ("10处", "16处"), ("10处", "1处"), ("不同意", "同意")])
def test_a_difference_is_told_where_the_first_is_not_sure(first: str, second: str) -> None:
    different = opinion(_read(first, 0.97), _read(second))
    assert different.second == second
    assert different.confidence <= 0.5


@pytest.mark.parametrize(("first", "second"), [("已经", "己经"), ("10处", "16处"), ("10处", "1处")])
def test_and_where_both_are_sure(first: str, second: str) -> None:
    assert opinion(_read(first), _read(second)).second == second


def test_a_second_model_that_is_unsure_shakes_nobody() -> None:
    assert opinion(_read("漪财管"), _read("琦财管", 琦=0.4)).confidence == 0.995


def test_a_rare_character_that_the_second_passes_over() -> None:
    assert opinion(_read("漪桐市财政局"), _read("桐市财政局")).confidence == 0.995
    assert opinion(_read("漪桐市财政局", 漪=0.9), _read("桐市财政局")).second == "桐市财政局"


@given(LINES, LINES, SURENESS, SURENESS)
def test_an_opinion_is_a_confidence_and_agreement_costs_nothing(one: str, two: str, sure: float, other: float) -> None:
    first, second = _read(one, sure), _read(two, other)
    told = opinion(first, second)
    assert 0.0 <= told.confidence <= 1.0
    assert told.confidence <= 0.5 or not told.second
    assert opinion(first, first).confidence >= sure - 1e-9
    if first.least < SURE and first.telling()[0] not in (second.telling()[0], ""):
        assert told.second
