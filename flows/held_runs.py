"""Sees to it that every held document has its suspended run, with a form whose links still open.

Prefect's database may be lost, a decision may come from the command line, links end by themselves: the sweep looks
after all three, from the vault's record.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

import structlog
from prefect.client.schemas.objects import FlowRun

from adapters.record.vault import Vault
from adapters.store.short_links import ShortLinks
from domain.object_version import ObjectVersion
from domain.sheet_told import form_text
from flows.reply_runs import ReplyRuns
from flows.review_form import form_schema
from flows.run_inputs import replace_form
from flows.work_pool import WorkPool
from tasks.prepare_review import page_links

_BATCH: Final = 100
_DECIDED: Final = "已有审核人的决定，继续办理。"
_NO_FORM: Final = "这份文件待人决定，重新登记审核表。"

_log = structlog.get_logger()


class HeldRuns:
    """The runs of documents that wait for a person."""

    def __init__(self, pool: WorkPool, runs: ReplyRuns, vault: Vault, links: ShortLinks) -> None:
        self._pool, self._runs, self._vault, self._links = pool, runs, vault, links
        self._renewed: dict[UUID, datetime] = {}

    def keep(self, held: Iterable[str]) -> None:
        """Look after these documents. Raises StoreError or one of SERVER_AWAY."""
        waiting = list(held)
        for start in range(0, len(waiting), _BATCH):
            batch = waiting[start : start + _BATCH]
            found = self._pool.find(batch)
            for document_id in batch:
                self._keep(document_id, found.get(document_id))

    def _keep(self, document_id: str, run: FlowRun | None) -> None:
        if run is None or run.state is None:
            self._register(document_id)
        elif run.state.is_paused():
            if self._vault.has_new_decision(document_id):
                self._again(run, document_id, _DECIDED)
            elif self._is_stale(run):
                self._renew(run, document_id)
        elif self._runs.is_over(run):
            # It failed while it was given its form, or a crowd of an earlier version left it without one.
            self._again(run, document_id, _NO_FORM)

    def _register(self, document_id: str) -> None:
        sheet = self._vault.sheet(document_id)
        if sheet is not None:
            self._runs.register(ObjectVersion(sheet.bucket, sheet.key, sheet.version))

    def _again(self, run: FlowRun, document_id: str, why: str) -> None:
        _log.info("run.again", document_id=document_id, starts=run.run_count)
        self._pool.run_again(run.id, why)

    def _is_stale(self, run: FlowRun) -> bool:
        """Whether less than half of the time is left of the links in its form."""
        written = self._renewed.get(run.id) or (run.state.timestamp if run.state else None)
        return written is not None and datetime.now(UTC) - written > timedelta(seconds=self._links.seconds / 2)

    def _renew(self, run: FlowRun, document_id: str) -> None:
        sheet = self._vault.sheet(document_id)
        if sheet is not None:
            replace_form(run, form_schema(sheet, form_text(sheet, page_links(self._links, sheet))))
        self._renewed[run.id] = datetime.now(UTC)
