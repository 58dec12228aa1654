"""The letter as a Word file, for LibreOffice: raw WordprocessingML, with nothing between us and it."""

from __future__ import annotations

import zipfile
from io import BytesIO
from xml.sax.saxutils import escape

from benchmarks.corpus.layout import Layout
from benchmarks.corpus.letter import Letter, Unit

_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = (
    f'<?xml version="1.0" encoding="UTF-8"?><Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    + "".join(
        f'<Override PartName="/word/{name}.xml" ContentType='
        f'"application/vnd.openxmlformats-officedocument.wordprocessingml.{kind}+xml"/>'
        for name, kind in (
            ("document", "document.main"),
            ("settings", "settings"),
            ("footer1", "footer"),
            ("footer2", "footer"),
            ("header1", "header"),
        )
    )
    + "</Types>"
)
_ROOT = (
    f'<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>'
)


def letter_docx(letter: Letter, layout: Layout) -> bytes:
    """The bytes of the file."""
    parts = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _ROOT,
        "word/_rels/document.xml.rels": _links(),
        "word/document.xml": _document(letter, layout),
        "word/settings.xml": _part("settings", "<w:evenAndOddHeaders/>" if layout.outside else ""),
        "word/footer1.xml": _part("ftr", _footer(layout, "right" if layout.outside else "center")),
        "word/footer2.xml": _part("ftr", _footer(layout, "left")),
        "word/header1.xml": _part("hdr", _paragraph(_run(layout.running, layout.body, 10.5), align="center")),
    }
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name), text)
    return out.getvalue()


def _links() -> str:
    links = {
        "r1": ("settings", "settings"),
        "r2": ("footer", "footer1"),
        "r3": ("footer", "footer2"),
        "r4": ("header", "header1"),
    }
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="{_PACKAGE}/relationships">'
        + "".join(
            f'<Relationship Id="{key}" Type="{_OFFICE}/{kind}" Target="{target}.xml"/>'
            for key, (kind, target) in links.items()
        )
        + "</Relationships>"
    )


