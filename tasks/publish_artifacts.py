"""Make a reply public that review allowed."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

from adapters.isolation.reader_pool import PreviewUnavailableError
from adapters.record.edition import Edition, Refused
from adapters.record.vault import Receipt
from domain.fate import Held, Published, Rejected, Unchanged
from domain.gate.finding import Finding, find
from domain.gate.finding_kinds import Grade
from domain.publication.manifest import ArtifactRole, Listing, Provenance, public_roles
from domain.publication.notice import Notice
from domain.publication.rendition import text_of
from domain.publication.ruling import rulings
from domain.reply import Reply
from tasks.premises import premises
from tasks.read_original import original_at_hand
from tasks.review_reply import Judgement
from tasks.step import step

_PACKAGES: Final = {"pdfium": "pypdfium2", "pypdf": "pypdf", "ocr": "rapidocr"}
"""Where a reader's version comes from."""


@step
def publish_artifacts(receipt: Receipt, judgement: Judgement) -> Published | Unchanged | Held | Rejected:
    """Publish the reply, or say why the public record does not take it. Again changes nothing. Raises StepFailed."""
    reply = judgement.review.reply
    if reply is None:
        raise ValueError("review allowed nothing to be published")
    with original_at_hand(receipt) as path:
        edition = _edition(receipt, judgement, reply, path)
        answer = premises().publisher.publish(edition, datetime.now(UTC))
    if isinstance(answer, Refused):
        return _refused(answer, judgement.review.findings)
    if isinstance(answer, Published):
        return Published(answer.reply_id, answer.version, answer.manifest_key, judgement.review.findings)
    return answer


def _edition(receipt: Receipt, judgement: Judgement, reply: Reply, path: Path) -> Edition:
    masked, mark = judgement.review.masks is not None, judgement.correction
    roles = public_roles(reply.extent, rendition=masked)
    return Edition(
        document_id=receipt.document_id,
        reply=reply,
        provenance=_provenance(receipt, judgement),
        original=path,
        text=text_of(reply, masked=masked),
        listing=_listing(reply),
        preview=_preview(path) if ArtifactRole.PREVIEW in roles else None,
        correcting=mark is not None,
        corrects=mark.reply_id if mark else None,
        notice=_notice(mark.reply_id, receipt.sha256) if mark and mark.reply_id else None,
    )


def _notice(reply_id: str, original_sha256: str) -> Notice | None:
    """What the public is told of the correction, if `fuwen correct` was told."""
    kept = premises().vault.said_of_correction(reply_id, original_sha256)
    return Notice.from_json(kept) if kept else None


def _listing(reply: Reply) -> Listing:
    """What portals ask for, from the office's own tables."""
    authority = premises().rules.authority(reply.issuing_authority)
    if authority is None:
        return Listing()
    number = reply.document_number
    index = f"{authority.index_code}-{number.year}-{number.serial:05d}" if authority.index_code else None
    return Listing(index, authority.topic, authority.disclosing_authority)


def _preview(path: Path) -> bytes | None:
    try:
        return premises().readers.preview(path)
    except PreviewUnavailableError:
        return None  # a convenience of the catalogue: no reason to keep a reply from the public


def _provenance(receipt: Receipt, judgement: Judgement) -> Provenance:
    review = judgement.review
    return Provenance(
        original_sha256=receipt.sha256,
        original_size_bytes=receipt.size_bytes,
        signature=judgement.evidence.signature,
        software_version=version("fuwen"),
        rules_version=premises().rules.version,
        readers=_readers(judgement),
        rulings=rulings(review.decision, judgement.decisions, review.lifted),
        masks=review.masks,
    )


def _readers(judgement: Judgement) -> tuple[str, ...]:
    seen = judgement.evidence.raw.title
    return tuple(f"{name}{_version_of(name)}" for name in seen.reader.split("+")) if seen else ()


def _version_of(reader: str) -> str:
    package = _PACKAGES.get(reader)
    return f" {version(package)}" if package else ""


def _refused(answer: Refused, findings: tuple[Finding, ...]) -> Held | Rejected:
    reason = find(answer.reason.value, reply_id=answer.reply_id or "…")
    everything = (reason, *findings)
    return Rejected(everything) if reason.grade is Grade.REJECT else Held(everything)
