"""The name under which a dispatcher works: one per process of a machine, and free again as soon as the process is dead.

A restarted dispatcher gets the name of the one that was killed, so it knows at once which runs nobody executes any
more, without waiting for a heartbeat to become old.
"""

from __future__ import annotations

import fcntl
import itertools
import socket
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO


@dataclass(frozen=True, slots=True)
class DispatcherName:
    """Who executes a run: the name is kept over restarts, the incarnation is not."""

    name: str
    incarnation: str

    def __str__(self) -> str:
        return f"{self.name}#{self.incarnation}"

    @classmethod
    def read(cls, text: str) -> DispatcherName | None:
        """The name as `str` wrote it, None if it did not."""
        name, mark, incarnation = text.rpartition("#")
        return cls(name, incarnation) if mark and name and incarnation else None


@contextmanager
def first_free_name(folder: Path, machine: str | None = None) -> Iterator[DispatcherName]:
    """The first name of this machine that no living process in `folder` has. The kernel frees it when we die."""
    folder.mkdir(parents=True, exist_ok=True)
    machine = machine or socket.gethostname()
    for number in itertools.count(1):
        name = machine if number == 1 else f"{machine}-{number}"
        with (folder / f"dispatcher-{number}.lock").open("a") as held:
            if _lock(held):
                yield DispatcherName(name, uuid.uuid4().hex[:12])
                return


def _lock(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
