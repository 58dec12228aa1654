"""Write down what became of a document, once and for all; or that it waits for a person, and for what."""

from __future__ import annotations

from adapters.record.vault import Receipt
from domain.fate import Held, Outcome, Rejected
from domain.object_version import ObjectVersion
from domain.record import read_record
from tasks.clear_inbox import clear_inbox
from tasks.premises import premises
from tasks.prepare_review import prepare_review
from tasks.review_reply import Judgement
from tasks.step import step


@step
def record_outcome(receipt: Receipt, judgement: Judgement, outcome: Outcome) -> Outcome:
    """Record the fate, clear the inbox, and give back the fate that stands: the first one. Raises StepFailed."""
    here = premises()
    version = ObjectVersion(receipt.bucket, receipt.key, receipt.version)
    record = read_record(version.file_name, judgement.evidence, judgement.draft, judgement.review)
    if isinstance(outcome, Held):
        prepare_review(receipt, judgement, outcome, record)
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
