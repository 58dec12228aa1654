"""The judgement as a whole: every reason at once, the worst decides, and what is not known counts as no."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.fate import Fate
from domain.gate.evidence import SignatureProblem, SignatureStatus, SignatureVerdict
from domain.gate.finding import find
from domain.gate.finding_kinds import Grade
from domain.gate.patience import awaits_revocation_list
from domain.gate.review import ReviewError, draft, review
from domain.gate.rules import SignaturePolicy, UnlistedSigners
from domain.reading.paragraph import Role
from domain.reading.raw_reply import RawReply, RawSubmission
from tests.domain.factory import (
    PARAGRAPHS,
    SHA256,
    TODAY,
    codes,
    evidence,
    judge,
    paragraph,
    predecessor,
    raw_reply,
    registered,
    rules,
    seen,
    signature,
)


def test_every_reason_is_said_at_once_and_the_worst_decides() -> None:
    """Three things wrong are three findings, the rejection first, the warning last."""
    raw = raw_reply(disclosure_marks=(), document_numbers=(), date_of_issue=seen("2024年05月17日", page=2))
    judged = judge(raw)
    assert judged.fate is Fate.REJECT
    assert [finding.grade for finding in judged.findings] == [Grade.REJECT, Grade.HOLD, Grade.WARN]
    assert codes(judged) == {"disclosure-missing", "document-number-missing", "date-style"}


_FIELDS = [field for field in RawReply.__dataclass_fields__]  # noqa: C416 - names only


@settings(max_examples=400)
@given(
    gone=st.sets(st.sampled_from(_FIELDS)),
    status=st.sampled_from(SignatureStatus),
    odd=st.dictionaries(
        st.sampled_from(["title", "masthead", "signatory", "signature_block", "date_of_issue", "date_of_distribution"]),
        st.text(max_size=12),
    ),
    pages=st.integers(0, 2),
)
def test_review_answers_whatever_was_read(
    gone: set[str], status: SignatureStatus, odd: dict[str, str], pages: int
) -> None:
    """Any part of the letter may be missing or nonsense: there is always a fate, and `publish` always has a reply."""
    empty = RawReply()
    changes: dict[str, Any] = {name: seen(text) for name, text in odd.items()}
    changes |= {name: getattr(empty, name) for name in gone}
    judged = judge(raw_reply(**changes), signature=signature(status), pages=pages)
    assert (judged.reply is not None) == (judged.fate is Fate.PUBLISH)
    if status is not SignatureStatus.VALID or "disclosure_marks" in gone or pages == 0:
        assert judged.fate is not Fate.PUBLISH


def test_yes_needs_every_part_even_if_no_check_objects() -> None:
    """A draft that lost its number on the way is not published: our mistake is an exception, not a publication."""
    judged = evidence()
    broken = replace(draft(judged.raw, rules()), document_number=None)
    with pytest.raises(ReviewError):
        review(judged, broken, rules(), TODAY)


def test_file_that_could_not_be_opened_has_one_reason() -> None:
    """What a file that is no PDF does not say is no further news."""
    judged = judge(
        RawReply(), pages=0, findings=(find("not-a-pdf"),), signature=signature(SignatureStatus.INDETERMINATE)
    )
    assert codes(judged) == {"not-a-pdf"}
    assert judged.fate is Fate.REJECT


def test_file_that_could_not_be_opened_is_never_published_in_silence() -> None:
    """No pages and no reason is a damaged file, not a good one."""
    assert codes(judge(RawReply(), pages=0)) == {"pdf-damaged"}


def test_scan_is_held_not_rejected() -> None:
    """Where a page could not be read, nothing can be said to be missing: a person reads it."""
    judged = judge(RawReply(), findings=(find("page-without-text", number="1"),))
    assert codes(judged) == {"page-without-text"}
    assert judged.fate is Fate.HOLD


def test_scan_that_says_not_public_is_rejected() -> None:
    """What was read counts, although another page was not."""
    raw = replace(RawReply(), disclosure_marks=(seen("依申请公开"),))
    judged = judge(raw, findings=(find("page-without-text", number="2"),))
    assert judged.fate is Fate.REJECT


# --- what is published already ------------------------------------------------------------------------------------


def test_same_bytes_again_are_no_duplicate() -> None:
    """The very file that is public already passes review; publication says that nothing changed."""
    assert judge(before=predecessor(original_sha256=SHA256)).fate is Fate.PUBLISH


def test_correction_of_a_published_reply_passes() -> None:
    """Other bytes under the same identity are welcome when they were dropped as a correction."""
    assert judge(before=predecessor(), correcting=True).fate is Fate.PUBLISH


def test_correction_of_a_withdrawn_reply_is_held() -> None:
    """Whether a withdrawn reply may return is for a person; outside the correction folder it is refused."""
    gone = predecessor(state="withdrawn")
    assert judge(before=gone, correcting=True).fate is Fate.HOLD
    assert judge(before=gone).fate is Fate.REJECT


# --- grades -------------------------------------------------------------------------------------------------------


def test_operator_may_make_a_grade_stricter() -> None:
    """A late letter is published, unless the office's own table says hold."""
    late = date(2024, 7, 1)
    assert judge(today=late).fate is Fate.PUBLISH
    assert judge(today=late, by=rules(grades={"publication-overdue": Grade.HOLD})).fate is Fate.HOLD


