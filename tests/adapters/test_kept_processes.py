"""Processes that we start never outlive us, however we end and whatever they wait for."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")

# A child that will not be asked, kept with more patience than a killed parent's child may have.
PARENT = """
import sys
from pathlib import Path
from adapters.isolation.kept_processes import KeptProcesses, Order
child = "import os, pathlib, signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); " \\
    "pathlib.Path(sys.argv[1]).write_text(str(os.getpid())); time.sleep(600)"
folder = Path(sys.argv[1])
kept = KeptProcesses([Order([sys.executable, "-c", child, str(folder / "pid")], {}, folder / "log")], grace_seconds=300)
sys.stdin.read()
"""


def _wait(until: Path | None = None, gone: Path | None = None) -> None:
    deadline = time.monotonic() + 60
    while (until and not (until.exists() and until.read_text())) or (gone and gone.exists()):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_child_that_waits_for_what_died_with_its_parent_is_not_waited_for(tmp_path: Path) -> None:
    """The grace is for an orderly end: after a kill, the store and the server that a child waits for are gone too."""
    parent = subprocess.Popen([sys.executable, "-c", PARENT, str(tmp_path)], stdin=subprocess.PIPE)
    _wait(until=tmp_path / "pid")
    parent.send_signal(signal.SIGKILL)
    parent.communicate()
    _wait(gone=Path("/proc") / (tmp_path / "pid").read_text())
