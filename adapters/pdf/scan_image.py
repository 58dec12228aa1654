"""The picture of a page, made ready to be read: straight, without the seal over the text, its ruled lines known.

Pixels are rows of blue, green, red, as OpenCV has them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
import pypdfium2

from domain.reading.place import Box

Pixels = npt.NDArray[np.uint8]

_DOTS_PER_POINT = 200 / 72
"""200 dpi: fewer cost characters, more cost time and gain nothing."""
_MOST_PIXELS = 16_000_000
"""Of one page; A4 has 3.9 million."""
_PAPER = 255

_SKEW_SIDE = 800
_SKEW_DEGREES = 10.0
_LEAST_SKEW = 0.08
"""Degrees; less is not worth blurring the page for."""
_INK = 170

_SEAL_WIDTH = (0.10, 0.32)
"""Of a seal, as part of the width of the page."""
_SEAL_ASPECT = (0.7, 1.45)
_SEAL_PALE, _SEAL_SOFT = 120, 30
"""In the red channel a seal is as bright as its colour is pure: what is darker than that by more than the second number
is ink, and what is darker than the first is ink in any case."""
_RED_MARGIN = 50
"""Red is a colour whose red part is so much stronger than the others."""
_RED_SHARE = 0.6

_SPECKS = 0.004
"""A row with less ink than this part of it is blank."""

_SOLID, _THICK = 0.95, 0.25
"""A block has ink everywhere, where a label with white words on black has 85 to 90 %, and is thicker, for its length,
than the stroke of 一 or of 1."""

_RULE_POINTS = 30.0
"""A straight line at least this long is no part of a character."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as pixels, and how to get back to points."""

    pixels: Pixels
    dots_per_point: float

    @property
    def width(self) -> float:
        """Points."""
        return float(self.pixels.shape[1]) / self.dots_per_point

    @property
    def height(self) -> float:
        """Points."""
        return float(self.pixels.shape[0]) / self.dots_per_point

    def with_pixels(self, pixels: Pixels) -> Picture:
        """The same page, its pixels changed."""
        return Picture(pixels, self.dots_per_point)


def rendered(page: pypdfium2.PdfPage) -> Picture:
    """The page as it is shown. Raises pypdfium2.PdfiumError where it cannot be drawn."""
    area = max(page.get_width() * page.get_height(), 1.0)
    scale = min(_DOTS_PER_POINT, math.sqrt(_MOST_PIXELS / area))
    bitmap = page.render(scale=scale, rev_byteorder=False)
    pixels = np.array(bitmap.to_numpy()[:, :, :3]) if bitmap.n_channels >= 3 else _coloured(bitmap.to_numpy())
    bitmap.close()
    return Picture(np.ascontiguousarray(pixels), scale)


def _coloured(grey: Pixels) -> Pixels:
    return _pixels(cv2.cvtColor(grey.reshape(grey.shape[:2]), cv2.COLOR_GRAY2BGR))


def _pixels(array: object) -> Pixels:
    return np.asarray(array, dtype=np.uint8)


def turned(picture: Picture, quarters: int) -> Picture:
    """The same page, turned anticlockwise by quarter turns."""
    return picture.with_pixels(np.ascontiguousarray(np.rot90(picture.pixels, quarters)))


def is_blank(picture: Picture) -> bool:
    """Whether nothing is printed on the page: the back of a sheet, with the dust and the shadow that scanners add."""
    grey = _pixels(cv2.cvtColor(picture.pixels, cv2.COLOR_BGR2GRAY))
    edge_rows, edge_columns = grey.shape[0] // 40, grey.shape[1] // 40
    # Dust is smaller than a stroke of a pen.
    inner = cv2.medianBlur(grey, 5)[edge_rows : grey.shape[0] - edge_rows, edge_columns : grey.shape[1] - edge_columns]
    return not (np.asarray(inner) < _INK).any()


# --- skew ---------------------------------------------------------------------------------------------------------


def straightened(picture: Picture) -> Picture:
    """The same page with its lines level."""
    degrees = skew(picture.pixels)
    if abs(degrees) < _LEAST_SKEW:
        return picture
    height, width = picture.pixels.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1.0)
    paper = (_PAPER,) * 3
    level = cv2.warpAffine(
        picture.pixels, turn, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=paper
    )
    return picture.with_pixels(_pixels(level))


def skew(pixels: Pixels) -> float:
    """By how many degrees the lines of text rise to the right: where the rows of ink have the sharpest edges."""
    grey = _pixels(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY))
    scale = _SKEW_SIDE / max(grey.shape)
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else grey
    rows, columns = np.nonzero(np.asarray(small) < _INK)
    if not 50 < rows.size < small.size / 3:  # nothing on it, or a photograph
        return 0.0

    def sharpness(degrees: float) -> float:
        level = rows + columns * math.tan(math.radians(degrees))
        counts = np.bincount((level - level.min()).astype(np.int64)).astype(np.float64)
        return float(np.square(np.diff(counts)).sum())

    best = 0.0
    for reach, step in ((_SKEW_DEGREES, 0.5), (0.5, 0.1), (0.1, 0.02)):
        best = float(max(np.arange(best - reach, best + reach + step / 2, step), key=sharpness))
    return best


