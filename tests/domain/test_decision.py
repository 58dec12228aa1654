"""What a person may decide, and what nobody may: one name is one person, and a No of the rules stays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.evidence_json import from_plain, to_plain
from domain.fate import Fate
from domain.gate.answer import FIELD_NAMES, VERDICT_WORDS, read_answer
from domain.gate.correction import corrected
from domain.gate.decision import Corrections, Decision, Verdict, person
from domain.gate.evidence import SignatureStatus
from domain.gate.finding import find
from domain.gate.finding_kinds import FINDING_KINDS, Grade
from domain.gate.lifting import CONCERNS, GONE_ONCE_FILLED_IN, NEVER_LIFTED, Concern
from domain.gate.private_handling import Handling
from domain.gate.review import Review, draft, review
from domain.gate.review_sheet import ReviewSheet, Whereabouts, fields_of, review_sheet
from domain.reading.raw_reply import RawReply, RawSubmission
from domain.reply import DisclosureExtent, ReplyKind
from tests.domain.factory import (
    SHA256,
    TODAY,
    codes,
    decision,
    evidence,
    judge,
    predecessor,
    raw_reply,
    rules,
    seen,
    signature,
    with_text,
)
from tests.domain.specimens import SPECIMENS

UNKNOWN_RESULT = raw_reply(result_marks=(seen("D"),))
MOBILE = with_text("详情可拨打13800001234咨询。")
TWO = ("闻溪", "程岸")
WHERE = Whereabouts("d" * 32, "inbox", "来件/甲.pdf", "v1")


def decided(raw: RawReply, verdict: Verdict = Verdict.PUBLISH, *reviewers: str, **changes: object) -> Review:
    """The review of a held letter after each of these persons saw it and decided so."""
    made: tuple[Decision, ...] = ()
    judged = judge(raw, **changes)  # type: ignore[arg-type]
    for reviewer in reviewers or TWO[:1]:
        made = (*made, decision(verdict, about=judged, reviewer=reviewer))
        judged = judge(raw, decisions=made, **changes)  # type: ignore[arg-type]
    return judged


def sheet(raw: RawReply, *decisions: Decision, **changes: object) -> ReviewSheet:
    read = evidence(raw, **changes)
    made = draft(read.raw, rules())
    judged = review(read, made, rules(), TODAY, decisions=decisions)
    return review_sheet(WHERE, read, made, judged, rules(), TODAY, decisions)


# --- what a decision does -----------------------------------------------------------------------------------------


def test_what_was_held_is_published_by_a_decision_and_says_what_was_lifted() -> None:
    assert judge(UNKNOWN_RESULT).fate is Fate.HOLD
    judged = decided(UNKNOWN_RESULT)
    assert judged.fate is Fate.PUBLISH
    assert judged.reply is not None
    assert judged.masks is None
    assert {finding.code for finding in judged.lifted} == {"result-unknown"}
    assert judged.decision is not None


@pytest.mark.parametrize(
    ("verdict", "code"), [(Verdict.REJECT, "reviewer-withheld"), (Verdict.SEND_BACK, "reviewer-sent-back")]
)
def test_a_no_ends_it_with_the_reason_and_needs_nobody_else(verdict: Verdict, code: str) -> None:
    judged = decided(MOBILE, verdict)
    assert judged.fate is Fate.REJECT
    assert judged.findings[0].code == code
    assert "已与原件核对" in judged.findings[0].message()
    assert judged.reply is None


def test_a_finding_that_was_not_seen_holds_again() -> None:
    """Another look finds more than the reviewer saw: the decision does not cover it."""
    saw = judge(UNKNOWN_RESULT)
    worse = replace(UNKNOWN_RESULT, document_numbers=(seen("柳府〔2022〕11号"),))
    judged = judge(worse, decisions=(decision(about=saw),))
    assert judged.fate is Fate.HOLD
    assert codes(judged) == {"document-number-year"}
    assert {finding.code for finding in judged.lifted} == {"result-unknown"}


def test_the_latest_decision_counts() -> None:
    saw = judge(UNKNOWN_RESULT)
    first, second = decision(about=saw), decision(Verdict.SEND_BACK, about=saw, reviewer="程岸")
    assert judge(UNKNOWN_RESULT, decisions=(first, second)).fate is Fate.REJECT
    assert judge(UNKNOWN_RESULT, decisions=(second, first)).fate is Fate.PUBLISH


# --- private data -------------------------------------------------------------------------------------------------


def test_private_data_is_published_masked_by_two_and_never_as_it_is() -> None:
    assert decided(MOBILE, Verdict.PUBLISH, *TWO).fate is Fate.HOLD
    alone = decided(MOBILE, Verdict.PUBLISH_MASKED)
    assert (alone.fate, alone.lacks_second_person) == (Fate.HOLD, True)
    judged = decided(MOBILE, Verdict.PUBLISH_MASKED, *TWO)
    assert judged.fate is Fate.PUBLISH
    assert judged.reply is not None
    text = "".join(paragraph.text for paragraph in judged.reply.paragraphs)
    assert "13800001234" not in text
    assert "138****1234" in text
    assert judged.masks
    assert {mask.code for mask in judged.masks} == {"personal-data-mobile"}


def test_private_data_that_only_the_office_may_take_out_is_not_lifted_by_anybody() -> None:
    strict = rules(private={"personal-data-mobile": Handling.HOLD})
    judged = decided(MOBILE, Verdict.PUBLISH_MASKED, *TWO, by=strict)
    assert (judged.fate, judged.lacks_second_person) == (Fate.HOLD, False)


# --- the second person --------------------------------------------------------------------------------------------

_UNSURE = raw_reply(disclosure_marks=(replace(seen("主动公开"), reader="ocr", confidence=0.9),))


@pytest.mark.parametrize(
    ("raw", "changes"),
    [(_UNSURE, {}), (raw_reply(), {"signature": signature(SignatureStatus.UNSIGNED)})],
    ids=["disclosure", "signature"],
)
def test_what_cannot_be_called_back_takes_two(raw: RawReply, changes: dict[str, object]) -> None:
    assert decided(raw, Verdict.PUBLISH, "闻溪", **changes).lacks_second_person
    assert decided(raw, Verdict.PUBLISH, *TWO, **changes).fate is Fate.PUBLISH


def test_an_operator_may_ask_for_two_more_often_but_never_less_for_the_disclosure_mark() -> None:
    loose, strict = rules(second_person=frozenset()), rules(second_person=frozenset(Concern))
    assert decided(UNKNOWN_RESULT, by=strict).lacks_second_person
    assert decided(UNKNOWN_RESULT, Verdict.PUBLISH, *TWO, by=strict).fate is Fate.PUBLISH
    assert decided(_UNSURE, by=loose).lacks_second_person
    assert decided(raw_reply(), by=loose, signature=signature(SignatureStatus.UNSIGNED)).fate is Fate.PUBLISH


def test_two_who_want_different_things_are_not_two() -> None:
    saw = judge(_UNSURE)
    corrections = Corrections(title="对区政协十五届三次会议第153047号提案的答复函")
    both = (decision(about=saw), decision(about=saw, reviewer="程岸", corrections=corrections))
    assert judge(_UNSURE, decisions=both).lacks_second_person
    third = decision(about=saw, reviewer="闻溪", corrections=corrections)
    assert judge(_UNSURE, decisions=(*both, third)).fate is Fate.PUBLISH


@settings(max_examples=40)
@given(
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=6).filter(lambda name: bool(person(name))),
    st.lists(st.sampled_from(" \t\u3000"), max_size=3),
)
def test_one_person_never_counts_as_two(name: str, gaps: list[str]) -> None:
    """However the name is spaced, and in whatever width or case it is written."""
    again = "".join(gaps) + "".join(gaps).join(name) + "".join(gaps)
    saw = judge(_UNSURE)
    made = tuple(decision(about=saw, reviewer=each) for each in (name, again, name.upper().lower(), again))
    if len({person(each.reviewer) for each in made}) == 1:
        assert judge(_UNSURE, decisions=made).fate is Fate.HOLD
    assert person(name) == person(again)


# --- what no decision does ----------------------------------------------------------------------------------------

_verdicts = st.sampled_from(Verdict)
_corrections = st.builds(
    Corrections,
    kind=st.none() | st.sampled_from([*ReplyKind]).map(str),
    title=st.none() | st.just("对区政协十五届三次会议第153048号提案的答复"),
    document_number=st.none() | st.just("柳府〔2024〕12号"),
    issuing_authority=st.none() | st.sampled_from(["云溪区柳桥镇人民政府", "云溪区水务局"]),
    addressees=st.just(()) | st.just(("沈岚汀委员",)),
    date_of_issue=st.none() | st.sampled_from(["2024-05-17", "2024-05-20", "2031-01-01"]),
    submission_body=st.none() | st.sampled_from(["区政协", "区人大"]),
    submission_term=st.none() | st.integers(1, 20),
    submission_session=st.none() | st.integers(1, 6),
    submission_numbers=st.just(()) | st.just(("153048",)),
    handling_result=st.none() | st.sampled_from(["解决采纳", "D"]),
)
_REJECTED = [code for code in SPECIMENS if FINDING_KINDS[code].grade is Grade.REJECT]


def _as_judged(monkeypatch: pytest.MonkeyPatch, code: str, made: tuple[Decision, ...]) -> Review:
    """The specimen of the code, judged with these decisions."""
    import tests.domain.specimens as module

    original: Callable[..., Review] = judge
    monkeypatch.setattr(module, "judge", lambda *args, **kwargs: original(*args, **{**kwargs, "decisions": made}))
    return SPECIMENS[code]()


@settings(max_examples=60)
@given(st.sampled_from([code for code in _REJECTED if not code.startswith("reviewer-")]), _verdicts, _corrections)
def test_no_decision_publishes_what_is_rejected(code: str, verdict: Verdict, corrections: Corrections) -> None:
    """Whatever two persons who saw everything decide and correct, a rejected document stays rejected."""
    with pytest.MonkeyPatch.context() as patch:
        saw = _as_judged(patch, code, ())
        made = tuple(decision(verdict, about=saw, reviewer=name, corrections=corrections) for name in TWO)
        judged = _as_judged(patch, code, made)
    assert judged.fate is Fate.REJECT
    assert code in codes(judged)
    assert judged.reply is None


@settings(max_examples=120)
@given(
    st.sampled_from([code for code in SPECIMENS if FINDING_KINDS[code].grade is Grade.HOLD]), _verdicts, _corrections
)
def test_whatever_is_decided_and_corrected_there_is_one_fate(
    code: str, verdict: Verdict, corrections: Corrections
) -> None:
    """A held document is published with all its parts, or it is not published; nothing breaks."""
    with pytest.MonkeyPatch.context() as patch:
        saw = _as_judged(patch, code, ())
        made = tuple(decision(verdict, about=saw, reviewer=name, corrections=corrections) for name in TWO)
        judged = _as_judged(patch, code, made)
    assert (judged.reply is not None) == (judged.fate is Fate.PUBLISH)
    if verdict.publishes:
        assert judged.fate is not Fate.REJECT, "what a correction brought about is for the reviewer to see again"
    if judged.reply is not None:
        assert verdict.publishes
        assert code not in NEVER_LIFTED
        assert verdict is Verdict.PUBLISH_MASKED or CONCERNS.get(code) not in {
            Concern.PRIVATE_DATA,
            Concern.HIDDEN_CONTENT,
        }
    elif not verdict.publishes:
        assert judged.fate is Fate.REJECT


@settings(max_examples=20)
@given(_verdicts, st.text("0123456789abcdef", min_size=64, max_size=64).filter(lambda digest: digest != SHA256))
def test_a_decision_about_other_bytes_has_no_effect(verdict: Verdict, digest: str) -> None:
    saw = judge(MOBILE)
    made = tuple(decision(verdict, about=saw, reviewer=name, original_sha256=digest) for name in TWO)
    assert judge(MOBILE, decisions=made) == saw


@settings(max_examples=40)
@given(_corrections)
def test_no_correction_changes_what_the_document_says_of_its_disclosure(corrections: Corrections) -> None:
    before = draft(raw_reply(), rules())
    after = corrected(before, corrections, rules())
    assert after.disclosure == before.disclosure
    assert after.paragraphs == before.paragraphs
    assert corrected(after, corrections, rules()) == after


def test_a_summary_stays_a_summary_whatever_the_reviewer_calls_it() -> None:
    raw = raw_reply(
        title=seen("对区政协十五届三次会议第153047号提案的答复摘要"),
        disclosure_marks=(seen("主动公开"),),
        result_marks=(seen("D"),),
    )
    made = decision(about=judge(raw), corrections=Corrections(kind=ReplyKind.REPLY))
    reply = judge(raw, decisions=(made,)).reply
    assert reply is not None
    assert reply.extent is DisclosureExtent.SUMMARY


def test_every_code_that_holds_is_in_the_table_once() -> None:
    """A new code is lifted by nobody until somebody has thought of it."""
    holding = {code for code, kind in FINDING_KINDS.items() if kind.grade is Grade.HOLD}
    named = [*CONCERNS, *NEVER_LIFTED, *GONE_ONCE_FILLED_IN]
    assert len(named) == len(set(named))
    assert set(named) - {"withdrawn-before", "office-landline"} == holding


def test_a_code_that_nobody_thought_of_is_not_lifted() -> None:
    unread = find("page-without-text", number="2")
    judged = decided(UNKNOWN_RESULT, Verdict.PUBLISH_MASKED, *TWO, findings=(unread,))
    assert (judged.fate, codes(judged), judged.lacks_second_person) == (Fate.HOLD, {"page-without-text"}, False)


# --- corrections --------------------------------------------------------------------------------------------------


def test_what_was_missing_and_is_filled_in_is_published_as_corrected() -> None:
    raw = raw_reply(document_numbers=(seen("柳府〔202411"),), title=None, submission=RawSubmission())
    filled = Corrections(
        kind="答复",
        title="对区政协十五届三次会议第153047号提案的答复",
        document_number="柳府〔2024〕11号",
        submission_body="区政协",
        submission_term=15,
        submission_session=3,
        submission_numbers=("153047",),
    )
    judged = judge(raw, decisions=(decision(about=judge(raw), corrections=filled),))
    assert judged.fate is Fate.PUBLISH
    assert judged.reply is not None
    assert str(judged.reply.document_number) == "柳府〔2024〕11号"
    assert judged.reply.submission.term == 15
    bare = judge(raw, decisions=(decision(about=judge(raw)),))
    assert {"title-missing", "document-number-damaged"} <= codes(bare)


def test_a_correction_that_makes_it_wrong_is_shown_again_and_does_not_end_the_letter() -> None:
    made = decision(about=judge(UNKNOWN_RESULT), corrections=Corrections(date_of_issue="2031-01-01"))
    judged = judge(UNKNOWN_RESULT, decisions=(made,))
    assert judged.fate is Fate.HOLD
    assert "date-in-future" in codes(judged)


# --- the sheet and the answer -------------------------------------------------------------------------------------

ANSWER = {"decision": VERDICT_WORDS[Verdict.PUBLISH], "reviewer": "闻溪", "reason": "已与原件核对。"}


def answered(raw: RawReply, answer: Mapping[str, object], *before: Decision, **changes: object) -> Decision:
    found = read_answer(answer, sheet(raw, *before, **changes), "2024-05-21T02:00:00Z")
    assert isinstance(found, Decision), found
    return found


def complaints(raw: RawReply, answer: Mapping[str, object], *before: Decision) -> str:
    found = read_answer(answer, sheet(raw, *before), "2024-05-21T02:00:00Z")
    assert isinstance(found, tuple)
    assert all(each.zh.endswith("。") and each.en.endswith(".") for each in found)
    return "".join(each.zh for each in found)


def test_an_answer_to_the_sheet_is_a_decision_that_review_carries_out() -> None:
    made = answered(UNKNOWN_RESULT, {**ANSWER, "handling_result": "计划解决", "title": "", "unknown": "x"})
    assert made.corrections == Corrections(handling_result="计划解决")
    judged = judge(UNKNOWN_RESULT, decisions=(made,))
    assert judged.fate is Fate.PUBLISH
    assert judged.reply is not None
    assert judged.reply.handling_result is not None
    assert judged.reply.handling_result.normalised == "计划解决"


def test_the_second_person_sees_the_first_decision_and_agrees_by_leaving_all_as_it_is() -> None:
    changed = {**ANSWER, "title": "对区政协十五届三次会议第153047号提案的答复函"}
    first = answered(_UNSURE, changed)
    given_to_second = sheet(_UNSURE, first)
    assert given_to_second.fields["title"] == changed["title"]
    assert given_to_second.lacks_second_person
    assert given_to_second.two_for == (Concern.DISCLOSURE,)
    assert given_to_second.decisions[0].reviewer == "闻溪"
    second = read_answer({**ANSWER, "reviewer": "程岸"}, given_to_second, "2024-05-21T03:00:00Z")
    assert isinstance(second, Decision)
    assert second.agrees_with(first)
    assert judge(_UNSURE, decisions=(first, second)).fate is Fate.PUBLISH
    assert "另一名审核人" in complaints(_UNSURE, changed, first)


def test_every_mistake_in_an_answer_is_told_at_once() -> None:
    wrong = {
        "decision": "随便",
        "document_number": "第11号",
        "date_of_issue": "五月",
        "submission_term": "十五",
        "kind": "信",
    }
    told = complaints(UNKNOWN_RESULT, {"decision": "随便"})
    assert "审核人姓名" in told
    assert "理由" in told
    assert "没有选择决定" in told
    told = complaints(UNKNOWN_RESULT, {**wrong, **ANSWER, "reason": "请致电13800001234"})
    for words in ("发文字号", "成文日期", "“届”", "文种", "138****1234"):
        assert words in told
    assert "13800001234" not in told


def test_what_the_sheet_does_not_offer_cannot_be_answered() -> None:
    assert "遮盖后公开" in complaints(MOBILE, ANSWER)
    unread = replace(RawReply(), disclosure_marks=(seen("主动公开"),))
    page = find("page-without-text", number="1")
    assert sheet(unread, findings=(page,)).verdicts == (Verdict.REJECT, Verdict.SEND_BACK)


def test_the_sheet_of_a_letter_that_is_not_seen_to_be_public_shows_none_of_its_words() -> None:
    raw = replace(raw_reply(), disclosure_marks=())
    made = sheet(raw, findings=(find("page-without-text", number="2"),))
    assert made.fields == {}
    assert "柳桥" not in str(to_plain(made))


def test_the_sheet_tells_the_due_date_and_the_working_days_left() -> None:
    made = sheet(UNKNOWN_RESULT)
    assert (made.due, made.days_left, made.as_of) == ("2024-06-17", 18, "2024-05-21")
    read, chosen = evidence(UNKNOWN_RESULT), draft(UNKNOWN_RESULT, rules())
    late = date(2024, 6, 19)
    judged = review(read, chosen, rules(), late)
    assert review_sheet(WHERE, read, chosen, judged, rules(), late).days_left == -2


def test_sheets_and_decisions_are_kept_as_plain_data_and_read_back() -> None:
    made = decision(about=judge(MOBILE), corrections=Corrections(addressees=("甲委员", "乙委员"), submission_term=15))
    assert from_plain(Decision, to_plain(made)) == made
    kept = sheet(MOBILE, made)
    assert from_plain(ReviewSheet, to_plain(kept)) == kept
    assert "13800001234" not in str(to_plain(kept))


def test_the_form_asks_for_every_field_that_can_be_corrected_and_for_no_other() -> None:
    assert (
        set(FIELD_NAMES) == {field.name for field in fields(Corrections)} == set(fields_of(draft(raw_reply(), rules())))
    )


def test_a_withdrawn_reply_returns_only_by_two() -> None:
    gone = predecessor(state="withdrawn")
    saw = judge(before=gone, correcting=True)
    one, two = (decision(about=saw, reviewer=name) for name in TWO)
    assert judge(before=gone, correcting=True, decisions=(one,)).lacks_second_person
    assert judge(before=gone, correcting=True, decisions=(one, two)).fate is Fate.PUBLISH
