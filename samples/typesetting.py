"""Breaks paragraphs into lines of 28 characters, as GB/T 9704-2012, 5.2.3 asks, with the rules of 避头尾."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from samples.typefaces import Face, width_of

_NEVER_FIRST = frozenset("，。、；：？！”’）》〉〕】…％℃·,.;:?!)%")
_NEVER_LAST = frozenset("“‘（《〈〔【(")
# A Latin word, a figure, or a dash of two ems stays whole.
_ATOM = re.compile(r"[A-Za-z0-9][A-Za-z0-9.,%+/&~-]*|—+|….?|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class SetLine:
    """One line of type."""

    text: str
    indent: float
    """Points from the left edge of the type area."""
    spacing: float
    """Points added after each character so that the line is full."""


def _may_break(before: str, after: str) -> bool:
    return before[-1] not in _NEVER_LAST and after[0] not in _NEVER_FIRST


def _units(text: str) -> Iterator[str]:
    """The pieces between which a line may end."""
    unit = ""
    for atom in _ATOM.findall(text):
        if unit and _may_break(unit, atom):
            yield unit
            unit = ""
        unit += atom
    if unit:
        yield unit


def _justified(text: str, indent: float, measure: float, face: Face, size: float) -> SetLine:
    text = text.rstrip(" ")
    gaps = max(len(text) - 1, 1)
    return SetLine(text, indent, (measure - indent - width_of(text, face, size)) / gaps)


def break_lines(text: str, *, face: Face, size: float, measure: float, indent: float = 0.0) -> list[SetLine]:
    """The lines of one paragraph, all but the last one full to the measure.

    Args:
        text: The paragraph.
        face: The face it is set in.
        size: The size of the face, in points.
        measure: The length of a full line, in points.
        indent: Where the first line starts, in points; negative to hang it out.
    """
    lines: list[SetLine] = []
    line, room = "", measure - indent
    for unit in _units(text):
        if line and width_of(unit, face, size) > room + 0.01:
            lines.append(_justified(line, 0.0 if lines else indent, measure, face, size))
            line, room = "", measure
        piece = unit if line else unit.lstrip(" ")
        line, room = line + piece, room - width_of(piece, face, size)
    lines.append(SetLine(line.rstrip(" "), 0.0 if lines else indent, 0.0))
    return lines
