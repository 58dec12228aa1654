"""A date is what is written, or nothing."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.calendar_date import DateFault, numeral, read_date

_DAYS = st.dates(date(1949, 10, 1), date(2099, 12, 31))
_TENS = ("", "十", "二十", "三十")


def _in_numerals(number: int) -> str:
    tens, ones = divmod(number, 10)
    return _TENS[tens] + "〇一二三四五六七八九"[ones] * (ones > 0)


@pytest.mark.parametrize(
    ("written", "day", "plain"),
    [
        ("2024年5月17日", date(2024, 5, 17), True),
        ("2019年 10月14日", date(2019, 10, 14), False),
        ("2026年07月03日", date(2026, 7, 3), False),
        ("２０２４年５月１７日", date(2024, 5, 17), False),
        ("2024-06-14", date(2024, 6, 14), False),
        ("2019-10-14 14:25:49", date(2019, 10, 14), False),
        ("2021/10/28", date(2021, 10, 28), False),
        ("二〇二四年五月十七日", date(2024, 5, 17), False),
        ("二○一九年十二月三十一日", date(2019, 12, 31), False),
    ],
)
def test_written_date_is_read(written: str, day: date, *, plain: bool) -> None:
    """Every form that occurs is read, and only the standard's own is plain."""
    found = read_date(written)
    assert (found.day, found.fault, found.plain) == (day, None, plain)


@pytest.mark.parametrize(
    "written", ["2026年13月40日", "2023年2月29日", "2024年0月1日", "二〇二四年二月三十日", "2024/13/01"]
)
def test_day_that_does_not_exist_is_impossible(written: str) -> None:
    """It is said that the day does not exist; no neighbour is chosen."""
    assert read_date(written).fault is DateFault.IMPOSSIBLE


@settings(max_examples=300)
@given(day=_DAYS, drop=st.sets(st.sampled_from("年月日"), min_size=1), zero=st.booleans())
def test_damaged_date_is_never_guessed(day: date, drop: set[str], *, zero: bool) -> None:
    """A date that lost one of its signs means no day, however plain the rest looks."""
    whole = f"{day:%Y年%m月%d日}" if zero else f"{day.year}年{day.month}月{day.day}日"
    damaged = "".join(char for char in whole if char not in drop)
    assert read_date(damaged).day is None
    assert read_date(damaged).fault is DateFault.DAMAGED


@settings(max_examples=500)
@given(day=_DAYS)
def test_numerals_and_figures_name_the_same_day(day: date) -> None:
    """A date in Chinese numerals is the same day as in figures."""
    year = "".join("〇一二三四五六七八九"[int(digit)] for digit in str(day.year))
    written = f"{year}年{_in_numerals(day.month)}月{_in_numerals(day.day)}日"
    assert read_date(written).day == day


@settings(max_examples=500)
@given(text=st.text(alphabet="0123456789年月日-/. 〇一二十", max_size=14))
def test_any_text_is_a_day_or_a_fault(text: str) -> None:
    """Whatever is written, the answer is a day that exists or a fault, never both and never an exception."""
    found = read_date(text)
    assert (found.day is None) == (found.fault is not None)


@pytest.mark.parametrize(
    ("written", "number"), [("十", 10), ("十五", 15), ("二十", 20), ("九", 9), ("12", 12), ("甲", 0), ("百", 0)]
)
def test_numeral(written: str, number: int) -> None:
    """Ordinals of terms and sessions are read; what is no numeral is 0."""
    assert numeral(written) == number
