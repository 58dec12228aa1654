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


class SignatureProblem(StrEnum):
    """Why a signature is not valid, where its status does not say enough. The values are finding codes."""

    CERTIFICATE_EXPIRED = "signature-certificate-expired"
    """Good at the time of a trusted timestamp; the certificate has expired since."""
    REVOCATION_UNKNOWN = "revocation-list-outdated"
    """Nothing is wrong but that a current list of revoked certificates is missing."""
    SEAL = "signature-seal-unsupported"
    """An electronic seal or a signature in a national format (GM/T 0031, GB/T 38540, GB/T 35275)."""
    SEVERAL = "signature-several"
    """Each is good for itself, but an earlier one does not cover what was added with a later one."""


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature or document timestamp of a PDF, judged for itself."""

    signer: str
    """Common name of the subject of the signing certificate; empty where there is none to be read."""
    status: SignatureStatus
    detail: str
    """One plain Chinese sentence that names the evidence."""
    signed_at: str | None = None
    """UTC with Z."""
    timestamped: bool = False
    """Whether a trusted timestamp proves `signed_at`; otherwise the signer claims it."""
    key_sha256: str | None = None
    """Hex SHA-256 of the signing key (SubjectPublicKeyInfo, RFC 5280, 4.1.2.7); None for a document timestamp."""
    organisations: tuple[str, ...] = ()
    """Organisation and organisational units of the subject, beside its common name."""
    problem: SignatureProblem | None = None


@dataclass(frozen=True, slots=True)
class SignatureVerdict:
    """The verdict on all signatures of one PDF."""

    status: SignatureStatus
    """The worst of them."""
    detail: str
    """One plain Chinese sentence that names the evidence."""
    signers: tuple[str, ...] = ()
    """Common name of the subject of each signing certificate."""
    signed_at: str | None = None
    """Time of the last signature: by timestamp if there is one, else as the signer claims; UTC with Z."""
    signatures: tuple[Signature, ...] = ()
    """Each of them, in the order of signing."""
    problem: SignatureProblem | None = None


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


class Place(StrEnum):
    """Where a text of the file stands that is on none of its pages."""

    PERSON = "person"
    """A property that is meant for a name: author, last changed by."""
    PROPERTY = "property"
    BOOKMARK = "bookmark"
    LABEL = "label"
    """Of a page."""
    LAYER = "layer"


@dataclass(frozen=True, slots=True)
class FileText:
    """What the file says beside its pages."""

    place: Place
    name: str
    """Of the property, as the file writes it; empty elsewhere."""
    text: str


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
    texts: tuple[FileText, ...] = ()
    """What the file says beside its pages: properties, bookmarks."""
