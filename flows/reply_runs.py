"""One run for each document: registered once, put back when it broke off, never registered again.

A crowd shares one run while it is worked on; each of its documents has its own afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog
from prefect.client.schemas.objects import FlowRun, StateType

from domain.object_version import ObjectVersion
from domain.publication.canonical_json import sha256_hex
from flows.work_pool import WorkPool

_LONGEST_PATIENCE: Final = timedelta(hours=1)
_BATCH: Final = 100
_ONCE_MORE: Final = "上一次没有办完，自动重新处理。"

_log = structlog.get_logger()


class ReplyRuns:
    """The runs of `publish_reply`. The idempotency key of a run is its document's id."""

    def __init__(
        self,
        pool: WorkPool,
        crowds: WorkPool,
        offer: Callable[[FlowRun], None],
        *,
        patience: timedelta = timedelta(seconds=60),
    ) -> None:
        """`crowds` has the runs of `publish_crowd`. `offer` is told of a new run of `pool` at once.

        `patience` is waited before a failed one, doubled at each failure.
        """
        self._pool, self._crowds, self._offer, self._patience = pool, crowds, offer, patience

    def register(self, version: ObjectVersion) -> None:
        """Make the run of the document, or find that it has one. Raises one of SERVER_AWAY."""
        parameters = {"bucket": version.bucket, "key": version.key, "version": version.version}
        run = self._pool.create(version.file_name, parameters, version.document_id)
        if run.state is not None and run.state.is_scheduled():
            self._offer(run)

    def register_crowd(self, versions: Sequence[ObjectVersion]) -> None:
        """Make the run that these (at most 100) share, but for those that have a run. Raises one of SERVER_AWAY."""
        taken, crowded = self._pool.find([version.document_id for version in versions]), self._in_crowds()
        new = [version for version in versions if version.document_id not in taken and version not in crowded]
        if new:
            key = sha256_hex("".join(version.document_id for version in new).encode())
            parameters = {"bucket": new[0].bucket, "objects": [[version.key, version.version] for version in new]}
            self._crowds.create(f"{len(new)} 份文件", parameters, key)

    def revive(self, unfinished: Iterable[ObjectVersion]) -> None:
        """See that each of these documents without an outcome will be worked on. Raises one of SERVER_AWAY."""
        versions = list(unfinished)
        for start in range(0, len(versions), _BATCH):
            self._revive(versions[start : start + _BATCH])

    def _revive(self, versions: Sequence[ObjectVersion]) -> None:
        found = self._pool.find([version.document_id for version in versions])
        crowded = self._in_crowds() if len(found) < len(versions) else frozenset()
        for version in versions:
            run = found.get(version.document_id)
            if run is None:
                if version not in crowded:  # killed before it was registered, or Prefect's database was wiped
                    self.register(version)
            elif self.is_over(run):
                _log.info("run.again", document_id=version.document_id, starts=run.run_count)
                self._pool.run_again(run.id, _ONCE_MORE)

    def _in_crowds(self) -> frozenset[ObjectVersion]:
        """The documents of crowds that are under way."""
        under_way = StateType.SCHEDULED, StateType.PENDING, StateType.RUNNING, StateType.CANCELLING
        named = [run.parameters for run in self._crowds.in_state(*under_way)]
        return frozenset(ObjectVersion(each["bucket"], *pair) for each in named for pair in each["objects"])

    def is_over(self, run: FlowRun) -> bool:
        """Whether nobody works on it and it has waited long enough. A cancelled run waits for the person's retry."""
        if run.state is None or not run.state.is_final() or run.state.is_cancelled():
            return False
        patience = min(self._patience * 2 ** min(max(run.run_count - 1, 0), 16), _LONGEST_PATIENCE)
        return bool(datetime.now(UTC) - run.state.timestamp >= patience)
