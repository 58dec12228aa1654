"""Measuring: wall clock and processor time of a call, and of other processes."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds."""

    wall: float
    cpu: float
    """Of this process, all threads."""


def spent(work: Callable[[], object]) -> Spent:
    """What one call costs, without a collection of garbage that others left."""
    gc.collect()
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return Spent(time.perf_counter() - wall, time.process_time() - cpu)


def best(work: Callable[[], object], rounds: int) -> Spent:
    """The cheapest of several calls, after one that is not counted: what disturbs only ever adds."""
    work()
    found = [spent(work) for _ in range(rounds)]
    return Spent(min(each.wall for each in found), min(each.cpu for each in found))


@dataclass(frozen=True, slots=True)
class Process:
    """One process below this one, as Linux shows it."""

    number: int
    command: str
    cpu: float
    """Seconds so far, with those of its children that have ended."""


def processes_below() -> list[Process]:
    """Every descendant of this process; none where there is no /proc."""
    return [found for process in _children(os.getpid()) if (found := _process(process)) is not None]


def cpu_of(processes: Iterable[Process], words: str) -> float:
    """Seconds of all whose command line contains the words."""
    return sum(process.cpu for process in processes if words in process.command)


def _children(process: int) -> Iterator[int]:
    for listing in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            found = listing.read_text().split()
        except OSError:  # the thread has ended
            continue
        for child in map(int, found):
            yield child
            yield from _children(child)


def _process(process: int) -> Process | None:
    try:
        words = Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        # After the name, which may hold spaces: utime, stime, cutime and cstime are the 12th to 15th.
        numbers = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:  # it has ended
        return None
    return Process(process, words, sum(map(int, numbers[11:15])) / os.sysconf("SC_CLK_TCK"))
