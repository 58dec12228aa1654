"""Pages that no letter has get a plain sentence within the bounds of time and memory: never a crash, never a guess."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pypdfium2
import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, NameObject, NumberObject
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from adapters.isolation.reader_pool import ReaderPool
from adapters.isolation.reading_limits import ReadingLimits
from adapters.pdf.pdf_lines import pdf_pages
from adapters.pdf.scan_image import rendered
from adapters.pdf.trust import TrustAnchors
from adapters.record.original import read_original
from benchmarks.corpus.damage import with_lying_unicode
from domain.gate.evidence import Evidence
from domain.gate.finding import worst
from domain.gate.finding_kinds import Grade
from domain.reading.letter import read_letter
from domain.reading.page import MOST_CHARACTERS
from domain.reading.page_gate import gate
from samples.factory import letter, pdf_of
from samples.letter import Letter
from tests.adapters.scans import SHORT, Scanner, scan_of
from tests.recogniser import SharedRecogniser

NOW = datetime(2026, 7, 1, tzinfo=UTC)
A4 = (595, 842)
ENGLISH = (
    "The district has placed twenty benches along the river, each with armrests and most of them in the shade. "
    "Sixteen more will follow before the end of September, and all of them will be looked after twice a year."
)
TRADITIONAL = (
    "您提出的關於在河邊增加長椅的提案收悉，現答復如下：鎮政府沿河兩岸共選定安放位置三十六處，其中有樹蔭的二十二處，"
    "靠近公交站的八處。首批長椅二十張已於五月底安放完畢，兩端設有扶手。感謝您對環境的關心。"
)
SIMPLIFIED = (
    "您提出的关于在河边增加长椅的提案收悉，现答复如下：镇政府沿河两岸共选定安放位置三十六处，其中有树荫的二十二处，"
    "靠近公交站的八处。首批长椅二十张已于五月底安放完毕，两端设有扶手。感谢您对环境的关心。"
)


@pytest.fixture(scope="module")
def pool() -> Iterator[ReaderPool]:
    with ReaderPool(1, ReadingLimits(), TrustAnchors()) as pool:
        yield pool


def _codes(evidence: Evidence) -> list[str]:
    return [finding.code for finding in evidence.findings]


def _first_page(of: Letter) -> bytes:
    writer, target = PdfWriter(), io.BytesIO()
    writer.add_page(PdfReader(io.BytesIO(pdf_of(of, signed=False))).pages[0])
    writer.write(target)
    return target.getvalue()


def _read(data: bytes, recogniser: SharedRecogniser | None = None) -> Evidence:
    return read_original(data, TrustAnchors(), ReadingLimits(), NOW, recogniser=recogniser)


def _page(draw: Callable[[Canvas], None], pages: int = 1) -> bytes:
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=A4)
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    for _ in range(pages):
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def _lines(text: str, across: int, font: str = "STSong-Light") -> bytes:
    def draw(canvas: Canvas) -> None:
        canvas.setFont(font, 14)
        for at in range(0, len(text), across):
            canvas.drawString(80, 760 - at / across * 26, text[at : at + across])

    return _page(draw)


def _columns(text: str) -> bytes:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("STSong-Light", 14)
        for column in range(0, len(text), 24):
            for row, char in enumerate(text[column : column + 24]):
                canvas.drawString(500 - column / 24 * 26, 760 - row * 18, char)

    return _page(draw)


def _turned(data: bytes, degrees: int) -> bytes:
    """The pages as they are shown, the sheet in another position."""
    writer, target = PdfWriter(clone_from=io.BytesIO(data)), io.BytesIO()
    for page in writer.pages:
        page.rotate(degrees)
    writer.write(target)
    return target.getvalue()


def test_a_sheet_that_is_turned_is_read_by_its_own_text_where_it_stands_upright() -> None:
    """/Rotate turns the page; what was drawn sideways for it stands upright again."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont("STSong-Light", 14)
        canvas.rotate(90)
        for at in range(0, len(SIMPLIFIED), 28):
            canvas.drawString(80, -100 - at, SIMPLIFIED[at : at + 28])

    evidence = _read(_turned(_page(draw), 90))
    assert "text-turned" not in _codes(evidence)
    assert any("镇政府沿河两岸" in paragraph.text for paragraph in evidence.raw.paragraphs)


