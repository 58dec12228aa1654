"""The same reply keeps its identity; another one never has it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.gate.review import draft
from domain.publication.identity import identity_text, reply_id, reply_identity
from domain.reading.raw_reply import RawSubmission
from domain.reply import ReplyKind
from tests.domain.factory import raw_reply, rules, seen

_DRAFT = draft(raw_reply(), rules())
_GAPS = st.lists(st.sampled_from(["", "", " ", "\u3000", "\n"]), min_size=40, max_size=40)


def _spaced(text: str, gaps: list[str]) -> str:
    return "".join(char + gap for char, gap in zip(text, gaps, strict=False))


@settings(max_examples=300)
@given(gaps=_GAPS)
def test_identity_is_stable_under_white_space(gaps: list[str]) -> None:
    """Letter-spacing and line breaks in masthead, title and number do not make another reply."""
    raw = raw_reply(
        masthead=seen(_spaced("云溪区柳桥镇人民政府文件", gaps)),
        signature_block=None,
        title=seen(_spaced("对区政协十五届三次会议第153047号提案的答复", gaps)),
        submission=RawSubmission(
            seen(_spaced("区政协十五届三次会议", gaps)), (seen(_spaced("153047", gaps)),), seen("提案")
        ),
    )
    assert reply_identity(draft(raw, rules())) == reply_identity(_DRAFT)


def test_corrected_title_keeps_the_identity() -> None:
    """答复函 for 答复 is the same reply; a further reply and an opinion are others."""
    letter = replace(_DRAFT, kind=ReplyKind.REPLY_LETTER)
    further = replace(_DRAFT, kind=ReplyKind.FURTHER_REPLY)
    opinion = replace(_DRAFT, kind=ReplyKind.JOINT_OPINION)
    assert reply_identity(letter) == reply_identity(_DRAFT)
    assert len({reply_identity(each) for each in (_DRAFT, further, opinion)}) == 3


def test_order_of_numbers_does_not_matter() -> None:
    """One reply to several submissions is the same in whatever order they are named."""
    submission = _DRAFT.submission
    assert submission is not None
    one = replace(_DRAFT, submission=replace(submission, numbers=("153047", "153050")))
    other = replace(_DRAFT, submission=replace(submission, numbers=("153050", "153047")))
    assert reply_identity(one) == reply_identity(other) != reply_identity(_DRAFT)


@pytest.mark.parametrize("part", ["body", "term", "session", "numbers"])
def test_no_identity_while_a_part_is_unknown(part: str) -> None:
    """Half an identity would let two letters share one."""
    submission = _DRAFT.submission
    assert submission is not None
    unknown: object = () if part == "numbers" else None
    assert reply_identity(replace(_DRAFT, submission=replace(submission, **{part: unknown}))) is None  # type: ignore[arg-type]


def test_identity_is_what_the_layout_says() -> None:
    """Canonical JSON, its SHA-256, and a public name of area code and 12 base32 characters: for ever the same."""
    assert identity_text(_DRAFT) == (
        '{"body":"区政协","issuing_authority":"云溪区柳桥镇人民政府","kind":"lead","numbers":["153047"],"session":3,"term":15}'
    )
    identity = reply_identity(_DRAFT)
    assert identity is not None
    assert re.fullmatch(r"[0-9a-f]{64}", identity)
    assert reply_id("990199", identity) == "990199-knil3bny7pu2"
