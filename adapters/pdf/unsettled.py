"""The verdict on a signature that is known before the end: something speaks against it."""

from __future__ import annotations

from domain.gate.evidence import SignatureProblem, SignatureStatus


class Unsettled(Exception):  # noqa: N818 - not an error: the verdict, known before the end
    """The signature is not valid, and why: a status, one Chinese sentence, perhaps a more particular problem."""

    def __init__(self, status: SignatureStatus, detail: str, problem: SignatureProblem | None = None) -> None:
        super().__init__(status)
        self.status = status
        self.detail = detail
        self.problem = problem


def invalid(detail: str) -> Unsettled:
    """It does not fit the bytes, or nobody may sign like that."""
    return Unsettled(SignatureStatus.INVALID, detail)


def indeterminate(detail: str, problem: SignatureProblem | None = None) -> Unsettled:
    """It cannot be judged."""
    return Unsettled(SignatureStatus.INDETERMINATE, detail, problem)


def modified(detail: str) -> Unsettled:
    """Something was added after signing."""
    return Unsettled(SignatureStatus.MODIFIED, detail)


def untrusted(detail: str, problem: SignatureProblem | None = None) -> Unsettled:
    """It is intact, but the certificate was not established."""
    return Unsettled(SignatureStatus.UNTRUSTED, detail, problem)
