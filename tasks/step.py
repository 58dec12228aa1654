"""What all steps have in common: tried again when the world was at fault, results never kept, failures told plainly."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, Final, ParamSpec, TypeVar

from prefect import Task, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun

from tasks.trouble import StepFailed, telling_plainly

P = ParamSpec("P")
R = TypeVar("R")

_RETRY_AFTER_SECONDS: Final = [1.0, 4.0]
"""Short: a place is held meanwhile. What lasts longer ends in Failed, and the sweep runs it again later."""


class _Plainly(logging.Filter):
    """Prefect logs a step that failed with its traceback; whoever looks at the run gets the one sentence."""

    def filter(self, record: logging.LogRecord) -> bool:
        raised = record.exc_info[1] if record.exc_info else None
        told = next((each for each in (raised, *_arguments(record)) if isinstance(each, StepFailed)), None)
        if told is not None:
            words = "" if raised is told else "稍后再试："
            record.msg, record.args, record.exc_info = f"{words}{told}", (), None
        return True


def _arguments(record: logging.LogRecord) -> tuple[object, ...]:
    return record.args if isinstance(record.args, tuple) else ()


_PLAINLY: Final = _Plainly()


def step(does: Callable[P, R]) -> Task[P, R]:
    """Make a task of the function, named as it is."""
    logging.getLogger("prefect.task_runs").addFilter(_PLAINLY)  # the same one again is not added
    return task(
        name=does.__name__,
        retries=len(_RETRY_AFTER_SECONDS),
        retry_delay_seconds=_RETRY_AFTER_SECONDS,
        retry_condition_fn=_will_pass,
        cache_policy=NO_CACHE,
        persist_result=False,
    )(telling_plainly(does))


def _will_pass(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    return isinstance(state.data, StepFailed) and state.data.passes
