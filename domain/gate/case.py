"""One letter before review: everything that a check may look at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from domain.document_number import DocumentNumber
from domain.gate.evidence import Evidence
from domain.gate.finding_kinds import Grade
from domain.gate.rules import Authority, Rules
from domain.reading.raw_reply import RawReply
from domain.reply import Draft

_UNREAD = frozenset(
    {
        "page-foreign",
        "page-overcrowded",
        "page-traditional",
        "page-without-text",
        "reading-bounds-exceeded",
        "text-garbled",
        "text-turned",
        "too-many-pages",
    }
)


@dataclass(frozen=True, slots=True)
class Predecessor:
    """What is published already under the same identity."""

    reply_id: str
    version: int
    original_sha256: str
    """Of the original behind the newest version."""
    state: str
    """`published`, `corrected`, `withdrawn` or `purged`."""
    earlier_sha256: frozenset[str] = frozenset()
    """Of the originals behind the versions before the newest."""

    def knows(self, sha256: str) -> bool:
        """Whether these bytes are one of its versions already."""
        return sha256 == self.original_sha256 or sha256 in self.earlier_sha256

    @property
    def withdrawn(self) -> bool:
        """Whether it was taken down."""
        return self.state in {"withdrawn", "purged"}


@dataclass(frozen=True, slots=True)
class Case:
    """The evidence, what it seems to say, and what it is judged by."""

    evidence: Evidence
    draft: Draft
    rules: Rules
    today: date
    """Calendar date in Asia/Shanghai."""
    predecessor: Predecessor | None = None
    correcting: bool = False
    """Whether it was dropped as a correction."""
    first_reply: Predecessor | None = None
    """What is public of the reply that a further reply follows."""

    @property
    def raw(self) -> RawReply:
        """What the pages seem to say."""
        return self.evidence.raw

    @property
    def authority(self) -> Authority | None:
        """The registered authority that issued it."""
        return self.rules.authority(self.draft.issuing_authority)

    def threshold(self, name: str) -> float:
        """The number of this name that holds for the authority."""
        return self.rules.threshold(name, self.authority)

    @property
    def unread(self) -> bool:
        """Whether a page could not be read: then nothing can be said to be missing from the letter."""
        return any(finding.code in _UNREAD and finding.grade is not Grade.WARN for finding in self.evidence.findings)

    @property
    def numbers_read(self) -> tuple[DocumentNumber | None, ...]:
        """Each document number, None where it is damaged."""
        return tuple(DocumentNumber.read(number.text) for number in self.raw.document_numbers)
