"""Take a public reply down: the withdrawal is committed, then its content is deleted and proven gone."""

from __future__ import annotations

from datetime import UTC, datetime

from prefect import flow

from adapters.record.withdrawal import TakenDown
from tasks.take_down_reply import commit_withdrawal, erase_content
from tasks.withdrawal_desk import Desk, sitting_at


@flow(
    name="withdraw_reply",
    flow_run_name="停止公开 {reply_id}",
    persist_result=False,
    validate_parameters=False,
    log_prints=False,
)
def withdraw_reply(reply_id: str) -> TakenDown:
    """停止公开一件复文：登记撤回，然后删除其全部内容并核实。

    Args:
        reply_id: 复文的公开编号。
    """  # noqa: D415  an operator reads it in the UI
    version = commit_withdrawal(reply_id)
    return erase_content(reply_id, version)


def carry_out(desk: Desk, *, in_a_run: bool) -> TakenDown:
    """Carry out the order, in a run that Prefect shows, or without one where there is no server."""
    if not in_a_run:
        return desk.withdrawals.take_down(desk.order, datetime.now(UTC))
    with sitting_at(desk):
        return withdraw_reply(desk.order.reply_id)
