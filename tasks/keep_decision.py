"""Keep in the vault what a reviewer answered in the form, before anything is made of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from domain.gate.answer import read_answer
from domain.gate.decision import Decision
from domain.object_version import utc_text
from tasks.pin_original import Pinned
from tasks.premises import premises
from tasks.step import step


@step
def keep_decision(pinned: Pinned, answer: Mapping[str, object]) -> Pinned:
    """The document with the decision, or with what is wrong with the answer. Again changes nothing. Raises StepFailed.

    A decision that was kept by a run that broke off is not kept twice.
    """
    vault, document_id = premises().vault, pinned.receipt.document_id
    sheet = vault.sheet(document_id)
    if sheet is None:
        return pinned
    decided = read_answer(answer, sheet, utc_text(datetime.now(UTC)))
    if not isinstance(decided, Decision):
        return replace(pinned, complaints=tuple(complaint.zh for complaint in decided))
    if not pinned.decisions or replace(pinned.decisions[-1], decided_at=decided.decided_at) != decided:
        vault.decide(decided, document_id)
    return replace(pinned, decisions=vault.decisions(document_id))
