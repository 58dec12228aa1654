"""Whether the letter is all there, and was read as it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator

from domain.calendar_date import numeral
from domain.gate.case import Case
from domain.gate.finding import Finding, find
from domain.gate.finding_kinds import Grade
from domain.reading.paragraph import Paragraph, Role
from domain.reading.place import Box, Seen
from domain.reading.spelling import bare, joined

_NUMBERED = re.compile(r"^(?:(?P<upper>[一二三四五六七八九十]{1,3})、|\((?P<lower>[一二三四五六七八九十]{1,3})\))")
_OPEN_ENDED = re.compile(r"[一-鿿A-Za-z0-9,、;(“《]$")
_ATTACHMENT = re.compile(r"^附(?:件|表|图)?[0-9一二三四五六七八九十]*[:]?")
_AFTER_BODY = (Role.SIGNATURE, Role.DATE, Role.NOTE, Role.COPIED_TO, Role.IMPRINT)
_CLOSING = re.compile(r"(?:特此|专此|谨此|此)(?:答复|函复|复函|复|函告|致谢)$|^感谢|致谢|支持$")


def text(case: Case) -> Iterator[Finding]:
    """There is a text, and not only a line of it."""
    characters = sum(len(bare(each.text)) for each in _body(case))
    if characters == 0 and not case.unread:
        yield find("text-missing")
    elif 0 < characters < case.threshold("short_text"):
        yield find("text-short", characters=str(characters))


def text_for_pages(case: Case) -> Iterator[Finding]:
    """As much text as so many pages hold; less, and something on them was not read. The last page may be near empty."""
    characters = sum(len(bare(each.text)) for each in case.raw.paragraphs)
    pages = case.evidence.pages
    if not case.unread and 0 < characters < case.threshold("characters_per_page") * (pages - 1):
        yield find("text-thin", characters=str(characters), pages=str(pages))


def end_marks(case: Case) -> Iterator[Finding]:
    """The end is marked by a signature block, a date or an imprint; without any, pages may be missing."""
    raw = case.raw
    ends = (raw.signature_block, raw.date_of_issue, raw.date_of_distribution, raw.distributing_office)
    if not any(ends) and not case.unread:
        yield find("end-marks-missing")


def headings(case: Case) -> Iterator[Finding]:
    """一、二、三 without a gap; （一）（二） anew under each of them."""
    before = {"upper": 0, "lower": 0}
    # A numbered paragraph that goes on as a sentence counts like a heading of its own line.
    for paragraph in _body(case):
        match = _NUMBERED.match(bare(paragraph.text))
        level = match.lastgroup if match else None
        if match is None or level is None:
            continue
        if level == "upper":
            before["lower"] = 0
        number, last = numeral(match[level]), before[level]
        # 1 starts a new row: a quoted list, or the next part of a letter to several deputies.
        if number not in (1, last + 1):
            names = {"before": _HEADING_NUMBERS[last], "after": _HEADING_NUMBERS[number]}
            yield find("heading-gap", _seen(paragraph), grade=None, **names)
        before[level] = number


_HEADING_NUMBERS = ("（无）", *"一二三四五六七八九十", *(f"十{ones}" for ones in "一二三四五六七八九"), *("…",) * 80)


def last_sentence(case: Case) -> Iterator[Finding]:
    """The last paragraph of the text ends as a sentence does."""
    paragraphs = [each for each in _body(case) if each.role is Role.BODY]
    if not paragraphs:
        return
    last = bare(paragraphs[-1].text)
    if _OPEN_ENDED.search(last) and not _CLOSING.search(last) and not _ATTACHMENT.match(last):
        yield find("last-sentence-open", Seen("", "", _box(paragraphs[-1])))


def attachments(case: Case) -> Iterator[Finding]:
    """What the list of attachments names is in the file: a heading 附件 stands behind the signature block or date."""
    if not case.raw.attachments or case.unread:
        return
    roles = [paragraph.role for paragraph in case.raw.paragraphs]
    end = next((index for index, role in enumerate(roles) if role in (Role.SIGNATURE, Role.DATE)), len(roles))
    if not any(_ATTACHMENT.match(bare(each.text)) for each in case.raw.paragraphs[end:]):
        names = "、".join(joined(each.text) for each in case.raw.attachments)
        yield find("attachment-missing", case.raw.attachments[0], names=names)


def reading(case: Case) -> Iterator[Finding]:
    """Every page was read with enough confidence."""
    told = {finding.page for finding in case.evidence.findings if finding.grade is not Grade.WARN}
    for page in case.evidence.reading:
        if page.confidence < case.threshold("reading_confidence") and page.page not in told and not case.unread:
            box = Box(page.page, 0, 0, 0, 0)
            percent = f"{page.confidence * 100:.0f}"
            yield find("reading-uncertain", Seen("", "", box), number=str(page.page), percent=percent)


def _body(case: Case) -> list[Paragraph]:
    outside = (*_AFTER_BODY, Role.SALUTATION)
    return [paragraph for paragraph in case.draft.paragraphs if paragraph.role not in outside]


def _box(paragraph: Paragraph) -> Box | None:
    return paragraph.boxes[-1] if paragraph.boxes else None


def _seen(paragraph: Paragraph) -> Seen:
    return Seen(paragraph.text, paragraph.text, paragraph.boxes[0] if paragraph.boxes else None)


CHECKS = (text, text_for_pages, end_marks, headings, last_sentence, attachments, reading)
