"""`fuwen verify`: is everything that is public whole and unchanged? Anyone can ask; only public objects are read."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from cli.speech import Language, say, words

if TYPE_CHECKING:
    from adapters.record.record_audit import PublicObjects


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
    from adapters.record.record_audit import PublicFolder

    if args.folder:
        if not args.folder.is_dir():
            say(f"没有这个目录：{args.folder}。", f"There is no such folder: {args.folder}.", error=True)
            return 2
        objects: PublicObjects = PublicFolder(args.folder)
    else:
        from cli.running import settings_here
        from tasks.premises import bucket

        objects = bucket(settings_here(), "public")
    faults = _verified(objects)
    for fault in faults:
        print(fault)
    if not faults:
        say("全部核对无误。", "Everything is whole and unchanged.")
    return 1 if faults else 0


def _verified(objects: PublicObjects) -> list[str]:
    from rich.console import Console
    from rich.progress import Progress

    from adapters.record.record_audit import verify

    # On stderr, and only where a person looks: stdout holds the faults and nothing else.
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(words("核对", "checking"), total=None)
        return verify(
            objects,
            Language.of_environment(),
            lambda number, total: progress.update(task, completed=number, total=total),
        )
