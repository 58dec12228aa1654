"""Findings: the reasons why a document stops, or what is worth saying about one that passes.

A finding is a value. Its code is stable, its sentence plain; `domain.gate.finding_kinds` is the one list of codes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from domain.gate.finding_kinds import FINDING_KINDS, Grade
from domain.reading.place import Box, Seen


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason, with the place and the words that gave rise to it."""

    code: str
    grade: Grade
    details: Mapping[str, str] = field(default_factory=dict)
    """Values for the sentence. Never private data: what could be is masked by whoever makes the finding."""
    raw: str | None = None
    """The string on the page, masked where it could be private."""
    box: Box | None = None

    @property
    def page(self) -> int | None:
        """The page, the first is 1."""
        return self.box.page if self.box else None

    def message(self, language: str = "zh-CN") -> str:
        """One plain sentence: what was found, why it matters, who may do what next."""
        kind = FINDING_KINDS[self.code]
        english = language.startswith("en")
        sentence, remedy = (kind.en, kind.remedy_en) if english else (kind.zh, kind.remedy_zh)
        gap = " " if english else ""
        said = (sentence + (gap + remedy if remedy else "")).format_map(_Details(self.details))
        return self._where(english=english) + said

    def _where(self, *, english: bool) -> str:
        # A sentence about a page as a whole names its number itself.
        if self.page is None or "number" in self.details:
            return ""
        return f"Page {self.page}: " if english else f"第{self.page}页："


class _Details(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "…"


def find(code: str, seen: Seen | None = None, /, *, grade: Grade | None = None, **details: str) -> Finding:
    """Make a finding of a registered code; page, box and raw string are those of `seen`.

    `grade` overrides the registered one, as an authority's policy may ask.
    Raises KeyError for an unknown code: that is our mistake, not the document's.
    """
    kind = FINDING_KINDS[code]
    return Finding(code, grade or kind.grade, details, seen.raw if seen else None, seen.box if seen else None)


def worst(findings: Iterable[Finding]) -> Grade | None:
    """The grade that decides, None if nothing was found."""
    grades = {finding.grade for finding in findings}
    return next((grade for grade in (Grade.REJECT, Grade.HOLD, Grade.WARN) if grade in grades), None)
