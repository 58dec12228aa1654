"""Take a public reply down: the withdrawal is committed, then its content is deleted and proven gone."""

from __future__ import annotations

from collections.abc import Callable

from prefect import flow

from adapters.record.withdrawal import TakenDown
from tasks.take_down_reply import commit_withdrawal, erase_content
from tasks.withdrawal_desk import Desk, sitting_at


def _take_down(commit: Callable[[str], int], erase: Callable[[str, int], TakenDown], reply_id: str) -> TakenDown:
    version = commit(reply_id)
    return erase(reply_id, version)


@flow(name="withdraw_reply", persist_result=False, validate_parameters=False, log_prints=False)
def withdraw_reply(reply_id: str) -> TakenDown:
    """停止公开一件复文：登记撤回，然后删除其全部内容并核实。

    Args:
        reply_id: 复文的公开编号。
    """  # noqa: D415  an operator reads it in the UI
    return _take_down(commit_withdrawal, erase_content, reply_id)


def carry_out(desk: Desk, *, in_a_run: bool) -> TakenDown:
    """Carry out the order, in a run that Prefect shows, or without one where there is no server."""
    with sitting_at(desk):
        if in_a_run:
            return withdraw_reply(desk.order.reply_id)
        return _take_down(commit_withdrawal.fn, erase_content.fn, desk.order.reply_id)
