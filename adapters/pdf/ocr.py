"""Reading the picture of a page: RapidOCR with the PP-OCRv6 models that its wheel carries, on ONNX Runtime.

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

_SETTINGS: dict[str, Any] = {
    # Its orientation model turns correct lines upside down, and its threshold then drops them without a word.
    "Global.use_cls": False,
    "Global.text_score": 0.0,
    "Global.log_level": "critical",
    # One line at a time: half the memory, and what a line says does not depend on its neighbours.
    "Rec.rec_batch_num": 1,
    "EngineConfig.onnxruntime.intra_op_num_threads": 1,
    "EngineConfig.onnxruntime.inter_op_num_threads": 1,
}
_FIND_SIDE = 1280
"""Lines are found on a picture whose longer side has so many pixels, and read on the whole one."""
_POOR = 0.88
"""A page whose lines are read with less confidence on the average may be upside down."""
_SAMPLE = 6
"""So many of the longest lines tell how the page lies."""
_CLEARLY = 0.1
_LINE_ASPECT = 1.5


@dataclass(frozen=True, slots=True)
class _Found:
    """One line as the models give it, in pixels."""

    text: str
    centres: tuple[float, ...]
    edges: tuple[int, int, int, int]
    confidence: float


class PageRecogniser:
    """Both models in memory, about 350 MB. Not for several threads at once."""

    def __init__(self) -> None:
        import cv2
        from rapidocr import RapidOCR
        from rapidocr.ch_ppocr_rec import TextRecInput

        cv2.setNumThreads(1)
        self._input = TextRecInput
        make: Any = RapidOCR
        self._engine = make(params=_SETTINGS)
        self._finder, self._reader = self._engine._load_det_model(), self._engine._load_rec_model()

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
        page = Image.new("RGB", (800, 600), "white")
        ImageDraw.Draw(page).text((60, 80), "Warm up 0123456789", fill="black", font_size=40)
        ImageDraw.Draw(page).ellipse((500, 300, 650, 450), outline="red", width=6)
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

    def _lines(self, pixels: Pixels, boxes: npt.NDArray[np.float32]) -> list[_Found]:
        if not len(boxes):
            return []
        crops = self._engine.crop_text_regions(pixels, boxes)
        result = self._reader(self._input(img=crops, return_word_box=True))
        return [
            _found(box, text, words)
            for box, text, words in zip(boxes, result.txts, result.word_results, strict=True)
            if text.strip()
        ]

    def _turn(self, picture: Picture, usual: float) -> int:
        """By how many quarter turns the page is read better, from a few of its lines."""
        tried = {quarters: self._sampled(turned(picture, quarters)) for quarters in (1, 2, 3)}
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
        return _mean(self._lines(picture.pixels, longest))


def _found(box: npt.NDArray[np.float32], text: str, words: Any) -> _Found:
    left, top = (int(edge) for edge in np.floor(box.min(axis=0)))
    right, bottom = (int(edge) for edge in np.ceil(box.max(axis=0)))
    columns = [column for word in words.word_cols for column in word]
    step = (right - left) / max(words.line_txt_len, 1.0)
    centres = tuple(left + (column + 0.5) * step for column in columns)
    if len(centres) != len(text):  # the recogniser drops spaces from one of the two
        centres = tuple(left + (index + 0.5) * (right - left) / len(text) for index in range(len(text)))
    return _Found(text, centres, (left, top, right, bottom), _confidence(words.confs))


def _confidence(characters: list[float]) -> float:
    return float(np.mean(characters)) if characters else 0.0


def _mean(found: list[_Found]) -> float:
    weight = sum(len(line.text) for line in found)
    return sum(len(line.text) * line.confidence for line in found) / weight if weight else 0.0


def _line(found: _Found, picture: Picture) -> RecognisedLine | None:
    left, top, right, bottom = found.edges
    ink = ink_within(picture.pixels, left, top, right, bottom)
    if ink is None:
        return None
    points = picture.dots_per_point
    return RecognisedLine(
        found.text,
        tuple(centre / points for centre in found.centres),
        ink.left / points,
        ink.right / points,
        picture.height - (top + bottom) / 2 / points,
        (bottom - top) / points,
        found.confidence,
        ink.red,
    )
