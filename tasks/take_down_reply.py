"""Take a reply down: commit that it is, then delete everything of it."""

from __future__ import annotations

from datetime import UTC, datetime

from adapters.record.withdrawal import TakenDown
from tasks.step import step
from tasks.withdrawal_desk import desk


@step
def commit_withdrawal(reply_id: str) -> int:
    """Announce the tombstone; its version. Again changes nothing. Raises StepFailed."""
    here = desk()
    if here.order.reply_id != reply_id:
        raise RuntimeError("the order is for another reply")
    return here.withdrawals.commit(here.order, datetime.now(UTC))


@step
def erase_content(reply_id: str, version: int) -> TakenDown:
    """Delete everything of the reply but the tombstone and prove it. Again changes nothing. Raises StepFailed."""
    return desk().withdrawals.erase(reply_id, version)
