"""The suggestion or proposal that is answered: what the words that name a meeting say, and what its number encodes."""

from __future__ import annotations

import re
from collections.abc import Iterable

from domain.calendar_date import numeral
from domain.reading.place import Seen
from domain.reading.raw_reply import RawSubmission
from domain.reading.spelling import bare, joined
from domain.reply import Submission, SubmissionKind

_NUMERAL = "[〇零一二三四五六七八九十0-9]{1,3}"
_TERM = re.compile(rf"第?(?P<number>{_NUMERAL})届")
_SESSION = re.compile(rf"第?(?P<number>{_NUMERAL})次")
_FULL_NAMES = (("人民代表大会", "人大"), ("中国人民政治协商会议", "政协"), ("人民政治协商会议", "政协"))
_FILLING = ("委员会", "全体会议", "会议")
_PROPOSAL_BODY, _SUGGESTION_BODY = "政协", "人大"


def read_submission(raw: RawSubmission) -> Submission | None:
    """The submission by its meaning; None if the title says nothing of one."""
    if raw.meeting is None and not raw.numbers:
        return None
    meeting = bare(raw.meeting.text) if raw.meeting else ""
    body = submission_body(meeting)
    return Submission(
        kind=_kind(body, raw.kind),
        body=body,
        term=_ordinal(_TERM, meeting),
        session=_ordinal(_SESSION, meeting),
        numbers=tuple(dict.fromkeys(bare(number.text) for number in raw.numbers)),
    )


def submission_body(meeting: str) -> str | None:
    """区政协 of 区政协十五届三次会议; 丙县政协 of 政协丙县第十届委员会第一次会议; None where neither word stands."""
    words = bare(meeting)
    for long, short in _FULL_NAMES:
        words = words.replace(long, short)
    words = _SESSION.sub("", _TERM.sub("", words))
    for short in (_PROPOSAL_BODY, _SUGGESTION_BODY):
        before, found, after = words.partition(short)
        if found:
            for word in _FILLING:
                after = after.replace(word, "")
            return (before or after) + short
    return None


def body_kind(body: str | None) -> SubmissionKind | None:
    """人大 or 政协 decides what it is, not the word that the title uses (some places say 建议 for both)."""
    if body is None:
        return None
    return SubmissionKind.PROPOSAL if body.endswith(_PROPOSAL_BODY) else SubmissionKind.SUGGESTION


def named_numbers(text: str) -> Iterable[str]:
    """The submission numbers that a sentence names: 第153047号提案, （第75号）建议."""
    pattern = r"第([0-9A-Za-z一-鿿]?[0-9A-Za-z-]*[0-9])号[）)]?(?:的)?(?:提案|建议)"
    return (match[1] for match in re.finditer(pattern, bare(text)))


def _kind(body: str | None, word: Seen | None) -> SubmissionKind | None:
    if (kind := body_kind(body)) is not None:
        return kind
    named = joined(word.text) if word else ""
    return next((kind for kind in SubmissionKind if kind.value == named), None)


def _ordinal(pattern: re.Pattern[str], meeting: str) -> int | None:
    match = pattern.search(meeting)
    return (numeral(match["number"]) or None) if match else None
