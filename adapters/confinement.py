"""What a process gives up before it looks at a stranger's file, and the proof that it is really gone."""

from __future__ import annotations

import ctypes
import gc
import os
import resource
import signal
import socket
import sys
from dataclasses import dataclass

from adapters import seccomp
from adapters.reading_limits import ReadingLimits

_OPEN_FILES = 16
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, slots=True)
class Confinement:
    """What was tried inside a confined process on this machine and refused. False: it was possible, or not provable."""

    memory: bool
    """Memory beyond the limit."""
    files: bool
    """Opening a file, to read or to write."""
    network: bool
    """A socket."""
    processes: bool
    """Another process."""
    dies_with_parent: bool
    """The kernel ends it when the one that started it is gone, however that ended."""

    @property
    def complete(self) -> bool:
        """Nothing is missing."""
        return self.memory and self.files and self.network and self.processes and self.dies_with_parent


def confine(limits: ReadingLimits, parent: int) -> bool:
    """Give up memory, processor time, files, network and processes, for the rest of this process's life.

    `parent` is the process that must still be there. Returns whether the kernel filters system calls.
    """
    dies = die_with_parent(parent)
    # A cyclic collection would touch, and so copy, every page that is shared with the parent.
    gc.disable()
    for limit, value in _limits(limits):
        # The soft limit of processor time says SIGXCPU, the hard one SIGKILL, which says less.
        resource.setrlimit(limit, (value, value + 1 if limit == resource.RLIMIT_CPU else value))
    if dies and seccomp.is_known_machine():
        try:
            seccomp.seal()
        except OSError:
            return False
        return True
    return False


def _limits(limits: ReadingLimits) -> tuple[tuple[int, int], ...]:
    return (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_AS, limits.memory_bytes),
    )


def die_with_parent(parent: int) -> bool:
    """Ask the kernel to end this process with its parent. False where the kernel does not offer it."""
    if sys.platform != "linux":
        return False
    done = ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) == 0
    if os.getppid() != parent:  # it went before we asked
        os._exit(1)
    return bool(done)


def prove(limits: ReadingLimits, parent: int) -> Confinement:
    """Confine this process and try what must be refused. For a process that has nothing else to do."""
    confine(limits, parent)
    return Confinement(
        memory=_is_refused(lambda: bytearray(limits.memory_bytes)),
        files=_is_refused(lambda: os.open("/", os.O_RDONLY)),
        network=_is_refused(lambda: socket.socket(socket.AF_INET)),
        processes=_is_refused(_fork),
        dies_with_parent=sys.platform == "linux",
    )


def _fork() -> None:
    if os.fork() == 0:
        os._exit(0)


def _is_refused(attempt: object) -> bool:
    assert callable(attempt)  # noqa: S101 - one of the lambdas above
    try:
        attempt()
    except (OSError, MemoryError):
        return True
    return False
