"""The services of the compose file, as it spells them, on this machine: PostgreSQL, Redis, Prefect in two parts, a
watcher and two workers on Ceph RGW, which decides between writers. Only the containers and the store's accounts are
missing.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from adapters.record.record_audit import verify
from adapters.record.vault import Vault
from adapters.store.object_store import Bucket, WriteMode, connect
from adapters.store.store_probe import probe
from cli.prefect_server import free_port
from domain.fate import Published
from samples.factory import letter, pdf_of
from tests.adapters.publishing import SIGNING_KEY
from tests.deploy.test_compose import ROOT, SERVICES

URL = os.environ.get("FUWEN_TEST_RGW_URL")
_POSTGRES = next((path.parent for path in sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))), None)
pytestmark = [
    pytest.mark.stores,
    pytest.mark.timeout(600),
    pytest.mark.skipif(not URL, reason="FUWEN_TEST_RGW_URL is not set: run tests/real_s3/run"),
    pytest.mark.skipif(not (_POSTGRES and shutil.which("redis-server")), reason="PostgreSQL or Redis not installed"),
]
LETTERS = 24


@contextmanager
def running(command: list[str], log: Path, **how: Any) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("ab") as written:
        process = subprocess.Popen(command, stdout=written, stderr=written, start_new_session=True, **how)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(40)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_for(what: str, is_so: Callable[[], object], seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, what
        time.sleep(0.2)


def is_open(port: int) -> bool:
    with socket.socket() as probed:
        return probed.connect_ex(("127.0.0.1", port)) == 0


def is_healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/health", timeout=3) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


class Services:
    """What the compose file says, with the addresses of this machine in the place of its networks."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.postgres, self.redis, self.prefect, self.events = (free_port(0) for _ in range(4))
        assert URL
        parts = urlsplit(URL)
        self.store = f"http://{parts.hostname}:{parts.port}"
        self.keys = str(parts.username), str(parts.password)

    def environment(self, service: str, **more: str) -> Mapping[str, str]:
        """Of one service, as the compose file gives it."""
        said = {name: self._here(str(value)) for name, value in SERVICES[service].get("environment", {}).items()}
        named = {
            "FUWEN_DATA_DIR": str(self.folder),
            "FUWEN_LOCK_DIR": str(self.folder / "lock"),
            "FUWEN_TRUST_DIR": str(ROOT / "samples" / "trust"),
            "FUWEN_CONFIG_DIR": str(ROOT / "samples" / "config"),
            "FUWEN_LANG": "en",
            "PREFECT_HOME": str(self.folder / "prefect"),
        }
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        return said | (named if service not in {"postgres", "redis"} else {}) | {"PATH": path} | more

    def command(self, service: str) -> list[str]:
        return [self._here(word) for word in SERVICES[service]["command"]]

    def _here(self, text: str) -> str:
        text = re.sub(r"\$\{\w+-([^}]*)\}", r"\1", text)  # what an office may leave unset
        for name in re.findall(r"\$\{(\w+):[?-][^}]*\}", text):
            text = re.sub(rf"\$\{{{name}:[?-][^}}]*\}}", self._value(name), text)
        named = {
            "postgres:5432": f"127.0.0.1:{self.postgres}",
            "http://s3:7070": self.store,
            "prefect:4200": f"127.0.0.1:{self.prefect}",
            "6379": str(self.redis),
            "4200": str(self.prefect),
            "8788": str(self.events),
            "0.0.0.0": "127.0.0.1",
            "/tmp/prefect-ui": str(self.folder / "ui"),
        }
        for there, here in named.items():
            text = text.replace(there, here)
        return "127.0.0.1" if text == "redis" else text

    def _value(self, name: str) -> str:
        if name.endswith("ACCESS_KEY"):
            return self.keys[0]
        if name.endswith("SECRET_KEY"):
            return self.keys[1]
        if name == "SIGNING_KEY":
            return SIGNING_KEY
        return {"PUBLIC_URL": "http://public.example", "PREFECT_UI_URL": f"http://127.0.0.1:{self.prefect}"}.get(
            name, "only-for-tests"
        )

    @contextmanager
    def started(self, service: str) -> Iterator[subprocess.Popen[bytes]]:
        log = self.folder / f"{service}.log"
        with running(self.command(service), log, cwd=ROOT, env=self.environment(service)) as process:
            yield process

    @contextmanager
    def database(self) -> Iterator[None]:
        """PostgreSQL refuses to be root."""
        assert _POSTGRES
        data = self.folder / "postgres"
        as_other = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        if as_other:
            data.mkdir()
            shutil.chown(data, "postgres", "postgres")
            for parent in (self.folder, *self.folder.parents):
                if parent != Path("/"):
                    parent.chmod(parent.stat().st_mode | 0o011)
        initialise = [*as_other, f"{_POSTGRES}/initdb", "-D", str(data), "-U", "prefect", "-A", "trust", "-E", "UTF8"]
        subprocess.run(initialise, cwd="/", check=True, capture_output=True)
        options = ["-p", str(self.postgres), "-k", "", "-h", "127.0.0.1", "-c", "fsync=off"]
        command = [*as_other, f"{_POSTGRES}/postgres", "-D", str(data), *options]
        with running(command, self.folder / "postgres.log", cwd="/"):
            wait_for("PostgreSQL", lambda: is_open(self.postgres))
            address = ["-h", "127.0.0.1", "-p", str(self.postgres), "-U", "prefect"]
            create = [f"{_POSTGRES}/createdb", *address, "prefect"]
            wait_for("its database", lambda: subprocess.run(create, capture_output=True, check=False).returncode == 0)
            yield

    @contextmanager
    def broker(self) -> Iterator[None]:
        options = ["--port", str(self.redis), "--bind", "127.0.0.1", "--dir", str(self.folder)]
        command = [*self.command("redis"), *options]
        with running(command, self.folder / "redis.log"):
            wait_for("Redis", lambda: is_open(self.redis))
            yield

    def bucket(self, name: str) -> Bucket:
        client = connect(self.store, *self.keys, "us-east-1")
        return Bucket(client, name, WriteMode.SINGLE_WRITER)


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    with ExitStack() as open_now:
        made = Services(tmp_path_factory.mktemp("services"))
        open_now.enter_context(made.database())
        open_now.enter_context(made.broker())
        subprocess.run(made.command("setup"), cwd=ROOT, env=made.environment("setup"), check=True, timeout=120)
        yield made


