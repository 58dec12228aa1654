"""Where on the page something stands, and what was seen there."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on one page, in PDF points (1/72 inch), origin at the lower left corner of the page."""

    page: int
    """Page number, the first page is 1."""
    left: float
    bottom: float
    right: float
    top: float

    def union(self, other: Box) -> Box:
        """The smallest box around both; the page of the first is kept."""
        return Box(
            self.page,
            min(self.left, other.left),
            min(self.bottom, other.bottom),
            max(self.right, other.right),
            max(self.top, other.top),
        )


@dataclass(frozen=True, slots=True)
class Seen:
    """One value as it was read off the page: evidence, not yet a truth.

    `text` is what it says after the reader joined its lines and took letter-spacing out; `raw` is what stood there,
    character by character, so that a person finds it again.
    """

    text: str
    raw: str
    box: Box | None = None
    reader: str = "pdfium"
    """Who read it, such as `pdfium`, `pypdf`, `ocr`; several are joined by `+`."""
    confidence: float = 1.0
    """0 to 1; 1 for a text layer."""

    @property
    def page(self) -> int | None:
        """The page it stands on, the first page is 1."""
        return self.box.page if self.box else None
