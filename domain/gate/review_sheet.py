"""The sheet that a reviewer is given about a held document: what was found, what was read, what may be decided.

One value for the form in Prefect's UI and for the command line, kept in the vault: a decision is about what this sheet
showed, not about what a later look at the rules would show.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from domain.gate.correction import corrected
from domain.gate.decision import Decision, Verdict, mark_of, standing, stops
from domain.gate.evidence import Evidence
from domain.gate.finding import Finding
from domain.gate.lifting import Concern, LiftingPolicy, concern, may_ever_lift, people_needed
from domain.gate.review import Review
from domain.gate.rules import Rules
from domain.gate.working_days import UnknownYearError
from domain.outcome_told import may_be_shown, signature_words, told
from domain.reply import Draft

LIST_MARK = "、"
"""Between the values of a field that has several."""


@dataclass(frozen=True, slots=True)
class SheetFinding:
    """One finding as the sheet shows it."""

    code: str
    grade: str
    zh: str
    en: str
    page: int | None


@dataclass(frozen=True, slots=True)
class SheetDecision:
    """What a person decided about it before."""

    verdict: Verdict
    reviewer: str
    reason: str
    decided_at: str


@dataclass(frozen=True, slots=True)
class ReviewSheet:
    """All that a reviewer needs, and all that is bound by what the reviewer decides."""

    document_id: str
    bucket: str
    key: str
    """Of the inbox: the file as it was dropped."""
    version: str
    sha256: str
    pages: int
    signature: str
    """One plain Chinese word for the verdict on the signatures."""
    findings: tuple[SheetFinding, ...]
    seen: tuple[str, ...]
    """Marks of the findings that stop it (`domain.gate.decision.mark_of`)."""
    verdicts: tuple[Verdict, ...]
    """What may be decided."""
    two_for: tuple[Concern, ...]
    """For what two persons are needed here."""
    decisions: tuple[SheetDecision, ...] = ()
    lacks_second_person: bool = False
    fields: Mapping[str, str] = field(default_factory=dict)
    """The fields as they stand, corrections included, by the names of `domain.gate.decision.Corrections`; empty where
    not even they may be shown outside the vault."""
    as_read: Mapping[str, str] = field(default_factory=dict)
    """The same fields as the machine read them."""
    disclosure: str = ""
    """The document's own words on disclosure. Not to be edited."""
    due: str | None = None
    """ISO date on which publication is due; None where it cannot be told."""
    days_left: int | None = None
    """Working days, counted on `as_of`; negative once it is overdue."""
    as_of: str = ""
    complaints: tuple[str, ...] = ()
    """Why the last answer could not be carried out, in Chinese."""
    pictures: int = 0
    """How many pages were drawn for the reviewer."""

    @property
    def file(self) -> str:
        """The name of the file as it was dropped."""
        return self.key.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Which document it is, and from where it came."""

    document_id: str
    bucket: str
    key: str
    version: str


def review_sheet(
    where: Whereabouts,
    evidence: Evidence,
    draft: Draft,
    judged: Review,
    rules: Rules,
    today: date,
    decisions: Sequence[Decision] = (),
    complaints: tuple[str, ...] = (),
) -> ReviewSheet:
    """The sheet of a held document. `draft` as the machine read it; `today` in Asia/Shanghai."""
    decision = standing(decisions, evidence.sha256)
    read, draft = draft, corrected(draft, decision.corrections, rules) if decision else draft
    everything = (*judged.lifted, *judged.findings)
    stopping = stops(everything)
    shown = may_be_shown(draft, evidence.raw, everything)
    due, left = _due(draft, rules, today)
    policy = rules.lifting(rules.authority(draft.issuing_authority))
    two_for = {concern(each) for each in stopping if people_needed(each, policy) > 1}
    return ReviewSheet(
        document_id=where.document_id,
        bucket=where.bucket,
        key=where.key,
        version=where.version,
        sha256=evidence.sha256,
        pages=evidence.pages,
        signature=signature_words(evidence.signature.status),
        findings=tuple(_finding(each, shown=shown) for each in everything),
        seen=tuple(mark_of(each) for each in stopping),
        verdicts=_verdicts(stopping, policy),
        two_for=tuple(each for each in Concern if each in two_for),
        decisions=tuple(SheetDecision(each.verdict, each.reviewer, each.reason, each.decided_at) for each in decisions),
        lacks_second_person=judged.lacks_second_person,
        fields=fields_of(draft) if shown else {},
        as_read=fields_of(read) if shown else {},
        disclosure=draft.disclosure.raw if shown and draft.disclosure else "",
        due=due.isoformat() if due else None,
        days_left=left,
        as_of=today.isoformat(),
        complaints=complaints,
    )


def fields_of(draft: Draft) -> dict[str, str]:
    """The fields that a reviewer may correct, as text; empty where the letter does not say it."""
    submission, result = draft.submission, draft.handling_result
    return {
        "kind": draft.kind.value if draft.kind else "",
        "title": draft.title or "",
        "document_number": str(draft.document_number or ""),
        "issuing_authority": draft.issuing_authority or "",
        "addressees": LIST_MARK.join(draft.addressees),
        "date_of_issue": draft.date_of_issue.isoformat() if draft.date_of_issue else "",
        "submission_body": (submission and submission.body) or "",
        "submission_term": str((submission and submission.term) or ""),
        "submission_session": str((submission and submission.session) or ""),
        "submission_numbers": LIST_MARK.join(submission.numbers) if submission else "",
        "handling_result": result.raw if result else "",
    }


def _verdicts(stopping: Sequence[Finding], policy: LiftingPolicy) -> tuple[Verdict, ...]:
    """Those that could end the matter, supposing that what is missing is filled in."""
    refusals = (Verdict.REJECT, Verdict.SEND_BACK)
    asked = (Verdict.PUBLISH, Verdict.PUBLISH_MASKED)
    return (*(each for each in asked if all(may_ever_lift(each, finding, policy) for finding in stopping)), *refusals)


def _finding(finding: Finding, *, shown: bool) -> SheetFinding:
    kept = told(finding, shown=shown)
    return SheetFinding(finding.code, finding.grade.value, kept.message(), kept.message("en"), finding.page)


def _due(draft: Draft, rules: Rules, today: date) -> tuple[date | None, int | None]:
    if draft.date_of_issue is None:
        return None, None
    try:
        due = rules.calendar.due(draft.date_of_issue, rules.publication_days)
        left = rules.calendar.left(today, due) if today <= due else -rules.calendar.left(due, today)
    except UnknownYearError:
        return None, None
    return due, left
