"""Promises of the dispatcher, against a real Prefect server: who executes what, and how every run ends."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from prefect import flow
from prefect.client.schemas.objects import FlowRun, State
from prefect.states import AwaitingRetry, Cancelling, Completed, Running

from cli.prefect_server import PrefectServer
from flows.dispatcher import Dispatcher
from flows.dispatcher_name import DispatcherName
from flows.interruption import stop_if_asked
from flows.work_pool import Deployed, WorkPool, _client, connection
from tests.flows.conftest import eventually


class Office:
    """A deployment of its own for one test, whose flow does what the test says and counts."""

    def __init__(self) -> None:
        self.executed: list[str] = []
        self.does: Callable[[str], None] = lambda key: None
        name = f"test-{uuid.uuid4().hex[:8]}"

        @flow(name=name, persist_result=False, validate_parameters=False)
        def handle(key: str) -> State[Any]:
            self.executed.append(key)
            self.does(key)
            stop_if_asked()
            return Completed(name="Published", message="已公开。")

        self.deployed = Deployed(handle, "tests:handle", name, "", f"pool-{name}")
        self.pool = WorkPool(self.deployed)
        self.pool.register()

    def create(self, key: str) -> FlowRun:
        return self.pool.create(key, {"key": key}, key)

    def state(self, run: FlowRun) -> State[Any]:
        state = self.pool.read(run.id).state
        assert state is not None
        return state

    def settled(self, run: FlowRun) -> State[Any]:
        def final() -> State[Any] | None:
            state = self.state(run)
            return state if state.is_final() else None

        return eventually(final)

    @contextmanager
    def dispatcher(self, name: str = "here", grace: float = 5.0, heartbeat: float = 1) -> Iterator[Dispatcher]:
        """At work inside the block."""
        me = DispatcherName(name, uuid.uuid4().hex[:12])
        dispatcher = Dispatcher(self.deployed, me, at_once=2, poll_seconds=0.2, heartbeat_seconds=heartbeat)
        dispatcher.start()
        assert dispatcher.wait_until_registered(20)
        try:
            yield dispatcher
        finally:
            dispatcher.stop(grace)


@pytest.fixture
def office(prefect_server: PrefectServer) -> Iterator[Office]:
    with connection():
        yield Office()


def propose(run_id: UUID, state: State[Any]) -> None:
    _client().set_flow_run_state(run_id, state)


def test_a_run_created_here_is_executed_at_once_and_ends_in_the_state_that_the_flow_named(office: Office) -> None:
    with office.dispatcher() as dispatcher:
        run = office.create("a")
        dispatcher.offer(run)
        state = office.settled(run)
    assert (state.name, state.type.value, state.message) == ("Published", "COMPLETED", "已公开。")
    assert office.executed == ["a"]


def test_a_run_that_somebody_else_created_or_retried_is_found(office: Office) -> None:
    run = office.create("a")  # as the UI does: nobody is told
    with office.dispatcher():
        office.settled(run)
        propose(run.id, AwaitingRetry())  # the button "Retry"
        eventually(lambda: office.executed == ["a", "a"])
        assert office.settled(run).name == "Published"


def test_several_dispatchers_never_execute_the_same_run(office: Office) -> None:
    keys = [f"k{number}" for number in range(12)]
    # The heartbeat of a real office: on a busy machine one of a second would let the living count as dead.
    with office.dispatcher("one", heartbeat=10) as one, office.dispatcher("two", heartbeat=10) as two:
        for key in keys:
            run = office.create(key)
            one.offer(run)
            two.offer(run)
        eventually(lambda: len(office.executed) >= len(keys), 40)
        for key in keys:
            office.settled(office.create(key))
    assert sorted(office.executed) == sorted(keys)


def test_a_dispatcher_that_comes_too_late_does_not_execute_a_finished_run_again(office: Office) -> None:
    stale = office.create("a")
    with office.dispatcher():
        finished = office.settled(stale)
    assert not office.pool.claim(stale, DispatcherName("late", "x"))
    assert (office.state(stale).name, office.state(stale).message) == (finished.name, finished.message)


def test_nor_does_it_when_the_server_stamped_its_claim_before_the_end_of_the_run(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A busy server stamps a state when it arrives, and may wait long before it settles it."""
    stale = office.create("a")
    with office.dispatcher():
        finished = office.settled(stale)
    states = office.pool._states

    def waited(run_id: UUID) -> list[State[Any]]:
        claim, *before = states(run_id)
        return [before[0], claim, *before[1:]]

    monkeypatch.setattr(office.pool, "_states", waited)
    assert not office.pool.claim(stale, DispatcherName("late", "x"))
    assert (office.state(stale).name, office.state(stale).message) == (finished.name, finished.message)


