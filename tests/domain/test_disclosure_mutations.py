"""Thousands of letters that may not be released, and none is: by the real review, from its own evidence.

FUWEN_MUTATIONS=5 makes five times as many, more than ten thousand; a change lands only after that.
"""

from __future__ import annotations

import os
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.rules import load_rules
from domain.fate import Fate
from domain.gate.rules import Rules
from domain.reading.letter import read_letter
from tests.domain.disclosure_mutations import HARMLESS, OPEN, Mutation, as_read, mutations, pages
from tests.domain.factory import codes, judge, rules
from tests.domain.typesetting import letter

_TIMES = int(os.environ.get("FUWEN_MUTATIONS", "1"))
_CLOSING = ("disclosure-", "secrecy-")


@pytest.fixture(scope="module")
def by() -> Rules:
    """The packaged words of disclosure, for the invented authority."""
    return replace(rules(), disclosure=load_rules().disclosure)


@settings(max_examples=20 * _TIMES, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**48))
def test_no_mutation_is_released(by: Rules, seed: int) -> None:
    """100 mutations for every seed, marks where a reader puts them: not one is released, each says why."""
    for dice, found in mutations(seed, 100):
        judged = judge(as_read(dice, found), by=by)
        assert judged.fate is not Fate.PUBLISH, found
        assert any(code.startswith(_CLOSING) for code in codes(judged)), found


@settings(max_examples=10 * _TIMES, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**48))
def test_no_mutation_is_released_from_its_pages(by: Rules, seed: int) -> None:
    """20 for every seed, typeset and read: on top, behind the number, beside, in notes, tables, running heads."""
    for dice, found in mutations(seed, 20):
        judged = judge(read_letter(pages(dice, found)), by=by)
        assert judged.fate is Fate.REJECT, found
        assert any(code.startswith(_CLOSING) for code in codes(judged)), found


@pytest.mark.parametrize(
    ("marks", "sentence"),
    [
        (("暂", "不公", "开"), ""),
        (("部分", "公开"), ""),
        (("（限定公开）", "主动公开"), ""),
        (("主动公开", "同意公开", "不同意公开"), ""),
        (("公开属性：主动公开", "依申请"), ""),
        ((), "来信中引用了“公开属性：主动公开·全文”的字样。"),
    ],
)
def test_what_was_once_released_wrongly(by: Rules, marks: tuple[str, ...], sentence: str) -> None:
    """Found by the mutations: a mark broken over lines, a word that holds another, an unknown one beside a known."""
    sheets = letter("您的提案收悉。", *([sentence] if sentence else []), marks=marks)
    sheets.at_right("甲水区石桥镇人民政府").at_right("2024年5月17日")
    assert judge(read_letter(sheets.pages()), by=by).fate is Fate.REJECT


@pytest.mark.parametrize("mark", OPEN)
def test_letter_that_is_public_is_not_stopped_by_what_it_speaks_of(by: Rules, mark: str) -> None:
    """The same sentences beside a mark that opens the letter: nothing about disclosure is found."""
    sheets = letter("您的提案收悉。", *HARMLESS, marks=(f"公开属性：{mark}",))
    sheets.at_right("甲水区石桥镇人民政府").at_right("2024年5月17日").paragraph("（此件公开发布）")
    found = codes(judge(read_letter(sheets.pages()), by=by))
    assert not [code for code in found if code.startswith(_CLOSING)]


def test_the_mutations_are_of_every_kind() -> None:
    """Each kind of reason occurs, and no two letters are alike but by chance."""
    made: list[Mutation] = [found for _, found in mutations(1, 2000)]
    assert {found.reason for found in made} == {"closed", "unknown", "contradiction", "answer", "no mark", "many"}
    assert len(set(made)) > 1400
