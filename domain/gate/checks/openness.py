"""Whether the letter may be public at all (OGI Regulations, State Council Order 711)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from domain.disclosure import MarkReading, is_not_public_line, read_mark
from domain.gate.case import Case
from domain.gate.finding import Finding, find
from domain.reading.place import Seen
from domain.reading.spelling import bare
from domain.reply import DisclosureAttribute, DisclosureExtent, ReplyKind

_NOT_PUBLIC = {
    DisclosureAttribute.ON_APPLICATION: "disclosure-on-application",
    DisclosureAttribute.WITHHELD: "disclosure-withheld",
}
# GB/T 9704-2012, 7.2.2. 商业秘密★ and 工作秘密★ are no state secret, and 国家秘密★ stands in sentences about the law.
_CLASSIFIED = re.compile(r"(?<!商业)(?<!工作)(?<!国家)(?:绝密|机密|秘密)★")
_INTERNAL_LINE = re.compile(
    r"(?:绝密|机密|秘密)(?:★?(?:[0-9一二三四五六七八九十]+(?:年|个月|月|天|日)|长期))?"
    r"|内部(?:资料|文件|材料|使用|传阅)?|工作秘密|(?:内部(?:资料|文件|材料),?)?(?:注意保存|注意保密|严禁外传|不得外传|阅后收回|阅后即焚)"
)
_BRACKETS = "()〔〕[]【】《》“”\"':,。."


def disclosure(case: Case) -> Iterator[Finding]:
    """A mark is there, every word of it is known, every mark says the same, and what they say is 主动公开."""
    readings = [read_mark(mark, case.rules.disclosure) for mark in case.raw.disclosure_marks]
    if not readings and not case.unread:
        yield find("disclosure-missing")
    for reading in readings:
        yield from _one_mark(reading)
    attributes = {attribute for reading in readings for attribute in reading.attributes}
    extents = {extent for reading in readings for extent in reading.extents}
    if len(attributes) > 1 or len(extents) > 1:
        marks = "、".join(f"“{reading.mark.text}”" for reading in readings)
        yield find("disclosure-contradictory", readings[-1].mark, marks=marks)
    if readings and not attributes and not any(reading.unknown for reading in readings):
        # 全部公开 alone says how much, not whether.
        yield find("disclosure-unknown", readings[0].mark, mark=readings[0].mark.text)


def _one_mark(reading: MarkReading) -> Iterator[Finding]:
    if reading.unknown:
        yield find("disclosure-unknown", reading.mark, mark=reading.mark.text)
    for attribute, code in _NOT_PUBLIC.items():
        if attribute in reading.attributes:
            yield find(code, reading.mark, mark=reading.mark.text)


def not_public_lines(case: Case) -> Iterator[Finding]:
    """A note or a line that says, as a whole, that the letter is not public counts wherever it stands."""
    marked = {bare(mark.raw) for mark in case.raw.disclosure_marks}
    for line in _lines(case):
        if is_not_public_line(line.text) and bare(line.text) not in marked:
            code = "disclosure-on-application" if "依申请" in bare(line.text) else "disclosure-withheld"
            yield find(code, line, mark=line.text.strip())


def extent(case: Case) -> Iterator[Finding]:
    """What the mark allows is what the file holds: the whole letter, or a summary that is one by its title."""
    summary = case.draft.kind is ReplyKind.SUMMARY
    for mark in case.raw.disclosure_marks:
        reading = read_mark(mark, case.rules.disclosure)
        wrong = DisclosureExtent.FULL_TEXT if summary else DisclosureExtent.SUMMARY
        if reading.partial or wrong in reading.extents:
            yield find("disclosure-extent", mark, mark=mark.text, found="摘要" if summary else "全文")


def secrecy(case: Case) -> Iterator[Finding]:
    """No secrecy or internal mark anywhere, whatever else the letter says of itself."""
    for mark in case.raw.secrecy_marks:
        # 此件不公开 is a disclosure mark, whoever called it a secret.
        if not is_not_public_line(mark.text):
            yield find("secrecy-mark", mark, mark=mark.text)
    seen = {bare(mark.raw) for mark in case.raw.secrecy_marks}
    for line in _lines(case):
        words = bare(line.text).strip(_BRACKETS)
        if words and (_CLASSIFIED.search(words) or _INTERNAL_LINE.fullmatch(words)) and bare(line.text) not in seen:
            found = _CLASSIFIED.search(words)
            yield find("secrecy-mark", mark=found[0] if found else words)


def _lines(case: Case) -> Iterator[Seen]:
    yield from case.raw.notes
    yield from (mark for mark in case.raw.secrecy_marks if is_not_public_line(mark.text))
    for paragraph in case.raw.paragraphs:
        yield Seen(paragraph.text, paragraph.text, paragraph.boxes[0] if paragraph.boxes else None)


CHECKS = (disclosure, not_public_lines, extent, secrecy)
