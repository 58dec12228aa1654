"""What is handed in to be published, and what comes back when the record does not take it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from adapters.record.schema_check import check
from domain.publication.canonical_json import canonical_json, sha256_hex
from domain.publication.manifest import (
    REPLY_SCHEMA,
    ArtifactRole,
    Listing,
    Provenance,
    public_roles,
    reply_artifact,
)
from domain.publication.notice import Notice
from domain.reply import Reply


@dataclass(frozen=True, slots=True)
class Edition:
    """One reply that review allowed to be published, with its finished renditions."""

    document_id: str
    reply: Reply
    provenance: Provenance
    original: Path
    """The file from the vault. Read only if it may be public: 全文, and no rendition with masks."""
    text: str
    preview: bytes | None = None
    """JPEG of the first page."""
    listing: Listing | None = None
    correcting: bool = False
    """It was dropped as a correction."""
    corrects: str | None = None
    """The reply id that the correction names; None where the identity tells which reply it corrects."""
    notice: Notice | None = None
    """What the public is told of a correction; None: that the content was corrected."""


class Refusal(StrEnum):
    """Why the record does not take an edition; the values are codes of `domain.gate.finding_kinds`."""

    DUPLICATE_IDENTITY = "duplicate-identity"
    """The reply is public already with other bytes, and this was not dropped as a correction."""
    NOTHING_TO_CORRECT = "correction-without-original"
    """It was dropped as a correction, and no such reply is public."""
    WITHDRAWN_BEFORE = "withdrawn-before"
    """The reply was taken down: dropping it again does not bring it back, and nothing does after a purge."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing became public and nothing changed."""

    reason: Refusal
    reply_id: str | None = None
    """The public reply that is in the way."""


def bodies_of(edition: Edition) -> dict[ArtifactRole, bytes]:
    """The bytes of each artifact that may be public. Raises ValueError if the original is not the one reviewed."""
    public = public_roles(edition.reply.extent, rendition=edition.provenance.is_rendition)
    reply = reply_artifact(edition.reply)
    check(REPLY_SCHEMA, reply)
    bodies = {ArtifactRole.REPLY_JSON: canonical_json(reply)}
    if ArtifactRole.ORIGINAL in public:
        bodies[ArtifactRole.ORIGINAL] = _original(edition)
    if ArtifactRole.TEXT in public:
        bodies[ArtifactRole.TEXT] = edition.text.encode()
    if ArtifactRole.PREVIEW in public and edition.preview:
        bodies[ArtifactRole.PREVIEW] = edition.preview
    return {role: bodies[role] for role in ArtifactRole if role in bodies}


def _original(edition: Edition) -> bytes:
    body = edition.original.read_bytes()
    if sha256_hex(body) != edition.provenance.original_sha256:
        raise ValueError("the file is not the original that was reviewed")
    return body
