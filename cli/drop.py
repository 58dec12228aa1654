"""`fuwen drop FILE…`: put files in the inbox as a user of any S3 tool would, and never over another one's file."""

from __future__ import annotations

import argparse
import unicodedata
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from cli.speech import say, words

if TYPE_CHECKING:
    from adapters.object_store import Bucket, ObjectHead


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
    from domain.inbox_key import is_left_alone

    status = 0
    for path in files:
        if is_left_alone(prefix + path.name):
            say(
                f"{path}：这样的文件名表示还没有写完或是程序的临时文件，收件时不会收取；请改名后再投放。",
                f"{path}: a file so named is taken for an unfinished one and would never be taken in; rename it.",
                error=True,
            )
            status = 1
            continue
        try:
            head = drop(inbox, prefix + path.name, path.read_bytes())
        except OSError as error:
            reason = error.strerror or type(error).__name__
            say(f"{path}：打不开（{reason}）。", f"{path} cannot be opened ({reason}).", error=True)
            status = 1
        else:
            say(f"已投放：{head.key}", f"dropped: {head.key}")
    return status


def drop(inbox: Bucket, name: str, body: bytes) -> ObjectHead:
    """Put the bytes under the name, or under `name (2)` where other bytes wait under it; the same bytes once."""
    return next(head for key in _names(unicodedata.normalize("NFC", name)) if (head := _put(inbox, key, body)))


def _put(inbox: Bucket, key: str, body: bytes) -> ObjectHead | None:
    """The object with these bytes, None where others wait under the key."""
    from adapters.object_store import WriteConflict

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
