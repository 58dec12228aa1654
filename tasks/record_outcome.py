"""Write down what became of a document, once and for all."""

from __future__ import annotations

from adapters.record.vault import Receipt
from domain.fate import Fate, Held, Outcome, Rejected
from domain.gate.review import Review
from domain.object_version import ObjectVersion
from domain.record import read_record
from tasks.clear_inbox import clear_inbox
from tasks.premises import premises
from tasks.review_reply import Judgement
from tasks.step import step


@step
def record_outcome(receipt: Receipt, judgement: Judgement, outcome: Outcome) -> Outcome:
    """Record the fate, clear the inbox, and give back the fate that stands: the first one. Raises StepFailed."""
    here = premises()
    version = ObjectVersion(receipt.bucket, receipt.key, receipt.version)
    record = read_record(version.file_name, judgement.evidence, judgement.draft, judgement.review)
    standing = here.vault.record_outcome(receipt.document_id, outcome, record)
    clear_inbox(here.inbox, version)
    return standing


def refusal(review: Review) -> Held | Rejected:
    """The fate of a document that review did not allow to be published."""
    return Held(review.findings) if review.fate is Fate.HOLD else Rejected(review.findings)
