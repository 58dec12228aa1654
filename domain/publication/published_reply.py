"""A reply as it was published, read back: what is derived from it must need nothing but public objects."""

from __future__ import annotations

from datetime import date

from domain.document_number import DocumentNumber
from domain.publication.canonical_json import Json
from domain.reading.paragraph import Paragraph, Role
from domain.reply import (
    Disclosure,
    DisclosureAttribute,
    DisclosureExtent,
    HandlingResult,
    Reply,
    ReplyKind,
    Submission,
    SubmissionKind,
)


def reply_from(document: Json) -> Reply:
    """The reply that `domain.publication.manifest.reply_artifact` wrote. Raises KeyError or ValueError otherwise."""
    submission, result, disclosure = document["submission"], document["handling_result"], document["disclosure"]
    extent = DisclosureExtent(disclosure["extent"])
    return Reply(
        kind=ReplyKind(document["kind"]),
        title=document["title"],
        document_number=DocumentNumber.parse(document["document_number"]),
        issuing_authority=document["issuing_authority"],
        area_code=document["area_code"],
        signatory=document["signatory"],
        addressees=tuple(document["addressees"]),
        date_of_issue=date.fromisoformat(document["date_of_issue"]),
        date_of_distribution=_day(document["date_of_distribution"]),
        distributing_office=document["distributing_office"],
        copied_to=tuple(document["copied_to"]),
        submission=Submission(
            SubmissionKind(submission["kind"]) if submission["kind"] else None,
            submission["body"],
            submission["term"],
            submission["session"],
            tuple(submission["numbers"]),
        ),
        handling_result=HandlingResult(result["raw"], result["normalised"], result["scheme"]) if result else None,
        disclosure=Disclosure(disclosure["raw"], DisclosureAttribute(disclosure["attribute"]), extent),
        extent=extent,
        paragraphs=tuple(
            Paragraph(Role(paragraph["role"]), paragraph["text"], paragraph["page"])
            for paragraph in document["paragraphs"]
        ),
    )


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None
