"""Judge what was read, against the rules and what is public already."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from domain.fate import Fate
from domain.gate.correction import corrected
from domain.gate.decision import Decision, standing
from domain.gate.evidence import Evidence
from domain.gate.review import Review, draft, review
from domain.inbox_key import CorrectionMark, correction_mark
from domain.publication.identity import first_reply
from domain.reply import Draft
from tasks.pin_original import Pinned
from tasks.premises import premises
from tasks.step import step

_CHINA = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the letter seems to say, and what review decided."""

    evidence: Evidence
    draft: Draft
    """With the corrections of the decision that stands."""
    review: Review
    correction: CorrectionMark | None
    held: bool = False
    """It waited for a person before."""
    decisions: tuple[Decision, ...] = ()
    complaints: tuple[str, ...] = ()
    """What is wrong with the answer that a reviewer just gave, in Chinese."""

    @property
    def waits(self) -> bool:
        """Whether it waits for a person: what was held is ended only by what a person decided."""
        return self.review.fate is Fate.HOLD or (self.held and (not self.decisions or bool(self.complaints)))


@step
def review_reply(pinned: Pinned, evidence: Evidence) -> Judgement:
    """Review the letter. Raises StepFailed."""
    here = premises()
    mark = correction_mark(pinned.receipt.key, here.settings.correction_prefix)
    drafted = draft(evidence.raw, here.rules)
    decision = standing(pinned.decisions, evidence.sha256)
    if decision is not None:
        drafted = corrected(drafted, decision.corrections, here.rules)
    before = here.publisher.predecessor(drafted, mark.reply_id if mark else None)
    followed = first_reply(drafted)
    first = here.publisher.predecessor(followed) if followed else None
    if pinned.is_public:
        before = None  # it is its own predecessor
    decided = review(
        evidence,
        drafted,
        here.rules,
        today(),
        before,
        correcting=mark is not None,
        decisions=pinned.decisions,
        first_reply=first,
    )
    return Judgement(evidence, drafted, decided, mark, pinned.held, pinned.decisions, pinned.complaints)


def today() -> date:
    """The calendar date in Asia/Shanghai."""
    return datetime.now(_CHINA).date()
