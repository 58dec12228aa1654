"""Whether the letter may be public at all (OGI Regulations, State Council Order 711)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from domain.disclosure import MarkReading, is_disclosure_phrase, is_not_public_line, opens, read_mark, words_alone
from domain.gate.case import Case
from domain.gate.finding import Finding, find
from domain.reading.place import Seen
from domain.reading.secrecy_words import SECRECY, secrecy_mark, secrecy_mark_in_brackets
from domain.reading.spelling import bare
from domain.reply import DisclosureAttribute, DisclosureExtent, ReplyKind

_NOT_PUBLIC = {
    DisclosureAttribute.ON_APPLICATION: "disclosure-on-application",
    DisclosureAttribute.WITHHELD: "disclosure-withheld",
}


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


def unnoticed_marks(case: Case) -> Iterator[Finding]:
    """A line that stands by itself and says something about openness counts, though no reader took it for a mark.

    It can only close the letter: nothing is opened by what was not read as a mark.
    """
    marked = {words_alone(mark.raw) for mark in case.raw.disclosure_marks}
    for line in (*_alone(case), *_in_brackets(case.raw.title)):
        words = words_alone(line.text)
        if words in marked:
            continue
        if is_not_public_line(line.text):
            code = "disclosure-on-application" if "依申请" in words else "disclosure-withheld"
            yield find(code, line, mark=line.text.strip())
        elif is_disclosure_phrase(line.text) and not opens(line, case.rules.disclosure):
            yield find("disclosure-unknown", line, mark=line.text.strip())


def _in_brackets(title: Seen | None) -> Iterator[Seen]:
    if title is not None:
        for match in re.finditer(r"[(（〔\[【]([^()（）〔〕\[\]【】]{2,30})[)）〕\]】]", title.text):
            yield replace(title, text=match[1], raw=match[1])


_JOINT = re.compile(r"(?:会办|协办|联办)(?:意见|单位|答复|部门|内容)")
_CLOSED = re.compile(r"不公开|不予公开|不宜公开|免予公开|依申请公开|不对外|仅供内部|内部掌握")


def joint_text(case: Case) -> Iterator[Finding]:
    """A sentence that says that what another authority contributed is not public (OGI Regulations, article 16)."""
    for paragraph in case.raw.paragraphs:
        for sentence in re.findall(r"[^。；！？\n]+", paragraph.text):
            words = bare(sentence)
            if (joint := _JOINT.search(words)) and _CLOSED.search(words):
                box = paragraph.boxes[0] if paragraph.boxes else None
                yield find("joint-text-closed", Seen(joint[0], joint[0], box), words=joint[0])
                return


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
    seen = "".join(bare(mark.raw) for mark in case.raw.secrecy_marks)
    for line in _alone(case):
        words = secrecy_mark(line.text)
        if words is not None and words not in seen and not is_not_public_line(words):
            yield find("secrecy-mark", replace(line, raw=words), mark=words)
    for field in (case.raw.title, case.raw.masthead, *case.raw.document_numbers):
        found = secrecy_mark_in_brackets(field.text) or _leading_mark(field.text) if field else None
        if field is not None and found is not None:
            yield find("secrecy-mark", replace(field, raw=found), mark=found)


def copy_number(case: Case) -> Iterator[Finding]:
    """A paper whose copies are numbered is or was a classified one (GB/T 9704-2012, 7.2.1)."""
    if case.raw.copy_number is not None:
        yield find("copy-number", case.raw.copy_number, number=case.raw.copy_number.text)


def _leading_mark(text: str) -> str | None:
    """秘密★1年柳府〔2024〕11号: a mark that was run together with what stands behind it."""
    match = _LEADING.match(bare(text))
    return match[1] if match else None


_LEADING = re.compile(rf"({SECRECY})(?=.*[〔\[(])")


def _alone(case: Case) -> Iterator[Seen]:
    """What stands for itself: paragraphs, cells of tables, fields."""
    raw = case.raw
    for paragraph in raw.paragraphs:
        box = paragraph.boxes[0] if paragraph.boxes else None
        for text in dict.fromkeys((paragraph.text, *re.split(r"[\t\n]", paragraph.text))):
            yield Seen(text, text, box)
    single = (raw.title, raw.masthead, raw.signature_block, raw.distributing_office)
    yield from (seen for seen in single if seen is not None)
    marks = (*raw.document_numbers, *raw.disclosure_marks, *raw.result_marks, *raw.secrecy_marks)
    yield from (*marks, *raw.notes, *raw.contacts, *raw.copied_to, *raw.attachments)


CHECKS = (disclosure, unnoticed_marks, extent, secrecy, copy_number, joint_text)
