"""A letter that is a picture is read as the same letter that is text, and only pages that need it are read so."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter

from adapters.isolation.reader_pool import ReaderPool
from adapters.isolation.reading_limits import ReadingLimits
from adapters.pdf.pdf_lines import pdf_pages
from adapters.pdf.scan_image import Picture, skew
from adapters.pdf.trust import TrustAnchors
from adapters.record.original import read_original
from domain.gate.evidence import Evidence, PageSource
from domain.reading.letter import read_letter
from domain.reading.raw_reply import RawReply
from samples.factory import letter, pdf_of
from tests.adapters.scans import SHORT, Scanner, rendered_pages, scan_of
from tests.recogniser import SharedRecogniser

NOW = datetime(2026, 7, 1, tzinfo=UTC)
LIMITS = ReadingLimits()
LETTER = pdf_of(SHORT, signed=False)


def _pages(pdf: bytes) -> list[bytes]:
    files = []
    for page in PdfReader(io.BytesIO(pdf)).pages:
        writer, target = PdfWriter(), io.BytesIO()
        writer.add_page(page)
        writer.write(target)
        files.append(target.getvalue())
    return files


FIRST = _pages(LETTER)[0]
FULL = _pages(pdf_of(letter(body=letter().body[:2]), signed=False))[0]


@pytest.fixture(scope="module")
def pool() -> Iterator[ReaderPool]:
    with ReaderPool(1, LIMITS, TrustAnchors()) as pool:
        yield pool


def _read(data: bytes, recogniser: SharedRecogniser | None) -> Evidence:
    return read_original(data, TrustAnchors(), LIMITS, NOW, recogniser=recogniser)


def _words(raw: RawReply) -> dict[str, object]:
    single = (raw.title, raw.masthead, raw.signatory, raw.signature_block, raw.date_of_issue, raw.distributing_office)
    several = (raw.document_numbers, raw.addressees, raw.result_marks, raw.disclosure_marks, raw.submission.numbers)
    return {
        "single": [seen and seen.text for seen in single],
        "several": [[seen.text for seen in seens] for seens in several],
        "paragraphs": [(paragraph.role, paragraph.text) for paragraph in raw.paragraphs],
    }


def _codes(evidence: Evidence) -> list[str]:
    return [finding.code for finding in evidence.findings]


def _joined(*files: bytes) -> bytes:
    writer, target = PdfWriter(), io.BytesIO()
    for data in files:
        writer.append(io.BytesIO(data))
    writer.write(target)
    return target.getvalue()


def _blank() -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (1654, 2339), (250, 250, 248)).save(target, "PDF", resolution=200)
    return target.getvalue()


class TestScans:
    """What a scanner does to a page changes nothing that is read."""

    def test_the_letter_is_the_same(self, recogniser: SharedRecogniser) -> None:
        """Askew, with grain and a strong JPEG. (Upside down: `test_unusual_pages`.)"""
        evidence = _read(scan_of(FULL, Scanner(dpi=150, skew=-3.0, noise=8, quality=50)), recogniser)
        assert _words(evidence.raw) == _words(read_letter(pdf_pages(FULL)))
        assert {reading.source for reading in evidence.reading} == {PageSource.OCR}
        assert set(_codes(evidence)) == {"page-read-by-ocr"}
        assert min(reading.confidence for reading in evidence.reading) > 0.98

    def test_fields_say_who_read_them_where_and_how_surely(self, recogniser: SharedRecogniser) -> None:
        number = _read(scan_of(LETTER, pages=slice(1)), recogniser).raw.document_numbers[0]
        printed = read_letter(pdf_pages(LETTER)).document_numbers[0]
        assert number.reader == "ocr"
        assert 0.9 < number.confidence <= 1.0
        assert number.box is not None
        assert printed.box is not None
        assert number.box.left == pytest.approx(printed.box.left, abs=6)
        assert number.box.top == pytest.approx(printed.box.top, abs=6)


class TestPages:
    """Only the pages that need it are read by OCR, and each says so."""

    def test_the_back_of_a_sheet_is_no_loss(self, recogniser: SharedRecogniser) -> None:
        evidence = _read(_joined(LETTER, _blank()), recogniser)
        assert _codes(evidence) == []
        assert _words(evidence.raw) == _words(read_letter(pdf_pages(LETTER)))

    def test_a_scanned_page_among_others(self, recogniser: SharedRecogniser) -> None:
        pages = len(PdfReader(io.BytesIO(LETTER)).pages)
        evidence = _read(_joined(scan_of(LETTER, pages=slice(1)), *_pages(LETTER)[1:]), recogniser)
        sources = [reading.source for reading in evidence.reading]
        assert sources == [PageSource.OCR] + [PageSource.TEXT] * (pages - 1)
        assert _words(evidence.raw) == _words(read_letter(pdf_pages(LETTER)))

    def test_a_picture_beside_the_text_is_looked_at(self, recogniser: SharedRecogniser) -> None:
        """What was pasted as a picture is not lost; a picture that adds nothing changes nothing."""
        assert _codes(_read(_with_picture(half=True), None)) == ["text-in-picture"]
        over = _read(_with_picture(half=True), recogniser)
        assert _codes(over)[0] == "picture-read-by-ocr"
        assert over.reading[0].confidence < 0.98, "text and picture lie over each other"
        harmless = _read(_with_picture(half=False), recogniser)
        assert _codes(harmless) == []
        assert [reading.source for reading in harmless.reading] == [PageSource.TEXT]

    def test_a_font_that_does_not_say_what_its_glyphs_mean(self, recogniser: SharedRecogniser) -> None:
        garbled = _without_meaning(FIRST)
        assert "text-garbled" in _codes(_read(garbled, None))
        evidence = _read(garbled, recogniser)
        assert "garbled-page-read-by-ocr" in _codes(evidence)
        assert _words(evidence.raw) == _words(read_letter(pdf_pages(FIRST)))

    def test_without_a_recogniser_the_page_is_held(self) -> None:
        assert _codes(_read(scan_of(LETTER, pages=slice(1)), None)) == ["page-without-text"]


class TestPool:
    """The recogniser works in a sealed child, and only where a page needs it."""

    def test_a_scan_is_read_in_a_child_as_in_process(
        self, pool: ReaderPool, recogniser: SharedRecogniser, tmp_path: Path
    ) -> None:
        path = tmp_path / "scan.pdf"
        path.write_bytes(scan_of(LETTER, pages=slice(1)))
        assert pool.read(path, NOW) == _read(path.read_bytes(), recogniser)

    def test_too_many_pictures_are_left_to_a_person(self, tmp_path: Path) -> None:
        path = tmp_path / "scan.pdf"
        path.write_bytes(scan_of(LETTER, pages=slice(1)))
        with ReaderPool(1, replace(LIMITS, recognised_pages=0), TrustAnchors()) as pool:
            assert _codes(pool.read(path, NOW)) == ["page-without-text"]

    def test_a_bound_met_while_reading_pictures_costs_no_more_than_the_pictures(self, tmp_path: Path) -> None:
        path = tmp_path / "scan.pdf"
        path.write_bytes(scan_of(LETTER, pages=slice(1)))
        tight = replace(LIMITS, total_seconds=15.0, recognition_seconds=-14.9)
        with ReaderPool(1, tight, TrustAnchors()) as pool:
            evidence = pool.read(path, NOW)
        assert _codes(evidence) == ["page-without-text", "reading-bounds-exceeded"]
        assert evidence.pages == 1


@pytest.mark.parametrize("degrees", [0.0, 0.4, -2.0, 5.0])
def test_the_skew_of_a_page_is_measured(degrees: float) -> None:
    [page] = rendered_pages(scan_of(LETTER, Scanner(dpi=100, skew=degrees), slice(1)), 100)
    assert skew(Picture(page[:, :, ::-1].copy(), 1.0).pixels) == pytest.approx(degrees, abs=0.15)


def _without_meaning(pdf: bytes) -> bytes:
    """The same page, its fonts without the table that says what their glyphs mean."""
    writer, target = PdfWriter(clone_from=io.BytesIO(pdf)), io.BytesIO()
    for page in writer.pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
            font.get_object().pop("/ToUnicode", None)
    writer.write(target)
    return target.getvalue()


def _with_picture(*, half: bool) -> bytes:
    """A page of text; its lower half is a picture of another half, or it has a pale picture behind it."""
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    target = io.BytesIO()
    canvas = Canvas(target, pagesize=(595, 842))
    shown = rendered_pages(LETTER, 200)[0]
    picture = Image.fromarray(shown[: shown.shape[0] // 2]) if half else Image.new("RGB", (400, 300), (252, 250, 240))
    canvas.drawImage(ImageReader(picture), 0, 0, width=595, height=421 if half else 842)
    canvas.save()
    writer, result = PdfWriter(clone_from=io.BytesIO(target.getvalue())), io.BytesIO()
    # The text of the upper half; the other half of that page is empty.
    over = pdf_of(letter(body=("您的提案已经收到。",)), signed=False)
    writer.pages[0].merge_page(PdfReader(io.BytesIO(over)).pages[0])
    writer.write(result)
    return result.getvalue()
