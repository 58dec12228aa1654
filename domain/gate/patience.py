"""Whether a letter waits for the operator's list of revoked certificates before it is held for a person."""

from __future__ import annotations

from datetime import datetime, timedelta

from domain.gate.evidence import SignatureProblem, SignatureVerdict


def awaits_revocation_list(
    verdict: SignatureVerdict, received_at: datetime, now: datetime, patience: timedelta
) -> bool:
    """Whether nothing is wrong but that a current list is missing, and it may still come: both times with a zone."""
    return verdict.problem is SignatureProblem.REVOCATION_UNKNOWN and now - received_at < patience
