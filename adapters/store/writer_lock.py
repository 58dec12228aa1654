"""The lock of the one writer, for stores that cannot decide between two (docs/adr/0002)."""

from __future__ import annotations

import fcntl
import os
import threading
import time
from pathlib import Path
from types import TracebackType

_POLL_SECONDS = 0.02


class WriterLockBusy(Exception):  # noqa: N818 - named for what is the case
    """Someone else holds the writer lock. `str()` is one Chinese sentence, `en` the same in English."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(zh, en)
        self.zh, self.en = zh, en

    def __str__(self) -> str:
        return self.zh


class WriterLock:
    """Mutual exclusion between threads, processes and their crashes, by an advisory lock on a local file.

    `with lock as fence:` waits up to `timeout_seconds` and gives the fencing number: greater at every acquisition, so
    that a writer that was thought dead can be told from the one that holds the lock now. The kernel frees the lock when
    its holder dies, however it dies. It serves one machine: on network file systems the kernel's promise does not hold.
    Not re-entrant: a thread that asks again while holding it gets RuntimeError, since that is a mistake in the program.
    """

    def __init__(self, path: Path, timeout_seconds: float = 60) -> None:
        self._path = path
        self._timeout_seconds = timeout_seconds
        self._mine = threading.Lock()
        self._holder: int | None = None
        self._descriptor = -1

    def __enter__(self) -> int:
        """Take the lock. Raises WriterLockBusy after the timeout."""
        if self._holder == threading.get_ident():
            raise RuntimeError("this thread holds the writer lock already")
        deadline = time.monotonic() + self._timeout_seconds
        # One file descriptor per object: threads that share this object queue here, everyone else at the file.
        if not self._mine.acquire(timeout=self._timeout_seconds):
            raise _busy(self._timeout_seconds)
        try:
            descriptor = self._lock_file(deadline)
            try:
                fence = _next_fence(descriptor)
                if fence == 1:
                    _keep_entry(self._path.parent)  # a file lost in a power cut would start the count again
            except BaseException:
                os.close(descriptor)
                raise
        except BaseException:
            self._mine.release()
            raise
        self._descriptor, self._holder = descriptor, threading.get_ident()
        return fence

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._holder = None
        # Closing alone would leave the lock to a child that was forked meanwhile.
        fcntl.flock(self._descriptor, fcntl.LOCK_UN)
        os.close(self._descriptor)
        self._mine.release()

    def _lock_file(self, deadline: float) -> int:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            while not _try_lock(descriptor):
                if time.monotonic() >= deadline:
                    raise _busy(self._timeout_seconds)
                time.sleep(_POLL_SECONDS)
        except BaseException:
            os.close(descriptor)
            raise
        return descriptor


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _next_fence(descriptor: int) -> int:
    """Count up in the lock file itself, on the disk before anyone acts on it."""
    written = os.pread(descriptor, 64, 0).split(b"\n")[0]
    if written and not written.isdigit():
        raise ValueError("the writer lock's file does not hold a number; restore it or delete it while nothing runs")
    fence = int(written or 0) + 1
    # Numbers only grow, so that a shorter write can never leave digits of a longer one behind.
    os.pwrite(descriptor, b"%020d\n" % fence, 0)
    os.fsync(descriptor)
    return fence


def _keep_entry(folder: Path) -> None:
    """Put the names in the folder on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _busy(seconds: float) -> WriterLockBusy:
    return WriterLockBusy(
        f"另一个复文进程正在写入，等了 {seconds:g} 秒仍未轮到。请确认没有重复启动，稍后会再试。",
        f"Another Fuwen process is writing; waited {seconds:g} s. Make sure that it was not started twice.",
    )
