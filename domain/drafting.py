"""From what the pages seem to say to the fields by their meaning. Nothing is vouched for yet."""

from __future__ import annotations

import re

from domain.calendar_date import read_date
from domain.disclosure import read_disclosure
from domain.document_number import DocumentNumber
from domain.gate.rules import Rules
from domain.handling_result import ResultTable, read_result
from domain.issuing_authority import issuing_authority
from domain.reading.place import Seen
from domain.reading.raw_reply import RawReply
from domain.reading.spelling import bare, joined
from domain.reply import Draft, HandlingResult, ReplyKind
from domain.submission import read_submission

# The words at the end of a title, most particular first.
_AGAIN = "再次|再|二次|第[二三四五]次|补充|跟踪|后续"
_OPINION = "(?:情况)?(?:意见|答复|复函|回复|复文)*(?:的?函)?"
_KINDS = (
    (re.compile(rf"(?:{_AGAIN})(?:办理)?(?:答复|复函|回复|复文)(?:意见)?(?:的?函)?$"), ReplyKind.FURTHER_REPLY),
    (re.compile(rf"会办{_OPINION}$"), ReplyKind.JOINT_OPINION),
    (re.compile(rf"协办{_OPINION}$"), ReplyKind.ASSISTING_OPINION),
    (re.compile(r"(?:答复|复文)摘要$"), ReplyKind.SUMMARY),
    (re.compile(r"答复(?:意见)?的?函$"), ReplyKind.REPLY_LETTER),
    (re.compile(r"复函$"), ReplyKind.LETTER_IN_REPLY),
    (re.compile(r"复文$"), ReplyKind.REPLY_TEXT),
    (re.compile(r"(?:答复|办复)(?:意见|情况|报告)?$"), ReplyKind.REPLY),
)
# What brackets at the end say narrows what stands before them.
_BRACKETED = (
    (re.compile("会办"), ReplyKind.JOINT_OPINION),
    (re.compile("协办"), ReplyKind.ASSISTING_OPINION),
    (re.compile(_AGAIN), ReplyKind.FURTHER_REPLY),
    (re.compile("摘要|摘录|节选"), ReplyKind.SUMMARY),
)
_TRAILING_BRACKETS = re.compile(r"[(〔\[【《][^()〔〕\[\]【】《》]*[)〕\]】》]$")

_TOPIC = re.compile("关于|提案|建议")
"""Brackets that name what the submission is about say nothing of the reply."""
_PLAIN = {ReplyKind.REPLY, ReplyKind.REPLY_LETTER, ReplyKind.LETTER_IN_REPLY, ReplyKind.REPLY_TEXT}


def draft(raw: RawReply, rules: Rules) -> Draft:
    """The fields by their meaning, each None or empty where the page did not say it or not clearly."""
    issuer = issuing_authority(raw.masthead, raw.signature_block, rules)
    submission = read_submission(raw.submission)
    body = submission.body if submission else None
    return Draft(
        kind=reply_kind(raw.title.text) if raw.title else None,
        title=_text(raw.title),
        document_number=_document_number(raw.document_numbers),
        issuing_authority=issuer,
        signatory=_text(raw.signatory),
        addressees=tuple(joined(addressee.text).rstrip("：:") for addressee in raw.addressees),
        date_of_issue=read_date(raw.date_of_issue.text).day if raw.date_of_issue else None,
        date_of_distribution=read_date(raw.date_of_distribution.text).day if raw.date_of_distribution else None,
        distributing_office=_text(raw.distributing_office),
        copied_to=tuple(joined(each.text) for each in raw.copied_to),
        submission=submission,
        handling_result=_handling_result(raw.result_marks, rules.result_tables(rules.authority(issuer), body)),
        disclosure=read_disclosure(raw.disclosure_marks, rules.disclosure),
        paragraphs=raw.paragraphs,
    )


def reply_kind(title: str) -> ReplyKind | None:
    """文种, by the end of the title; brackets behind it narrow it, as (摘要) does, or are no part of it."""
    words, brackets = bare(title), ""
    while match := _TRAILING_BRACKETS.search(words):
        words, brackets = words[: match.start()], brackets + ("" if _TOPIC.search(match[0]) else match[0])
    kind = next((kind for pattern, kind in _KINDS if pattern.search(words)), None)
    narrowed = next((kind for pattern, kind in _BRACKETED if pattern.search(brackets)), None)
    return (narrowed or kind) if kind in _PLAIN else kind


def _text(seen: Seen | None) -> str | None:
    return (joined(seen.text) or None) if seen else None


def _document_number(numbers: tuple[Seen, ...]) -> DocumentNumber | None:
    read = {DocumentNumber.read(number.text) for number in numbers}
    return read.pop() if len(read) == 1 else None


def _handling_result(marks: tuple[Seen, ...], tables: tuple[ResultTable, ...]) -> HandlingResult | None:
    results = [read_result(mark.raw, mark.text, tables) for mark in marks]
    if len({result.normalised for result in results}) > 1:
        return HandlingResult(results[0].raw, None, None)
    return results[0] if results else None
