"""The main job, end to end: `make demo ONCE=1`, killed in the middle, started again, and once more."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from adapters.record.record_audit import PublicFolder, verify

ROOT = Path(__file__).parent.parent
EXPECTED = json.loads((ROOT / "samples" / "expected.json").read_text(encoding="utf-8"))
pytestmark = [pytest.mark.demo, pytest.mark.timeout(600)]


def environment(data: Path) -> dict[str, str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return os.environ | {"FUWEN_DATA_DIR": str(data), "FUWEN_LANG": "en", "PATH": path}


def demo(data: Path) -> subprocess.CompletedProcess[str]:
    # -o: the environment that runs this test is not installed again
    return subprocess.run(
        ["make", "-o", ".venv/.run", "demo", "ONCE=1"],
        cwd=ROOT,
        env=environment(data),
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )


def _objects(data: Path, bucket: str, folder: str) -> list[dict[str, object]]:
    root = data / "demo" / "store" / "buckets" / bucket / folder
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(root.rglob("*.json"))]


def _public_bytes(data: Path) -> dict[str, bytes]:
    root = data / "demo" / "store" / "buckets" / "public"
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def assert_each_sample_once(data: Path) -> None:
    receipts = _objects(data, "vault", "receipts")
    assert Counter(receipt["key"] for receipt in receipts) == Counter(sample["drop_key"] for sample in EXPECTED)
    fates = Counter(outcome["fate"] for outcome in _objects(data, "vault", "outcomes"))
    assert fates == Counter(sample["fate"] for sample in EXPECTED)
    assert _objects(data, "vault", "open") == []
    inbox = data / "demo" / "store" / "buckets" / "inbox"
    assert [path for path in inbox.rglob("*") if path.is_file()] == []


def _processes_of(data: Path) -> list[str]:
    """Command lines of processes that were started for this data folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            environment = (entry / "environ").read_bytes()
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if f"FUWEN_DATA_DIR={data}".encode() in environment or str(data) in command:
            found.append(command)
    return found


def wait_until_gone(data: Path) -> None:
    deadline = time.monotonic() + 30
    while left := _processes_of(data):
        assert time.monotonic() < deadline, left
        time.sleep(0.2)


def test_the_demo_killed_and_started_again_meets_every_expected_fate_and_a_third_changes_nothing(
    tmp_path: Path,
) -> None:
    """Each sample has its fate once, whenever it is killed."""
    kill_after(3, tmp_path)
    wait_until_gone(tmp_path)

    again = demo(tmp_path)
    assert again.returncode == 0, again.stdout + again.stderr
    assert "as expected" in again.stdout
    assert_each_sample_once(tmp_path)
    root = tmp_path / "demo" / "store" / "buckets" / "public"
    assert verify(PublicFolder(root)) == []
    public = _public_bytes(tmp_path)
    wait_until_gone(tmp_path)

    third = demo(tmp_path)
    assert third.returncode == 0, third.stdout + third.stderr
    assert "nothing changed" in third.stdout
    assert_each_sample_once(tmp_path)
    assert {key for key, body in _public_bytes(tmp_path).items() if public.get(key) != body} == set()
    wait_until_gone(tmp_path)


def kill_after(fates: int, data: Path) -> None:
    """A demo begun, and killed without warning once so many samples have met their fate."""
    begun = subprocess.Popen(
        [sys.executable, "-m", "cli.main", "demo", "--once"],
        cwd=ROOT,
        env=environment(data),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    outcomes = data / "demo" / "store" / "buckets" / "vault" / "outcomes"
    deadline = time.monotonic() + 200
    while len(list(outcomes.glob("*.json"))) < fates:
        assert begun.poll() is None, "the demo ended before it could be killed"
        assert time.monotonic() < deadline
        time.sleep(0.02)
    begun.send_signal(signal.SIGKILL)
    begun.wait()
