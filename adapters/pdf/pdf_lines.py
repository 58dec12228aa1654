"""The text of a PDF with its geometry, read by pdfium.

pdfium is not safe for threads: one process reads one file at a time.
"""

from __future__ import annotations

import ctypes
import math
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from adapters.pdf.visibility import hidden_text
from domain.reading.page import MOST_CHARACTERS, PageSignals, PageText, TextRun
from domain.reading.place import Box

_STROKE_POINTS = 3.0
"""A path not thicker than this is a line."""
_FORM_DEPTH = 4
"""How deep forms within forms are looked into; real files have one or two."""
_BOLD_WEIGHT = 600
_NAME_BYTES = 256
_MEANINGLESS = "\ufffd"
_HALVES = re.compile("[\ud800-\udfff]")
"""Of characters beyond the first plane: one alone is none, and cannot even be written to a file."""
_HYPHEN = "-"
_HYPHENS = frozenset("\x02\ufffe")
"""What pdfium says for a hyphen at the end of a line."""


class UnreadablePdfError(ValueError):
    """pdfium cannot open the file: not a PDF, damaged, or locked by a password."""


def pdf_pages(data: bytes) -> tuple[PageText, ...]:
    """Every page of the file, in order.

    Only what a person can see is in `runs`: hidden characters are counted, not read, unless the page is a picture with
    nothing else on it (a scan with a layer of recognised text).

    Raises UnreadablePdfError.
    """
    try:
        document = pypdfium2.PdfDocument(data)
        try:
            return tuple(_page(document, index) for index in range(len(document)))
        finally:
            document.close()
    except pypdfium2.PdfiumError as error:
        raise UnreadablePdfError(f"pdfium: {error}") from error


def _page(document: pypdfium2.PdfDocument, index: int) -> PageText:
    page = document[index]
    textpage = page.get_textpage()
    try:
        turn = _Turn.of(page)
        drawn = _Drawn(turn)
        drawn.look_at(_objects(page.raw))
        text = _Text(textpage.raw, turn)
        crowd = pdfium.FPDFText_CountChars(textpage.raw)
        if crowd > MOST_CHARACTERS:
            return PageText(index + 1, turn.width, turn.height, signals=PageSignals(crowd))
        text.read()
        width, height = turn.width, turn.height
        signals = PageSignals(
            text.characters,
            text.unmapped,
            text.invisible,
            min(1.0, drawn.image_area / (width * height)) if width and height else 0.0,
            drawn.paths,
        )
        return PageText(
            index + 1,
            width,
            height,
            tuple(text.runs or text.hidden_runs),
            tuple(Box(index + 1, *edges) for edges in drawn.strokes),
            signals=signals,
            hidden=hidden_text(page, textpage, index + 1, signals.image_share),
        )
    finally:
        textpage.close()
        page.close()


@dataclass(frozen=True, slots=True)
class _Turn:
    """From the coordinates of the content stream to those of the page as it is shown (crop box, /Rotate)."""

    quarter: int
    left: float
    bottom: float
    right: float
    top: float

    @classmethod
    def of(cls, page: pypdfium2.PdfPage) -> _Turn:
        return cls(page.get_rotation() // 90 % 4, *page.get_cropbox())

    @property
    def width(self) -> float:
        return self.top - self.bottom if self.quarter % 2 else self.right - self.left

    @property
    def height(self) -> float:
        return self.right - self.left if self.quarter % 2 else self.top - self.bottom

    @property
    def plain(self) -> bool:
        return not self.quarter and not self.left and not self.bottom

    def point(self, x: float, y: float) -> tuple[float, float]:
        match self.quarter:
            case 1:
                return y - self.bottom, self.right - x
            case 2:
                return self.right - x, self.top - y
            case 3:
                return self.top - y, x - self.left
            case _:
                return x - self.left, y - self.bottom

    def box(self, left: float, bottom: float, right: float, top: float) -> tuple[float, float, float, float]:
        if self.plain:
            return left, bottom, right, top
        x0, y0 = self.point(left, bottom)
        x1, y1 = self.point(right, top)
        return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)

    def vector(self, x: float, y: float) -> tuple[float, float]:
        x0, y0 = self.point(0, 0)
        x1, y1 = self.point(x, y)
        return x1 - x0, y1 - y0


