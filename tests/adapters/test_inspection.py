"""Whatever is dropped in the inbox, inspection says what it is, in one finding, and never raises."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfWriter
from pypdf.annotations import FreeText, Link
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, RectangleObject, TextStringObject

from adapters.isolation.reading_limits import ReadingLimits
from adapters.pdf.inspection import inspect
from domain.gate.finding_kinds import FINDING_KINDS, Grade
from tests.adapters.signed_pdfs import Authority, plain_pdf, sign

LIMITS = ReadingLimits()


def codes(data: bytes, limits: ReadingLimits = LIMITS) -> list[str]:
    return [finding.code for finding in inspect(data, limits).findings]


def what(data: bytes) -> str:
    [finding] = inspect(data, LIMITS).findings
    assert finding.code == "active-content"
    return finding.details["what"]


def rewritten(change: Callable[[PdfWriter], Any], pdf: bytes | None = None) -> bytes:
    writer = PdfWriter(clone_from=io.BytesIO(pdf or plain_pdf()))
    change(writer)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def test_a_plain_letter_has_no_finding() -> None:
    inspection = inspect(plain_pdf(5), LIMITS)
    assert (inspection.findings, inspection.pages, inspection.readable) == ((), 5, True)


def test_a_signature_is_not_active_content() -> None:
    assert codes(sign(plain_pdf(), Authority().issue())) == []


class TestFile:
    """The file as a whole: one clear finding each."""

    def test_nothing_at_all(self) -> None:
        assert codes(b"") == ["empty-file"]

    @pytest.mark.parametrize("data", ["关于第018号提案的答复".encode(), b"PK\x03\x04word/document.xml", b"\x00" * 4096])
    def test_something_else_under_the_name(self, data: bytes) -> None:
        assert codes(data) == ["not-a-pdf"]

    def test_an_ofd_document_is_called_by_its_name_and_kept(self) -> None:
        """GB/T 33190-2016: a ZIP with OFD.xml at its top."""
        package = io.BytesIO()
        with zipfile.ZipFile(package, "w") as made:
            made.writestr("OFD.xml", '<?xml version="1.0"?><ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016"/>')
            made.writestr("Doc_0/Signs/Sign_0/SignedValue.dat", b"\x30\x00")
        [finding] = inspect(package.getvalue(), LIMITS).findings
        assert (finding.code, finding.grade) == ("ofd-file", Grade.HOLD)
        assert codes(package.getvalue()[:40]) == ["not-a-pdf"]

    @pytest.mark.parametrize("kept", [0.1, 0.5, 0.9, 0.99])
    def test_a_truncated_file(self, kept: float) -> None:
        data = plain_pdf(5)
        assert codes(data[: int(len(data) * kept)]) == ["pdf-damaged"]

    def test_a_header_and_an_end_with_nothing_between(self) -> None:
        assert codes(b"%PDF-1.7\n%%EOF\n") == ["pdf-damaged"]

    @pytest.mark.parametrize("password", ["", "opensesame"], ids=["restricted", "locked"])
    def test_an_encrypted_file(self, password: str) -> None:
        data = rewritten(lambda writer: writer.encrypt(password, "owner", algorithm="AES-256"))
        assert codes(data) == ["pdf-encrypted"]

    def test_more_pages_than_the_limit(self) -> None:
        inspection = inspect(plain_pdf(300), LIMITS)
        assert [finding.code for finding in inspection.findings] == ["too-many-pages"]
        assert not inspection.readable

    def test_as_many_pages_as_the_limit(self) -> None:
        assert codes(plain_pdf(4), ReadingLimits(max_pages=4)) == []

    def test_more_bytes_than_the_limit(self) -> None:
        assert codes(plain_pdf(), ReadingLimits(max_bytes=500)) == ["file-too-large"]

    @pytest.mark.parametrize(
        ("before", "after"), [(b"MZ junk ", b""), (b"", b"\n<script>"), (b"GIF89a", b"PK\x05\x06")]
    )
    def test_other_bytes_around_it(self, before: bytes, after: bytes) -> None:
        assert codes(before + plain_pdf() + after) == ["foreign-bytes"]

    def test_white_space_after_it_is_no_matter(self) -> None:
        assert codes(plain_pdf() + b"\r\n \x00\n") == []

    def test_two_readers_that_count_different_pages(self) -> None:
        """A page that one reader sees and the other does not is a page that somebody signed without seeing it."""
        assert "page-count-disputed" in codes(rewritten(_lie_about_count))


class TestActiveContent:
    """A letter has no need to do anything; what it could do is named."""

    def test_a_script(self) -> None:
        assert "JavaScript" in what(rewritten(lambda writer: _open_with(writer, "/JavaScript")))

    def test_an_attachment(self) -> None:
        assert "EmbeddedFile" in what(rewritten(lambda writer: writer.add_attachment("a.exe", b"MZ")))

    def test_a_comment(self) -> None:
        comment = FreeText(text="draft", rect=(10, 10, 90, 90))
        assert what(rewritten(lambda writer: writer.add_annotation(0, comment))) == "FreeText"

    @pytest.mark.parametrize("action", ["Launch", "SubmitForm", "GoToR", "ImportData", "Named"])
    def test_an_action_when_it_opens(self, action: str) -> None:
        assert action in what(rewritten(lambda writer: _open_with(writer, f"/{action}")))

    def test_an_action_of_a_page(self) -> None:
        actions = DictionaryObject({NameObject("/O"): _action("/JavaScript")})
        assert "AA" in what(rewritten(lambda writer: writer.pages[0].update({NameObject("/AA"): actions})))

    def test_a_form(self) -> None:
        assert "AcroForm Tx" in what(rewritten(_add_text_field))

    def test_an_xml_form(self) -> None:
        form = DictionaryObject({NameObject("/Fields"): ArrayObject(), NameObject("/XFA"): TextStringObject("<xdp/>")})
        assert "XFA" in what(rewritten(lambda writer: writer.root_object.update({NameObject("/AcroForm"): form})))

    def test_a_link_to_a_stranger(self) -> None:
        assert what(rewritten(lambda writer: _link(writer, "https://example.com/"))) == "Link URI"

    def test_a_link_to_a_public_office_is_no_matter(self) -> None:
        assert codes(rewritten(lambda writer: _link(writer, "https://www.fengpu.gov.cn/a?b=1"))) == []

    def test_a_name_that_only_looks_like_a_public_office(self) -> None:
        assert what(rewritten(lambda writer: _link(writer, "https://fakegov.cn/"))) == "Link URI"

    def test_a_key_of_the_catalog_that_nobody_has_heard_of(self) -> None:
        assert what(rewritten(lambda writer: _set_root(writer, "/Novelty"))) == "Novelty"

    def test_what_nothing_refers_to_is_looked_at_too(self) -> None:
        assert "JavaScript" in what(rewritten(lambda writer: writer._add_object(_action("/JavaScript"))))

    def test_a_view_to_open_with_is_no_matter(self) -> None:
        assert codes(rewritten(lambda writer: _open_with(writer, "/GoTo"))) == []


@settings(max_examples=80)
@given(data=st.data())
def test_no_damage_raises(data: st.DataObject) -> None:
    """A letter with any stretch of bytes replaced, removed or repeated gives findings, each of a registered code."""
    pdf = plain_pdf(2)
    start = data.draw(st.integers(0, len(pdf)))
    end = data.draw(st.integers(start, min(len(pdf), start + 200)))
    found = inspect(pdf[:start] + data.draw(st.binary(max_size=40)) + pdf[end:], LIMITS)
    assert all(finding.code in FINDING_KINDS for finding in found.findings)
    assert found.pages or any(finding.grade is Grade.REJECT for finding in found.findings)


def _action(kind: str) -> DictionaryObject:
    return DictionaryObject({NameObject("/S"): NameObject(kind), NameObject("/F"): TextStringObject("x")})


def _set_root(writer: PdfWriter, key: str, value: Any = None) -> None:
    writer.root_object[NameObject(key)] = value or TextStringObject("x")


def _open_with(writer: PdfWriter, kind: str) -> None:
    _set_root(writer, "/OpenAction", _action(kind))


def _link(writer: PdfWriter, address: str) -> None:
    writer.add_annotation(0, Link(rect=(0, 0, 50, 50), url=address))


def _add_text_field(writer: PdfWriter) -> None:
    field = DictionaryObject(
        {
            NameObject("/FT"): NameObject("/Tx"),
            NameObject("/T"): TextStringObject("name"),
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject("/Widget"),
            NameObject("/Rect"): RectangleObject((0, 0, 9, 9)),
        }
    )
    reference = writer._add_object(field)
    _set_root(writer, "/AcroForm", DictionaryObject({NameObject("/Fields"): ArrayObject([reference])}))
    writer.pages[0][NameObject("/Annots")] = ArrayObject([reference])


def _lie_about_count(writer: PdfWriter) -> None:
    pages = writer.root_object["/Pages"]
    assert isinstance(pages, DictionaryObject)
    pages[NameObject("/Count")] = NumberObject(7)
