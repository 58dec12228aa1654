"""What becomes of a document: exactly one of these."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from domain.gate.finding import Finding


class Fate(StrEnum):
    """The fate that review decides; `unchanged` is decided at publication."""

    PUBLISH = "publish"
    HOLD = "hold"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class Published:
    """It is public now (or was made public by an earlier run that was interrupted)."""

    reply_id: str
    version: int
    manifest_key: str
    warnings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The very same bytes are public already."""

    reply_id: str
    version: int
    manifest_key: str


@dataclass(frozen=True, slots=True)
class Held:
    """A person must decide."""

    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Rejected:
    """It is not published, whoever asks."""

    findings: tuple[Finding, ...]


Outcome = Published | Unchanged | Held | Rejected
