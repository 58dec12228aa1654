"""`fuwen drop FILE…`: put files in the inbox as a user of any S3 tool would, and never over another one's file."""

from __future__ import annotations

import argparse
import unicodedata
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from cli.speech import say

if TYPE_CHECKING:
    from adapters.object_store import Bucket, ObjectHead


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare them."""
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")


def run(args: argparse.Namespace) -> int:
    """Drop each file; 1 if one could not be read."""
    from cli.running import settings_here
    from tasks.premises import bucket

    return drop_all(bucket(settings_here(), "inbox"), args.files, "")


def drop_all(inbox: Bucket, files: list[Path], prefix: str) -> int:
    """Put the files under the prefix and say under which name each one lies; 1 if one could not be read."""
    status = 0
    for path in files:
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
    wanted = unicodedata.normalize("NFC", name)
    for key in _names(wanted):
        standing = inbox.get_with_head(key)
        if standing is None:
            # One PUT is whole or not there: a reader never sees half of it.
            return inbox.put(key, body, content_type="application/pdf", create_only=True)
        if standing[0] == body:
            return standing[1]
    raise AssertionError("there is always another name")


def _names(key: str) -> Iterator[str]:
    path = PurePosixPath(key)
    yield key
    number = 2
    while True:
        yield str(path.with_name(f"{path.stem} ({number}){path.suffix}"))
        number += 1
