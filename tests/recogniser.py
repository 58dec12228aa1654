"""One recogniser for all tests of a process. Its models are loaded by the first test that needs one."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pypdfium2

from adapters.pdf.ocr import PageRecogniser
from domain.reading.page import PageSignals, PageText


class SharedRecogniser:
    """Reads as `PageRecogniser` does; a page that looks exactly like one that it has read is not read again."""

    def __init__(self) -> None:
        self._own: PageRecogniser | None = None
        self._read: dict[tuple[str, int], PageText] = {}

    def read(self, page: pypdfium2.PdfPage, number: int, signals: PageSignals) -> PageText:
        """The page as text with geometry."""
        key = hashlib.sha256(page.render(scale=200 / 72).to_numpy().tobytes()).hexdigest(), number
        if key not in self._read:
            self._own = self._own or PageRecogniser()
            self._read[key] = self._own.read(page, number, _TOLD)
        known = self._read[key]
        # What is known of the text layer is handed through; of a blank page it is not.
        return replace(known, signals=signals) if known.signals == _TOLD else known


_TOLD = PageSignals(characters=-1)
