"""The manifest: the object that makes a publication exist, and the machine-readable reply beside it.

Both hold only what review vouched for. Of a reply that is published as 摘要 neither the original nor its digest nor a
word of the letter is in them: a digest alone would let anyone confirm a guess at what was withheld.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.gate.evidence import SignatureVerdict
from domain.gate.masking import Mask
from domain.publication.canonical_json import Json, parse_json, sha256_hex
from domain.publication.notice import Notice, Reason
from domain.publication.object_keys import artifact_key, manifest_key, schema_key
from domain.publication.rendition import public_paragraphs
from domain.publication.ruling import Ruling, masks_json
from domain.reply import DisclosureAttribute, DisclosureExtent, Reply

MANIFEST_SCHEMA = "manifest-1"
REPLY_SCHEMA = "reply-1"
TOMBSTONE_SCHEMA = "tombstone-1"
PAYLOAD_TYPE = "application/vnd.fuwen.manifest+json"
"""What a signed envelope says that it holds."""


class State(StrEnum):
    """What a version is, or leaves of the reply. A later version does not change an earlier manifest."""

    PUBLISHED = "published"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"
    PURGED = "purged"


class ArtifactRole(StrEnum):
    """What an artifact is to a reader."""

    ORIGINAL = "original"
    REPLY_JSON = "reply_json"
    TEXT = "text"
    PREVIEW = "preview"


_FORMS = {
    ArtifactRole.ORIGINAL: ("pdf", "application/pdf"),
    ArtifactRole.REPLY_JSON: ("json", "application/json"),
    ArtifactRole.TEXT: ("txt", "text/plain; charset=utf-8"),
    ArtifactRole.PREVIEW: ("jpg", "image/jpeg"),
}
_SUMMARY_ROLES = frozenset({ArtifactRole.REPLY_JSON})
_RENDITION_ROLES = _SUMMARY_ROLES | {ArtifactRole.TEXT}


@dataclass(frozen=True, slots=True)
class Artifact:
    """One file of a reply, named by its content."""

    reply_id: str
    role: ArtifactRole
    sha256: str
    size_bytes: int

    @classmethod
    def of(cls, reply_id: str, role: ArtifactRole, body: bytes) -> Artifact:
        """The artifact that these bytes are."""
        return cls(reply_id, role, sha256_hex(body), len(body))

    @property
    def key(self) -> str:
        """Where it lies in the public bucket."""
        return artifact_key(self.reply_id, self.sha256, _FORMS[self.role][0])

    @property
    def media_type(self) -> str:
        """Its Content-Type."""
        return _FORMS[self.role][1]

    def as_json(self) -> Json:
        """As the manifest lists it."""
        return {
            "role": self.role.value,
            "key": self.key,
            "media_type": self.media_type,
            "size_bytes": self.size_bytes,
            "sha256": self.sha256,
        }


@dataclass(frozen=True, slots=True)
class Listing:
    """What portals ask for and letters do not say: from the office's own tables, None where those do not say either."""

    index_number: str | None = None
    """索引号."""
    topic: str | None = None
    """主题分类."""
    disclosing_authority: str | None = None
    """公开主体. None: the issuing authority."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a publication comes from and what vouched for it."""

    original_sha256: str
    original_size_bytes: int
    signature: SignatureVerdict
    software_version: str
    rules_version: str
    readers: tuple[str, ...]
    """Who read the pages, such as `pdfium`, `pypdf`, `ocr`; with a version as `pdfium 5.15.0`."""
    software_name: str = "fuwen"
    rulings: tuple[Ruling, ...] = ()
    """What persons decided before it became public."""
    masks: tuple[Mask, ...] | None = None
    """The masks, if what is public is a rendition of our own beside which the original stays private; else None."""

    @property
    def is_rendition(self) -> bool:
        """Whether the original is not public, because a reviewer decided so."""
        return self.masks is not None


@dataclass(frozen=True, slots=True)
class StoredManifest:
    """A manifest with the digest and size of its bytes, by which others point to it."""

    content: Json
    sha256: str
    size_bytes: int

    @classmethod
    def of(cls, body: bytes) -> StoredManifest:
        """The manifest that these bytes are. Raises ValueError if they are no JSON object."""
        return cls(parse_json(body), sha256_hex(body), len(body))

    @property
    def reply_id(self) -> str:
        """The reply it speaks of."""
        return str(self.content["reply_id"])

    @property
    def version(self) -> int:
        """The version it makes exist."""
        return int(self.content["version"])

    @property
    def published_at(self) -> str:
        """UTC with Z."""
        return str(self.content["times"]["published_at"])

    @property
    def original_sha256(self) -> str | None:
        """The digest of the original, None where that is not public."""
        found: str | None = self.content.get("provenance", {}).get("original_sha256")
        return found

    @property
    def state(self) -> State:
        """What it makes of the reply."""
        return State(self.content["state"])


def public_roles(extent: DisclosureExtent, *, rendition: bool = False) -> frozenset[ArtifactRole]:
    """The artifacts that may be public for this extent. Whatever is not 全文 gets the least.

    Beside a rendition with masks neither the original nor a picture of it may stand.
    """
    if extent is not DisclosureExtent.FULL_TEXT:
        return _SUMMARY_ROLES
    return _RENDITION_ROLES if rendition else frozenset(ArtifactRole)


