"""What the words that name a meeting say."""

from __future__ import annotations

import pytest

from domain.drafting import reply_kind
from domain.reading.raw_reply import RawSubmission
from domain.reply import ReplyKind, SubmissionKind
from domain.submission import named_numbers, read_submission
from tests.domain.factory import codes, judge, raw_reply, rules, seen


@pytest.mark.parametrize(
    ("meeting", "body", "term", "session"),
    [
        ("区政协十五届三次会议", "区政协", 15, 3),
        ("区政协第九届一次会议", "区政协", 9, 1),
        ("政协丙县第十届委员会第一次会议", "丙县政协", 10, 1),
        ("市十六届政协二次会议", "市政协", 16, 2),
        ("市政协第十三届一次会议", "市政协", 13, 1),
        ("县第十六届人民代表大会第二次会议", "县人大", 16, 2),
        ("区二届人大六次会议", "区人大", 2, 6),
        ("十四届全国人大三次会议", "全国人大", 14, 3),
        ("政协第十四届全国委员会第三次会议", "全国政协", 14, 3),
        ("十四届人大第2次会议", "人大", 14, 2),
        ("区 政 协 十 五 届 三 次 会 议", "区政协", 15, 3),
        ("区政协会议", "区政协", None, None),
    ],
)
def test_meeting_is_read(meeting: str, body: str, term: int | None, session: int | None) -> None:
    """Body, term and session of every form that occurs; what is not said is not known."""
    found = read_submission(RawSubmission(seen(meeting), (seen("0047"),)))
    assert found is not None
    assert (found.body, found.term, found.session, found.numbers) == (body, term, session, ("0047",))


def test_body_decides_the_kind() -> None:
    """A 政协 submission is a 提案 even where the title says 建议."""
    found = read_submission(RawSubmission(seen("区政协十六届二次会议"), (seen("222"),), seen("建议")))
    assert found is not None
    assert found.kind is SubmissionKind.PROPOSAL


def test_place_where_proposals_are_called_suggestions() -> None:
    """What is a slip elsewhere is the custom there."""
    raw = raw_reply(submission=RawSubmission(seen("区政协十五届三次会议"), (seen("153047"),), seen("建议")))
    assert "submission-kind-mismatch" in codes(judge(raw))
    assert "submission-kind-mismatch" not in codes(judge(raw, by=rules(proposals_called_suggestions=("99",))))


def test_numbers_in_a_sentence() -> None:
    """Numbers are strings with their zeros and letters."""
    assert list(named_numbers("关于第 0487 号提案、第T007号建议收悉")) == ["0487", "T007"]


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("对区政协十五届三次会议第153047号提案的答复", ReplyKind.REPLY),
        ("对区政协十五届三次会议第153047号提案的答 复", ReplyKind.REPLY),
        ("关于市人大第6750号建议的答复函", ReplyKind.REPLY_LETTER),
        ("关于市人大第6750号建议答复的函", ReplyKind.REPLY_LETTER),
        ("关于县人大第42号建议的复函", ReplyKind.LETTER_IN_REPLY),
        ("关于完善照明的提案复文（2015年第0583号）", ReplyKind.REPLY_TEXT),
        ("关于第6750号建议的答复摘要", ReplyKind.SUMMARY),
        ("关于区政协第153047号提案的会办意见", ReplyKind.JOINT_OPINION),
        ("关于第88号提案会办意见的函", ReplyKind.JOINT_OPINION),
        ("关于第88号提案协办意见的函", ReplyKind.ASSISTING_OPINION),
        ("关于第142028号提案的再次答复（跟踪办理情况）", ReplyKind.FURTHER_REPLY),
        ("关于第12号建议的答复函（B类）", ReplyKind.REPLY_LETTER),
        ("关于第12号建议办理情况的答复", ReplyKind.REPLY),
        ("关于印发工作要点的通知", None),
    ],
)
def test_kind_by_the_end_of_the_title(title: str, kind: ReplyKind | None) -> None:
    """The last words of the title say what kind of document it is."""
    assert reply_kind(title) is kind
