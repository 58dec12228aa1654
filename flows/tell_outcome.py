"""What a run says of itself in Prefect's UI: its name, its tags, its page, its final state."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import structlog
from prefect import get_run_logger
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.actions import ArtifactCreate
from prefect.client.schemas.objects import FlowRun, State
from prefect.context import FlowRunContext, SyncClientContext
from prefect.states import Completed

from adapters.record.vault import Receipt
from domain.fate import Outcome, Published, Unchanged
from domain.gate.finding import Finding
from domain.outcome_told import fate_name, findings_of, may_be_shown, page, sentence
from flows.work_pool import SERVER_AWAY, connection, why_away
from tasks.premises import premises
from tasks.review_reply import Judgement

_log = structlog.get_logger()


def tell_outcome(receipt: Receipt | None, outcome: Outcome, judgement: Judgement | None, started: float) -> State[Any]:
    """Tell the fate to whoever watches, and give back the run's final state. `started` is monotonic."""
    fate, codes = fate_name(outcome), [finding.code for finding in findings_of(outcome)]
    _in_prefect(lambda client, run: client.update_flow_run(run.id, **_label(run, outcome, judgement)))
    if receipt and judgement:
        artifact = _artifact(receipt, outcome, judgement)
        _in_prefect(lambda client, run: client.create_artifact(_of_run(artifact, run)))
    told = sentence(outcome)
    get_run_logger().info(told)
    _log.info(
        "reply.settled",
        outcome=fate.lower(),
        codes=codes,
        pages=judgement.evidence.pages if judgement else None,
        ms=round((time.monotonic() - started) * 1000),
    )
    return Completed(name=fate, message=told)


def _label(run: FlowRun, outcome: Outcome, judgement: Judgement | None) -> dict[str, Any]:
    """Tags, and the document's number as name unless the document is closed to the public: one call for both."""
    label: dict[str, Any] = {"tags": sorted({*run.tags, *_tags(outcome, judgement)})}
    if judgement and judgement.draft.document_number and _is_open(judgement, findings_of(outcome)):
        label["name"] = str(judgement.draft.document_number)
    return label


def _tags(outcome: Outcome, judgement: Judgement | None) -> list[str]:
    tags = [f"fate:{fate_name(outcome).lower()}"]
    if judgement and _is_open(judgement, findings_of(outcome)):
        issued, authority = judgement.draft.date_of_issue, judgement.draft.issuing_authority
        tags += [f"year:{issued.year}"] if issued else []
        tags += [f"authority:{authority}"] if authority else []
    return tags


def _is_open(judgement: Judgement, findings: tuple[Finding, ...]) -> bool:
    return may_be_shown(judgement.draft, judgement.evidence.raw, findings)


def _artifact(receipt: Receipt, outcome: Outcome, judgement: Judgement) -> ArtifactCreate:
    text = page(receipt.sha256, outcome, judgement.evidence, judgement.draft, _links(outcome))
    return ArtifactCreate(
        key=f"reply-{receipt.document_id}", type="markdown", data=text, description="这份文件的读取与审核情况"
    )


def _of_run(artifact: ArtifactCreate, run: FlowRun) -> ArtifactCreate:
    return artifact.model_copy(update={"flow_run_id": run.id})


def _links(outcome: Outcome) -> list[tuple[str, str]]:
    root = premises().settings.public_url
    if not root or not isinstance(outcome, Published | Unchanged):
        return []
    root = root.rstrip("/")
    return [
        ("门户页面", f"{root}/index.html?reply={outcome.reply_id}"),
        ("公开清单（manifest）", f"{root}/{outcome.manifest_key}"),
    ]


def _in_prefect(tell: Callable[[SyncPrefectClient, FlowRun], object]) -> None:
    """Tell Prefect, if it listens: the vault holds the fate, so a server that is away now is no reason to fail."""
    context = FlowRunContext.get()
    if context is None or context.flow_run is None:
        return
    try:
        with connection():
            client = SyncClientContext.get()
            if client is not None:
                tell(client.client, context.flow_run)
    except SERVER_AWAY as error:
        _log.warning("run.untold", error=why_away(error))
