"""Make a reply public that review allowed."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from adapters.isolation.reader_pool import PreviewUnavailableError
from adapters.record.publication import Edition, Refused
from adapters.record.vault import Receipt
from domain.fate import Held, Published, Rejected, Unchanged
from domain.gate.finding import Finding, find
from domain.gate.finding_kinds import Grade
from domain.publication.manifest import ArtifactRole, Provenance, public_roles
from domain.publication.object_keys import artifact_key
from domain.publication.rendition import OriginalLink, html_of, text_of
from domain.publication.ruling import rulings
from domain.reply import Reply
from tasks.premises import premises
from tasks.read_original import original_at_hand
from tasks.review_reply import Judgement
from tasks.step import step


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
    link = _original_link(receipt) if ArtifactRole.ORIGINAL in roles else None
    return Edition(
        document_id=receipt.document_id,
        reply=reply,
        provenance=_provenance(receipt, judgement),
        original=path,
        text=text_of(reply, masked=masked),
        page=html_of(reply, original=link, masked=masked),
        preview=_preview(path) if ArtifactRole.PREVIEW in roles else None,
        correcting=mark is not None,
        corrects=mark.reply_id if mark else None,
    )


def _original_link(receipt: Receipt) -> OriginalLink:
    # The page lies two folders deep among the artifacts (objects/ab/….html), so the root is two folders up.
    return OriginalLink(f"../../{artifact_key(receipt.sha256, 'pdf')}", receipt.sha256, receipt.size_bytes)


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
    return tuple(seen.reader.split("+")) if seen else ()


def _refused(answer: Refused, findings: tuple[Finding, ...]) -> Held | Rejected:
    reason = find(answer.reason.value, reply_id=answer.reply_id or "…")
    everything = (reason, *findings)
    return Rejected(everything) if reason.grade is Grade.REJECT else Held(everything)
