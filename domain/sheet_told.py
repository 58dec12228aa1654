"""How a held document is put before its reviewer in Prefect's form: Markdown above the fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from domain.gate.answer import VERDICT_WORDS
from domain.gate.lifting import Concern
from domain.gate.review_sheet import ReviewSheet
from domain.outcome_told import plain

_GRADES = {"reject": "退回", "hold": "搁置", "warn": "提醒"}
_ORDER = ("reject", "hold", "warn")
_MOST_PAGES = 3
CONCERN_WORDS: Mapping[Concern, str] = {
    Concern.CONTENT: "文件内容存疑",
    Concern.PRIVATE_DATA: "含个人信息",
    Concern.SIGNATURE: "签名缺失或未能核验",
    Concern.DISCLOSURE: "公开属性或密级须再次确认",
    Concern.HIDDEN_CONTENT: "含隐藏或活动内容",
    Concern.WITHDRAWN: "曾经撤回",
}


@dataclass(frozen=True, slots=True)
class PageLinks:
    """Where the reviewer's browser sees the original, for a while."""

    minutes: int
    document: str | None = None
    """All pages, with all that was read and found."""
    pages: Mapping[int, str] = field(default_factory=dict)
    """Page to picture."""


def form_text(sheet: ReviewSheet, links: PageLinks) -> str:
    """What stands above the fields of the form, a blank line between all: the UI joins lines that follow directly."""
    parts = [*_complaints(sheet), *_head(sheet), *_decided(sheet), *_findings(sheet), *_pages(sheet, links)]
    parts.append("**决定**（请在下面选择；下面各项内容只在读错时才改）")
    return "\n\n".join(part for part in parts if part)


def due_words(sheet: ReviewSheet) -> str:
    """Until when it should be public; empty where that cannot be told."""
    if sheet.due is None or sheet.days_left is None:
        return ""
    if sheet.days_left < 0:
        return f"公开期限 {sheet.due}，截至 {sheet.as_of} 已逾期 {-sheet.days_left} 个工作日"
    return f"公开期限 {sheet.due}，截至 {sheet.as_of} 还剩 {sheet.days_left} 个工作日"


def waiting_words(sheet: ReviewSheet) -> str:
    """For whom it waits and until when, to follow the sentence of its fate."""
    second = "已有一名审核人决定，待另一名审核人作出同一决定。" if sheet.lacks_second_person else ""
    due = due_words(sheet)
    return second + (f"{due}。" if due else "")


def pages_to_show(sheet: ReviewSheet) -> tuple[int, ...]:
    """The first page, and those on which something that stops it was found; not more than a person scrolls through."""
    found = [each.page for each in sheet.findings if each.page and each.grade != "warn"]
    return tuple(sorted({1, *found}))[:_MOST_PAGES]


def _complaints(sheet: ReviewSheet) -> Iterator[str]:
    if sheet.complaints:
        yield "**上次填写的内容没有采用，请按下列提示重新填写：**"
        yield ""
        yield from (f"- {plain(complaint)}" for complaint in sheet.complaints)
        yield ""


def _head(sheet: ReviewSheet) -> Iterator[str]:
    yield f"- 文件：**{plain(sheet.file)}**（{sheet.pages} 页，{plain(sheet.signature)}）"
    yield f"- 原件摘要值（SHA-256）：`{sheet.sha256[:16]}…`"
    if sheet.disclosure:
        yield f"- 公开属性：**{plain(sheet.disclosure)}**（以文件本身的标注为准，不能修改）"
    if sheet.due:
        yield f"- {due_words(sheet)}"
    if sheet.two_for:
        why = "、".join(CONCERN_WORDS[each] for each in sheet.two_for)
        yield f"- 须由**两名**审核人作出同一决定才会公开：{why}"
    yield ""


def _decided(sheet: ReviewSheet) -> Iterator[str]:
    if not sheet.decisions:
        return
    yield "**已有的决定**"
    yield ""
    for each in sheet.decisions:
        yield f"- {plain(each.reviewer)}：{VERDICT_WORDS[each.verdict]}。理由：{plain(each.reason)}"
    if sheet.lacks_second_person:
        yield "- 现由**另一名**审核人决定；同意的，选择同一决定，字段不要改动。"
    yield ""


def _findings(sheet: ReviewSheet) -> Iterator[str]:
    yield "**审核意见**"
    yield ""
    if not sheet.findings:
        yield "- 按现行规则已没有搁置的原因；仍须由人决定。"
    for each in sorted(sheet.findings, key=lambda found: _ORDER.index(found.grade)):
        yield f"- **{_GRADES[each.grade]}** {plain(each.zh)} `{each.code}`"
    yield ""


def _pages(sheet: ReviewSheet, links: PageLinks) -> Iterator[str]:
    if links.document is None:
        return
    yield f"[打开全部 {sheet.pages} 页，对照读到的内容]({links.document})"
    yield f"（链接 {links.minutes} 分钟内有效；打不开时，关闭本表再打开一次）"
    yield ""
    for page in pages_to_show(sheet):
        if page in links.pages:
            yield f"![第 {page} 页]({links.pages[page]})"
            yield ""
