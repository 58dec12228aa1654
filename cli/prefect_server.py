"""Prefect's own server on this machine, with SQLite, for one office or a newcomer's first minute."""

from __future__ import annotations

import http.client
import json
import os
import socket
import sys
import time
import urllib.request
from pathlib import Path

from adapters.isolation.kept_processes import KeptProcesses, Order

_START_SECONDS = 120.0


def free_port(wanted: int) -> int:
    """The wanted port on loopback, or any free one where it is taken."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise OSError("no free port on 127.0.0.1")


class PrefectServerFailed(Exception):  # noqa: N818 - named for what is the case
    """Prefect's server cannot run. `str()` is one Chinese sentence, `en` the same in English."""

    def __init__(self, log: Path) -> None:
        super().__init__(log)
        self.en = f"Prefect's server did not start; see {log}. Its database is disposable: the folder may be deleted."

    def __str__(self) -> str:
        return f"Prefect 服务没有启动，原因见 {self.args[0]}。它的数据库不是记录，必要时可删除该目录后重新启动。"


class PrefectServer:
    """One server process. Its database is disposable: the vault is the record."""

    def __init__(self, directory: Path, port: int = 4200) -> None:
        self._directory = directory
        self._port = free_port(port)
        self._process: KeptProcesses | None = None

    @property
    def ui_url(self) -> str:
        """What an operator opens in a browser."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def api_url(self) -> str:
        """What PREFECT_API_URL is to be. Meaningful once it answers."""
        return f"{self.ui_url}/api"

    def start(self) -> None:
        """Start it; `wait` until it answers."""
        self._directory.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(self._port)]
        self._process = KeptProcesses([Order(command, self._environment(), self.log)])

    def wait(self) -> None:
        """Return once it answers, at another port than before where that was taken meanwhile.

        Raises PrefectServerFailed.
        """
        deadline = time.monotonic() + _START_SECONDS
        while not self._answers():
            ended = not self.is_running()
            if ended and self._process and free_port(self._port) != self._port:
                self.stop()
                self._port = free_port(0)
                self.start()
            elif ended or time.monotonic() > deadline:
                raise PrefectServerFailed(self.log)
            time.sleep(0.1)

    def is_running(self) -> bool:
        """Whether its process lives."""
        return self._process is not None and self._process.alive

    @property
    def log(self) -> Path:
        """What the server said."""
        return self._directory / "server.log"

    def stop(self) -> None:
        """Stop it; nothing is left behind."""
        if self._process is not None:
            self._process.stop()
            self._process = None

    def _answers(self) -> bool:
        """Whether it is ours that answers: another one may have taken the port since we looked, and would mix runs."""
        try:
            with urllib.request.urlopen(f"{self.api_url}/admin/settings", timeout=2) as answer:  # noqa: S310  loopback
                return bool(json.load(answer)["home"] == str(self._directory.resolve()))
        except (OSError, ValueError, LookupError, TypeError, http.client.HTTPException):
            return False

    def _environment(self) -> dict[str, str]:
        home = str(self._directory.resolve())
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
        return kept | {
            "PREFECT_HOME": home,
            "PREFECT_PROFILES_PATH": f"{home}/profiles.toml",
            "PREFECT_API_DATABASE_CONNECTION_URL": f"sqlite+aiosqlite:///{home}/prefect.db",
            "PREFECT_SERVER_UI_API_URL": self.api_url,
            # Nothing leaves this machine, and an operator is shown no advertisements.
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
            "DO_NOT_TRACK": "1",
            "PREFECT_LOGGING_SERVER_LEVEL": "WARNING",
            # By default each of the three states of each step is a transaction of its own: a third of the server's
            # work, on a database that lets one write at a time. Together, the UI shows a step up to a second later.
            "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "100",
            "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "1",  # whole seconds; below 1 it never rests
        }
