"""A table of measurements: for a reader, for a document, for a program."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of measurements, the first cell of each says what was measured."""

    name: str
    """For programs; stays the same."""
    title: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[Cell, ...]]
    note: str = ""

    def as_json(self) -> dict[str, object]:
        """Rows by column name, unrounded."""
        return {
            "name": self.name,
            "title": self.title,
            "rows": [dict(zip(self.columns, row, strict=True)) for row in self.rows],
            "note": self.note,
        }

    def as_text(self) -> str:
        """Columns aligned with spaces."""
        cells = [self.columns, *([shown(cell) for cell in row] for row in self.rows)]
        widths = [max(_width(row[index]) for row in cells) for index in range(len(self.columns))]
        lines = ["  ".join(_padded(row[index], widths[index], index) for index in range(len(widths))) for row in cells]
        ruled = [lines[0], "  ".join("-" * width for width in widths), *lines[1:]]
        return "\n".join([self.title, *(f"  {line}".rstrip() for line in ruled), *self._note_lines()])

    def as_markdown(self) -> str:
        """A GitHub table under a heading."""
        rules = ["---", *["---:"] * (len(self.columns) - 1)]
        rows = [self.columns, rules, *([shown(cell) for cell in row] for row in self.rows)]
        lines = ["| " + " | ".join(row) + " |" for row in rows]
        return "\n".join([f"### {self.title}", "", *lines, *(["", self.note] if self.note else [])])

    def _note_lines(self) -> Iterator[str]:
        if self.note:
            yield f"  {self.note}"


def shown(cell: Cell) -> str:
    """Three digits that matter; nothing for what could not be measured."""
    match cell:
        case None:
            return ""
        case float() if cell >= 100:
            return f"{cell:.0f}"
        case float() if cell >= 10:
            return f"{cell:.1f}"
        case float():
            return f"{cell:.2f}"
        case _:
            return str(cell)


def _padded(text: str, width: int, index: int) -> str:
    gap = " " * (width - _width(text))
    return text + gap if index == 0 else gap + text


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
