"""What is published already."""

from __future__ import annotations

from collections.abc import Iterator

from domain.gate.case import Case
from domain.gate.finding import Finding, find
from domain.gate.finding_kinds import Grade


def predecessor(case: Case) -> Iterator[Finding]:
    """Two letters never share one identity, unless the second was dropped as a correction of the first."""
    before = case.predecessor
    if before is None:
        if case.correcting:
            yield find("correction-without-original")
    elif before.withdrawn:
        # A correction of a withdrawn reply may be what brings it back: a person decides.
        yield find("withdrawn-before", grade=Grade.HOLD if case.correcting else None, reply_id=before.reply_id)
    elif not case.correcting and not before.knows(case.evidence.sha256):
        yield find("duplicate-identity", reply_id=before.reply_id, version=str(before.version))


CHECKS = (predecessor,)
