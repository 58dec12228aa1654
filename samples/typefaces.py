"""The faces that the samples are set in.

They are subsets of free fonts, kept beside this file, so that neither `make samples` nor a test needs a system font.
`samples/build_fonts.py` made them; `samples/fonts/OFL.txt` is their licence.
"""

from __future__ import annotations

import lzma
from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from io import BytesIO
from itertools import groupby
from pathlib import Path

from fontTools.ttLib import TTFont as Outlines
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

FONTS = Path(__file__).parent / "fonts"


class Face(StrEnum):
    """A face by its use; the value names its file."""

    BODY = "fuwen-body"  # stands for 仿宋
    SONG = "fuwen-song"  # figures, Latin letters and quotation marks of the body
    TITLE = "fuwen-title"  # stands for 小标宋
    HEI = "fuwen-hei"
    KAI = "fuwen-kai"


# In the body these are taken from the Song face, where quotation marks and dashes have the full width that Chinese
# setting needs.
_SONG_CHARACTERS = frozenset(map(chr, range(0x20, 0x7F))) | set("“”‘’—…·")


def font_bytes(face: Face) -> bytes:
    """The TrueType file of a face."""
    return lzma.decompress((FONTS / f"{face}.ttf.xz").read_bytes())


@cache
def outlines(face: Face) -> Outlines:
    """The face as fontTools sees it, for its outlines."""
    return Outlines(BytesIO(font_bytes(face)))


@cache
def _characters(face: Face) -> frozenset[str]:
    return frozenset(map(chr, outlines(face).getBestCmap()))


@cache
def register(face: Face) -> str:
    """Make a face known to the typesetter; the name to set it by."""
    pdfmetrics.registerFont(TTFont(str(face), BytesIO(font_bytes(face))))
    return str(face)


@cache
def face_of(character: str, wanted: Face) -> Face:
    """The face that sets this character where `wanted` is asked for.

    Raises ValueError for a character that no face has: the fonts must be built again.
    """
    preferred = Face.SONG if wanted is Face.BODY and character in _SONG_CHARACTERS else wanted
    for face in (preferred, Face.BODY, Face.SONG):
        if character in _characters(face):
            return face
    raise ValueError(f"no sample font has U+{ord(character):04X}; see samples/build_fonts.py")


def runs(text: str, wanted: Face) -> Iterator[tuple[Face, str]]:
    """The text in stretches of one face each."""
    for face, characters in groupby(text, key=lambda character: face_of(character, wanted)):
        yield face, "".join(characters)


def width_of(text: str, wanted: Face, size: float) -> float:
    """How wide the text is set, in points."""
    return sum(float(pdfmetrics.stringWidth(run, register(face), size)) for face, run in runs(text, wanted))
