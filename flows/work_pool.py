"""One work pool with one deployment, as Prefect's server keeps them. Every call is one request, made in this thread."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import httpx
from prefect import Flow
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterId,
    FlowRunFilter,
    FlowRunFilterIdempotencyKey,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, State, StateType, WorkerStatus
from prefect.client.schemas.sorting import FlowRunSort
from prefect.context import SyncClientContext
from prefect.events.worker import EventsWorker
from prefect.exceptions import Abort, ObjectAlreadyExists, ObjectNotFound
from prefect.logging.handlers import APILogWorker
from prefect.states import AwaitingRetry, Cancelled, Crashed, Pending
from prefect.types._datetime import now
from prefect.utilities.callables import parameter_schema
from prefect.utilities.engine import propose_state_sync

from flows.dispatcher_name import DispatcherName
from flows.giving_way import GivingWay


class ServerAwayError(Exception):
    """No connection to the server could be opened."""


SERVER_AWAY: Final = (httpx.HTTPError, ObjectNotFound, ServerAwayError)
"""What a call raises while the server is away, restarting, or was wiped."""


def why_away(error: Exception) -> str:
    """What kind of absence it is, for the log: a status of 4xx is a mistake of ours that would not pass by itself."""
    if isinstance(error, httpx.HTTPStatusError):
        return f"HTTP {error.response.status_code}"
    return type(error).__name__


_POOL_TYPE: Final = "fuwen"  # no worker of Prefect's own serves it, so none executes a reply by mistake
_NO_JOB: Final[dict[str, Any]] = {
    "job_configuration": {"env": "{{ env }}"},
    "variables": {"type": "object", "properties": {"env": {"type": "object"}}},
}
_CLAIM: Final = "已由处理程序接手："
_PAGE: Final = 200
_giving_way = GivingWay()


@dataclass(frozen=True, slots=True)
class Deployed:
    """What a flow is registered as."""

    flow: Flow[..., Any]
    entrypoint: str
    deployment: str
    description: str
    pool: str


@dataclass(frozen=True, slots=True)
class SettledRun:
    """A run that was over before the server heard of it."""

    name: str
    parameters: dict[str, Any]
    key: str
    """Its idempotency key."""
    state: State[Any]
    tags: Sequence[str]

    def as_json(self) -> dict[str, Any]:
        """As the server's endpoint takes it."""
        state = {"type": self.state.type.value, "name": self.state.name, "message": self.state.message}
        return {
            "name": self.name,
            "parameters": self.parameters,
            "idempotency_key": self.key,
            "state": state,
            "tags": list(self.tags),
        }


@contextmanager
def connection() -> Iterator[None]:
    """Keep one connection to the server open for all calls that this thread makes inside. Raises ServerAwayError."""
    context = SyncClientContext.get() or _own_context()
    try:
        context.__enter__()
    except RuntimeError as error:  # what Prefect makes of a server that does not answer
        raise ServerAwayError from error
    try:
        yield
    finally:
        context.__exit__(None, None, None)


def _own_context() -> SyncClientContext:
    context = SyncClientContext(httpx_settings=_giving_way.httpx_settings)
    # Prefect's engine asks for a client without settings, and gets that of the context only if it was made without.
    # Else it makes one of its own for each run: 30 ms, nearly all of it for TLS settings that nobody needs.
    context._httpx_settings = None
    return context


def tell_the_rest(seconds: float = 5.0) -> None:
    """Send what log lines and events are still waiting. At exit Prefect itself would wait for minutes."""
    APILogWorker.drain_all(timeout=seconds)
    EventsWorker.drain_all(timeout=seconds)


def _client() -> SyncPrefectClient:
    context = SyncClientContext.get()
    if context is None:
        raise LookupError("no connection was opened in this thread")
    return context.client


