"""The long-lived process in which runs are executed: nothing is imported, connected or spawned per document.

Why not a pool of subprocesses: docs/adr/0008-dispatcher-not-a-process-pool.md.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Final
from uuid import UUID

import structlog
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.exceptions import Abort
from prefect.flow_engine import run_flow

from flows.dispatcher_name import DispatcherName
from flows.interruption import Interruption, interruptible
from flows.work_pool import SERVER_AWAY, Deployed, WorkPool, connection, why_away

_CRASHES_FORGIVEN: Final = 3
"""After so many starts a run that lost its process again waits for the sweep, which waits longer each time."""
_AGAIN: Final = "处理程序中断，没有办完；文件没有丢失，马上重新处理。"
_LATER: Final = "处理程序在办理这份文件时多次中断；文件没有丢失，也没有公开，稍后自动重试。请管理员查看日志。"
_STOPPED: Final = "处理程序正在停止，这份文件留待重新启动后处理。"
_CANCELLED: Final = "已按要求取消，没有公开；文件仍在，可在此页面点击“Retry”重新处理。"
_TOO_LATE: Final = "取消的要求到达时已经办完，重新登记结果。"

_log = structlog.get_logger()


class Dispatcher:
    """Executes runs of one deployment, `at_once` at a time, from `start` to `stop`. Several may work side by side."""

    def __init__(
        self,
        deployed: Deployed,
        me: DispatcherName,
        *,
        at_once: int,
        poll_seconds: float = 2.0,
        heartbeat_seconds: float = 10.0,
    ) -> None:
        self.pool = WorkPool(deployed)
        self.me = me
        self._flow = deployed.flow
        self._at_once = at_once
        self._poll_seconds, self._heartbeat_seconds = poll_seconds, heartbeat_seconds
        self._waiting: queue.SimpleQueue[FlowRun | None] = queue.SimpleQueue()
        self._mine: dict[UUID, Interruption] = {}
        self._changed = threading.Condition()
        self._stopping = False
        self._paused = False
        self._registered = threading.Event()
        self._reached_at = 0.0
        self._keeper = threading.Thread(target=self._keep, name="dispatcher", daemon=True)
        self._workers = [
            threading.Thread(target=self._work, name=f"run-{number}", daemon=True) for number in range(at_once)
        ]

    # --- from outside -------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin; registers as soon as the server can be reached."""
        self._keeper.start()
        for worker in self._workers:
            worker.start()

    def wait_until_registered(self, seconds: float) -> bool:
        """Whether the deployment is registered within that time."""
        return self._registered.wait(seconds)

    def is_reaching_the_server(self) -> bool:
        """Whether the server answered lately."""
        return time.monotonic() - self._reached_at < 3 * self._heartbeat_seconds

    def offer(self, run: FlowRun) -> None:
        """Execute a run that was just created here, at once if a place is free; else it is found by polling."""
        with self._changed:
            if self._stopping or self._paused or run.id in self._mine or len(self._mine) >= 2 * self._at_once:
                return
            self._take(run)

    def is_asked_to_stop(self, run_id: UUID) -> bool:
        """Whether the run is under way here and will stop before its next step."""
        interruption = self._mine.get(run_id)
        return interruption is not None and interruption.asked

    def stop(self, grace_seconds: float) -> None:
        """Take no more, finish what is under way within the grace, put the rest back. Safe to call once."""
        with self._changed:
            self._stopping = True
            self._registered.set()
            self._changed.notify_all()
            for _ in self._workers:
                self._waiting.put(None)
            self._changed.wait_for(lambda: not self._mine, grace_seconds)
            left = dict(self._mine)
        for interruption in left.values():
            interruption.ask()
        if left:
            with connection():
                self._put_back(left)
        for thread in (self._keeper, *self._workers):
            thread.join(1)

    # --- executing ----------------------------------------------------------------------------------------------------

    def _take(self, run: FlowRun) -> None:
        self._mine[run.id] = Interruption()
        self._waiting.put(run)

    def _work(self) -> None:
        self._registered.wait()
        while not self._stopping:
            try:
                with connection():
                    self._work_connected()
            except SERVER_AWAY:
                time.sleep(self._poll_seconds)

    def _work_connected(self) -> None:
        while (run := self._waiting.get()) is not None:
            try:
                if not self._stopping:
                    self._execute(run, self._mine[run.id])
            except SERVER_AWAY as error:
                # Its state could not be told to the server. The vault has the outcome, or will: `repair` puts it back.
                _log.warning("run.state_unsaid", run=str(run.id), error=why_away(error))
            except Exception as error:  # noqa: BLE001  one run must not end the thread for all that follow
                _log.error("run.engine_failed", run=str(run.id), error=type(error).__name__)
            finally:
                with self._changed:
                    self._mine.pop(run.id, None)
                    self._changed.notify_all()

    def _execute(self, run: FlowRun, interruption: Interruption) -> None:
        if not self.pool.claim(run, self.me):
            return
        # Without its deployment Prefect's engine opens no websocket of its own to watch for a suspension from
        # outside: 0.1 CPU seconds a run. It reads the run again afterwards, so nothing else is lost.
        unwatched = run.model_copy(update={"deployment_id": None})
        try:
            with interruptible(interruption):
                run_flow(self._flow, flow_run=unwatched, return_type="state")
        except Abort:
            self._end_interrupted(run.id)
            return
        if interruption.asked and _is_cancelling(self.pool.read(run.id)):
            self.pool.run_again(run.id, _TOO_LATE)

    def _end_interrupted(self, run_id: UUID) -> None:
        if _is_cancelling(self.pool.read(run_id)):
            self.pool.cancel(run_id, _CANCELLED)
        else:
            self.pool.run_again(run_id, _STOPPED)

    # --- keeping ------------------------------------------------------------------------------------------------------

    def _keep(self) -> None:
        away = False
        while not self._stopping:
            try:
                with connection():
                    self.pool.register()
                    self._beat()  # before any run is claimed: whoever has not said that it lives counts as dead
                    self._registered.set()
                    if away:
                        _log.info("server.back")
                    away = False
                    self._keep_connected()
            except Exception as error:  # noqa: BLE001  a thread that ended would leave the runs to nobody
                if not away:
                    _log.warning("server.away", error=why_away(error))
                away = True
            self._pause(self._poll_seconds)

    def _keep_connected(self) -> None:
        chores: list[tuple[float, Callable[[], None]]] = [
            (self._heartbeat_seconds, self._beat),
            (self._heartbeat_seconds, self.repair),
            (self._poll_seconds, self._interrupt_cancelled),
            (0, self._poll),
        ]
        due = [0.0] * len(chores)
        while not self._stopping:
            for number, (every, chore) in enumerate(chores):
                if time.monotonic() >= due[number]:
                    chore()
                    due[number] = time.monotonic() + every
            self._reached_at = time.monotonic()
            self._pause(self._poll_seconds)

    def _pause(self, seconds: float) -> None:
        """Wait that long, or until a place has become free or the process ends."""
        with self._changed:
            self._changed.wait(seconds)

    def _beat(self) -> None:
        self.pool.heartbeat(self.me, self._heartbeat_seconds)
        self._paused = self.pool.is_paused()

    def _poll(self) -> None:
        free = self._at_once - len(self._mine)
        if free <= 0 or self._stopping:
            return
        due = self.pool.due(limit=free + len(self._mine))
        with self._changed:
            for run in [run for run in due if run.id not in self._mine][:free]:
                self._take(run)

    def _interrupt_cancelled(self) -> None:
        for run in self.pool.in_state(StateType.CANCELLING):
            interruption = self._mine.get(run.id)
            if interruption:
                interruption.ask()

    def repair(self) -> None:
        """Runs whose dispatcher was killed are put back. A run's claim says whose it was."""
        suspects = self.pool.in_state(StateType.RUNNING, StateType.PENDING, StateType.CANCELLING)
        suspects = [run for run in suspects if run.id not in self._mine]
        if not suspects:
            return
        living = self.pool.living()
        for run in suspects:
            if self._is_orphan(run, living):
                self._put_right(run)

    def _is_orphan(self, run: FlowRun, living: frozenset[str]) -> bool:
        claimant = self.pool.claimant(run.id)
        if claimant is None or run.id in self._mine:
            return False
        if claimant.name == self.me.name:
            # Nobody else can have this name now. Ours, and not under way: its last state never reached the server.
            latest = self.pool.read(run.id)
            return latest.state is not None and not latest.state.is_final() and not latest.state.is_scheduled()
        return claimant.name not in living

    def _put_right(self, run: FlowRun) -> None:
        _log.warning("run.orphaned", run=str(run.id), starts=run.run_count)
        if _is_cancelling(run):
            self.pool.cancel(run.id, _CANCELLED)
        elif run.run_count < _CRASHES_FORGIVEN:
            self.pool.crash(run.id, _AGAIN)
            self.pool.run_again(run.id, _AGAIN, after=timedelta())
        else:
            self.pool.crash(run.id, _LATER)

    def _put_back(self, left: dict[UUID, Interruption]) -> None:
        for run_id in left:
            try:
                state = self.pool.read(run_id).state
                if state is not None and not state.is_final() and not state.is_scheduled():
                    self.pool.run_again(run_id, _STOPPED)
            except SERVER_AWAY as error:
                _log.warning("run.not_put_back", run=str(run_id), error=why_away(error))


def _is_cancelling(run: FlowRun) -> bool:
    return run.state is not None and run.state.is_cancelling()
