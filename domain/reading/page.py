"""One page as a reader saw it: what stands where. Reflow and fields start from this, whoever read the page."""

from __future__ import annotations

from dataclasses import dataclass, field

from domain.gate.evidence import PageSource
from domain.reading.place import Box
from domain.reading.visibility import HiddenText

MOST_CHARACTERS = 100_000
"""Of one page; a full page of a letter has 600, and one of the smallest print 10,000."""
UNCOLOURED = 0x000000
"""Black, and what a reader says that sees no colours."""


@dataclass(frozen=True, slots=True)
class TextRun:
    """Neighbouring characters on one baseline, drawn in one font, size and colour.

    Lengths are PDF points, origin at the lower left corner of the page as it is shown. A reader that knows only a
    line's box, as OCR does, spreads the characters over it; a run may be a word, a line or a single character.
    """

    text: str
    lefts: tuple[float, ...]
    """Where the pen stood before each character; one for each code point of `text`."""
    rights: tuple[float, ...]
    """Where the pen stood after it (advance width, not ink)."""
    baseline: float
    size: float
    colour: int = UNCOLOURED
    """Fill colour as 0xRRGGBB."""
    font: str = ""
    """PostScript name; empty where the file or the reader gives none."""
    bold: bool = False
    upright: bool = True
    """False for text that does not run from left to right along the page, such as a slanted watermark."""
    confidence: float = 1.0
    second: str = ""
    """What a second model reads there, where the two differ."""


@dataclass(frozen=True, slots=True)
class PageSignals:
    """What tells whether the text of the page can be trusted, before anyone reads it."""

    characters: int = 0
    unmapped: int = 0
    """Characters for which the file does not say what they mean (no ToUnicode)."""
    invisible: int = 0
    """Characters drawn in render mode 3, as the hidden layer behind a scan is."""
    image_share: float = 0.0
    """Part of the page that images cover, 0 to 1."""
    drawings: int = 0
    """Path objects; many of them and no character means text drawn as outlines."""


@dataclass(frozen=True, slots=True)
class PageText:
    """One page: its text with geometry, and the lines drawn on it."""

    page: int
    """The first page is 1."""
    width: float
    height: float
    runs: tuple[TextRun, ...] = ()
    strokes: tuple[Box, ...] = ()
    """Thin straight lines: borders of tables, the red line of the header, the lines of the imprint."""
    source: PageSource = PageSource.TEXT
    reader: str = "pdfium"
    signals: PageSignals = field(default_factory=PageSignals)
    hidden: tuple[HiddenText, ...] = ()
    """What the file holds as text of this page and nobody can see."""
