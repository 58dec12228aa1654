"""One run for each document: registered once, put back when it broke off, never registered again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog
from prefect.client.schemas.objects import FlowRun

from domain.object_version import ObjectVersion
from flows.work_pool import WorkPool

_LONGEST_PATIENCE: Final = timedelta(hours=1)
_BATCH: Final = 100
_ONCE_MORE: Final = "上一次没有办完，自动重新处理。"

_log = structlog.get_logger()


class ReplyRuns:
    """The runs of `publish_reply`. The idempotency key of a run is its document's id."""

    def __init__(
        self, pool: WorkPool, offer: Callable[[FlowRun], None], *, patience: timedelta = timedelta(seconds=60)
    ) -> None:
        """`offer` is told of a new run at once. `patience` is waited before a failed one, doubled at each failure."""
        self._pool, self._offer, self._patience = pool, offer, patience

    def register(self, version: ObjectVersion) -> None:
        """Make the run of the document, or find that it has one. Raises one of SERVER_AWAY."""
        parameters = {"bucket": version.bucket, "key": version.key, "version": version.version}
        run = self._pool.create(version.file_name, parameters, version.document_id)
        if run.state is not None and run.state.is_scheduled():
            self._offer(run)

    def revive(self, unfinished: Iterable[ObjectVersion]) -> None:
        """See that each of these documents without an outcome will be worked on. Raises one of SERVER_AWAY."""
        versions = list(unfinished)
        for start in range(0, len(versions), _BATCH):
            self._revive(versions[start : start + _BATCH])

    def _revive(self, versions: Sequence[ObjectVersion]) -> None:
        found = self._pool.find([version.document_id for version in versions])
        for version in versions:
            run = found.get(version.document_id)
            if run is None:  # killed before it was registered, or Prefect's database was wiped
                self.register(version)
            elif self._is_over(run):
                _log.info("run.again", document_id=version.document_id, starts=run.run_count)
                self._pool.run_again(run.id, _ONCE_MORE)

    def _is_over(self, run: FlowRun) -> bool:
        """Whether nobody works on it and it has waited long enough. A cancelled run waits for the person's retry."""
        if run.state is None or not run.state.is_final() or run.state.is_cancelled():
            return False
        patience = min(self._patience * 2 ** min(max(run.run_count - 1, 0), 16), _LONGEST_PATIENCE)
        return bool(datetime.now(UTC) - run.state.timestamp >= patience)
