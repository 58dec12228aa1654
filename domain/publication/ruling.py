"""What a manifest says of the persons who decided: what they decided, when and over which findings, never who."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from domain.gate.decision import Decision
from domain.gate.finding import Finding
from domain.gate.masking import Mask
from domain.publication.canonical_json import Json


@dataclass(frozen=True, slots=True)
class Ruling:
    """One person's decision, as the public may know it."""

    verdict: str
    decided_at: str
    """UTC with Z."""
    lifted: tuple[str, ...]
    """Codes of the findings that were lifted."""

    def as_json(self) -> Json:
        """As the manifest lists it."""
        return {"verdict": self.verdict, "decided_at": self.decided_at, "lifted": list(self.lifted)}


def rulings(standing: Decision | None, decisions: Sequence[Decision], lifted: Iterable[Finding]) -> tuple[Ruling, ...]:
    """The decisions behind a publication; none where nobody had to decide."""
    codes = tuple(sorted({finding.code for finding in lifted}))
    if standing is None:
        return ()
    behind = (decision for decision in decisions if decision.agrees_with(standing))
    return tuple(Ruling(decision.verdict.value, decision.decided_at, codes) for decision in behind)


def masks_json(masks: Sequence[Mask]) -> Json:
    """How many masks of each class stand in a rendition."""
    counted = Counter(mask.code for mask in masks)
    return {"masks": [{"code": code, "count": counted[code]} for code in sorted(counted)]}
