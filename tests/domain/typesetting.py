"""A small typesetter: what a letter of GB/T 9704-2012 looks like to a reader, 28 characters by 22 lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from domain.reading.page import PageText, TextRun
from domain.reading.place import Box
from domain.reading.spelling import is_chinese

WIDTH, HEIGHT = 595.3, 841.9
LEFT, TOP, BOTTOM = 79.4, 737.0, 110.0
SIZE, PITCH, COLUMNS = 16.0, 29.0, 28
RED = 0xE60012
_NO_START = frozenset("，。、；：！？）》」』”’】〕％%…—·,.;:!?)")
_NO_END = frozenset("（《「『“‘【〔([")


def advance(char: str, size: float) -> float:
    """Full width for Chinese characters and signs, half for Latin ones."""
    return size if is_chinese(char) or char in "“”‘’—…·" else size / 2


def width(text: str, size: float = SIZE) -> float:
    """Of the text in one line."""
    return sum(advance(char, size) for char in text)


def run(
    text: str, left: float, baseline: float, size: float = SIZE, colour: int = 0, *, upright: bool = True
) -> TextRun:
    """The text, set from `left` on."""
    lefts, rights = [], []
    for char in text:
        lefts.append(left)
        left += advance(char, size)
        rights.append(left)
    return TextRun(text, tuple(lefts), tuple(rights), baseline, size, colour, "Song", upright=upright)


def broken(text: str, first: float, rest: float) -> Iterator[str]:
    """The lines of a paragraph, broken greedily; no sign stands where it must not (kinsoku)."""
    line, room = "", first
    for word in _unbreakable(text):
        if line and width(line + word.rstrip()) > room:
            yield line.rstrip()
            line, room, word = "", rest, word.lstrip()
        line += word
    if line:
        yield line.rstrip()


def _unbreakable(text: str) -> Iterator[str]:
    word = text[:1]
    for before, after in pairwise(text):
        latin = not is_chinese(before) and not is_chinese(after) and not before.isspace()
        if (
            after in _NO_START
            or before in _NO_END
            or after.isspace()
            or (latin and before.isascii() and after.isascii())
        ):
            word += after
        else:
            yield word
            word = after
    if word:
        yield word


@dataclass
class Sheets:
    """Pages that fill from the top; each method sets one element and returns the sheets."""

    number: str = "— {} —"
    """How a page number is printed; empty for none."""
    left: float = LEFT
    runs: list[list[TextRun]] = field(default_factory=lambda: [[]])
    strokes: list[list[Box]] = field(default_factory=lambda: [[]])
    baseline: float = TOP

    def text(
        self, text: str, left: float | None = None, size: float = SIZE, colour: int = 0, skip: float = 1
    ) -> Sheets:
        """One line at a place."""
        self.down(skip * PITCH)
        self.runs[-1].append(run(text, self.left if left is None else left, self.baseline, size, colour))
        return self

    def beside(self, text: str, left: float, size: float = SIZE) -> Sheets:
        """More text on the line that was set last."""
        self.runs[-1].append(run(text, left, self.baseline, size))
        return self

    def centred(self, text: str, size: float = SIZE, colour: int = 0, skip: float = 1) -> Sheets:
        """One line in the middle of the column."""
        return self.text(text, self.left + (COLUMNS * SIZE - width(text, size)) / 2, size, colour, skip)

    def paragraph(self, text: str, indent: int = 2, hanging: int = 0) -> Sheets:
        """A paragraph with its first line set in by so many characters."""
        first = (COLUMNS - indent) * SIZE
        for index, line in enumerate(broken(text, first, (COLUMNS - hanging) * SIZE)):
            self.text(line, self.left + (hanging if index else indent) * SIZE)
        return self

    def paragraphs(self, *texts: str) -> Sheets:
        """Several of them."""
        for text in texts:
            self.paragraph(text)
        return self

    def at_right(self, text: str, free: float = 4) -> Sheets:
        """One line that ends so many characters before the right edge."""
        return self.text(text, self.left + (COLUMNS - free) * SIZE - width(text))

    def down(self, distance: float) -> None:
        """Go down, and on to the next page where this one is full."""
        self.baseline -= distance
        if self.baseline < BOTTOM:
            self.next_page()

    def next_page(self) -> Sheets:
        """Begin a new page."""
        self.runs.append([])
        self.strokes.append([])
        self.baseline = TOP - PITCH
        return self

    def table(self, rows: Iterable[Iterable[str]], columns: int) -> Sheets:
        """A table with drawn borders."""
        page, step = len(self.runs), COLUMNS * SIZE / columns
        top = self.baseline - PITCH / 3
        edges = [self.left + index * step for index in range(columns + 1)]
        for row in rows:
            self.baseline -= PITCH
            for left, cell in zip(edges, row, strict=False):
                self.runs[-1] += [run(cell, left + 4, self.baseline)] if cell else []
            bottom = self.baseline - PITCH / 3
            self.strokes[-1] += [Box(page, edge - 0.2, bottom, edge + 0.2, bottom + PITCH) for edge in edges]
            self.strokes[-1].append(Box(page, edges[0], bottom - 0.2, edges[-1], bottom + 0.2))
        self.strokes[-1].append(Box(page, edges[0], top - 0.2, edges[-1], top + 0.2))
        return self

    def pages(self) -> tuple[PageText, ...]:
        """What a reader would have seen."""
        numbered = []
        for index, (runs, strokes) in enumerate(zip(self.runs, self.strokes, strict=True), 1):
            number = self.number.format(index, len(self.runs)) if self.number else ""
            last = [run(number, (WIDTH - width(number)) / 2, 60.0, 14.0)] if number else []
            numbered.append(PageText(index, WIDTH, HEIGHT, (*runs, *last), tuple(strokes)))
        return tuple(numbered)


def letter(
    *body: str,
    marks: Iterable[str] = (),
    masthead: str | None = "甲水区石桥镇人民政府文件",
    number: str | None = "石府〔2024〕11号",
    title: Iterable[str] = ("对区政协十五届三次会议", "第153047号提案的答复"),
    title_size: float = 22.0,
    salutation: str | None = "王一禾委员：",
    sheets: Sheets | None = None,
) -> Sheets:
    """The beginning of a letter and its body; the end is set by the test."""
    sheets = sheets or Sheets()
    for mark in marks:
        sheets.text(mark)
    if masthead:
        sheets.centred(masthead, 30, RED, skip=2)
    if number:
        sheets.centred(number)
    for index, line in enumerate(title):
        sheets.centred(line, title_size, skip=1 if index else 2)
    if salutation:
        sheets.paragraph(salutation, indent=0)
    return sheets.paragraphs(*body)
