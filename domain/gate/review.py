"""The judgement: `(evidence, rules, today) → Reply | findings`, every reason at once.

A letter is public because `_vouched` says yes: nothing that stops it was found, its signature is valid, it says
主动公开, and every field that a reply needs is there. Whatever is not known counts as no.

Persons' decisions are evidence like any other: they lift findings that hold (`domain.gate.lifting`), never one that
rejects, and never one that they did not see.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from domain.drafting import draft
from domain.fate import Fate
from domain.gate.case import Case, Predecessor
from domain.gate.checks import (
    agreement,
    days,
    history,
    metadata,
    openness,
    presence,
    privacy,
    recognition,
    signing,
    style,
    topics,
    wholeness,
)
from domain.gate.correction import corrected
from domain.gate.decision import Decision, Verdict, standing, stops
from domain.gate.evidence import Evidence
from domain.gate.finding import Finding, find, worst
from domain.gate.finding_kinds import Grade
from domain.gate.lifting import Concern, concern, is_lifted, lacks_only_another
from domain.gate.masking import Mask, masked_reply
from domain.gate.personal_data import masked_text
from domain.gate.rules import UNREGISTERED_AREA, Rules
from domain.reply import DisclosureAttribute, DisclosureExtent, Draft, Reply, ReplyKind

__all__ = ["Predecessor", "Review", "ReviewError", "draft", "review"]

Check = Callable[[Case], Iterator[Finding]]

CHECKS: tuple[Check, ...] = (
    *signing.CHECKS,
    *openness.CHECKS,
    *presence.CHECKS,
    *agreement.CHECKS,
    *days.CHECKS,
    *wholeness.CHECKS,
    *recognition.CHECKS,
    *privacy.CHECKS,
    *topics.CHECKS,
    *metadata.CHECKS,
    *history.CHECKS,
    *style.CHECKS,
)

_ORDER = {Grade.REJECT: 0, Grade.HOLD: 1, Grade.WARN: 2}
_FATES = {Grade.REJECT: Fate.REJECT, Grade.HOLD: Fate.HOLD, Grade.WARN: Fate.PUBLISH, None: Fate.PUBLISH}


class ReviewError(AssertionError):
    """No check objected, and still a part of the yes is missing: a mistake of ours. Nothing is published."""


@dataclass(frozen=True, slots=True)
class Review:
    """What review decided, and why."""

    fate: Fate
    findings: tuple[Finding, ...]
    """Every reason, worst first."""
    reply: Reply | None = None
    """What may be published; only when the fate is `publish`."""
    decision: Decision | None = None
    """The person's decision that was carried out, if that was needed."""
    lifted: tuple[Finding, ...] = ()
    """What that decision lifted."""
    lacks_second_person: bool = False
    """Held only because another person must decide the same."""
    masks: tuple[Mask, ...] | None = None
    """The masks in `reply`, if it is a rendition of our own beside which the original must not be public; else None."""


def review(
    evidence: Evidence,
    draft: Draft,
    rules: Rules,
    today: date,
    predecessor: Predecessor | None = None,
    correcting: bool = False,  # noqa: FBT001, FBT002 - one word at the call, always named there
    decisions: Sequence[Decision] = (),
    first_reply: Predecessor | None = None,
) -> Review:
    """The fate of a letter, all reasons for it, and the reply if it may be published.

    `today` is the calendar date in Asia/Shanghai. `predecessor` is what is published under the same identity.
    `first_reply` is what is public of the reply that a further reply (再次答复) follows.
    `decisions` are all that persons decided about the document, the latest last.
    Raises ReviewError if our own checks let an incomplete letter pass.
    """
    case = Case(evidence, draft, rules, today, predecessor, correcting, first_reply)
    findings = _judged(case)
    decision = standing(decisions, evidence.sha256)
    if decision is None or worst(findings) is Grade.REJECT:
        fate = _FATES[worst(findings)]
        return Review(fate, findings, _vouched(case) if fate is Fate.PUBLISH else None)
    return _decided(case, findings, decisions, decision)


def _judged(case: Case) -> tuple[Finding, ...]:
    return tuple(_sorted(_graded(map(_without_private_data, _findings(case)), case)))


# --- a person's decision ------------------------------------------------------------------------------------------

_REFUSALS = {Verdict.REJECT: "reviewer-withheld", Verdict.SEND_BACK: "reviewer-sent-back"}