def test_authority_may_publish_its_opinions() -> None:
    """A joint handling opinion is held, unless the authority's own rule lets it pass."""
    raw = raw_reply(
        title=seen("关于区政协十五届三次会议第153047号提案的会办意见"),
        addressees=(seen("区建设管理委"),),
    )
    known = rules()
    own = replace(known.authorities[0], grades={"joint-handling-opinion": Grade.WARN})
    assert judge(raw).fate is Fate.HOLD
    assert judge(raw, by=replace(known, authorities=(own,))).fate is Fate.PUBLISH


# --- single rules that two specimens cannot tell apart ------------------------------------------------------------


@pytest.mark.parametrize(
    ("signer", "passes"),
    [("柳桥镇人民政府", True), ("云 溪 区 柳 桥 镇 人 民 政 府", True), ("人民政府办公室", False)],
)
def test_signature_block_may_be_a_short_form(signer: str, *, passes: bool) -> None:
    """The masthead without the place before it is the same authority; another name is not."""
    assert ("authority-mismatch" not in codes(judge(raw_reply(signature_block=seen(signer))))) is passes


def test_letter_is_not_explained_by_a_general_table() -> None:
    """C has a meaning only in the table of that authority; an unregistered one keeps the letter, unexplained."""
    raw = raw_reply(result_marks=(seen("C"),), masthead=seen("云溪区水务局文件"), signature_block=seen("云溪区水务局"))
    result = draft(raw, rules()).handling_result
    assert result is not None
    assert (result.raw, result.normalised, result.scheme) == ("C", None, None)
    assert "result-unknown" in codes(judge(raw))


@pytest.mark.parametrize("mark", ["A", "（A类）", "〔A〕", " A 类", "Ａ类"])
def test_letter_by_the_own_table(mark: str) -> None:
    """The authority's own table explains the letter in every form in which it is printed."""
    result = draft(raw_reply(result_marks=(seen(mark),)), rules()).handling_result
    assert result is not None
    assert (result.normalised, result.scheme) == ("解决采纳", "柳桥字母表")


@pytest.mark.parametrize(
    ("number", "issued", "passes"),
    [("柳府〔2023〕99号", "2024年1月8日", True), ("柳府〔2023〕99号", "2024年2月8日", False)],
)
def test_number_of_last_year_is_usual_in_january(number: str, issued: str, *, passes: bool) -> None:
    """Around New Year the number's year may be one off."""
    raw = raw_reply(document_numbers=(seen(number),), date_of_issue=seen(issued))
    assert ("document-number-year" not in codes(judge(raw))) is passes


def test_submission_may_be_answered_in_the_next_year() -> None:
    """A suggestion of 2023 answered in 2024 is ordinary."""
    submission = RawSubmission(seen("区十七届人大四次会议"), (seen("2023006"),), seen("建议"))
    raw = raw_reply(submission=submission, title=seen("对区十七届人大四次会议第2023006号建议的答复"))
    assert "submission-year" not in codes(judge(raw))


def test_headings_may_start_again() -> None:
    """（一） begins anew under each 一、; a numbered sentence counts as a heading."""
    good = [("一、甲", Role.HEADING1), ("（一）乙", Role.HEADING2), ("（二）丙", Role.HEADING2)]
    good += [("二、丁是一句完整的话，也算编号。", Role.BODY), ("（一）戊", Role.HEADING2), ("三、己", Role.HEADING1)]
    texts = tuple(paragraph(role, text) for text, role in good)
    assert "heading-gap" not in codes(judge(raw_reply(paragraphs=(*PARAGRAPHS[:2], *texts, *PARAGRAPHS[-4:]))))


