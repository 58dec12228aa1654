"""The classes of personal data: how each is written, what tells it from numbers that count things, how it is masked.

Patterns are matched on text of one width (`domain.gate.personal_data`): a digit is ASCII and a dash a hyphen.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from domain.gate import mask_forms
from domain.gate.identity_numbers import is_credit_code, is_luhn, is_resident_id

Holds = Callable[[str, re.Match[str]], bool]


@dataclass(frozen=True, slots=True)
class PersonalKind:
    """One way of writing one class; the group `value` is what is private."""

    code: str
    """The finding code of the class."""
    pattern: re.Pattern[str]
    holds: Holds
    """Whether the match is one, by its check digit and by the words around it."""
    mask: Callable[[str], str]
    has_figures: bool = True
    """Whether a text without a figure cannot hold one."""


_NEAR = 14
_NOT_AFTER_DIGIT = r"(?<![0-9*])(?<![0-9]\.)"
# A date may follow without a space, where a table's cells were run together.
_NOT_BEFORE_DIGIT = r"(?:(?![0-9*])|(?=(?:19|20)[0-9]{2}年))"
_APART = r"[ \t\n.·-]{0,3}"
"""Between two digits of a number that its check digit proves: spaces, a line end, the border of a table cell."""
_GAP = r"[ .·/-]{0,3}\n?"
"""Between two groups of a phone number."""


def _near(words: str, before: int = _NEAR) -> Holds:
    pattern = re.compile(words, re.IGNORECASE)

    def holds(text: str, match: re.Match[str]) -> bool:
        start = match.start("value")
        return pattern.search(text[max(0, start - before) : start]) is not None

    return holds


def _always(_text: str, _match: re.Match[str]) -> bool:
    return True


def _each_start(pattern: str) -> re.Pattern[str]:
    """Tried at every place, also within an earlier try: figures that stand before must not hide a number."""
    return re.compile(rf"{_NOT_AFTER_DIGIT}(?=(?P<value>{pattern}){_NOT_BEFORE_DIGIT})")


# --- resident identity --------------------------------------------------------------------------------------------

_ID_WORDS = "身份证|身份号|身份号码|证件号|证件编号|公民身份|残疾人?证|学籍号|社会?保障号"
_says_id = _near(_ID_WORDS)


def _resident_id(text: str, match: re.Match[str]) -> bool:
    number = mask_forms.plain_number(match["value"]).upper()
    if not is_resident_id(number[:18]):
        return False
    # The code of an office begins with 11 or 12 and may look like a birthday by chance.
    return not (is_credit_code(number) and _near("信用代码")(text, match))


_18 = rf"[1-9](?:{_APART}[0-9]){{16}}{_APART}[0-9Xx×Χ]"


# --- numbers that count things ------------------------------------------------------------------------------------

_COUNTS_BEFORE = re.compile(
    r"(?:案号|编号|编码|代码|文号|单号|工号|索引号|证号|证书号|登记号|备案号|许可证|合同号|票号|流水号|受理号|序列号|户号|项目号"
    r"|金额|合计|总计|造价|投资|资金|[¥$￥]|第|(?:〔|\[|\()[0-9]{4}(?:〕|\]|\)))[为是:]?\s?[A-Za-z]{0,4}-?$"
)
_COUNTS_AFTER = re.compile(
    r"(?:\.[0-9]{1,6})?\s?(?:元|万|亿|号(?!码)|户|家|件|\.s?html?|\.pdf|平方|立方|吨|公里|千瓦|人次|份|张|股|%|％)"
)
_IN_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s，。；、（）“”《》一-鿿]*$", re.IGNORECASE)
_ASKED_IN_ADDRESS = re.compile(r"(?:tel|phone|mobile|sj|dh|lxdh)[=:]$", re.IGNORECASE)


def _counts_things(text: str, start: int) -> bool:
    before = text[max(0, start - 30) : start]
    return _COUNTS_BEFORE.search(before) is not None


def _in_address(text: str, start: int) -> bool:
    before = text[max(0, start - 200) : start]
    return _IN_ADDRESS.search(before) is not None and not _ASKED_IN_ADDRESS.search(before)


# --- cards and accounts -------------------------------------------------------------------------------------------

_says_card = _near("账号|帐号|账户|帐户|卡号|银行|一卡通|存折|工资卡|社保卡|收款|汇款|汇入|打入")
_says_account = _near("银行卡号?|卡号|银行(?:账|帐)[号户]|(?:账|帐)[号户]|一卡通号?|存折(?:账|帐)?号?", before=10)


def _bank_card(text: str, match: re.Match[str]) -> bool:
    number, start = mask_forms.plain_number(match["value"]), match.start("value")
    if not is_luhn(number) or _in_address(text, start):
        return False
    return _says_card(text, match) or (number.startswith(("62", "9558")) and not _counts_things(text, start))


# --- mobile phones ------------------------------------------------------------------------------------------------

_says_phone = _near("手机|电话|联系|致电|拨打|来电|短信|微信|号码|咨询|热线|本人|承办|经办|联络|tel|phone|mob|cell")
_LETTERS = re.compile(r"[A-Za-z]+[.:]?$")
_PHONE_LETTERS = re.compile(r"(?:tel|phone|mobile|mob|cell|m|t|p|tp|ph|vx|wx|sj|dh)[.:]?", re.IGNORECASE)


def _mobile(text: str, match: re.Match[str]) -> bool:
    start, end = match.start(), match.end("value")
    if _counts_things(text, start) or _in_address(text, start):
        return False
    letters = _LETTERS.search(text[max(0, start - 12) : start])
    if letters and not _PHONE_LETTERS.fullmatch(letters[0]) and not _says_phone(text, match):
        return False
    after = text[end : end + 12]
    return _says_phone(text, match) or not (_COUNTS_AFTER.match(after) or (after[:1].isascii() and after[:1].isalpha()))


_MOBILE_GROUPS = (
    rf"1[3-9][0-9]{_GAP}[0-9]{{4}}{_GAP}[0-9]{{4}}"
    rf"|1[3-9][0-9]{_GAP}[0-9]{{3}}{_GAP}[0-9]{{5}}"
    rf"|1[3-9][0-9]{{2}}{_GAP}[0-9]{{3}}{_GAP}[0-9]{{4}}"
    rf"|1[3-9][0-9]{{4}}{_GAP}[0-9]{{5}}"
    r"|(?<![0-9][ \t.-])1[ \t.-]{1,3}[3-9](?:[ \t.-]{1,3}[0-9]){9}(?![ \t.-]{1,3}[0-9])"
    r"|1\n?[3-9](?:\n?[0-9]){9}"
)
_COUNTRY = r"(?:\(?\+?(?:00)?86\)?[ -]?|0(?=1[3-9]))?"


# --- passports and permits ----------------------------------------------------------------------------------------

_says_passport, _says_permit = _near("护照"), _near("通行证|回乡证|台胞证|港澳证")


def _passport(text: str, match: re.Match[str]) -> bool:
    return _says_passport(text, match) and not _PAPERS.match(text, match.end("value"))


def _permit(text: str, match: re.Match[str]) -> bool:
    return _says_permit(text, match) and not _PAPERS.match(text, match.end("value"))


_PAPERS = re.compile(r"\s?(?:余|多)?(?:本|件|份|人|张|次|个)")

# --- addresses ----------------------------------------------------------------------------------------------------

_HOME = (
    "家庭住址|家庭地址|户籍地址|户籍所在地|户口所在地|户籍地|现住址|现居住地|居住地址|住址|家住|居住于|居住在|现住|住在|住于"
    "|(?:代表|委员|提案人|建议人|本人|来信人|当事人)(?:的)?(?:通讯|通信|联系|邮寄)?地址"
)
_FIGURE = "[0-9一二三四五六七八九十百]"
_PLACE = r"[^，,。；;：:\s（）()]"
# 住在杏花新村3号楼的居民 speaks of all who live there.
_CROWD = re.compile(r"(?:[、和及至][0-9]+(?:号楼|幢|栋|弄|号|组))*的?(?:居民|住户|群众|业主|村民|职工|各位|家庭)")
_OFFICE_PLACE = re.compile(r"办公|地址|位于|会议|窗口|中心|受理|设在|坐落|门店|商铺|公司|单位|社区|居委会|村委会")


def _home(text: str, match: re.Match[str]) -> bool:
    return match["value"].endswith("室") or not _CROWD.match(text, match.end("value"))


def _flat(text: str, match: re.Match[str]) -> bool:
    return not _OFFICE_PLACE.search(text[max(0, match.start("value") - 10) : match.start("value")] + match["value"])


# --- the deputy's own, contacts -----------------------------------------------------------------------------------

_DEPUTY = r"(?:代表|委员|提案人|提案者|建议人|领衔人|附议人|来信人|信访人|投诉人|反映人)(?:本人)?(?:的)?"
_LANDLINE = r"(?:\(?0[1-9][0-9]{1,2}\)?[ -]{0,2})?[2-9][0-9]{2,3}[ -]?[0-9]{4}"
_PLATES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_MAIL = r"[A-Za-z0-9._%+\-]+\s?(?:@|[(\[]at[)\]])\s?[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+"


def _foreign_mail(_text: str, match: re.Match[str]) -> bool:
    return not match["value"].lower().endswith(".gov.cn")


PERSONAL_KINDS: tuple[PersonalKind, ...] = (
    # The number on a disability certificate is the identity number and two or three figures more.
    PersonalKind(
        "personal-data-resident-id", _each_start(rf"{_18}(?:{_APART}[0-9]{{2}})?"), _resident_id, mask_forms.resident_id
    ),
    PersonalKind("personal-data-resident-id", _each_start(_18), _resident_id, mask_forms.resident_id),
    PersonalKind(
        # The old number of 15 digits, or one of 18 with a typing error: only where the text says so.
        "personal-data-resident-id",
        _each_start(r"[1-8](?:[ -]?[0-9]){14}|[1-9](?:[ -]?[0-9]){16}[ -]?[0-9Xx×Χ]"),
        _says_id,
        mask_forms.resident_id,
    ),
    PersonalKind(
        "personal-data-bank-card", _each_start(r"[0-9](?:[ \n-]{0,2}[0-9]){15,18}"), _bank_card, mask_forms.card
    ),
    PersonalKind(
        # Passbooks and older cards have no check digit.
        "personal-data-bank-card",
        _each_start(r"[0-9](?:[ -]?[0-9]){11,21}"),
        _says_account,
        mask_forms.card,
    ),
    PersonalKind(
        "personal-data-mobile",
        re.compile(rf"{_NOT_AFTER_DIGIT}{_COUNTRY}(?P<value>{_MOBILE_GROUPS}){_NOT_BEFORE_DIGIT}"),
        _mobile,
        mask_forms.mobile,
    ),
    PersonalKind(
        # Grouped in any way, where the text says that it is a phone.
        "personal-data-mobile",
        re.compile(rf"{_NOT_AFTER_DIGIT}{_COUNTRY}(?P<value>1(?:[ \n-]{{0,2}}[0-9]){{10}}){_NOT_BEFORE_DIGIT}"),
        lambda text, match: (
            mask_forms.plain_number(match["value"])[1] in "3456789"
            and _says_phone(text, match)
            and _mobile(text, match)
        ),
        mask_forms.mobile,
    ),
    PersonalKind(
        "personal-data-mobile",
        re.compile(
            r"(?<![〇零一幺二两三四五六七八九])(?P<value>[一幺][三四五六七八九][〇零一幺二两三四五六七八九]{9})(?![〇零一幺二两三四五六七八九])"
        ),
        _always,
        mask_forms.mobile,
        has_figures=False,
    ),
    PersonalKind(
        "personal-data-passport",
        re.compile(rf"(?<![0-9A-Za-z*])(?P<value>[A-Za-z]{{1,2}} ?[0-9]{{7,8}}|1[45][0-9]{{7}}){_NOT_BEFORE_DIGIT}"),
        _passport,
        mask_forms.permit,
    ),
    PersonalKind(
        "personal-data-passport",
        re.compile(rf"(?<![0-9A-Za-z*])(?P<value>[A-Za-z]{{0,2}} ?[0-9]{{8,10}}){_NOT_BEFORE_DIGIT}"),
        _permit,
        mask_forms.permit,
    ),
    PersonalKind(
        # Hong Kong and Macau identity cards: A123456(7).
        "personal-data-passport",
        re.compile(r"(?<![0-9A-Za-z*])(?P<value>[A-Za-z]{1,2}[0-9]{6} ?\([0-9A]\)|[157][0-9]{6} ?\([0-9]\))"),
        _near("身份证|香港|澳门"),
        mask_forms.permit,
    ),
    PersonalKind(
        "personal-data-email",
        re.compile(rf"(?<![A-Za-z0-9._%+\-*])(?P<value>{_MAIL})"),
        _foreign_mail,
        mask_forms.email,
        has_figures=False,
    ),
    PersonalKind(
        "personal-data-account",
        re.compile(
            r"(?:QQ|微信|WeChat|VX|V信)(?:号码?|账号|帐号|ID)?\s?"
            r"[:为是]\s?(?P<value>[A-Za-z0-9_\-]{5,20})(?![A-Za-z0-9_\-])",
            re.IGNORECASE,
        ),
        _always,
        mask_forms.account,
        has_figures=False,
    ),
    PersonalKind(
        "personal-data-account",
        re.compile(
            r"(?:QQ(?:号码?)?|微信(?:号码?|账号|帐号))\s?(?P<value>[1-9][0-9]{5,11}|[A-Za-z0-9]*_[A-Za-z0-9_]+)(?![A-Za-z0-9_*])",
            re.IGNORECASE,
        ),
        _always,
        mask_forms.account,
    ),
    PersonalKind(
        "personal-data-plate",
        re.compile(
            rf"(?P<value>[{_PLATES}] ?[A-HJ-NP-Z][·•・. ]?"
            rf"(?:(?=[A-HJ-NP-Z]*[0-9])[A-HJ-NP-Z0-9]{{5,6}}|[A-HJ-NP-Z0-9]{{4}}[挂学警港澳领]))(?![0-9A-Za-z*-])"
        ),
        _always,
        mask_forms.plate,
    ),
    PersonalKind(
        "personal-data-home-address",
        re.compile(
            rf"(?:{_HOME})[:为是]?\s?(?P<value>{_PLACE}{{2,40}}?{_FIGURE}+(?:号楼|幢|栋|单元|室|弄|号|组)"
            rf"(?:[0-9A-Za-z一二三四五六七八九十\-]{{1,6}}(?:号楼|幢|栋|单元|楼|层|室|号|户))*)"
        ),
        _home,
        mask_forms.address,
        has_figures=False,
    ),
    PersonalKind(
        # A flat says itself that somebody lives there.
        "personal-data-home-address",
        re.compile(rf"(?P<value>{_PLACE}{{2,30}}?[0-9]+(?:号楼|幢|栋|弄)[0-9]+(?:单元|号)[0-9]+室)"),
        _flat,
        mask_forms.address,
    ),
    PersonalKind(
        "personal-data-deputy-contact",
        re.compile(
            rf"{_DEPUTY}(?:联系)?(?:电话|方式|号码|座机|传真|家庭电话|办公电话|邮箱|邮件)[:为是]?\s?(?P<value>{_LANDLINE}|{_MAIL}){_NOT_BEFORE_DIGIT}"
        ),
        _always,
        lambda value: mask_forms.email(value) if "@" in value or "at" in value else mask_forms.landline(value),
        has_figures=False,
    ),
    PersonalKind(
        "office-landline",
        re.compile(rf"(?<![0-9A-Za-z.*-])(?P<value>{_LANDLINE})(?![0-9A-Za-z*])"),
        lambda text, match: (
            _near("电话|传真|联系人|联系方式|热线|号码")(text, match) and not _in_address(text, match.start())
        ),
        mask_forms.landline,
    ),
    PersonalKind(
        "contact-name",
        re.compile(
            r"(?:联系人|经办人|承办人|办理人|联络员|承办负责人)(?:姓名)?[:]\s?(?P<value>[一-鿿](?: ?[一-鿿·]){1,3})"
            r"(?=[，,;；、。 \n\t)）(（]|$|联系|电话|手机|办公)"
        ),
        _always,
        mask_forms.name,
        has_figures=False,
    ),
)
