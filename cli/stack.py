"""Everything on this machine: the store, Prefect's server, and the office's own process, started in order."""

from __future__ import annotations

import fcntl
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from adapters.isolation.kept_processes import KeptProcesses, Order
from adapters.store.embedded_store import EmbeddedStore
from cli.prefect_server import PrefectServer, free_port
from config.settings import Settings

_OFFICE_START_SECONDS = 90.0
_OFFICE_STOP_SECONDS = 30.0


class StackFailed(Exception):  # noqa: N818 - named for what is the case
    """A part of the stack did not start or has ended. `str()` is one Chinese sentence, `en` the same in English."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(zh, en)
        self.zh, self.en = zh, en

    def __str__(self) -> str:
        return self.zh


class Stack:
    """The parts that the settings do not say are elsewhere: an embedded store, a Prefect server, intake and work."""

    def __init__(self, settings: Settings) -> None:
        self._directory = settings.data_dir.absolute()
        self._settings = settings
        self._store = None if settings.s3_endpoint_url else EmbeddedStore(self._directory / "store", 9000, 8080)
        self._prefect = None if settings.prefect_api_url else PrefectServer(self._directory / "prefect")
        self._office: KeptProcesses | None = None
        self._lock: IO[str] | None = None
        self._office_log = self._directory / "logs" / "office.log"
        self.settings = settings
        """The settings with the addresses and keys of what was started; complete after `start`."""

    @property
    def portal_url(self) -> str:
        """Where a browser opens the portal."""
        return f"{(self.settings.public_url or '').rstrip('/')}/index.html"

    @property
    def prefect_url(self) -> str:
        """Where an operator opens the Prefect UI."""
        return self.settings.prefect_ui_url or self.settings.prefect_api_url or ""

    def start(self, progress: Callable[[str, str], None]) -> None:
        """Start all; `progress` is told what is being waited for, in both languages.

        Raises RulesError, TrustFolderError before anything is started, else StackFailed and what the parts raise.
        """
        self._check_tables()
        self._only_one()
        if self._prefect:  # first, because it takes longest
            self._prefect.start()
        progress("启动存储", "starting the store")
        if self._store:
            self._store.start()
        self.settings = self._settings.model_copy(update=self._store_addresses())
        progress("准备存储桶与门户页面", "preparing buckets and portal")
        from cli.setup_store import set_up

        set_up(self.settings)
        progress("启动 Prefect 服务", "starting the Prefect server")
        if self._prefect:
            self._prefect.wait()
        self.settings = self.settings.model_copy(update=self._other_addresses())
        progress("启动收件与办理", "starting intake and work")
        self._office = self._start_office()

    def watch(self) -> None:
        """Return while all parts live; raise StackFailed naming the one that does not."""
        if self._store and not self._store.is_running():
            raise StackFailed(
                f"内置存储已停止，详情见 {self._directory / 'store' / 'store.log'}",
                f"The embedded store has ended; see {self._directory / 'store' / 'store.log'}",
            )
        if self._prefect and not self._prefect.is_running():
            raise StackFailed(
                f"Prefect 服务已停止，详情见 {self._prefect.log}。没有文件丢失，重新启动即可继续。",
                f"The Prefect server has ended; see {self._prefect.log}. No file is lost: start again to go on.",
            )
        if self._office and not self._office.alive:
            raise StackFailed(
                f"收件与办理进程已停止，详情见 {self._office_log}",
                f"The office's process has ended; see {self._office_log}",
            )

    def stop(self) -> None:
        """Stop all in the opposite order; nothing is left behind."""
        for part in (self._office, self._prefect, self._store):
            if part:
                part.stop()
        if self._lock:
            self._lock.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _check_tables(self) -> None:
        from config.rules import load_rules
        from tasks.reading_bounds import trust_anchors

        load_rules(self._settings.config_dir)
        trust_anchors(self._settings)

    def _only_one(self) -> None:
        """Two stacks in one folder would share Prefect's database. The kernel frees the lock when we die."""
        self._directory.mkdir(parents=True, exist_ok=True)
        self._lock = (self._directory / "up.lock").open("a")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StackFailed(
                f"目录 {self._directory} 里已有一个复文在运行。请使用已启动的那个，或先停止它。",
                f"Fuwen is running in {self._directory} already; use that one or stop it first.",
            ) from None

    def _store_addresses(self) -> dict[str, object]:
        if self._store is None:
            return {}
        return {
            "s3_endpoint_url": self._store.endpoint_url,
            "s3_access_key": self._store.access_key,
            "s3_secret_key": _secret(self._store.secret_key),
            "store_folder": self._store.folder,
            "public_url": self._settings.public_url or self._store.public_url,
        }

    def _other_addresses(self) -> dict[str, object]:
        """As late as can be: a port that is free now may be taken in a while."""
        found: dict[str, object] = {}
        if self._prefect:
            found |= {"prefect_api_url": self._prefect.api_url, "prefect_ui_url": self._prefect.ui_url}
        if self._store and "events_port" not in self._settings.model_fields_set:  # nobody was told of it: any will do
            found["events_port"] = free_port(self._settings.events_port)
        return found

    def _start_office(self) -> KeptProcesses:
        ready = self._directory / "office.ready"
        ready.unlink(missing_ok=True)
        command = [sys.executable, "-m", "cli.main", "work", "--intake", "--ready-file", str(ready)]
        log = self._office_log
        office = KeptProcesses([Order(command, self._environment(), log)], grace_seconds=_OFFICE_STOP_SECONDS)
        deadline = time.monotonic() + _OFFICE_START_SECONDS
        while not ready.exists():
            if not office.alive or time.monotonic() > deadline:
                office.stop()
                said = _last_words(log)
                raise StackFailed(
                    f"收件与办理进程没有启动：{said or '原因不明。'}详情见 {log}。",
                    f"The office's process did not start: {said or 'nobody knows why.'} See {log}.",
                )
            time.sleep(0.05)
        return office

    def _environment(self) -> dict[str, str]:
        values = self.settings.model_dump(exclude_none=True)
        named = {f"FUWEN_{name.upper()}": _spelled(value) for name, value in values.items()}
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "FUWEN_"))}
        return kept | named


def _spelled(value: object) -> str:
    if hasattr(value, "get_secret_value"):
        return str(value.get_secret_value())
    return str(value.absolute()) if isinstance(value, Path) else str(value)


def _last_words(log: Path) -> str:
    """The sentence that the process ended with; what it logged before is JSON."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.exists() else []
    last = next((line for line in reversed(lines) if line.strip()), "")
    return "" if last.startswith("{") else last


def _secret(value: str) -> object:
    from pydantic import SecretStr

    return SecretStr(value)
