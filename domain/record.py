"""The JSON of `fuwen read FILE --json`, stable from the first version on, and the fuller one that the vault keeps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from domain.gate.evidence import Evidence
from domain.gate.finding import Finding
from domain.gate.review import Review
from domain.reading.place import Box, Seen
from domain.reading.raw_reply import RawReply
from domain.reply import Draft, Reply

Json = dict[str, Any]


def read_record(file: str, evidence: Evidence, draft: Draft, review: Review, language: str = "zh-CN") -> Json:
    """What was read, where it stood, what review found, what would be published: `schemas/read-record-1.json`."""
    return {
        "file": file,
        "sha256": evidence.sha256,
        "pages": evidence.pages,
        "fate": review.fate.value,
        "findings": [finding_fields(finding, language) for finding in review.findings],
        "reply": reply_fields(draft) | {"copied_to": list(draft.copied_to)},
        "evidence": list(_evidence(evidence.raw)),
        "signature": {
            "status": evidence.signature.status.value,
            "detail": evidence.signature.detail,
            "signers": list(evidence.signature.signers),
            "signatures": [
                {
                    "signer": each.signer,
                    "status": each.status.value,
                    "detail": each.detail,
                    "signed_at": each.signed_at,
                    "timestamped": each.timestamped,
                    "key_sha256": each.key_sha256,
                }
                for each in evidence.signature.signatures
            ],
        },
        "reading": {
            "pages": [
                {"page": page.page, "source": page.source.value, "confidence": page.confidence}
                for page in evidence.reading
            ]
        },
    }


def finding_fields(finding: Finding, language: str = "zh-CN") -> Json:
    """Code, grade, sentence and page; what stood there and where, if there is such a place."""
    fields: Json = {
        "code": finding.code,
        "grade": finding.grade.value,
        "message": finding.message(language),
        "page": finding.page,
    }
    if finding.raw:
        fields["raw"] = finding.raw
    if finding.box and finding.box.right > finding.box.left:
        fields["box"] = _box(finding.box)
    return fields


def reply_fields(reply: Draft | Reply) -> Json:
    """The fields of the letter by the glossary's names; null or empty where the page does not say."""
    submission, result, disclosure = reply.submission, reply.handling_result, reply.disclosure
    return {
        "kind": reply.kind.value if reply.kind else None,
        "title": reply.title,
        "document_number": str(reply.document_number) if reply.document_number else None,
        "issuing_authority": reply.issuing_authority,
        "signatory": reply.signatory,
        "addressees": list(reply.addressees),
        "date_of_issue": _day(reply.date_of_issue),
        "date_of_distribution": _day(reply.date_of_distribution),
        "distributing_office": reply.distributing_office,
        "submission": submission
        and {
            "kind": submission.kind.value if submission.kind else None,
            "body": submission.body,
            "term": submission.term,
            "session": submission.session,
            "numbers": list(submission.numbers),
        },
        "handling_result": result and {"raw": result.raw, "normalised": result.normalised, "scheme": result.scheme},
        "disclosure": disclosure
        and {
            "raw": disclosure.raw,
            "attribute": disclosure.attribute.value if disclosure.attribute else None,
            "extent": disclosure.extent.value if disclosure.extent else None,
        },
        "paragraphs": [
            {"role": paragraph.role.value, "text": paragraph.text, "page": paragraph.page}
            for paragraph in reply.paragraphs
        ],
    }


def _evidence(raw: RawReply) -> Iterator[Json]:
    """Where each value was read: page, box in PDF points from the lower left corner, what stood there, who read it.

    Contacts are left out: they are nobody's business but the office's, and no field is made of them.
    """
    seen: tuple[tuple[str, Iterable[Seen | None]], ...] = (
        ("title", (raw.title,)),
        ("masthead", (raw.masthead,)),
        ("document_number", raw.document_numbers),
        ("signatory", (raw.signatory,)),
        ("addressees", raw.addressees),
        ("submission.meeting", (raw.submission.meeting,)),
        ("submission.numbers", raw.submission.numbers),
        ("submission.kind", (raw.submission.kind,)),
        ("handling_result", raw.result_marks),
        ("disclosure", raw.disclosure_marks),
        ("secrecy", raw.secrecy_marks),
        ("signature_block", (raw.signature_block,)),
        ("date_of_issue", (raw.date_of_issue,)),
        ("date_of_distribution", (raw.date_of_distribution,)),
        ("distributing_office", (raw.distributing_office,)),
        ("copied_to", raw.copied_to),
    )
    for field, values in seen:
        yield from (_seen(field, value) for value in values if value is not None)


def _seen(field: str, value: Seen) -> Json:
    return {
        "field": field,
        "page": value.page,
        "box": _box(value.box) if value.box else None,
        "raw": value.raw,
        "reader": value.reader,
        "confidence": value.confidence,
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _box(box: Box) -> list[float]:
    return [round(side, 2) for side in (box.left, box.bottom, box.right, box.top)]
