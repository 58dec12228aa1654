"""Write down what became of a document, once and for all; or that it waits for a person, and for what."""

from __future__ import annotations

from dataclasses import replace

from adapters.record.vault import Receipt
from domain.fate import Held, Outcome, Rejected
from domain.gate.review import draft
from domain.gate.review_sheet import ReviewSheet, Whereabouts, review_sheet
from domain.object_version import ObjectVersion
from domain.record import read_record
from tasks.clear_inbox import clear_inbox
from tasks.premises import premises
from tasks.review_reply import Judgement, today
from tasks.step import step


@step
def record_outcome(receipt: Receipt, judgement: Judgement, outcome: Outcome) -> Outcome:
    """Record the fate, clear the inbox, and give back the fate that stands: the first one. Raises StepFailed."""
    here = premises()
    version = ObjectVersion(receipt.bucket, receipt.key, receipt.version)
    record = read_record(version.file_name, judgement.evidence, judgement.draft, judgement.review)
    if isinstance(outcome, Held):
        here.vault.hold(_sheet(receipt, judgement, outcome))
    if not judgement.held:
        standing = here.vault.record_outcome(receipt.document_id, outcome, record)
    elif isinstance(outcome, Held):
        here.vault.wait_on(receipt, len(judgement.decisions))
        standing = outcome
    else:
        standing = here.vault.end_holding(receipt.document_id, outcome, record)
    clear_inbox(here.inbox, version)
    return standing


def refusal(judgement: Judgement) -> Held | Rejected:
    """The fate of a document that review did not allow to be published."""
    findings = judgement.review.findings
    return Held(findings) if judgement.waits else Rejected(findings)


def _sheet(receipt: Receipt, judgement: Judgement, outcome: Held) -> ReviewSheet:
    here, evidence = premises(), judgement.evidence
    # Publication itself may have refused: then the outcome says more than the review.
    judged = replace(judgement.review, findings=outcome.findings)
    return review_sheet(
        Whereabouts(receipt.document_id, receipt.bucket, receipt.key, receipt.version),
        evidence,
        draft(evidence.raw, here.rules),
        judged,
        here.rules,
        today(),
        judgement.decisions,
    )
