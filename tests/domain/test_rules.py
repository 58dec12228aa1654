"""What an operator may set, for all or for one authority, and what nobody may."""

from __future__ import annotations

from dataclasses import replace

import pytest

from config.rules import load_rules
from domain.fate import Fate
from domain.gate.finding_kinds import FINDING_KINDS, Grade
from domain.gate.private_handling import Handling
from domain.gate.review import draft
from domain.gate.rules import LOOSENABLE, THRESHOLDS, UNCONDITIONAL, may_regrade
from domain.gate.topics import Beside, Topic, topic_words
from domain.publication.identity import first_reply, reply_identity
from domain.reply import ReplyKind
from tests.domain.factory import codes, evidence, judge, predecessor, raw_reply, rules, seen, with_text


def test_every_code_that_rejects_is_in_the_table_of_unconditional_ones() -> None:
    """Nothing becomes unconditional, or stops being so, by changing a grade alone."""
    by_people = {"reviewer-withheld", "reviewer-sent-back", "withdrawn-before"}
    rejecting = {code for code, kind in FINDING_KINDS.items() if kind.grade is Grade.REJECT}
    assert rejecting - by_people == UNCONDITIONAL
    assert not UNCONDITIONAL & LOOSENABLE


@pytest.mark.parametrize("code", sorted(UNCONDITIONAL))
@pytest.mark.parametrize("grade", [Grade.HOLD, Grade.WARN])
def test_no_table_changes_what_is_unconditional(code: str, grade: Grade) -> None:
    """Neither for all authorities nor for one."""
    assert not may_regrade(code, grade)
    assert may_regrade(code, Grade.REJECT)


def _authority(**changes: object) -> object:
    [own] = rules().authorities
    return rules(authorities=(replace(own, **changes),))  # type: ignore[arg-type]


def test_authority_has_its_own_thresholds() -> None:
    """What is a short text in one office is ordinary in another."""
    assert "text-short" not in codes(judge())
    assert "text-short" in codes(judge(by=_authority(thresholds={"short_text": 1000})))  # type: ignore[arg-type]
    assert load_rules().threshold("due_soon_days", None) == THRESHOLDS["due_soon_days"]


def test_authority_decides_about_its_landlines() -> None:
    """An office line stays by default; an authority may ask that it is masked, and then the letter waits."""
    letter = with_text("联系电话：021-55550000。")
    assert judge(letter).fate is Fate.PUBLISH
    judged = judge(letter, by=_authority(private={"office-landline": Handling.MASK}))  # type: ignore[arg-type]
    assert judged.fate is Fate.HOLD
    mobile = judge(with_text("电话：13800001234。"), by=_authority(private={"office-landline": Handling.PUBLISH}))  # type: ignore[arg-type]
    assert mobile.fate is Fate.HOLD


_AGAIN = {"title": seen("对区政协十五届三次会议第153047号提案的再次答复")}


def test_further_reply_passes_beside_the_first_one() -> None:
    """It waits for a person only if the first reply is not public, or was taken down."""
    letter = raw_reply(**_AGAIN)
    assert "further-reply-without-first" in codes(judge(letter))
    assert judge(letter, first=predecessor()).fate is Fate.PUBLISH
    assert "further-reply-without-first" in codes(judge(letter, first=predecessor(state="withdrawn")))


def test_first_reply_is_found_by_its_identity() -> None:
    """The identity of what a further reply follows is that of the plain reply to the same submission."""
    again, first = draft(evidence(raw_reply(**_AGAIN)).raw, rules()), draft(evidence().raw, rules())
    assert again.kind is ReplyKind.FURTHER_REPLY
    followed = first_reply(again)
    assert followed is not None
    assert reply_identity(followed) == reply_identity(first) != reply_identity(again)
    assert first_reply(first) is None


@pytest.mark.parametrize(
    ("text", "beside", "found"),
    [
        ("经联系投诉人王某，其表示满意。", Beside.NAME, True),
        ("投诉人李建国，系沿街商户。", Beside.NAME, True),
        ("我们及时回访投诉人，办结率为98%。", Beside.NAME, False),
        ("投诉人数比去年下降一成。", Beside.NAME, False),
        ("投诉人王先生。另一件已办结。", Beside.NAME, True),
        ("投诉人出资12万元。", Beside.AMOUNT, True),
        ("投诉人反映属实。全年投入12万元。", Beside.AMOUNT, False),
    ],
)
def test_word_counts_only_under_its_condition(text: str, beside: Beside, *, found: bool) -> None:
    """A name right behind it, or a sum in the same sentence."""
    assert bool(list(topic_words(text, Topic("topic-complainant", ("投诉人",), beside)))) == found


def test_packaged_topics_name_only_what_is_particular() -> None:
    """Ordinary sentences about minors, patients and companies hold nothing."""
    ordinary = (
        "我局将加强未成年人保护，开展校园安全宣传。完善患者就医流程，方便老年人。鼓励有限公司参与养老服务。"
        "处理群众投诉时及时回访。促进各民族交往交流交融。"
    )
    assert judge(with_text(ordinary), by=rules(topics=load_rules().topics)).fate is Fate.PUBLISH
