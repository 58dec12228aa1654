"""pdfium's characters with their geometry, and whether a page can be read at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import pypdf
import pytest
from PIL import Image
from pypdf.generic import DecodedStreamObject, IndirectObject, NameObject, NumberObject
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from adapters.pdf.pdf_lines import UnreadablePdfError, pdf_pages
from adapters.pdf.second_reader import second_pages
from domain.reading.letter import read_letter
from domain.reading.line import letter_lines
from domain.reading.page_gate import gate
from domain.reading.paragraph import Role
from samples import factory
from samples.letter import Letter
from samples.specimens import Treatment, specimens

_FONT = "STSong-Light"
_READABLE = {Treatment.SIGNED, Treatment.UNSIGNED}
_PROSE = "我们将进一步推进社区停车和养老服务工作，不断听取居民的意见，把事情办好。"


def _pdf(draw: Callable[[Canvas], None]) -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont(_FONT))
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=(595, 842))
    canvas.setFont(_FONT, 16)
    draw(canvas)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _changed(data: bytes, change: Callable[[pypdf.PdfWriter], None]) -> bytes:
    writer = pypdf.PdfWriter(clone_from=BytesIO(data))
    change(writer)
    buffer = BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def _codes(data: bytes) -> list[str]:
    return [finding.code for finding in gate(pdf_pages(data))]


def test_every_character_has_its_place_size_and_colour() -> None:
    """What is drawn at a place is read at that place."""

    def draw(canvas: Canvas) -> None:
        canvas.setFillColorRGB(1, 0, 0)
        canvas.setFontSize(30)
        canvas.drawString(80, 700, "石桥镇文件")

    (page,) = pdf_pages(_pdf(draw))
    (run,) = page.runs
    assert (run.text, run.size, run.colour, run.baseline) == ("石桥镇文件", 30.0, 0xFF0000, 700.0)
    assert run.lefts == pytest.approx((80, 110, 140, 170, 200))
    assert run.rights == pytest.approx((110, 140, 170, 200, 230), abs=2)
    assert run.font == _FONT


@pytest.mark.parametrize("quarter", [90, 180, 270])
def test_a_turned_page_is_read_as_it_is_shown(quarter: int) -> None:
    """Whoever scans or prints sideways sets /Rotate; the text runs from left to right for the reader."""
    upright = _pdf(lambda canvas: canvas.drawString(80, 700, "现答复如下"))

    def draw(canvas: Canvas) -> None:
        # Turned against the page's own turn, so that it is shown as the upright one.
        width, height = {90: (595, 0), 180: (595, 842), 270: (0, 842)}[quarter]
        canvas.translate(width, height)
        canvas.rotate(quarter)
        canvas.setFont(_FONT, 16)
        canvas.drawString(80, 400, "现答复如下")

    turned = _changed(
        _pdf(draw), lambda writer: writer.pages[0].__setitem__(NameObject("/Rotate"), NumberObject(quarter))
    )
    (page,), (expected,) = pdf_pages(turned), pdf_pages(upright)
    assert [line.text for line in letter_lines([page])[0]] == ["现答复如下"]
    assert page.runs[0].upright
    assert page.runs[0].lefts == pytest.approx(expected.runs[0].lefts, abs=0.1)


def test_a_crop_box_moves_the_origin() -> None:
    """Places are told from the corner of what is shown."""

    def crop(writer: pypdf.PdfWriter) -> None:
        writer.pages[0].cropbox = pypdf.generic.RectangleObject((50, 100, 595, 842))

    (page,) = pdf_pages(_changed(_pdf(lambda canvas: canvas.drawString(80, 700, "现答复")), crop))
    assert (page.width, page.height) == (545.0, 742.0)
    assert (page.runs[0].lefts[0], page.runs[0].baseline) == pytest.approx((30.0, 600.0))


def test_slanted_text_is_set_apart() -> None:
    """A watermark is no line of the letter."""

    def draw(canvas: Canvas) -> None:
        canvas.drawString(80, 700, "现答复如下")
        canvas.translate(200, 300)
        canvas.rotate(45)
        canvas.setFont(_FONT, 60)
        canvas.drawString(0, 0, "机密")

    pages = pdf_pages(_pdf(draw))
    assert [run.upright for run in pages[0].runs] == [True, False]
    raw = read_letter(pages)
    assert [mark.text for mark in raw.secrecy_marks] == ["机密"]
    assert not any("机密" in paragraph.text for paragraph in raw.paragraphs)


def test_hidden_text_is_counted_and_not_read() -> None:
    """What nobody sees is no part of the letter."""

    def draw(canvas: Canvas) -> None:
        canvas.drawString(80, 700, _PROSE)
        hidden = canvas.beginText(80, 600)
        hidden.setTextRenderMode(3)
        hidden.textLine("公开属性：主动公开")
        canvas.drawText(hidden)

    (page,) = pdf_pages(_pdf(draw))
    assert [run.text for run in page.runs] == [_PROSE]
    assert page.signals.invisible == len("公开属性：主动公开")


def _scan(canvas: Canvas) -> None:
    canvas.drawImage(ImageReader(Image.new("L", (60, 84), 200)), 0, 0, 595, 842)


def test_an_image_alone_is_a_page_without_text() -> None:
    """A scan is held until someone or something has read it."""
    assert _codes(_pdf(_scan)) == ["page-without-text"]


def test_recognised_text_behind_a_scan_is_not_trusted() -> None:
    """Nobody has compared the hidden layer with the picture."""

    def draw(canvas: Canvas) -> None:
        _scan(canvas)
        hidden = canvas.beginText(80, 600)
        hidden.setTextRenderMode(3)
        hidden.textLine(_PROSE)
        canvas.drawText(hidden)

    assert _codes(_pdf(draw)) == ["page-without-text"]


def test_text_drawn_as_outlines_is_a_page_without_text() -> None:
    """Paths are not characters."""

    def draw(canvas: Canvas) -> None:
        for index in range(80):
            canvas.circle(60 + 6 * index, 400, 2)

    assert _codes(_pdf(draw)) == ["page-without-text"]


def test_an_empty_page_is_no_finding() -> None:
    """Nothing is lost where nothing stands."""
    assert _codes(_pdf(lambda canvas: None)) == []


def test_a_file_that_does_not_say_what_its_glyphs_mean_is_garbled() -> None:
    """Without ToUnicode every reader returns nonsense, silently."""

    def forget(writer: pypdf.PdfWriter) -> None:
        for indirect in list(writer._objects):
            found = indirect.get_object() if isinstance(indirect, IndirectObject) else indirect
            if isinstance(found, dict):
                found.pop("/ToUnicode", None)

    data = factory.pdf_of(signed=False)
    assert _codes(data) == []
    codes = _codes(_changed(data, forget))
    assert codes
    assert set(codes) == {"text-garbled"}


@pytest.mark.parametrize("text", ["\ue123\ue124\ue125" * 12, "qzx wvk jhg " * 12, "龘靐齉爩鱻麤灪籱" * 6])
def test_what_is_not_chinese_prose_is_garbled(text: str) -> None:
    """Private use, Latin nonsense and rare characters only."""
    (page,) = pdf_pages(_pdf(lambda canvas: canvas.drawString(80, 700, _PROSE)))
    wide = tuple(float(index) for index in range(len(text)))
    changed = replace(page, runs=(replace(page.runs[0], text=text, lefts=wide, rights=wide),))
    assert {finding.code for finding in gate([page, changed])} == {"text-garbled"}


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7\nbroken", factory.pdf_of(signed=False, password="riddle")])
def test_a_file_that_cannot_be_opened_says_so(data: bytes) -> None:
    """One kind of error, whatever is wrong."""
    with pytest.raises(UnreadablePdfError):
        pdf_pages(data)


def test_strokes_are_the_lines_of_a_table() -> None:
    """Thin rectangles, lines and the edges of drawn cells."""

    def draw(canvas: Canvas) -> None:
        canvas.line(80, 500, 400, 500)
        canvas.rect(80, 300, 100, 50, stroke=1, fill=0)
        canvas.rect(80, 200, 300, 0.5, stroke=0, fill=1)

    (page,) = pdf_pages(_pdf(draw))
    assert len(page.strokes) == 6


# --- whole letters ------------------------------------------------------------------------------------------------


def _expected(letter: Letter) -> list[str]:
    """The paragraphs of a sample, as its source has them."""
    body: list[str] = []
    for line in letter.body:
        if not line.startswith("|"):
            body.append(line)
            continue
        row = "\t".join(line.strip("|").split("|"))
        body[-1:] = [body[-1] + "\n" + row] if body and "\t" in body[-1] else [*body[-1:], row]
    copied = [f"抄送：{letter.copied_to}"] if letter.copied_to else []
    end = [letter.signature, letter.date_of_issue, *letter.notes, *copied]
    end += [letter.distributing_office, letter.date_of_distribution]
    return [letter.salutation, *body, *filter(None, end)]


_SAMPLES = [
    pytest.param(specimen.letter, specimen.expected.file, id=specimen.expected.file)
    for specimen in specimens()
    if specimen.letter is not None and specimen.treatment in _READABLE
]


@pytest.mark.parametrize(("letter", "file"), _SAMPLES)
def test_samples_are_read_whole(letter: Letter, file: str) -> None:
    """Every paragraph of every sample is what its source says, whatever lines and pages it was broken over."""
    pages = pdf_pages(factory.pdf_of(letter, signed=False))
    raw = read_letter(pages)
    assert [paragraph.text for paragraph in raw.paragraphs] == _expected(letter)
    assert gate(pages) == ()
    assert raw.title is not None
    assert raw.title.text == "".join(letter.title).replace(" ", "")
    assert (raw.masthead.text if raw.masthead else "") == letter.masthead
    assert (raw.signatory.text if raw.signatory else "") == letter.signatory
    assert (raw.signature_block.text if raw.signature_block else "") == letter.signature
    assert (raw.date_of_issue.text if raw.date_of_issue else "") == letter.date_of_issue
    assert (raw.distributing_office.text if raw.distributing_office else "") == letter.distributing_office
    assert raw.document_numbers
    assert letter.document_number.startswith(raw.document_numbers[0].text)
    assert raw.paragraphs[0].role is Role.SALUTATION
    assert raw.submission.meeting is not None
    assert raw.submission.numbers


@pytest.mark.parametrize("meaning", [b"<D800>", b"<FFFFFFFF>", b"<00110000>", b"<7FFFFFFF>"])
def test_a_font_that_names_no_character_is_read_as_what_nobody_knows(meaning: bytes) -> None:
    """Half a character, or one beyond all that there are: the text can be written to a file, by whichever reader."""

    def drawn(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 16)
        canvas.drawString(80, 700, "AB")

    def lie(writer: pypdf.PdfWriter) -> None:
        table = DecodedStreamObject()
        table.set_data(b"1 begincodespacerange <00> <FF> endcodespacerange 1 beginbfchar <41> %s endbfchar" % meaning)
        for font in writer.pages[0]["/Resources"]["/Font"].values():  # type: ignore[index]
            font.get_object()[NameObject("/ToUnicode")] = writer._add_object(table)

    data = _changed(_pdf(drawn), lie)
    (page,) = pdf_pages(data)
    (second,) = second_pages(pypdf.PdfReader(BytesIO(data)))
    for text in ("".join(run.text for run in page.runs), "".join(each.text for each in second.fragments)):
        assert text.encode("utf-8")
        assert text.endswith("B")
