"""A server of somebody else's that we start, and that never outlives us."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from adapters import child_keeper

_STOP_SECONDS = 30.0


class ChildProcess:
    """One process, its output appended to a log file; it ends when we end, even if we are killed (`child_keeper`)."""

    def __init__(self, command: Sequence[str], log: Path, environment: Mapping[str, str]) -> None:
        log.parent.mkdir(parents=True, exist_ok=True)
        self.log = log
        self._keeper = subprocess.Popen(
            [sys.executable, "-I", child_keeper.__file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C in the terminal reaches us first, and we stop it in order
        )
        assert self._keeper.stdin is not None and self._keeper.stdout is not None  # noqa: PT018, S101 - pipes
        order = {"argv": list(command), "env": dict(environment), "log": str(log)}
        self._keeper.stdin.write(json.dumps([order]).encode() + b"\n")
        self._keeper.stdin.flush()
        self.pid = int(self._keeper.stdout.readline())

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self._keeper.poll() is None

    def stop(self) -> None:
        """Ask it to end, then insist; it is gone when this returns. Again is no error."""
        assert self._keeper.stdin is not None and self._keeper.stdout is not None  # noqa: PT018, S101 - pipes
        self._keeper.stdin.close()
        self._keeper.stdout.close()
        try:
            self._keeper.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._keeper.kill()  # on Linux its child dies with it
            self._keeper.wait()
