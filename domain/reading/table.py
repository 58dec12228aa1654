"""Tables: text between drawn lines that form a grid."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from domain.reading.line import Line
from domain.reading.page import PageText
from domain.reading.passage import whole_text
from domain.reading.place import Box

_TOUCH = 3.0
"""Lines that come this near meet."""
_LEAST_ROWS, _LEAST_COLUMNS = 2, 3
"""Drawn lines, both edges counted."""
_MOST_STROKES = 4000
"""A page with more is a drawing."""
_ROOM = 0.5
"""In characters: what may be left at the end of a full line besides the room for one character."""
_LEAST_SIDE = 8.0
"""A shorter line is an ornament."""


@dataclass(frozen=True, slots=True)
class Grid:
    """The lines of one table on one page."""

    columns: tuple[float, ...]
    """Where its vertical lines stand, from left to right."""
    rows: tuple[float, ...]
    """Where its horizontal lines stand, from top to bottom."""
    walls: tuple[Box, ...] = ()
    """Its vertical lines; a merged cell has none inside."""

    def holds(self, line: Line) -> bool:
        """Whether the line of text stands inside."""
        middle = line.baseline + line.size / 3
        return (
            self.rows[-1] < middle < self.rows[0] and self.columns[0] - _TOUCH < line.centre < self.columns[-1] + _TOUCH
        )

    def starts(self, row: int) -> tuple[tuple[float, int], ...]:
        """Where the cells of a row begin, each with its column."""
        middle = (self.rows[row] + self.rows[row + 1]) / 2
        crossing = [wall for wall in self.walls if wall.bottom - _TOUCH < middle < wall.top + _TOUCH]
        return tuple(
            (x, column)
            for column, x in enumerate(self.columns[:-1])
            if any(abs((wall.left + wall.right) / 2 - x) <= _TOUCH for wall in crossing)
        )


@dataclass(frozen=True, slots=True)
class Table:
    """A table on one page, or the part of it there."""

    grid: Grid
    cells: tuple[tuple[tuple[Line, ...], ...], ...]
    """The lines of each cell, row by row."""
    lines: tuple[Line, ...]
    rows: tuple[tuple[str, ...], ...] = field(init=False)
    """The text of each cell."""

    def __post_init__(self) -> None:
        texts = tuple(tuple(whole_text(cell) if cell else "" for cell in row) for row in self.cells)
        object.__setattr__(self, "rows", texts)

    def joined(self, below: Table) -> Table:
        """With its rows on the next page: without a head that is repeated there, and a row that the break cut whole."""
        own, more = self.cells, below.cells[below.rows[:1] == self.rows[:1] :]
        if own and more and _is_cut(own, more[0], self.grid):
            own = (*own[:-1], tuple((*one, *other) for one, other in zip(own[-1], more[0], strict=True)))
            more = more[1:]
        return Table(below.grid, (*own, *more), (*self.lines, *below.lines))


def grids(page: PageText) -> tuple[Grid, ...]:
    """Every grid of at least two columns, from the top of the page down."""
    if len(page.strokes) > _MOST_STROKES:
        return ()
    found = (_grid(group) for group in _touching(page.strokes))
    return tuple(sorted((grid for grid in found if grid is not None), key=lambda grid: -grid.rows[0]))


def read_table(grid: Grid, lines: Sequence[Line]) -> Table:
    """The text of the lines, put into the cells between the grid's lines."""
    cells: dict[tuple[int, int], list[Line]] = {}
    for line in lines:
        row = sum(line.baseline + line.size / 3 < height for height in grid.rows[1:-1])
        for column, part in _by_column(grid.starts(row), line):
            cells.setdefault((row, column), []).append(part)
    rows = (
        tuple(tuple(cells.get((row, column), ())) for column in range(len(grid.columns) - 1))
        for row in range(len(grid.rows) - 1)
    )
    return Table(grid, tuple(row for row in rows if any(row)), tuple(lines))


def _is_cut(rows: Sequence[Sequence[Sequence[Line]]], rest: Sequence[Sequence[Line]], grid: Grid) -> bool:
    """Whether the end of a page cut the last row: below only cells go on that were full, and no row begins."""
    going_on = [column for column, cell in enumerate(rest) if cell]
    pitch = _pitch(line for cell in rows[-1] for line in cell)
    # A first cell goes on alone only if it ran over lines already; else it is the number of the next row.
    begins_none = (going_on == [0] and len(rows[-1][0]) > 1) or (not rest[0] and all(row[0] for row in rows))
    return (
        begins_none
        and all(rows[-1][column] for column in going_on)
        and any(_is_full(rows[-1][at][-1], grid.columns[at], _wall(grid, rows[-1][at][-1]), pitch) for at in going_on)
    )


def _wall(grid: Grid, line: Line) -> float:
    """Right of the line. A merged cell reaches over the columns' own."""
    return next((wall for wall in grid.columns[1:] if wall > line.right), grid.columns[-1])


def _pitch(lines: Iterable[Line]) -> float:
    """From one character to the next, where they stand widest apart."""
    steps = ((line.lefts[-1] - line.left, sum(not char.isspace() for char in line.text) - 1) for line in lines)
    return max((width / count for width, count in steps if count), default=0.0)


def _is_full(line: Line, left_wall: float, right_wall: float, pitch: float) -> bool:
    """Whether one more character, as far apart as the others, would come nearer to the wall than the first one is."""
    margin = min(line.left - left_wall, line.size)
    return right_wall - line.right < margin + max(pitch, line.size) + _ROOM * line.size


def _by_column(starts: Sequence[tuple[float, int]], line: Line) -> Iterable[tuple[int, Line]]:
    """The parts of a line of text, each with the column in which its cell begins."""
    start = 0
    column: int | None = _column(starts, line, 0)
    for index in range(1, len(line.text) + 1):
        here = _column(starts, line, index) if index < len(line.text) else None
        if here != column:
            part = line.part(start, index)
            if part is not None and column is not None:
                yield column, part
            start, column = index, here


def _column(starts: Sequence[tuple[float, int]], line: Line, index: int) -> int:
    middle = (line.lefts[index] + line.rights[index]) / 2
    return max((column for x, column in starts if middle > x), default=0)


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
    # A frame around a letter, with or without its red line across, has one column; a table has more.
    if len(rows) < _LEAST_ROWS or len(columns) < _LEAST_COLUMNS:
        return None
    return Grid(tuple(columns), tuple(reversed(rows)), tuple(down))


def _levels(values: Iterable[float]) -> list[float]:
    levels: list[float] = []
    for value in sorted(values):
        if not levels or value - levels[-1] > _TOUCH:
            levels.append(value)
    return levels
