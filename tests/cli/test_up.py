"""`fuwen up` as an office runs it: other commands find it, a dropped letter is published, it ends without a trace."""

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
LETTER = ROOT / "samples" / "letters" / "01-yanxi-153062.pdf"
SECONDS = 120.0
pytestmark = pytest.mark.timeout(300)


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
    }


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A stack of this file's own."""
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
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def test_a_dropped_letter_is_published_corrected_and_counted(office: Office) -> None:
    """The commands of the README, one after the other, against a real stack."""
    examined = office.fuwen("doctor")
    assert examined.returncode == 0, examined.stdout
    assert office.fuwen("drop", str(LETTER)).returncode == 0
    office.wait_for_outcomes(1)
    assert office.fuwen("drop", str(LETTER)).returncode == 0
    counts = office.wait_for_outcomes(2)
    assert (counts["received"], counts["published"], counts["unchanged"]) == (2, 1, 1)

    [reply] = [path.name for path in (office.data / "store" / "buckets" / "public" / "doc").iterdir()]
    assert office.fuwen("correct", reply, str(LETTER)).returncode == 0
    assert office.wait_for_outcomes(3)["balanced"] is True
    for command in ("status", "rebuild", "verify"):
        run = office.fuwen(command)
        assert (run.returncode, run.stderr) == (0, ""), command


def test_the_log_is_json_lines_without_the_name_of_any_file(office: Office) -> None:
    lines = (office.data / "logs" / "office.log").read_text(encoding="utf-8").splitlines()
    assert {"document.registered", "reply.settled"} <= {json.loads(line)["event"] for line in lines}
    assert not [line for line in lines if LETTER.stem in line or "153062" in line]


def test_a_second_stack_over_the_same_data_is_refused_and_the_first_goes_on(office: Office) -> None:
    second = office.fuwen("up")
    assert second.returncode == 1
    assert "already" in second.stderr
    assert office.status()["balanced"] is True


def test_ended_by_its_supervisor_it_leaves_nothing_running(office: Office) -> None:
    """The last test of this file: it ends the stack."""
    office.process.send_signal(signal.SIGTERM)
    assert office.process.wait(60) == 130
    assert not (office.data / "running.json").exists()
    assert "run fuwen up" in office.fuwen("status").stderr