def _objects(page: Any) -> Iterator[Any]:
    for index in range(pdfium.FPDFPage_CountObjects(page)):
        yield pdfium.FPDFPage_GetObject(page, index)


def _parts(form: Any) -> Iterator[Any]:
    for index in range(pdfium.FPDFFormObj_CountObjects(form)):
        yield pdfium.FPDFFormObj_GetObject(form, index)


class _Drawn:
    """What is on the page besides text: straight lines, and how much of it images cover."""

    def __init__(self, turn: _Turn) -> None:
        self._turn = turn
        self.strokes: list[tuple[float, float, float, float]] = []
        self.image_area = 0.0
        self.paths = 0

    def look_at(self, objects: Iterator[Any]) -> None:
        for drawn in objects:
            match pdfium.FPDFPageObj_GetType(drawn):
                case pdfium.FPDF_PAGEOBJ_PATH:
                    self.paths += 1
                    self._path(drawn)
                case pdfium.FPDF_PAGEOBJ_IMAGE:
                    self.image_area += self._area(drawn)
                case pdfium.FPDF_PAGEOBJ_FORM:
                    self._form(drawn, _FORM_DEPTH)

    def _form(self, form: Any, depth: int) -> None:
        # The parts of a form have its coordinates, so only their kinds are of use; its own box has the page's.
        kinds = {pdfium.FPDFPageObj_GetType(part) for part in _parts(form)}
        if pdfium.FPDF_PAGEOBJ_IMAGE in kinds:
            self.image_area += self._area(form)
        elif pdfium.FPDF_PAGEOBJ_FORM in kinds and depth:
            for part in _parts(form):
                if pdfium.FPDFPageObj_GetType(part) == pdfium.FPDF_PAGEOBJ_FORM:
                    self._form(part, depth - 1)

    def _path(self, path: Any) -> None:
        left, bottom, right, top = self._bounds(path)
        thin = _STROKE_POINTS
        if min(right - left, top - bottom) <= thin:
            if max(right - left, top - bottom) > thin:
                self.strokes.append((left, bottom, right, top))
        elif self._is_frame(path):
            self.strokes += (
                (left, bottom, right, bottom),
                (left, top, right, top),
                (left, bottom, left, top),
                (right, bottom, right, top),
            )

    @staticmethod
    def _is_frame(path: Any) -> bool:
        """A rectangle that is stroked: the border of a cell."""
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDFPath_GetDrawMode(path, fill, stroke)
        return bool(stroke.value) and pdfium.FPDFPath_CountSegments(path) in (4, 5)

    def _bounds(self, drawn: Any) -> tuple[float, float, float, float]:
        left, bottom, right, top = (ctypes.c_float() for _ in range(4))
        pdfium.FPDFPageObj_GetBounds(drawn, left, bottom, right, top)
        return self._turn.box(left.value, bottom.value, right.value, top.value)

    def _area(self, drawn: Any) -> float:
        left, bottom, right, top = self._bounds(drawn)
        return max(0.0, min(right, self._turn.width) - max(left, 0.0)) * max(
            0.0, min(top, self._turn.height) - max(bottom, 0.0)
        )


@dataclass(slots=True)
class _Style:
    """What all characters of one text object share."""

    baseline: float = 0.0
    size: float = 0.0
    colour: int = 0
    font: str = ""
    bold: bool = False
    upright: bool = True
    hidden: bool = False
    drawn_as_paths: bool = False
    """A Type 3 font: it has no name, and pdfium's boxes are those of the ink."""
    mapped: set[str] = field(default_factory=set)
    """Characters of its font that were looked up and are explained by the file: asked once, not each time."""


