"""Personal data anywhere in what would be public."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from domain.gate.case import Case
from domain.gate.finding import Finding, find
from domain.gate.finding_kinds import Grade
from domain.gate.personal_data import personal_data
from domain.gate.private_handling import Handling
from domain.reading.paragraph import Paragraph
from domain.reading.place import Seen


def private_values(case: Case) -> Iterator[Finding]:
    """Each identity number, phone number, account and address, masked; the same one in the same place once."""
    said: set[tuple[str, str, int | None]] = set()
    for text in _texts(case):
        for datum in personal_data(text.text):
            handling = case.rules.handling(datum.code, case.authority)
            key = (datum.code, datum.masked, text.page)
            if key in said or (handling is Handling.PUBLISH and datum.code == "contact-name"):
                continue
            said.add(key)
            grade = Grade.WARN if handling is Handling.PUBLISH else Grade.HOLD
            yield find(datum.code, replace(text, text="", raw=datum.masked), grade=grade, masked=datum.masked)


def _texts(case: Case) -> Iterator[Seen]:
    raw = case.raw
    yield from (_paragraph(each) for each in raw.paragraphs)
    single = (raw.title, raw.masthead, raw.signatory, raw.signature_block, raw.distributing_office)
    yield from (seen for seen in single if seen is not None)
    for several in (raw.addressees, raw.notes, raw.contacts, raw.copied_to, raw.attachments):
        yield from several


def _paragraph(paragraph: Paragraph) -> Seen:
    box = paragraph.boxes[0] if paragraph.boxes else None
    return Seen(paragraph.text, paragraph.text, box)


CHECKS = (private_values,)
