"""Secrecy marks in every form and place, and sentences that only speak of secrets. All invented."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from domain.reading.page import PageText
from tests.domain.typesetting import COLUMNS, SIZE, Sheets, letter

MARKS = (
    "绝密",
    "机密",
    "秘密",
    "秘密★1年",
    "秘密★6个月",
    "机密★20年",
    "绝密★30年",
    "绝密★长期",
    "秘密★",
    "机密☆10年",
    "秘密*3年",
    "秘密★启用前",
    "秘密 3年",
    "密级：秘密",
    "密级：机密★5年",
    "机密级",
    "秘密级文件",
    "内部",
    "内部资料",
    "内部文件",
    "内部材料",
    "内部传阅",
    "内部使用",
    "内部参考",
    "仅供内部使用",
    "仅供内部参考",
    "内部资料 注意保存",
    "内部资料，请勿外传",
    "内部文件，不得外传",
    "工作秘密",
    "工作秘密★5年",
    "工作秘密 妥善保管",
    "不公开",
    "此件不公开",
    "本件不得公开",
    "不予公开",
    "阅后收回",
    "阅后请收回",
    "会后收回",
    "阅后即焚",
    "注意保密",
    "请注意保密",
    "严禁外传",
    "请勿扩散",
    "涉密文件",
    "涉密",
)
"""A mark by itself; never part of a sentence."""


def _wide(text: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) if "0" <= char <= "9" or char == "*" else char for char in text)


WRITINGS: tuple[Callable[[str], str], ...] = (
    lambda mark: mark,
    lambda mark: " ".join(mark.replace(" ", "")),
    lambda mark: "　".join(mark.replace(" ", "")),
    _wide,
    lambda mark: f"（{mark}）",
    lambda mark: f"【{mark}】",
    lambda mark: f"\u200b{mark}\ufeff",
)
"""As it is, letter-spaced, full-width, in brackets, with something invisible."""

_BODY = (
    "您提出的提案收悉。经研究，现答复如下：",
    "我镇已会同相关部门逐段排查，第一批灯具将于年内更换完毕，其余路段列入明年计划，完工后向社会公布验收结果。",
    "感谢您对我镇工作的关心和支持。",
)


def _end(sheets: Sheets) -> Sheets:
    return sheets.at_right("甲水区石桥镇人民政府").at_right("2024年5月17日")


def _top(mark: str) -> Sheets:
    return _end(letter(*_BODY, marks=[mark, "公开属性：主动公开·全文"]))


def _top_with_serial(mark: str) -> Sheets:
    return _end(letter(*_BODY, marks=["000123", mark, "公开属性：主动公开·全文"]))


def _beside_disclosure(mark: str) -> Sheets:
    sheets = Sheets().text("公开属性：主动公开·全文").beside(mark, 79.4 + 18 * SIZE)
    return _end(letter(*_BODY, sheets=sheets))


def _above_title(mark: str) -> Sheets:
    return _end(letter(*_BODY, marks=["公开属性：主动公开·全文"], number=f"{mark} 石府〔2024〕11号"))


def _note(mark: str) -> Sheets:
    return _end(letter(*_BODY, marks=["公开属性：主动公开·全文"])).paragraph(mark)


def _two_notes(mark: str) -> Sheets:
    return _end(letter(*_BODY)).paragraph("（此件公开发布）").paragraph(f"（{mark.strip('（）')}）")


def _last_line(mark: str) -> Sheets:
    sheets = _end(letter(*_BODY, marks=["公开属性：主动公开·全文"]))
    return sheets.text("抄送：区政府办公室。").text("石桥镇党政办公室  2024年5月17日印发").text(mark)


def _in_the_text(mark: str) -> Sheets:
    sheets = letter(*_BODY[:2], marks=["公开属性：主动公开·全文"])
    return _end(sheets.paragraph(mark).paragraph(_BODY[2]))


def _second_page(mark: str) -> Sheets:
    sheets = letter(*_BODY[:2], marks=["公开属性：主动公开·全文"]).next_page()
    return _end(sheets.at_right(mark, free=0).paragraph(_BODY[2]))


def _each_page(mark: str) -> Sheets:
    sheets = Sheets().at_right(mark, free=0)
    sheets = letter(*_BODY, marks=["公开属性：主动公开·全文"], sheets=sheets)
    return _end(sheets.next_page().at_right(mark, free=0).paragraph(_BODY[1]))


def _in_a_table(mark: str) -> Sheets:
    sheets = letter(*_BODY[:2], marks=["公开属性：主动公开·全文"])
    return _end(sheets.next_page()).table([["密级", mark], ["编号", "7"]], 2)


def _behind_the_title(mark: str) -> Sheets:
    inner = mark.strip("（）【】")
    title = ("对区政协十五届三次会议第153047号", f"提案的答复（{inner}）")
    return _end(letter(*_BODY, marks=["公开属性：主动公开·全文"], title=title))


Place = Callable[[str], Sheets]
PLACES: tuple[Place, ...] = (
    _top,
    _top_with_serial,
    _beside_disclosure,
    _above_title,
    _note,
    _two_notes,
    _last_line,
    _in_the_text,
    _second_page,
    _each_page,
    _in_a_table,
    _behind_the_title,
)


def marked_letters(place: Place) -> Iterator[tuple[str, str, tuple[PageText, ...]]]:
    """Mark, how it is written, pages: every mark in this place, the writings in turn."""
    for number, mark in enumerate(MARKS, PLACES.index(place)):
        for turn in (number, number + 3):
            written = WRITINGS[turn % len(WRITINGS)](mark)
            if len(written) <= COLUMNS - 10:
                yield mark, written, place(written).pages()


# --- sentences that only speak of it ------------------------------------------------------------------------------

_SUBJECTS = ("我局", "各街道", "承办单位", "相关企业", "审计部门", "机要室", "区档案馆", "项目组")
_ABOUT = (
    "{who}依法保护企业的商业秘密，不向第三方提供经营数据。",
    "{who}开展了保守国家秘密的宣传教育，全年组织培训六场。",
    "{who}进一步健全内部控制制度，堵塞管理漏洞。",
    "{who}对涉密人员实行分类管理，签订保密承诺书。",
    "{who}已将内部资料的借阅手续改为线上办理。",
    "因涉及商业秘密，{who}对投标文件中的报价部分不予公开。",
    "{who}认为该信息属于工作秘密，依照条例第十六条可以不公开。",
    "{who}会同保密部门核定密级，机密级以上文件专柜存放。",
    "{who}修订了国家秘密定密管理规定，明确秘密、机密、绝密三级的审批权限。",
    "对群众反映的不公开问题，{who}已逐项整改。",
    "{who}优化内部流程，将审批时限压缩三分之一。",
    "会议材料由{who}统一编号，阅后收回，防止遗失。",
    "{who}提醒施工单位注意保密要求，不得泄露住户信息。",
    "委员建议中提到的“内部文件”一词，{who}已在通知中删去。",
    "《保守国家秘密法》修订后，{who}组织了专题学习。",
    "{who}内部已成立专班，由主要负责同志牵头。",
    "依申请公开件均由{who}在二十个工作日内答复，不予公开的说明理由。",
    "{who}与软件公司签订协议，源代码作为技术秘密保护。",
    "为保护举报人，{who}对举报信息严格保密，严禁外传。",
    "{who}的年度考核结果仅供内部使用，不作为对外依据。",
    "老字号的酿造秘密由传承人掌握，{who}只作登记。",
    "{who}在内部刊物上转载了该经验。",
    "商业秘密★字样由企业自行标注，{who}不作审查。",
    "{who}排查了网络设备的机密性、完整性和可用性。",
    "密级文件的销毁由{who}派两人监督。",
    "{who}采用特急件方式办理，三日内办结。",
    "该小区评为★★★★★级，{who}将继续做好内部保洁。",
    "{who}认为信访人的个人信息不公开为宜，答复时已隐去。",
    "{who}公布了政府信息公开目录，并说明不公开的法定情形。",
    "内部审计发现的三个问题，{who}均已整改到位。",
    "会议明确，{who}不得以内部规定为由推诿。",
    "{who}要求从业人员签署保密协议，保守商业秘密和工作秘密。",
    "{who}对试卷实行秘密级管理，考试结束后解密。",
    "考虑到建筑内部结构老化，{who}将分批加固。",
    "{who}把内部停车位在夜间向居民开放。",
    "{who}向社会征集意见，匿名不公开姓名。",
    "绝密级档案不在本次开放范围内，{who}已作说明。",
    "凡标有秘密字样的图纸，{who}一律不得上网。",
    "{who}不公开招标的情形须报区政府批准。",
    "{who}编印了《内部控制手册》。",
)
_HEADINGS = (
    "一、加强内部控制",
    "二、关于商业秘密的保护",
    "（三）落实保守国家秘密的要求",
    "（一）内部管理更加规范",
    "三、关于不公开事项的说明",
    "1.内部审计全覆盖",
    "（二）健全工作秘密管理制度",
    "四、涉密信息系统的管理",
    "2.机密文件的流转",
    "五、扩大内部停车场开放",
)


def mentions() -> tuple[str, ...]:
    """At least 400 sentences and headings that only mention the words."""
    return (*(text.format(who=who) for text in _ABOUT for who in _SUBJECTS), *(_HEADINGS * 10))


def mentions_in_letters() -> Iterator[tuple[PageText, ...]]:
    """The same, twenty to a letter that is public."""
    told = mentions()
    for first in range(0, len(told), 20):
        sheets = letter(_BODY[0], *told[first : first + 20], marks=["公开属性：主动公开·全文"])
        yield _end(sheets).pages()
