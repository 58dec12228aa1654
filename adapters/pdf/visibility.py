"""Which characters of a page cannot be seen, tested by what is painted.

The page is drawn in grey twice, with its text and without. A character whose box holds no pixel that differs is not
there for the eye, whatever the reason: white, under a black box or a picture, clipped, in a layer that is off, in
render mode 3. What the text layer behind a scan holds is never painted; there, ink of the scan must lie under the box.

Annotations are not drawn: a seal that belongs to a signature may cover the date, and any other is named by inspection.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pypdfium2
import pypdfium2.raw as pdfium

from domain.reading.place import Box
from domain.reading.visibility import HiddenText, Hiding

_Flags = npt.NDArray[np.bool_]
_Numbers = npt.NDArray[np.float64]

_PIXELS_PER_POINT = 1.0
_MOST_PIXELS = 4_000_000
_LONGEST_SIDE = 20_000.0
_PAPER = 255
_PAINTED = 20
"""Steps of grey, of 255: less than that between a character and its ground is not legible (black on white is 255, the
thinnest stroke of a grey note at this resolution about 40)."""
_THINLY_PAINTED = 5
"""The same for a stroke that is thinner than a pixel, and so shares it with the ground."""
_INK = 40
"""Steps of grey between the darkest and the lightest pixel under a character that was recognised on a scan."""
_SCAN_SHARE = 0.8
"""A picture that covers so much of the page is a scan, and a layer of recognised text may lie behind it."""
_LEAST_UNINKED = 4
"""Recognised characters stand somewhat beside their ink; so many in a row without any are another matter."""
_SMALL = 3.0
"""Pixels: a box smaller than that, as a full stop has, is widened on all sides. Its ink falls between the pixels."""
_WIDER = 1.0
_TINY_POINTS = 1.0
_RASTER = 4.0
_SHARED = 0.6
"""Two characters that share so much of their boxes stand in one place; fake bold does so too, but repeats one."""
_FORM_DEPTH = 8
_FORMAT_CODES = frozenset({0x02, 0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0xFFFE})


def hidden_text(
    page: pypdfium2.PdfPage, textpage: pypdfium2.PdfTextPage, number: int, image_share: float
) -> tuple[HiddenText, ...]:
    """What is hidden on the page. Afterwards its text may be switched off: nothing else should be asked of the page.

    `image_share` is the part of the page that images cover. Raises pypdfium2.PdfiumError where it cannot be drawn.
    """
    characters = _Characters(textpage)
    if not characters.codes:
        return ()
    if min(page.get_size()) <= 0.0:  # a page without extent shows nothing
        return (HiddenText(Hiding.OFF_PAGE, characters.whole_text, _nowhere(number)),)
    canvas = _Canvas(page)
    boxes = canvas.pixels(characters.boxes)
    modes, sizes = np.array(characters.modes), np.array(characters.sizes)
    with_text = canvas.draw()
    without = _without_text(page, canvas)
    changed = np.maximum(with_text, without) - np.minimum(with_text, without)
    thin = (boxes[:, 2:] - boxes[:, :2]).min(axis=1) < 1.0
    seen = _any(changed > _PAINTED, boxes)
    seen[thin] = _any(changed > _THINLY_PAINTED, boxes[thin])
    off_page = canvas.is_outside(boxes)
    tiny = (sizes < _TINY_POINTS) & ~off_page
    unseen = ~seen & ~off_page & ~tiny
    if image_share > _SCAN_SHARE:
        layer = unseen & ((modes == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE) | (not seen.any()))
        unseen = (unseen & ~layer) | _without_ink(with_text, boxes, layer)
    found = {
        Hiding.UNSEEN: unseen,
        Hiding.OFF_PAGE: off_page,
        Hiding.TINY: tiny,
        Hiding.OVERLAID: _overlaid(boxes, characters) & seen & ~tiny,
    }
    return tuple(
        HiddenText(hiding, characters.text(flags), canvas.around(boxes[flags], number))
        for hiding, flags in found.items()
        if flags.any()
    )


def _without_text(page: pypdfium2.PdfPage, canvas: _Canvas) -> npt.NDArray[np.uint8]:
    """The page without its text; paper alone where there is nothing else on it, which spares the drawing."""
    objects = (pdfium.FPDFPage_GetObject(page.raw, index) for index in range(pdfium.FPDFPage_CountObjects(page.raw)))
    if all(pdfium.FPDFPageObj_GetType(each) == pdfium.FPDF_PAGEOBJ_TEXT for each in objects):
        return np.full((canvas.height, canvas.width), _PAPER, np.uint8)
    _switch_text_off(page)
    return canvas.draw()


def _nowhere(number: int) -> Box:
    return Box(number, 0.0, 0.0, 0.0, 0.0)


class _Canvas:
    """The page as pixels, and the way from its coordinates to them (crop box, /Rotate)."""

    def __init__(self, page: pypdfium2.PdfPage) -> None:
        self._page = page
        width, height = page.get_size()
        self.scale = min(
            _PIXELS_PER_POINT, math.sqrt(_MOST_PIXELS / (width * height)), _LONGEST_SIDE / max(width, height)
        )
        self.width, self.height = math.ceil(width * self.scale), math.ceil(height * self.scale)

    def draw(self) -> npt.NDArray[np.uint8]:
        """Grey, rows from the top."""
        bitmap = self._page.render(scale=self.scale, grayscale=True, draw_annots=False, may_draw_forms=False)
        pixels: npt.NDArray[np.uint8] = bitmap.to_numpy().reshape(self.height, self.width).copy()
        bitmap.close()
        return pixels

    def pixels(self, boxes: _Numbers) -> _Numbers:
        """Left, top, right, bottom in pixels for left, bottom, right, top in the coordinates of the content."""
        (a, b, c, d, e, f) = self._matrix()
        x, y = boxes[:, [0, 2]], boxes[:, [1, 3]]
        across, down = a * x + c * y + e, b * x + d * y + f
        sides = np.stack([across.min(1), down.min(1), across.max(1), down.max(1)], axis=1)
        placed: _Numbers = np.nan_to_num(sides, nan=-1.0)
        return placed

    def _matrix(self) -> tuple[float, float, float, float, float, float]:
        # pdfium answers in whole pixels, so it is asked for a drawing that is a thousand times as large.
        x, y = ctypes.c_int(), ctypes.c_int()

        def at(left: float, bottom: float) -> tuple[float, float]:
            size = self.width * 1000, self.height * 1000
            pdfium.FPDF_PageToDevice(self._page.raw, 0, 0, *size, 0, left, bottom, x, y)
            return x.value / 1000, y.value / 1000

        (e, f), (right, right_down), (up, up_down) = at(0, 0), at(100, 0), at(0, 100)
        return (right - e) / 100, (right_down - f) / 100, (up - e) / 100, (up_down - f) / 100, e, f

    def is_outside(self, boxes: _Numbers) -> _Flags:
        """Whether the middle of each box lies beyond the edges."""
        x, y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
        outside: _Flags = (x < 0) | (y < 0) | (x > self.width) | (y > self.height)
        return outside

    def around(self, boxes: _Numbers, number: int) -> Box:
        """One box around all, in points of the page as it is shown, within its edges."""
        left, right = np.clip([boxes[:, 0].min(), boxes[:, 2].max()], 0, self.width) / self.scale
        top, bottom = np.clip([boxes[:, 1].min(), boxes[:, 3].max()], 0, self.height) / self.scale
        height = self.height / self.scale
        return Box(number, *(round(float(side), 2) for side in (left, height - bottom, right, height - top)))


def _any(flags: _Flags, boxes: _Numbers) -> _Flags:
    """For each box whether it holds a pixel that is set; small boxes are widened."""
    small = ((boxes[:, 2:] - boxes[:, :2]) < _SMALL) * _WIDER
    furthest = max(flags.shape)
    low = np.clip(np.floor(boxes[:, :2] - small + 0.25), 0, furthest).astype(np.int64).tolist()
    high = np.clip(np.ceil(boxes[:, 2:] + small - 0.25), 0, furthest).astype(np.int64).tolist()
    # One look at each box is quicker than an integral image of the page, up to some thousand characters.
    held = [flags[top:bottom, left:right].any() for (left, top), (right, bottom) in zip(low, high, strict=True)]
    return np.array(held, dtype=bool)


def _without_ink(picture: npt.NDArray[np.uint8], boxes: _Numbers, layer: _Flags) -> _Flags:
    """Those of the layer of recognised text under which the scan shows nothing, so many in a row that it is no slip."""
    bare = np.zeros(len(boxes), dtype=bool)
    height, width = picture.shape
    for index in np.flatnonzero(layer):
        left, top, right, bottom = np.clip(boxes[index], 0, max(height, width))
        x, y = slice(max(0, int(left) - 1), min(width, int(right) + 2)), slice(max(0, int(top) - 1), int(bottom) + 2)
        under = picture[y, x]
        bare[index] = not under.size or int(under.max()) - int(under.min()) < _INK
    rows = np.concatenate(([False], bare, [False]))
    edges = np.flatnonzero(rows[1:] != rows[:-1]).reshape(-1, 2)
    for start, end in edges:
        if end - start < _LEAST_UNINKED:
            bare[start:end] = False
    return bare


def _overlaid(boxes: _Numbers, characters: _Characters) -> _Flags:
    """Characters in whose place another stands, of about the same size and not the same."""
    sides = boxes[:, 2:] - boxes[:, :2]
    middle = boxes[:, :2] + sides / 2
    kinds, owners = np.array(characters.codes), np.array(characters.owners)
    found = np.zeros(len(boxes), dtype=bool)
    # Neighbours in one place are neighbours in one of two rasters of rows, whatever the line they stand on.
    for shift in (0.0, 0.5):
        order = np.lexsort((middle[:, 0], np.floor(middle[:, 1] / _RASTER + shift)))
        one, other = order[:-1], order[1:]
        shared = np.minimum(boxes[one, 2:], boxes[other, 2:]) - np.maximum(boxes[one, :2], boxes[other, :2])
        area, areas = np.clip(shared, 0, None).prod(1), sides.prod(1)
        alike = np.minimum(areas[one], areas[other]) * 2 > np.maximum(areas[one], areas[other])
        # A ligature is one glyph that means several characters.
        ligature = (owners[one] == owners[other]) & (boxes[one] == boxes[other]).all(1)
        both = alike & (area > _SHARED * areas[one]) & (kinds[one] != kinds[other]) & ~ligature
        found[one[both]] = found[other[both]] = True
    return found


def _quick(function: Any, result: Any, *arguments: Any) -> Callable[..., Any]:
    """The same C function without pypdfium2's wrapping of pointers, which costs more than the call itself."""
    return ctypes.CFUNCTYPE(result, *arguments)(ctypes.cast(function, ctypes.c_void_p).value or 0)


