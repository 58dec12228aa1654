"""The fields as a reviewer corrected them: what was read wrongly is read again, never what the letter does not say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from domain.document_number import DocumentNumber
from domain.gate.decision import Corrections
from domain.gate.rules import Rules
from domain.handling_result import read_result
from domain.reply import Draft, HandlingResult, ReplyKind, Submission
from domain.submission import body_kind


def corrected(draft: Draft, corrections: Corrections, rules: Rules) -> Draft:
    """The draft with the corrections laid over it. Again changes nothing."""
    submission = _submission(draft.submission, corrections)
    issuer = corrections.issuing_authority or draft.issuing_authority
    return replace(
        draft,
        kind=_kind(draft.kind, corrections.kind),
        title=corrections.title or draft.title,
        document_number=DocumentNumber.read(corrections.document_number or "") or draft.document_number,
        issuing_authority=issuer,
        addressees=corrections.addressees or draft.addressees,
        date_of_issue=_day(corrections.date_of_issue) or draft.date_of_issue,
        submission=submission,
        handling_result=_result(draft.handling_result, corrections.handling_result, issuer, submission, rules),
    )


def _kind(read: ReplyKind | None, written: str | None) -> ReplyKind | None:
    # A document that calls itself a summary is published as one (`domain.gate.review`): nobody makes it more.
    if read is ReplyKind.SUMMARY or written not in list(ReplyKind):
        return read
    return ReplyKind(written)


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


def _submission(read: Submission | None, corrections: Corrections) -> Submission | None:
    changes = (
        corrections.submission_body,
        corrections.submission_term,
        corrections.submission_session,
        corrections.submission_numbers,
    )
    if not any(changes):
        return read
    found = read or Submission(None, None, None, None, ())
    body = corrections.submission_body or found.body
    return Submission(
        kind=body_kind(body) if corrections.submission_body else found.kind,
        body=body,
        term=corrections.submission_term or found.term,
        session=corrections.submission_session or found.session,
        numbers=corrections.submission_numbers or found.numbers,
    )


def _result(
    read: HandlingResult | None, written: str | None, issuer: str | None, submission: Submission | None, rules: Rules
) -> HandlingResult | None:
    if not written:
        return read
    body = submission.body if submission else None
    return read_result(written, written, rules.result_tables(rules.authority(issuer), body))
