"""The journey of one document, from the inbox to its one fate."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final, ParamSpec

import structlog
from prefect import flow, get_run_logger
from prefect.client.schemas.objects import State
from prefect.states import Failed

from adapters.record.vault import Receipt
from domain.fate import Fate, Held, Outcome, Rejected
from domain.gate.evidence import Evidence
from domain.gate.finding import find
from domain.outcome_told import signature_words
from flows.held_run import forget_form, heed_answer, suspended
from flows.interruption import stop_if_asked
from flows.tell_outcome import Settled, tell_outcome
from flows.work_pool import Deployed
from tasks.pin_original import Pinned, pin_original
from tasks.publish_artifacts import publish_artifacts
from tasks.read_original import read_original
from tasks.record_outcome import record_outcome, refusal
from tasks.review_reply import Judgement, review_reply
from tasks.trouble import in_plain_words

P = ParamSpec("P")

_log = structlog.get_logger()


def failing_plainly(journey: Callable[P, State[Any]]) -> Callable[P, State[Any]]:
    """A broken world or a broken us ends in Failed with one sentence: no traceback, nothing of the document."""

    @wraps(journey)
    def told(*args: P.args, **kwargs: P.kwargs) -> State[Any]:
        try:
            return journey(*args, **kwargs)
        except Exception as error:  # noqa: BLE001  whatever it is, its words may quote the document
            sentence = str(in_plain_words(error))
            _log.error("reply.failed", error=type(error).__name__, sentence=sentence)
            return Failed(message=sentence)
        finally:
            structlog.contextvars.unbind_contextvars("document_id")

    return told


@dataclass(frozen=True, slots=True)
class Steps:
    """Who takes the steps: Prefect's tasks in a run of its own, or the plain functions in a crowd."""

    pin: Callable[[str, str, str | None], Pinned | None]
    heed: Callable[[Pinned], Pinned]
    """Take the answer of a reviewer, if there is one."""
    read: Callable[[Receipt], Evidence]
    review: Callable[[Pinned, Evidence], Judgement]
    publish: Callable[[Receipt, Judgement], Outcome]
    record: Callable[[Receipt, Judgement, Outcome], Outcome]


def _as_it_is(pinned: Pinned) -> Pinned:
    """In a crowd nobody was asked."""
    return pinned


AS_TASKS: Final = Steps(pin_original, heed_answer, read_original, review_reply, publish_artifacts, record_outcome)
PLAIN: Final = Steps(
    pin_original.fn, _as_it_is, read_original.fn, review_reply.fn, publish_artifacts.fn, record_outcome.fn
)


def settle(steps: Steps, bucket: str, key: str, version: str | None, say: Callable[..., None]) -> Settled:
    """The journey of one document. Again changes nothing. Raises StepFailed, and Abort when asked to stop."""
    pinned = steps.pin(bucket, key, version)
    if pinned is None:
        return Settled(Rejected((find("original-vanished"),)))
    receipt = pinned.receipt
    structlog.contextvars.bind_contextvars(document_id=receipt.document_id)
    if pinned.outcome and not pinned.is_public:
        return Settled(pinned.outcome, receipt)
    pinned = steps.heed(pinned)
    say("原件已收存并核对，摘要值 %s…，%d 字节。", receipt.sha256[:12], receipt.size_bytes)

    stop_if_asked()
    evidence = steps.read(receipt)
    say("文件共 %d 页；%s。", evidence.pages, signature_words(evidence.signature.status))

    stop_if_asked()
    judgement = steps.review(pinned, evidence)

    stop_if_asked()
    if pinned.outcome:
        outcome = pinned.outcome
    elif judgement.review.fate is Fate.PUBLISH and not judgement.waits:
        outcome = steps.publish(receipt, judgement)
    else:
        outcome = refusal(judgement)
    return Settled(steps.record(receipt, judgement, outcome), receipt, judgement)


@flow(name="publish_reply", persist_result=False, validate_parameters=False, log_prints=False)
@failing_plainly
def publish_reply(bucket: str, key: str, version: str | None = None) -> State[Any]:
    """处理收件箱中的一份复文：收取、读取、审核，然后公开、搁置或退回。重复运行不会重复公开。

    Args:
        bucket: 收件箱的存储桶名称。
        key: 文件在收件箱中的键名。
        version: 对象版本；留空表示当前版本。
    """  # noqa: D415  an operator reads it in the UI
    started = time.monotonic()
    settled = settle(AS_TASKS, bucket, key, version, get_run_logger().info)
    state = tell_outcome(settled, started)
    if isinstance(settled.outcome, Held) and settled.receipt:
        return suspended(settled.receipt.document_id, state.message or "") or state
    if settled.judgement is None or settled.judgement.held:
        forget_form()
    return state


PUBLISH_REPLY: Final = Deployed(
    flow=publish_reply,
    entrypoint="flows/publish_reply.py:publish_reply",
    deployment="publish_reply",
    description="收件箱中每份复文一次运行。失败或取消的运行可在此重试，重复运行不会重复公开。",
    pool="fuwen",
)
