"""A calendar date as letters write it. What is damaged stays damaged: nothing is ever guessed back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.reading.spelling import bare

_FIGURES = re.compile(r"(?P<year>[0-9]{4})年(?P<month>[0-9]{1,2})月(?P<day>[0-9]{1,2})日")
_SIGNS = re.compile(
    r"(?P<year>[0-9]{4})(?P<sign>[-/.])(?P<month>[0-9]{1,2})(?P=sign)(?P<day>[0-9]{1,2})"
    r"(?P<time>(?:[0-1][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?)?"
)
_NUMERALS = re.compile(
    r"(?P<year>[〇○OΟ0零一二三四五六七八九]{4})年(?P<month>[一二三四五六七八九十]{1,2})月(?P<day>[一二三四五六七八九十]{1,3})日"
)
# Many keyboards have no 〇: a letter or a ring of its form stands in years, where it can be nothing else.
_DIGITS = {
    "〇": 0,
    "○": 0,
    "O": 0,
    "Ο": 0,
    "0": 0,
    "零": 0,
    **{char: number for number, char in enumerate("一二三四五六七八九", 1)},
}


class DateFault(StrEnum):
    """Why a written date is no date."""

    DAMAGED = "damaged"
    """Signs are missing: it could mean several days, or none."""
    IMPOSSIBLE = "impossible"
    """It names a day that does not exist."""


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """What was written, and the day it means, or why it means none."""

    day: date | None
    fault: DateFault | None = None
    plain: bool = True
    """Written as GB/T 9704-2012, 7.3.5 asks: Arabic figures, full year, no leading zero, no space, 年月日."""


def read_date(written: str) -> WrittenDate:
    """The day that is written, in figures, with signs, or in Chinese numerals; never more than what stands there."""
    text = bare(written)
    if match := _FIGURES.fullmatch(text):
        return _day(int(match["year"]), int(match["month"]), int(match["day"]), written)
    if match := _SIGNS.fullmatch(text):
        return _day(int(match["year"]), int(match["month"]), int(match["day"]), written)
    if match := _NUMERALS.fullmatch(text):
        year = int("".join(str(_DIGITS[char]) for char in match["year"]))
        return _day(year, numeral(match["month"]), numeral(match["day"]), written)
    return WrittenDate(None, DateFault.DAMAGED)


def numeral(written: str) -> int:
    """The number from 1 to 99 that Chinese numerals or Arabic figures write; 0 for anything else."""
    text = bare(written)
    if text.isascii() and text.isdigit():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    if (tens and tens not in _DIGITS) or (ones and ones not in _DIGITS):
        return 0
    if not ten:
        return _DIGITS.get(ones, 0)
    return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)


def _day(year: int, month: int, day: int, written: str) -> WrittenDate:
    try:
        found = date(year, month, day)
    except ValueError:
        return WrittenDate(None, DateFault.IMPOSSIBLE)
    return WrittenDate(found, plain=written == f"{year}年{month}月{day}日")
