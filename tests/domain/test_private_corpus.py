"""The seeded corpus: every number of a person is found, and hardly anything else is taken for one."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.cn import ric, uscc

from benchmarks.private_corpus import card, credit_code, look_alikes, positives, resident_id
from benchmarks.private_data import Tally, tally
from domain.gate.identity_numbers import is_credit_code, is_luhn, is_resident_id
from domain.reading.paragraph import Role
from tests.domain.factory import PARAGRAPHS, codes, judge, paragraph, raw_reply, seen


@pytest.fixture(scope="module")
def counted() -> Tally:
    """One run over the corpus."""
    return tally((*positives(20_240_518, 30), *look_alikes(20_240_519, 30)))


@pytest.mark.parametrize("kind", ["resident-id", "mobile", "bank-card"])
def test_no_number_of_a_person_is_missed(counted: Tally, kind: str) -> None:
    """Identity numbers, mobile phones and cards: every one, however it is written."""
    assert counted.there[kind] > 300
    assert counted.found[kind] == counted.there[kind]


def test_hardly_anything_else_is_taken_for_private_data(counted: Tally) -> None:
    """Document numbers, amounts, codes, dates and addresses of offices are no matches."""
    assert counted.look_alikes > 1500
    assert counted.precision() >= 0.95
    assert all(counted.precision(kind) >= 0.95 for kind in counted.there)
    assert all(counted.recall(kind) >= 0.95 for kind in counted.there)


@settings(max_examples=300)
@given(seed=st.integers(0, 2**32), digits=st.from_regex(r"[1-9][0-9]{16}[0-9X]", fullmatch=True))
def test_check_digits_are_those_of_a_library_that_others_keep(seed: int, digits: str) -> None:
    """What python-stdnum reckons, ours reckons too; its table of districts is not asked, new ones are missing there."""
    dice = random.Random(seed)
    number, plastic, code = resident_id(dice), card(dice), credit_code(dice)
    assert is_resident_id(number)
    assert ric.calc_check_digit(number) == number[17]
    assert not is_resident_id(digits) or ric.calc_check_digit(digits) == digits[17]
    sound = f"{number[:17]}{digits[17]}"
    assert is_resident_id(sound) == (ric.calc_check_digit(sound) == sound[17])
    assert is_luhn(plastic)
    for each in (plastic, digits[:16], digits[:17]):
        assert is_luhn(each) == luhn.is_valid(each)
    assert is_credit_code(code)
    for each in (code, digits):
        assert is_credit_code(each) == (uscc.calc_check_digit(each[:17]) == each[17])


def test_every_district_of_the_library_is_a_province_of_ours() -> None:
    """No number that the library accepts is unknown to us, whatever district it names."""
    for province in (*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66)):
        number = f"{province}010019900307001"
        assert is_resident_id(number + ric.calc_check_digit(f"{number}0"))


_NUMBER = "13800001234"


@pytest.mark.parametrize(
    "letter",
    [
        {"title": seen(f"对区政协十五届三次会议第153047号提案的答复（{_NUMBER}）")},
        {"notes": (seen(f"（联系人：顾闻溪，电话：{_NUMBER}）"),)},
        {"copied_to": (seen(f"区政府办（{_NUMBER}）"),)},
        {"attachments": (seen(f"联系表（{_NUMBER}）"),)},
        {"paragraphs": (*PARAGRAPHS, paragraph(Role.TABLE, f"姓名\t电话\n顾闻溪\t{_NUMBER}", 2))},
        {"paragraphs": (*PARAGRAPHS, paragraph(Role.IMPRINT, f"柳桥镇党政办公室　{_NUMBER}", 2))},
        {"paragraphs": (*PARAGRAPHS, paragraph(Role.BODY, "请拨打1380"), paragraph(Role.BODY, "0001234咨询。", 2))},
        {"distributing_office": replace(seen("柳桥镇党政办公室"), raw=f"柳桥镇党政办公室 {_NUMBER}")},
    ],
)
def test_the_whole_letter_is_looked_at(letter: dict[str, object]) -> None:
    """Title, notes, copies, attachments, tables, imprint, and over the end of a page."""
    assert "personal-data-mobile" in codes(judge(raw_reply(**letter)))


def test_no_finding_of_any_check_repeats_a_number() -> None:
    """A check that quotes the letter for another reason does not carry a phone number into a log."""
    judged = judge(raw_reply(disclosure_marks=(seen(f"请电{_NUMBER}后公开"),), addressees=(seen(f"甲乙{_NUMBER}局"),)))
    said = "".join(f"{each.message()}{each.message('en')}{each.raw}{dict(each.details)}" for each in judged.findings)
    assert "disclosure-unknown" in codes(judged)
    assert _NUMBER not in said