class WorkPool:
    """Registers the deployment, makes and claims its runs, and knows which dispatcher has which."""

    def __init__(self, deployed: Deployed) -> None:
        self._deployed = deployed
        self._deployment_id: UUID | None = None

    # --- the deployment ---------------------------------------------------------------------------------------------

    def register(self) -> None:
        """Make the pool and the deployment, or find them. Again changes nothing."""
        deployed = self._deployed
        template = WorkPoolCreate(
            name=deployed.pool, type=_POOL_TYPE, base_job_template=_NO_JOB, description="公文复文处理"
        )
        with suppress(ObjectAlreadyExists):
            _client().create_work_pool(template)
        self._deployment_id = _client().create_deployment(
            flow_id=_client().create_flow(deployed.flow),
            name=deployed.deployment,
            description=deployed.description,
            work_pool_name=deployed.pool,
            entrypoint=deployed.entrypoint,
            parameter_openapi_schema=parameter_schema(deployed.flow).model_dump_for_openapi(),
            enforce_parameter_schema=False,
        )

    @property
    def deployment_id(self) -> UUID:
        """Raises ObjectNotFound before `register`: the caller waits as it does for a server that is away."""
        if self._deployment_id is None:
            raise ObjectNotFound(LookupError("the deployment is not registered yet"))
        return self._deployment_id

    def heartbeat(self, me: DispatcherName, seconds: float) -> None:
        """Say that this dispatcher lives; the UI shows the pool as ready. Raises ObjectNotFound on a wiped server."""
        try:
            _client().send_worker_heartbeat(self._deployed.pool, me.name, seconds)
        except httpx.HTTPStatusError as error:
            if error.response.status_code == httpx.codes.NOT_FOUND:
                raise ObjectNotFound(error) from error
            raise

    def is_paused(self) -> bool:
        """Whether an operator paused the pool."""
        return bool(_client().read_work_pool(self._deployed.pool).is_paused)

    # --- runs ---------------------------------------------------------------------------------------------------------

    def create(self, name: str, parameters: dict[str, Any], key: str) -> FlowRun:
        """The run of this idempotency key: a new one, or the one that exists."""
        return _client().create_flow_run_from_deployment(
            self.deployment_id, name=name, parameters=parameters, idempotency_key=key
        )

    def create_settled(self, runs: Sequence[SettledRun]) -> list[UUID | None]:
        """Make these runs (at most 100) in their final states by one call; a run that exists stays as it is.

        Gives the id of each, None for one that the server refused.
        """
        path: Any = f"/deployments/{self.deployment_id}/create_flow_run/bulk"  # its client does not name it
        answer = _client().request("POST", path, json=[run.as_json() for run in runs]).json()
        return [UUID(result["flow_run_id"]) if result.get("flow_run_id") else None for result in answer["results"]]

    def find(self, keys: Sequence[str]) -> dict[str, FlowRun]:
        """The runs with these idempotency keys (at most 200)."""
        found = self._runs(FlowRunFilter(idempotency_key=FlowRunFilterIdempotencyKey(any_=list(keys))))
        return {run.idempotency_key: run for run in found if run.idempotency_key}

    def due(self, limit: int) -> list[FlowRun]:
        """Runs whose time has come and that nobody has claimed."""
        found = _client().get_scheduled_flow_runs_for_work_pool(self._deployed.pool, scheduled_before=now("UTC"))
        mine = [entry.flow_run for entry in found if entry.flow_run.deployment_id == self.deployment_id]
        return mine[:limit]

    def in_state(self, *types: StateType) -> list[FlowRun]:
        """Runs of the deployment in one of these states."""
        return list(self._runs(FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=list(types))))))

    def read(self, run_id: UUID) -> FlowRun:
        """The run as it is now."""
        return _client().read_flow_run(run_id)

    # --- transitions --------------------------------------------------------------------------------------------------

    def claim(self, run: FlowRun, me: DispatcherName) -> bool:
        """Whether the run, as it was seen, is ours now. The server lets only one of several dispatchers through.

        It would also let one through that comes too late, from Completed back to Pending: the number of starts tells.
        """
        try:
            state = propose_state_sync(_client(), Pending(message=f"{_CLAIM}{me}"), flow_run_id=run.id)
        except Abort:
            return False
        if state.is_pending() and self.read(run.id).run_count != run.run_count:
            return not self._was_final(run.id, state.id)
        return state.is_pending()

    def _was_final(self, run_id: UUID, claim: UUID) -> bool:
        """Whether the run had ended before the claim; then it gets the state back in which it had.

        The claim is told by its id: a busy server stamps it when it arrives, and may settle the end of the run first.
        """
        before = next(state for state in self._states(run_id) if state.id != claim)
        if before.is_final():
            self._set(run_id, State(type=before.type, name=before.name, message=before.message))
        return before.is_final()

    def _states(self, run_id: UUID) -> list[State[Any]]:
        """The latest first."""
        return sorted(_client().read_flow_run_states(run_id), key=lambda state: state.timestamp, reverse=True)

    def claimant(self, run_id: UUID) -> DispatcherName | None:
        """Who claimed the run last, None if nobody did."""
        messages = [state.message or "" for state in self._states(run_id)]
        claims = [message.removeprefix(_CLAIM) for message in messages if message.startswith(_CLAIM)]
        return DispatcherName.read(claims[0]) if claims else None

    def living(self) -> frozenset[str]:
        """Names of the dispatchers whose heartbeat is fresh."""
        workers = _client().read_workers_for_work_pool(self._deployed.pool, limit=_PAGE, offset=0)
        return frozenset(worker.name for worker in workers if worker.status == WorkerStatus.ONLINE)

    def run_again(self, run_id: UUID, message: str, after: timedelta = timedelta()) -> None:
        """Put the run back for whichever dispatcher is free."""
        self._set(run_id, AwaitingRetry(message=message, scheduled_time=now("UTC") + after))

    def crash(self, run_id: UUID, message: str) -> None:
        """End the run: whoever executed it is gone."""
        self._set(run_id, Crashed(message=message))

    def cancel(self, run_id: UUID, message: str) -> None:
        """End the run as a person asked."""
        self._set(run_id, Cancelled(message=message))

    def _set(self, run_id: UUID, state: State[Any]) -> None:
        _client().set_flow_run_state(run_id, state, force=True)

    def _runs(self, wanted: FlowRunFilter) -> Iterator[FlowRun]:
        ours = DeploymentFilter(id=DeploymentFilterId(any_=[self.deployment_id]))
        offset = 0
        while True:
            page = _client().read_flow_runs(
                flow_run_filter=wanted, deployment_filter=ours, sort=FlowRunSort.ID_DESC, limit=_PAGE, offset=offset
            )
            yield from page
            if len(page) < _PAGE:
                return
            offset += _PAGE