@dataclass(slots=True)
class _Open:
    """The run that is being read."""

    style: _Style
    characters: list[str] = field(default_factory=list)
    lefts: list[float] = field(default_factory=list)
    rights: list[float] = field(default_factory=list)

    def closed(self) -> TextRun:
        style = self.style
        return TextRun(
            _HALVES.sub(_MEANINGLESS, "".join(self.characters)),
            tuple(self.lefts),
            tuple(self.rights),
            style.baseline,
            style.size,
            style.colour,
            style.font,
            style.bold,
            style.upright,
        )


def _quick(function: Any, result: Any, *arguments: Any) -> Callable[..., Any]:
    """The same C function without pypdfium2's wrapping of pointers, which costs more than the call itself.

    Nor is the interpreter's lock given up and taken again for each of them: nobody else has work in this process.
    """
    address = ctypes.cast(function, ctypes.c_void_p).value or 0
    return ctypes.PYFUNCTYPE(result, *arguments)(address)


_POINTER, _INT = ctypes.c_void_p, ctypes.c_int
_unicode = _quick(pdfium.FPDFText_GetUnicode, ctypes.c_uint, _POINTER, _INT)
_text_object = _quick(pdfium.FPDFText_GetTextObject, _POINTER, _POINTER, _INT)
_loose_box = _quick(pdfium.FPDFText_GetLooseCharBox, _INT, _POINTER, _INT, _POINTER)
_map_error = _quick(pdfium.FPDFText_HasUnicodeMapError, _INT, _POINTER, _INT)
_char_origin = _quick(pdfium.FPDFText_GetCharOrigin, _INT, _POINTER, _INT, _POINTER, _POINTER)
_char_matrix = _quick(pdfium.FPDFText_GetMatrix, _INT, _POINTER, _INT, _POINTER)
_font_size = _quick(pdfium.FPDFText_GetFontSize, ctypes.c_double, _POINTER, _INT)
_fill_colour = _quick(pdfium.FPDFText_GetFillColor, _INT, _POINTER, _INT, _POINTER, _POINTER, _POINTER, _POINTER)
_font_of = _quick(pdfium.FPDFTextObj_GetFont, _POINTER, _POINTER)
_render_mode = _quick(pdfium.FPDFTextObj_GetTextRenderMode, _INT, _POINTER)


class _Room:
    """Where pdfium writes its answers, allocated once for each page."""

    def __init__(self) -> None:
        self.box, self.matrix = pdfium.FS_RECTF(), pdfium.FS_MATRIX()
        self.x, self.y = ctypes.c_double(), ctypes.c_double()
        self.colour = (ctypes.c_uint * 4)()
        self.box_at, self.matrix_at = ctypes.addressof(self.box), ctypes.addressof(self.matrix)
        self.origin_at = ctypes.addressof(self.x), ctypes.addressof(self.y)
        first, step = ctypes.addressof(self.colour), ctypes.sizeof(ctypes.c_uint)
        self.colour_at = tuple(first + index * step for index in range(4))


