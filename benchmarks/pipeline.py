"""From drop to fate through everything: embedded store, Prefect's server on SQLite, intake, dispatcher, readers."""

from __future__ import annotations

import json
import statistics
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from adapters.record.vault import Vault
from adapters.store.object_store import Bucket, ObjectHead
from benchmarks.letters import SAMPLES, PdfLetter, different_letters
from benchmarks.stopwatch import cpu_of, processes_below
from benchmarks.table import Table
from cli.prefect_server import PrefectServer, free_port
from cli.stack import Stack
from config.settings import Settings
from domain.fate import Published
from domain.object_version import ObjectVersion
from tasks.premises import bucket

_TOKEN = "benchmark"
_PATIENCE_SECONDS = 150.0
_LOOK_SECONDS = 0.01
_PARTS = {
    "store (rclone)": "rclone serve",
    "Prefect's server": "prefect",
    "office (intake, dispatcher, steps)": "cli.main work",
    "readers": "adapters.isolation.reader_child",
}


@dataclass(frozen=True, slots=True)
class _Took:
    """Seconds since the drop."""

    fate: float
    """All have their fate in the vault."""
    completed: float
    """All runs are Completed in Prefect as well."""


def pipeline_tables(*, quick: bool) -> Iterator[Table]:
    """Alone, then a crowd, and what each process spent on the crowd."""
    alone, crowd = (2, 10) if quick else (5, 40)
    with tempfile.TemporaryDirectory(prefix="fuwen-bench-") as folder:
        started = time.perf_counter()
        with _prefect(Path(folder)) as prefect, Stack(_settings(Path(folder), prefect.api_url)) as stack:
            stack.start(lambda _zh, _en: None)
            ready = time.perf_counter() - started
            office = _Office(stack)
            office.send(list(different_letters(1, start=901)))  # the first in its life meets cold caches
            singles = [office.send([letter]) for letter in different_letters(alone, start=1)]
            letters = list(different_letters(crowd, start=101))
            before = _cpu()
            together = office.send(letters)
            spent = {part: after - before[part] for part, after in _cpu().items()}
    yield _times(ready, singles, together, crowd)
    yield _costs(spent, crowd)


@contextmanager
def _prefect(folder: Path) -> Iterator[PrefectServer]:
    """As the stack would start it, but on a port where no other stack of this machine looks for one."""
    server = PrefectServer(folder / "prefect", port=0)
    server.start()
    try:
        server.wait()
        yield server
    finally:
        server.stop()


def _settings(folder: Path, prefect_api_url: str) -> Settings:
    return Settings(_env_file=None).model_copy(
        update={
            "data_dir": folder,
            "config_dir": SAMPLES / "config",
            "trust_dir": SAMPLES / "trust",
            "settle_seconds": 0.0,
            "events_token": _TOKEN,
            "events_port": free_port(0),
            "s3_endpoint_url": None,
            "prefect_api_url": prefect_api_url,
        }
    )


class _Office:
    """Drops letters and waits for what becomes of them."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._inbox = bucket(stack.settings, "inbox")
        self._vault = Vault(bucket(stack.settings, "vault"))

    def send(self, letters: Sequence[PdfLetter]) -> _Took:
        """Drop them, tell the intake, and wait until all are published and their runs over."""
        before, started = self._completed(), time.perf_counter()
        heads = [self._inbox.put(letter.name, letter.data, content_type="application/pdf") for letter in letters]
        self._notify(heads)
        documents = [_document_id(self._inbox, head) for head in heads]
        for document_id in documents:
            self._wait_for_fate(document_id, started)
        fate = time.perf_counter() - started
        while self._completed() < before + len(letters):
            self._look_again(started)
        return _Took(fate, time.perf_counter() - started)

    def _notify(self, heads: Sequence[ObjectHead]) -> None:
        records = [
            {
                "eventSource": "aws:s3",
                "eventName": "ObjectCreated:Put",
                "s3": {"bucket": {"name": self._inbox.name}, "object": {"key": quote(head.key)}},
            }
            for head in heads
        ]
        address = f"http://127.0.0.1:{self._stack.settings.events_port}/events"
        _post(address, {"Records": records}, {"Authorization": f"Bearer {_TOKEN}"})

    def _wait_for_fate(self, document_id: str, started: float) -> None:
        while (outcome := self._vault.outcome(document_id)) is None:
            self._look_again(started)
        assert isinstance(outcome, Published), outcome

    def _completed(self) -> int:
        wanted = {"flow_runs": {"state": {"type": {"any_": ["COMPLETED"]}}}}
        return int(_post(f"{self._stack.settings.prefect_api_url}/flow_runs/count", wanted, {}))

    def _look_again(self, started: float) -> None:
        self._stack.watch()
        if time.perf_counter() - started > _PATIENCE_SECONDS:
            raise TimeoutError(f"not settled within {_PATIENCE_SECONDS:.0f} s")
        time.sleep(_LOOK_SECONDS)


def _document_id(inbox: Bucket, head: ObjectHead) -> str:
    return ObjectVersion.seen(
        inbox.name,
        head.key,
        version_id=head.version_id,
        etag=head.etag,
        size_bytes=head.size_bytes,
        last_modified=head.last_modified,
    ).document_id


def _post(address: str, body: object, headers: dict[str, str]) -> Any:
    request = urllib.request.Request(
        address, json.dumps(body).encode(), {"Content-Type": "application/json", **headers}, method="POST"
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.loads(answer.read() or b"null")


def _cpu() -> dict[str, float]:
    running = processes_below()
    return {part: cpu_of(running, words) for part, words in _PARTS.items()}


def _times(ready: float, singles: Sequence[_Took], together: _Took, crowd: int) -> Table:
    one = statistics.median(each.fate for each in singles)
    over = statistics.median(each.completed for each in singles)
    return Table(
        "pipeline",
        "From drop to fate, through the whole stack",
        ("letters of five pages", "s to the fate", "s to Completed in Prefect", "documents/s"),
        [
            (f"1 alone (median of {len(singles)})", one, over, None),
            (f"{crowd} at once", together.fate, together.completed, crowd / together.fate),
        ],
        f"Embedded store, Prefect's server on SQLite, two documents at once, `FUWEN_SETTLE_SECONDS=0`, one "
        f"notification for what was dropped. The stack was ready {ready:.1f} s after its start.",
    )


def _costs(spent: dict[str, float], crowd: int) -> Table:
    rows = [(part, seconds / crowd) for part, seconds in spent.items()]
    return Table(
        "pipeline_cpu",
        "CPU of one document in the crowd, by process",
        ("process", "CPU s/document"),
        [*rows, ("all", sum(seconds for _, seconds in rows))],
        "The drops and the waiting of the benchmark itself burden the store too." if any(spent.values()) else "",
    )
