"""A document number is read back as it was written, and a damaged one is never repaired."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.document_number import DocumentNumber

_CODES = st.text(alphabet="甲乙丙丁府办函建提复教字", min_size=1, max_size=8)
_NUMBERS = st.builds(DocumentNumber, _CODES, st.integers(1949, 2099), st.integers(1, 99_999))


@settings(max_examples=500)
@given(number=_NUMBERS)
def test_number_survives_being_written_and_read(number: DocumentNumber) -> None:
    """A document number read back from its written form is the same number."""
    assert DocumentNumber.parse(str(number)) == number
    assert DocumentNumber.read(str(number)) == number


@settings(max_examples=500)
@given(
    number=_NUMBERS,
    brackets=st.sampled_from(["〔〕", "[]", "【】", "﹝﹞", "（）", "［］", "()"]),
    ordinal=st.sampled_from(["", "第"]),
    zeros=st.sampled_from(["", "0", "00"]),
    gap=st.sampled_from(["", " ", "\n", "\u3000"]),
    glued=st.sampled_from(["", "B类", "(A类)", " A类 同意公开"]),
)
def test_variants_name_the_same_number(
    number: DocumentNumber, brackets: str, ordinal: str, zeros: str, gap: str, glued: str
) -> None:
    """Other brackets, 第, zeros, spaces and a class glued behind are the same number."""
    written = (
        f"{number.issuer_code}{gap}{brackets[0]}{number.year}{brackets[1]}{gap}{ordinal}{zeros}{number.serial}号{glued}"
    )
    assert DocumentNumber.read(written) == number


@pytest.mark.parametrize(
    "written",
    [
        "甲府〔202411",
        "甲府〔202411号",
        "甲政建复〔2022〕号(B类)",
        "〔2024〕11号",
        "甲府2024年11号",
        "甲府〔24〕11号",
        "甲府〔2019〕来信号",
        "甲府〔2024〕0号",
        "",
    ],
)
def test_damaged_number_is_no_number(written: str) -> None:
    """What lost a bracket, its code or its serial is not repaired."""
    assert DocumentNumber.read(written) is None


def test_parse_takes_the_standard_form_only() -> None:
    """`parse` is for what we wrote ourselves."""
    with pytest.raises(ValueError, match=r"7\.2\.5"):
        DocumentNumber.parse("甲府[2024]11号")
