"""What a person decided about a held document: values that outlive every server and every process.

A decision speaks of these bytes and of what its reviewer saw, and of nothing else: other bytes are another document,
and a finding that was not seen holds again.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.gate.finding import Finding
from domain.gate.finding_kinds import Grade


class Verdict(StrEnum):
    """What the reviewer wants done with the document."""

    PUBLISH = "publish"
    """公开: as it was received."""
    PUBLISH_MASKED = "publish-masked"
    """遮盖后公开: a rendition of our own, private data masked; the original stays in the vault."""
    REJECT = "reject"
    """不予公开."""
    SEND_BACK = "send-back"
    """退回重报: the office corrects it and drops it again."""

    @property
    def publishes(self) -> bool:
        """Whether it asks for something to become public."""
        return self in {Verdict.PUBLISH, Verdict.PUBLISH_MASKED}


@dataclass(frozen=True, slots=True)
class Corrections:
    """Fields that the reviewer read otherwise than the machine; None or empty: as it was read.

    公开属性 and 密级 are not among them: only the document's own words say whether it may be public.
    """

    kind: str | None = None
    title: str | None = None
    document_number: str | None = None
    issuing_authority: str | None = None
    addressees: tuple[str, ...] = ()
    date_of_issue: str | None = None
    """ISO 8601."""
    submission_body: str | None = None
    submission_term: int | None = None
    submission_session: int | None = None
    submission_numbers: tuple[str, ...] = ()
    handling_result: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """One person's decision."""

    verdict: Verdict
    reviewer: str
    """The name that the reviewer gave. Never public."""
    reason: str
    decided_at: str
    """UTC with Z."""
    original_sha256: str
    """Of the bytes that it is about."""
    seen: tuple[str, ...]
    """Marks (`mark_of`) of the findings that stopped the document when the reviewer decided."""
    corrections: Corrections = Corrections()

    def agrees_with(self, other: Decision) -> bool:
        """Whether both want the very same thing done with the same bytes."""
        mine = (self.verdict, self.original_sha256, self.corrections)
        return mine == (other.verdict, other.original_sha256, other.corrections)


def mark_of(finding: Finding) -> str:
    """What tells a finding from another one of the same document: its code, its page, what stood there (masked)."""
    return f"{finding.code}|{finding.page or ''}|{finding.raw or ''}"


def stops(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those that keep a document from being public."""
    return tuple(finding for finding in findings if finding.grade is not Grade.WARN)


def person(name: str) -> str:
    """The name as it is compared: two spellings of one name are one person."""
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()


def standing(decisions: Sequence[Decision], sha256: str) -> Decision | None:
    """The latest decision about these bytes."""
    ours = [decision for decision in decisions if decision.original_sha256 == sha256]
    return ours[-1] if ours else None


def people_behind(decisions: Iterable[Decision], standing: Decision, finding: Finding) -> frozenset[str]:
    """Everybody who saw this finding and decided as the standing decision does."""
    mark = mark_of(finding)
    return frozenset(
        person(decision.reviewer)
        for decision in decisions
        if mark in decision.seen and decision.agrees_with(standing) and person(decision.reviewer)
    )
