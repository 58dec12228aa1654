"""Every form in which offices write a letter: what is read of it, what it means, and that no doubt is published.

One row is one form, with invented names. A row says what the page shows, what `RawReply` keeps of it, what `Draft`
makes of it, and, where the form cannot be read for sure, the finding that stops the letter.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from typing import NamedTuple

import pytest

from config.rules import load_rules
from domain.drafting import draft
from domain.fate import Fate
from domain.gate.evidence import Evidence, PageReading, PageSource
from domain.gate.finding_kinds import Grade
from domain.gate.review import Review, review
from domain.gate.rules import Rules
from domain.handling_result import ResultTable, read_result
from domain.reading.letter import read_letter
from domain.reading.paragraph import Role
from domain.reading.place import Seen
from domain.reading.raw_reply import RawReply
from domain.reply import DisclosureAttribute, DisclosureExtent, Draft, ReplyKind, SubmissionKind
from tests.domain.factory import signature as signed
from tests.domain.typesetting import SIZE, Sheets, letter

BODY = "您提出的《关于增设社区候车亭的提案》收悉。经研究，现答复如下：今年年底以前，全部站点将完成改造。"
THANKS = "感谢您对我们工作的关心和支持。"
PROACTIVE, ON_APPLICATION, WITHHELD = DisclosureAttribute
FULL, SUMMARY = DisclosureExtent
PROPOSAL, SUGGESTION = SubmissionKind.PROPOSAL, SubmissionKind.SUGGESTION
TODAY = date(2024, 5, 22)


class Read(NamedTuple):
    """One letter, read and judged."""

    raw: RawReply
    draft: Draft
    review: Review

    @property
    def stops(self) -> set[str]:
        """The codes that keep it from being published, besides those that every letter here earns."""
        return {
            finding.code
            for finding in self.review.findings
            if finding.grade is not Grade.WARN and finding.code not in _OF_EVERY_LETTER
        }


_OF_EVERY_LETTER = {"authority-unregistered"}
"""The town is invented."""


@cache
def rules() -> Rules:
    """The packaged tables."""
    return load_rules()


def read(sheets: Sheets) -> Read:
    """The letter, read and judged by the packaged tables."""
    pages = sheets.pages()
    raw = read_letter(pages)
    drafted = draft(raw, rules())
    evidence = Evidence(
        "a1" * 32,
        40_000,
        len(pages),
        signed(signer=drafted.issuing_authority or ""),
        raw,
        tuple(PageReading(page.page, PageSource.TEXT, 1.0) for page in pages),
    )
    return Read(raw, drafted, review(evidence, drafted, rules(), TODAY))


def ended(
    sheets: Sheets,
    date_of_issue: str | None = "2024年5月17日",
    signature: str | None = "甲水区石桥镇人民政府",
    note: str = "",
) -> Sheets:
    """With signature and date, and a note above them."""
    sheets.paragraphs(THANKS, *([note] if note else []))
    if signature:
        sheets.at_right(signature)
    return sheets.at_right(date_of_issue) if date_of_issue else sheets


def titled(title: str, **changes: object) -> Sheets:
    """A whole letter with that title, broken where lines break."""
    room = 20
    lines = [title[at : at + room] for at in range(0, len(title), room)] if "\n" not in title else title.split("\n")
    return ended(letter(BODY, title=lines, **{"marks": ["公开属性：主动公开"], **changes}))  # type: ignore[arg-type]


def texts(seen: Iterable[Seen]) -> list[str]:
    """What each says."""
    return [each.text for each in seen]


def text(seen: Seen | None) -> str | None:
    """What it says."""
    return seen.text if seen else None


def test_the_plain_letter_has_nothing_against_it() -> None:
    """What every row changes is a letter that could be published, were its town registered."""
    found = read(titled("对区政协十五届三次会议第153047号提案的答复"))
    assert found.stops == set()
    assert found.review.fate is not Fate.REJECT


# --- 1. kinds -----------------------------------------------------------------------------------------------------

_FOR_ALL = "区政协十五届三次会议第153047号提案"


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        (f"对{_FOR_ALL}的答复", ReplyKind.REPLY),
        (f"对{_FOR_ALL}的答  复", ReplyKind.REPLY),
        (f"对{_FOR_ALL}\n的答复", ReplyKind.REPLY),
        (f"对{_FOR_ALL}的\n答 复", ReplyKind.REPLY),
        (f"对{_FOR_ALL}\n的\n答    复", ReplyKind.REPLY),
        (f"关于{_FOR_ALL}的答复函", ReplyKind.REPLY_LETTER),
        (f"关于{_FOR_ALL}答复的函", ReplyKind.REPLY_LETTER),
        (f"关于对{_FOR_ALL}的答复意见", ReplyKind.REPLY),
        (f"关于{_FOR_ALL}的复函", ReplyKind.LETTER_IN_REPLY),
        (f"关于{_FOR_ALL}的复文", ReplyKind.REPLY_TEXT),
        (f"关于{_FOR_ALL}办理情况的答复", ReplyKind.REPLY),
        (f"关于{_FOR_ALL}办理情况答复", ReplyKind.REPLY),
        (f"关于{_FOR_ALL}的答复摘要", ReplyKind.SUMMARY),
        (f"关于{_FOR_ALL}答复摘要", ReplyKind.SUMMARY),
        (f"关于{_FOR_ALL}的答复（摘要）", ReplyKind.SUMMARY),
        (f"对{_FOR_ALL}的会办意见", ReplyKind.JOINT_OPINION),
        (f"关于{_FOR_ALL}会办意见的函", ReplyKind.JOINT_OPINION),
        (f"关于{_FOR_ALL}的会办意见函", ReplyKind.JOINT_OPINION),
        (f"关于{_FOR_ALL}协办意见的函", ReplyKind.ASSISTING_OPINION),
        (f"关于{_FOR_ALL}的协办意见", ReplyKind.ASSISTING_OPINION),
        (f"关于{_FOR_ALL}的协办答复意见", ReplyKind.ASSISTING_OPINION),
        (f"关于{_FOR_ALL}的会办答复", ReplyKind.JOINT_OPINION),
        (f"对{_FOR_ALL}的再次答复", ReplyKind.FURTHER_REPLY),
        (f"对{_FOR_ALL}的再次答复（跟踪办理情况）", ReplyKind.FURTHER_REPLY),
        (f"对{_FOR_ALL}的第二次答复", ReplyKind.FURTHER_REPLY),
        (f"对{_FOR_ALL}的补充答复", ReplyKind.FURTHER_REPLY),
        (f"关于{_FOR_ALL}的答复函(B类)", ReplyKind.REPLY_LETTER),
        (f"关于{_FOR_ALL}的答复（水务局）", ReplyKind.REPLY),
        (f"关于{_FOR_ALL}的答复（关于增设候车亭的提案）", ReplyKind.REPLY),
        (f"关于{_FOR_ALL}的答复分类：B", ReplyKind.REPLY),
        (f"关于{_FOR_ALL}的答复（关于再次增设的提案）", ReplyKind.REPLY),
        (f"关于{_FOR_ALL}的答复（关于候车亭的提案）（摘要）", ReplyKind.SUMMARY),
        (f"关于{_FOR_ALL}的答复函（会办）", ReplyKind.JOINT_OPINION),
    ],
)
def test_kinds(title: str, kind: ReplyKind) -> None:
    """The end of the title says what the document is, whatever stands in brackets behind it."""
    assert read(titled(title)).draft.kind is kind


@pytest.mark.parametrize(
    ("title", "stop"),
    [
        ("对镇党代会第12号提案的答复", "submission-missing"),
        ("对中国共产党石桥镇第五次代表大会第12号提案的答复", "submission-missing"),
        ("关于社情民意信息第12号的答复", "submission-missing"),
        ("关于增设社区候车亭的建议", "kind-unknown"),
        ("关于增设社区候车亭的提案", "kind-unknown"),
        ("关于区政协十五届三次会议第153047号提案办理情况的通报", "kind-unknown"),
        ("关于区政协十五届三次会议第153047号提案的情况说明", "kind-unknown"),
        ("关于增设社区候车亭的提案的答复", "submission-missing"),
        ("关于石桥镇公共服务的答复", "submission-missing"),
        ("“关于增设社区候车亭的提案”复文（2015年第0583号）", "submission-missing"),
    ],
)
def test_what_is_filed_wrongly_stops(title: str, stop: str) -> None:
    """What is no reply, or a reply to something else, is for a person."""
    assert stop in read(titled(title)).stops


@pytest.mark.parametrize(
    ("title", "salutation", "stops"),
    [
        (f"对{_FOR_ALL}的会办意见", "区建管委：", {"joint-handling-opinion"}),
        (f"对{_FOR_ALL}的会办意见", "柳岸街道:", {"joint-handling-opinion"}),
        (f"关于{_FOR_ALL}协办意见的函", "发展和改革局：", {"joint-handling-opinion"}),
        (f"对{_FOR_ALL}的会办意见", "王一禾委员：", {"joint-handling-opinion", "kind-addressee-mismatch"}),
        (f"对{_FOR_ALL}的答复", "区建管委：", {"kind-addressee-mismatch"}),
        (f"对{_FOR_ALL}的再次答复", "王一禾委员：", {"further-reply-without-first"}),
        (f"对{_FOR_ALL}的第二次答复", "王一禾委员：", {"further-reply-without-first"}),
    ],
)
def test_kinds_that_are_for_a_person(title: str, salutation: str, stops: set[str]) -> None:
    """Opinions between authorities and further replies are never published unasked."""
    found = read(titled(title, salutation=salutation))
    assert found.stops == stops
    assert found.review.fate is Fate.HOLD


# --- 2.1, 4, 11. marks --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("marks", "results", "attribute", "extent"),
    [
        (["办理结果：采 纳 解 决", "公开属性：主动公开·全文"], ["采纳解决"], PROACTIVE, FULL),
        (["办理结果:计划解决", "公开属性:主动公开"], ["计划解决"], PROACTIVE, None),
        (["办 理 结 果：解 决 采 纳", "公 开 属 性：主 动 公 开"], ["解决采纳"], PROACTIVE, None),
        (["公开属性：主动公开•全文"], [], PROACTIVE, FULL),
        (["公开属性：主动公开・全文"], [], PROACTIVE, FULL),
        (["公开属性：主动公开（全文）"], [], PROACTIVE, FULL),
        (["公开属性：主动公开/全文"], [], PROACTIVE, FULL),
        (["公开属性：主动公开——全文公开"], [], PROACTIVE, FULL),
        (["公开属性：主动公开（摘要）"], [], PROACTIVE, SUMMARY),
        (["公开属性：主动公开", "公开方式：全文公开"], [], PROACTIVE, FULL),
        (["公开类型：主动公开", "公开属性：全部公开"], [], PROACTIVE, FULL),
        (["公开类别：主动公开"], [], PROACTIVE, None),
        (["信息公开属性：主动公开"], [], PROACTIVE, None),
        (["政府信息公开选项：主动公开"], [], PROACTIVE, None),
        (["【主动公开】"], [], PROACTIVE, None),
        (["〔主动公开〕"], [], PROACTIVE, None),
        (["〔A〕", "〔公开〕"], ["A"], PROACTIVE, None),
        (["（主动公开）"], [], PROACTIVE, None),
        (["[公开]"], [], PROACTIVE, None),
        (["同意公开"], [], PROACTIVE, None),
        (["同 意 公 开"], [], PROACTIVE, None),
        (["是否同意公开:是"], [], PROACTIVE, None),
        (["是否同意公开：（是）"], [], PROACTIVE, None),
        (["是否同意公开:(是)", "办理结果:(C)"], ["C"], PROACTIVE, None),
        (["是否公开：是"], [], PROACTIVE, None),
        (["能否公开：可以"], [], PROACTIVE, None),
        (["是否同意全文公开：同意"], [], PROACTIVE, None),
        (["公开属性：依申请公开"], [], ON_APPLICATION, None),
        (["（依申请公开）"], [], ON_APPLICATION, None),
        (["公开属性：不予公开"], [], WITHHELD, None),
        (["不公开"], [], WITHHELD, None),
        (["不同意公开"], [], WITHHELD, None),
        (["是否同意公开:否"], [], WITHHELD, None),
        (["是否同意公开：（否）"], [], WITHHELD, None),
        (["是否公开：不公开"], [], None, None),
        (["公开属性：免予公开"], [], WITHHELD, None),
        (["公开属性：主动公开", "（依申请公开）"], [], None, None),
        (["公开属性：主动公开/依申请公开"], [], None, None),
        (["公开属性：□主动公开 ☑依申请公开"], [], None, None),
        (["公开属性：☑主动公开 □依申请公开 □不予公开"], [], None, None),
        (["公开属性：部分公开"], [], None, None),
        (["公开属性：删减后公开"], [], None, None),
        (["公开属性：公开后再定"], [], None, None),
        (["公开属性：待审"], [], None, None),
        (["公开属性："], [], None, None),
        (["公开属性：无"], [], None, None),
        (["建议公开"], [], None, None),
        (["拟公开"], [], None, None),
        (["是否同意公开：是□ 否□"], [], None, None),
        (["是否同意公开："], [], None, None),
        (["类别:C", "主动公开"], ["C"], PROACTIVE, None),
        (["类别：Ｂ", "主动公开"], ["Ｂ"], PROACTIVE, None),
        (["A类)", "主动公开"], ["A"], PROACTIVE, None),
        (["(A类)", "主动公开"], ["A"], PROACTIVE, None),
        (["( B 类)", "主动公开"], ["B"], PROACTIVE, None),
        (["（Ｃ类）", "主动公开"], ["C"], PROACTIVE, None),
        (["【B】", "主动公开"], ["B"], PROACTIVE, None),
        (["乙类", "主动公开"], ["乙"], PROACTIVE, None),
        (["办复类别: A", "主动公开"], ["A"], PROACTIVE, None),
        (["办理类型：B类", "主动公开"], ["B"], PROACTIVE, None),
        (["分类：B", "主动公开"], ["B"], PROACTIVE, None),
        (["办理结果：A类（已解决）", "主动公开"], ["A类（已解决）"], PROACTIVE, None),
        ([" 类 同意公开"], ["类"], PROACTIVE, None),
        (["类别：", "主动公开"], [""], PROACTIVE, None),
        (["办理结果：B", "类别：C", "主动公开"], ["B", "C"], PROACTIVE, None),
        (["A类 同意公开"], ["A"], PROACTIVE, None),
        (["办理结果：解决或采纳　公开属性：主动公开"], ["解决或采纳"], PROACTIVE, None),
    ],
)
def test_marks_on_top(
    marks: list[str],
    results: list[str],
    attribute: DisclosureAttribute | None,
    extent: DisclosureExtent | None,
) -> None:
    """The value decides, never the label; a mark that is not known for sure opens nothing."""
    found = read(ended(letter(BODY, marks=marks)))
    assert texts(found.raw.result_marks) == results
    assert found.draft.disclosure is not None
    assert (found.draft.disclosure.attribute, found.draft.disclosure.extent) == (attribute, extent)
    if attribute is not PROACTIVE or extent is SUMMARY:
        assert found.stops & {
            "disclosure-unknown",
            "disclosure-contradictory",
            "disclosure-extent",
            "disclosure-on-application",
            "disclosure-withheld",
        }


@pytest.mark.parametrize("label", ["公开属性", "公开类型", "公开方式", "信息公开类别", "公开形式"])
@pytest.mark.parametrize("colon", ["：", ":", " ："])
@pytest.mark.parametrize(
    ("value", "attribute"), [("主动公开", PROACTIVE), ("依申请公开", ON_APPLICATION), ("不予公开", WITHHELD)]
)
def test_the_value_is_read_and_not_the_label(
    label: str, colon: str, value: str, attribute: DisclosureAttribute
) -> None:
    """The same label has two meanings on two portals."""
    disclosure = read(ended(letter(BODY, marks=[label + colon + value]))).draft.disclosure
    assert disclosure is not None
    assert disclosure.attribute is attribute


@pytest.mark.parametrize(
    ("line", "number", "results", "attribute"),
    [
        ("石交复函[2023]19号B类", "石交复函〔2023〕19号", ["B"], None),
        ("石教提复〔2024〕46号A类 同意公开", "石教提复〔2024〕46号", ["A"], PROACTIVE),
        ("石教体字﹝2024﹞12号 A类 同意公开", "石教体字〔2024〕12号", ["A"], PROACTIVE),
        ("石公提复〔2024〕12号(A类)", "石公提复〔2024〕12号", ["A"], None),
        ("石公提复〔2024〕12号（Ｂ类）主动公开", "石公提复〔2024〕12号", ["B"], PROACTIVE),
        ("石教提复〔2024〕46号 类 同意公开", "石教提复〔2024〕46号", ["类"], PROACTIVE),
        ("A类 石府〔2024〕11号 同意公开", "石府〔2024〕11号", ["A"], PROACTIVE),
        ("同意公开 石府〔2024〕11号", "石府〔2024〕11号", [], PROACTIVE),
        ("石府〔2024〕11号 不同意公开", "石府〔2024〕11号", [], WITHHELD),
        ("石府〔2024〕11号（依申请公开）", "石府〔2024〕11号", [], ON_APPLICATION),
        ("石府〔2024〕11号 暂缓公开", "石府〔2024〕11号", [], None),
    ],
)
def test_marks_glued_to_the_number(
    line: str, number: str, results: list[str], attribute: DisclosureAttribute | None
) -> None:
    """What stands before or behind the number on its line is a mark of its own."""
    found = read(ended(letter(BODY, number=line)))
    assert str(found.draft.document_number) == number
    assert texts(found.raw.result_marks) == results
    assert (found.draft.disclosure.attribute if found.draft.disclosure else None) is attribute
    if attribute is not PROACTIVE:
        assert {code for code in found.stops if code.startswith("disclosure-")}


@pytest.mark.parametrize(
    ("title", "results", "shown"),
    [
        (f"关于{_FOR_ALL}的答复函(B类)", ["B"], f"关于{_FOR_ALL}的答复函"),
        (f"关于{_FOR_ALL}的答复函（Ｂ类）", ["B"], f"关于{_FOR_ALL}的答复函"),
        (f"关于{_FOR_ALL}的答复〔C〕", ["C"], f"关于{_FOR_ALL}的答复"),
        (f"关于{_FOR_ALL}的答复【A类】", ["A"], f"关于{_FOR_ALL}的答复"),
        (f"关于{_FOR_ALL}的答复分类：B", ["B"], f"关于{_FOR_ALL}的答复"),
        (f"关于{_FOR_ALL}的答复（乙类）", ["乙"], f"关于{_FOR_ALL}的答复"),
    ],
)
def test_marks_in_the_title(title: str, results: list[str], shown: str) -> None:
    """The class is a result and no part of the title."""
    found = read(titled(title))
    assert texts(found.raw.result_marks) == results
    assert found.draft.title == shown


@pytest.mark.parametrize(
    ("note", "attribute"),
    [
        ("（此件公开发布）", PROACTIVE),
        ("(此件公开发布)", PROACTIVE),
        ("（此件主动公开）", PROACTIVE),
        ("（本件公开）", PROACTIVE),
        ("注:“主动公开”。", PROACTIVE),
        ("附注：主动公开", PROACTIVE),
        ("公开属性：主动公开", PROACTIVE),
        ("信息公开选项：主动公开", PROACTIVE),
        ("（此件公开发布）（联系人：赵某；联系电话：55550000）", PROACTIVE),
        ("（联系人：赵某，联系电话：55550000）（此件公开发布）", PROACTIVE),
        ("（依申请公开）", ON_APPLICATION),
        ("（此件依申请公开）", ON_APPLICATION),
        ("(此件不公开)", WITHHELD),
        ("（此件不予公开）", WITHHELD),
        ("（联系人：赵某，依申请公开）", ON_APPLICATION),
        ("（经本人同意后公开）", None),
        ("（此件公开发布，删去联系方式）", None),
        ("是否同意公开：是", PROACTIVE),
        ("是否同意公开：否", WITHHELD),
    ],
)
@pytest.mark.parametrize("above", [False, True], ids=["below the date", "above the signature"])
def test_marks_in_notes(note: str, attribute: DisclosureAttribute | None, *, above: bool) -> None:
    """GB/T 9704-2012, 7.3.6: the note stands below the date; in some places above the signature."""
    sheets = letter(BODY)
    found = read(ended(sheets, note=note) if above else ended(sheets).paragraph(note))
    assert found.draft.disclosure is not None
    assert found.draft.disclosure.attribute is attribute
    if attribute is not PROACTIVE:
        assert {code for code in found.stops if code.startswith("disclosure-")}


@pytest.mark.parametrize(
    ("end", "results"),
    [
        (["办复类别: A"], ["A"]),
        (["办理结果：B类"], ["B"]),
        (["（A类）"], ["A"]),
        (["类别：C", "（此件公开发布）"], ["C"]),
        (["办理结果：正在解决"], ["正在解决"]),
    ],
)
def test_result_marks_at_the_end(end: list[str], results: list[str]) -> None:
    """The class may stand below everything else."""
    found = read(ended(letter(BODY, marks=["公开属性：主动公开"])).paragraphs(*end))
    assert texts(found.raw.result_marks) == results


@pytest.mark.parametrize(
    "mark",
    [
        *("秘密", "机密", "绝密", "秘密★", "机密★3年", "秘密★长期", "机 密 ★ 一 年", "密级：机密", "商业秘密"),
        *("内部资料", "内部资料，注意保存", "（内部使用）", "内部文件", "仅供内部参考", "不得外传", "工作秘密"),
    ],
)
@pytest.mark.parametrize("place", ["top", "number", "end"])
def test_a_secrecy_mark_stops_everything(mark: str, place: str) -> None:
    """Wherever it stands, and whatever the disclosure mark says."""
    number = f"石府〔2024〕11号 {mark}" if place == "number" else "石府〔2024〕11号"
    marks = ["公开属性：主动公开", *([mark] if place == "top" else [])]
    sheets = ended(letter(BODY, marks=marks, number=number))
    found = read(sheets.paragraph(mark) if place == "end" else sheets)
    assert "secrecy-mark" in found.stops


# --- 2.2 masthead -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("masthead", "signature", "issuer"),
    [
        ("甲水区石桥镇人民政府文件", "甲水区石桥镇人民政府", "甲水区石桥镇人民政府"),
        ("甲水区水务局", "甲水区水务局", "甲水区水务局"),
        ("甲水区民政局文件", None, "甲水区民政局"),
        ("甲水区民政局便函", "甲水区民政局", "甲水区民政局"),
        (None, "甲水区民政局", "甲水区民政局"),
        ("中共甲水区委改革办(区营商环境建设局)", None, "中共甲水区委改革办(区营商环境建设局)"),
    ],
)
def test_who_issues(masthead: str | None, signature: str | None, issuer: str) -> None:
    """By the masthead, with or without 文件, or by the signature alone."""
    found = read(ended(letter(BODY, masthead=masthead), signature=signature))
    assert found.draft.issuing_authority == issuer
    assert "authority-missing" not in found.stops


@pytest.mark.parametrize(
    ("masthead", "signature", "stop"),
    [
        (None, None, "authority-missing"),
        ("甲水区水务局文件", "甲水区民政局", "authority-mismatch"),
        (None, "甲水区教育局 甲水区财政局 甲水区交通局", "joint-issuers"),
    ],
)
def test_who_issues_is_not_clear(masthead: str | None, signature: str | None, stop: str) -> None:
    """None, two that differ, or several at once."""
    assert stop in read(ended(letter(BODY, masthead=masthead), signature=signature)).stops


# --- 2.3 document numbers -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "written"),
    [
        ("石府〔2024〕11号", "石府〔2024〕11号"),
        ("石府 〔2024〕 11 号", "石府〔2024〕11号"),
        ("石 府〔2024〕11号", "石府〔2024〕11号"),
        ("石交复函[2024]19号", "石交复函〔2024〕19号"),
        ("石民发【2024】275号", "石民发〔2024〕275号"),
        ("石教体字﹝2024﹞12号", "石教体字〔2024〕12号"),
        ("石教体字［2024］12号", "石教体字〔2024〕12号"),
        ("石府（2024）11号", "石府〔2024〕11号"),
        ("石府(2024)11号", "石府〔2024〕11号"),
        ("石府〔２０２４〕１１号", "石府〔2024〕11号"),
        ("建提复字〔2024〕第29号", "建提复字〔2024〕29号"),
        ("建议字[2024]3号", "建议字〔2024〕3号"),
        ("石教字〔2024〕007号", "石教字〔2024〕7号"),
        ("石医保函〔2024〕212号", "石医保函〔2024〕212号"),
        ("石卫提〔2024〕9号", "石卫提〔2024〕9号"),
        ("石发改建字〔2024〕9号", "石发改建字〔2024〕9号"),
        ("石公（提）复〔2024〕9号", "石公(提)复〔2024〕9号"),
    ],
)
def test_document_numbers(line: str, written: str | None) -> None:
    """Every bracket, with 第 and zeros or without; what is not whole stays unread and stops the letter."""
    found = read(ended(letter(BODY, number=line, marks=["公开属性：主动公开"])))
    assert (str(found.draft.document_number) if found.draft.document_number else None) == written
    assert bool({code for code in found.stops if code.startswith("document-number-")}) == (written is None)


@pytest.mark.parametrize(
    ("line", "stop"),
    [
        ("石政建复〔2024〕号", "document-number-damaged"),
        ("石政建复〔2024〕号(B类)", "document-number-damaged"),
        ("石教字〔2024〕来信号", "document-number-damaged"),
        ("石交政发〔202427", "document-number-damaged"),
        ("石交政发〔2024〕27", "document-number-damaged"),
        ("石交政发〔202427号", "document-number-damaged"),
        ("函〔202423", "document-number-damaged"),
        ("石府〔24〕11号", "document-number-missing"),
        ("石府2024年11号", "document-number-damaged"),
        ("〔2024〕11号", "document-number-missing"),
        ("石府〔2024〕11", "document-number-damaged"),
        (None, "document-number-missing"),
    ],
)
def test_damaged_document_numbers(line: str | None, stop: str) -> None:
    """Never mended, never guessed."""
    found = read(ended(letter(BODY, number=line, marks=["公开属性：主动公开"])))
    assert found.draft.document_number is None
    assert found.stops & {"document-number-damaged", "document-number-missing"}, stop


def test_numbers_in_other_places() -> None:
    """Split over lines, in front of the title, behind it in brackets."""
    split = Sheets().text("公开属性：主动公开").centred("石绿容").centred("〔2024〕").centred("44号")
    assert str(read(ended(letter(BODY, number=None, masthead=None, sheets=split))).draft.document_number) == (
        "石绿容〔2024〕44号"
    )
    two = Sheets().centred("石绿容〔2024〕").centred("44号")
    assert str(read(ended(letter(BODY, number=None, masthead=None, sheets=two))).draft.document_number) == (
        "石绿容〔2024〕44号"
    )
    glued = titled("石菊管[2024]18号对区七届人大六次会议第9号建议的答复", number=None, salutation="王一禾代表：")
    assert (str(read(glued).draft.document_number), read(glued).draft.title) == (
        "石菊管〔2024〕18号",
        "对区七届人大六次会议第9号建议的答复",
    )
    for brackets in ("〔石交建〔2024〕18号〕", "[石交建〔2024〕18号]", "（石交建〔2024〕18号）"):
        behind = titled(f"关于{_FOR_ALL}的答复{brackets}", number=None)
        assert str(read(behind).draft.document_number) == "石交建〔2024〕18号"
        assert read(behind).draft.title == f"关于{_FOR_ALL}的答复"


def test_two_different_numbers_stop() -> None:
    """Which one is right is for a person."""
    found = read(titled(f"石府函〔2024〕3号对{_FOR_ALL}的答复"))
    assert "document-number-several" in found.stops
    assert found.draft.document_number is None


# --- 2.4 signatory ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("签发人：陈明远", "陈明远"),
        ("签发人: 李 想", "李想"),
        ("签 发 人：陈明远", "陈明远"),
        ("签发：陈明远", "陈明远"),
        ("签发人：阿依古丽·买买提", "阿依古丽·买买提"),
    ],
)
@pytest.mark.parametrize("own_line", [True, False])
def test_signatories(line: str, name: str, *, own_line: bool) -> None:
    """On a line of its own or beside the number."""
    sheets = Sheets().text("公开属性：主动公开").centred("甲水区石桥镇人民政府文件", 30, 0xE60012, skip=2)
    sheets.text("石府〔2024〕11号", sheets.left + SIZE)
    sheets = sheets.text(line) if own_line else sheets.beside(line, sheets.left + 17 * SIZE)
    found = read(ended(letter(BODY, masthead=None, number=None, sheets=sheets)))
    assert found.draft.signatory == name
    assert str(found.draft.document_number) == "石府〔2024〕11号"
    assert found.stops == set()


def test_the_signatory_at_the_end() -> None:
    """领导签发, below the text."""
    assert read(ended(letter(BODY)).paragraph("领导签发：陈明远")).draft.signatory == "陈明远"


# --- 2.5 and 2.6 titles and submission numbers --------------------------------------------------------------------


class Submitted(NamedTuple):
    """What a title says of the submission."""

    title: str
    body: str | None
    term: int | None
    session: int | None
    numbers: Sequence[str]
    kind: SubmissionKind | None


TITLES = [
    Submitted("对区政协十五届三次会议第153047号提案的答复", "区政协", 15, 3, ["153047"], PROPOSAL),
    Submitted("对区政协十五届三次会议第 153047 号提案的答复", "区政协", 15, 3, ["153047"], PROPOSAL),
    Submitted("对区政协十五届三次会议 第153047号提案的答复", "区政协", 15, 3, ["153047"], PROPOSAL),
    Submitted("对区政协第九届三次会议第153047号提案的答复", "区政协", 9, 3, ["153047"], PROPOSAL),
    Submitted("对区政协第九届委员会第三次会议第12号提案的答复", "区政协", 9, 3, ["12"], PROPOSAL),
    Submitted("对政协甲水区第九届委员会第三次会议第12号提案的答复", "甲水区政协", 9, 3, ["12"], PROPOSAL),
    Submitted("关于对政协丙县第十届委员会第一次会议第5号提案的答复", "丙县政协", 10, 1, ["5"], PROPOSAL),
    Submitted("对政协第十届丙县委员会第一次会议第5号提案的答复", "丙县政协", 10, 1, ["5"], PROPOSAL),
    Submitted("关于市十六届政协二次会议第36号提案的答复函", "市政协", 16, 2, ["36"], PROPOSAL),
    Submitted("关于市政协第十三届一次会议第36号提案的答复函", "市政协", 13, 1, ["36"], PROPOSAL),
    Submitted("关于市政协十三届一次会议第144033提案的答复", "市政协", 13, 1, ["144033"], PROPOSAL),
    Submitted("关于政协市十三届委员会第一次会议36号提案的答复", "市政协", 13, 1, ["36"], PROPOSAL),
    Submitted("关于县第十六届人民代表大会第二次会议第21-013号建议的答复", "县人大", 16, 2, ["21-013"], SUGGESTION),
    Submitted("关于区二届人大六次会议第T007号代表建议的答复", "区人大", 2, 6, ["T007"], SUGGESTION),
    Submitted("关于省十三届人大一次会议第BH037号建议的答复", "省人大", 13, 1, ["BH037"], SUGGESTION),
    Submitted("关于省十三届人大一次会议温36号建议的答复", "省人大", 13, 1, ["温36"], SUGGESTION),
    Submitted("对十四届全国人大三次会议第 6750 号建议的答复", "全国人大", 14, 3, ["6750"], SUGGESTION),
    Submitted(
        "关于政协第十四届全国委员会第二次会议第02403号（医疗卫生类173号）提案答复的函",
        "全国政协",
        14,
        2,
        ["02403"],
        PROPOSAL,
    ),
    Submitted("甲水区水务局关于对区政协九届二次会议第9B111号提案的答复", "区政协", 9, 2, ["9B111"], PROPOSAL),
    Submitted("甲水区水务局对区十七届人大四次会议第006号建议的答复", "区人大", 17, 4, ["006"], SUGGESTION),
    Submitted("关于市十四届人大第2次会议第2017009号建议的答复", "市人大", 14, 2, ["2017009"], SUGGESTION),
    Submitted("关于市政协12届4次会议第124001号提案的答复", "市政协", 12, 4, ["124001"], PROPOSAL),
    Submitted("关于市人大常委会第20250688号建议的答复", None, None, None, ["20250688"], SUGGESTION),
    Submitted("对区人大七届四次会议第74227号建议的答复", "区人大", 7, 4, ["74227"], SUGGESTION),
    Submitted("对区政协十五届三次会议第12、15号提案的答复", "区政协", 15, 3, ["12", "15"], PROPOSAL),
    Submitted("对区政协十五届三次会议第12号、第15号提案的答复", "区政协", 15, 3, ["12", "15"], PROPOSAL),
    Submitted("对区政协十五届三次会议第12号和第15号提案的答复", "区政协", 15, 3, ["12", "15"], PROPOSAL),
    Submitted("对区政协十五届三次会议第12、15、108号提案的答复", "区政协", 15, 3, ["12", "15", "108"], PROPOSAL),
    Submitted("对区政协十五届三次会议第0487号《关于增设候车亭的提案》的答复", "区政协", 15, 3, ["0487"], PROPOSAL),
    Submitted("对区政协十五届三次会议《关于增设候车亭的提案》（第0487号）的答复", "区政协", 15, 3, ["0487"], PROPOSAL),
    Submitted("对区政协十六届二次会议第222号建议的答复", "区政协", 16, 2, ["222"], PROPOSAL),
    Submitted("对区政协十五届三次会议第0716号提案的答复函（水务局）", "区政协", 15, 3, ["0716"], PROPOSAL),
    Submitted("对区政协十五届三次会议第33号党派提案的答复", "区政协", 15, 3, ["33"], PROPOSAL),
    Submitted("对区政协十五届三次会议第33号集体提案的答复", "区政协", 15, 3, ["33"], PROPOSAL),
    Submitted("对区十七届人民代表大会第四次会议第8号代表建议、批评和意见的答复", "区人大", 17, 4, ["8"], SUGGESTION),
    Submitted("对区政协十五届三次会议提案第33号的答复", "区政协", 15, 3, ["33"], PROPOSAL),
    Submitted("关于县十届政协第一次全会第33号提案的答复", "县政协", 10, 1, ["33"], PROPOSAL),
]


@pytest.mark.parametrize("row", TITLES, ids=lambda row: row.title)
@pytest.mark.parametrize("title_size", [22.0, SIZE], ids=["large", "as small as the text"])
def test_what_titles_say(row: Submitted, title_size: float) -> None:
    """Body, term, session, every number as a string, and 人大 or 政协 decides what it is."""
    found = read(titled(row.title, title_size=title_size))
    submission = found.draft.submission
    assert submission is not None
    assert (submission.body, submission.term, submission.session) == (row.body, row.term, row.session)
    assert list(submission.numbers) == row.numbers
    assert submission.kind is row.kind
    assert found.draft.title == row.title.replace(" ", "")
    if row.term is None:
        assert "submission-missing" in found.stops


@pytest.mark.parametrize(
    ("title", "stop"),
    [
        ("对区政协十五届三次会议提案的答复", "submission-missing"),
        ("对区政协十五届会议第33号提案的答复", "submission-missing"),
        ("对区政协三次会议第33号提案的答复", "submission-missing"),
        ("对第33号提案的答复", "submission-missing"),
        ("对区政协十五届三次会议第来信号提案的答复", "submission-missing"),
        ("对区政协十五届三次会议第号提案的答复", "submission-missing"),
        ("关于区政协十五届三次会议自编号027号提案的答复", "submission-missing"),
        ("对区人大十五届三次会议第33号提案的答复", "submission-kind-mismatch"),
        ("对区政协十五届三次会议第33号建议的答复", "submission-kind-mismatch"),
    ],
)
def test_titles_that_do_not_say_enough(title: str, stop: str) -> None:
    """No number, no term, no session, the wrong word: told, never filled in."""
    found = read(titled(title))
    assert stop in {finding.code for finding in found.review.findings}
    if stop == "submission-missing":
        assert stop in found.stops


# --- 2.7 addressees -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("salutation", "addressees"),
    [
        ("王一禾委员：", ["王一禾委员"]),
        ("王一禾委员:", ["王一禾委员"]),
        ("王 一 禾 委 员：", ["王一禾委员"]),
        ("尊敬的王一禾委员：", ["王一禾委员"]),
        ("尊敬的王一禾委员", ["王一禾委员"]),
        ("尊敬的王一禾委员：您好！", ["王一禾委员"]),
        ("王一禾委员，您好：", ["王一禾委员"]),
        ("王一禾委员您好！", ["王一禾委员"]),
        ("王一禾委员", ["王一禾委员"]),
        ("王一禾、李想委员：", ["王一禾委员", "李想委员"]),
        ("王一禾 李想委员：", ["王一禾委员", "李想委员"]),
        ("王一禾委员、李想委员：", ["王一禾委员", "李想委员"]),
        ("王一禾委员、李想委员委员：", ["王一禾委员", "李想委员"]),
        ("王一禾、李想、陈明远等3位委员：", ["王一禾、李想、陈明远等3位委员"]),
        ("王一禾等7位委员：", ["王一禾等7位委员"]),
        ("王一禾等九名委员：", ["王一禾等九名委员"]),
        ("王一禾（等）委员：", ["王一禾（等）委员"]),
        ("王一禾、李想等委员：", ["王一禾、李想等委员"]),
        ("阿依古丽·买买提委员：", ["阿依古丽·买买提委员"]),
        ("阿依古丽·买买提、王一禾委员：", ["阿依古丽·买买提委员", "王一禾委员"]),
        ("民盟甲水区委：", ["民盟甲水区委"]),
        ("民盟区委：", ["民盟区委"]),
        ("民建市委会：", ["民建市委会"]),
        ("民进甲水区委员会：", ["民进甲水区委员会"]),
        ("区工商联：", ["区工商联"]),
        ("九三学社区委：", ["九三学社区委"]),
        ("社会福利和社会保障界别：", ["社会福利和社会保障界别"]),
        ("区政协城建委：", ["区政协城建委"]),
        ("区政协提案委员会：", ["区政协提案委员会"]),
        ("各位委员：", ["各位委员"]),
        ("王一禾先生：", ["王一禾先生"]),
        ("欧阳一禾委员：", ["欧阳一禾委员"]),
    ],
)
def test_addressees(salutation: str, addressees: list[str]) -> None:
    """Persons, groups, parties; each with the title, the colon of either width or lost."""
    found = read(titled("对区政协十五届三次会议第153047号提案的答复", salutation=salutation))
    assert list(found.draft.addressees) == addressees
    assert found.stops == set()


@pytest.mark.parametrize(
    ("salutation", "addressees", "stops"),
    [
        (None, [], {"addressee-missing"}),
        ("区发展和改革局：", ["区发展和改革局"], {"kind-addressee-mismatch"}),
        ("区发展和改革局、区民政局：", ["区发展和改革局", "区民政局"], {"kind-addressee-mismatch"}),
    ],
)
def test_addressees_that_are_for_a_person(salutation: str | None, addressees: list[str], stops: set[str]) -> None:
    """Nobody, or a unit where a deputy was expected."""
    found = read(titled("对区政协十五届三次会议第153047号提案的答复", salutation=salutation))
    assert list(found.draft.addressees) == addressees
    assert found.stops == stops


@pytest.mark.parametrize(
    ("title", "salutation"),
    [
        ("对区政协十五届三次会议第153047号提案的答复", "王一禾代表："),
        ("对区十七届人大四次会议第006号建议的答复", "王一禾委员："),
    ],
)
def test_the_wrong_word_behind_the_name_is_told(title: str, salutation: str) -> None:
    """A proposal to a 代表: one letter in twelve has it, so it is said and not hidden."""
    found = read(titled(title, salutation=salutation))
    assert "addressee-kind-mismatch" in {finding.code for finding in found.review.findings}


# --- 2.8 the text -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("@font-face{font-family:Song;}", "markup-residue"),
        ("<!--EndFragment-->", "markup-residue"),
        ("关于关于增设候车亭的事项，已经列入计划。", "words-doubled"),
    ],
)
def test_residue_in_the_text_is_told(line: str, code: str) -> None:
    """What programs leave behind is no part of a letter."""
    found = read(ended(letter(BODY, line, marks=["公开属性：主动公开"])))
    assert code in {finding.code for finding in found.review.findings}


def test_no_text_on_this_page_is_no_text() -> None:
    """（此页无正文） goes."""
    found = read(ended(letter(BODY, marks=["公开属性：主动公开"]).text("（此页无正文）")))
    assert not any("此页无正文" in paragraph.text for paragraph in found.draft.paragraphs)


# --- 2.9 signature and date ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    [
        "2024年5月17日",
        "2024年05月17日",
        "2024年 5月17日",
        "2024 年 5 月 17 日",
        "２０２４年５月１７日",
        "2024-05-17",
        "2024/5/17",
        "2024.5.17",
        "2024-05-17 14:25:49",
        "二〇二四年五月十七日",
        "二○二四年五月十七日",
        "二零二四年五月十七日",
        "二 〇 二 四 年 五 月 十 七 日",
        "二Ｏ二四年五月十七日",
        "日期：2024年5月17日",
    ],
)
def test_dates(written: str) -> None:
    """Figures of either width, spaced, with signs, in Chinese numerals."""
    found = read(ended(letter(BODY, marks=["公开属性：主动公开"]), written))
    assert found.draft.date_of_issue == date(2024, 5, 17)
    assert found.stops == set()
    assert text(found.raw.signature_block) == "甲水区石桥镇人民政府"


@pytest.mark.parametrize(
    ("written", "stop"),
    [
        ("2024517", "date-damaged"),
        ("20240517", "date-damaged"),
        ("2018717", "date-damaged"),
        ("2024年517日", "date-damaged"),
        ("2024年5月日", "date-damaged"),
        ("2024年5月", "date-damaged"),
        ("2024年月日", "date-damaged"),
        ("2024年5月17", "date-damaged"),
        ("24年5月17日", "date-damaged"),
        ("二〇二四年五月十日七", "date-damaged"),
        ("2026年13月40日", "date-impossible"),
        ("2024年2月30日", "date-impossible"),
        ("2024年6月17日", "date-in-future"),
        ("二〇二四年十三月一日", "date-impossible"),
        (None, "date-missing"),
        ("5月17日", "date-missing"),
    ],
)
def test_damaged_dates(written: str | None, stop: str) -> None:
    """A damaged date is told, never guessed back."""
    found = read(ended(letter(BODY, marks=["公开属性：主动公开"]), written))
    assert found.draft.date_of_issue in {None, date(2024, 6, 17)}
    assert found.stops & {stop, "date-missing", "date-damaged"}


def test_signature_and_date_on_one_line() -> None:
    """Both are read."""
    found = read(ended(letter(BODY, marks=["公开属性：主动公开"]), "甲水区石桥镇人民政府 2024年5月17日", None))
    assert text(found.raw.signature_block) == "甲水区石桥镇人民政府"
    assert found.draft.date_of_issue == date(2024, 5, 17)


# --- 2.10 to 2.12 notes, contacts, copies, imprint ----------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "联系人及电话：赵某 55550000",
        "联系人：赵某  联系电话：55550000",
        "联 系 人：赵某  联系电话：55550000",
        "（联系人：赵某，联系电话：55550000）",
        "(联系人:赵某,联系电话:55550000)",
        "（承办股室及电话：综合股 55550000）",
        "（联系单位：综合股，联系人：赵某，联系电话：55550000）",
        "联系人姓名：赵某 联系电话：55550000 联系地址：石桥路1号 邮政编码：999999",
        "承办负责人：钱某  承办人及联系电话：赵某 55550000",
        "责任领导：钱某  承办人：赵某",
        "主管领导：钱某 职务：副局长 办理人：赵某 职务：科长",
        "联系单位及电话：综合司 010-55550000",
        "经办人：赵某",
        "单位联系电话：55550000",
        "传真：55550001",
        "邮编：999999",
        "联系电话：55550000",
    ],
)
def test_contacts_at_the_end(line: str) -> None:
    """Every label: a contact is told apart from the letter's text."""
    found = read(ended(letter(BODY, marks=["公开属性：主动公开"])).paragraph(line))
    assert len(found.raw.contacts) == 1
    assert found.draft.paragraphs[-1].role is Role.NOTE
    assert found.draft.date_of_issue == date(2024, 5, 17)


