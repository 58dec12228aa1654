"""Intake: what lies in the inbox gets its run, once for each object version, whoever told us of it.

A notification only points, HEAD decides, and the sweep that lists everything is alone enough: notifications only make
it faster.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from typing import Final

import structlog

from adapters.intake.s3_events import Hint
from adapters.record.ledger import received_day
from adapters.record.vault import Vault
from adapters.store.object_store import Bucket, ObjectHead, StoreError, StoreUnavailable
from domain.inbox_key import is_left_alone
from domain.object_version import ObjectVersion
from flows.reply_runs import ReplyRuns
from flows.work_pool import SERVER_AWAY, connection, why_away

_HINTS: Final = 10_000
_RETRY_SECONDS: Final = 2.0
_IDLE_SECONDS: Final = 1.0

_log = structlog.get_logger()


_FRESH_SECONDS: Final = 60.0


@dataclass(frozen=True, slots=True)
class Sight:
    """How an object looked. ETag and version say too little: some servers have none for a file in their folder."""

    etag: str
    size_bytes: int
    modified: float

    @classmethod
    def of(cls, head: ObjectHead) -> Sight:
        """As HEAD or a listing shows it."""
        return cls(head.etag, head.size_bytes, head.last_modified.timestamp())


@dataclass(frozen=True, slots=True)
class Taken:
    """An object that has its run and still lies in the inbox."""

    sight: Sight
    version: ObjectVersion
    at: float


class Settling:
    """The rule for files that are still growing: whole is what looked the same twice, `seconds` apart."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._since: dict[str, tuple[Sight, float]] = {}
        self._due: dict[str, float] = {}

    def see(self, key: str, sight: Sight, now: float) -> bool:
        """Whether the object is whole, as of this look at it. If not, it is due for another look later."""
        before, since = self._since.get(key, (None, now))
        if before != sight:
            self._since[key], since = (sight, now), now
        if now - since >= self._seconds:
            return True
        self._due[key] = since + self._seconds
        return False

    def postpone(self, key: str, until: float) -> None:
        """Something went wrong with it: look again then."""
        self._due[key] = until

    def forget(self, key: str) -> None:
        """It was taken, or is gone."""
        self._since.pop(key, None)
        self._due.pop(key, None)

    def due(self, now: float) -> list[str]:
        """Keys to look at now, the longest waiting first."""
        return sorted((key for key, at in self._due.items() if at <= now), key=self._due.__getitem__)

    def next_due(self) -> float | None:
        """When the next look is due; None if nothing waits."""
        return min(self._due.values(), default=None)


