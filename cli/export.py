"""`fuwen export`: what is public, as a bag that an archive takes in."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from cli.speech import say, words


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare them."""
    parser.add_argument(
        "--bagit",
        type=Path,
        required=True,
        metavar="FOLDER",
        help=words("写成 BagIt 包的目录，须不存在或为空", "the folder of the bag; empty, or not there yet"),
    )
    parser.add_argument(
        "place",
        nargs="?",
        metavar="ADDRESS-or-FOLDER",
        help=words(
            "公开桶的网址或副本目录；不给则取本机设置的公开桶",
            "web address or copy of the public bucket; else the configured one",
        ),
    )
    parser.add_argument(
        "--key",
        action="append",
        metavar="KEY",
        help=words("可信的公钥（log/keys.json 中的一行），可多次", "a public key that you trust; may be repeated"),
    )


def run(args: argparse.Namespace) -> int:
    """Write the bag; 1 and every fault if what is public is not whole."""
    from importlib.metadata import version

    from rich.console import Console
    from rich.progress import Progress

    from adapters.record.bag import NotWhole, write_bag
    from cli.verify import keys_of, objects_at

    if args.bagit.exists() and (not args.bagit.is_dir() or any(args.bagit.iterdir())):
        say(f"目录不是空的：{args.bagit}。", f"The folder is not empty: {args.bagit}.", error=True)
        return 2
    objects = objects_at(args.place)
    if objects is None:
        return 2
    try:
        keys = keys_of(args.key)
    except ValueError:
        say("公钥无法识别。", "The key makes no sense.", error=True)
        return 2
    console = Console(stderr=True)
    try:
        with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
            task = progress.add_task(words("导出", "exporting"), total=None)
            done = write_bag(
                objects,
                args.bagit,
                now=datetime.now(UTC),
                software=f"fuwen {version('fuwen')}",
                keys=keys,
                on_entry=lambda number, total: progress.update(task, completed=number, total=total),
            )
    except NotWhole as broken:
        for zh, en in broken.faults:
            print(words(zh, en))
        return 1
    say(
        f"{done.replies} 件复文，{done.files} 个文件，{done.size_bytes:,} 字节。",
        f"{done.replies} replies, {done.files} files, {done.size_bytes:,} bytes.",
    )
    return 0
