"""What a recogniser saw on the picture of a page, as text with geometry: the same that a text layer gives."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from domain.gate.evidence import PageSource
from domain.reading.page import UNCOLOURED, PageSignals, PageText, TextRun
from domain.reading.place import Box
from domain.reading.recognised_text import repaired
from domain.reading.spelling import is_chinese
from domain.reading.traditional import simplified, traditional_share

READER = "ocr"
_RED = 0xFF0000
_SNAP = 0.13
"""Sizes that differ by less from that of most of the text are the same size, measured badly."""
_SNAP_SHORT, _LEAST_SQUARES = 0.22, 4
"""The same for a line with fewer Chinese characters than the second, whose size is measured worse."""
_SAME_HEIGHT = 0.1
_STRETCH = 1.18
"""Characters stand no wider apart than this part of their height, unless they are letter-spaced."""
_UNEVEN = 0.55
"""In characters: one that was seen farther from its place in an evenly set line shows that the line has a gap."""
_REAL_GAP = 0.8
"""In characters: where the recogniser saw a narrower one, it only saw the characters inexactly."""
_ALONE = 2.0
_LEAST_INK = 0.6
"""Part of the size that the ink of a Chinese character is high, at least."""
_FIGURE = 0.7
"""The same of a figure, in most faces."""
_FLAT = "一二三"
_LEAST_WEIGHT = 4.0
"""A line with less text in it does not tell its size by its width."""
_OPENING, _CLOSING, _POINTED = "（《「『“‘【〔〈", "）》」』”’】〕〉", "，。、；：！？．"
_ONE_DASH = re.compile(r"(?<![—0-9A-Za-z])—(?![—0-9A-Za-z])")
"""Between figures it is one: 2022—2024."""
_STEPS_THAT_TELL = 6
_LONGER = 0.6
"""In characters: so much farther apart than with one dash the neighbours of two are, at least."""
_TRADITIONAL = 0.05
_MIDDLE = 0.36
"""How far above the baseline the middle of a line is, as part of the size."""


@dataclass(frozen=True, slots=True)
class RecognisedLine:
    """One line as the recogniser gives it. Lengths are PDF points, origin at the lower left corner of the page."""

    text: str
    centres: tuple[float, ...]
    """Where each character of `text` was seen, from the left edge of the page."""
    left: float
    right: float
    """Where the ink begins and ends."""
    middle: float
    """Height of the middle of the line above the lower edge of the page."""
    height: float
    """Of the box that was found; a little more than the characters have."""
    confidence: float
    red: bool = False
    second: str = ""
    """What a second model reads, where the two differ."""
    ink_height: float = 0.0
    """From the top of the highest to the foot of the lowest character; 0 if nobody measured it."""

    @property
    def tells_height(self) -> bool:
        """Whether its ink is as high as its size has it: Chinese characters are, figures and dashes are not."""
        return self.ink_height > 0 and any(
            char.isalpha() and is_chinese(char) and char not in _FLAT for char in self.text
        )

    @property
    def has_figures(self) -> bool:
        """Whether its ink is as high as a figure."""
        return any(char.isdigit() for char in self.text)


def recognised_page(
    page: int,
    width: float,
    height: float,
    lines: Sequence[RecognisedLine],
    strokes: Sequence[Box] = (),
    signals: PageSignals | None = None,
) -> PageText:
    """The page made of these lines."""
    # A page that is written in traditional characters is left as it is; a few among simplified ones are mistakes.
    simplify = traditional_share("".join(line.text for line in lines)) < _TRADITIONAL
    kept = [clean for line in lines if (clean := _clean(line, simplify=simplify)).text]
    sizes = _sizes(kept)
    runs = tuple(_run(line, size) for line, size in zip(kept, sizes, strict=True))
    return PageText(page, width, height, runs, tuple(strokes), PageSource.OCR, READER, signals or PageSignals())


def _clean(line: RecognisedLine, *, simplify: bool) -> RecognisedLine:
    """Without white space, which the recogniser sees where there is none, and with its known mistakes set right."""
    text = line.text
    kept = [
        index
        for index, char in enumerate(text)
        if not char.isspace() or (0 < index < len(text) - 1 and _latin(text[index - 1] + text[index + 1]))
    ]
    return _with_whole_dashes(
        replace(
            line,
            text=repaired("".join((simplified(text) if simplify else text)[index] for index in kept)),
            centres=tuple(line.centres[index] for index in kept),
        )
    )


def _with_whole_dashes(line: RecognisedLine) -> RecognisedLine:
    """—— is one stroke as long as two characters, which recognisers say once; where it is so long, it is two."""
    alone = [match.start() for match in _ONE_DASH.finditer(line.text)]
    steps = [b - a for a, b in pairwise(line.centres)]
    if not alone or len(steps) < _STEPS_THAT_TELL:
        return line
    step = median(steps)
    text, centres = list(line.text), list(line.centres)
    for at in reversed(alone):
        before, after = steps[at - 1] if at else step, steps[at] if at < len(steps) else step
        if before + after > 2 * step + _LONGER * step * (1 if 0 < at < len(steps) else 0.5):
            text[at : at + 1] = "——"
            centres[at : at + 1] = centres[at] - step / 2, centres[at] + step / 2
    return replace(line, text="".join(text), centres=tuple(centres))


def _latin(neighbours: str) -> bool:
    """Whether a space between these two is one of Latin words: ISO 9001, not 2024 06."""
    return neighbours.isascii() and neighbours.isalnum() and not neighbours.isdigit()


# --- size ---------------------------------------------------------------------------------------------------------


def _sizes(lines: Sequence[RecognisedLine]) -> list[float]:
    by_width = [_by_width(line) for line in lines]
    long = [(line, size) for line, size in zip(lines, by_width, strict=True) if _weight(line.text) >= 2 * _LEAST_WEIGHT]
    # How much higher than its characters a box is depends on the recogniser, and how high their ink on the face: long
    # lines tell.
    box = median([size / line.height for line, size in long] or [0.87])
    ink = median([size / line.ink_height for line, size in long if line.tells_height] or [1.08])
    # A ruled line that touches the characters adds to their ink, never to the box.
    by_height = [
        min(line.ink_height * ink, line.height * box * _STRETCH)
        if line.tells_height
        else max(line.height * box, min(line.ink_height / _FIGURE, line.height * box * _STRETCH) * line.has_figures)
        for line in lines
    ]
    sizes = [_size(line, wide, tall) for line, wide, tall in zip(lines, by_width, by_height, strict=True)]
    usual = _usual(lines, sizes)
    # A line that is spread to the margin is too wide for its size, but not too high.
    sizes = [
        usual if abs(size - usual) < _snap(line) * usual or abs(tall - usual) < _SAME_HEIGHT * usual else size
        for line, size, tall in zip(lines, sizes, by_height, strict=True)
    ]
    return _levelled(lines, sizes, usual)


def _size(line: RecognisedLine, wide: float, tall: float) -> float:
    if line.tells_height:
        # The width tells more exactly, unless the line is spaced or has figures, which are of any width.
        return wide if abs(wide - tall) < _SAME_HEIGHT * tall else tall
    return min(wide, tall * _STRETCH) if _tells_size(line.text) else tall


def _levelled(lines: Sequence[RecognisedLine], sizes: Sequence[float], usual: float) -> list[float]:
    """The same sizes, those that are nearly the same made one: the lines of a title have one size.

    The lines with more text are measured better, and draw the others to them.
    """
    levels = [usual]
    levelled = list(sizes)
    for index in sorted(range(len(lines)), key=lambda index: -_weight(lines[index].text)):
        nearest = min(levels, key=lambda level: abs(level - sizes[index]))
        if abs(nearest - sizes[index]) < _snap(lines[index]) * nearest:
            levelled[index] = nearest
        else:
            levels.append(sizes[index])
    return [_beneath(line, lines, levelled, size) for line, size in zip(lines, levelled, strict=True)]


def _beneath(line: RecognisedLine, lines: Sequence[RecognisedLine], sizes: Sequence[float], size: float) -> float:
    """The last one or two characters of a title tell no size by themselves: they have that of the line above."""
    if not line.tells_height or _weight(line.text) > _ALONE:
        return size
    above = [
        (other.middle, high) for other, high in zip(lines, sizes, strict=True) if other.middle > line.middle + size
    ]
    if not above:
        return size
    high = min(above)[1]
    return high if _LEAST_INK * high < line.ink_height < high else size


def _snap(line: RecognisedLine) -> float:
    squares = sum(char.isalpha() and is_chinese(char) for char in line.text)
    return _SNAP if squares >= _LEAST_SQUARES else _SNAP_SHORT


def _tells_size(text: str) -> bool:
    """Whether its width says how large it is: Chinese characters are squares, and all lines of figures are alike."""
    return _weight(text) >= _LEAST_WEIGHT or any(map(is_chinese, text))


def _usual(lines: Sequence[RecognisedLine], sizes: Sequence[float]) -> float:
    every = sorted(zip(sizes, (len(line.text) for line in lines), strict=True))
    half = sum(length for _, length in every) / 2
    for size, length in every:
        half -= length
        if half <= 0:
            return round(size * 4) / 4
    return 16.0


def _by_width(line: RecognisedLine) -> float:
    free = _free_before(line.text[0]) + _free_after(line.text[-1])
    return (line.right - line.left) / max(_weight(line.text) - free, 0.3)


def _weight(text: str) -> float:
    return sum(map(_advance, text))


def _advance(char: str) -> float:
    return 1.0 if is_chinese(char) or char in "—…“”‘’·" else 0.5


def _free_before(char: str) -> float:
    """Part of the size between the pen and the ink, at the start of a line."""
    return 0.55 if char in _OPENING else 0.04


def _free_after(char: str) -> float:
    return 0.6 if char in _POINTED else 0.5 if char in _CLOSING else 0.04


# --- places -------------------------------------------------------------------------------------------------------


def _run(line: RecognisedLine, size: float) -> TextRun:
    lefts, rights = _evenly(line, size)
    middles = ((left + right) / 2 for left, right in zip(lefts, rights, strict=True))
    if any(abs(seen - even) > _UNEVEN * size for seen, even in zip(line.centres, middles, strict=True)):
        lefts, rights = _as_seen(line, size)
    return TextRun(
        line.text,
        tuple(lefts),
        tuple(rights),
        line.middle - _MIDDLE * size,
        size,
        _RED if line.red else UNCOLOURED,
        confidence=line.confidence,
        second=line.second,
    )


def _evenly(line: RecognisedLine, size: float) -> tuple[list[float], list[float]]:
    """From edge to edge, each character by its advance."""
    start = line.left - _free_before(line.text[0]) * size
    end = line.right + _free_after(line.text[-1]) * size
    step = (end - start) / _weight(line.text)
    lefts, rights = [], []
    for char in line.text:
        lefts.append(start)
        start += _advance(char) * step
        rights.append(start)
    return lefts, rights


def _as_seen(line: RecognisedLine, size: float) -> tuple[list[float], list[float]]:
    """Each where it was seen; the ends of the line are known better."""
    halves = [_advance(char) * size / 2 for char in line.text]
    lefts = [centre - half for centre, half in zip(line.centres, halves, strict=True)]
    rights = [centre + half for centre, half in zip(line.centres, halves, strict=True)]
    for index in range(1, len(lefts)):
        if lefts[index] < rights[index - 1] + _REAL_GAP * size:
            lefts[index] = rights[index - 1] = (lefts[index] + rights[index - 1]) / 2
    lefts[0] = line.left - _free_before(line.text[0]) * size
    rights[-1] = line.right + _free_after(line.text[-1]) * size
    return lefts, rights