class InboxWatcher:
    """Watches one inbox from `start` to `stop`: one thread looks at single objects, one lists them all."""

    def __init__(
        self,
        inbox: Bucket,
        vault: Vault,
        runs: ReplyRuns,
        *,
        settle_seconds: float,
        sweep_seconds: float,
    ) -> None:
        self._inbox, self._vault, self._runs = inbox, vault, runs
        self._sweep_seconds = sweep_seconds
        self._settling = Settling(settle_seconds)
        self._taken: dict[str, Taken] = {}
        self._state = threading.Lock()
        self._hints: queue.Queue[Hint | None] = queue.Queue(_HINTS)
        self._stopping = threading.Event()
        self._swept_at: float | None = None
        self._added_up_on: date | None = None
        self._trouble: str | None = None
        self._threads = [
            threading.Thread(target=self._repeat, args=(work,), name=name, daemon=True)
            for name, work in (("intake", self._look_around), ("sweep", self._sweep_once_more))
        ]

    # --- from outside -------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin with a sweep."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Take nothing more. What was not registered is found by the next sweep."""
        self._stopping.set()
        for thread in self._threads:
            thread.join(2)

    def heed(self, hint: Hint) -> None:
        """Look where it points, soon. Never blocks: what finds no room is found by the sweep."""
        if hint.bucket != self._inbox.name:
            return
        try:
            self._hints.put_nowait(hint)
        except queue.Full:
            _log.warning("hint.dropped")

    def health(self) -> tuple[bool, Mapping[str, object]]:
        """Whether the inbox was listed lately, and what is in the way if not."""
        age = None if self._swept_at is None else time.monotonic() - self._swept_at
        healthy = age is not None and age < 3 * self._sweep_seconds + 60
        seconds = None if age is None else round(age, 1)
        return healthy, {
            "status": "ok" if healthy else "unavailable",
            "swept_seconds_ago": seconds,
            "trouble": self._trouble,
        }

    # --- single objects -----------------------------------------------------------------------------------------------

    def _look_around(self) -> None:
        self.look_where_pointed()
        with self._state:
            due = self._settling.due(time.monotonic())
        for key in due:
            if self._stopping.is_set():
                return
            self._try(key, partial(self._look, key))

    def look_where_pointed(self) -> None:
        """Follow the next hint; wait for one no longer than until an object is due."""
        with self._state:
            next_due = self._settling.next_due()
        wait = _IDLE_SECONDS if next_due is None else min(_IDLE_SECONDS, max(0.0, next_due - time.monotonic()))
        try:
            hint = self._hints.get(timeout=wait) if wait else self._hints.get_nowait()
        except queue.Empty:
            return
        if hint is not None:
            self._try(hint.keys[0], partial(self._follow, hint))

    def _try(self, key: str, look: Callable[[], object]) -> None:
        """Whatever is wrong now, the key is looked at again: soon, or when the sweep lists it."""
        try:
            look()
        except (StoreUnavailable, *SERVER_AWAY):
            with self._state:
                self._settling.postpone(key, time.monotonic() + _RETRY_SECONDS)
            raise
        except Exception:
            # A refusal may be for this key alone, which a stranger may have pointed at: it must not be asked for ever.
            with self._state:
                self._settling.forget(key)
            raise

    def _follow(self, hint: Hint) -> None:
        for key in hint.keys:
            if is_left_alone(key):
                continue
            if hint.version_id and self._follow_version(key, hint.version_id):
                return
            if self._look(key):
                return

    def _follow_version(self, key: str, version_id: str) -> bool:
        """A version never grows, so it is whole at once; and it may be overwritten before we look without its id."""
        try:
            head = self._inbox.head(key, version_id)
        except (StoreError, ValueError):
            return False  # not a version id of this store, or of any
        if head is None or head.version_id != version_id:
            return False
        self._register(head)
        return True

    def _look(self, key: str) -> bool:
        """Whether there is such an object. It is registered as soon as it is whole."""
        head = self._inbox.head(key)
        if head is None:
            with self._state:
                self._settling.forget(key)
            return False
        with self._state:
            sight = Sight.of(head)
            known = key in self._taken and self._taken[key].sight == sight
            whole = not known and self._settling.see(key, sight, time.monotonic())
        if whole:
            self._register(head)
        return True

    def _register(self, head: ObjectHead) -> None:
        version = ObjectVersion.seen(
            self._inbox.name,
            head.key,
            version_id=head.version_id,
            etag=head.etag,
            size_bytes=head.size_bytes,
            last_modified=head.last_modified,
        )
        self._runs.register(version)
        _log.info("document.registered", document_id=version.document_id, size_bytes=head.size_bytes)
        with self._state:
            self._settling.forget(head.key)
            self._taken[head.key] = Taken(Sight.of(head), version, time.monotonic())

    # --- the whole inbox ----------------------------------------------------------------------------------------------

    def _sweep_once_more(self) -> None:
        started = time.monotonic()
        self.sweep()
        self._stopping.wait(max(0.0, self._sweep_seconds - (time.monotonic() - started)))

    def sweep(self) -> None:
        """List everything, then finish what broke off. Raises StoreError or one of SERVER_AWAY."""
        listed = {head.key: Sight.of(head) for head in self._inbox.list() if not is_left_alone(head.key)}
        now = time.monotonic()
        with self._state:
            self._taken = {key: taken for key, taken in self._taken.items() if listed.get(key) == taken.sight}
            lingering = [taken.version for taken in self._taken.values() if now - taken.at > _FRESH_SECONDS]
            for key, sight in listed.items():
                if key not in self._taken and self._settling.see(key, sight, now):
                    self._settling.postpone(key, now)
        self._hints_pending()
        open_versions = {version.document_id: version for version in (*lingering, *self._open_versions())}
        self._runs.revive(open_versions.values())
        self._add_up()
        self._swept_at, self._trouble = time.monotonic(), None

    def _add_up(self) -> None:
        """Once a day finished days join the running total, so that `fuwen status` stays cheap."""
        today = received_day(datetime.now(UTC))
        if today != self._added_up_on:
            self._vault.add_up(today)
            self._added_up_on = today

    def _hints_pending(self) -> None:
        """Wake the other thread, which may be waiting for a hint."""
        try:
            self._hints.put_nowait(None)
        except queue.Full:
            return  # then it is awake

    def _open_versions(self) -> Iterator[ObjectVersion]:
        for document_id in self._vault.open_documents():
            receipt = self._vault.receipt(document_id)
            if receipt is not None:
                yield ObjectVersion(receipt.bucket, receipt.key, receipt.version)

    def _repeat(self, work: Callable[[], None]) -> None:
        """Until the end, whatever happens to the store or the server meanwhile."""
        while not self._stopping.is_set():
            try:
                with connection():
                    while not self._stopping.is_set():
                        work()
            except Exception as error:  # noqa: BLE001  a thread that ended would leave the inbox to nobody
                trouble = why_away(error)
                if self._trouble != trouble:
                    _log.warning("intake.waiting", error=trouble)
                self._trouble = trouble
                self._stopping.wait(_RETRY_SECONDS)
