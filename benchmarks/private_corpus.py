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
    lambda _dice, text: grouped(text, (4, 4, 4, 4), " "),
    lambda _dice, text: grouped(text, (6, 4, 2, 2), "  "),
    lambda _dice, text: grouped(text, (1,) * 17, "\t"),
    lambda _dice, text: grouped(text, (3, 3, 8), "·"),
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
    lambda _dice, text: grouped(text, (3, 4), "  "),
    lambda _dice, text: grouped(text, (3, 4), " - "),
    lambda _dice, text: grouped(text, (3, 4), "—"),
    lambda _dice, text: grouped(text, (3, 4), "/"),
    lambda _dice, text: grouped(text, (3, 4), "\n"),
    lambda _dice, text: text.translate(str.maketrans("0123456789", "〇一二三四五六七八九")),
    lambda _dice, text: text.translate(str.maketrans("0123456789", "零一二三四五六七八九")),
    broken,
)
_CARD_FORMS: tuple[Callable[[random.Random, str], str], ...] = (
    lambda _dice, text: text,
    lambda _dice, text: wide(text),
    lambda _dice, text: grouped(text, (4, 4, 4, 4), " "),
    lambda _dice, text: grouped(text, (4, 4, 4, 4), "-"),
    lambda _dice, text: grouped(text, (6,), " "),
    lambda _dice, text: grouped(text, (4, 4, 4, 4), "  "),
    lambda _dice, text: grouped(text, (1,) * 15, " "),
    broken,
)
_ID_TEXTS = (
    "居民{name}（公民身份号码{value}）反映的情况已核实。",
    "身份证号：{value}",
    "登记人{value}已办理手续。",
    "当事人信息：{name}，女，{value}，现已联系。",
    "附表\t{name}\t{value}\t已发放",
    "学籍号G{value}。",
    "{value}号居民{name}已纳入低保。",
    "补正材料：户口簿、{name}{value}、房产证。",
    "3.{name}（{value}），12.4万元。",
    "反映人{value}2024年5月来电。",
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
    "市民来电（{value}）反映噪声扰民。",
    "值班：{value}/021-55550000",
    "1.{name}，{value}；2.另有一人。",
    "感谢关注。{value}",
    "微信同号：{value}",
    "12345转办件，来电人{value}，已答复。",
)
_CARD_TEXTS = (
    "补助已汇入{name}的银行卡{value}。",
    "开户行：云溪支行，账号：{value}。",
    "卡号{value}",
    "收款账户{value}已核对。",
    "银行账户：{name}，{value}。",
)
_CARD_IN_A_TABLE = "{name}\t{value}\t300元"
"""Only a number that begins as cards of UnionPay do is known without a word."""
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
    ("bank-card", "存折账号：{value}。", "10-2058{n:04}1234567"),
    ("bank-card", "银行账号{value}已注销", "31001520{n:04}050012"),
    ("passport", "持有台胞证{value}。", "0{n:07}"),
    ("passport", "香港居民身份证{value}。", "A12{n:04}(7)"),
    ("plate", "公车{value}停放占道。", "沪A{n:04}警"),
    ("plate", "{value}违停已处罚。", "沪 B·{n:04}K"),
    ("email", "联系邮箱 {value} 。", "user{n}＠mail．example"),
    ("email", "可发 {value} 反馈", "u_{n} @ mail.example"),
    ("account", "微信号{value}", "{n}88"),
    ("account", "WeChat: {value}", "liuqiao{n}"),
    ("account", "加QQ{value}咨询", "2{n:08}"),
    ("home-address", "现住址：{value}", "云溪区杏花路{n}弄3号"),
    ("home-address", "来信人住{value}。", "云溪区杏花苑{n}幢2单元301室"),
    ("home-address", "委员通讯地址：{value}。", "云溪区府西路{n}号"),
    ("deputy-contact", "提案人电话 {value}", "5{n:07}"),
    ("deputy-contact", "代表本人的邮箱：{value}", "dept{n}@liuqiao.gov.cn"),
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


