"""What a running stack leaves for other commands: enough to find it, for this user only, while it lives."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr

from cli import running
from config.settings import Settings

SECRET = "not-for-anybody-else"


def _stack(data: Path, **changes: object) -> Settings:
    found = {
        "s3_endpoint_url": "http://127.0.0.1:9000",
        "s3_access_key": "key",
        "s3_secret_key": SecretStr(SECRET),
        "store_folder": data / "store" / "buckets",
        "public_url": "http://127.0.0.1:8080",
        "prefect_api_url": "http://127.0.0.1:4200/api",
        "prefect_ui_url": "http://127.0.0.1:4200",
        "trust_dir": data / "trust",
    }
    return Settings(data_dir=data).model_copy(update=found | changes)


def _elsewhere(data: Path) -> Settings:
    return Settings(data_dir=data)


def test_another_command_finds_the_running_stack(tmp_path: Path) -> None:
    running.write_down(_stack(tmp_path))
    assert running.settings_here(_elsewhere(tmp_path)) == _stack(tmp_path)


def test_only_this_user_can_read_the_keys_and_no_message_shows_them(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        (tmp_path / "running.part").write_text("left behind by a killed one")
        running.write_down(_stack(tmp_path))
    finally:
        os.umask(before)
    path = tmp_path / "running.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in tmp_path.iterdir()] == ["running.json"]
    found = running.settings_here(_elsewhere(tmp_path))
    assert SECRET not in repr(found)
    assert found.credentials("vault") == ("key", SECRET)


def test_what_a_killed_stack_left_behind_is_not_believed(tmp_path: Path) -> None:
    running.write_down(_stack(tmp_path))
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        gone.wait()
    path = tmp_path / "running.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"pid": gone.pid}))
    assert running.settings_here(_elsewhere(tmp_path)) == _elsewhere(tmp_path)


@pytest.mark.parametrize("left", ["", "{", "{}", '{"pid": "x"}'])
def test_what_cannot_be_understood_is_not_believed(left: str, tmp_path: Path) -> None:
    (tmp_path / "running.json").write_text(left)
    assert running.settings_here(_elsewhere(tmp_path)) == _elsewhere(tmp_path)


def test_a_store_that_is_named_gets_nothing_from_the_one_that_runs_here(tmp_path: Path) -> None:
    """Its keys are not tried on another's; the server is still found."""
    running.write_down(_stack(tmp_path))
    mine = _elsewhere(tmp_path).model_copy(update={"s3_endpoint_url": "https://s3.example"})
    found = running.settings_here(mine)
    assert (found.s3_endpoint_url, found.s3_access_key, found.s3_secret_key) == ("https://s3.example", None, None)
    assert found.prefect_api_url == "http://127.0.0.1:4200/api"


def test_what_is_set_stands_before_what_is_found(tmp_path: Path) -> None:
    running.write_down(_stack(tmp_path))
    mine = _elsewhere(tmp_path).model_copy(update={"trust_dir": tmp_path / "mine", "site_name": "mine"})
    found = running.settings_here(mine)
    assert (found.trust_dir, found.site_name) == (tmp_path / "mine", "mine")


def test_a_stopped_stack_is_forgotten(tmp_path: Path) -> None:
    running.write_down(_stack(tmp_path))
    running.forget(_stack(tmp_path))
    running.forget(_stack(tmp_path))
    assert list(tmp_path.iterdir()) == []