def test_attachment_that_follows_is_not_missing() -> None:
    """The attachment behind the date is the one that the list names."""
    follows = (*PARAGRAPHS, paragraph(Role.BODY, "附件", 2), paragraph(Role.TABLE, "序号\t路段", 2))
    raw = raw_reply(attachments=(seen("步道照明改造计划表"),), paragraphs=follows)
    assert "attachment-missing" not in codes(judge(raw))


@pytest.mark.parametrize("closing", ["特此答复", "此复", "感谢您的关心和支持"])
def test_closing_formula_needs_no_stop(closing: str) -> None:
    """A closing formula in a line of its own is not a sentence that was cut off."""
    paragraphs = (*PARAGRAPHS[:6], paragraph(Role.BODY, closing, 2), *PARAGRAPHS[7:])
    assert "last-sentence-open" not in codes(judge(raw_reply(paragraphs=paragraphs)))


def test_letter_that_is_not_public_is_never_late() -> None:
    """The period of publication is one for 主动公开 only."""
    judged = judge(raw_reply(disclosure_marks=(seen("依申请公开"),)), today=date(2024, 9, 1))
    assert codes(judged) == {"disclosure-on-application"}


def test_reply_says_what_the_letter_says() -> None:
    """What is vouched for is the draft, with the area of the registered authority."""
    reply = judge().reply
    assert reply is not None
    assert (reply.area_code, str(reply.document_number)) == ("990199", "柳府〔2024〕11号")
    assert reply.issuing_authority == "云溪区柳桥镇人民政府"


def test_unregistered_authority_is_published_without_an_area() -> None:
    """An authority in no table is judged by the default rules."""
    raw = raw_reply(
        masthead=seen("云溪区水务局文件"),
        signature_block=seen("云溪区水务局"),
        distributing_office=seen("区水务局办公室"),
    )
    reply = judge(raw, signature=signature(signer="云溪区水务局")).reply
    assert reply is not None
    assert reply.area_code == "000000"


# --- who signed ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("signer", "unlisted", "code"),
    [
        ("云溪区柳桥镇人民政府", UnlistedSigners.NAMED, None),
        ("柳桥镇人民政府", UnlistedSigners.NAMED, None),
        ("云溪区松亭镇人民政府", UnlistedSigners.NAMED, "signer-not-authority"),
        ("沈岚汀", UnlistedSigners.NAMED, "signer-not-authority"),
        ("沈岚汀", UnlistedSigners.ANY, None),
        ("云溪区柳桥镇人民政府", UnlistedSigners.NOBODY, "signer-key-unlisted"),
    ],
)
def test_who_may_sign_without_a_list(signer: str, unlisted: UnlistedSigners, code: str | None) -> None:
    judged = judge(signature=signature(signer=signer), by=rules(unlisted_signers=unlisted))
    assert {each for each in codes(judged) if each.startswith("signer-")} == ({code} if code else set())
    assert (judged.fate is Fate.PUBLISH) is (code is None)


def test_a_list_of_keys_outweighs_any_name() -> None:
    """A lookalike certificate of the same name under the same issuer has another key."""
    listed = registered(signer_keys=frozenset({"7" * 64}))
    assert judge(signature=signature(signer="沈岚汀", key="7" * 64), by=listed).fate is Fate.PUBLISH
    assert judge(signature=signature(key="8" * 64), by=listed).fate is Fate.HOLD


def test_valid_without_a_signature_vouches_for_nobody() -> None:
    assert judge(signature=SignatureVerdict(SignatureStatus.VALID, "完好。")).fate is Fate.HOLD


@pytest.mark.parametrize("status", SignatureStatus)
def test_an_authority_that_need_not_sign_must_not_sign_badly(status: SignatureStatus) -> None:
    judged = judge(signature=signature(status), by=registered(signature=SignaturePolicy.OPTIONAL))
    assert (judged.fate is Fate.PUBLISH) is (status in {SignatureStatus.VALID, SignatureStatus.UNSIGNED})
    assert ("signature-not-required" in codes(judged)) is (status is SignatureStatus.UNSIGNED)


def test_a_letter_waits_for_a_list_of_revoked_certificates_and_not_for_ever() -> None:
    outdated = signature(SignatureStatus.UNTRUSTED, problem=SignatureProblem.REVOCATION_UNKNOWN)
    now = datetime(2024, 5, 21, tzinfo=UTC)
    asked = [(outdated, now - timedelta(hours=1)), (outdated, now - timedelta(hours=25)), (signature(), now)]
    assert [awaits_revocation_list(each, at, now, timedelta(hours=24)) for each, at in asked] == [True, False, False]
