"""A held document is a run that is suspended with a form: it holds no process, and its answer starts it again.

The vault is the record, Prefect only the screen: an answer is kept there before anything is made of it, and a form that
was lost is made again from there (docs/adr/0011-a-held-document-is-a-suspended-run.md).
"""

from __future__ import annotations

from typing import Any, Final

from prefect import get_run_logger
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.context import FlowRunContext

from domain.sheet_told import form_text, waiting_words
from flows.review_form import form_schema
from flows.run_inputs import answer_of, forget_forms, open_form
from flows.work_pool import connection
from tasks.keep_decision import keep_decision
from tasks.pin_original import Pinned
from tasks.premises import premises
from tasks.prepare_review import page_links

HELD: Final = "Held"
"""The name of the state; its type is PAUSED, so that the UI offers to resume it."""


def heed_answer(pinned: Pinned) -> Pinned:
    """What the reviewer wrote in the form of this run goes to the vault, and is then gone from Prefect."""
    run = _run()
    if not pinned.held or run is None:
        return pinned
    with connection():
        answer = answer_of(run.id)
    if answer is not None:
        pinned = keep_decision(pinned, answer)
        forget_form()
    return pinned


def suspended(document_id: str, message: str) -> State[Any] | None:
    """Give this run its form, and give back the state in which it waits; None for a run that nobody could resume.

    Raises StoreError or one of SERVER_AWAY.
    """
    run, sheet = _run(), premises().vault.sheet(document_id)
    if run is None or run.deployment_id is None or sheet is None:
        return None
    text = form_text(sheet, page_links(premises().links, sheet))
    with connection():
        forget_forms(run.id)
        details = open_form(run, form_schema(sheet, text))
    get_run_logger().info("等待审核人决定：请点本页右上角的“Resume”填写。")
    return State(type=StateType.PAUSED, name=HELD, message=message + waiting_words(sheet), state_details=details)


def forget_form() -> None:
    """Whatever was asked is decided. Raises one of SERVER_AWAY."""
    run = _run()
    if run is not None:
        with connection():
            forget_forms(run.id)


def _run() -> FlowRun | None:
    context = FlowRunContext.get()
    return context.flow_run if context else None
