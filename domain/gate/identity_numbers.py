"""Numbers that prove themselves: the check digits of resident identity, bank cards and unified credit codes."""

from __future__ import annotations

from datetime import date

_PROVINCES = frozenset(
    map(
        str,
        (
            *range(11, 16),
            *range(21, 24),
            *range(31, 38),
            *range(41, 47),
            *range(50, 55),
            *range(61, 66),
            71,
            81,
            82,
            83,
        ),
    )
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"
_CREDIT_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def is_resident_id(number: str) -> bool:
    """Whether it is a citizen identity number of 18 signs (GB 11643-1999): province, birthday, MOD 11-2."""
    if len(number) != 18 or not _is_digits(number[:17]) or number[:2] not in _PROVINCES:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _WEIGHTS, strict=True))
    return _is_birthday(number[6:14]) and _CHECK_DIGITS[total % 11] == number[17].upper()


def is_luhn(number: str) -> bool:
    """Whether the last digit is the check digit of a card number (ISO/IEC 7812-1, annex B)."""
    if not _is_digits(number):
        return False
    doubled = (sum(divmod(int(digit) * 2, 10)) for digit in number[-2::-2])
    return (sum(int(digit) for digit in number[-1::-2]) + sum(doubled)) % 10 == 0


def is_credit_code(code: str) -> bool:
    """Whether it is a unified social credit code of 18 signs (GB 32100-2015): MOD 31."""
    if len(code) != 18 or any(sign not in _CREDIT_SIGNS for sign in code):
        return False
    total = sum(_CREDIT_SIGNS.index(sign) * pow(3, place, 31) for place, sign in enumerate(code[:17]))
    return _CREDIT_SIGNS.index(code[17]) == (31 - total % 31) % 31


def _is_digits(number: str) -> bool:
    return number.isascii() and number.isdigit()


def _is_birthday(written: str) -> bool:
    try:
        day = date(int(written[:4]), int(written[4:6]), int(written[6:]))
    except ValueError:
        return False
    return 1900 <= day.year < 2100
