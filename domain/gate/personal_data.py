"""Personal data in the text: what is found is named by its class and masked, never repeated.

Names are not looked for: a committee member's name on a proposal is public, a petitioner's is not, and only a person
can tell them apart. What is masked already (138****1234) passes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from domain.reading.spelling import folded

_GAP = r"[ \-·]?"
_DIGIT_BEFORE, _DIGIT_AFTER = r"(?<![0-9A-Za-z*])", r"(?![0-9A-Za-z*])"
_PROVINCES = frozenset(
    map(
        str,
        (*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71, 81, 82),
    )
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"
_NEAR = 14
_CARD_NUMBER = re.compile(r"(?<![0-9A-Za-z])[0-9](?:[ \-]?[0-9]){15,18}(?![0-9A-Za-z])")


@dataclass(frozen=True, slots=True)
class PersonalDatum:
    """One place where personal data stands."""

    code: str
    """The finding code of its class."""
    masked: str
    start: int
    """Offset in the text."""


def personal_data(text: str) -> Iterator[PersonalDatum]:
    """Every identity number, phone number, account and home address in the text, each place once."""
    plain = folded(text)
    taken: list[tuple[int, int]] = []
    for kind in _KINDS:
        for match in kind.pattern.finditer(plain):
            first, last = match.span("value")
            if any(first < end and start < last for start, end in taken) or not kind.holds(plain, match):
                continue
            taken.append((first, last))
            yield PersonalDatum(kind.code, kind.mask(match["value"]), first)


def mask(value: str) -> str:
    """The first three and the last four signs, stars between: 138****1234. Short ones keep only the first."""
    if len(value) < len("1380000"):
        return value[:1] + "*" * (len(value) - 1)
    if len(value) == len("13800001234"):
        return f"{value[:3]}****{value[-4:]}"
    shown = 2 if len(value) < len("13800001234") else 3
    return value[:shown] + "*" * (len(value) - shown - 2) + value[-2:]


@dataclass(frozen=True, slots=True)
class _Kind:
    code: str
    pattern: re.Pattern[str]
    holds: Callable[[str, re.Match[str]], bool]
    mask: Callable[[str], str]


def _digits(value: str) -> str:
    return re.sub(r"[ \-·]", "", value)


def _mask_digits(value: str) -> str:
    return mask(_digits(value))


def _mask_address(value: str) -> str:
    return value[:2] + "***"


def _near(words: str) -> Callable[[str, re.Match[str]], bool]:
    pattern = re.compile(words)

    def holds(text: str, match: re.Match[str]) -> bool:
        return pattern.search(text[max(0, match.start("value") - _NEAR) : match.start("value")]) is not None

    return holds


def _always(_text: str, _match: re.Match[str]) -> bool:
    return True


def _is_resident_id(_text: str, match: re.Match[str]) -> bool:
    number = _digits(match["value"]).upper()
    if number[:2] not in _PROVINCES or not _is_birthday(number[6:14]):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _WEIGHTS, strict=True))
    return _CHECK_DIGITS[total % 11] == number[17]


def _is_birthday(written: str) -> bool:
    try:
        date(int(written[:4]), int(written[4:6]), int(written[6:]))
    except ValueError:
        return False
    return written[:2] in {"19", "20"}


def _is_bank_card(text: str, match: re.Match[str]) -> bool:
    number = _digits(match["value"])
    if not _luhn(number):
        return False
    return number.startswith(("62", "9558")) or _near("账号|帐号|账户|卡号|银行")(text, match)


def _luhn(number: str) -> bool:
    doubled = (sum(divmod(int(digit) * 2, 10)) for digit in number[-2::-2])
    return (sum(int(digit) for digit in number[-1::-2]) + sum(doubled)) % 10 == 0


# Eleven digits after these words count things or name a case; they are no phone number.
_NO_PHONE_BEFORE = re.compile(r"(?:案号|编号|第|文号|单号|备案号|代码|[〔\[(][0-9]{4}[〕\])])[::]?$")
_NO_PHONE_AFTER = re.compile(r"\s?(?:元|万|亿|号|户|家|件|\.html|平方|立方|吨|公里)")


def _is_mobile(text: str, match: re.Match[str]) -> bool:
    before, after = text[: match.start("value")], text[match.end("value") :]
    return not _NO_PHONE_BEFORE.search(before) and not _NO_PHONE_AFTER.match(after)


_PLATES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"

_KINDS = (
    _Kind(
        "personal-data-resident-id",
        re.compile(rf"{_DIGIT_BEFORE}(?P<value>[1-9](?:[ \-]?[0-9]){{16}}[ \-]?[0-9Xx]){_DIGIT_AFTER}"),
        _is_resident_id,
        _mask_digits,
    ),
    _Kind(
        "personal-data-resident-id",
        re.compile(rf"{_DIGIT_BEFORE}(?P<value>[1-8][0-9]{{14}}|[1-9][0-9]{{16}}[0-9Xx]){_DIGIT_AFTER}"),
        # The old number of 15 digits, or one of 18 with a typing error: only where the text says so.
        _near("身份证|身份号|证件号"),
        _mask_digits,
    ),
    _Kind("personal-data-bank-card", re.compile(rf"(?P<value>{_CARD_NUMBER.pattern})"), _is_bank_card, _mask_digits),
    _Kind(
        "personal-data-mobile",
        # 3-4-4, 3-3-5, 4-3-4, one piece, or every digit by itself.
        re.compile(
            r"(?<![0-9A-Za-z.*])(?:\(?\+?(?:00)?86\)?[ \-]?)?(?P<value>"
            rf"1[3-9][0-9]{_GAP}[0-9]{{4}}{_GAP}[0-9]{{4}}"
            rf"|1[3-9][0-9]{_GAP}[0-9]{{3}}{_GAP}[0-9]{{5}}"
            rf"|1[3-9][0-9]{{2}}{_GAP}[0-9]{{3}}{_GAP}[0-9]{{4}}"
            r"|1 [3-9](?: [0-9]){9}"
            r")(?![0-9A-Za-z*])"
        ),
        _is_mobile,
        _mask_digits,
    ),
    _Kind(
        "personal-data-passport",
        re.compile(rf"{_DIGIT_BEFORE}(?P<value>[EGDSPKeg][A-Za-z]?[0-9]{{7,8}}){_DIGIT_AFTER}"),
        _near("护照"),
        _mask_digits,
    ),
    _Kind(
        "personal-data-passport",
        re.compile(rf"{_DIGIT_BEFORE}(?P<value>[HMChmc]?[0-9]{{8,10}}){_DIGIT_AFTER}"),
        _near("通行证"),
        _mask_digits,
    ),
    _Kind(
        "personal-data-email",
        re.compile(r"(?<![A-Za-z0-9._%+\-])(?P<value>[A-Za-z0-9._%+\-]+@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+)"),
        lambda _text, match: not match["value"].lower().endswith(".gov.cn"),
        lambda value: f"{value[:1]}***@{value.rpartition('@')[2]}",
    ),
    _Kind(
        "personal-data-account",
        re.compile(r"(?:QQ|qq|微信)(?:号码?|账号)?\s?[:为是]\s?(?P<value>[A-Za-z0-9_\-]{5,20})"),
        _always,
        mask,
    ),
    _Kind(
        "personal-data-plate",
        re.compile(
            rf"(?P<value>[{_PLATES}][A-HJ-NP-Z][·•・ ]?(?=[A-HJ-NP-Z]*[0-9])[A-HJ-NP-Z0-9]{{5,6}}){_DIGIT_AFTER}"
        ),
        _always,
        mask,
    ),
    _Kind(
        "personal-data-home-address",
        re.compile(
            r"(?:家庭住址|家庭地址|户籍地址|户籍所在地|户籍地|现住址|现居住地|住址|家住|居住于|居住在|现住|住在)[:为是]?\s?"
            r"(?P<value>[^，,。；;:\s]{2,30}?[0-9]+(?:号楼|幢|栋|单元|室|弄|号|组))"
        ),
        _always,
        _mask_address,
    ),
    _Kind(
        "office-landline",
        re.compile(
            r"(?<![0-9A-Za-z.])(?P<value>\(?0[1-9][0-9]{1,2}\)?[ \-]?[2-9][0-9]{6,7}|[2-9][0-9]{6,7})(?![0-9A-Za-z*])"
        ),
        _near("电话|传真|联系人|联系方式|热线"),
        _mask_digits,
    ),
)
