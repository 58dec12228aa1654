"""`fuwen verify`: is everything that is public whole and unchanged? Anyone can ask; only public objects are read."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cli.speech import say, words

if TYPE_CHECKING:
    from adapters.record.public_objects import PublicObjects
    from adapters.record.publisher_key import VerifierKeys
    from adapters.record.record_audit import Cursor, Verdict


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare them."""
    parser.add_argument(
        "place",
        nargs="?",
        metavar="ADDRESS-or-FOLDER",
        help=words(
            "公开桶的网址或副本目录；不给则核对本机设置的公开桶",
            "web address or copy of the public bucket; else the configured one",
        ),
    )
    parser.add_argument(
        "--key",
        action="append",
        metavar="KEY",
        help=words("可信的公钥（log/keys.json 中的一行），可多次", "a public key that you trust; may be repeated"),
    )
    parser.add_argument(
        "--cursor",
        type=Path,
        metavar="FILE",
        help=words("记住核对到哪里，下次只核对新的", "remembers how far it came, and goes on from there"),
    )


def run(args: argparse.Namespace) -> int:
    """Say every fault; 1 if there is one."""
    objects = objects_at(args.place)
    if objects is None:
        return 2
    try:
        keys, since = keys_of(args.key), _since(args.cursor)
    except (KeyError, ValueError):
        say("公钥或进度文件无法识别。", "The key or the cursor file makes no sense.", error=True)
        return 2
    verdict = _verdict(objects, keys, since)
    for zh, en in verdict.faults:
        print(words(zh, en))
    if verdict.faults:
        return 1
    if verdict.checkpoint is None:
        return _nothing_public(args.place)
    if args.cursor and verdict.cursor:
        args.cursor.write_text(json.dumps(verdict.cursor.as_json()) + "\n", encoding="utf-8")
    say("全部核对无误。", "Everything is whole and unchanged.")
    return 0


def _nothing_public(place: str | None) -> int:
    """An address that somebody typed must not pass for sound because nothing is there."""
    if place is None:
        say("还没有公开任何内容。", "Nothing is public yet.")
        return 0
    say(
        f"{place} 没有公开记录（缺少 log/checkpoint）。请核对网址或目录。",
        f"{place} holds no public record (log/checkpoint is missing). Is this the right place?",
        error=True,
    )
    return 1


def objects_at(place: str | None) -> PublicObjects | None:
    """The public bucket at this web address, its copy in this folder, or the configured one; says so if it is none."""
    from adapters.record.public_objects import PublicFolder, PublicWeb

    if place is None:
        from cli.running import settings_here
        from tasks.premises import bucket

        return bucket(settings_here(), "public")
    if "://" in place:
        return PublicWeb(place)
    if not Path(place).is_dir():
        say(f"没有这个目录：{place}。", f"There is no such folder: {place}.", error=True)
        return None
    return PublicFolder(Path(place))


def keys_of(lines: list[str] | None) -> VerifierKeys | None:
    """The public keys that a person pins; None for none. Raises ValueError."""
    from adapters.record.publisher_key import VerifierKeys

    return VerifierKeys.of(lines) if lines else None


def _since(path: Path | None) -> Cursor | None:
    from adapters.record.record_audit import Cursor

    return Cursor.from_json(json.loads(path.read_text(encoding="utf-8"))) if path and path.exists() else None


def _verdict(objects: PublicObjects, keys: VerifierKeys | None, since: Cursor | None) -> Verdict:
    from rich.console import Console
    from rich.progress import Progress

    from adapters.record.record_audit import audit

    # On stderr, and only where a person looks: stdout holds the faults and nothing else.
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(words("核对", "checking"), total=None)
        return audit(
            objects,
            keys=keys,
            now=datetime.now(UTC),
            since=since,
            on_entry=lambda number, total: progress.update(task, completed=number, total=total),
        )