def _decided(case: Case, findings: tuple[Finding, ...], decisions: Sequence[Decision], decision: Decision) -> Review:
    """What becomes of a letter that nothing rejects, by the decision that stands."""
    if decision.verdict in _REFUSALS:
        reason = find(_REFUSALS[decision.verdict], reason=decision.reason.rstrip("。."))
        return Review(Fate.REJECT, (reason, *findings), decision=decision)
    case = replace(case, draft=corrected(case.draft, decision.corrections, case.rules))
    findings = _judged(case)
    policy = case.rules.lifting(case.authority)
    lifted = tuple(each for each in findings if is_lifted(each, case.draft, decisions, decision, policy))
    left = tuple(each for each in findings if each not in lifted)
    stopping = stops(left)
    if stopping:
        # What only the corrections brought about is for the reviewer to see again, not a reason to refuse the letter.
        lacking = lacks_only_another(stopping, case.draft, decisions, decision, policy)
        return Review(Fate.HOLD, left, lifted=lifted, lacks_second_person=lacking)
    waived = any(concern(each) is Concern.SIGNATURE for each in lifted)
    reply = _vouched(case, signature_waived=waived)
    if decision.verdict is Verdict.PUBLISH_MASKED:
        masked = masked_reply(reply, partial(case.rules.handling, authority=case.authority))
        return Review(Fate.PUBLISH, left, masked.reply, decision, lifted, masks=masked.masks)
    return Review(Fate.PUBLISH, left, reply, decision, lifted)


# --- the findings -------------------------------------------------------------------------------------------------


def _findings(case: Case) -> Iterator[Finding]:
    yield from case.evidence.findings
    if case.evidence.pages == 0:
        # It could not be opened: what it does not say is no further news.
        if worst(case.evidence.findings) in (None, Grade.WARN):
            yield find("pdf-damaged")
        return
    told = {finding.code for finding in case.evidence.findings}
    for check in CHECKS:
        yield from (finding for finding in check(case) if finding.code not in told)


def _graded(findings: Iterable[Finding], case: Case) -> Iterator[Finding]:
    for finding in findings:
        grade = case.rules.grade(finding.code, case.authority)
        yield replace(finding, grade=grade) if grade else finding


def _without_private_data(finding: Finding) -> Finding:
    """Whatever a check quotes of the letter is shown in logs and on screens, so nothing private stands in it."""
    details = {name: masked_text(value) for name, value in finding.details.items()}
    return replace(finding, details=details, raw=finding.raw and masked_text(finding.raw))


def _sorted(findings: Iterable[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda finding: (_ORDER[finding.grade], finding.page or 0))


# --- the yes ------------------------------------------------------------------------------------------------------


def _vouched(case: Case, *, signature_waived: bool = False) -> Reply:
    draft, disclosure = case.draft, case.draft.disclosure
    if not (signing.vouches(case) or signature_waived):
        raise ReviewError("no valid signature, and no finding")
    if disclosure is None or disclosure.attribute is not DisclosureAttribute.PROACTIVE:
        raise ReviewError("not marked for proactive disclosure, and no finding")
    if draft.kind is None or draft.title is None or draft.document_number is None or draft.issuing_authority is None:
        raise ReviewError("kind, title, document number or issuing authority missing, and no finding")
    if draft.date_of_issue is None or draft.submission is None or not draft.paragraphs or not draft.addressees:
        raise ReviewError("date of issue, submission, text or addressee missing, and no finding")
    return Reply(
        kind=draft.kind,
        title=draft.title,
        document_number=draft.document_number,
        issuing_authority=draft.issuing_authority,
        area_code=case.authority.area_code if case.authority else UNREGISTERED_AREA,
        signatory=draft.signatory,
        addressees=draft.addressees,
        date_of_issue=draft.date_of_issue,
        date_of_distribution=draft.date_of_distribution,
        distributing_office=draft.distributing_office,
        copied_to=draft.copied_to,
        submission=draft.submission,
        handling_result=draft.handling_result,
        disclosure=disclosure,
        extent=disclosure.extent or _whole(draft.kind),
        paragraphs=draft.paragraphs,
    )


def _whole(kind: ReplyKind) -> DisclosureExtent:
    # 主动公开 without an extent opens the document as it is: nothing narrows it, and a restriction must be written to
    # bind. A document that is a summary by its own title is open as the summary that it is.
    return DisclosureExtent.SUMMARY if kind is ReplyKind.SUMMARY else DisclosureExtent.FULL_TEXT
