"""Servers that we start and that never outlive us."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from adapters.isolation import child_keeper


@dataclass(frozen=True, slots=True)
class Order:
    """One process to start; what it prints is appended to the log."""

    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path


class KeptProcesses:
    """Processes that live and end together: with each other, with `stop`, and with us, however we end."""

    def __init__(self, orders: Sequence[Order], *, pass_fds: Sequence[int] = (), grace_seconds: float = 5.0) -> None:
        """Start them. `pass_fds` are left open in each; `grace_seconds` pass between asking one to end and making it.

        Raises OSError where a log cannot be written.
        """
        self._grace_seconds = grace_seconds
        for order in orders:
            order.log.parent.mkdir(parents=True, exist_ok=True)
        self._keeper = subprocess.Popen(
            [sys.executable, "-I", child_keeper.__file__],
            stdin=subprocess.PIPE,
            pass_fds=pass_fds,
            start_new_session=True,  # Ctrl-C in the terminal reaches us first, and we end them in order
        )
        wanted = {
            "grace_seconds": grace_seconds,
            "pass_fds": list(pass_fds),
            "orders": [
                {"argv": list(order.command), "env": dict(order.environment), "log": str(order.log)} for order in orders
            ],
        }
        assert self._keeper.stdin is not None  # noqa: S101 - for the type checker
        self._keeper.stdin.write(json.dumps(wanted).encode() + b"\n")
        self._keeper.stdin.flush()

    @property
    def alive(self) -> bool:
        """Whether all of them still run: when one ends, the others are ended too."""
        return self._keeper.poll() is None

    def stop(self) -> None:
        """Ask them to end, then insist; they are gone when this returns. Again is no error."""
        assert self._keeper.stdin is not None  # noqa: S101 - for the type checker
        self._keeper.stdin.close()
        try:
            self._keeper.wait(self._grace_seconds + 10)
        except subprocess.TimeoutExpired:
            self._keeper.kill()  # on Linux its children die with it
            self._keeper.wait()
