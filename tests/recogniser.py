"""One recogniser for all tests of a process. Its models are loaded by the first test that needs one."""

from __future__ import annotations

import hashlib

import pypdfium2

from adapters.pdf.ocr import PageRecogniser
from domain.reading.page import PageSignals, PageText


class SharedRecogniser:
    """Reads as `PageRecogniser` does; a page that looks exactly like one that it has read is not read again."""

    def __init__(self) -> None:
        self._own: PageRecogniser | None = None
        self._read: dict[tuple[str, int, PageSignals], PageText] = {}

    def read(self, page: pypdfium2.PdfPage, number: int, signals: PageSignals) -> PageText:
        """The page as text with geometry."""
        look = hashlib.sha256(page.render(scale=200 / 72).to_numpy().tobytes()).hexdigest()
        key = look, number, signals
        if key not in self._read:
            self._own = self._own or PageRecogniser()
            self._read[key] = self._own.read(page, number, signals)
        return self._read[key]
