"""Puts a letter on the glass of a scanner: each page becomes one picture, a little askew, with grain and dust."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from random import Random

import pypdfium2
from PIL import Image, ImageChops, ImageFilter
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas


@dataclass(frozen=True, slots=True)
class Scanner:
    """How a sheet becomes a picture."""

    dpi: int
    skew: float
    """Degrees, anticlockwise."""
    grain: int
    """Of 255, either way, at most."""
    blur: float
    """Pixels."""
    quality: int
    """Of the JPEG."""


OFFICE = Scanner(150, 0.6, 6, 0.0, 55)
"""A copier of an office, straight from the feeder."""
FAX = Scanner(75, 1.3, 16, 0.8, 40)
"""A copy of a copy, sent as a small picture."""


def scanned(pdf: bytes, scanner: Scanner) -> bytes:
    """The same pages as pictures in a new file, without any text. The same letter gives the same bytes."""
    out = BytesIO()
    canvas = Canvas(out, invariant=1)
    with pypdfium2.PdfDocument(pdf) as document:
        for index in range(len(document)):
            page = document[index]
            picture = _worn(page.render(scale=scanner.dpi / 72).to_pil().convert("RGB"), scanner, Random(index))
            packed = BytesIO()
            picture.save(packed, "JPEG", quality=scanner.quality)
            canvas.setPageSize(page.get_size())
            canvas.drawImage(ImageReader(packed), 0, 0, *page.get_size())
            canvas.showPage()
    canvas.save()
    return out.getvalue()


def _worn(picture: Image.Image, scanner: Scanner, chance: Random) -> Image.Image:
    picture = picture.rotate(scanner.skew, Image.Resampling.BICUBIC, fillcolor=(252, 252, 250))
    if scanner.blur:
        picture = picture.filter(ImageFilter.GaussianBlur(scanner.blur))
    side = 128
    levels = bytes(128 + chance.randint(-scanner.grain, scanner.grain) for _ in range(side * side))
    tile = Image.frombytes("L", (side, side), levels)
    sheet = Image.new("L", picture.size)
    for left in range(0, picture.width, side):
        for top in range(0, picture.height, side):
            sheet.paste(tile.rotate(90 * chance.randrange(4)), (left, top))
    return ImageChops.add(picture, Image.merge("RGB", [sheet] * 3), offset=-128)
