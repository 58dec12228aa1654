"""Tables: text between drawn lines that form a grid."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from domain.line import Line
from domain.page import PageText
from domain.passage import whole_text
from domain.place import Box

_TOUCH = 3.0
"""Lines that come this near meet."""
_LEAST_SIDE = 8.0
"""A shorter line is an ornament."""


@dataclass(frozen=True, slots=True)
class Grid:
    """The lines of one table on one page."""

    columns: tuple[float, ...]
    """Where its vertical lines stand, from left to right."""
    rows: tuple[float, ...]
    """Where its horizontal lines stand, from top to bottom."""

    def holds(self, line: Line) -> bool:
        """Whether the line of text stands inside."""
        middle = line.baseline + line.size / 3
        return (
            self.rows[-1] < middle < self.rows[0] and self.columns[0] - _TOUCH < line.centre < self.columns[-1] + _TOUCH
        )


@dataclass(frozen=True, slots=True)
class Table:
    """A table on one page, or the part of it there."""

    grid: Grid
    rows: tuple[tuple[str, ...], ...]
    """The text of each cell."""
    lines: tuple[Line, ...]


def grids(page: PageText) -> tuple[Grid, ...]:
    """Every grid of at least two cells, from the top of the page down."""
    found = (_grid(group) for group in _touching(page.strokes))
    return tuple(sorted((grid for grid in found if grid is not None), key=lambda grid: -grid.rows[0]))


def read_table(grid: Grid, lines: Sequence[Line]) -> Table:
    """The text of the lines, put into the cells between the grid's lines."""
    cells: dict[tuple[int, int], list[Line]] = {}
    for line in lines:
        row = sum(line.baseline + line.size / 3 < height for height in grid.rows[1:-1])
        for column, part in _by_column(grid, line):
            cells.setdefault((row, column), []).append(part)
    rows = tuple(
        tuple(
            whole_text(cells[row, column]) if (row, column) in cells else "" for column in range(len(grid.columns) - 1)
        )
        for row in range(len(grid.rows) - 1)
    )
    return Table(grid, tuple(row for row in rows if any(row)), tuple(lines))


def _by_column(grid: Grid, line: Line) -> Iterable[tuple[int, Line]]:
    inner = grid.columns[1:-1]
    start, column = 0, _column(inner, line, 0)
    for index in range(1, len(line.text) + 1):
        here = _column(inner, line, index) if index < len(line.text) else None
        if here != column:
            part = line.part(start, index)
            if part is not None and column is not None:
                yield column, part
            start, column = index, here


def _column(inner: Sequence[float], line: Line, index: int) -> int:
    middle = (line.lefts[index] + line.rights[index]) / 2
    return sum(middle > x for x in inner)


def _touching(strokes: Sequence[Box]) -> list[list[Box]]:
    groups: list[list[Box]] = []
    for stroke in strokes:
        if max(stroke.right - stroke.left, stroke.top - stroke.bottom) < _LEAST_SIDE:
            continue
        near = [group for group in groups if any(_meet(stroke, other) for other in group)]
        groups = [group for group in groups if group not in near]
        groups.append([stroke, *(each for group in near for each in group)])
    return groups


def _meet(one: Box, other: Box) -> bool:
    return (
        one.left <= other.right + _TOUCH
        and other.left <= one.right + _TOUCH
        and one.bottom <= other.top + _TOUCH
        and other.bottom <= one.top + _TOUCH
    )


def _grid(strokes: Sequence[Box]) -> Grid | None:
    across = [stroke for stroke in strokes if stroke.right - stroke.left >= stroke.top - stroke.bottom]
    down = [stroke for stroke in strokes if stroke.right - stroke.left < stroke.top - stroke.bottom]
    rows = _levels((stroke.top + stroke.bottom) / 2 for stroke in across)
    columns = _levels((stroke.left + stroke.right) / 2 for stroke in down)
    # A frame around a letter has one cell; a table has more.
    if len(rows) < 2 or len(columns) < 2 or len(rows) + len(columns) < 5:
        return None
    return Grid(tuple(columns), tuple(reversed(rows)))


def _levels(values: Iterable[float]) -> list[float]:
    levels: list[float] = []
    for value in sorted(values):
        if not levels or value - levels[-1] > _TOUCH:
            levels.append(value)
    return levels
