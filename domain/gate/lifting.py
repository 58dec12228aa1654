"""Which findings a person's decision lifts, and how many persons it takes.

Only what holds a document is lifted, never what rejects it. A code that is not in this table is lifted by nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from domain.gate.decision import Decision, Verdict, people_behind
from domain.gate.finding import Finding
from domain.gate.finding_kinds import Grade
from domain.reply import Draft


class Concern(StrEnum):
    """What is at stake when a finding is lifted; the values are the words of `second_person` in review.toml."""

    CONTENT = "content"
    """Whether it is right and complete."""
    PRIVATE_DATA = "private-data"
    SIGNATURE = "signature"
    """Whether the authority issued it."""
    DISCLOSURE = "disclosure"
    """Whether what says if it may be public was read rightly: 公开属性, 密级, and what only classified papers bear."""
    HIDDEN_CONTENT = "hidden-content"
    WITHDRAWN = "withdrawn"
    """A reply that was taken down returns."""


@dataclass(frozen=True, slots=True)
class LiftingPolicy:
    """What one authority lets a reviewer do."""

    two_for: frozenset[Concern] = frozenset()
    """For what two different persons are needed."""
    never: frozenset[str] = frozenset()
    """Codes that nobody lifts here: private data that only the office may take out."""


ALWAYS_TWO = frozenset({Concern.DISCLOSURE})
"""An operator may ask for two persons more often, never less: what was read wrongly here cannot be called back."""

_ONLY_AS_RENDITION = frozenset({Concern.PRIVATE_DATA, Concern.HIDDEN_CONTENT})
_OF_DISCLOSURE = frozenset({"公开属性", "密级"})

_CONTENT = (
    "addressee-kind-mismatch",
    "addressee-unclear",
    "attachment-missing",
    "authority-mismatch",
    "calendar-year-missing",
    "date-damaged",
    "distributing-office-mismatch",
    "document-number-damaged",
    "document-number-several",
    "document-number-year",
    "end-marks-missing",
    "figures-read-differently",
    "further-reply-without-first",
    "heading-gap",
    "issuer-code-mismatch",
    "joint-handling-opinion",
    "joint-issuers",
    "kind-addressee-mismatch",
    "last-sentence-open",
    "number-scheme-mismatch",
    "ocr-uncertain",
    "readers-disagree",
    "reading-uncertain",
    "received-kind-mismatch",
    "result-contradictory",
    "result-unknown",
    "session-year-mismatch",
    "submission-kind-mismatch",
    "submission-number-mismatch",
    "submission-year",
    "joint-text-closed",
    "text-in-picture",
    "text-thin",
    "topic-company-amount",
    "topic-complainant",
    "topic-ethnic-religious-foreign",
    "topic-minor",
    "topic-ongoing-case",
    "topic-patient",
)
_PRIVATE = (
    "contact-name",
    "office-landline",
    "personal-data-account",
    "personal-data-bank-card",
    "personal-data-deputy-contact",
    "personal-data-email",
    "personal-data-home-address",
    "personal-data-mobile",
    "personal-data-passport",
    "personal-data-plate",
    "personal-data-resident-id",
)

_HIDDEN = (
    "active-content",
    "author-named",
    "earlier-revision",
    "hidden-layer",
    "leftover-data",
    "metadata-text",
    "picture-data",
    "text-disputed",
    "text-hidden",
    "text-off-page",
    "text-overlaid",
    "text-tiny",
)
_SIGNATURE = (
    "revocation-list-outdated",
    "signature-certificate-expired",
    "signature-indeterminate",
    "signature-missing",
    "signature-seal-unsupported",
    "signature-several",
    "signature-untrusted",
    "signer-key-unlisted",
    "signer-not-authority",
)

CONCERNS: Mapping[str, Concern] = MappingProxyType(
    dict.fromkeys(_CONTENT, Concern.CONTENT)
    | dict.fromkeys(_PRIVATE, Concern.PRIVATE_DATA)
    | dict.fromkeys(_SIGNATURE, Concern.SIGNATURE)
    | dict.fromkeys(_HIDDEN, Concern.HIDDEN_CONTENT)
    | dict.fromkeys(("copy-number", "page-foreign", "page-traditional"), Concern.DISCLOSURE)
    | {"withdrawn-before": Concern.WITHDRAWN}
)
"""Code to what is at stake."""

NEVER_LIFTED = frozenset(
    {
        "correction-without-original",
        "ofd-file",
        "page-count-disputed",
        "page-overcrowded",
        "page-without-text",
        "reading-bounds-exceeded",
        "text-garbled",
        "text-missing",
        "text-turned",
        "too-many-pages",
    }
)
"""Codes that hold and that no decision to publish lifts: what was not read was not judged, and a correction needs what
it corrects. The document is sent back or kept private."""

GONE_ONCE_FILLED_IN = frozenset(
    {
        "addressee-missing",
        "authority-missing",
        "date-missing",
        "document-number-missing",
        "kind-unknown",
        "submission-missing",
        "title-missing",
    }
)
"""Codes that are not found any more once the reviewer has filled in the field; without it the letter is no reply."""

_FILLED_IN = {
    "date-damaged": "date_of_issue",
    "document-number-damaged": "document_number",
    "document-number-several": "document_number",
    "joint-issuers": "issuing_authority",
}
"""Codes that are lifted only if the reviewer wrote what it should say."""


def concern(finding: Finding) -> Concern | None:
    """What is at stake in lifting the finding; None: it cannot be lifted."""
    if finding.grade is not Grade.HOLD:
        return None
    if set(finding.details.values()) & _OF_DISCLOSURE and finding.code in {"ocr-uncertain", "readers-disagree"}:
        return Concern.DISCLOSURE
    return CONCERNS.get(finding.code)


def may_ever_lift(verdict: Verdict, finding: Finding, policy: LiftingPolicy) -> bool:
    """Whether this verdict can end the matter of this finding, supposing that what is missing is filled in."""
    if finding.code in GONE_ONCE_FILLED_IN and finding.grade is Grade.HOLD:
        return verdict.publishes
    at_stake = concern(finding)
    if at_stake is None or finding.code in policy.never or not verdict.publishes:
        return False
    return at_stake not in _ONLY_AS_RENDITION or verdict is Verdict.PUBLISH_MASKED


def may_lift(verdict: Verdict, finding: Finding, draft: Draft, policy: LiftingPolicy) -> bool:
    """Whether this verdict can lift the finding of a letter whose fields now are these."""
    needed = _FILLED_IN.get(finding.code)
    filled_in = finding.code not in GONE_ONCE_FILLED_IN and (needed is None or bool(getattr(draft, needed)))
    return filled_in and may_ever_lift(verdict, finding, policy)


def people_needed(finding: Finding, policy: LiftingPolicy) -> int:
    """How many persons must agree to lift it."""
    return 2 if concern(finding) in policy.two_for | ALWAYS_TWO else 1


def is_lifted(
    finding: Finding, draft: Draft, decisions: Sequence[Decision], standing: Decision, policy: LiftingPolicy
) -> bool:
    """Whether enough different persons saw the finding and decided as the standing decision does."""
    if not may_lift(standing.verdict, finding, draft, policy):
        return False
    return len(people_behind(decisions, standing, finding)) >= people_needed(finding, policy)


def lacks_only_another(
    findings: Iterable[Finding],
    draft: Draft,
    decisions: Sequence[Decision],
    standing: Decision,
    policy: LiftingPolicy,
) -> bool:
    """Whether every finding that still stops was seen by the standing decision and only wants a second person."""
    return all(
        may_lift(standing.verdict, finding, draft, policy) and bool(people_behind(decisions, standing, finding))
        for finding in findings
    )