@pytest.mark.parametrize(
    "footer",
    [
        "主办单位：甲水区人民政府办公室  网站标识码：9900000087",
        "甲ICP备05000001号  公安备案号99010702000001",
        "地址：石桥路1号  技术支持：甲水区大数据中心  网站电话：55559999",
        "版权所有：甲水区人民政府  联系我们：55559999",
        "分享到：  打印本页  关闭窗口",
    ],
)
def test_the_footer_of_a_site_is_no_contact(footer: str) -> None:
    """What a browser printed below the letter says nothing of who handles it."""
    sheets = ended(letter(BODY, marks=["公开属性：主动公开"])).paragraph("联系人：赵某")
    found = read(sheets.text(footer))
    assert texts(found.raw.contacts) == ["联系人：赵某"]


@pytest.mark.parametrize(
    "line",
    ["详情可拨打13800001234咨询。", "联系人：赵某  联系电话：13800001234", "（联系人：赵某，手机：138 0000 1234）"],
)
def test_a_mobile_number_anywhere_stops(line: str) -> None:
    """An official's, a deputy's, anybody's."""
    found = read(ended(letter(BODY, marks=["公开属性：主动公开"])).paragraph(line))
    assert "personal-data-mobile" in found.stops


@pytest.mark.parametrize(
    ("line", "copied_to"),
    [
        ("抄送：区政协提案委，区政府办公室。", ["区政协提案委", "区政府办公室"]),
        (
            "抄送:区人大常委会选举任免代表工作委员会,区政府办公室。",
            ["区人大常委会选举任免代表工作委员会", "区政府办公室"],
        ),
        ("抄送：市人大联工委(2),市政府办(2)。", ["市人大联工委(2)", "市政府办(2)"]),
        ("抄送：市人大选联委、市政府督查室.", ["市人大选联委", "市政府督查室"]),
        ("抄 送：市政协提案委", ["市政协提案委"]),
        ("抄 报：市政协提案委", ["市政协提案委"]),
        ("报：市政协提案委", ["市政协提案委"]),
    ],
)
def test_copies(line: str, copied_to: list[str]) -> None:
    """Whoever gets a copy, with the number of copies as it stands."""
    found = read(ended(letter(BODY, marks=["公开属性：主动公开"])).text(line).text("石桥镇党政办 2024年5月17日印发"))
    assert list(found.draft.copied_to) == copied_to
    assert found.draft.distributing_office == "石桥镇党政办"
    assert found.draft.date_of_distribution == date(2024, 5, 17)
    assert found.stops == set()


