"""How sure one may be of a line that one or two models read, and what is said of one that they read differently.

What counts are the characters that carry meaning: on a clean page a recogniser is unsure of nearly nothing but the
width of a bracket, and two recognisers differ in nearly nothing else; which bracket it was, the grammar of the place
tells (`domain.reading.recognised_text`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from domain.gate.finding import Finding, find
from domain.reading.page import PageText, TextRun
from domain.reading.place import Box, Seen
from domain.reading.recognised_text import repaired
from domain.reading.traditional import simplified

SURE = 0.98
"""Measured: of the lines that PP-OCRv6 reads with so much in every character, fewer than one in a thousand is wrong."""
DIFFERENT = 0.5
"""What is left of the confidence of a line that two models read differently."""
_FIGURES = frozenset("0123456789〇二三四五六七八九十百千万亿两")
"""Not 一, which a recogniser takes dashes for."""
_ALIKE = str.maketrans("OIL０１２３４５６７８９", "0110123456789")
"""In the same place one model reads a letter and the other a digit: ISO 9001, 1期 and I期."""
_QUOTED = 6
"""Characters of each reading that a finding quotes."""
_SURE_ENOUGH = 0.9
"""A second model that is less sure than this does not shake a first one that is sure."""


@dataclass(frozen=True, slots=True)
class ModelReading:
    """One line as one model reads it."""

    text: str
    confidences: tuple[float, ...]
    """Of each character of `text`, 0 to 1."""

    @property
    def least(self) -> float:
        """Of the characters that carry meaning, the one that is least sure; of all where none carries any."""
        return min(self.telling()[1], default=min(self.confidences, default=0.0))

    def telling(self) -> tuple[str, tuple[float, ...]]:
        """The characters that carry meaning, those that look alike being one; and how sure each is."""
        every = zip(repaired(simplified(self.text)), self.confidences, strict=True)
        kept = [(char, sure) for char, sure in every if char.isalnum() and char != "丨"]
        return "".join(char for char, _ in kept).upper().translate(_ALIKE), tuple(sure for _, sure in kept)


@dataclass(frozen=True, slots=True)
class Opinion:
    """What both make of it together."""

    confidence: float
    second: str = ""
    """What the second model reads, where the two differ and neither can be put aside."""


def opinion(first: ModelReading, second: ModelReading | None) -> Opinion:
    """The confidence in the first reading; `second` is None where nobody looked twice."""
    if second is None:
        return Opinion(first.least)
    passed_over = _passed_over(first, second)
    if passed_over is not None:
        # Two networks that were trained apart are seldom wrong in the same way.
        return Opinion(min(passed_over, 1 - (1 - first.least) * (1 - second.least)))
    if first.least >= SURE and second.least < _SURE_ENOUGH:
        return Opinion(first.least)
    return Opinion(min(first.least, DIFFERENT), second.text or "…")


def _passed_over(first: ModelReading, second: ModelReading) -> float | None:
    """1 where both read the same. None where they differ.

    The second model passes over rare characters, such as that of a place name: that is no other reading where the first
    is sure, and then the least confidence in such a character is the answer.
    """
    (one, sure), (other, _) = first.telling(), second.telling()
    if one == other:
        return 1.0
    least = 1.0
    for what, start, end, _, _ in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if what == "delete" and not _FIGURES & set(one[start:end]):
            least = min(least, *sure[start:end])
        elif what != "equal":
            return None
    return least if least >= SURE and len(one) <= 2 * len(other) else None


def differences(pages: Sequence[PageText]) -> Iterator[Finding]:
    """One finding for each line that the models read differently.

    The sentence quotes the characters in question only: a line may say what is private.
    """
    for page in pages:
        for run in page.runs:
            if run.second:
                yield _difference(run, page)


def _difference(run: TextRun, page: PageText) -> Finding:
    one, other = _words(run.text), _words(run.second)
    parts = [each for each in SequenceMatcher(None, one, other, autojunk=False).get_opcodes() if each[0] != "equal"]
    first = "".join(one[start:end] for _, start, end, _, _ in parts)
    second = "".join(other[start:end] for _, _, _, start, end in parts)
    box = Box(page.page, run.lefts[0], run.baseline, run.rights[-1], run.baseline + run.size)
    seen = Seen("", "", box, page.reader, run.confidence)
    if any(char in _FIGURES for char in first + second):
        return find("figures-read-differently", seen)
    return find("line-read-differently", seen, first=_quoted(first), second=_quoted(second))


def _quoted(text: str) -> str:
    return f"“{text[:_QUOTED]}”" if text else "无"


def _words(text: str) -> str:
    return "".join(char for char in repaired(simplified(text)) if char.isalnum())