def manifest_of(
    reply: Reply,
    *,
    reply_id: str,
    version: int,
    published_at: str,
    artifacts: Sequence[Artifact],
    provenance: Provenance,
    listing: Listing | None = None,
    notice: Notice | None = None,
) -> Json:
    """The manifest of one version. `published_at` in UTC with Z; `notice` says why a later version replaces another.

    Raises ValueError for a reply that is not 主动公开 or an artifact that its extent keeps private: review should not
    have let either come so far.
    """
    if reply.disclosure.attribute is not DisclosureAttribute.PROACTIVE:
        raise ValueError("only what is marked 主动公开 is published")
    allowed = public_roles(reply.extent, rendition=provenance.is_rendition)
    if any(artifact.role not in allowed for artifact in artifacts):
        raise ValueError("an artifact is not public at this extent of disclosure")
    listing = listing or Listing()
    return {
        "schema": schema_key(MANIFEST_SCHEMA),
        "reply_id": reply_id,
        "version": version,
        "state": (State.CORRECTED if version > 1 else State.PUBLISHED).value,
        "supersedes": manifest_key(reply_id, version - 1) if version > 1 else None,
        "change": (notice or Notice(Reason.CONTENT_CORRECTED)).as_json(published_at) if version > 1 else None,
        **_fields(reply),
        "index_number": listing.index_number,
        "topic": listing.topic,
        "disclosing_authority": listing.disclosing_authority or reply.issuing_authority,
        "artifacts": [artifact.as_json() for artifact in artifacts],
        "provenance": _provenance(provenance, reply),
        "times": {
            "date_of_issue": reply.date_of_issue.isoformat(),
            "date_of_distribution": _iso(reply.date_of_distribution),
            "published_at": published_at,
        },
    }


def tombstone_of(reply_id: str, version: int, state: State, notice: Notice | None, published_at: str) -> Json:
    """The version that takes the reply down. It repeats nothing of what was public.

    A purge leaves no reason either: the version before is named by its place alone, and by its digest in the log.
    Raises ValueError for a state that takes nothing down, a withdrawal without a notice, or a first version.
    """
    if state not in {State.WITHDRAWN, State.PURGED} or version < 2:
        raise ValueError("only what is public is taken down")
    if (notice is None) != (state is State.PURGED):
        raise ValueError("a withdrawal says why, a purge does not")
    return {
        "schema": schema_key(TOMBSTONE_SCHEMA),
        "reply_id": reply_id,
        "version": version,
        "state": state.value,
        "supersedes": manifest_key(reply_id, version - 1),
        "change": notice and notice.as_json(published_at),
        "times": {"published_at": published_at},
    }


def reply_artifact(reply: Reply) -> Json:
    """The reply for programs. It does not know its id, version or time, so the same reply gives the same bytes."""
    return {
        "schema": schema_key(REPLY_SCHEMA),
        **_fields(reply),
        "date_of_issue": reply.date_of_issue.isoformat(),
        "date_of_distribution": _iso(reply.date_of_distribution),
        "paragraphs": [
            {"role": paragraph.role.value, "text": paragraph.text, "page": paragraph.page}
            for paragraph in public_paragraphs(reply)
        ],
    }


def _fields(reply: Reply) -> Json:
    submission, result = reply.submission, reply.handling_result
    return {
        "kind": reply.kind.value,
        "title": reply.title,
        "document_number": str(reply.document_number),
        "issuing_authority": reply.issuing_authority,
        "area_code": reply.area_code,
        "signatory": reply.signatory,
        "addressees": list(reply.addressees),
        "distributing_office": reply.distributing_office,
        "copied_to": list(reply.copied_to),
        "submission": {
            "kind": submission.kind.value if submission.kind else None,
            "body": submission.body,
            "term": submission.term,
            "session": submission.session,
            "numbers": list(submission.numbers),
        },
        "handling_result": result and {"raw": result.raw, "normalised": result.normalised, "scheme": result.scheme},
        "disclosure": {
            "raw": reply.disclosure.raw,
            "attribute": reply.disclosure.attribute and reply.disclosure.attribute.value,
            "extent": reply.extent.value,
        },
    }


def _provenance(provenance: Provenance, reply: Reply) -> Json:
    with_original = reply.extent is DisclosureExtent.FULL_TEXT and not provenance.is_rendition
    verdict = provenance.signature
    return {
        "original_sha256": provenance.original_sha256 if with_original else None,
        "signature": {
            "status": verdict.status.value,
            "detail": _without_private_names(verdict, reply.issuing_authority),
            "signed_at": verdict.signed_at,
        },
        "software": {"name": provenance.software_name, "version": provenance.software_version},
        "rules": {"version": provenance.rules_version},
        "readers": [_versioned(reader) for reader in provenance.readers],
        "decisions": [ruling.as_json() for ruling in provenance.rulings],
        "rendition": masks_json(provenance.masks) if provenance.masks is not None else None,
    }


def _versioned(reader: str) -> Json:
    name, _, version = reader.partition(" ")
    return {"name": name, "version": version or None}


def _without_private_names(verdict: SignatureVerdict, authority: str) -> str:
    """The sentence without the names of signers who are not the authority itself: officials sign with own cards."""
    detail = verdict.detail
    for signer in sorted(set(verdict.signers) - {authority, ""}, key=len, reverse=True):
        detail = detail.replace(signer, "（签名人姓名不公开）")
    return detail


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
