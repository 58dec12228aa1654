"""What is ink on the picture of a page, and what is no writing at all."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from adapters.pdf.scan_image import Pixels, ink_within
from samples.typefaces import Face, font_bytes

PIXELS = 44


def label(words: str) -> Pixels:
    """A black label on white paper; words on it are white."""
    width = max(len(words), 4) * PIXELS
    picture = Image.new("RGB", (width + 40, 100), "white")
    drawn = ImageDraw.Draw(picture)
    drawn.rectangle((20, 20, width + 20, 80), fill="black")
    font = ImageFont.truetype(io.BytesIO(font_bytes(Face.BODY)), PIXELS)
    drawn.text((20, 28), words, font=font, fill="white")
    return np.asarray(picture)


@pytest.mark.parametrize("words", ["不公开", "内部", "主动公开"])
def test_white_words_on_a_black_label_are_words(words: str) -> None:
    """Such a label may be a mark: what was recognised on it is never thrown away as a block."""
    picture = label(words)
    assert ink_within(picture, 10, 10, picture.shape[1] - 10, 90) is not None


def test_a_black_block_is_no_text() -> None:
    picture = label("")
    assert ink_within(picture, 10, 10, picture.shape[1] - 10, 90) is None
