"""Draws the red round seal (印章) as outlines, so that its words are a picture and not text of the page."""

from __future__ import annotations

import math
from typing import Any

from fontTools.pens.basePen import BasePen
from fontTools.pens.transformPen import TransformPen
from reportlab.lib.colors import Color
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.pathobject import PDFPathObject

from samples.typefaces import Face, face_of, outlines

RED = Color(0.86, 0.08, 0.10)
RADIUS = 59.5
"""Points: a seal of 42 mm, the size for a county and the offices below it."""


class _PathPen(BasePen):  # type: ignore[misc]  # fontTools has no types
    """Draws a glyph on a canvas path."""

    def __init__(self, glyphs: Any, path: PDFPathObject) -> None:
        super().__init__(glyphs)
        self._path = path

    def _moveTo(self, pt: tuple[float, float]) -> None:  # noqa: N802 - the name is fontTools'
        self._path.moveTo(*pt)

    def _lineTo(self, pt: tuple[float, float]) -> None:  # noqa: N802
        self._path.lineTo(*pt)

    def _curveToOne(  # noqa: N802
        self, pt1: tuple[float, float], pt2: tuple[float, float], pt3: tuple[float, float]
    ) -> None:
        self._path.curveTo(*pt1, *pt2, *pt3)

    def _closePath(self) -> None:  # noqa: N802
        self._path.close()


def _star(canvas: Canvas, x: float, y: float, radius: float) -> None:
    path = canvas.beginPath()
    for point in range(10):
        reach = radius if point % 2 == 0 else radius * 0.382
        angle = math.pi / 2 + point * math.pi / 5
        (path.lineTo if point else path.moveTo)(x + reach * math.cos(angle), y + reach * math.sin(angle))
    path.close()
    canvas.drawPath(path, stroke=0, fill=1)


def _glyph(canvas: Canvas, character: str, centre: tuple[float, float], turn: float, size: float) -> None:
    font = outlines(face_of(character, Face.TITLE))
    glyphs, name = font.getGlyphSet(), font.getBestCmap()[ord(character)]
    scale = size / font["head"].unitsPerEm
    path = canvas.beginPath()
    # Seals carry narrow letters: 0.8 of the width, standing on the circle.
    across, up = scale * 0.8, scale
    cos, sin = math.cos(turn), math.sin(turn)
    x = centre[0] - cos * across * glyphs[name].width / 2
    y = centre[1] - sin * across * glyphs[name].width / 2
    matrix = (cos * across, sin * across, -sin * up, cos * up, x, y)
    glyphs[name].draw(TransformPen(_PathPen(glyphs, path), matrix))
    canvas.drawPath(path, stroke=0, fill=1, fillMode=1)


def draw_seal(canvas: Canvas, words: str, x: float, y: float) -> None:
    """Draw a seal with its centre at (x, y), in points."""
    canvas.saveState()
    canvas.setFillColor(RED)
    canvas.setStrokeColor(RED)
    canvas.setLineWidth(2.6)
    canvas.circle(x, y, RADIUS - 1.3, stroke=1, fill=0)
    _star(canvas, x, y, 18.5)
    size = min(17.0, 250.0 / len(words))
    sweep = math.radians(min(290.0, 26.0 * len(words)))
    step = sweep / max(len(words) - 1, 1)
    stand = RADIUS - 6.0 - size * 0.88
    for place, character in enumerate(words):
        angle = math.pi / 2 + sweep / 2 - place * step
        centre = (x + stand * math.cos(angle), y + stand * math.sin(angle))
        _glyph(canvas, character, centre, angle - math.pi / 2, size)
    canvas.restoreState()
