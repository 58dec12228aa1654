"""Judge what was read, against the rules and what is public already."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from domain.gate.evidence import Evidence
from domain.gate.review import Review, draft, review
from domain.inbox_key import CorrectionMark, correction_mark
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
    review: Review
    correction: CorrectionMark | None


@step
def review_reply(pinned: Pinned, evidence: Evidence) -> Judgement:
    """Review the letter. Raises StepFailed."""
    here = premises()
    mark = correction_mark(pinned.receipt.key, here.settings.correction_prefix)
    drafted = draft(evidence.raw, here.rules)
    before = here.publisher.predecessor(drafted, mark.reply_id if mark else None)
    if pinned.is_public:
        before = None  # it is its own predecessor
    today = datetime.now(_CHINA).date()
    decided = review(evidence, drafted, here.rules, today, before, correcting=mark is not None)
    return Judgement(evidence, drafted, decided, mark)
