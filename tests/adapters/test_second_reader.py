"""What decides is read by two readers that know nothing of each other; where they differ, the letter stops."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf.generic import DictionaryObject, NameObject, StreamObject
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import CIDFont, UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from adapters.pdf.pdf_lines import pdf_pages
from adapters.pdf.second_reader import second_pages
from domain.gate.finding import Finding
from domain.reading.letter import read_letter
from domain.reading.place import Seen
from domain.reading.raw_reply import RawReply
from domain.reading.second_reading import second_reading
from samples import factory
from samples.letter import Letter
from samples.specimens import Treatment, specimens

_FONT = "STSong-Light"
_READABLE = {Treatment.SIGNED, Treatment.UNSIGNED}
_BODY = "您提出的关于增设候车亭的提案收悉。经研究，现答复如下："


def _pdf(*draw: Callable[[Canvas], None], **options: Any) -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont(_FONT))
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=(595, 842), **options)
    for page in draw:
        canvas.setFont(_FONT, 16)
        page(canvas)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _letter(canvas: Canvas) -> None:
    canvas.drawString(80, 760, "公开属性：主动公开·全文")
    canvas.drawCentredString(297, 660, "石府〔2024〕11号")
    canvas.setFontSize(22)
    canvas.drawCentredString(297, 600, "对区政协十五届三次会议")
    canvas.drawCentredString(297, 570, "第153047号提案的答复")
    canvas.setFontSize(16)
    canvas.drawString(80, 520, "王一禾委员：")
    canvas.drawString(112, 491, _BODY[:26])
    canvas.drawString(80, 462, _BODY[26:])
    canvas.drawString(112, 433, "我们将在今年年底以前完成全部站点的改造，请您继续监督。")
    canvas.drawString(290, 340, "甲水区石桥镇人民政府")
    canvas.drawString(330, 311, "2024年5月17日")


def _hidden(text: str, left: float, baseline: float, mode: int = 3) -> Callable[[Canvas], None]:
    def draw(canvas: Canvas) -> None:
        words = canvas.beginText(left, baseline)
        words.setFont(_FONT, 16)
        words.setTextRenderMode(mode)
        words.textOut(text)
        words.setTextRenderMode(0)
        canvas.drawText(words)

    return draw


def _actual_text(shown: str, said: str) -> Callable[[Canvas], None]:
    def draw(canvas: Canvas) -> None:
        code = ("\ufeff" + said).encode("utf-16-be").hex()
        canvas._code.append(f"/Span <</ActualText <{code}>>> BDC")
        canvas.drawString(80, 700, shown)
        canvas._code.append("EMC")

    return draw


def _together(*parts: Callable[[Canvas], None]) -> Callable[[Canvas], None]:
    def draw(canvas: Canvas) -> None:
        for part in parts:
            part(canvas)
            canvas.setFont(_FONT, 16)

    return draw


def _read(data: bytes) -> tuple[RawReply, tuple[Finding, ...]]:
    pages = pdf_pages(data)
    return second_reading(read_letter(pages), pages, second_pages(pypdf.PdfReader(BytesIO(data))))


def _deciding(raw: RawReply) -> list[Seen]:
    submission = raw.submission
    alone = (raw.title, raw.date_of_issue, raw.masthead, raw.signature_block, submission.meeting, submission.kind)
    several = (raw.document_numbers, raw.addressees, submission.numbers, raw.disclosure_marks, raw.result_marks)
    return [seen for seen in alone if seen] + [seen for group in several for seen in group]


_LETTERS = [each.letter for each in specimens() if each.letter is not None and each.treatment in _READABLE]


@pytest.mark.parametrize("letter", _LETTERS, ids=lambda letter: letter.document_number)
def test_both_readers_see_every_field_of_every_sample(letter: Letter) -> None:
    """Nothing is held without need, and the record says that two readers saw it."""
    raw, findings = _read(factory.pdf_of(letter, signed=False))
    assert findings == ()
    assert {seen.reader for seen in _deciding(raw)} == {"pdfium+pypdf"}


def test_a_plain_letter_is_read_by_both() -> None:
    """With a font that is not embedded and whose codes are those of a predefined CMap."""
    raw, findings = _read(_pdf(_letter))
    assert findings == ()
    assert len(_deciding(raw)) == 9
    assert {seen.reader for seen in _deciding(raw)} == {"pdfium+pypdf"}


@pytest.mark.parametrize(
    ("forged", "field", "told"),
    [
        (_hidden("公开属性：依申请公开", 80, 730), "正文", "依申请公开"),
        (_hidden("不予公开", 300, 760), "公开属性", "不予公开"),
        (_hidden("0", 416, 570), "标题", "0"),
        (_hidden("2024年7月1日", 330, 280), "正文", "2024年7月1日"),
        (_hidden("李想代表：", 300, 520), "正文", "李想代表"),
        (_actual_text("公开属性：依申请公开", "公开属性：主动公开"), "公开属性", "依申请公开"),
        (_actual_text("机密★1年", "请见下文"), "正文", "机密★1年"),
    ],
)
def test_what_only_one_reader_sees_stops_the_letter(forged: Callable[[Canvas], None], field: str, told: str) -> None:
    """Hidden words, words that say something else than they show: both strings are named, and where they stand."""
    _, findings = _read(_pdf(_together(_letter, forged)))
    assert {finding.code for finding in findings} == {"readers-disagree"}
    assert field in {finding.details["field"] for finding in findings}
    assert any(told in finding.details["first"] + finding.details["second"] for finding in findings)
    assert all(finding.page == 1 for finding in findings)


def test_a_mark_that_one_reader_sees_on_a_later_page_counts() -> None:
    """Every page is read twice, because a mark may stand on any."""

    def second(canvas: Canvas) -> None:
        canvas.drawString(112, 700, "感谢您对我镇工作的关心和支持，欢迎继续提出意见建议。")
        _hidden("内部资料", 250, 780)(canvas)

    _, findings = _read(_pdf(_letter, second))
    assert [(finding.page, finding.details["second"]) for finding in findings] == [(2, "内部资料")]


def test_nobodys_number_is_told() -> None:
    """The sentence goes where operators read it; a long number in it is masked."""
    _, findings = _read(_pdf(_together(_letter, _hidden("依申请公开，电话13800001234", 80, 730))))
    assert "138****1234" in findings[0].details["second"]
    assert "13800001234" not in findings[0].message()


def test_a_word_drawn_twice_to_be_bold_is_one() -> None:
    """Nothing is hidden there."""

    def draw(canvas: Canvas) -> None:
        _letter(canvas)
        for step in (0.0, 0.3, 0.6):
            canvas.drawString(112 + step, 404, "第153047号")

    _, findings = _read(_pdf(draw))
    assert findings == ()


def test_characters_that_cannot_be_explained_are_not_agreed_upon() -> None:
    """A title whose glyphs the file does not explain to the second reader is for a person."""
    data = _changed(_pdf(_letter), _without_cmap)
    pages = pdf_pages(_pdf(_letter))  # as a first reader sees it that knows the collection's glyphs
    raw, findings = second_reading(read_letter(pages), pages, second_pages(pypdf.PdfReader(BytesIO(data))))
    assert {"标题", "成文日期", "公开属性"} <= {finding.details["field"] for finding in findings}
    assert {seen.reader for seen in _deciding(raw)} == {"pdfium"}


def _changed(data: bytes, change: Callable[[pypdf.PdfWriter], None]) -> bytes:
    writer = pypdf.PdfWriter(clone_from=BytesIO(data))
    change(writer)
    buffer = BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def _without_cmap(writer: pypdf.PdfWriter) -> None:
    for font in writer.pages[0]["/Resources"]["/Font"].values():  # type: ignore[index]
        if font.get_object()["/Subtype"] == "/Type0":
            font.get_object()[NameObject("/Encoding")] = NameObject("/Identity-H")


class TestInterpreting:
    """What a content stream may hold."""

    @staticmethod
    def seen(data: bytes) -> list[tuple[str, int, int]]:
        [page] = second_pages(pypdf.PdfReader(BytesIO(data)))
        assert page.read
        return [(each.text, round(each.left), round(each.baseline)) for each in page.fragments]

    def of(
        self, content: str, change: Callable[[pypdf.PdfWriter], None] = lambda _: None
    ) -> list[tuple[str, int, int]]:
        def draw(canvas: Canvas) -> None:
            canvas.setFont("Helvetica", 10)
            canvas.drawString(1, 1, "x")
            canvas._code.append(content)

        return self.seen(_changed(_pdf(draw, pageCompression=0), change))[1:]

    @pytest.mark.parametrize(
        ("shown", "text"),
        [
            (r"(a\(b\)c) Tj", "a(b)c"),
            ("(a(b(c)d)e) Tj", "a(b(c)d)e"),
            (r"(\101\102\7) Tj", "AB\x07"),
            ("(a\\\nb) Tj", "ab"),
            ("<41 42 4> Tj", "AB@"),
            ("[(A) -120 <42> 30 (C)] TJ", "ABC"),
            ("(A) Tj (B) Tj", "AB"),
            ('1 2 (A) "', "A"),
            ("/Span <</ActualText (Z) /X [1 2]>> BDC (A) Tj EMC", "A"),
            ("% (Z) Tj\n(A) Tj", "A"),
        ],
    )
    def test_strings_in_every_form(self, shown: str, text: str) -> None:
        """Literal, nested, escaped, hexadecimal, in an array, inside marked content."""
        [(found, _, _)] = self.of(f"BT /F1 10 Tf 100 200 Td {shown} ET")
        assert found == text

    def test_places_follow_every_way_to_move(self) -> None:
        """Td, TD, T*, Tm, TL, Ts, cm, q and Q."""
        moved = (
            "BT /F1 10 Tf 10 20 Td (a) Tj 5 5 TD (b) Tj T* (c) Tj 1 0 0 1 50 60 Tm (d) Tj 3 Ts (e) Tj 0 Ts 7 TL (f) '"
        )
        assert [(left, baseline) for _, left, baseline in self.of(moved)] == [
            (10, 20),
            (15, 25),
            (15, 30),
            (50, 60),
            (50, 63),
            (50, 53),
        ]
        saved = "q 2 0 0 2 10 10 cm BT /F1 10 Tf 5 5 Td (a) Tj ET Q BT /F1 10 Tf 5 5 Td (b) Tj ET"
        assert self.of(saved) == [("a", 20, 20), ("b", 5, 5)]

    def test_an_image_within_the_stream_is_no_text(self) -> None:
        """Its bytes may look like anything."""
        image = "BI /W 2 /H 2 /CS /G /BPC 8 ID (BT 5 5 Td (z) Tj \nEI\nBT /F1 10 Tf 7 8 Td (a) Tj ET"
        assert self.of(image) == [("a", 7, 8)]

    def test_a_turned_page_is_read_as_it_is_shown(self) -> None:
        """The same place as the first reader gives."""
        for quarter in (0, 90, 180, 270):
            data = _changed(_pdf(_letter), lambda writer, turn=quarter: writer.pages[0].rotate(turn))  # type: ignore[misc]
            [first], [second] = pdf_pages(data), second_pages(pypdf.PdfReader(BytesIO(data)))
            mark = next(each for each in second.fragments if "主动公开" in each.text)
            run = next(run for run in first.runs if "主动公开" in run.text)
            assert abs(mark.baseline - run.baseline) < 1
            assert abs(mark.left - run.lefts[0]) < 1 or not run.upright

    def test_a_form_is_read_where_it_is_drawn(self) -> None:
        """With its own matrix and its own fonts."""

        def add(writer: pypdf.PdfWriter) -> None:
            resources = writer.pages[0]["/Resources"].get_object()
            form = StreamObject()
            form.set_data(b"BT /G 10 Tf 1 2 Td (in form) Tj ET /Fm Do")
            fonts = DictionaryObject({NameObject("/G"): resources["/Font"]["/F1"]})  # type: ignore[index]
            form.update(
                {
                    NameObject("/Type"): NameObject("/XObject"),
                    NameObject("/Subtype"): NameObject("/Form"),
                    NameObject("/Resources"): DictionaryObject({NameObject("/Font"): fonts}),
                }
            )
            reference = writer._add_object(form)
            resources[NameObject("/XObject")] = DictionaryObject({NameObject("/Fm"): reference})  # type: ignore[index]

        assert self.of("q 1 0 0 1 100 100 cm /Fm Do Q", add) == [("in form", 101, 102)]

    @pytest.mark.parametrize("encoding", ["GBK-EUC-H", "UniGB-UCS2-H"])
    def test_encodings_of_chinese_fonts(self, encoding: str) -> None:
        """Those that are predefined need no table in the file."""
        codec = "gbk" if encoding.startswith("GBK") else "utf-16-be"
        name = f"{_FONT}-{encoding}"
        pdfmetrics.registerFont(CIDFont(_FONT, encoding) if encoding.startswith("GBK") else UnicodeCIDFont(_FONT))
        code = "提案答复".encode(codec).hex()

        def draw(canvas: Canvas) -> None:
            canvas.setFont(name if encoding.startswith("GBK") else _FONT, 16)
            canvas.drawString(1, 1, "")
            internal = canvas._fontname
            resource = canvas._doc.getInternalFontName(internal)
            canvas._code.append(f"BT {resource} 16 Tf 10 10 Td <{code}> Tj ET")

        assert ("提案答复", 10, 10) in self.seen(_pdf(draw))

    def test_a_page_beyond_all_measure_is_not_read(self) -> None:
        """It says so; the letter is then for a person."""
        data = _pdf(_together(_letter, lambda canvas: canvas._code.append("q Q " * 210_000)))
        [page] = second_pages(pypdf.PdfReader(BytesIO(data)))
        assert not page.read
        _, findings = _read(data)
        assert "公开属性" in {finding.details["field"] for finding in findings}

    @given(st.binary(max_size=400))
    @settings(max_examples=60)
    def test_no_content_raises(self, content: bytes) -> None:
        """Whatever a stream holds, the page was read or it says that it was not."""

        def put(writer: pypdf.PdfWriter) -> None:
            stream = StreamObject()
            stream.set_data(content)
            writer.pages[0][NameObject("/Contents")] = writer._add_object(stream)

        [page] = second_pages(pypdf.PdfReader(BytesIO(_changed(_PLAIN, put))))
        assert page.page == 1


_PLAIN = _pdf(_letter)


def test_a_picture_has_nothing_to_say() -> None:
    """A page without text has no text to this reader either."""

    def draw(canvas: Canvas) -> None:
        canvas.drawImage(ImageReader(Image.new("L", (8, 8), 200)), 0, 0, 595, 842)

    [page] = second_pages(pypdf.PdfReader(BytesIO(_pdf(draw))))
    assert (page.read, page.fragments) == (True, ())


def test_room_left_for_a_character_of_another_font_is_filled() -> None:
    """二〇二四: offices' fonts lack 〇, so programs leave room for it and draw it later; both readers put it back."""

    def draw(canvas: Canvas) -> None:
        _letter(canvas)
        code = [char.encode("utf-16-be").hex() for char in "二二四年五月十七日"]
        canvas.setFont(_FONT, 16)
        canvas.drawString(112, 60, "")
        font = canvas._doc.getInternalFontName(_FONT)
        rest = "".join(code[1:])
        canvas._code.append(f"BT {font} 16 Tf 330 280 Td [<{code[0]}> -1000 <{rest}>] TJ ET")
        canvas._code.append(f"BT {font} 16 Tf 346 280 Td <{'〇'.encode('utf-16-be').hex()}> Tj ET")

    raw, findings = _read(_pdf(draw))
    assert findings == ()
    assert raw.date_of_issue is not None
    assert (raw.date_of_issue.text, raw.date_of_issue.reader) == ("二〇二四年五月十七日", "pdfium+pypdf")
