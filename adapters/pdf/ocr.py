"""Reading the picture of a page: RapidOCR with the PP-OCRv6 models that its wheel carries, on ONNX Runtime.

Lines are read one at a time: half the memory, and what a line says does not depend on its neighbours. What is unsure,
and what is short, is read again by another model.

Importing this module loads neither; `PageRecogniser()` does, in two seconds. It starts no thread of its own, so that a
process that has one may fork.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pypdfium2
from PIL import Image, ImageDraw

from adapters.pdf.line_models import LineRead, first_model, second_model
from adapters.pdf.scan_image import (
    Picture,
    Pixels,
    ink_within,
    is_blank,
    rendered,
    rules,
    straightened,
    turned,
    without_seal,
)
from domain.reading.page import PageSignals, PageText
from domain.reading.recognition import RecognisedLine, recognised_page
from domain.reading.two_models import SURE, Opinion, opinion

_FIND_SIDE = 1280
"""Lines are found on a picture whose longer side has so many pixels, and read on the whole one."""
_SETTINGS: dict[str, Any] = {
    # Its orientation model turns correct lines upside down, and its threshold then drops them without a word.
    "Global.use_cls": False,
    "Global.text_score": 0.0,
    "Global.log_level": "critical",
    # As it comes, it enlarges a picture until its shorter side has 736 pixels: a long strip to any size at all.
    "Det.limit_type": "max",
    "Det.limit_side_len": _FIND_SIDE,
    "EngineConfig.onnxruntime.intra_op_num_threads": 1,
    "EngineConfig.onnxruntime.inter_op_num_threads": 1,
}
_POOR = 0.88
"""A page whose lines are read with less confidence on the average may be upside down."""
_WELL = 0.95
"""What lies any other way than upright is never read so surely."""
_SAMPLE = 6
"""So many of the longest lines tell how the page lies."""
_CLEARLY = 0.1
_LINE_ASPECT = 1.5
_FULL_LINE = 0.7
"""Shorter lines are where the fields stand that decide: they are always read by both models."""


@dataclass(frozen=True, slots=True)
class _Found:
    """One line as the models give it, in pixels."""

    read: LineRead
    edges: tuple[int, int, int, int]
    opinion: Opinion

    @property
    def text(self) -> str:
        return self.read.reading.text


class PageRecogniser:
    """Both models in memory, about 350 MB. Not for several threads at once."""

    def __init__(self) -> None:
        import cv2
        from rapidocr import RapidOCR

        cv2.setNumThreads(1)
        make: Any = RapidOCR
        self._engine = make(params=_SETTINGS)
        self._finder = self._engine._load_det_model()
        self._first = first_model(self._engine._load_rec_model())
        self._second = second_model()

    def read(self, page: pypdfium2.PdfPage, number: int, signals: PageSignals) -> PageText:
        """The page as text with geometry, turned upright. Raises pypdfium2.PdfiumError where it cannot be drawn."""
        return self._text(rendered(page), number, signals)

    def _text(self, picture: Picture, number: int, signals: PageSignals) -> PageText:
        if is_blank(picture):
            return recognised_page(number, picture.width, picture.height, ())
        ready, found = self._read(picture)
        if _mean(found) < _POOR or not found:
            quarters = self._turn(picture, _mean(found))
            if quarters:
                ready, found = self._read(turned(picture, quarters))
        lines = [line for each in found if (line := _line(each, ready)) is not None]
        return recognised_page(number, ready.width, ready.height, lines, rules(ready, number), signals)

    def warm_up(self) -> None:
        """Read a page of our own: the models and their libraries load some of their parts at the first page only."""
        page = Image.new("RGB", (320, 160), "white")
        ImageDraw.Draw(page).text((20, 20), "Warm up 01", fill="black", font_size=30)
        ImageDraw.Draw(page).ellipse((220, 80, 280, 140), outline="red", width=4)
        picture = Picture(np.asarray(page.rotate(1.0, fillcolor="white"))[:, :, ::-1].copy(), 2.0)
        self._text(picture, 1, PageSignals())
        self._turn(picture, 0.0)

    def _read(self, picture: Picture) -> tuple[Picture, list[_Found]]:
        ready = without_seal(straightened(picture))
        boxes = self._boxes(ready.pixels)
        return ready, self._lines(ready.pixels, boxes)

    def _boxes(self, pixels: Pixels) -> npt.NDArray[np.float32]:
        import cv2

        scale = min(1.0, _FIND_SIDE / max(pixels.shape[:2]))
        small = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else pixels
        boxes = self._finder(small).boxes
        if boxes is None:
            return np.zeros((0, 4, 2), np.float32)
        return np.asarray(boxes, np.float32) / np.float32(scale)

    def _lines(self, pixels: Pixels, boxes: npt.NDArray[np.float32], *, twice: bool = True) -> list[_Found]:
        if not len(boxes):
            return []
        edges = [_edges(box) for box in boxes]
        widest = max(right - left for left, _, right, _ in edges)
        found = []
        for box, (left, top, right, bottom) in zip(boxes, edges, strict=True):
            [crop] = self._engine.crop_text_regions(pixels, box[None])
            read = self._first.read(crop)
            if read.reading.text.strip():
                second = twice and (read.reading.least < SURE or right - left < _FULL_LINE * widest)
                again = self._second.read(crop).reading if second and self._second else None
                found.append(_Found(read, (left, top, right, bottom), opinion(read.reading, again)))
        return found

    def _turn(self, picture: Picture, usual: float) -> int:
        """By how many quarter turns the page is read better, from a few of its lines."""
        tried: dict[int, float] = {}
        for quarters in (2, 1, 3):  # upside down is what happens most, and a page lies one way only
            tried[quarters] = self._sampled(turned(picture, quarters))
            if tried[quarters] > max(_WELL, usual + _CLEARLY):
                return quarters
        best = max(tried, key=lambda quarters: tried[quarters])
        return best if tried[best] > usual + _CLEARLY else 0

    def _sampled(self, picture: Picture) -> float:
        boxes = self._boxes(picture.pixels)
        widths = boxes[:, :, 0].max(axis=1) - boxes[:, :, 0].min(axis=1) if len(boxes) else np.zeros(0)
        heights = boxes[:, :, 1].max(axis=1) - boxes[:, :, 1].min(axis=1) if len(boxes) else np.zeros(0)
        level = boxes[widths > _LINE_ASPECT * heights]
        if len(level) * 2 < len(boxes):
            return 0.0
        longest = level[np.argsort(-(level[:, :, 0].max(axis=1) - level[:, :, 0].min(axis=1)))][:_SAMPLE]
        return _mean(self._lines(picture.pixels, longest, twice=False))


def _edges(box: npt.NDArray[np.float32]) -> tuple[int, int, int, int]:
    left, top = (int(edge) for edge in np.floor(box.min(axis=0)))
    right, bottom = (int(edge) for edge in np.ceil(box.max(axis=0)))
    return left, top, right, bottom


def _mean(found: list[_Found]) -> float:
    every = [sure for line in found for sure in line.read.reading.confidences]
    return sum(every) / len(every) if every else 0.0


def _line(found: _Found, picture: Picture) -> RecognisedLine | None:
    left, top, right, bottom = found.edges
    ink = ink_within(picture.pixels, left, top, right, bottom)
    if ink is None:
        return None
    points = picture.dots_per_point
    return RecognisedLine(
        found.text,
        tuple((left + middle * (right - left)) / points for middle in found.read.middles),
        ink.left / points,
        ink.right / points,
        picture.height - (top + bottom) / 2 / points,
        (bottom - top) / points,
        found.opinion.confidence,
        ink.red,
        found.opinion.second,
        ink.height / points,
    )
