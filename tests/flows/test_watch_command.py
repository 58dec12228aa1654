"""`fuwen watch`: intake alone. It makes the runs, executes none, and outlives its server."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from adapters.record.vault import Vault
from adapters.store.object_store import Bucket
from cli.main import main
from cli.prefect_server import PrefectServer
from tests.adapters.publishing import World
from tests.cli.conftest import _nothing_set, inbox, world  # noqa: F401 - fixtures

ROOT = Path(__file__).parents[2]
LETTER = ROOT / "samples" / "letters" / "01-yanxi-153062.pdf"
POOL = "watch-command"
"""Nobody else's."""
pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def port() -> int:
    """A free one."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def watcher(
    world: World,  # noqa: F811
    prefect_server: PrefectServer,
    port: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[subprocess.Popen[str]]:
    named = {
        "PREFECT_API_URL": prefect_server.api_url,
        "WORK_POOL": POOL,
        "EVENTS_PORT": str(port),
        "EVENTS_TOKEN": "let-me-in",
    }
    for name, value in (named | {"SETTLE_SECONDS": "0.2", "SWEEP_SECONDS": "60"}).items():
        monkeypatch.setenv(f"FUWEN_{name}", value)
    ready = tmp_path / "ready"
    command = [sys.executable, "-m", "cli.main", "watch", "--ready-file", str(ready)]
    with subprocess.Popen(command, cwd=ROOT, env=dict(os.environ), stderr=subprocess.PIPE, text=True) as process:
        _eventually(ready.exists)
        yield process
        if process.poll() is None:
            process.kill()


def _eventually(look: Callable[[], Any], seconds: float = 120.0) -> Any:
    deadline = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return found


def _runs(prefect_server: PrefectServer) -> list[dict[str, Any]]:
    request = urllib.request.Request(
        f"{prefect_server.api_url}/flow_runs/filter",
        json.dumps({"work_pools": {"name": {"any_": [POOL]}}}).encode(),
        {"Content-Type": "application/json"},
        method="POST",
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        found: list[dict[str, Any]] = json.load(answer)
    return found


def _is_well(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=10) as answer:
            return bool(json.load(answer)["status"] == "ok")
    except urllib.error.HTTPError:
        return False


def _notify(port: int, bucket: str, key: str, token: str) -> int:
    event = {"Records": [{"eventName": "ObjectCreated:Put", "s3": {"bucket": {"name": bucket}, "object": {}}}]}
    event["Records"][0]["s3"]["object"]["key"] = key  # type: ignore[index]
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/events", json.dumps(event).encode(), {"Authorization": f"Bearer {token}"}
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        return refused.code


def test_a_new_file_gets_one_run_that_waits_for_a_worker(
    watcher: subprocess.Popen[str],
    prefect_server: PrefectServer,
    inbox: Bucket,  # noqa: F811
    port: int,
    world: World,  # noqa: F811
) -> None:
    """However often it is told of; the file itself is neither read nor moved."""
    _eventually(lambda: _is_well(port))  # once the inbox was listed for the first time
    assert main(["drop", str(LETTER)]) == 0
    assert _notify(port, inbox.name, LETTER.name, "a guess") == 401
    for _ in range(3):
        assert _notify(port, inbox.name, LETTER.name, "let-me-in") == 200
    [run] = _eventually(lambda: _runs(prefect_server))
    assert run["state_type"] == "SCHEDULED"
    assert run["parameters"]["key"] == LETTER.name
    assert [found.key for found in inbox.list()] == [LETTER.name]
    assert list(Vault(world.private).receipts()) == []

    watcher.send_signal(signal.SIGTERM)
    assert watcher.wait(30) == 0
    assert watcher.stderr is not None
    events = [json.loads(line)["event"] for line in watcher.stderr]
    assert events.count("document.registered") == 1
    assert len(_runs(prefect_server)) == 1
