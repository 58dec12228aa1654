"""Invented private data, well-formed and of nobody, in every usual way of writing; and what only looks like it.

Everything is made from a seed: the same seed gives the same corpus.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_PROVINCES = ("11", "12", "23", "31", "32", "35", "44", "50", "53", "62", "65")
_SURNAMES, _GIVEN = "顾沈宋何温裴祁", ("岚汀", "知远", "云舒", "闻溪", "一禾", "青")


@dataclass(frozen=True, slots=True)
class Case:
    """One sentence, and the class that it holds; None for one that only looks like it."""

    kind: str | None
    """The finding code without `personal-data-`."""
    value: str
    """What is private, as it is written; of a look-alike, the figure."""
    text: str


def resident_id(dice: random.Random) -> str:
    """18 signs with a true check digit; serial 000 is not given out."""
    day = date(1930, 1, 1) + timedelta(days=dice.randrange(34_000))
    first = f"{dice.choice(_PROVINCES)}{dice.randrange(1, 30):02}00{day:%Y%m%d}000"
    total = sum(int(digit) * weight for digit, weight in zip(first, _WEIGHTS, strict=True))
    return first + "10X98765432"[total % 11]


def mobile(dice: random.Random) -> str:
    """Eleven figures."""
    return f"1{dice.randrange(3, 10)}{dice.randrange(10**9):09}"


def card(dice: random.Random, first: str = "62", length: int = 19) -> str:
    """A card number with a true check digit."""
    digits = first + "".join(dice.choice("0123456789") for _ in range(length - len(first) - 1))
    return next(digits + last for last in "0123456789" if _luhn(digits + last))


def credit_code(dice: random.Random, first: str = "91") -> str:
    """A unified social credit code with a true check sign."""
    code = f"{first}{dice.choice(_PROVINCES)}0100" + "".join(dice.choice("0123456789") for _ in range(9))
    total = sum(_CREDIT.index(sign) * pow(3, place, 31) for place, sign in enumerate(code))
    return code + _CREDIT[(31 - total % 31) % 31]


def _luhn(number: str) -> bool:
    doubled = (sum(divmod(int(digit) * 2, 10)) for digit in number[-2::-2])
    return (sum(map(int, number[-1::-2])) + sum(doubled)) % 10 == 0


# --- ways of writing ----------------------------------------------------------------------------------------------


def wide(text: str) -> str:
    """Full-width letters and figures."""
    return "".join(chr(ord(char) + 0xFEE0) if char.isascii() and char.isalnum() else char for char in text)


def grouped(text: str, sizes: tuple[int, ...], between: str) -> str:
    """In groups of these sizes, the last one takes the rest."""
    parts, at = [], 0
    for size in sizes:
        parts.append(text[at : at + size])
        at += size
    return between.join(part for part in (*parts, text[at:]) if part)


def broken(dice: random.Random, text: str) -> str:
    """Split by the end of a line, or with something invisible within."""
    at = dice.randrange(2, len(text) - 1)
    return text[:at] + dice.choice(["\n", "\u200b", "\u00ad", "\ufeff"]) + text[at:]


_ID_FORMS: tuple[Callable[[random.Random, str], str], ...] = (
    lambda _dice, text: text,
    lambda _dice, text: text.lower(),
    lambda _dice, text: wide(text),
    lambda _dice, text: grouped(text, (6, 8), " "),
    lambda _dice, text: grouped(text, (6, 4, 4), "-"),
    lambda _dice, text: grouped(text, (1,) * 17, " "),
    lambda _dice, text: wide(grouped(text, (6, 8), "\u3000")),
    broken,
)
_MOBILE_FORMS: tuple[Callable[[random.Random, str], str], ...] = (
    lambda _dice, text: text,
    lambda _dice, text: wide(text),
    lambda _dice, text: grouped(text, (3, 4), " "),
    lambda _dice, text: grouped(text, (3, 4), "-"),
    lambda _dice, text: grouped(text, (3, 4), "－"),
    lambda _dice, text: grouped(text, (3, 4), "."),
    lambda _dice, text: grouped(text, (3, 3), " "),
    lambda _dice, text: grouped(text, (4, 3), " "),
    lambda _dice, text: grouped(text, (1,) * 10, " "),
    lambda _dice, text: "+86 " + text,
    lambda _dice, text: "+86-" + grouped(text, (3, 4), "-"),
    lambda _dice, text: "(+86)" + text,
    lambda _dice, text: "0086" + text,
    lambda _dice, text: "86" + text,
    lambda _dice, text: "0" + text,
    broken,
)
_CARD_FORMS: tuple[Callable[[random.Random, str], str], ...] = (
    lambda _dice, text: text,
    lambda _dice, text: wide(text),
    lambda _dice, text: grouped(text, (4, 4, 4, 4), " "),
    lambda _dice, text: grouped(text, (4, 4, 4, 4), "-"),
    lambda _dice, text: grouped(text, (6,), " "),
    broken,
)
_ID_TEXTS = (
    "居民{name}（公民身份号码{value}）反映的情况已核实。",
    "身份证号：{value}",
    "登记人{value}已办理手续。",
    "当事人信息：{name}，女，{value}，现已联系。",
    "附表\t{name}\t{value}\t已发放",
    "学籍号G{value}。",
)
_MOBILE_TEXTS = (
    "联系人：{name}，联系电话：{value}。",
    "请拨打{value}咨询。",
    "（承办人：{name}；{value}）",
    "经办人{name}{value}",
    "{name}\t{value}\t已回访",
    "手机号{value}，随时可以联系。",
    "电话：021-55550000、{value}。",
    "如有意见可与{name}同志（{value}）联系。",
    "Tel:{value}",
)
_CARD_TEXTS = (
    "补助已汇入{name}的银行卡{value}。",
    "开户行：云溪支行，账号：{value}。",
    "卡号{value}",
    "收款账户{value}已核对。",
)
_OTHERS: tuple[tuple[str, str, str], ...] = (
    ("passport", "护照号码{value}已登记。", "E{n:08}"),
    ("passport", "持护照（{value}）入境。", "EA{n:07}"),
    ("passport", "港澳居民来往内地通行证号码：{value}。", "H{n:08}"),
    ("passport", "往来港澳通行证{value}。", "C{n:08}"),
    ("plate", "车辆{value}已停放在出入口。", "沪A{n:05}"),
    ("plate", "号牌为{value}的小客车。", "苏E·{n:05}"),
    ("plate", "新能源汽车{value}已充电。", "粤BD{n:05}"),
    ("email", "请发送至{value}。", "user{n}@mail.example"),
    ("email", "邮箱：{value}", "z.{n}@example.com"),
    ("account", "可添加微信：{value}联系。", "wx_{n}"),
    ("account", "QQ号{value}。", "1{n:08}"),
    ("home-address", "家住{value}，出行不便。", "云溪区柳桥镇杏花路{n}弄3号201室"),
    ("home-address", "户籍地址：{value}。", "云溪区杏花新村{n}号楼2单元301室"),
    ("home-address", "住址为{value}", "柳桥镇松亭村{n}组"),
    ("deputy-contact", "委员联系电话：{value}", "021-5{n:07}"),
    ("resident-id", "身份证号110105{value}。", "49123{n:04}"),
)

# Each takes a dice and gives the figure and the sentence.
_LOOK_ALIKES: tuple[Callable[[random.Random], tuple[str, str]], ...] = (
    lambda dice: _one(f"柳府〔2024〕{dice.randrange(1, 999)}号", "详见{0}文件。"),
    lambda dice: _one(f"15{dice.randrange(1, 6)}{dice.randrange(999):03}", "第{0}号提案收悉。"),
    lambda dice: _one(mobile(dice), "项目编号{0}已归档。"),
    lambda dice: _one(mobile(dice), "共支出{0}元。"),
    lambda dice: _one(mobile(dice), "案号：{0}"),
    lambda dice: _one(mobile(dice), "信访件受理号{0}已办结。"),
    lambda dice: _one(mobile(dice), "合计{0}.50元"),
    lambda dice: _one(mobile(dice), "总造价¥{0}"),
    lambda dice: _one(mobile(dice), "见https://www.example.gov.cn/2024/0517/{0}.html。"),
    lambda dice: _one(f"{dice.randrange(10**11, 10**12)}", "工单{0}已转办。"),
    lambda dice: _one(f"2024{dice.randrange(10**10):010}", "工单编号{0}。"),
    lambda dice: _one(credit_code(dice), "统一社会信用代码{0}。"),
    lambda dice: _one(credit_code(dice, "11"), "统一社会信用代码：{0}"),
    lambda dice: _one(credit_code(dice, "12"), "（统一社会信用代码 {0}）"),
    lambda dice: _one(f"2404-310107-04-01-{dice.randrange(10**6):06}", "项目代码{0}。"),
    lambda dice: _one(f"SY310107{dice.randrange(2018, 2026)}{dice.randrange(10**5):05}", "索引号{0}。"),
    lambda dice: _one(f"（2024）沪0107民初{dice.randrange(1, 9999)}号", "一审{0}案已结。"),
    lambda dice: _one(f"{dice.randrange(200000, 209999)}", "邮编：{0}。"),
    lambda dice: _one(f"2024年{dice.randrange(1, 13)}月{dice.randrange(1, 29)}日", "截至{0}，已完成八成。"),
    lambda dice: _one(f"{dice.randrange(100, 200)}.{dice.randrange(10, 99)}万元", "投入资金{0}。"),
    lambda dice: _one(f"{mobile(dice)}元", "财政资金{0}已拨付。"),
    lambda dice: _one(f"{dice.randrange(1, 9)},{dice.randrange(100, 999)},{dice.randrange(100, 999)}", "人口{0}。"),
    lambda dice: _one(_not_id(dice), "登记编号{0}已注销。"),
    lambda dice: _one(_not_card(dice), "缴款书号码后接{0}字样。"),
    lambda dice: _one(f"{mobile(dice)[:3]}****{mobile(dice)[-4:]}", "手机号已遮盖为{0}。"),
    lambda dice: _one(f"35*************{dice.randrange(1000):03}", "身份证号{0}。"),
    lambda dice: _one(f"office{dice.randrange(99)}@liuqiao.gov.cn", "办公邮箱{0}。"),
    lambda dice: _one(f"{dice.randrange(1, 9)}号楼2单元会议室", "会议在{0}召开。"),
    lambda dice: _one(f"云溪区府路{dice.randrange(1, 99)}号", "地址：{0}，欢迎监督。"),
    lambda dice: _one(f"G{dice.randrange(10, 99)}", "沪宁高速{0}段改造。"),
    lambda dice: _one(f"{dice.randrange(1, 30)}", "居住在杏花新村{0}号楼的居民反映强烈。"),
    lambda dice: _one(f"公众号yunxi_{dice.randrange(99)}", "请关注微信{0}。"),
    lambda dice: _one(f"{dice.randrange(2010, 2025)}", "护照业务自{0}年起全区通办。"),
    lambda dice: _one(f"YD{dice.randrange(10**6):06}", "设备编号{0}运行正常。"),
    lambda dice: _one(f"0.{mobile(dice)}", "系数为{0}。"),
    lambda dice: _one(f"{dice.randrange(100, 199)}\t{dice.randrange(1000, 1999)}\t{dice.randrange(1000, 9999)}", "{0}"),
)


def _one(figure: str, sentence: str) -> tuple[str, str]:
    return figure, sentence.format(figure)


def _not_id(dice: random.Random) -> str:
    number = resident_id(dice)
    return number[:17] + next(sign for sign in "0123456789" if sign != number[17])


def _not_card(dice: random.Random) -> str:
    number = card(dice)
    return number[:-1] + str((int(number[-1]) + 1) % 10)


def positives(seed: int, each: int) -> Iterator[Case]:
    """So many sentences of every class and every way of writing it."""
    dice = random.Random(seed)
    rows = (
        ("resident-id", resident_id, _ID_FORMS, _ID_TEXTS),
        ("mobile", mobile, _MOBILE_FORMS, _MOBILE_TEXTS),
        ("bank-card", _any_card, _CARD_FORMS, _CARD_TEXTS),
    )
    for kind, make, forms, texts in rows:
        for form in forms:
            for _ in range(each):
                value = form(dice, make(dice))
                name = dice.choice(_SURNAMES) + dice.choice(_GIVEN)
                yield Case(kind, value, dice.choice(texts).format(name=name, value=value))
    for kind, text, shape in _OTHERS:
        for _ in range(each):
            value = shape.format(n=dice.randrange(1000, 9999))
            yield Case(kind, value, text.format(value=value))


def look_alikes(seed: int, each: int) -> Iterator[Case]:
    """So many of every kind of figure that is no private data."""
    dice = random.Random(seed)
    for make in _LOOK_ALIKES:
        for _ in range(each):
            figure, text = make(dice)
            yield Case(None, figure, text)


def _any_card(dice: random.Random) -> str:
    return dice.choice(
        [card(dice), card(dice, "62", 16), card(dice, "9558", 19), card(dice, "4", 16), card(dice, "6", 17)]
    )
