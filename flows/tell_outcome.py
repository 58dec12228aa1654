"""What a run says of itself in Prefect's UI: its name, its tags, its page, its final state."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import structlog
from prefect import get_run_logger
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.actions import ArtifactCreate
from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterFlowRunId
from prefect.client.schemas.objects import FlowRun, State
from prefect.context import FlowRunContext, SyncClientContext
from prefect.states import Completed

from adapters.record.vault import Receipt
from domain.fate import Outcome, Published, Rejected, Unchanged
from domain.outcome_told import fate_name, findings_of, may_be_shown, page, sentence
from domain.publication.object_keys import page_key
from flows.work_pool import SERVER_AWAY, connection, why_away
from tasks.premises import premises
from tasks.review_reply import Judgement

_READ = ("fate:", "year:", "authority:")
"""How tags begin that say what became of the document and what was read."""

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a document, and what is known of it: no receipt if it vanished, no judgement if it is old news."""

    outcome: Outcome
    receipt: Receipt | None = None
    judgement: Judgement | None = None


def tell_outcome(settled: Settled, started: float) -> State[Any]:
    """Tell the fate to whoever watches, and give back the run's final state. `started` is monotonic."""
    _in_prefect(lambda client, run: client.update_flow_run(run.id, **label(settled, run.tags)))
    if isinstance(settled.outcome, Rejected):
        _in_prefect(_forget_pages)
    told = artifact(settled)
    if told:
        _in_prefect(lambda client, run: client.create_artifact(told.model_copy(update={"flow_run_id": run.id})))
    get_run_logger().info(_sentence(settled))
    log_outcome(settled, started)
    return final_state(settled)


def final_state(settled: Settled) -> State[Any]:
    """Completed, under the name of the fate: a refused document is a good day's work."""
    return Completed(name=fate_name(settled.outcome), message=_sentence(settled))


def _sentence(settled: Settled) -> str:
    """Without what was read, as for old news, nothing is known to be open."""
    judgement = settled.judgement
    return sentence(settled.outcome, shown=judgement is not None and _is_open(judgement, settled.outcome))


def log_outcome(settled: Settled, started: float) -> None:
    """The one line that tells the story of a document. `started` is monotonic."""
    _log.info(
        "reply.settled",
        outcome=fate_name(settled.outcome).lower(),
        codes=[finding.code for finding in findings_of(settled.outcome)],
        pages=settled.judgement.evidence.pages if settled.judgement else None,
        ms=round((time.monotonic() - started) * 1000),
    )


def label(settled: Settled, tags: Iterable[str] = ()) -> dict[str, Any]:
    """Tags, and as name the document's number; of what was refused, the file as it was dropped and nothing read."""
    outcome, judgement, receipt = settled.outcome, settled.judgement, settled.receipt
    before = (tag for tag in tags if not tag.startswith(_READ))
    found: dict[str, Any] = {"tags": sorted({*before, *_tags(outcome, judgement)})}
    if judgement and judgement.draft.document_number and _may_be_named(judgement, outcome):
        found["name"] = str(judgement.draft.document_number)
    elif judgement and judgement.held and receipt:
        found["name"] = receipt.key.rpartition("/")[2]
    return found


def _tags(outcome: Outcome, judgement: Judgement | None) -> list[str]:
    tags = [f"fate:{fate_name(outcome).lower()}"]
    if judgement and _may_be_named(judgement, outcome):
        issued, authority = judgement.draft.date_of_issue, judgement.draft.issuing_authority
        tags += [f"year:{issued.year}"] if issued else []
        tags += [f"authority:{authority}"] if authority else []
    return tags


def _may_be_named(judgement: Judgement, outcome: Outcome) -> bool:
    return not isinstance(outcome, Rejected) and _is_open(judgement, outcome)


def _is_open(judgement: Judgement, outcome: Outcome) -> bool:
    return may_be_shown(judgement.draft, judgement.evidence.raw, findings_of(outcome))


def artifact(settled: Settled) -> ArtifactCreate | None:
    """The page of the document in Markdown; none where nothing was read."""
    receipt, judgement = settled.receipt, settled.judgement
    if receipt is None or judgement is None:
        return None
    text = page(receipt.sha256, settled.outcome, judgement.evidence, judgement.draft, _links(settled.outcome))
    return ArtifactCreate(
        key=f"reply-{receipt.document_id}", type="markdown", data=text, description="这份文件的读取与审核情况"
    )


def _forget_pages(client: SyncPrefectClient, run: FlowRun) -> None:
    """What stood on the screen while it waited for a person is not for those who may see that it was refused."""
    pages = ArtifactFilter(flow_run_id=ArtifactFilterFlowRunId(any_=[run.id]))
    for each in client.read_artifacts(artifact_filter=pages):
        client.delete_artifact(each.id)


def _links(outcome: Outcome) -> list[tuple[str, str]]:
    root = premises().settings.public_url
    if not root or not isinstance(outcome, Published | Unchanged):
        return []
    root = root.rstrip("/")
    return [
        ("门户页面", f"{root}/{page_key(outcome.reply_id)}"),
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
