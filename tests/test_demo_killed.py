"""The demo killed in the middle and started again: each sample has its fate once."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from adapters.record.record_audit import PublicFolder, verify
from tests.test_demo import ROOT, assert_each_sample_once, demo, environment, wait_until_gone

pytestmark = [pytest.mark.demo, pytest.mark.timeout(600)]


def test_killed_in_the_middle_and_started_again_every_sample_has_its_fate_once(tmp_path: Path) -> None:
    killed = subprocess.Popen(
        [sys.executable, "-m", "cli.main", "demo", "--once"],
        cwd=ROOT,
        env=environment(tmp_path),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    outcomes = tmp_path / "demo" / "store" / "buckets" / "vault" / "outcomes"
    deadline = time.monotonic() + 200
    while len(list(outcomes.glob("*.json"))) < 3:
        assert killed.poll() is None, "the demo ended before it could be killed"
        assert time.monotonic() < deadline
        time.sleep(0.02)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    wait_until_gone(tmp_path)

    again = demo(tmp_path)
    assert again.returncode == 0, again.stdout + again.stderr
    assert_each_sample_once(tmp_path)
    assert verify(PublicFolder(tmp_path / "demo" / "store" / "buckets" / "public")) == []
