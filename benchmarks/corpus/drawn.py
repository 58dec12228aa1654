"""The letter set by ReportLab, whose Chinese line breaking knows no words: it breaks Latin ones where the line ends."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from html import escape
from io import BytesIO
from itertools import groupby
from pathlib import Path
from typing import Any

from fontTools.ttLib import TTFont as Outlines
from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_LEFT, TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import CIDFont, UnicodeCIDFont, escapePDF
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Paragraph, Spacer, Table, TableStyle

from benchmarks.corpus.layout import A4, FACES, Layout
from benchmarks.corpus.letter import Letter, Unit

CID_FACES = {"gbk": ("STSong-Light", "GBK-EUC-H"), "unigb": ("STSong-Light", "UniGB-UCS2-H")}
"""Faces that no file carries: the reader must know the encoding."""
_FALLBACK = "WenQuanYi Zen Hei"


@cache
def _register(family: str) -> tuple[str, frozenset[int]]:
    pdfmetrics.registerFont(TTFont(family, FACES[family], subfontIndex=0))
    path = Path(FACES[family])
    outlines = Outlines(path, fontNumber=0, lazy=True) if path.suffix == ".ttc" else Outlines(path, lazy=True)
    return family, frozenset(outlines.getBestCmap())


@cache
def _register_cid(encoding: str) -> str:
    face, name = CID_FACES[encoding]
    if encoding == "unigb":
        pdfmetrics.registerFont(UnicodeCIDFont(face))
        return face
    font = _GbkFont(face, name)
    pdfmetrics.registerFont(font)
    return str(font.fontName)


class _GbkFont(CIDFont):  # type: ignore[misc]  # ReportLab has no types
    """Text in GBK bytes, every character as wide as a Chinese one: what old office programs wrote."""

    def formatForPdf(self, text: str) -> str:  # noqa: N802 - ReportLab's name
        return str(escapePDF(text.encode("gbk").decode("latin-1")))

    def stringWidth(self, text: str, size: float, encoding: str = "utf8") -> float:  # noqa: ARG002, N802
        return size * len(text)


def letter_pdf(letter: Letter, layout: Layout, encoding: str = "") -> bytes:
    """The bytes of the file; `encoding`, of `CID_FACES`, for text in a face that the file does not carry."""
    setter = _Setter(layout, encoding)
    out = BytesIO()
    total = _build(letter, setter, BytesIO(), 0)
    _build(letter, setter, out, total)
    return out.getvalue()


def _build(letter: Letter, setter: _Setter, out: BytesIO, total: int) -> int:
    layout = setter.layout
    document = BaseDocTemplate(
        out,
        pagesize=A4,
        leftMargin=layout.left,
        rightMargin=layout.right,
        topMargin=layout.top,
        bottomMargin=layout.bottom,
        invariant=1,
    )
    frame = Frame(
        layout.left,
        layout.bottom,
        A4[0] - layout.left - layout.right,
        A4[1] - layout.top - layout.bottom,
        leftPadding=0,
        rightPadding=0,
        topPadding=0,
        bottomPadding=0,
    )
    document.addPageTemplates(PageTemplate(frames=[frame], onPage=setter.furniture(total)))
    document.build([flowable for unit in letter.units for flowable in setter.unit(unit)])
    return int(document.page)


class _Setter:
    def __init__(self, layout: Layout, encoding: str) -> None:
        self.layout = layout
        self.encoding = encoding
        self.width = A4[0] - layout.left - layout.right

    def face(self, family: str) -> str:
        return _register_cid(self.encoding) if self.encoding else _register(family)[0]

    def markup(self, text: str, family: str) -> str:
        """Characters that the face lacks are set in another, as every program does."""
        if self.encoding:
            return escape(text)
        has = _register(family)[1]
        parts = []
        for known, characters in groupby(text, key=lambda char: char == "\n" or ord(char) in has):
            part = escape("".join(characters))
            parts.append(part if known else f'<font name="{_register(_FALLBACK)[0]}">{part}</font>')
        return "".join(parts).replace("\n", "<br/>")

    def unit(self, unit: Unit) -> list[Any]:
        layout, size = self.layout, self.layout.size
        if unit.role == "table":
            return [self.table(unit)]
        family, points, align, indent, colour = layout.body, size, None, layout.indent, "#000000"
        above: list[Any] = []
        right = left = 0.0
        match unit.role:
            case "masthead":
                family, points, align, indent = layout.title, size * 1.8, TA_CENTER, 0.0
                colour = "#e60012" if layout.red else colour
            case "mark":
                align, indent = TA_RIGHT if layout.mark_right else TA_LEFT, 0.0
            case "number":
                align, indent = TA_LEFT if unit.beside else TA_CENTER, 0.0
            case "title":
                family, points, align, indent = layout.title, layout.title_size, TA_CENTER, 0.0
                left = right = 0.0 if layout.title_wide else 2.5 * size
                above.append(Spacer(1, size))
            case "salutation":
                indent = 0.0
            case "heading1":
                family = layout.hei
            case "signature" | "date":
                align, indent = (TA_CENTER, 0.0) if layout.sign == "centred" else (TA_RIGHT, 0.0)
                left = self.width * 0.45 if layout.sign == "centred" else 0.0
                right = {"right4": 4 * size, "right2": 2 * size, "centred": 0.0}[layout.sign]
                above += [Spacer(1, layout.pitch)] if unit.role == "signature" else []
            case "copied_to" | "imprint":
                points, indent = size * 0.875, 0.0
        if align is None:
            align = TA_JUSTIFY if layout.justified else TA_LEFT
        style = ParagraphStyle(
            unit.role,
            fontName=self.face(family),
            fontSize=points,
            leading=layout.pitch if points <= size else points * 1.6,
            alignment=align,
            firstLineIndent=indent * points,
            leftIndent=left,
            rightIndent=right,
            textColor=HexColor(colour),
            wordWrap="CJK",
            spaceAfter=layout.gap,
        )
        if unit.beside:
            return [*above, self.pair(unit, style, family)]
        return [*above, Paragraph(self.markup(unit.printed, family), style)]

    def pair(self, unit: Unit, style: ParagraphStyle, family: str) -> Table:
        """Two texts at both ends of one line."""
        style.leftIndent = style.rightIndent = 0
        style.alignment = TA_LEFT
        other = ParagraphStyle("beside", parent=style, alignment=TA_RIGHT)
        cells = [
            [Paragraph(self.markup(unit.printed, family), style), Paragraph(self.markup(unit.beside, family), other)]
        ]
        return Table(cells, colWidths=[self.width * 0.58, self.width * 0.42], style=TableStyle(_CLOSE))

    def table(self, unit: Unit) -> Table:
        style = ParagraphStyle(
            "cell",
            fontName=self.face(self.layout.body),
            fontSize=self.layout.size * 0.875,
            leading=self.layout.size * 1.2,
            wordWrap="CJK",
        )
        columns = len(unit.rows[0])
        cells = [[Paragraph(self.markup(cell, self.layout.body), style) for cell in row] for row in unit.rows]
        shares = [0.12, *[0.88 / (columns - 1)] * (columns - 1)]
        return Table(
            cells,
            colWidths=[self.width * share for share in shares],
            style=TableStyle([("GRID", (0, 0), (-1, -1), 0.6, HexColor("#000000"))]),
        )

    def furniture(self, total: int) -> Callable[[Canvas, Any], None]:
        layout = self.layout

        def draw(canvas: Canvas, document: Any) -> None:
            number = int(document.page)
            canvas.setFont(self.face(layout.body), 14)
            text = layout.numbering.format(n=number, m=total)
            if text and not layout.outside:
                canvas.drawCentredString(A4[0] / 2, layout.bottom * 0.6, text)
            elif text and number % 2:
                canvas.drawRightString(A4[0] - layout.right, layout.bottom * 0.6, text)
            elif text:
                canvas.drawString(layout.left, layout.bottom * 0.6, text)
            if layout.running:
                canvas.setFont(self.face(layout.body), 10.5)
                canvas.drawCentredString(A4[0] / 2, A4[1] - layout.top * 0.6, layout.running)

        return draw


_CLOSE = [
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), 0),
    ("TOPPADDING", (0, 0), (-1, -1), 0),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 0),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
]
