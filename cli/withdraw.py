"""`fuwen withdraw REPLY-ID`: take a public reply down, for a reason that the public is told."""

from __future__ import annotations

import argparse
from datetime import datetime
from typing import TYPE_CHECKING

from cli.speech import say, words

if TYPE_CHECKING:
    from domain.publication.notice import Notice

REASONS = {
    "mistake": "错误发布",
    "correction": "内容更正",
    "privacy": "个人隐私",
    "classified": "定密",
    "revoked": "机关撤销",
    "other": "其他",
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare them."""
    parser.add_argument("reply_id", metavar="REPLY-ID", help=words("已公开复文的编号", "id of the published reply"))
    notice_arguments(parser, required=True)
    order_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Take it down and prove that it is gone."""
    notice = notice_of(args)
    return 2 if notice is None else take_down(args, notice)


def notice_arguments(parser: argparse.ArgumentParser, *, required: bool) -> None:
    """What the public is told."""
    choices = (*REASONS.values(), *REASONS)
    parser.add_argument(
        "--reason",
        required=required,
        choices=choices,
        metavar="REASON",
        help=words("原因：", "reason: ") + words("、".join(REASONS.values()), ", ".join(REASONS)),
    )
    parser.add_argument("--legal-basis", metavar="TEXT", help=words("法律依据（公开）", "legal basis; public"))
    parser.add_argument("--note", metavar="TEXT", help=words("向公众的说明（公开，不写姓名）", "note to the public"))
    parser.add_argument(
        "--effective-at",
        metavar="TIME",
        help=words("生效时间，如 2026-05-20T09:00+08:00；不给则为现在", "from when on, such as 2026-05-20T09:00+08:00"),
    )


def order_arguments(parser: argparse.ArgumentParser) -> None:
    """Who orders it."""
    parser.add_argument("--by", required=True, metavar="NAME", help=words("谁决定（不公开）", "who decides; private"))
    parser.add_argument("--second", metavar="NAME", help=words("第二人，一天内件数多时必须", "a second person"))


def notice_of(args: argparse.Namespace) -> Notice | None:
    """What the arguments say; None, with a sentence, if they cannot be understood."""
    from datetime import UTC

    from domain.object_version import utc_text
    from domain.publication.notice import LONGEST_NOTE, Notice, Reason

    if any(len(text or "") > LONGEST_NOTE for text in (args.legal_basis, args.note)):
        say(f"依据和说明各不超过 {LONGEST_NOTE} 字。", f"At most {LONGEST_NOTE} characters each.", error=True)
        return None
    try:
        effective = datetime.fromisoformat(args.effective_at) if args.effective_at else None
        effective_at = utc_text(effective.astimezone(UTC)) if effective else None
    except ValueError:
        say(f"这不是时间：{args.effective_at}。", f"This is no time: {args.effective_at}.", error=True)
        return None
    reason = Reason(REASONS.get(args.reason, args.reason))
    return Notice(reason, args.legal_basis or None, args.note or None, effective_at)


def take_down(args: argparse.Namespace, notice: Notice | None) -> int:
    """Carry out the order: as a run where a Prefect server is known, else at once."""
    import os

    from cli.running import settings_here
    from config.prefect_environment import prefect_environment
    from domain.publication.object_keys import is_reply_id

    if not is_reply_id(args.reply_id):
        say(f"这不是复文编号：{args.reply_id}。", f"This is no reply id: {args.reply_id}.", error=True)
        return 2
    settings = settings_here()
    os.environ.update(prefect_environment(settings))

    from adapters.record.withdrawal import Order
    from flows.withdraw_reply import carry_out
    from tasks.trouble import StepFailed
    from tasks.withdrawal_desk import Desk, desk_of

    order = Order(args.reply_id, notice, args.by, args.second)
    with desk_of(settings) as withdrawals:
        try:
            done = carry_out(Desk(withdrawals, order), in_a_run=settings.prefect_api_url is not None)
        except StepFailed as failed:
            say(str(failed), str(failed), error=True)
            return 1
    say(
        f"{done.reply_id} 已停止公开（第 {done.version} 版），删除 {done.deleted} 个对象并已核实。",
        f"{done.reply_id} is no longer public (version {done.version}); {done.deleted} objects deleted for good.",
    )
    return 0
