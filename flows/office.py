"""The office's own process: takes in what lies in the inbox and works on it, until it is told to stop.

Prefect is imported only in here, after its environment is set (`config.prefect_environment`).
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Final

import structlog

from adapters.intake.notification_server import NotificationServer
from adapters.record.public_record import FencedOff, RecordBroken
from adapters.record.publisher_key import PublisherKeyMissing
from adapters.record.vault import Vault
from adapters.store.object_store import Bucket, StoreError
from adapters.store.writer_lock import WriterLockBusy
from config.prefect_environment import prefect_environment
from config.settings import Settings
from tasks.premises import Premises, bucket, move_in, premises_of, proven_bucket, publisher_of, short_links

if TYPE_CHECKING:
    from prefect.client.schemas.objects import FlowRun

    from flows.dispatcher import Dispatcher
    from flows.reply_runs import ReplyRuns
    from flows.work_pool import Deployed, WorkPool

_GRACE_SECONDS: Final = 20.0
"""For documents under way when the process is told to stop; what takes longer is put back."""
_POLL_SECONDS: Final = 2.0

_log = structlog.get_logger()


def work(settings: Settings, *, intake: bool, ready: Callable[[], None]) -> None:
    """Work until SIGTERM or SIGINT. `ready` is called once runs are executed and, with `intake`, the inbox is watched.

    Call in the main thread. Raises what `premises_of` raises. A Prefect server that is away is waited for.
    """
    stop = _told_to_stop()
    with premises_of(settings) as here, open_office(here, intake=intake) as dispatcher:
        while not stop.is_set() and not dispatcher.wait_until_registered(0.2):
            pass
        if not stop.is_set():
            ready()
        stop.wait()


def watch(settings: Settings, *, ready: Callable[[], None]) -> None:
    """Take in what lies in the inbox until SIGTERM or SIGINT, and leave the work to dispatchers elsewhere.

    `ready` is called once the inbox is watched and the server knows what a run is. Call in the main thread. Raises
    StoreError for credentials that are missing and OSError for a port that is taken; whatever is away is waited for.
    """
    stop = _told_to_stop()
    os.environ.update(prefect_environment(settings))
    from flows.publish_crowd import PUBLISH_CROWD
    from flows.publish_reply import PUBLISH_REPLY
    from flows.reply_runs import ReplyRuns
    from flows.work_pool import WorkPool

    inbox, vault = bucket(settings, "inbox"), Vault(bucket(settings, "vault"))
    pool, crowds = (WorkPool(_here(deployed, settings)) for deployed in (PUBLISH_REPLY, PUBLISH_CROWD))
    with _intake(settings, inbox, vault, pool, ReplyRuns(pool, crowds, _left_to_others)):
        _keep_registered((pool, crowds), stop, ready)


def _told_to_stop() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


def _left_to_others(run: FlowRun) -> None:
    """A new run is found by the dispatchers that poll the work pool."""


def _here(deployed: Deployed, settings: Settings) -> Deployed:
    """With this office's pool: that of the settings, and one beside it for crowds."""
    return replace(deployed, pool=deployed.pool.replace("fuwen", settings.work_pool, 1))


def _keep_registered(pools: tuple[WorkPool, ...], stop: threading.Event, ready: Callable[[], None]) -> None:
    """Until told to stop; a server that was away may have been wiped, so it is told of the deployment again."""
    from flows.work_pool import SERVER_AWAY, connection, why_away

    away = False
    while not stop.is_set():
        try:
            with connection():
                for pool in pools:
                    pool.register()
                ready()
                away = False
                while not stop.wait(_POLL_SECONDS):
                    pools[0].is_paused()
        except SERVER_AWAY as error:
            if not away:
                _log.warning("server.away", error=why_away(error))
            away = True
            stop.wait(_POLL_SECONDS)


@contextmanager
def open_office(here: Premises, *, intake: bool) -> Iterator[Dispatcher]:
    """A dispatcher, and with `intake` a watcher and the address for notifications, all at work inside the block."""
    os.environ.update(prefect_environment(here.settings))
    from prefect.settings import get_current_settings

    from flows.dispatcher import Dispatcher
    from flows.dispatcher_name import first_free_name
    from flows.publish_crowd import PUBLISH_CROWD
    from flows.publish_reply import PUBLISH_REPLY
    from flows.reply_runs import ReplyRuns
    from flows.work_pool import tell_the_rest

    # Each run would start a thread that ends only at a full second: 1.2 s instead of 0.2 s for a short run. That a
    # dispatcher was killed is noticed by its name. The variable cannot say "none", so the setting itself is set.
    get_current_settings().flows.heartbeat_frequency = None
    settings = here.settings
    with ExitStack() as open_now:
        move_in(here)
        open_now.callback(move_in, None)
        open_now.callback(tell_the_rest)
        me = open_now.enter_context(first_free_name(settings.data_dir / "locks"))
        dispatcher = Dispatcher(_here(PUBLISH_REPLY, settings), me, at_once=settings.documents_at_once)
        crowds = Dispatcher(_here(PUBLISH_CROWD, settings), me, at_once=1)
        for each in (crowds, dispatcher):
            each.start()
            open_now.callback(each.stop, _GRACE_SECONDS)
        if intake:
            runs = ReplyRuns(dispatcher.pool, crowds.pool, dispatcher.offer)
            open_now.enter_context(_intake(settings, here.inbox, here.vault, dispatcher.pool, runs))
        yield dispatcher


def _refresh(settings: Settings) -> None:
    """The head of the change log is signed anew. If that cannot be today, tomorrow is soon enough."""
    with suppress(StoreError, WriterLockBusy, FencedOff, RecordBroken, PublisherKeyMissing):
        publisher_of(settings, Vault(proven_bucket(settings, "vault"))).refresh(datetime.now(UTC))


@contextmanager
def _intake(settings: Settings, inbox: Bucket, vault: Vault, pool: WorkPool, runs: ReplyRuns) -> Iterator[None]:
    from flows.held_runs import HeldRuns
    from flows.watch_inbox import InboxWatcher

    watcher = InboxWatcher(
        inbox,
        vault,
        runs,
        HeldRuns(pool, runs, vault, short_links(settings)),
        settle_seconds=settings.settle_seconds,
        sweep_seconds=settings.sweep_seconds,
        crowd_from=settings.crowd_from,
        correction_prefix=settings.correction_prefix,
        once_a_day=partial(_refresh, settings),
    )
    token = settings.events_token.get_secret_value() if settings.events_token else None
    server = NotificationServer(settings.events_host, settings.events_port, token, watcher.heed, watcher.health)
    server.start()
    watcher.start()
    try:
        yield
    finally:
        server.stop()
        watcher.stop()
