"""`fuwen verify`: is everything that is public whole and unchanged? Anyone can ask; only public objects are read."""

from __future__ import annotations

import argparse
from pathlib import Path

from cli.speech import Language, say, words


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare them."""
    parser.add_argument(
        "folder",
        nargs="?",
        type=Path,
        help=words(
            "公开桶的副本目录；不给则核对本机设置的公开桶", "a copy of the public bucket; else the configured one"
        ),
    )


def run(args: argparse.Namespace) -> int:
    """Say every fault; 1 if there is one."""
    from adapters.record_audit import PublicFolder, verify

    if args.folder:
        if not args.folder.is_dir():
            say(f"没有这个目录：{args.folder}。", f"There is no such folder: {args.folder}.", error=True)
            return 2
        faults = verify(PublicFolder(args.folder), Language.of_environment())
    else:
        from cli.running import settings_here
        from tasks.premises import bucket

        faults = verify(bucket(settings_here(), "public"), Language.of_environment())
    for fault in faults:
        print(fault)
    if not faults:
        say("全部核对无误。", "Everything is whole and unchanged.")
    return 1 if faults else 0
