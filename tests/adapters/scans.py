"""Letters as a scanner would give them: each page one picture, nothing else in the file."""

from __future__ import annotations

import io
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
import pypdfium2
from PIL import Image

from samples.factory import letter

Pixels = npt.NDArray[np.uint8]

SHORT = letter(
    body=("您提出的关于在河边增加长椅的提案收悉，现答复如下：", "首批长椅二十张已于五月底安放完毕，感谢您的关心。")
)
"""A letter of few lines: each costs a tenth of a second wherever a page is recognised."""


@dataclass(frozen=True, slots=True)
class Scanner:
    """How a page becomes a picture."""

    dpi: int = 200
    skew: float = 0.0
    """Degrees, anticlockwise."""
    noise: float = 0.0
    """Standard deviation, of 255."""
    quality: int = 85
    """Of the JPEG; 0 for a picture in black and white."""
    blur: float = 0.0


def scan_of(pdf: bytes, scanner: Scanner | None = None, pages: slice = slice(None)) -> bytes:
    """The pages of the file as pictures in a new file. The same bytes give the same bytes."""
    scanner = scanner or Scanner()
    pictures = [_scanned(pixels, scanner, seed) for seed, pixels in enumerate(rendered_pages(pdf, scanner.dpi)[pages])]
    target = io.BytesIO()
    first, *others = [Image.fromarray(each) for each in pictures]
    if not scanner.quality:
        first, *others = [each.convert("L").point(lambda value: 255 * (value > 140), "1") for each in (first, *others)]
    quality = {"quality": scanner.quality} if scanner.quality else {}
    first.save(target, "PDF", resolution=scanner.dpi, save_all=True, append_images=others, **quality)
    return target.getvalue()


def rendered_pages(pdf: bytes, dpi: int) -> list[Pixels]:
    """The pages as pixels, rows of red, green, blue."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [np.asarray(page.render(scale=dpi / 72).to_pil().convert("RGB")) for page in document]
    finally:
        document.close()


def _scanned(pixels: Pixels, scanner: Scanner, seed: int) -> Pixels:
    height, width = pixels.shape[:2]
    if scanner.skew:
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), scanner.skew, 1.0)
        pixels = cv2.warpAffine(
            pixels, turn, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=(255,) * 3
        ).astype(np.uint8)
    if scanner.blur:
        pixels = cv2.GaussianBlur(pixels, (0, 0), scanner.blur).astype(np.uint8)
    if scanner.noise:
        noise = np.random.default_rng(seed).normal(0.0, scanner.noise, pixels.shape)
        pixels = np.clip(pixels + noise, 0, 255).astype(np.uint8)
    return np.ascontiguousarray(pixels)
