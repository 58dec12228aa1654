"""Lines of a page: runs on one baseline put together, with the spaces that the eye sees."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from statistics import median

from domain.reading.page import PageText, TextRun
from domain.reading.place import Box
from domain.reading.spelling import RADICALS, is_chinese

_SAME_BASELINE = 0.3
"""Baselines closer than this part of the smaller size are one line."""
_WORD_GAP = 0.15
"""A gap of this part of the size between two Latin letters is a space."""
_SCRIPT_GAP = 0.2
"""The same between a Chinese character and a Latin one. Browsers put an eighth of the size there on their own."""
_AUTOSPACE_SHARE, _AUTOSPACE_LEAST = 0.85, 6
"""Where so many of the places have a gap, and at least so many, a program has put it there."""
_RAISED, _RAISED_SIZE, _RAISED_LENGTH, _TOUCHES = 0.55, 0.8, 4, 0.2
"""Above or below the baseline, as parts of the size; how small; how many characters; how near to its word."""
_HALF_GAP = 0.45
"""Between two Chinese characters: it only tells units of one line apart, and is gone where text is joined."""
_FIGURES = frozenset("0123456789.%")
_HOLE = 0.4
"""Narrower than this nothing stands between two characters: half a character is the least."""
_ASCENT, _DESCENT = 0.88, 0.16
"""Of a Chinese glyph, as part of its size."""


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """The characters of one baseline from left to right. One place in `lefts` and `rights` for each character."""

    page: int
    text: str
    lefts: Sequence[float]
    rights: Sequence[float]
    baseline: float
    size: float
    """The size of most of its characters."""
    colour: int = 0
    """The colour of most of its characters."""
    bold: bool = False
    upright: bool = True
    confidence: float = 1.0
    reader: str = "pdfium"

    @property
    def left(self) -> float:
        """Where the text begins."""
        return self.lefts[0]

    @property
    def right(self) -> float:
        """Where the text ends."""
        return self.rights[-1]

    @property
    def centre(self) -> float:
        """Half way between both ends."""
        return (self.lefts[0] + self.rights[-1]) / 2

    @property
    def is_red(self) -> bool:
        """Printed in red, as the masthead is (GB/T 9704-2012, 7.2.4)."""
        red, green, blue = self.colour >> 16, self.colour >> 8 & 0xFF, self.colour & 0xFF
        return red >= 0x90 and green < 0x60 and blue < 0x60

    def box(self, start: int = 0, end: int | None = None) -> Box:
        """The rectangle around the characters from `start` up to `end`."""
        last = (len(self.text) if end is None else end) - 1
        size = self.size
        return Box(
            self.page,
            self.lefts[start],
            self.baseline - _DESCENT * size,
            self.rights[max(last, start)],
            self.baseline + _ASCENT * size,
        )

    def part(self, start: int, end: int) -> Line | None:
        """The characters from `start` up to `end` without white space around them; None if nothing is left."""
        while start < end and self.text[start].isspace():
            start += 1
        while end > start and self.text[end - 1].isspace():
            end -= 1
        if start == end:
            return None
        return Line(
            self.page,
            self.text[start:end],
            self.lefts[start:end],
            self.rights[start:end],
            self.baseline,
            self.size,
            self.colour,
            self.bold,
            self.upright,
            self.confidence,
            self.reader,
        )


def plain(text: str) -> str:
    """The same text with radicals as the characters that they look like; character by character."""
    if all(not ("\u2e80" <= char <= "\u2fdf") for char in text):
        return text
    return "".join(_unified(char) for char in text).translate(RADICALS)


def _unified(char: str) -> str:
    return unicodedata.normalize("NFKC", char) if "\u2f00" <= char <= "\u2fdf" else char


@dataclass(slots=True)
class _Row:
    """Runs that share a baseline, while they are collected."""

    baseline: float
    size: float
    runs: list[TextRun] = field(default_factory=list)


def letter_lines(pages: Sequence[PageText]) -> tuple[tuple[Line, ...], ...]:
    """The lines of each page from top to bottom, slanted text last."""
    rows = [[_letters(row) for row in _page_rows(page)] for page in pages]
    script_gap = _HALF_GAP if _is_autospaced(letters for own in rows for letters in own) else _SCRIPT_GAP
    return tuple(
        tuple(line for letters in own if (line := _line(page, letters, script_gap)) is not None)
        for page, own in zip(pages, rows, strict=True)
    )


@dataclass(frozen=True, slots=True)
class _Letters:
    """The characters of one row, before spaces are put between them."""

    main: TextRun
    """The run that most of them belong to."""
    text: str
    lefts: list[float]
    rights: list[float]
    confidence: float

    def gaps(self) -> list[float]:
        return [left - right for left, right in zip(self.lefts[1:], self.rights, strict=False)]


def _page_rows(page: PageText) -> list[_Row]:
    rows = sorted(_rows(run for run in page.runs if run.upright), key=lambda row: -row.baseline)
    return rows + [_Row(run.baseline, run.size, [run]) for run in page.runs if not run.upright]


def _letters(row: _Row) -> _Letters:
    runs = row.runs
    pieces = sorted((piece for run in runs for piece in _pieces(run)), key=lambda piece: piece[0].lefts[piece[1]])
    text = "".join(plain(run.text[first:end]) for run, first, end in pieces)
    lefts = [left for run, first, end in pieces for left in run.lefts[first:end]]
    rights = [right for run, first, end in pieces for right in run.rights[first:end]]
    start, end = 0, len(text)
    while start < end and _blank(text[start]):
        start += 1
    while end > start and _blank(text[end - 1]):
        end -= 1
    main = max(runs, key=lambda run: len(run.text.strip()))
    return _Letters(main, text[start:end], lefts[start:end], rights[start:end], min(run.confidence for run in runs))


def _pieces(run: TextRun) -> Iterable[tuple[TextRun, int, int]]:
    """The run cut where it has a hole: a character that its font lacks was drawn there later, in another font."""
    first, hole = 0, _HOLE * run.size
    for index, (left, right) in enumerate(zip(run.lefts[1:], run.rights, strict=False), 1):
        if not -hole <= left - right <= hole:
            yield run, first, index
            first = index
    yield run, first, len(run.text)


def _is_autospaced(rows: Iterable[_Letters]) -> bool:
    """Whether the layout program put a gap wherever Chinese meets Latin, as Word does: then it is no space.

    People put no space into 2024年, programs do.
    """
    narrow = wide = 0
    for letters in rows:
        text, least = letters.text, _SCRIPT_GAP * letters.main.size
        for index, (before, after) in enumerate(pairwise(map(is_wide, text))):
            if before != after and text[index].isalnum() and text[index + 1].isalnum():
                is_gap = letters.lefts[index + 1] - letters.rights[index] >= least
                wide, narrow = wide + is_gap, narrow + (not is_gap)
    return wide >= _AUTOSPACE_SHARE * (wide + narrow) and wide >= _AUTOSPACE_LEAST


def _rows(runs: Iterable[TextRun]) -> list[_Row]:
    rows: list[_Row] = []
    for run in runs:
        row = next((row for row in reversed(rows[-12:]) if _on(row, run)), None)
        if row is None:
            rows.append(_Row(run.baseline, run.size, [run]))
        else:
            row.runs.append(run)
    return _merged(rows)


def _merged(rows: list[_Row]) -> list[_Row]:
    """Rows drawn far apart in the file but at one height, such as a number drawn last."""
    rows.sort(key=lambda row: -row.baseline)
    merged: list[_Row] = []
    for row in rows:
        if merged and all(_on(merged[-1], run) for run in row.runs):
            merged[-1].runs += row.runs
        else:
            merged.append(row)
    return merged


def _on(row: _Row, run: TextRun) -> bool:
    return abs(row.baseline - run.baseline) <= _SAME_BASELINE * min(row.size, run.size) or _is_raised(row, run)


def _is_raised(row: _Row, run: TextRun) -> bool:
    """The 2 of m² or CO₂: small, a little off the baseline, and it touches what it belongs to."""
    if run.size > _RAISED_SIZE * row.size or abs(run.baseline - row.baseline) > _RAISED * row.size:
        return False
    near = _TOUCHES * row.size
    return len(run.text.strip()) <= _RAISED_LENGTH and any(
        abs(run.lefts[0] - other.rights[-1]) < near for other in row.runs if other.rights
    )


def _line(page: PageText, letters: _Letters, script_gap: float) -> Line | None:
    if not letters.text:
        return None
    main = letters.main
    text, lefts, rights = _with_spaces(letters, script_gap)
    return Line(
        page.page,
        text,
        lefts,
        rights,
        main.baseline,
        main.size,
        main.colour,
        main.bold,
        main.upright,
        letters.confidence,
        page.reader,
    )


def _blank(char: str) -> bool:
    return char.isspace() or char in "\u200b\u200c\u200d\u2060\ufeff\u00ad\0"


def _with_spaces(letters: _Letters, script_gap: float) -> tuple[str, list[float], list[float]]:
    """A space where the eye sees one: between Latin words, and wherever the gap is as wide as a character."""
    text, lefts, rights, size = letters.text, letters.lefts, letters.rights, letters.main.size
    gaps = letters.gaps()
    if not gaps or max(gaps) < _WORD_GAP * size:
        return text, lefts, rights
    usual = max(0.0, median(gaps))
    chars, new_lefts, new_rights = [text[0]], [lefts[0]], [rights[0]]
    for index, gap in enumerate(gaps):
        before, after = text[index], text[index + 1]
        least = _least_gap(before, after, script_gap) * size
        if gap - usual >= least and not before.isspace() and not after.isspace():
            chars.append(" ")
            new_lefts.append(rights[index])
            new_rights.append(lefts[index + 1])
        chars.append(after)
        new_lefts.append(lefts[index + 1])
        new_rights.append(rights[index + 1])
    return "".join(chars), new_lefts, new_rights


@lru_cache(maxsize=8192)
def is_wide(char: str) -> bool:
    """Whether it takes part in Chinese text: its characters, its signs, and the signs that it shares with Latin."""
    return is_chinese(char) or char in "“”‘’—…·•"


def _least_gap(before: str, after: str, script_gap: float) -> float:
    if before in _FIGURES and after in _FIGURES:  # letter-spaced figures are one number
        return _HALF_GAP
    return (_WORD_GAP, script_gap, _HALF_GAP)[is_wide(before) + is_wide(after)]
