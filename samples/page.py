"""Sets a letter on A4 pages in the form of GB/T 9704-2012. Lengths are in points, y grows upwards."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from itertools import groupby

from reportlab import rl_config
from reportlab.lib.colors import Color, black
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from samples.letter import Letter
from samples.seal import draw_seal
from samples.typefaces import Face, register, runs, width_of
from samples.typesetting import SetLine, break_lines

A4: tuple[float, float] = (210 * mm, 297 * mm)
LEFT: float = 28 * mm
TOP: float = A4[1] - 37 * mm
MEASURE: float = 156 * mm
LINES = 22
PITCH: float = 225 * mm / LINES
BOTTOM: float = TOP - 225 * mm
RIGHT: float = LEFT + MEASURE
CELL: float = MEASURE / 28
"""The width of one character of the body: 3号 (16 pt), fitted to 28 in a line."""
SMALL = 14.0
"""4号: page numbers and imprint."""
TITLE = 22.0
"""2号."""
TABLE = 12.0
"""小四."""
RED = Color(0.89, 0.0, 0.07)

_HEADING_1 = frozenset("一二三四五六七八九十")
_GAP_ABOVE_SIGNATURE = 2
_GAP_UNDER_SEAL = 2


@dataclass(frozen=True, slots=True)
class _Text:
    line: SetLine
    face: Face


@dataclass(frozen=True, slots=True)
class _Row:
    cells: tuple[str, ...]
    widths: tuple[float, ...]
    is_head: bool


_Item = _Text | _Row


def face_of_paragraph(text: str) -> Face:
    """黑体 for 一、 and 楷体 for （一）, as 7.3.3 asks; everything else is body."""
    if text[0] in _HEADING_1 and "、" in text[:4] and not text.endswith("。"):
        return Face.HEI
    if text[0] == "（" and text[1] in _HEADING_1 and not text.endswith("。"):
        return Face.KAI
    return Face.BODY


def _paragraph(text: str) -> list[_Item]:
    face = face_of_paragraph(text)
    return [_Text(line, face) for line in break_lines(text, face=face, size=CELL, measure=MEASURE, indent=2 * CELL)]


def _table(rows: list[str]) -> list[_Item]:
    cells = [tuple(row.strip("|").split("|")) for row in rows]
    needed = [max(width_of(cell, Face.BODY, TABLE) for cell in column) + 8 for column in zip(*cells, strict=True)]
    if sum(needed) > MEASURE:
        raise ValueError("a table is wider than the type area")
    widths = tuple(width * MEASURE / sum(needed) for width in needed)
    return [_Row(each, widths, is_head=not place) for place, each in enumerate(cells)]


def _items(letter: Letter) -> list[_Item]:
    items: list[_Item] = []
    for is_table, group in groupby(letter.body, key=lambda paragraph: paragraph.startswith("|")):
        paragraphs = list(group)
        items += _table(paragraphs) if is_table else [item for each in paragraphs for item in _paragraph(each)]
    return items


def _copied_to(letter: Letter) -> list[SetLine]:
    if not letter.copied_to:
        return []
    # The lines after the first stand three characters further in, under the names.
    words = "抄送：" + letter.copied_to
    return break_lines(words, face=Face.BODY, size=SMALL, measure=MEASURE - 5 * SMALL, indent=-3 * SMALL)


def _imprint_rows(letter: Letter) -> int:
    return len(_copied_to(letter)) + bool(letter.distributing_office)


def _closing_rows(letter: Letter) -> int:
    """The lines that signature, date, notes and imprint need together."""
    under = max(len(letter.notes), _GAP_UNDER_SEAL)
    return _GAP_ABOVE_SIGNATURE + bool(letter.signature) + 1 + under + _imprint_rows(letter)


def _first_row(letter: Letter) -> int:
    """The grid line of the salutation: the head takes what is above it."""
    return 12 + max(len(letter.title) - 1, 1)


def _headings_at_the_foot(page: list[tuple[int, _Item]]) -> list[_Item]:
    """Take the headings that nothing follows off a page: they belong with the text on the next one."""
    headings: list[_Item] = []
    while page and isinstance(page[-1][1], _Text) and page[-1][1].face is not Face.BODY:
        headings.insert(0, page.pop()[1])
    return headings


def _pages(letter: Letter) -> list[list[tuple[int, _Item]]]:
    """The items of the body on their grid lines, page by page. The last page has room for the closing."""
    items = _items(letter)
    pages: list[list[tuple[int, _Item]]] = [[]]
    row = _first_row(letter) + bool(letter.salutation)
    for place, item in enumerate(items):
        remaining = len(items) - place
        # 7.3.5: the signature never stands on a page without body text, so two lines go with it.
        must_turn = remaining == 2 and row + remaining + _closing_rows(letter) > LINES
        if row >= LINES or must_turn:
            headings = _headings_at_the_foot(pages[-1])
            pages.append([(number, heading) for number, heading in enumerate(headings)])
            row = len(headings)
        pages[-1].append((row, item))
        row += 1
    return pages


class _Page:
    """Draws on the page at hand."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas

    def baseline(self, row: float, size: float = CELL) -> float:
        return TOP - row * PITCH - (PITCH - size) / 2 - 0.86 * size

    def text(self, words: str, x: float, y: float, face: Face, size: float, *, spacing: float = 0.0) -> None:
        pen = self._canvas.beginText(x, y)
        pen.setCharSpace(spacing)
        for each, run in runs(words, face):
            pen.setFont(register(each), size)
            pen.textOut(run)
        self._canvas.drawText(pen)

    def centred(self, words: str, x: float, y: float, face: Face, size: float) -> None:
        self.text(words, x - width_of(words, face, size) / 2, y, face, size)

    def right(self, words: str, x: float, y: float, face: Face, size: float) -> None:
        self.text(words, x - width_of(words, face, size), y, face, size)

    def rule(self, y: float, width: float, colour: Color) -> None:
        self._canvas.setStrokeColor(colour)
        self._canvas.setLineWidth(width)
        self._canvas.line(LEFT, y, RIGHT, y)

    def head(self, letter: Letter) -> None:
        """Marks, masthead, number line, red rule, title and salutation of page 1."""
        for row, mark in enumerate(letter.marks):
            self.text(mark, LEFT, self.baseline(row), Face.BODY, CELL)
        size = min(46.0, MEASURE / (len(letter.masthead) + 0.2))
        self._canvas.setFillColor(RED)
        self.centred(letter.masthead, LEFT + MEASURE / 2, TOP - 35 * mm - 0.88 * size, Face.TITLE, size)
        self._canvas.setFillColor(black)
        self._numbers(letter)
        self.rule(TOP - 8 * PITCH - 4 * mm, 1.6, RED)
        for place, line in enumerate(letter.title):
            self.centred(line, LEFT + MEASURE / 2, TOP - 9.6 * PITCH - TITLE - place * 34, Face.TITLE, TITLE)
        self.text(letter.salutation, LEFT, self.baseline(_first_row(letter)), Face.BODY, CELL)

    def _numbers(self, letter: Letter) -> None:
        numbers = letter.document_number.splitlines()
        for place, number in enumerate(reversed(numbers)):
            y = self.baseline(7 - place)
            if letter.signatory:
                self.text(number, LEFT + CELL, y, Face.BODY, CELL)
            else:
                self.centred(number, LEFT + MEASURE / 2, y, Face.BODY, CELL)
        if letter.signatory:
            width = width_of(letter.signatory, Face.KAI, CELL)
            y = self.baseline(7)
            self.text(letter.signatory, RIGHT - CELL - width, y, Face.KAI, CELL)
            self.right("签发人：", RIGHT - CELL - width, y, Face.BODY, CELL)

    def item(self, row: int, item: _Item) -> None:
        if isinstance(item, _Text):
            line = item.line
            self.text(line.text, LEFT + line.indent, self.baseline(row), item.face, CELL, spacing=line.spacing)
            return
        self._canvas.setStrokeColor(black)
        self._canvas.setLineWidth(0.6)
        x = LEFT
        for cell, width in zip(item.cells, item.widths, strict=True):
            self._canvas.rect(x, TOP - (row + 1) * PITCH, width, PITCH, stroke=1, fill=0)
            face = Face.HEI if item.is_head else Face.BODY
            self.centred(cell, x + width / 2, self.baseline(row, TABLE), face, TABLE)
            x += width

    def closing(self, letter: Letter, row: int) -> None:
        """Signature, date under the seal, notes and imprint, starting on grid line `row`."""
        row += _GAP_ABOVE_SIGNATURE
        date_width = width_of(letter.date_of_issue, Face.BODY, CELL)
        centre = RIGHT - 4 * CELL - date_width / 2
        signature_width = width_of(letter.signature, Face.BODY, CELL) if letter.signature else 0.0
        centre = min(centre, RIGHT - CELL - signature_width / 2)
        date_row = row + bool(letter.signature)
        if letter.seal:
            # 7.3.5: the seal stands over the date; with a signature above it, a little higher, over both.
            lift = 0.85 if letter.signature else 0.55
            draw_seal(self._canvas, letter.seal, centre, self.baseline(date_row) + lift * PITCH)
        self._canvas.setFillColor(black)
        if letter.signature:
            self.centred(letter.signature, centre, self.baseline(row), Face.BODY, CELL)
        self.centred(letter.date_of_issue, centre, self.baseline(date_row), Face.BODY, CELL)
        for place, note in enumerate(letter.notes):
            self.text(note, LEFT + 2 * CELL, self.baseline(date_row + 1 + place), Face.BODY, CELL)
        self._imprint(letter)

    def _imprint(self, letter: Letter) -> None:
        rows = _imprint_rows(letter)
        if not rows:
            return
        top = BOTTOM + rows * PITCH
        self.rule(top, 0.35 * mm, black)
        for place, line in enumerate(_copied_to(letter)):
            x = LEFT + 4 * SMALL + line.indent
            y = self.baseline(LINES - rows + place, SMALL)
            self.text(line.text, x, y, Face.BODY, SMALL, spacing=line.spacing)
        if letter.distributing_office:
            if rows > 1:
                self.rule(BOTTOM + PITCH, 0.25 * mm, black)
            y = self.baseline(LINES - 1, SMALL)
            self.text(letter.distributing_office, LEFT + SMALL, y, Face.BODY, SMALL)
            self.right(letter.date_of_distribution, RIGHT - SMALL, y, Face.BODY, SMALL)
        self.rule(BOTTOM, 0.35 * mm, black)

    def number(self, page: int) -> None:
        """The page number, 7.5: outside, on the right of odd pages and on the left of even ones."""
        words, y = f"— {page} —", BOTTOM - 7 * mm - 0.86 * SMALL
        if page % 2:
            self.right(words, RIGHT - SMALL, y, Face.SONG, SMALL)
        else:
            self.text(words, LEFT + SMALL, y, Face.SONG, SMALL)


def unsigned_pdf(letter: Letter, *, password: str = "") -> bytes:
    """The letter as a PDF without a signature; the same letter gives the same bytes.

    With a password the file cannot be opened without it.
    """
    rl_config.useA85 = 0  # plain Flate: the text form would only make the file larger
    output = BytesIO()
    encryption = StandardEncryption(password, ownerPassword=password, strength=128) if password else None
    canvas = Canvas(
        output,
        pagesize=A4,
        invariant=1,
        pageCompression=1,
        pdfVersion=(1, 7),
        encrypt=encryption,
        initialFontName=register(Face.BODY),
    )
    canvas.setTitle("".join(letter.title))
    canvas.setAuthor(letter.masthead.removesuffix("文件"))
    canvas.setCreator("samples.make")
    canvas.setProducer("samples.make")
    pages = _pages(letter)
    for number, items in enumerate(pages, start=1):
        page = _Page(canvas)
        if number == 1:
            page.head(letter)
        for row, item in items:
            page.item(row, item)
        if number == len(pages):
            page.closing(letter, items[-1][0] + 1 if items else _first_row(letter) + 1)
        page.number(number)
        canvas.showPage()
    canvas.save()
    return output.getvalue()
