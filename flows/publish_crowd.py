"""A crowd: documents that came together share one run while they are worked on, and each has its own run afterwards.

The journey is that of `flows.publish_reply`, taken by threads without a run, a task or a log line of Prefect for each.
When it is over, a document is registered as a run of the deployment `publish_reply`, in its final state, many by one
call; from then on it is found, filtered and retried like any other.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextvars import copy_context
from dataclasses import dataclass, replace
from typing import Any, Final

import structlog
from prefect import flow, get_run_logger
from prefect.client.schemas.objects import State
from prefect.context import SyncClientContext
from prefect.states import Completed

from domain.fate import Held
from domain.object_version import ObjectVersion
from domain.outcome_told import fate_words
from flows.interruption import stop_if_asked
from flows.publish_reply import PLAIN, PUBLISH_REPLY, failing_plainly, settle
from flows.tell_outcome import Settled, artifact, final_state, label, log_outcome
from flows.work_pool import SERVER_AWAY, Deployed, SettledRun, WorkPool, why_away
from tasks.premises import premises
from tasks.trouble import StepFailed

_TOLD_AT_ONCE: Final = 25
_TRIES: Final = 30
_TRY_AGAIN_SECONDS: Final = 2.0

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Arrival:
    """One document of the crowd, and what became of it; None where a step failed."""

    version: ObjectVersion
    settled: Settled | None

    @property
    def needs_a_run(self) -> bool:
        """Whether its own run has something to do: try the failed step again, or wait with a form for a person."""
        return self.settled is None or isinstance(self.settled.outcome, Held)

    @property
    def parameters(self) -> dict[str, Any]:
        """Of its own run."""
        return {"bucket": self.version.bucket, "key": self.version.key, "version": self.version.version}


@flow(name="publish_crowd", persist_result=False, validate_parameters=False, log_prints=False)
@failing_plainly
def publish_crowd(bucket: str, objects: list[tuple[str, str]]) -> State[Any]:
    """处理同时到达的一批复文，逐份办理，一份不成不影响其他。每份办完后，在 publish_reply 下各有一条运行记录。

    Args:
        bucket: 收件箱的存储桶名称。
        objects: 每份文件的键名和对象版本。
    """  # noqa: D415  an operator reads it in the UI
    say, pool = get_run_logger(), WorkPool(replace(PUBLISH_REPLY, pool=premises().settings.work_pool))
    pool.register()
    crowd = _without_a_run([ObjectVersion(bucket, key, version) for key, version in objects], pool)
    fates: Counter[str] = Counter()
    untold: list[Arrival] = []
    try:
        for arrival in _settled(crowd):
            fates[fate_words(arrival.settled.outcome) if arrival.settled else "单独重试"] += 1
            untold.append(arrival)
            if len(untold) == _TOLD_AT_ONCE:
                _tell(pool, untold)
                untold = []
                say.info("已办 %d 份，共 %d 份。", fates.total(), len(crowd))
    finally:
        _tell(pool, untold)
    return Completed(name="Settled", message=_summary(fates))


def _without_a_run(versions: Sequence[ObjectVersion], pool: WorkPool) -> list[ObjectVersion]:
    """Those which are not registered yet: all of them, or what an interrupted crowd left."""
    registered = pool.find([version.document_id for version in versions])
    return [version for version in versions if version.document_id not in registered]


def _settled(crowd: Sequence[ObjectVersion]) -> Iterator[Arrival]:
    """Each document as soon as its fate is in the vault. Raises Abort when asked to stop."""
    with ThreadPoolExecutor(premises().settings.documents_at_once, "crowd") as threads:
        # Each in a context of its own, so that what one binds to its log lines is not said of another.
        yield from (done.result() for done in as_completed([threads.submit(_own(_settle), each) for each in crowd]))


def _own(work: Callable[[ObjectVersion], Arrival]) -> Callable[[ObjectVersion], Arrival]:
    context = copy_context()
    return lambda version: context.run(work, version)


def _settle(version: ObjectVersion) -> Arrival:
    stop_if_asked()
    started = time.monotonic()
    try:
        settled = settle(PLAIN, version.bucket, version.key, version.version, _to_nobody)
    except StepFailed as error:
        _log.warning("reply.left_to_its_own_run", sentence=str(error))
        return Arrival(version, None)
    log_outcome(settled, started)
    return Arrival(version, settled)


def _to_nobody(_words: str, *_details: object) -> None:
    """In a crowd the log line of the outcome tells the story."""


def _tell(pool: WorkPool, arrivals: Sequence[Arrival]) -> None:
    """Register each as a run of its own. The vault has the fates: all that an absent server loses is these rows."""
    for _ in range(_TRIES if arrivals else 0):
        try:
            _register(pool, arrivals)
        except SERVER_AWAY as error:
            _log.warning("run.untold", error=why_away(error))
            time.sleep(_TRY_AGAIN_SECONDS)
        else:
            return


def _register(pool: WorkPool, arrivals: Sequence[Arrival]) -> None:
    done = [(arrival, arrival.settled) for arrival in arrivals if arrival.settled and not arrival.needs_a_run]
    runs = [_run(arrival, settled) for arrival, settled in done]
    context = SyncClientContext.get()
    for (arrival, settled), run_id in zip(done, pool.create_settled(runs), strict=True):
        page = artifact(settled)
        if run_id is None:  # SQLite was busy: a run of its own finds the fate in the vault and tells it
            pool.create(arrival.version.file_name, arrival.parameters, arrival.version.document_id)
        elif page and context:
            context.client.create_artifact(page.model_copy(update={"flow_run_id": run_id}))
    for arrival in arrivals:
        if arrival.needs_a_run:
            pool.create(arrival.version.file_name, arrival.parameters, arrival.version.document_id)


def _run(arrival: Arrival, settled: Settled) -> SettledRun:
    told = {"name": arrival.version.file_name, **label(settled)}
    return SettledRun(
        parameters=arrival.parameters, key=arrival.version.document_id, state=final_state(settled), **told
    )


def _summary(fates: Counter[str]) -> str:
    counted = "，".join(f"{words} {number} 份" for words, number in fates.most_common())
    return f"共 {fates.total()} 份：{counted}。" if counted else "没有新的文件。"


PUBLISH_CROWD: Final = Deployed(
    flow=publish_crowd,
    entrypoint="flows/publish_crowd.py:publish_crowd",
    deployment="publish_crowd",
    description="同时到达的一批复文。每份文件另有自己的运行记录，在 publish_reply 下查看和重试。",
    pool="fuwen-crowds",
)