@pytest.mark.parametrize(
    ("lines", "office"),
    [
        (["石桥镇党政办 2024年5月17日印发"], "石桥镇党政办"),
        (["石桥镇党政办", "2024年5月17日印发"], "石桥镇党政办"),
        (["甲水区人民政府办公室　　2024年5月17日印发"], "甲水区人民政府办公室"),
        (["2024年5月17日印发"], None),
    ],
)
def test_imprints(lines: list[str], office: str | None) -> None:
    """On one line or on two; its date is never taken for the date of issue."""
    sheets = ended(letter(BODY, marks=["公开属性：主动公开"]), "2024年5月16日")
    for line in lines:
        sheets.text(line)
    found = read(sheets)
    assert (found.draft.distributing_office, found.draft.date_of_distribution) == (office, date(2024, 5, 17))
    assert found.draft.date_of_issue == date(2024, 5, 16)


# --- 3. results ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mark", "meaning"),
    [
        ("解决采纳", "解决采纳"),
        ("采纳解决", "解决采纳"),
        ("采 纳 解 决", "解决采纳"),
        ("解决或采纳", "解决采纳"),
        ("已解决", "解决采纳"),
        ("已采纳", "解决采纳"),
        ("正在解决", "正在解决"),
        ("计划解决", "计划解决"),
        ("列入计划拟解决", "计划解决"),
        ("留作参考", "留作参考"),
        ("参考", "留作参考"),
        ("部分采纳", None),
        ("难以解决", None),
        ("逐步解决", None),
        ("A", None),
        ("B类", None),
        ("C", None),
        ("甲类", None),
        ("", None),
        ("待定", None),
    ],
)
def test_results_without_a_table_of_the_authority(mark: str, meaning: str | None) -> None:
    """Words that mean the same everywhere are explained; letters and local words never are."""
    found = read(ended(letter(BODY, marks=["公开属性：主动公开", f"办理结果：{mark}"])))
    assert found.draft.handling_result is not None
    assert found.draft.handling_result.normalised == meaning
    assert ("result-unknown" in found.stops) == (meaning is None)


