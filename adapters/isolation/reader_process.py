"""Starting a reading process. This module imports next to nothing: the parsers load while the caller does the rest."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_END_SECONDS = 10.0
_ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
"""A process with threads cannot fork safely, and several that use every core each stand in each other's way."""


class ReaderProcess:
    """A process of `adapters.isolation.reader_child` that loads its parsers and then waits to be told its limits.

    Hand it to `ReaderPool`, or let go of it: it ends when the other end of its channel closes.
    """

    def __init__(self) -> None:
        """Start it. Raises OSError where no process can be started."""
        self.channel, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [
                    sys.executable,
                    "-E",
                    "-s",
                    "-X",
                    "utf8",
                    "-m",
                    "adapters.isolation.reader_child",
                    str(theirs.fileno()),
                ],
                cwd=_ROOT,
                env=_ENVIRONMENT,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,  # parsers write what they read there
                start_new_session=True,  # Ctrl-C in the terminal ends us, and we end it
            )

    def is_alive(self) -> bool:
        """Whether it can be asked."""
        return self._process.poll() is None

    def kill(self) -> None:
        """End it at once; its child goes with it."""
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        """Hang up, which is how it learns that it is not needed any more, and wait until it is gone."""
        self.channel.close()
        try:
            self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
