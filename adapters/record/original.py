"""Everything that is learned from the bytes of one original, in process.

Where the bytes are a stranger's, call it through `adapters.isolation.reader_pool`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

import pypdfium2
from pypdf import PdfReader

from adapters.isolation.reading_limits import ReadingLimits
from adapters.pdf.inspection import inspect
from adapters.pdf.pdf_lines import UnreadablePdfError, pdf_pages
from adapters.pdf.second_reader import second_pages
from adapters.pdf.signature import verify_signatures
from adapters.pdf.trust import TrustAnchors
from domain.gate.evidence import Evidence, PageReading, SignatureStatus, SignatureVerdict
from domain.gate.finding import Finding, find
from domain.reading.letter import read_letter
from domain.reading.page import PageSignals, PageText
from domain.reading.page_gate import RECOGNISABLE, gate, recognised, suspicions, unreadable
from domain.reading.raw_reply import RawReply
from domain.reading.second_reading import second_reading
from domain.reading.two_models import differences as doubts
from domain.reading.visibility import hidden_text_findings
from domain.reading.whole_text import whole_text

_NOT_OPENED = SignatureVerdict(SignatureStatus.INDETERMINATE, "文件没有打开，未能核验签名。")


class Recogniser(Protocol):
    """Reads the picture of a page, as `adapters.pdf.ocr.PageRecogniser` does."""

    def read(self, page: pypdfium2.PdfPage, number: int, signals: PageSignals) -> PageText:
        """The page as text with geometry."""
        ...


def read_original(
    data: bytes,
    trust: TrustAnchors,
    limits: ReadingLimits,
    now: datetime,
    on_step: Callable[[], None] = lambda: None,
    recogniser: Recogniser | None = None,
) -> Evidence:
    """Inspect, verify and read the bytes of one original; signatures are judged as of `now`.

    Pages without a text layer that can be trusted are read by the `recogniser`; without one, findings name them.

    Calls `on_step` after each part, so that whoever waits knows that work goes on. What the bytes contain is told in
    findings, not raised, except MemoryError.
    """
    inspection = inspect(data, limits)
    on_step()
    signature = verify_signatures(data, trust, now) if inspection.pages else _NOT_OPENED
    on_step()
    letter = _read(data, inspection.reader, recogniser, on_step) if inspection.readable else _Letter()
    on_step()
    return Evidence(
        sha256=hashlib.sha256(data).hexdigest(),
        size_bytes=len(data),
        pages=inspection.pages,
        signature=signature,
        raw=letter.raw,
        reading=letter.reading,
        findings=(*inspection.findings, *letter.findings),
        texts=inspection.texts,
    )


@dataclass(frozen=True, slots=True)
class _Letter:
    raw: RawReply = field(default_factory=RawReply)
    reading: tuple[PageReading, ...] = ()
    findings: tuple[Finding, ...] = ()


def _read(data: bytes, reader: PdfReader | None, recogniser: Recogniser | None, on_step: Callable[[], None]) -> _Letter:
    said: list[Finding] = []
    try:
        pages = pdf_pages(data)
        hidden = hidden_text_findings(pages)
        if recogniser is not None:
            pages, said = _recognised(data, pages, recogniser, on_step)
    except (UnreadablePdfError, pypdfium2.PdfiumError):  # it opened, but a page of it cannot be loaded
        return _Letter(findings=(find("pdf-damaged"),))
    second = second_pages(reader) if reader is not None else ()
    raw, differences = second_reading(read_letter(pages), pages, second)
    found = (*hidden, *gate(pages), *said, *doubts(pages), *differences, *whole_text(pages, second))
    return _Letter(raw, tuple(_reading(page) for page in pages), found)


def _recognised(
    data: bytes, pages: tuple[PageText, ...], recogniser: Recogniser, on_step: Callable[[], None]
) -> tuple[tuple[PageText, ...], list[Finding]]:
    believed, findings, codes = list(pages), [], suspicions(pages)
    document = pypdfium2.PdfDocument(data)
    try:
        for index, page in enumerate(pages):
            if codes.get(page.page) not in RECOGNISABLE:
                continue
            seen = recogniser.read(document[index], page.page, page.signals)
            believed[index], finding = recognised(page, seen, codes[page.page])
            findings += [finding] if finding else []
            on_step()
    finally:
        document.close()
    return tuple(believed), findings


def _reading(page: PageText) -> PageReading:
    weights = [(len(run.text), run.confidence) for run in page.runs]
    characters = sum(weight for weight, _ in weights)
    if unreadable(page) is not None:
        return PageReading(page.page, page.source, 0.0)
    mean = sum(weight * confidence for weight, confidence in weights) / characters if characters else 1.0
    return PageReading(page.page, page.source, mean)
