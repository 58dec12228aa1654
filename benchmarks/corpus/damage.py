"""What happens to a PDF after it was typeset: printed and scanned, its text layer lost or made worse."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from io import BytesIO
from math import cos, pi, sin
from pathlib import Path
from random import Random

import pypdfium2
from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter, ImageFont
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, StreamObject
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from benchmarks.corpus.layout import FACES

_SEAL_POINTS = 119.0
"""42 mm across."""
_DATE = re.compile(r".{0,16}[0-9〇一二三四五六七八九]{4}年.{1,3}月.{1,3}日")
_COMMON = (
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定"
)
_WRONG = str.maketrans("的一是在人大日月年不本市区工作", "旳ー昰茬入太曰用午丕木巿匚エ怍")
"""What poor recognition makes of common characters."""


@dataclass(frozen=True, slots=True)
class Scan:
    """A sheet that went through a scanner, a copier or a telephone."""

    dpi: int
    skew: float = 0.0
    """Degrees, either way, at most."""
    noise: float = 0.0
    quality: int = 85
    """Of JPEG."""
    seal: bool = False
    blur: float = 0.0
    one_bit: bool = False
    photo: bool = False


SCANS = {
    "scan100": Scan(100, skew=1.0, noise=6, quality=80),
    "scan150": Scan(150, skew=1.5, noise=8, quality=70, seal=True),
    "scan200": Scan(200, skew=0.7, noise=5, quality=80, seal=True),
    "scan200kai": Scan(200, skew=0.7, noise=5, quality=80, seal=True),
    "scan300": Scan(300, skew=0.5, noise=8, quality=85, seal=True),
    "scan150skew": Scan(150, skew=5.0, noise=6, quality=75, seal=True),
    "scan120blurred": Scan(120, skew=1.0, noise=8, quality=25, blur=0.7),
    "scan200bit": Scan(200, skew=0.7, one_bit=True),
    "photo150": Scan(150, skew=2.0, noise=10, quality=60, blur=0.4, photo=True),
}
KAI = frozenset({"scan200kai"})
"""Set in the faces that look written with a brush, which recognisers read worse."""
CONDITIONS: dict[str, tuple[str, ...]] = {
    "reportlab": ("gbk", "unigb"),
    "scanned": tuple(SCANS),
    "other": ("text", "mixed", "badlayer", "notounicode", "forged"),
}
"""The states a letter may be in; those of `reportlab` only that program can make."""
_OTHERS = ("mixed", "badlayer", "notounicode", "forged", "gbk", "unigb")
LETTERS = {"text": 200} | dict.fromkeys(SCANS, 8) | dict.fromkeys(_OTHERS, 6)
"""How many letters of each state are measured."""


def damage(pdf: Path, condition: str, chance: Random) -> None:
    """Change the file in place, as its condition says."""
    changes: dict[str, Callable[[bytes, Random], bytes]] = {
        "mixed": _first_page_scanned,
        "badlayer": _with_bad_layer,
        "notounicode": lambda data, _: _without_unicode(data),
        "forged": with_lying_unicode,
    }
    if condition in SCANS:
        pdf.write_bytes(_scanned(pdf.read_bytes(), SCANS[condition], chance))
    elif change := changes.get(condition):
        pdf.write_bytes(change(pdf.read_bytes(), chance))


def _scanned(data: bytes, scan: Scan, chance: Random) -> bytes:
    out = BytesIO()
    canvas = Canvas(out, invariant=1)
    with pypdfium2.PdfDocument(data) as document:
        pages = len(document)
        for index in range(pages):
            page = document[index]
            picture = page.render(scale=scan.dpi / 72).to_pil().convert("RGB")
            if scan.seal and index == pages - 1:
                picture = _sealed(picture, page, scan, chance)
            _add_picture(canvas, _worn(picture, scan, chance), page.get_size(), scan)
    canvas.save()
    return out.getvalue()


def _add_picture(canvas: Canvas, picture: Image.Image, size: tuple[float, float], scan: Scan) -> None:
    packed = BytesIO()
    picture.save(packed, "PNG" if scan.one_bit else "JPEG", quality=scan.quality)
    canvas.setPageSize(size)
    canvas.drawImage(ImageReader(packed), 0, 0, *size)
    canvas.showPage()


def _worn(picture: Image.Image, scan: Scan, chance: Random) -> Image.Image:
    if scan.photo:
        picture = _photographed(picture, chance)
    angle = chance.uniform(-scan.skew, scan.skew)
    picture = picture.rotate(angle, Image.Resampling.BICUBIC, fillcolor=(250, 250, 248))
    if scan.blur:
        picture = picture.filter(ImageFilter.GaussianBlur(scan.blur))
    if scan.noise:
        picture = _noisy(picture, scan.noise, chance)
    return picture.convert("L").point(lambda value: 255 * (value > 140)).convert("1") if scan.one_bit else picture


def _noisy(picture: Image.Image, strength: float, chance: Random) -> Image.Image:
    # Pillow's own noise has no seed; a small sheet of it, made here, is laid out over the page.
    tile = 256
    values = bytes(max(0, min(255, round(128 + chance.gauss(0, strength)))) for _ in range(tile * tile))
    grain = Image.frombytes("L", (tile, tile), values)
    sheet = Image.new("L", picture.size)
    for x in range(0, picture.width, tile):
        for y in range(0, picture.height, tile):
            sheet.paste(grain.rotate(90 * chance.randrange(4)), (x, y))
    return ImageChops.add(picture, Image.merge("RGB", [sheet] * 3), offset=-128)


def _photographed(picture: Image.Image, chance: Random) -> Image.Image:
    """Light from one side, and a sheet that does not lie flat."""
    width, height = picture.size
    shade = Image.linear_gradient("L").rotate(90 * chance.randrange(4)).resize(picture.size)
    shade = shade.point(lambda value: 190 + value // 4)
    picture = ImageChops.multiply(picture, Image.merge("RGB", [shade] * 3))
    bend = 0.004 * height
    strips = 24
    mesh = []
    for index in range(strips):
        left, right = width * index // strips, width * (index + 1) // strips
        first, last = (bend * sin(pi * edge / width) for edge in (left, right))
        mesh.append(((left, 0, right, height), (left, first, left, height + first, right, height + last, right, last)))
    picture = picture.transform(picture.size, Image.Transform.MESH, mesh, Image.Resampling.BICUBIC)
    return ImageEnhance.Contrast(picture).enhance(0.9)


def _sealed(picture: Image.Image, page: pypdfium2.PdfPage, scan: Scan, chance: Random) -> Image.Image:
    """A red seal over the date, as it is stamped on paper."""
    scale = scan.dpi / 72
    found = _date_place(page)
    if found is None:
        return picture
    x, y = found[0] * scale, picture.height - found[1] * scale
    side = round(_SEAL_POINTS * scale)
    seal = Image.new("RGB", (side, side), "white")
    draw = ImageDraw.Draw(seal)
    red, line = (214, 30, 36), max(2, round(3 * scale))
    draw.ellipse((line, line, side - line, side - line), outline=red, width=line)
    middle = side / 2
    star = [
        (middle + side * radius * sin(turn * pi / 5), middle - side * radius * cos(turn * pi / 5))
        for turn, radius in enumerate((0.16, 0.065) * 5)
    ]
    draw.polygon(star, fill=red)
    face = next(path for path in FACES.values() if Path(path).exists())
    font = ImageFont.truetype(face, round(15 * scale))
    name = "云溪市某某局专用章"
    for place, char in enumerate(name):
        turn = pi * (0.8 - 1.6 * place / (len(name) - 1))
        at = (middle - 0.37 * side * sin(turn), middle - 0.37 * side * cos(turn))
        draw.text(at, char, fill=red, font=font, anchor="mm")
    seal = seal.rotate(chance.uniform(-8, 8), Image.Resampling.BICUBIC, fillcolor="white")
    sheet = Image.new("RGB", picture.size, "white")
    sheet.paste(seal, (round(x - middle), round(y - middle)))
    return ImageChops.multiply(picture, sheet)


def _date_place(page: pypdfium2.PdfPage) -> tuple[float, float] | None:
    """The middle of the last date that stands alone, in points from the lower left corner."""
    text = page.get_textpage()
    places = [text.get_rect(index) for index in range(text.count_rects())]
    dates = [place for place in places if _DATE.fullmatch("".join(text.get_text_bounded(*place).split()))]
    if not dates:
        return None
    left, bottom, right, top = dates[-1]
    return (left + right) / 2, (bottom + top) / 2


def _first_page_scanned(data: bytes, chance: Random) -> bytes:
    scan = SCANS["scan200"]
    sheets = PdfReader(BytesIO(_scanned(data, Scan(scan.dpi, scan.skew, scan.noise, scan.quality), chance)))
    writer = PdfWriter()
    writer.add_page(sheets.pages[0])
    for page in PdfReader(BytesIO(data)).pages[1:]:
        writer.add_page(page)
    return _written(writer)


def _with_bad_layer(data: bytes, chance: Random) -> bytes:
    """The pages as pictures, with what a poor program recognised hidden behind them."""
    pictures = PdfReader(BytesIO(_scanned(data, Scan(150, 0.0, 5, 75), chance)))
    out = BytesIO()
    canvas = Canvas(out, invariant=1)
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    with pypdfium2.PdfDocument(data) as document:
        for page in document:
            canvas.setPageSize(page.get_size())
            layer = canvas.beginText()
            layer.setTextRenderMode(3)
            layer.setFont("STSong-Light", 14)
            for left, bottom, line in _lines(page):
                layer.setTextOrigin(left, bottom)
                layer.textOut(line.translate(_WRONG))
            canvas.drawText(layer)
            canvas.showPage()
    canvas.save()
    writer = PdfWriter()
    for picture, layer_page in zip(pictures.pages, PdfReader(out).pages, strict=True):
        writer.add_page(picture).merge_page(layer_page)
    return _written(writer)


def _lines(page: pypdfium2.PdfPage) -> Iterable[tuple[float, float, str]]:
    text = page.get_textpage()
    for index in range(text.count_rects()):
        left, bottom, right, top = text.get_rect(index)
        line = "".join(text.get_text_bounded(left, bottom, right, top).split())
        yield left, bottom, "".join(char for char in line if ord(char) < 0x10000)


def _without_unicode(data: bytes) -> bytes:
    """No font says what its glyphs mean."""
    writer = PdfWriter(BytesIO(data))
    for page in writer.pages:
        resources = page["/Resources"]
        fonts = resources.get("/Font", DictionaryObject()) if isinstance(resources, DictionaryObject) else {}
        for font in fonts.values():
            own = font.get_object()
            if isinstance(own, DictionaryObject):
                own.pop(NameObject("/ToUnicode"), None)
    return _written(writer)


def with_lying_unicode(data: bytes, chance: Random) -> bytes:
    """Every font says of each Chinese glyph that it means another common character."""
    writer = PdfWriter(BytesIO(data))
    disguise: dict[str, str] = {}
    for page in writer.pages:
        resources = page["/Resources"]
        fonts = resources.get("/Font", DictionaryObject()) if isinstance(resources, DictionaryObject) else {}
        for font in fonts.values():
            table = font.get_object().get("/ToUnicode")
            stream = table.get_object() if table is not None else None
            if isinstance(stream, StreamObject):
                stream.set_data(_TARGET.sub(lambda found: _disguised(found, disguise, chance), stream.get_data()))
    return _written(writer)


_TARGET = re.compile(rb"(<[0-9A-Fa-f]+>\s*)<([4-9][0-9A-Fa-f]{3})>(?=\s*(?:<|end))")
"""In a table that has a line for each glyph, what it means."""


def _disguised(found: re.Match[bytes], disguise: dict[str, str], chance: Random) -> bytes:
    char = chr(int(found[2], 16))
    meant = disguise.setdefault(char, chance.choice(_COMMON))
    return found[1] + b"<%04X>" % ord(meant)


def _written(writer: PdfWriter) -> bytes:
    out = BytesIO()
    writer.write(out)
    return out.getvalue()