class _Text:
    """All characters of one page, gathered into runs."""

    def __init__(self, textpage: Any, turn: _Turn) -> None:
        self._textpage = textpage
        self._turn = turn
        self._styles: dict[int, _Style] = {}
        self._fonts: dict[int | None, tuple[str, bool, set[str]]] = {}
        self._handle = ctypes.cast(textpage, ctypes.c_void_p).value
        self._room = _Room()
        self.runs: list[TextRun] = []
        self.hidden_runs: list[TextRun] = []
        self.characters = self.unmapped = self.invisible = 0

    def read(self) -> None:
        """One pass over the characters; the loop is plain because it is where the time goes."""
        handle, rectangle, address = self._handle, self._room.box, self._room.box_at
        box, plain = self._turn.box, self._turn.plain
        current = 0
        run: _Open | None = None
        for index, char in enumerate(self._codes()):
            owner = _text_object(handle, index)
            if not owner:  # a space or line end that pdfium made up; `domain.reading.line` decides these by geometry
                continue
            if owner != current or run is None:
                current = owner
                run = self._next(run, owner, index)
            if not _loose_box(handle, index, address):
                continue
            if plain:
                left, right = rectangle.left, rectangle.right
            else:
                left, _, right, _ = box(rectangle.left, rectangle.bottom, rectangle.right, rectangle.top)
            style = run.style
            if char not in style.mapped:
                if _map_error(handle, index) == 1:
                    self.unmapped += 1
                else:
                    style.mapped.add(char)
            characters = run.characters
            if "\udc00" <= char <= "\udfff" and characters and "\ud800" <= characters[-1] <= "\udbff":
                characters[-1] = chr(0x10000 + ((ord(characters[-1]) - 0xD800) << 10) + (ord(char) - 0xDC00))
                run.rights[-1] = right
                continue
            if style.drawn_as_paths:
                left = self._origin(index)[0]
            characters.append(_HYPHEN if char in _HYPHENS else char)
            run.lefts.append(left)
            run.rights.append(right)
        if run is not None:
            self._close(run)

    def _codes(self) -> str | list[str]:
        """What each character says: all at once, where that gives one for one, which saves a quarter of the calls."""
        count = pdfium.FPDFText_CountChars(self._textpage)
        buffer = (ctypes.c_ushort * (count + 1))()
        written = pdfium.FPDFText_GetText(self._textpage, 0, count, buffer)
        text = bytes(buffer)[: 2 * count].decode("utf-16-le", "surrogatepass")
        if written == count + 1 and len(text) == count:
            return text
        return [_character(_unicode(self._handle, index)) for index in range(count)]

    def _next(self, run: _Open | None, owner: int, index: int) -> _Open:
        style = self._styles.get(owner)
        if style is None:
            style = self._styles[owner] = self._style(owner, index)
        if run is not None:
            if _same_line_and_look(run.style, style):
                return run
            self._close(run)
        return _Open(style)

    def _close(self, run: _Open) -> None:
        visible = sum(not character.isspace() for character in run.characters)
        self.characters += visible
        if run.style.hidden:
            self.invisible += visible
            self.hidden_runs.append(run.closed())
        elif run.characters:
            self.runs.append(run.closed())

    def _origin(self, index: int) -> tuple[float, float]:
        _char_origin(self._handle, index, *self._room.origin_at)
        return self._turn.point(self._room.x.value, self._room.y.value)

    def _style(self, owner: int, index: int) -> _Style:
        handle, room = self._handle, self._room
        _char_matrix(handle, index, room.matrix_at)
        matrix = room.matrix
        along, across = (matrix.a, matrix.b) if self._turn.plain else self._turn.vector(matrix.a, matrix.b)
        _fill_colour(handle, index, *room.colour_at)
        red, green, blue, _ = room.colour
        name, bold, mapped = self._font(_font_of(owner), index)
        return _Style(
            self._origin(index)[1],
            _font_size(handle, index) * (math.hypot(matrix.c, matrix.d) or 1.0),
            red << 16 | green << 8 | blue,
            name,
            bold,
            along > 0 and abs(across) < along / 10,
            _render_mode(owner) == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE,
            not name,
            mapped,
        )

    def _font(self, font: int | None, index: int) -> tuple[str, bool, set[str]]:
        known = self._fonts.get(font)
        if known is None:
            name = _font_name(self._textpage, index)
            weight = pdfium.FPDFText_GetFontWeight(self._textpage, index)
            known = self._fonts[font] = name, "bold" in name.lower() or weight >= _BOLD_WEIGHT, set()
        return known


def _character(code: int) -> str:
    """A table of a broken font may name what is no character at all; then nobody knows what the glyph means."""
    return chr(code) if code <= sys.maxunicode else _MEANINGLESS


def _same_line_and_look(one: _Style, other: _Style) -> bool:
    return (
        abs(one.baseline - other.baseline) < 0.01
        and abs(one.size - other.size) < 0.01
        and (one.colour, one.font, one.upright, one.hidden) == (other.colour, other.font, other.upright, other.hidden)
    )


def _font_name(textpage: Any, index: int) -> str:
    name = ctypes.create_string_buffer(_NAME_BYTES)
    length = pdfium.FPDFText_GetFontInfo(textpage, index, name, _NAME_BYTES, ctypes.c_int())
    return name.value.decode("utf-8", "replace") if 0 < length <= _NAME_BYTES else ""
