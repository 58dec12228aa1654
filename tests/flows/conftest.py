"""One real Prefect server for all tests of flows, started when the first one needs it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import mkdtemp
from typing import TypeVar

import pytest

from cli.prefect_server import PrefectServer
from config.prefect_environment import prefect_environment
from config.settings import Settings

T = TypeVar("T")

# Prefect reads its settings when it is imported, which test modules do when they are collected.
FOLDER = Path(mkdtemp(prefix="fuwen-test-flows-"))
_SERVER = PrefectServer(FOLDER / "server", port=0)
os.environ.update(prefect_environment(Settings(_env_file=None, data_dir=FOLDER, prefect_api_url=_SERVER.api_url)))


@pytest.fixture(scope="session")
def prefect_server() -> Iterator[PrefectServer]:
    """A Prefect server on SQLite, as `fuwen up` starts it."""
    from prefect.settings import get_current_settings

    from flows.work_pool import tell_the_rest

    get_current_settings().flows.heartbeat_frequency = None  # as in flows.office
    _SERVER.start()
    _SERVER.wait()
    yield _SERVER
    tell_the_rest()
    _SERVER.stop()


def eventually(look: Callable[[], T | None], seconds: float = 60.0) -> T:
    """What `look` finds, as soon as it finds something; fails after the deadline."""
    deadline = time.monotonic() + seconds
    while not (found := look()):
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s")
        time.sleep(0.02)
    return found
