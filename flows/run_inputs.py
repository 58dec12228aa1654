"""Inputs of a run: what Prefect keeps of a form while it is open. Every call needs an open connection."""

from __future__ import annotations

import json
from typing import Any, Final
from uuid import UUID, uuid4

from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.objects import FlowRun, StateDetails
from prefect.context import SyncClientContext

_PREFIX: Final = "held-"
_MOST: Final = 200


def answer_of(run_id: UUID) -> dict[str, Any] | None:
    """What was answered to the latest form, None if nothing was."""
    inputs = _client().filter_flow_run_input(run_id, _PREFIX, _MOST, set())
    answers = [each.value for each in inputs if each.key.endswith("-response")]
    return dict(json.loads(answers[-1])) if answers else None


def open_form(run: FlowRun, schema: dict[str, Any]) -> StateDetails:
    """Keep a new form of this run, and give back by what the state that waits for its answer names it."""
    # A state that waits under a key that was there before is refused, and being resumed does not count as a start.
    form = f"{_PREFIX}{uuid4().hex[:12]}"
    keyset = {part: f"{form}-{part}" for part in ("description", "response", "schema")}
    _put(run.id, keyset["schema"], schema)
    return StateDetails(pause_reschedule=True, pause_key=keyset["response"], run_input_keyset=keyset)


def replace_form(run: FlowRun, schema: dict[str, Any]) -> None:
    """Put another form in the place of the one that this run waits with."""
    keyset = run.state.state_details.run_input_keyset if run.state else None
    if keyset:
        _client().delete_flow_run_input(run.id, keyset["schema"])
        _put(run.id, keyset["schema"], schema)


def forget_forms(run_id: UUID) -> None:
    """Nothing of a form, and nothing of an answer, stays in Prefect's database."""
    for each in _client().filter_flow_run_input(run_id, _PREFIX, _MOST, set()):
        _client().delete_flow_run_input(run_id, each.key)


def _put(run_id: UUID, key: str, value: object) -> None:
    _client().create_flow_run_input(run_id, key, json.dumps(value, ensure_ascii=False))


def _client() -> SyncPrefectClient:
    context = SyncClientContext.get()
    if context is None:
        raise LookupError("no connection was opened in this thread")
    return context.client
