"""`fuwen drop FILE…`: put files in the inbox as a user of any S3 tool would, and never over another one's file."""

from __future__ import annotations

import argparse
import unicodedata
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from cli.speech import say, words
from cli.system_reason import system_reason

if TYPE_CHECKING:
    from adapters.store.object_store import Bucket, ObjectHead


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare them."""
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help=words("PDF 文件", "a PDF file"))


def run(args: argparse.Namespace) -> int:
    """Drop each file; 1 if one could not be dropped."""
    from cli.running import settings_here
    from tasks.premises import bucket

    return drop_all(bucket(settings_here(), "inbox"), args.files, "")


def drop_all(inbox: Bucket, files: list[Path], prefix: str) -> int:
    """Put the files under the prefix and say under which name each one lies; 1 if one could not be dropped."""
    dropped = [_drop_one(inbox, path, prefix) for path in files]
    return 0 if all(dropped) else 1


def _drop_one(inbox: Bucket, path: Path, prefix: str) -> bool:
    try:
        body = path.read_bytes()
    except OSError as error:
        reason = system_reason(error)
        say(f"{path}：打不开（{reason}）。", f"{path} cannot be opened ({reason}).", error=True)
        return False
    if reason_why := unfit(prefix + path.name):
        say(f"{path}：{words(*reason_why)}", f"{path}: {words(*reason_why)}", error=True)
        return False
    head = drop(inbox, prefix + path.name, body)
    say(f"已投放：{head.key}", f"dropped: {head.key}")
    return True


def unfit(key: str) -> tuple[str, str] | None:
    """Why no file of this name is taken in, in both languages; None if it is."""
    from adapters.store.object_store import is_legal_key
    from domain.inbox_key import is_left_alone

    if is_left_alone(key):
        return (
            "这样的文件名表示还没有写完或是程序的临时文件，收件时不会收取；请改名后再投放。",
            "a file so named is taken for an unfinished one and would never be taken in; rename it.",
        )
    if not is_legal_key(key):
        return (
            "文件名太长，或含有控制字符或无法识别的字符；请改名后再投放。",
            "its name is too long or holds control characters or no text at all; rename it.",
        )
    return None


def drop(inbox: Bucket, name: str, body: bytes) -> ObjectHead:
    """Put the bytes under the name, or under `name (2)` where other bytes wait under it; the same bytes once."""
    return next(head for key in _names(unicodedata.normalize("NFC", name)) if (head := _put(inbox, key, body)))


def _put(inbox: Bucket, key: str, body: bytes) -> ObjectHead | None:
    """The object with these bytes, None where others wait under the key."""
    from adapters.store.object_store import WriteConflict

    standing = inbox.get_with_head(key)
    if standing is None:
        try:
            # One PUT is whole or not there: a reader never sees half of it.
            return inbox.put(key, body, content_type="application/pdf", create_only=True)
        except WriteConflict:  # somebody else dropped one just now
            standing = inbox.get_with_head(key)
    return standing[1] if standing and standing[0] == body else None


def _names(key: str) -> Iterator[str]:
    path = PurePosixPath(key)
    yield key
    number = 2
    while True:
        yield str(path.with_name(f"{path.stem} ({number}){path.suffix}"))
        number += 1
