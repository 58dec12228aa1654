"""Keeps child processes exactly as long as their parent lives, whatever kills the parent.

Run as a program with `python -I child_keeper.py`; its standard input is a pipe from the parent. First comes one line of
JSON, `{"grace_seconds": …, "pass_fds": […], "orders": [{"argv": […], "env": {…}, "log": path}, …]}`; then nothing,
until the parent closes the pipe or dies. When that happens, or when one child ends, every child is ended.

A process of its own, because the alternatives fail: an exit handler does not survive SIGKILL, and the parent-death
signal of Linux fires already when the *thread* that started the child ends. Imports nothing but the standard library.
"""

from __future__ import annotations

import ctypes
import json
import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

_LOOK_SECONDS = 0.2
_END_LOOK_SECONDS = 0.02
_ORPHAN_GRACE_SECONDS = 2.0
"""After the parent was killed: what a child would wait for, a store or a server, is ended in the same moment."""
_PR_SET_PDEATHSIG = 1


def main() -> int:
    """Start the children, wait for the parent or a child to end, end the rest."""
    parent = os.getppid()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends us in its own order
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    wanted = json.loads(sys.stdin.buffer.readline() or b"{}")
    children: list[subprocess.Popen[bytes]] = []
    try:
        for order in wanted.get("orders", ()):
            children.append(_start(order, wanted["pass_fds"]))  # noqa: PERF401 - if one fails to start, those before it must be ended
        while os.getppid() == parent and not _parent_hung_up():
            if any(child.poll() is not None for child in children):
                return 1
    finally:
        _end(children, wanted.get("grace_seconds", 0.0), parent)
    return 0


def _start(order: dict[str, Any], pass_fds: list[int]) -> subprocess.Popen[bytes]:
    with Path(order["log"]).open("ab") as log:
        return subprocess.Popen(
            order["argv"],
            env=order["env"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=pass_fds,
            preexec_fn=_die_with_the_keeper,  # noqa: PLW1509 - safe: this program has one thread
        )


def _die_with_the_keeper() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _parent_hung_up() -> bool:
    readable, _, _ = select.select([sys.stdin.buffer], [], [], _LOOK_SECONDS)
    return bool(readable)


def _end(children: list[subprocess.Popen[bytes]], grace_seconds: float, parent: int) -> None:
    for child in children:
        child.terminate()
    asked = time.monotonic()
    while any(child.poll() is None for child in children):
        # A killed parent's pipe closes a moment before it is gone, so that is looked at again and again.
        orphaned = os.getppid() != parent
        if time.monotonic() - asked >= (min(grace_seconds, _ORPHAN_GRACE_SECONDS) if orphaned else grace_seconds):
            break
        time.sleep(_END_LOOK_SECONDS)
    for child in children:
        if child.poll() is None:
            child.kill()
            child.wait()


if __name__ == "__main__":
    sys.exit(main())