_HARD_LOOK_ALIKES: tuple[Callable[[random.Random], tuple[str, str]], ...] = (
    lambda dice: _one(_figures(dice, 3, 4, 4, 4), "合计\t{0}"),
    lambda dice: _one(f"135{dice.randrange(10)}-136{dice.randrange(10)}-137{dice.randrange(10)}", "高程{0}。"),
    lambda dice: _one(f"ZB{mobile(dice)}", "招标编号{0}。"),
    lambda dice: _one(f"{mobile(dice)}平方米", "绿化面积{0}。"),
    lambda dice: _one(f"69{dice.randrange(10**11):011}", "条形码{0}。"),
    lambda dice: _one(f"310107{dice.randrange(10**6):06}GB{dice.randrange(10**5):05}", "不动产单元{0}。"),
    lambda dice: _one(f"121.39{mobile(dice)}", "坐标（{0}，31.25）。"),
    lambda dice: _one(f"978-7-5000-{dice.randrange(1000, 9999)}-5", "ISBN {0}。"),
    lambda dice: _one(f"{dice.randrange(10000, 99999)}", "通过微信{0}余次推送。"),
    lambda dice: _one(f"{dice.randrange(10000, 99999)}", "QQ群内{0}条留言。"),
    lambda dice: _one(f"{dice.randrange(10**7, 10**8)}", "全年办理通行证{0}本。"),
    lambda dice: _one(f"{dice.randrange(3, 6)}", "家住{0}楼以上的老人出行不便。"),
    lambda dice: _one(f"{dice.randrange(3, 30)}号楼、5号楼", "住在杏花新村{0}的居民已全部回访。"),
    lambda dice: _one(f"{dice.randrange(3, 30)}弄5号201室", "社区食堂位于云溪区杏花路{0}。"),
    lambda dice: _one(f"{dice.randrange(3, 30)}号", "可到杏花路{0}的受理窗口办理。"),
    lambda dice: _one(f"{dice.randrange(1000, 9999)}", "请提供身份证尾号{0}核对。"),
    lambda dice: _one(f"2024{dice.randrange(10**15):015}", "受理编号：{0}。"),
    lambda dice: _one(f"62{dice.randrange(10**14):014}", "合同编号{0}。"),
    lambda dice: _one(f"沪B2-20{dice.randrange(10**6):06}", "增值电信业务许可证{0}。"),
    lambda dice: _one(f"沪ICP备{dice.randrange(10**8):08}号", "{0}"),
    lambda dice: _one(f"沪G{dice.randrange(10, 99)}", "道路名称{0}线。"),
    lambda dice: _one(dice.choice(("12345", "12333", "12315")), "市民服务热线{0}。"),
    lambda dice: _one(f"400-{dice.randrange(100, 999)}-{dice.randrange(1000, 9999)}", "服务电话{0}。"),
    lambda dice: _one(f"{dice.randrange(1, 9)}.38亿", "贷款余额{0}元，账户运行平稳。"),
    lambda dice: _one(f"T/SH {dice.randrange(100, 999)}-2024", "执行标准{0}。"),
    lambda dice: _one(f"GB/T {dice.randrange(10000, 49999)}-2016", "符合{0}。"),
    lambda dice: _one(f"2024{dice.randrange(10**8):08}", "订单号{0}。"),
    lambda dice: _one(
        f"1.{dice.randrange(3, 9)} 2.{dice.randrange(9)} 3.{dice.randrange(9)} 4.5 5.6", "增速依次为{0}。"
    ),
    lambda dice: _one(" ".join(str(dice.randrange(10)) for _ in range(14)), "逐日数据{0}。"),
)


def _figures(dice: random.Random, *lengths: int) -> str:
    """A row of a table of figures."""
    return "\t".join(f"1{dice.randrange(10 ** (length - 1)):0{length - 1}}" for length in lengths)


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
    for _ in range(each):
        value = card(dice)
        yield Case("bank-card", value, _CARD_IN_A_TABLE.format(name=dice.choice(_SURNAMES), value=value))


def look_alikes(seed: int, each: int) -> Iterator[Case]:
    """So many of every kind of figure that is no private data."""
    dice = random.Random(seed)
    for make in (*_LOOK_ALIKES, *_HARD_LOOK_ALIKES):
        for _ in range(each):
            figure, text = make(dice)
            yield Case(None, figure, text)


def _any_card(dice: random.Random) -> str:
    return dice.choice(
        [card(dice), card(dice, "62", 16), card(dice, "9558", 19), card(dice, "4", 16), card(dice, "6", 17)]
    )
