"""`fuwen correct REPLY-ID FILE`: drop a file as a correction of a published reply."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from cli.speech import say, words
from cli.withdraw import notice_arguments, notice_of

if TYPE_CHECKING:
    from config.settings import Settings


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare them."""
    parser.add_argument("reply_id", metavar="REPLY-ID", help=words("已公开复文的编号", "id of the published reply"))
    notice_arguments(parser, required=False)
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
    if args.reason and not _keep_notice(settings, args):
        return 2
    return drop_all(bucket(settings, "inbox"), [args.file], f"{settings.correction_prefix}{args.reply_id}/")


def _keep_notice(settings: Settings, args: argparse.Namespace) -> bool:
    """Before the file is dropped, so that its run finds what the public is to be told."""
    from datetime import UTC, datetime

    from adapters.record.vault import Vault
    from domain.object_version import utc_text
    from domain.publication.canonical_json import sha256_hex
    from tasks.premises import bucket

    notice = notice_of(args)
    if notice is None or not args.file.is_file():
        return notice is not None  # that it cannot be opened is said where it is dropped
    told = notice.as_json(utc_text(datetime.now(UTC)))
    Vault(bucket(settings, "vault")).say_of_correction(args.reply_id, sha256_hex(args.file.read_bytes()), told)
    return True
