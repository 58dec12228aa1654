"""The column of text: where its lines begin and end, and how paragraphs are told apart in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from domain.reading.line import Line
from domain.reading.page import PageText

INDENT = (1.3, 3.3)
"""First-line indents, in characters; the standard has 2 (GB/T 9704-2012, 7.3.3)."""
PARAGRAPH_GAP = 1.22
"""A gap of this many usual pitches parts two paragraphs."""
SAME_SIZE = 0.12
NO_START = frozenset("，。、；：！？）》」』”’】〕〉％%…—·,.;:!?)]}~～℃°‰")
"""Signs that begin no line."""
SHORT = 0.4
"""A line that leaves so much of the width free was ended by someone."""
_LEAST_SIZE = 0.5
"""In points: what is smaller nobody reads, and all that is measured in characters is measured in this."""
_FAR_IN = 10.0
"""In characters from the leftmost line: where no line of the text begins."""
_SELDOM = 0.1
"""A gap that occurs less often than this part of the most frequent one is an accident."""
_AGREE = 3
"""So many lines end at one place before it counts as the edge of the text."""


@dataclass(frozen=True, slots=True)
class Measure:
    """The column of text: where its lines begin and end, in points."""

    size: float
    """Of the body text."""
    left: dict[int, float]
    """For each page, where lines without an indent begin."""
    width: float
    pitch: float
    """Usual distance between two baselines."""
    indented: bool
    """Whether paragraphs of this letter begin with an indent."""
    gapped: bool
    """Whether they are parted by a wider gap instead."""

    def right(self, page: int) -> float:
        """Where a full line of the page ends."""
        return self.left[page] + self.width

    def indent(self, line: Line) -> float:
        """How far in the line begins, in characters."""
        return (line.left - self.left[line.page]) / self.size

    def is_short(self, line: Line) -> bool:
        """Whether two more characters would have had room on the line."""
        return line.right < self.right(line.page) - 2 * line.size

    def is_centred(self, line: Line) -> bool:
        """Whether as much is free at the left as at the right, and the line is not simply full."""
        off = abs(line.centre - self.left[line.page] - self.width / 2)
        return off < 0.6 * max(line.size, self.size) and (self.indent(line) > 1 or line.size > self.size * 1.1)


def measure(pages: Sequence[PageText], lines: Sequence[Sequence[Line]]) -> Measure:
    """The column that most of the text stands in."""
    every = [line for own in lines for line in own]
    size = _usual_size(every)
    body = [[line for line in own if _is_size(line, size)] for own in lines]
    anywhere = _left(([line.left for own in body for line in own] or [line.left for line in every]), size)
    usual = [own for own in body if any(abs(line.left - anywhere) < 0.7 * size for line in own)]
    reach = max((line.right for own in usual for line in own), default=0.0)
    left = {page.page: _page_left(own, anywhere, size, reach) for page, own in zip(pages, body, strict=True)}
    width = _width(pages, body, left, size)
    pitch = _pitch(body, size)
    indented = _has_indents(body, left, size)
    return Measure(size, left, width, pitch, indented, not indented and _has_gaps(body, pitch))


def _usual_size(lines: Iterable[Line]) -> float:
    counts: Counter[float] = Counter()
    for line in lines:
        counts[max(_LEAST_SIZE, round(line.size * 2) / 2)] += len(line.text)
    return counts.most_common(1)[0][0] if counts else 16.0


def _is_size(line: Line, size: float) -> bool:
    return abs(line.size - size) <= SAME_SIZE * size


def _left(lefts: Sequence[float], size: float) -> float:
    """The leftmost place where at least two lines begin; in a short letter the salutation alone shows the margin."""
    # Signatures and dates, set far in, may be as many as the lines of a very short letter.
    values = [left for left in sorted(lefts) if left - min(lefts) < _FAR_IN * size]
    near = (one for one, other in pairwise(values) if other - one < 0.4 * size)
    usual = next(near, values[0] if values else 0.0)
    return values[0] if values and usual - values[0] < INDENT[1] * size else usual


def _page_left(lines: Sequence[Line], anywhere: float, size: float, reach: float) -> float:
    """The same for one page: left and right pages may have different margins.

    `reach` is where the lines of the other pages end: a page that only holds beginnings of paragraphs keeps within it,
    and a page with another margin does not.
    """
    near = [line.left for line in lines if abs(line.left - anywhere) < 0.7 * size]
    if near or len(lines) < 4:
        return min(near, default=anywhere)
    own = _left([line.left for line in lines], size)
    within = max(line.right for line in lines) < reach + 0.6 * size
    return anywhere if within and INDENT[0] * size <= own - anywhere <= INDENT[1] * size else own


def _width(pages: Sequence[PageText], lines: Sequence[Sequence[Line]], left: dict[int, float], size: float) -> float:
    """From the left edge to the rightmost place where at least three lines end, else to an equal margin.

    A sign that closes a line may be cut to half its width or hang over the edge, so lines that end in one say less.
    """
    every = [(line, line.right - left[page.page]) for page, own in zip(pages, lines, strict=True) for line in own]
    # What is set far in, as a signature is, ends where it will.
    placed = [(line, end) for line, end in every if line.left - left[line.page] <= INDENT[1] * size] or every
    if not placed:
        return max((page.width for page in pages), default=0.0)
    ends = sorted((end for line, end in placed if line.text[-1] not in NO_START), reverse=True)
    ends = ends if len(ends) > 1 else sorted((end for _, end in placed), reverse=True)
    page = pages[0]
    equal = page.width - 2 * left[page.page]
    near = (end for end in ends if sum(-0.6 * size < end - other < 0.6 * size for _, other in placed) >= _AGREE)
    if (usual := next(near, 0.0)) > equal * SHORT:
        return usual
    return max(ends[0], equal)


def _pitch(lines: Sequence[Sequence[Line]], size: float) -> float:
    counts: Counter[float] = Counter()
    for own in lines:
        for one, other in pairwise(own):
            gap = one.baseline - other.baseline
            if 0.9 * size < gap < 4 * size:
                counts[round(gap * 2) / 2] += 1
    if not counts:
        return size * 1.75
    most = max(counts.values())
    # Where paragraphs are short the gap between them may be as frequent as the pitch: the pitch is the smaller one.
    return min(gap for gap, count in counts.items() if count >= min(most, max(2, most * _SELDOM)))


def _has_gaps(lines: Sequence[Sequence[Line]], pitch: float) -> bool:
    gaps = [(one.baseline - other.baseline) / pitch for own in lines for one, other in pairwise(own)]
    wide = sum(gap > PARAGRAPH_GAP for gap in gaps)
    return wide >= 2 and wide >= 0.08 * len(gaps)


def _has_indents(lines: Sequence[Sequence[Line]], left: dict[int, float], size: float) -> bool:
    indents = [(line.left - left[line.page]) / size for own in lines for line in own]
    usual = [indent for indent in indents if INDENT[0] <= indent <= INDENT[1]]
    return len(usual) >= 1 and len(usual) >= 0.08 * len(indents)