def test_an_upside_down_page_is_turned_and_read(recogniser: SharedRecogniser) -> None:
    short = _first_page(letter(body=("您提出的提案已经收到，首批长椅二十张已于五月底安放完毕。",)))
    wrong = _turned(short, 180)
    assert _codes(_read(wrong)) == ["text-turned"]
    evidence, upright = _read(wrong, recogniser), read_letter(pdf_pages(short))
    assert _codes(evidence) == ["turned-page-read-by-ocr"]
    assert [each.text for each in evidence.raw.paragraphs] == [each.text for each in upright.paragraphs]
    assert evidence.raw.title
    assert upright.title
    assert evidence.raw.title.text == upright.title.text


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (_columns(SIMPLIFIED), "text-turned"),
        (_lines(ENGLISH, 70, "Helvetica"), "page-foreign"),
        (_lines(TRADITIONAL, 28), "page-traditional"),
    ],
    ids=["vertical", "English", "traditional"],
)
def test_what_is_not_written_as_letters_are_is_named_and_held(data: bytes, code: str) -> None:
    findings = _read(data).findings
    assert [finding.code for finding in findings] == [code]
    assert worst(findings) is Grade.HOLD
    assert findings[0].message().startswith("第1页")


def test_an_english_scan_is_held_as_one(recogniser: SharedRecogniser) -> None:
    codes = _codes(_read(scan_of(_lines(ENGLISH, 50, "Helvetica"), Scanner(dpi=150)), recogniser))
    assert codes[0] == "page-foreign"


def test_an_empty_page_is_no_loss() -> None:
    assert _codes(_read(_page(lambda _: None))) == []


def test_common_characters_in_disorder_are_not_believed(recogniser: SharedRecogniser) -> None:
    """A font that lies about its glyphs: the page looks right, and its text is nonsense of common characters."""
    first = _first_page(SHORT)
    forged = with_lying_unicode(first, Random(1))
    assert set(_codes(_read(forged))) == {"text-garbled"}
    evidence = _read(forged, recogniser)
    assert set(_codes(evidence)) == {"garbled-page-read-by-ocr"}
    printed = read_letter(pdf_pages(first))
    assert [each.text for each in evidence.raw.paragraphs] == [each.text for each in printed.paragraphs]


class TestBounds:
    """What is too much is said, in a child that ends."""

    def test_ten_thousand_pages(self, pool: ReaderPool, tmp_path: Path) -> None:
        path = tmp_path / "many.pdf"
        path.write_bytes(_many_pages(10_000))
        assert _codes(pool.read(path, NOW)) == ["too-many-pages"]

    def test_a_million_characters_on_one_page(self, pool: ReaderPool, tmp_path: Path) -> None:
        path = tmp_path / "crowded.pdf"
        path.write_bytes(_crowded(1_000_000))
        assert _codes(pool.read(path, NOW))[0] in ("page-overcrowded", "reading-bounds-exceeded")

    def test_more_characters_than_a_page_can_hold(self) -> None:
        [page] = pdf_pages(_crowded(MOST_CHARACTERS + 1000))
        assert [finding.code for finding in gate([page])] == ["page-overcrowded"]
        assert not page.runs

    def test_a_scan_of_twenty_thousand_pixels(self, recogniser: SharedRecogniser) -> None:
        """It is drawn small enough before anybody looks at it; what is no text stays unread."""
        huge = _huge_scan(20_000)
        document = pypdfium2.PdfDocument(huge)
        assert rendered(document[0]).pixels.size <= 3 * 16_000_000
        document.close()
        assert _codes(_read(huge, recogniser)) == ["page-without-text"]


def _many_pages(count: int) -> bytes:
    writer, target = PdfWriter(), io.BytesIO()
    page = writer.add_blank_page(*A4)
    kids = ArrayObject([page.indirect_reference] * count)
    root = writer._pages.get_object()
    root[NameObject("/Kids")] = kids  # type: ignore[index]
    root[NameObject("/Count")] = NumberObject(count)  # type: ignore[index]
    writer.write(target)
    return target.getvalue()


def _crowded(characters: int) -> bytes:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("STSong-Light", 0.5)
        for row in range(characters // 1000):
            canvas.drawString(10, 830 - row * 0.8, "字" * 1000)

    return _page(draw)


def _huge_scan(side: int) -> bytes:
    target = io.BytesIO()
    sheet = Image.new("1", (side, side // 20), 1)
    sheet.paste(0, (side // 10, side // 80, side // 7, side // 25))
    sheet.save(target, "PDF", resolution=side / 8.27)
    return target.getvalue()