def _part(tag: str, inner: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><w:{tag} xmlns:w="{_MAIN}" xmlns:r="{_OFFICE}">{inner}</w:{tag}>'


def _document(letter: Letter, layout: Layout) -> str:
    body = "".join(_unit(unit, layout) for unit in letter.units)
    footers = '<w:footerReference w:type="default" r:id="r2"/>' if layout.numbering else ""
    if layout.numbering and layout.outside:
        footers += '<w:footerReference w:type="even" r:id="r3"/>'
    if layout.running:
        footers += '<w:headerReference w:type="default" r:id="r4"/>'
        footers += '<w:headerReference w:type="even" r:id="r4"/>' if layout.outside else ""
    grid = '<w:docGrid w:type="linesAndChars" w:linePitch="579" w:charSpace="-842"/>' if layout.grid else ""
    section = (
        f'<w:sectPr>{footers}<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="{_twips(layout.top)}" '
        f'w:right="{_twips(layout.right)}" w:bottom="{_twips(layout.bottom)}" w:left="{_twips(layout.left)}" '
        f'w:header="600" w:footer="{_twips(layout.bottom * 0.6)}"/>{grid}</w:sectPr>'
    )
    return _part("document", f"<w:body>{body}{section}</w:body>")


def _unit(unit: Unit, layout: Layout) -> str:
    size = layout.size
    if unit.role == "table":
        return _table(unit, layout)
    face, points, bold, colour, align, indent, before = layout.body, size, False, "", "", layout.indent, 0.0
    end = 0.0
    match unit.role:
        case "masthead":
            face, points, bold, align, indent = layout.title, size * 1.8, True, "center", 0.0
            colour = "E60012" if layout.red else ""
        case "mark":
            indent, align = 0.0, "right" if layout.mark_right else ""
        case "number":
            indent, align = 0.0, "" if unit.beside else "center"
        case "title":
            face, points, bold, align, indent, before = layout.title, layout.title_size, True, "center", 0.0, size
        case "salutation":
            indent = 0.0
        case "heading1":
            face = layout.hei
        case "signature" | "date":
            indent, align = 0.0, "center" if layout.sign == "centred" else "right"
            align = "left" if unit.beside else align
            end = 0.0 if unit.beside else {"right4": 4.0, "right2": 2.0, "centred": 0.0}[layout.sign]
            before = layout.pitch if unit.role == "signature" else 0.0
        case "copied_to" | "imprint":
            indent, points, before = 0.0, size * 0.875, layout.pitch if unit.role == "copied_to" else 0.0
    runs = _run(unit.printed, face, points, bold=bold, colour=colour, latin=layout.latin)
    if unit.beside:
        runs += "<w:r><w:tab/></w:r>" + _run(unit.beside, face, points, latin=layout.latin)
    return _paragraph(
        runs,
        align=align or ("both" if layout.justified else "left"),
        indent=indent,
        size=points,
        pitch=layout.pitch if points <= size else points * 1.6,
        before=before,
        after=layout.gap if unit.role in {"body", "heading1", "heading2", "heading3", "salutation"} else 0.0,
        right=end,
        left=0.45 * (595.28 - layout.left - layout.right)
        if unit.role in {"signature", "date"} and align == "center"
        else 0.0,
        tab=595.28 - layout.left - layout.right if unit.beside else 0.0,
        narrow=2.5 * size if unit.role == "title" and not layout.title_wide else 0.0,
        border=unit.role in {"copied_to", "imprint"},
    )


def _paragraph(
    runs: str,
    *,
    align: str,
    indent: float = 0.0,
    size: float = 16.0,
    pitch: float = 0.0,
    before: float = 0.0,
    after: float = 0.0,
    right: float = 0.0,
    left: float = 0.0,
    tab: float = 0.0,
    narrow: float = 0.0,
    border: bool = False,
) -> str:
    tabs = f'<w:tabs><w:tab w:val="right" w:pos="{_twips(tab)}"/></w:tabs>' if tab else ""
    line = f' w:line="{_twips(pitch)}" w:lineRule="exact"' if pitch else ""
    # firstLineChars counts in hundredths of a character, as Word writes it.
    first = f' w:firstLineChars="{round(indent * 100)}" w:firstLine="{_twips(indent * size)}"' if indent else ""
    edges = f' w:left="{_twips(left or narrow)}" w:right="{_twips(narrow or right * size)}"'
    lines = '<w:pBdr><w:top w:val="single" w:sz="6" w:space="1" w:color="000000"/></w:pBdr>' if border else ""
    return (
        f'<w:p><w:pPr><w:widowControl w:val="0"/>{lines}{tabs}'
        f'<w:spacing w:before="{_twips(before)}" w:after="{_twips(after)}"{line}/>'
        f'<w:ind{edges}{first}/><w:jc w:val="{align}"/></w:pPr>{runs}</w:p>'
    )


def _run(text: str, face: str, size: float, *, bold: bool = False, colour: str = "", latin: str | None = None) -> str:
    look = (
        f'<w:rPr><w:rFonts w:ascii="{latin or face}" w:hAnsi="{latin or face}" w:eastAsia="{face}" w:hint="eastAsia"/>'
        + ("<w:b/>" if bold else "")
        + (f'<w:color w:val="{colour}"/>' if colour else "")
        + f'<w:sz w:val="{round(size * 2)}"/><w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr>'
    )
    lines = escape(text).split("\n")
    inner = "<w:br/>".join(f'<w:t xml:space="preserve">{line}</w:t>' for line in lines)
    return f"<w:r>{look}{inner}</w:r>"


def _field(code: str, face: str) -> str:
    size = '<w:sz w:val="28"/>'
    look = f'<w:rPr><w:rFonts w:ascii="{face}" w:hAnsi="{face}" w:eastAsia="{face}"/>{size}</w:rPr>'
    return (
        f'<w:r>{look}<w:fldChar w:fldCharType="begin"/></w:r><w:r>{look}<w:instrText>{code}</w:instrText></w:r>'
        f'<w:r>{look}<w:fldChar w:fldCharType="separate"/></w:r><w:r>{look}<w:t>1</w:t></w:r>'
        f'<w:r>{look}<w:fldChar w:fldCharType="end"/></w:r>'
    )


def _footer(layout: Layout, align: str) -> str:
    runs, text = "", layout.numbering
    while text:
        if text.startswith(("{n}", "{m}")):
            runs += _field("PAGE" if text[1] == "n" else "NUMPAGES", layout.body)
            text = text[3:]
        else:
            before = min((place for mark in ("{n}", "{m}") if (place := text.find(mark)) >= 0), default=len(text))
            runs += _run(text[:before], layout.body, 14.0)
            text = text[before:]
    return _paragraph(runs, align=align)


def _table(unit: Unit, layout: Layout) -> str:
    width = 595.28 - layout.left - layout.right
    columns = len(unit.rows[0])
    shares = [0.12, *[0.88 / (columns - 1)] * (columns - 1)]
    edges = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    grid = "".join(f'<w:gridCol w:w="{_twips(width * share)}"/>' for share in shares)
    rows = "".join(
        "<w:tr>"
        + "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{_twips(width * share)}" w:type="dxa"/></w:tcPr>'
            + _paragraph(_run(cell, layout.body, layout.size * 0.875, latin=layout.latin), align="left")
            + "</w:tc>"
            for cell, share in zip(row, shares, strict=True)
        )
        + "</w:tr>"
        for row in unit.rows
    )
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{_twips(width)}" w:type="dxa"/><w:tblBorders>{edges}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>'
    )


def _twips(points: float) -> int:
    return round(points * 20)
