"""Personal data anywhere in what would be public."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from domain.gate.case import Case
from domain.gate.finding import Finding, find
from domain.gate.finding_kinds import Grade
from domain.gate.personal_data import PersonalDatum, personal_data, personal_data_in
from domain.gate.private_handling import Handling
from domain.reading.paragraph import Paragraph
from domain.reading.place import Seen


def private_values(case: Case) -> Iterator[Finding]:
    """Each identity number, phone number, account and address, masked; the same one in the same place once."""
    said: set[tuple[str, str, int | None]] = set()
    for seen, datum in _found(case):
        handling = case.rules.handling(datum.code, case.authority)
        key = (datum.code, datum.masked, seen.page)
        if key in said or (handling is Handling.PUBLISH and datum.code == "contact-name"):
            continue
        said.add(key)
        grade = Grade.WARN if handling is Handling.PUBLISH else Grade.HOLD
        yield find(datum.code, replace(seen, text="", raw=datum.masked), grade=grade, masked=datum.masked)


def _found(case: Case) -> Iterator[tuple[Seen, PersonalDatum]]:
    """In the letter as one text, where a label may stand in one paragraph and the number in the next; in each field."""
    paragraphs = case.raw.paragraphs
    for index, datum in personal_data_in([each.text for each in paragraphs]):
        yield _paragraph(paragraphs[index]), datum
    for seen in _fields(case):
        for text in dict.fromkeys((seen.text, seen.raw)):
            yield from ((seen, datum) for datum in personal_data(text))


def _fields(case: Case) -> Iterator[Seen]:
    raw = case.raw
    single = (raw.title, raw.masthead, raw.signatory, raw.signature_block, raw.distributing_office, raw.date_of_issue)
    yield from (seen for seen in single if seen is not None)
    marks = (raw.result_marks, raw.disclosure_marks, raw.secrecy_marks)
    for several in (raw.document_numbers, raw.addressees, *marks, raw.notes, raw.contacts, raw.copied_to):
        yield from several
    yield from raw.attachments


def _paragraph(paragraph: Paragraph) -> Seen:
    box = paragraph.boxes[0] if paragraph.boxes else None
    return Seen(paragraph.text, paragraph.text, box)


CHECKS = (private_values,)