def test_the_services_of_the_compose_file_settle_a_crowd_although_they_are_killed(services: Services) -> None:
    """A worker killed, the server's two parts restarted: each letter is published once, and the record is whole."""
    with ExitStack() as office:
        server, helpers = ExitStack(), ExitStack()
        office.enter_context(server)
        office.enter_context(helpers)
        server.enter_context(services.started("prefect"))
        wait_for("Prefect", lambda: is_healthy(services.prefect))
        helpers.enter_context(services.started("prefect-services"))
        workers = [office.enter_context(services.started("worker")) for _ in range(2)]
        office.enter_context(services.started("watcher"))

        inbox, vault = services.bucket("inbox"), Vault(services.bucket("vault"))
        for serial in range(500, 500 + LETTERS):
            title = ("对区政协十五届三次会议", f"第153{serial}号提案的答复")
            body = pdf_of(letter(title=title, document_number=f"砚府〔2024〕{serial}号"))
            inbox.put(f"{serial}.pdf", body, content_type="application/pdf")

        outcomes = services.bucket("vault")
        wait_for("the first fates", lambda: len(list(islice(outcomes.list("outcomes/"), 4))) == 4, 200)
        workers[0].kill()
        server.close()
        helpers.close()
        server.enter_context(services.started("prefect"))
        wait_for("Prefect again", lambda: is_healthy(services.prefect))
        helpers.enter_context(services.started("prefect-services"))
        workers.append(office.enter_context(services.started("worker")))

        wait_for("every fate", lambda: len(list(outcomes.list("outcomes/"))) == LETTERS, 240)
        wait_for("an empty inbox", lambda: not list(inbox.list()), 60)
    documents = [head.key.removeprefix("outcomes/").removesuffix(".json") for head in outcomes.list("outcomes/")]
    fates = Counter(type(vault.outcome(document)) for document in documents)
    assert fates == {Published: LETTERS}
    public = services.bucket("public")
    assert verify(public) == []
    # `doc/` holds a folder for each reply: as many as letters, whatever each folder keeps.
    assert len({head.key.split("/")[1] for head in public.list("doc/")}) == LETTERS


def test_on_this_store_no_worker_waits_for_a_lock(services: Services) -> None:
    """Ceph RGW decides between writers, so the workers of several machines may publish at once."""
    assert probe(services.bucket("public").client, "public").mode is WriteMode.COMPARE_AND_SWAP
