"""What was read and checked about one original.

Values only: whoever made them could open files, whoever judges them cannot.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from domain.gate.finding import Finding
from domain.reading.raw_reply import RawReply


class SignatureStatus(StrEnum):
    """What is known of the digital signatures of a PDF, as a whole."""

    VALID = "valid"
    """Every signature is intact, covers the whole file, and leads to a configured trust anchor."""
    UNTRUSTED = "untrusted"
    """Intact, but the certificate does not lead to a configured trust anchor, or was not usable at that time."""
    INVALID = "invalid"
    """The signature does not fit the bytes, or the certificate is revoked or of the wrong usage."""
    MODIFIED = "modified"
    """Something was added or changed after signing."""
    UNSIGNED = "unsigned"
    INDETERMINATE = "indeterminate"
    """There is a signature that could not be judged; `detail` says why. Never the same as unsigned."""


@dataclass(frozen=True, slots=True)
class SignatureVerdict:
    """The verdict on all signatures of one PDF."""

    status: SignatureStatus
    detail: str
    """One plain Chinese sentence that names the evidence."""
    signers: tuple[str, ...] = ()
    """Common name of the subject of each signing certificate."""
    signed_at: str | None = None
    """Time of the last signature: by timestamp if there is one, else as the signer claims; UTC with Z."""


class PageSource(StrEnum):
    """Where the text of a page came from."""

    TEXT = "text"
    OCR = "ocr"


@dataclass(frozen=True, slots=True)
class PageReading:
    """How one page was read."""

    page: int
    source: PageSource
    confidence: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that review is given about one original, besides the rules and the time."""

    sha256: str
    size_bytes: int
    pages: int
    """0 where it could not be opened."""
    signature: SignatureVerdict
    raw: RawReply
    reading: tuple[PageReading, ...] = ()
    findings: tuple[Finding, ...] = ()
    """What inspection and reading found already: not a PDF, encrypted, a garbled page."""
