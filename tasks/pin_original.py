"""Take the bytes into the vault before anything else; from then on the inbox no longer matters."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from adapters.record.vault import Receipt
from adapters.store.object_store import Bucket, ObjectMissing
from domain.fate import Held, Outcome
from domain.gate.decision import Decision
from domain.object_version import ObjectVersion
from tasks.clear_inbox import clear_inbox, version_of
from tasks.premises import premises
from tasks.step import step
from tasks.trouble import StepFailed


@dataclass(frozen=True, slots=True)
class Pinned:
    """The document is in the vault."""

    receipt: Receipt
    outcome: Outcome | None = None
    """The last word about it, which an earlier run wrote."""
    is_public: bool = False
    """That earlier run made it public, and did not come to say so."""
    held: bool = False
    """It waits for a person."""
    decisions: tuple[Decision, ...] = ()
    """What persons decided about it, the first one first."""
    complaints: tuple[str, ...] = ()
    """What is wrong with the answer that a reviewer just gave, in Chinese."""


@step
def pin_original(bucket: str, key: str, version: str | None) -> Pinned | None:
    """Keep the object version in the vault, or find it there. None: it was removed or replaced before.

    Without a version the one that stands there now. Again changes nothing. Raises StepFailed.
    """
    here = premises()
    if bucket != here.inbox.name:
        raise StepFailed("参数中的存储桶不是收件箱，没有处理。请核对参数后重新运行。")
    wanted = ObjectVersion(bucket, key, version) if version else _present(here.inbox, key)
    if wanted is None:
        return None
    receipt = here.vault.receipt(wanted.document_id) or _take(here.inbox, wanted)
    if receipt is None:
        return None
    outcome = here.vault.outcome(receipt.document_id)
    held = isinstance(outcome, Held)
    if outcome is not None and not held:
        here.vault.close(receipt, outcome)
        here.vault.clear_review(receipt.document_id)
        clear_inbox(here.inbox, wanted)
        return Pinned(receipt, outcome)
    decisions = here.vault.decisions(receipt.document_id) if held else ()
    published = here.publisher.resume(receipt.document_id)
    return Pinned(receipt, published, is_public=published is not None, held=held, decisions=decisions)


def _take(inbox: Bucket, wanted: ObjectVersion) -> Receipt | None:
    with tempfile.TemporaryDirectory(prefix="fuwen-take-") as folder:
        path = Path(folder) / "original"
        if not _download(inbox, wanted, path):
            return None
        return premises().vault.pin(wanted, path, datetime.now(UTC))


def _download(inbox: Bucket, wanted: ObjectVersion, path: Path) -> bool:
    """Whether the file now holds that very version: by its id where the bucket keeps versions, else if it is there."""
    for version_id in (None, *_version_ids(wanted)):
        try:
            if version_of(inbox, inbox.download(wanted.key, path, version_id)) == wanted:
                return True
        except ObjectMissing:
            continue
    return False


def _version_ids(version: ObjectVersion) -> tuple[str, ...]:
    # Without versions it is ETag/size/time (`ObjectVersion.seen`), which no store is to be asked for.
    return () if "/" in version.version else (version.version,)


def _present(inbox: Bucket, key: str) -> ObjectVersion | None:
    head = inbox.head(key)
    return version_of(inbox, head) if head else None
