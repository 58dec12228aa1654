"""Whether memory grows: many documents read one after the other in one process, without the child that forgets."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from adapters.isolation.reading_limits import ReadingLimits
from adapters.pdf.preview import first_page_jpeg
from adapters.pdf.trust import load_trust
from adapters.record.original import read_original
from benchmarks.letters import SAMPLES, published_samples
from benchmarks.table import Table

_NOW = datetime(2026, 12, 31, tzinfo=UTC)
DOCUMENTS, QUICK = 1000, 200
_LOOKED_AT = 50


def memory_table(*, quick: bool) -> Table:
    """Resident memory after every so many documents, in a process of its own."""
    count = QUICK if quick else DOCUMENTS
    command = [sys.executable, "-m", "benchmarks.reading_memory", str(count)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=SAMPLES.parent)
    rows = [tuple(json.loads(line)) for line in done.stdout.splitlines()]
    shown = [row for row in rows if row[0] in {_LOOKED_AT, 100, 200, 500, count}]
    first = rows[0][1]
    return Table(
        "reading_memory",
        "Memory of one process that reads one document after the other",
        ("documents", "resident MB", "more than after 50, MB"),
        [(int(number), megabytes, megabytes - first) for number, megabytes in shown],
        f"{count} documents: the sample letters in turn, inspected, verified, read twice and drawn, in process. "
        "In use every document has a child of its own, and what it took is gone with it.",
    )


def resident_after(documents: int, step: int = _LOOKED_AT) -> Iterator[tuple[int, float]]:
    """Read so many documents; how many there were so far, and resident memory in MB, after every step."""
    trust, limits = load_trust(SAMPLES / "trust"), ReadingLimits()
    letters = [letter.data for letter in published_samples()]
    for number in range(1, documents + 1):
        data = letters[number % len(letters)]
        read_original(data, trust, limits, _NOW)
        first_page_jpeg(data, limits)
        if number % step == 0:
            yield number, _resident()


def _resident() -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


if __name__ == "__main__":
    for row in resident_after(int(sys.argv[1])):
        print(json.dumps(row), flush=True)
