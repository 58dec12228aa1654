"""`fuwen backfill FOLDER|s3://BUCKET/PREFIX`: many files at once, with progress, and again from where it broke off."""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from cli.speech import say, words
from cli.system_reason import system_reason

if TYPE_CHECKING:
    from rich.progress import Progress

    from adapters.record.vault import Vault
    from adapters.store.object_store import Bucket
    from config.settings import Settings

_LOOK_AT_A_TIME = 50
_LOOK_AGAIN_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class _Source:
    """A file that may be dropped."""

    name: str
    """Its path below the folder or prefix, with `/`; the key under which it will lie in the inbox."""
    mark: str
    """What changes when the file does."""
    read: Callable[[], bytes]


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare them."""
    where = words("文件夹，或 s3://桶/前缀", "a folder, or s3://BUCKET/PREFIX")
    parser.add_argument("source", metavar="FOLDER|s3://BUCKET/PREFIX", help=where)
    parser.add_argument(
        "--no-wait", action="store_true", help=words("只投放，不等办理结果", "drop them and do not wait for the fates")
    )
    parser.add_argument("--json", action="store_true", help=words("JSON 输出", "print JSON"))


def run(args: argparse.Namespace) -> int:
    """Drop every PDF once and follow it to its fate; 1 if one could not be dropped or was refused."""
    from adapters.record.vault import Vault
    from cli.running import settings_here
    from tasks.premises import bucket

    settings = settings_here()
    sources = _sources(args.source, settings)
    if sources is None:
        return 2
    inbox = bucket(settings, "inbox")
    with _progress(quiet=args.json) as progress:
        journal = _Journal(settings.data_dir / "backfill", f"{inbox.name} {_absolute(args.source)}")
        before, failed = len(journal.documents), _drop_all(sources, inbox, journal, progress)
        fates = Counter[str]() if args.no_wait else _follow(journal, Vault(bucket(settings, "vault")), progress)
    _sum_up(fates, dropped=len(journal.documents) - before, before=before, failed=failed, as_json=args.json)
    return 1 if failed or fates["rejected"] else 0


def _absolute(source: str) -> str:
    return source if source.startswith("s3://") else str(Path(source).absolute())


def _sources(source: str, settings: Settings) -> list[_Source] | None:
    """Every PDF there, in the order of their names; None if there is no such place."""
    if source.startswith("s3://"):
        return _in_bucket(source.removeprefix("s3://"), settings)
    folder = Path(source)
    if not folder.is_dir():
        say(f"没有这个文件夹：{source}。", f"There is no folder {source}.", error=True)
        return None
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() == ".pdf" and path.is_file())
    return [_on_disk(folder, path) for path in paths]


def _on_disk(folder: Path, path: Path) -> _Source:
    about = path.stat()
    return _Source(path.relative_to(folder).as_posix(), f"{about.st_size}/{about.st_mtime_ns}", path.read_bytes)


def _in_bucket(place: str, settings: Settings) -> list[_Source]:
    """Objects of another bucket of the same store, read with the credentials of the inbox."""
    from tasks.premises import bucket

    name, _, prefix = place.partition("/")
    there = bucket(settings.model_copy(update={"inbox_bucket": name}), "inbox")
    folder = prefix.rpartition("/")[0]
    start = len(folder) + 1 if folder else 0
    return [
        _Source(head.key[start:], f"{head.size_bytes}/{head.etag}", lambda key=head.key: there.get(key))  # type: ignore[misc]
        for head in there.list(prefix)
        if head.key.lower().endswith(".pdf")
    ]


class _Journal:
    """What was dropped already, on this machine: a line each, written when the object is there."""

    def __init__(self, folder: Path, what: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / f"{hashlib.sha256(what.encode()).hexdigest()[:16]}.jsonl"
        self._dropped: dict[tuple[str, str], str] = {}
        for line in self._path.read_text(encoding="utf-8").splitlines() if self._path.exists() else ():
            try:
                row = json.loads(line)
            except ValueError:
                continue  # the last line of a process that was killed while it wrote: dropped once more, to no harm
            self._dropped[row["name"], row["mark"]] = row["document_id"]

    @property
    def documents(self) -> list[str]:
        """Ids of all documents that were dropped."""
        return list(dict.fromkeys(self._dropped.values()))

    def has(self, source: _Source) -> bool:
        """Whether this very file was dropped."""
        return (source.name, source.mark) in self._dropped

    def add(self, source: _Source, document_id: str) -> None:
        """It lies in the inbox now."""
        row = {"name": source.name, "mark": source.mark, "document_id": document_id}
        with self._path.open("a", encoding="utf-8") as journal:
            journal.write(json.dumps(row, ensure_ascii=False) + "\n")
        self._dropped[source.name, source.mark] = document_id


def _drop_all(sources: list[_Source], inbox: Bucket, journal: _Journal, progress: Progress) -> int:
    """Drop what was not dropped before; how many could not be."""
    task = progress.add_task(words("投放", "dropping"), total=len(sources))
    failed = 0
    for source in sources:
        if not journal.has(source):
            document_id = _drop_one(source, inbox)
            failed += document_id is None
            if document_id is not None:
                journal.add(source, document_id)
        progress.advance(task)
    return failed


def _drop_one(source: _Source, inbox: Bucket) -> str | None:
    from cli.drop import drop, unfit
    from tasks.clear_inbox import version_of

    if reason := unfit(source.name):
        say(f"{source.name}：{words(*reason)}", f"{source.name}: {words(*reason)}", error=True)
        return None
    try:
        body = source.read()
    except OSError as error:
        told = system_reason(error)
        say(f"{source.name}：打不开（{told}）。", f"{source.name} cannot be opened ({told}).", error=True)
        return None
    return version_of(inbox, drop(inbox, source.name, body)).document_id


def _follow(journal: _Journal, vault: Vault, progress: Progress) -> Counter[str]:
    """Wait until each has its fate, and count them. Ctrl-C ends the waiting, not the work."""
    waiting = dict.fromkeys(journal.documents)
    task = progress.add_task(words("办理", "settling"), total=len(waiting))
    fates: Counter[str] = Counter()
    while waiting:
        settled = [(each, vault.outcome(each)) for each in islice(waiting, _LOOK_AT_A_TIME)]
        for document_id, outcome in settled:
            del waiting[document_id]
            if outcome is None:
                waiting[document_id] = None  # to the end of the queue
            else:
                fates[type(outcome).__name__.lower()] += 1
        progress.update(task, completed=fates.total())
        if all(outcome is None for _, outcome in settled):
            time.sleep(_LOOK_AGAIN_SECONDS)
    return fates


@contextmanager
def _progress(*, quiet: bool) -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), disable=quiet, transient=True) as progress:
        yield progress


def _sum_up(fates: Counter[str], *, dropped: int, before: int, failed: int, as_json: bool) -> None:
    counts = {"dropped": dropped, "dropped_before": before, "failed": failed, **fates}
    if as_json:
        sys.stdout.write(json.dumps(counts) + "\n")
        return
    say(
        f"投放 {dropped} 份，以前已投放 {before} 份，未能投放 {failed} 份。",
        f"{dropped} dropped, {before} dropped before, {failed} could not be.",
    )
    if fates:
        named = {"published": "已公开", "unchanged": "未变", "held": "搁置", "rejected": "退回"}
        told = [(f"{named.get(fate, fate)} {count} 份", f"{count} {fate}") for fate, count in fates.most_common()]
        say("，".join(zh for zh, _ in told) + "。", ", ".join(en for _, en in told) + ".")
