"""`python -m benchmarks.odd_pdfs FOLDER`: what becomes of every PDF of a folder of odd, broken and hostile ones.

Each is read in a bounded child and judged as a letter is. What must hold: the process that reads survives all of them,
none takes longer or more memory than the bounds, and each has one fate. One line of JSON for each file goes to --json;
the table goes to standard output. Exit status 0 if all of it held. The files are never copied anywhere.

Without --recognise no page is read by OCR, which costs seconds a page and opens no file.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from adapters.isolation.reader_pool import ReaderPool
from adapters.isolation.reading_limits import ReadingLimits
from adapters.pdf.trust import load_trust
from benchmarks.letters import SAMPLES
from benchmarks.stopwatch import cpu_of, processes_below
from benchmarks.table import Table
from config.rules import load_rules
from domain.gate.review import draft, review
from domain.gate.rules import Rules

_NOW, _TODAY = datetime(2026, 12, 31, tzinfo=UTC), date(2026, 12, 31)
_SLACK_SECONDS = 5.0
"""Between the clock of the pool and ours: the child is killed and waited for."""
_READER = "reader_child"


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one file."""

    file: str
    corpus: str
    fate: str
    """`publish`, `hold`, `reject`; or the name of an exception, which is the failure that is looked for."""
    codes: tuple[str, ...]
    bound: str
    """Which bound ended it; empty for most."""
    pages: int
    seconds: float
    cpu_seconds: float
    """Of the reading processes, in ticks of the system's clock."""


def main() -> int:
    """Read all, say what was found."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.odd_pdfs", description=__doc__)
    parser.add_argument("folder", type=Path, help="each folder in it is one corpus")
    parser.add_argument("--json", type=Path, metavar="FILE", help="one line for each file")
    parser.add_argument("--recognise", action="store_true", help="read pages without a text layer by OCR")
    parser.add_argument("--limit", type=int, default=0, metavar="N", help="the first N of each corpus only")
    args = parser.parse_args()
    paths = _paths(args.folder, args.limit)
    limits = ReadingLimits() if args.recognise else replace(ReadingLimits(), recognised_pages=0)
    told: list[Told] = []
    readers: set[int] = set()
    with (args.json or Path(os.devnull)).open("w", encoding="utf-8") as lines:
        for index, one in enumerate(_read_all(args.folder, paths, limits, readers), 1):
            told.append(one)
            lines.write(json.dumps(asdict(one), ensure_ascii=False) + "\n")
            if index % 100 == 0:
                print(f"\r{index} / {len(paths)}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    for table in (_summary(told, limits, len(readers), peak), _by_corpus(told), _by_code(told)):
        print(f"\n{table.as_text()}", flush=True)
    return 0 if _held(told, limits, len(readers), peak) else 1


def _paths(folder: Path, limit: int) -> list[Path]:
    every = sorted(path for path in folder.rglob("*") if path.suffix.lower() == ".pdf" and path.is_file())
    if not limit:
        return every
    taken: Counter[str] = Counter()
    chosen = []
    for path in every:
        corpus = _corpus(folder, path)
        taken[corpus] += 1
        if taken[corpus] <= limit:
            chosen.append(path)
    return chosen


def _corpus(folder: Path, path: Path) -> str:
    parts = path.relative_to(folder).parts
    return parts[0] if len(parts) > 1 else folder.name


def _read_all(folder: Path, paths: Sequence[Path], limits: ReadingLimits, readers: set[int]) -> Iterator[Told]:
    rules, trust = load_rules(SAMPLES / "config"), load_trust(SAMPLES / "trust")
    with ReaderPool(1, limits, trust) as pool:
        for path in paths:
            yield _read(_corpus(folder, path), path, pool, rules)
            readers.update(process.number for process in processes_below() if _READER in process.command)


def _read(corpus: str, path: Path, pool: ReaderPool, rules: Rules) -> Told:
    wall, cpu = time.perf_counter(), cpu_of(processes_below(), _READER)
    codes: tuple[str, ...] = ()
    bound, pages = "", 0
    try:
        evidence = pool.read(path, _NOW)
        decided = review(evidence, draft(evidence.raw, rules), rules, _TODAY)
        fate, codes, pages = decided.fate.value, tuple(finding.code for finding in decided.findings), evidence.pages
        stopped = [finding for finding in evidence.findings if finding.code == "reading-bounds-exceeded"]
        bound = stopped[0].details["bound"] if stopped else ""
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what is looked for
        fate = type(error).__name__
    seconds = time.perf_counter() - wall
    spent = cpu_of(processes_below(), _READER) - cpu
    return Told(path.name, corpus, fate, codes, bound, pages, round(seconds, 3), round(max(spent, 0.0), 3))


def _failed(told: Sequence[Told]) -> list[Told]:
    return [one for one in told if one.fate not in {"publish", "hold", "reject"}]


def _late(told: Sequence[Told], limits: ReadingLimits) -> list[Told]:
    return [one for one in told if one.seconds > limits.total_seconds + _SLACK_SECONDS]


def _held(told: Sequence[Told], limits: ReadingLimits, readers: int, peak: int) -> bool:
    return not _failed(told) and not _late(told, limits) and readers == 1 and peak <= limits.memory_bytes


def _summary(told: Sequence[Told], limits: ReadingLimits, readers: int, peak: int) -> Table:
    fates = Counter(one.fate for one in told)
    bounds = Counter(one.bound for one in told if one.bound)
    rows: list[tuple[str, str]] = [
        ("files", str(len(told))),
        ("corpora", str(len({one.corpus for one in told}))),
        *((f"fate: {fate}", str(count)) for fate, count in sorted(fates.items())),
        ("without a fate", str(len(_failed(told)))),
        ("reading processes that ended (their children may)", str(readers - 1)),
        ("longer than the clock allows", str(len(_late(told, limits)))),
        *((f"ended by the bound: {bound}", str(count)) for bound, count in sorted(bounds.items())),
        ("CPU ms, median / 99th of 100 / most", _spread([one.cpu_seconds for one in told])),
        ("wall ms, median / 99th of 100 / most", _spread([one.seconds for one in told])),
        ("largest memory of a child, MB", str(peak >> 20)),
    ]
    return Table("odd_pdfs", "Odd PDFs", ("what", "found"), rows, "One reading process, one file after the other.")


def _spread(seconds: Sequence[float]) -> str:
    ordered = sorted(seconds) or [0.0]
    chosen = (ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.99)], ordered[-1])
    return " / ".join(f"{1000 * each:.0f}" for each in chosen)


def _by_corpus(told: Sequence[Told]) -> Table:
    rows = []
    for corpus in sorted({one.corpus for one in told}):
        own = [one for one in told if one.corpus == corpus]
        fates = Counter(one.fate for one in own)
        rows.append(
            (corpus, len(own), fates["publish"], fates["hold"], fates["reject"], _spread([o.seconds for o in own]))
        )
    columns = ("corpus", "files", "publish", "hold", "reject", "wall ms: median / p99 / most")
    return Table("odd_pdfs_by_corpus", "By corpus", columns, rows, "")


def _by_code(told: Sequence[Told]) -> Table:
    counts = Counter(code for one in told for code in set(one.codes))
    return Table("odd_pdfs_by_code", "Files by finding code", ("code", "files"), counts.most_common(), "")


if __name__ == "__main__":
    sys.exit(main())
