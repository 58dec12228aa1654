"""Passages set in on both sides, such as a quoted proposal: a column of their own within the column of text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from domain.reading.column import INDENT, NO_START, SAME_SIZE, Measure
from domain.reading.line import Line

_SET_IN = 0.8
"""In characters, at either side."""
_LEAST_LINES, _LEAST_WIDTH = 3, 0.4
"""Of the passage; its width as part of the column's."""
_NEAR_LEFT, _NEAR_RIGHT = 0.4, 0.6
"""In characters: places so near to each other are one."""


def insets(lines: Sequence[Sequence[Line]], column: Measure) -> Mapping[int, Measure]:
    """For each line of such a passage, by its identity, the column that it stands in."""
    if not column.indented:
        return {}
    found: dict[int, Measure] = {}
    open_at_end: Measure | None = None
    for own in lines:
        before, open_at_end = open_at_end, None
        for group in _groups(own, column):
            for start in range(len(group)):  # short lines above it may leave room at both sides too
                passage = group[start:]
                measure = _measure(passage, column, before if passage[0] is own[0] else None)
                if measure is not None:
                    found |= {id(line): measure for line in passage}
                    open_at_end = measure if passage[-1] is own[-1] else None
                    break
    return found


def _groups(lines: Sequence[Line], column: Measure) -> Iterator[list[Line]]:
    """Lines one after the other that leave room at both sides and are of one size."""
    group: list[Line] = []
    for line in lines:
        slack = _SET_IN * column.size
        inside = line.left >= column.left[line.page] + slack and line.right <= column.right(line.page) - slack
        if group and not (inside and abs(line.size - group[-1].size) <= SAME_SIZE * column.size):
            yield group
            group = []
        if inside:
            group.append(line)
    if group:
        yield group


def _measure(group: Sequence[Line], column: Measure, before: Measure | None) -> Measure | None:
    size, page = group[0].size, group[0].page
    left = _agreed(sorted(line.left for line in group), _NEAR_LEFT * size)
    near = _NEAR_RIGHT * size
    ends = sorted((line.right for line in group if line.text[-1] not in NO_START), reverse=True)
    right = next((end for end in ends if sum(abs(end - line.right) < near for line in group) > 1), None)
    if left is None or right is None or right - left < _LEAST_WIDTH * column.width:
        return None
    first = (group[0].left - left) / size
    # A list of short items or a signature of three authorities begins no paragraph that fills its lines.
    begins = INDENT[0] <= first <= INDENT[1] and right - group[0].right < 2 * size and len(group) >= _LEAST_LINES
    goes_on = before is not None and abs(first) < _NEAR_LEFT and abs(before.width - (right - left)) < size
    if not (begins or goes_on):
        return None
    pitch = median([one.baseline - other.baseline for one, other in pairwise(group)] or [column.pitch])
    return replace(column, size=size, left={**column.left, page: left}, width=right - left, pitch=pitch)


def _agreed(values: Sequence[float], near: float) -> float | None:
    """The first place that two of them share."""
    return next((one for one, other in pairwise(values) if abs(one - other) < near), None)
