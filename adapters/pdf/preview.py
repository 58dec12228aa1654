"""Pages as small pictures."""

from __future__ import annotations

import base64
import io
import math
from collections.abc import Iterator

import pypdfium2
from PIL import Image

from adapters.isolation.reading_limits import ReadingLimits
from adapters.pdf.page_pictures import PagePicture

_DOTS_PER_POINT = 110 / 72
"""110 dpi: an A4 page of about 910 by 1290 pixels, body text legible."""
_MOST_PAGES = 40
"""So many are drawn for a person who looks for where a value came from."""
_QUALITY = 60
"""The text stays sharp. WebP would be a quarter smaller and costs ten times the time: more than the whole reading."""


def first_page_jpeg(data: bytes, limits: ReadingLimits) -> bytes:
    """The first page as JPEG. The same bytes give the same picture.

    Raises pypdfium2.PdfiumError where there is no page to show.
    """
    document = pypdfium2.PdfDocument(data)
    try:
        return _jpeg(_drawn(document[0], limits))
    finally:
        document.close()


def page_pictures(data: bytes, limits: ReadingLimits) -> Iterator[PagePicture]:
    """Each page, up to a number that a person can look at. Raises pypdfium2.PdfiumError where one cannot be loaded."""
    document = pypdfium2.PdfDocument(data)
    try:
        for index in range(min(len(document), _MOST_PAGES)):
            page = document[index]
            picture = base64.b64encode(_jpeg(_drawn(page, limits))).decode()
            yield PagePicture(index + 1, page.get_width(), page.get_height(), picture)
    finally:
        document.close()


def _drawn(page: pypdfium2.PdfPage, limits: ReadingLimits) -> Image.Image:
    scale = _scale(page.get_width(), page.get_height(), limits.preview_pixels)
    image: Image.Image = page.render(scale=scale, rev_byteorder=True).to_pil()
    return image if image.mode == "RGB" else image.convert("RGB")


def _scale(width: float, height: float, pixels: int) -> float:
    # A page may claim to be as large as a house (ISO 32000-1, 14.11.2 sets no limit): the picture is not.
    return min(_DOTS_PER_POINT, math.sqrt(pixels / max(width * height, 1.0)), 16000 / max(width, height, 1.0))


def _jpeg(image: Image.Image) -> bytes:
    target = io.BytesIO()
    image.save(target, "JPEG", quality=_QUALITY)
    return target.getvalue()