_POINTER, _INT = ctypes.c_void_p, ctypes.c_int
_unicode = _quick(pdfium.FPDFText_GetUnicode, ctypes.c_uint, _POINTER, _INT)
_text_object = _quick(pdfium.FPDFText_GetTextObject, _POINTER, _POINTER, _INT)
_char_box = _quick(pdfium.FPDFText_GetCharBox, _INT, _POINTER, _INT, *[_POINTER] * 4)
_char_matrix = _quick(pdfium.FPDFText_GetMatrix, _INT, _POINTER, _INT, _POINTER)
_font_size = _quick(pdfium.FPDFText_GetFontSize, ctypes.c_double, _POINTER, _INT)
_render_mode = _quick(pdfium.FPDFTextObj_GetTextRenderMode, _INT, _POINTER)


class _Characters:
    """Every character of the page that the file itself holds and that has ink: parallel lists."""

    def __init__(self, textpage: pypdfium2.PdfTextPage) -> None:
        self.codes: list[int] = []
        self._boxes = bytearray()
        self.owners: list[int] = []
        """The text objects, as numbers."""
        self.modes: list[int] = []
        self.sizes: list[float] = []
        """Points."""
        self._read(ctypes.cast(textpage.raw, ctypes.c_void_p).value, pdfium.FPDFText_CountChars(textpage.raw))

    def _read(self, handle: int | None, count: int) -> None:
        box = (ctypes.c_double * 4)()
        first, step = ctypes.addressof(box), ctypes.sizeof(ctypes.c_double)
        pointers = tuple(first + side * step for side in range(4))  # left, right, bottom, top
        looks: dict[int, tuple[int, float]] = {}
        for index in range(count):
            owner = _text_object(handle, index)
            code = _unicode(handle, index)
            if not owner or code in _FORMAT_CODES or not 0x20 < code < 0x110000 or chr(code).isspace():
                continue
            if not _char_box(handle, index, *pointers):
                continue
            if owner not in looks:
                looks[owner] = _look(handle, owner, index)
            mode, size = looks[owner]
            self.codes.append(code)
            self._boxes += box
            self.owners.append(owner)
            self.modes.append(mode)
            self.sizes.append(size)

    @property
    def boxes(self) -> _Numbers:
        """Left, bottom, right, top in the coordinates of the content."""
        return np.frombuffer(self._boxes, dtype=np.float64).reshape(-1, 4)[:, [0, 2, 1, 3]]

    @property
    def whole_text(self) -> str:
        """All of them."""
        return "".join(map(chr, self.codes))

    def text(self, flags: _Flags) -> str:
        """The characters that are flagged."""
        return "".join(chr(self.codes[index]) for index in np.flatnonzero(flags))


def _look(handle: int | None, owner: int, index: int) -> tuple[int, float]:
    matrix = pdfium.FS_MATRIX()
    _char_matrix(handle, index, ctypes.addressof(matrix))
    size = _font_size(handle, index) * (math.hypot(matrix.c, matrix.d) or 1.0)
    return _render_mode(owner), size


def _switch_text_off(page: pypdfium2.PdfPage) -> None:
    for index in range(pdfium.FPDFPage_CountObjects(page.raw)):
        for text in _texts(pdfium.FPDFPage_GetObject(page.raw, index), _FORM_DEPTH):
            pdfium.FPDFPageObj_SetIsActive(text, False)  # noqa: FBT003 - the C interface has no names


def _texts(drawn: Any, depth: int) -> Iterator[Any]:
    match pdfium.FPDFPageObj_GetType(drawn):
        case pdfium.FPDF_PAGEOBJ_TEXT:
            yield drawn
        case pdfium.FPDF_PAGEOBJ_FORM if depth:
            for index in range(pdfium.FPDFFormObj_CountObjects(drawn)):
                yield from _texts(pdfium.FPDFFormObj_GetObject(drawn, index), depth - 1)
