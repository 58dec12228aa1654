"""Promises of the server that we start: it is ours, or it is none."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from cli.prefect_server import PrefectServer, PrefectServerFailed


def test_another_server_that_took_the_port_meanwhile_is_not_taken_for_ours(
    prefect_server: PrefectServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two stacks that start at once never share a server, in which each would execute the other's runs."""
    taken = int(prefect_server.ui_url.rpartition(":")[2])
    monkeypatch.setattr("cli.prefect_server.free_port", lambda _: taken)
    late = PrefectServer(tmp_path / "late")
    monkeypatch.undo()
    late.start()
    try:
        late.wait()
        assert late.ui_url != prefect_server.ui_url
        assert late.is_running()
    finally:
        late.stop()


def test_a_server_that_cannot_run_is_told_with_its_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cli.prefect_server.sys", SimpleNamespace(executable="/bin/false"))
    broken = PrefectServer(tmp_path, port=0)
    broken.start()
    with pytest.raises(PrefectServerFailed, match=r"server\.log"):
        broken.wait()
    broken.stop()