_TWO_CITIES = (
    ResultTable("甲市", {"A": "解决采纳", "B": "正在解决", "C": "计划解决", "D": "留作参考"}),
    ResultTable("乙市", {"A": "解决采纳", "B": "计划解决", "C": "留作参考"}),
)


@pytest.mark.parametrize(
    ("letter_", "first", "second"), [("B类", "正在解决", "计划解决"), ("C", "计划解决", "留作参考")]
)
def test_a_letter_means_what_the_authoritys_own_table_says(letter_: str, first: str, second: str) -> None:
    """C is planned in one city and for reference in the next."""
    assert [read_result(letter_, letter_, [table]).normalised for table in _TWO_CITIES] == [first, second]
    assert read_result("D", "D", [_TWO_CITIES[1]]).normalised is None


def test_a_body_has_words_of_its_own() -> None:
    """难以解决 is known to one conference and to no other body of the same district."""
    issued = "普陀区桃浦镇人民政府"
    for title, known in (
        ("对区政协十五届三次会议第153047号提案的答复", True),
        ("对区十七届人大四次会议第006号建议的答复", False),
    ):
        sheets = letter(BODY, marks=["办理结果：难以解决"], masthead=f"{issued}文件", title=[title])
        result = read(ended(sheets, signature=issued)).draft.handling_result
        assert result is not None
        assert (result.normalised == "难以解决") == known


@pytest.mark.parametrize(
    ("title", "stops"),
    [
        ("对区政协十五届三次会议第153047号提案的答复", set()),
        ("对区政协十五届三次会议第144047号提案的答复", {"number-scheme-mismatch"}),
        ("对区政协十五届三次会议第047号提案的答复", {"number-scheme-mismatch"}),
        ("对区十七届人大四次会议第006号建议的答复", set()),
    ],
)
def test_a_scheme_is_checked_only_where_it_is_registered(title: str, stops: set[str]) -> None:
    """区政协 has term, session and serial in its numbers; 区人大 of the same district has not."""
    issued = "普陀区桃浦镇人民政府"
    sheets = letter(
        BODY.replace("提案", "建议") if "人大" in title else BODY,
        marks=["办理结果：解决采纳", "公开属性：主动公开"],
        masthead=f"{issued}文件",
        number="普桃府〔2024〕11号",
        title=[title],
        salutation="王一禾代表：" if "人大" in title else "王一禾委员：",
    )
    assert read(ended(sheets, signature=issued)).stops == stops