def test_the_pool_is_shown_as_ready_while_a_dispatcher_works(office: Office) -> None:
    with office.dispatcher():
        eventually(lambda: office.pool.living() == {"here"})
        status = _client().read_work_pool(office.deployed.pool).status
    assert status is not None
    assert status.value == "READY"


def test_cancelling_ends_in_cancelled_with_a_plain_sentence(office: Office) -> None:
    reached, go_on = threading.Event(), threading.Event()

    def waits(key: str) -> None:
        reached.set()
        go_on.wait(20)

    office.does = waits
    with office.dispatcher() as dispatcher:
        run = office.create("a")
        dispatcher.offer(run)
        assert reached.wait(20)
        propose(run.id, Cancelling())
        eventually(lambda: dispatcher.is_asked_to_stop(run.id))
        go_on.set()
        state = office.settled(run)
    assert state.is_cancelled()
    assert (state.message or "").startswith("已按要求取消")


def test_stopping_finishes_what_is_under_way_and_puts_back_what_takes_too_long(office: Office) -> None:
    reached, go_on = threading.Semaphore(0), threading.Event()

    def waits(key: str) -> None:
        reached.release()
        if key == "long":
            go_on.wait(20)

    office.does = waits
    runs = {key: office.create(key) for key in ("short", "long")}
    with office.dispatcher(grace=1.0) as dispatcher:
        for run in runs.values():
            dispatcher.offer(run)
        assert reached.acquire(timeout=20)
        assert reached.acquire(timeout=20)
    left = office.state(runs["long"])
    go_on.set()
    assert office.state(runs["short"]).name == "Published"
    assert (left.name, left.is_scheduled()) == ("AwaitingRetry", True)
    assert "留待重新启动后处理" in (left.message or "")


def test_runs_of_a_killed_dispatcher_are_put_back_and_finished(office: Office) -> None:
    dead = DispatcherName("here", "killed")
    run = office.create("a")
    assert office.pool.claim(run, dead)
    propose(run.id, Running())
    with office.dispatcher("here"):  # the same name, so its former bearer is dead
        eventually(lambda: office.state(run).name == "Published")
    assert office.executed == ["a"]


def test_runs_of_a_dispatcher_that_lives_elsewhere_are_left_to_it(office: Office) -> None:
    other = DispatcherName("elsewhere", "alive")
    run = office.create("a")
    assert office.pool.claim(run, other)
    propose(run.id, Running())
    office.pool.heartbeat(other, 60)
    with office.dispatcher("here") as dispatcher:
        done = office.create("b")
        dispatcher.offer(done)
        office.settled(done)
        dispatcher.repair()
        assert office.state(run).is_running()


def test_a_document_that_kills_its_dispatcher_again_and_again_is_not_tried_at_once_for_ever(office: Office) -> None:
    run = office.create("a")
    for _ in range(3):
        assert office.pool.claim(office.pool.read(run.id), DispatcherName("here", "killed"))
        propose(run.id, Running())
        office.pool.run_again(run.id, "")
    assert office.pool.claim(office.pool.read(run.id), DispatcherName("here", "killed"))
    with office.dispatcher("here"):
        state = office.settled(run)
    assert state.is_crashed()
    assert "没有丢失" in (state.message or "")


def test_a_run_outlives_a_restart_of_the_server(office: Office, prefect_server: PrefectServer) -> None:
    with office.dispatcher() as dispatcher:
        first = office.create("a")
        dispatcher.offer(first)
        office.settled(first)
        prefect_server.stop()
        prefect_server.start()
        prefect_server.wait()
        second = office.create("b")
        assert office.settled(second).name == "Published"
