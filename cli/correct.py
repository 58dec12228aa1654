"""`fuwen correct REPLY-ID FILE`: drop a file as a correction of a published reply."""

from __future__ import annotations

import argparse
from pathlib import Path

from cli.speech import say, words


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare them."""
    parser.add_argument("reply_id", metavar="REPLY-ID", help=words("已公开复文的编号", "id of the published reply"))
    parser.add_argument("file", type=Path, metavar="FILE", help=words("更正后的 PDF 文件", "the corrected PDF file"))


def run(args: argparse.Namespace) -> int:
    """Drop it under the correction prefix; review decides as for any other file."""
    from adapters.record.public_record import PublicRecord
    from cli.drop import drop_all
    from cli.running import settings_here
    from domain.publication.object_keys import is_reply_id
    from tasks.premises import bucket

    settings = settings_here()
    if not is_reply_id(args.reply_id):
        say(f"这不是复文编号：{args.reply_id}。", f"This is no reply id: {args.reply_id}.", error=True)
        return 2
    if PublicRecord(bucket(settings, "public")).current(args.reply_id) is None:
        say(f"没有公开过这件复文：{args.reply_id}。", f"No such reply is public: {args.reply_id}.", error=True)
        return 1
    return drop_all(bucket(settings, "inbox"), [args.file], f"{settings.correction_prefix}{args.reply_id}/")
