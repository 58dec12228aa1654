"""Whether the authority signed it, and nobody changed it since."""

from __future__ import annotations

from collections.abc import Iterator

from domain.gate.case import Case
from domain.gate.evidence import SignatureStatus
from domain.gate.finding import Finding, find

_CODES = {
    SignatureStatus.UNSIGNED: "signature-missing",
    SignatureStatus.UNTRUSTED: "signature-untrusted",
    SignatureStatus.INVALID: "signature-invalid",
    SignatureStatus.MODIFIED: "signature-modified",
    SignatureStatus.INDETERMINATE: "signature-indeterminate",
}


def signature(case: Case) -> Iterator[Finding]:
    """Only a valid signature says that the authority issued the letter."""
    verdict = case.evidence.signature
    if verdict.status is not SignatureStatus.VALID:
        yield find(_CODES[verdict.status], detail=verdict.detail)


CHECKS = (signature,)
