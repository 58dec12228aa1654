"""What is left to see of private data, class by class: the standard masks.

The forms are those that circulars prescribe: 138****1234, 35*************123, an address down to the township.
"""

from __future__ import annotations

import re

_STAR = "*"
# A county called 镇海 is no 镇, and a 小区 or 园区 is no district.
_TOWNSHIP = re.compile(r"^.*?[一-鿿](?:街道(?!路)|(?<![省市区县旗])镇(?![江海远平安雄原坪宁赉康巴沅赣])|(?<![城四])乡)")
_COUNTY = re.compile(r"^.*?(?:(?<![小社园片校厂景库林])区|县|旗|市)")


def mask(value: str) -> str:
    """The first three and the last four signs, stars between: 138****1234. Short ones keep only the first."""
    if len(value) < len("1380000"):
        return value[:1] + _STAR * (len(value) - 1)
    if len(value) == len("13800001234"):
        return f"{value[:3]}****{value[-4:]}"
    shown = 2 if len(value) < len("13800001234") else 3
    return value[:shown] + _STAR * (len(value) - shown - 2) + value[-2:]


def mobile(value: str) -> str:
    """First three and last four: 138****1234."""
    return mask(plain_number(value))


def resident_id(value: str) -> str:
    """First two and last three: 35*************123."""
    number = plain_number(value).upper()
    return number[:2] + _STAR * (len(number) - 5) + number[-3:]


def card(value: str) -> str:
    """The last four: ***************0123."""
    number = plain_number(value)
    return _STAR * (len(number) - 4) + number[-4:]


def permit(value: str) -> str:
    """The first sign and the last three: E*****678."""
    number = plain_number(value)
    return number[:1] + _STAR * (len(number) - 4) + number[-3:]


def landline(value: str) -> str:
    """The area code, if any, and the last four: 021-****0000."""
    area, number = _AREA.fullmatch(plain_number(value)).groups()  # type: ignore[union-attr]
    return (f"{area}-" if area else "") + _STAR * (len(number) - 4) + number[-4:]


_AREA = re.compile(r"(0(?:10|2[0-9]|[3-9][0-9]{2}))?([0-9]+)")


def email(value: str) -> str:
    """The first sign of the name and the whole domain: z***@mail.example."""
    domain = re.split(r"@|[(\[]at[)\]]", value)[-1].strip()
    return f"{value[:1]}***@{domain}"


def plate(value: str) -> str:
    """Province and city: 沪A*****."""
    signs = re.sub(r"[ ·•・.-]", "", value)
    return signs[:2] + _STAR * (len(signs) - 2)


def account(value: str) -> str:
    """The first sign: w*********."""
    return value[:1] + _STAR * (len(value) - 1)


def name(value: str) -> str:
    """The surname, or what counts as one: 顾**."""
    return value[:1] + "**"


def address(value: str) -> str:
    """Down to street or township, else to county; where neither is named nothing is left."""
    match = _TOWNSHIP.match(value) or _COUNTY.match(value)
    return (match[0] if match else "") + "****"


def plain_number(value: str) -> str:
    """The letters and figures alone."""
    return re.sub(r"[^0-9A-Za-z一-鿿〇]", "", value)
