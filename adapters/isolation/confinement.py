"""What a process gives up before it looks at a stranger's file, and the proof that it is really gone."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import resource
import signal
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from adapters.isolation import landlock, seccomp
from adapters.isolation.reading_limits import ReadingLimits

_OPEN_FILES = 16
_PR_SET_PDEATHSIG = 1
# Where pdfium looks for them (core/fxge/linux/fx_linux_impl.cpp).
_FONTS = ("/usr/share/fonts", "/usr/share/X11/fonts/Type1", "/usr/share/X11/fonts/TTF", "/usr/local/share/fonts")


@dataclass(frozen=True, slots=True)
class Confinement:
    """What was tried inside a confined process on this machine: True for what was refused, and for `fonts`."""

    memory: bool
    """Memory beyond the limit."""
    files: bool
    """Opening a file, to read or to write, other than a font."""
    network: bool
    """A socket."""
    processes: bool
    """Another process."""
    dies_with_parent: bool
    """The kernel ends it when the one that started it is gone, however that ended."""
    fonts: bool
    """The one thing that is left open: the system's fonts can be read. Without them a letter that does not embed its
    fonts may lose text that is repeated, and has gaps in its picture."""

    @property
    def complete(self) -> bool:
        """Everything that must be refused is."""
        return self.memory and self.files and self.network and self.processes and self.dies_with_parent


def confine(limits: ReadingLimits, parent: int) -> None:
    """Give up memory, processor time, files, network and processes, for the rest of this process's life.

    The system's fonts may still be read, where the kernel can allow that and nothing more: pdfium takes the measures of
    a font that the file does not embed from them, and drops text without. `parent` must still be there.
    """
    die_with_parent(parent)
    # A cyclic collection would touch, and so copy, every page that is shared with the parent.
    gc.disable()
    may_open = seccomp.is_known_machine() and _keep_fonts_only()
    for limit, value in _limits(limits):
        # The soft limit of processor time says SIGXCPU, the hard one SIGKILL, which says less.
        resource.setrlimit(limit, (value, value + 1 if limit == resource.RLIMIT_CPU else value))
    if seccomp.is_known_machine():
        with contextlib.suppress(OSError):  # a kernel without it; `prove` will say so
            seccomp.seal(may_open=may_open)


def _keep_fonts_only() -> bool:
    try:
        seccomp.give_up_privileges()
        landlock.restrict_to(_FONTS)
    except OSError:
        return False
    return True


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
        files=_is_refused(lambda: os.open(__file__, os.O_RDONLY)) and _is_refused(lambda: os.open("/", os.O_RDONLY)),
        network=_is_refused(lambda: socket.socket(socket.AF_INET)),
        processes=_is_refused(_fork),
        dies_with_parent=sys.platform == "linux",
        fonts=not all(_is_refused(partial(os.open, folder, os.O_RDONLY)) for folder in _FONTS),
    )


def _fork() -> None:
    if os.fork() == 0:
        os._exit(0)


def _is_refused(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except (OSError, MemoryError):
        return True
    return False
