"""One stack for all tests of this folder, as an office runs it: `fuwen up`, and a second terminal beside it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.cli.tables import tables_for_today

ROOT = Path(__file__).parents[2]
SECONDS = 120.0
CROWD = 9
"""So many new files at once share a run."""


@dataclass(frozen=True)
class Office:
    """A running `fuwen up`, and a second terminal beside it."""

    data: Path
    process: subprocess.Popen[str]
    environment: dict[str, str]

    def fuwen(self, *words: str) -> subprocess.CompletedProcess[str]:
        return _fuwen(self.environment, *words)

    def status(self) -> dict[str, Any]:
        counts: dict[str, Any] = json.loads(self.fuwen("status", "--json").stdout)
        return counts

    def end(self) -> int:
        """Ended by its supervisor: its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)

    def wait_for_outcomes(self, number: int) -> dict[str, Any]:
        """The counts, once so many documents have their fate."""
        outcomes, deadline = self.data / "store" / "buckets" / "vault" / "outcomes", time.monotonic() + SECONDS
        while len(list(outcomes.glob("*.json"))) < number or list((outcomes.parent / "open").glob("*.json")):
            assert self.process.poll() is None, "the stack ended"
            assert time.monotonic() < deadline
            time.sleep(0.1)
        return self.status()


def _fuwen(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "cli.main", *words]
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=SECONDS, check=False
    )


def _environment(data: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("FUWEN_", "PREFECT_"))}
    return kept | {
        "FUWEN_DATA_DIR": str(data),
        "FUWEN_LANG": "en",
        "FUWEN_TRUST_DIR": str(ROOT / "samples" / "trust"),
        "FUWEN_CONFIG_DIR": str(tables_for_today(data / "tables", ROOT / "samples" / "config")),
        "FUWEN_SETTLE_SECONDS": "0.5",
        "FUWEN_SWEEP_SECONDS": "1",
        "FUWEN_EVENTS_PORT": "0",
        "FUWEN_CROWD_FROM": str(CROWD),
    }


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Started when the first test needs it; the last tests end it."""
    data = tmp_path_factory.mktemp("office")
    environment = _environment(data)
    command = [sys.executable, "-m", "cli.main", "up"]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        running, deadline = Office(data, process, environment), time.monotonic() + SECONDS
        while not (data / "running.json").exists():
            assert process.poll() is None, process.stdout.read() if process.stdout else ""
            assert time.monotonic() < deadline
            time.sleep(0.1)
        yield running
        if process.poll() is None:
            running.end()
