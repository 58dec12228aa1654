"""Intake: what lies in the inbox gets its run, once for each object version, whoever told us of it.

A notification only points, HEAD decides, and the sweep that lists everything is alone enough: notifications only make
it faster. Files that are whole at the same time are a crowd, which shares a run (`flows.publish_crowd`).
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import Enum
from functools import partial
from typing import Final, TypeVar

import structlog

from adapters.intake.s3_events import Hint
from adapters.record.ledger import received_day
from adapters.record.vault import Vault
from adapters.store.object_store import Bucket, ObjectHead, StoreError, StoreUnavailable
from domain.inbox_key import correction_mark, is_left_alone
from domain.object_version import ObjectVersion
from flows.held_runs import HeldRuns
from flows.reply_runs import ReplyRuns
from flows.work_pool import SERVER_AWAY, connection, why_away

_HINTS: Final = 10_000
_AT_A_TIME: Final = 100
_RETRY_SECONDS: Final = 2.0
_IDLE_SECONDS: Final = 1.0

R = TypeVar("R")

_log = structlog.get_logger()


_FRESH_SECONDS: Final = 60.0


@dataclass(frozen=True, slots=True)
class Sight:
    """How an object looked. ETag and version say too little: some servers have none for a file in their folder.

    Only sights of one `View` compare: rclone lists the time at which a file was written, but HEAD tells when its upload
    began, which may be the second before.
    """

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


class View(Enum):
    """How an object was looked at."""

    LISTING = "listing"
    HEAD = "head"


class Settling:
    """The rule for files that are still growing: whole is what looked the same twice, `seconds` apart."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._seen: dict[str, tuple[Mapping[View, Sight], float]] = {}
        self._due: dict[str, float] = {}

    def see(self, key: str, view: View, sight: Sight, now: float) -> bool:
        """Whether the object is whole, as of this look at it. If not, it is due for another look later."""
        sights, since = self._seen.get(key, ({}, now))
        if sights.get(view) != sight:
            agreed = view not in sights and sight in sights.values()
            others = {} if view in sights else sights  # a change seen one way makes what was seen the other way old
            sights, since = {**others, view: sight}, since if agreed else now
            self._seen[key] = sights, since
        if now - since >= self._seconds:
            return True
        self._due[key] = since + self._seconds
        return False

    def postpone(self, key: str, until: float) -> None:
        """Something went wrong with it: look again then."""
        self._due[key] = until

    def forget(self, key: str) -> None:
        """It was taken, or is gone."""
        self._seen.pop(key, None)
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
        held_runs: HeldRuns,
        *,
        settle_seconds: float,
        sweep_seconds: float,
        crowd_from: int,
        correction_prefix: str,
        once_a_day: Callable[[], None] = lambda: None,
    ) -> None:
        """`crowd_from` files that are whole at once share a run; corrections, which come after something, never do."""
        self._inbox, self._vault, self._runs, self._held_runs = inbox, vault, runs, held_runs
        self._crowd_from, self._correction_prefix = crowd_from, correction_prefix
        self._once_a_day = once_a_day
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
            for name, work in (("intake", self.look_around), ("sweep", self._sweep_once_more))
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

    def look_around(self) -> None:
        """Look where notifications point and where something is due, and take what is whole."""
        whole: dict[str, ObjectHead] = {}
        try:
            for key, look in self._due_looks():
                head = self._try(key, look)
                if head is not None:
                    whole[head.key] = head
                if self._stopping.is_set():
                    return
        finally:
            self._take(list(whole.values()))

    def _due_looks(self) -> Iterator[tuple[str, Callable[[], ObjectHead | None]]]:
        """Where notifications point, then what is due; waits for a notification no longer than until one is."""
        for hint in self._pointers():
            yield hint.keys[0], partial(self._follow, hint)
        with self._state:
            due = self._settling.due(time.monotonic())[:_AT_A_TIME]
        for key in due:
            yield key, partial(self._whole, key)

    def _pointers(self) -> Iterator[Hint]:
        with self._state:
            next_due = self._settling.next_due()
        wait = _IDLE_SECONDS if next_due is None else min(_IDLE_SECONDS, max(0.0, next_due - time.monotonic()))
        for _ in range(_AT_A_TIME):
            try:
                hint = self._hints.get(timeout=wait) if wait else self._hints.get_nowait()
            except queue.Empty:
                return
            wait = 0.0
            if hint is not None:
                yield hint

    def _try(self, key: str, look: Callable[[], R]) -> R:
        """Whatever is wrong now, the key is looked at again: soon, or when the sweep lists it."""
        try:
            return look()
        except (StoreUnavailable, *SERVER_AWAY):
            with self._state:
                self._settling.postpone(key, time.monotonic() + _RETRY_SECONDS)
            raise
        except Exception:
            # A refusal may be for this key alone, which a stranger may have pointed at: it must not be asked for ever.
            with self._state:
                self._settling.forget(key)
            raise

    def _follow(self, hint: Hint) -> ObjectHead | None:
        for key in hint.keys:
            if is_left_alone(key):
                continue
            if hint.version_id and (head := self._version(key, hint.version_id)):
                return head
            if head := self._whole(key):
                return head
        return None

    def _version(self, key: str, version_id: str) -> ObjectHead | None:
        """A version never grows, so it is whole at once; and it may be overwritten before we look without its id."""
        try:
            head = self._inbox.head(key, version_id)
        except (StoreError, ValueError):
            return None  # not a version id of this store, or of any
        return head if head is not None and head.version_id == version_id else None

    def _whole(self, key: str) -> ObjectHead | None:
        """The object, if it is there, has no run yet and is whole."""
        head = self._inbox.head(key)
        with self._state:
            if head is None:
                self._settling.forget(key)
                return None
            sight = Sight.of(head)
            if key in self._taken and self._taken[key].sight == sight:
                self._settling.forget(key)
                return None
            whole = self._settling.see(key, View.HEAD, sight, time.monotonic())
        return head if whole else None

    def _take(self, heads: list[ObjectHead]) -> None:
        """A run for each, or one for all where they are a crowd."""
        crowd = [head for head in heads if correction_mark(head.key, self._correction_prefix) is None]
        if len(crowd) < self._crowd_from:
            crowd = []
        for start in range(0, len(crowd), _AT_A_TIME):
            self._register_crowd(crowd[start : start + _AT_A_TIME])
        for head in heads:
            if head not in crowd:
                self._try(head.key, partial(self._register, head))

    def _register_crowd(self, heads: list[ObjectHead]) -> None:
        versions = [self._version_of(head) for head in heads]
        try:
            self._runs.register_crowd(versions)
        except Exception:
            with self._state:
                for head in heads:
                    self._settling.postpone(head.key, time.monotonic() + _RETRY_SECONDS)
            raise
        _log.info("crowd.registered", documents=len(heads))
        for head, version in zip(heads, versions, strict=True):
            self._remember(head, version)

    def _register(self, head: ObjectHead) -> None:
        version = self._version_of(head)
        self._runs.register(version)
        _log.info("document.registered", document_id=version.document_id, size_bytes=head.size_bytes)
        self._remember(head, version)

    def _version_of(self, head: ObjectHead) -> ObjectVersion:
        return ObjectVersion.seen(
            self._inbox.name,
            head.key,
            version_id=head.version_id,
            etag=head.etag,
            size_bytes=head.size_bytes,
            last_modified=head.last_modified,
        )

    def _remember(self, head: ObjectHead, version: ObjectVersion) -> None:
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
            self._taken = {key: taken for key, taken in self._taken.items() if key in listed}
            lingering = [taken.version for taken in self._taken.values() if now - taken.at > _FRESH_SECONDS]
            for key, sight in listed.items():
                if key in self._taken:
                    if self._taken[key].sight != sight:
                        self._settling.postpone(key, now)  # replaced, or only told otherwise: HEAD decides
                elif self._settling.see(key, View.LISTING, sight, now):
                    self._settling.postpone(key, now)
        self._hints_pending()
        held = set(self._vault.held_documents())
        open_versions = {version.document_id: version for version in (*lingering, *self._open_versions(held))}
        self._runs.revive(open_versions.values())
        self._held_runs.keep(sorted(held))
        self._swept_at, self._trouble = time.monotonic(), None
        self._add_up()

    def _add_up(self) -> None:
        """Once a day finished days join the running total, so that `fuwen status` stays cheap."""
        today = received_day(datetime.now(UTC))
        if today != self._added_up_on:
            self._vault.add_up(today)
            self._once_a_day()
            self._added_up_on = today

    def _hints_pending(self) -> None:
        """Wake the other thread, which may be waiting for a hint."""
        try:
            self._hints.put_nowait(None)
        except queue.Full:
            return  # then it is awake

    def _open_versions(self, held: Container[str]) -> Iterator[ObjectVersion]:
        for document_id in self._vault.open_documents():
            if document_id in held:
                continue
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