# --- seal ---------------------------------------------------------------------------------------------------------


def without_seal(picture: Picture) -> Picture:
    """The same page with what stands under a red seal made legible.

    In the red channel a red seal is as white as the paper; elsewhere on the page the red masthead must stay.
    """
    pixels = picture.pixels
    regions = _seals(pixels)
    if not regions:
        return picture
    cleared = pixels.copy()
    for left, top, width, height in regions:
        part = cleared[top : top + height, left : left + width]
        red = part[:, :, 2].copy()
        seal = red[_red(part)]
        pale = max(_SEAL_PALE, float(np.percentile(seal, 25)) - _SEAL_SOFT) if seal.size else _SEAL_PALE
        red[red > pale] = _PAPER
        part[:] = red[:, :, None]
    return picture.with_pixels(cleared)


def _seals(pixels: Pixels) -> list[tuple[int, int, int, int]]:
    page_width = pixels.shape[1]
    step = max(1, page_width // 800)
    small = pixels[::step, ::step]
    gap = max(3, small.shape[1] // 100) | 1
    closed = cv2.morphologyEx(_red(small).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((gap, gap), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(closed)
    found = []
    for left, top, width, height, _ in stats[1:].tolist():
        sides = width / small.shape[1], width / height
        if _SEAL_WIDTH[0] <= sides[0] <= _SEAL_WIDTH[1] and _SEAL_ASPECT[0] <= sides[1] <= _SEAL_ASPECT[1]:
            edge = gap
            x, y = max(0, left - edge), max(0, top - edge)
            found.append((x * step, y * step, (width + 2 * edge) * step, (height + 2 * edge) * step))
    return found


def _red(pixels: Pixels) -> npt.NDArray[np.bool_]:
    blue, green, red = (pixels[:, :, channel].astype(np.int16) for channel in range(3))
    return np.asarray(red - np.maximum(blue, green) > _RED_MARGIN)


# --- what is on it ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ink:
    """What is printed in a part of the page, in pixels, and whether most of it is red."""

    left: int
    right: int
    height: int
    """Of the rows that belong together around the middle: a neighbouring line may reach into the part."""
    red: bool


def ink_within(pixels: Pixels, left: int, top: int, right: int, bottom: int) -> Ink | None:
    """The ink between these edges; None if there is none, or one black block, which is no character."""
    part = pixels[max(top, 0) : bottom, max(left, 0) : right]
    if not part.size:
        return None
    darkest = part.min(axis=2)
    # Half way between the paper and the ink of this very line, so that a pale scan is measured like a dark one.
    paper, printed = float(np.percentile(darkest, 90)), float(np.percentile(darkest, 2))
    mask = darkest < (paper + printed) / 2
    columns = np.flatnonzero(mask.sum(axis=0) > 0)
    if paper - printed < 30 or not columns.size or _is_block(mask, columns):
        return None
    red = float(_red(part)[mask].mean()) > _RED_SHARE
    return Ink(max(left, 0) + int(columns[0]), max(left, 0) + int(columns[-1]) + 1, _height(mask), red)


def _is_block(mask: npt.NDArray[np.bool_], columns: npt.NDArray[np.intp]) -> bool:
    rows = np.flatnonzero(mask.any(axis=1))
    height, width = int(rows[-1] - rows[0]) + 1, int(columns[-1] - columns[0]) + 1
    solid = mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].mean() > _SOLID
    return bool(solid) and min(height / width, width / height) > _THICK


def _height(mask: npt.NDArray[np.bool_]) -> int:
    inked = mask.sum(axis=1) > _SPECKS * mask.shape[1]
    middle = len(inked) // 2
    blank_above, blank_below = np.flatnonzero(~inked[:middle]), np.flatnonzero(~inked[middle:])
    top = int(blank_above[-1]) + 1 if blank_above.size else 0
    return middle + (int(blank_below[0]) if blank_below.size else len(inked) - middle) - top


def rules(picture: Picture, page: int) -> tuple[Box, ...]:
    """The straight lines drawn on the page, such as the borders of a table."""
    grey = _pixels(cv2.cvtColor(picture.pixels, cv2.COLOR_BGR2GRAY))
    ink = (grey < _INK).astype(np.uint8)
    length = max(3, round(_RULE_POINTS * picture.dots_per_point))
    level = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    upright = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((length, 1), np.uint8))
    return tuple(box for mask in (level, upright) for box in _thin(mask, picture, page))


def _thin(mask: object, picture: Picture, page: int) -> list[Box]:
    _, _, stats, _ = cv2.connectedComponentsWithStats(_pixels(mask))
    points = picture.dots_per_point
    boxes = []
    for left, top, width, height, _ in stats[1:].tolist():
        if min(width, height) <= 4 * points:
            bottom = picture.height - (top + height) / points
            boxes.append(Box(page, left / points, bottom, (left + width) / points, picture.height - top / points))
    return boxes
