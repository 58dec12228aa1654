"""The committed samples: made from their sources, openable, and signed as they claim."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pypdf import PdfReader
from pypdf.generic import StreamObject

from samples.certificates import TRUST
from samples.make import EXPECTED, LETTERS, expected_json, pdf_of_specimen
from samples.specimens import SOURCES, Specimen, Treatment, authorities, specimens

EVERY = specimens()
MADE = [each for each in EVERY if each.treatment is not Treatment.AGAIN]
SIGNED = [each for each in MADE if each.treatment in (Treatment.SIGNED, Treatment.SCANNED, Treatment.FAXED)]


def _name(specimen: Specimen) -> str:
    return specimen.expected.file


def _committed(specimen: Specimen) -> bytes:
    return (LETTERS / specimen.expected.file).read_bytes()


def _unpacked(pdf: bytes) -> list[bytes]:
    """Every object, its stream unpacked: what the file says, however zlib packed it."""
    reader = PdfReader(BytesIO(pdf))
    found = []
    for number in range(1, int(str(reader.trailer["/Size"]))):
        value: Any = reader.get_object(number)
        if isinstance(value, StreamObject):
            found.append(value.get_data())
        elif value is not None and "/ByteRange" not in value:  # offsets and signature depend on the packing
            written = BytesIO()
            value.write_to_stream(written)
            found.append(written.getvalue())
    return found


def _status(pdf: bytes, *, trusting: Path | None) -> PdfSignatureStatus:
    roots = [load_cert_from_pemder(trusting)] if trusting else []  # type: ignore[no-untyped-call]
    context = ValidationContext(trust_roots=roots, allow_fetching=False)
    (signature,) = PdfFileReader(BytesIO(pdf)).embedded_signatures
    return validate_pdf_signature(signature, context)


def test_expected_json_says_what_the_sources_say() -> None:
    assert EXPECTED.read_text(encoding="utf-8") == expected_json([each.expected for each in EVERY])


def test_the_folder_holds_the_expected_files_and_no_others() -> None:
    listed = {entry["file"] for entry in json.loads(EXPECTED.read_text(encoding="utf-8"))}
    assert {path.name for path in LETTERS.iterdir()} == listed


def test_no_two_files_are_dropped_under_one_key() -> None:
    keys = [each.expected.drop_key for each in EVERY]
    assert len(set(keys)) == len(keys)


def test_a_file_that_stops_says_why_and_one_that_passes_does_not() -> None:
    for each in EVERY:
        assert bool(each.expected.codes) == (each.expected.fate in ("held", "rejected")), each.expected.file


def test_the_samples_meet_every_fate() -> None:
    fates = [each.expected.fate for each in EVERY]
    assert fates.count("published") >= 8
    assert fates.count("held") >= 5
    assert fates.count("rejected") >= 7
    assert "unchanged" in fates


@pytest.mark.parametrize("specimen", [each for each in MADE if each.letter], ids=_name)
def test_the_committed_letter_is_what_its_source_makes(specimen: Specimen) -> None:
    made, committed = pdf_of_specimen(specimen), _committed(specimen)
    if specimen.treatment in (Treatment.TRUNCATED, Treatment.ENCRYPTED):
        assert len(made) == pytest.approx(len(committed), rel=0.02)
    else:
        assert _unpacked(made) == _unpacked(committed)


@pytest.mark.parametrize("specimen", SIGNED, ids=_name)
def test_a_signed_letter_makes_the_same_bytes_twice(specimen: Specimen) -> None:
    assert pdf_of_specimen(specimen) == pdf_of_specimen(specimen)


@pytest.mark.parametrize("specimen", SIGNED, ids=_name)
def test_the_signature_covers_the_whole_file_and_chains_to_the_sample_root(specimen: Specimen) -> None:
    status = _status(_committed(specimen), trusting=TRUST)
    assert status.bottom_line
    assert status.coverage is SignatureCoverageLevel.ENTIRE_FILE


@pytest.mark.parametrize("specimen", SIGNED, ids=_name)
def test_the_signing_certificate_names_the_authority_of_the_letter(specimen: Specimen) -> None:
    assert specimen.letter is not None
    status = _status(_committed(specimen), trusting=TRUST)
    named = status.signing_cert.subject.native["common_name"]
    assert specimen.letter.masthead.removesuffix("文件") == named
    assert named in {authority.name for authority in authorities()}


def test_without_the_sample_root_no_signature_is_trusted() -> None:
    status = _status(_committed(SIGNED[0]), trusting=None)
    assert status.intact
    assert not status.trusted


def test_the_modified_letter_shows_something_that_was_never_signed() -> None:
    (modified,) = [each for each in MADE if each.treatment is Treatment.MODIFIED]
    status = _status(_committed(modified), trusting=TRUST)
    assert status.coverage is not SignatureCoverageLevel.ENTIRE_FILE
    assert not status.bottom_line
    shown = pypdfium2.PdfDocument(_committed(modified))[1].get_textpage().get_text_bounded()
    assert "2160万元" in shown
    assert "1260万元" not in shown


def test_the_unsigned_letter_has_no_signature() -> None:
    (unsigned,) = [each for each in MADE if each.treatment is Treatment.UNSIGNED]
    assert not PdfFileReader(BytesIO(_committed(unsigned))).embedded_signatures


@pytest.mark.parametrize("specimen", [each for each in MADE if each.expected.fate in ("published", "held")], ids=_name)
def test_each_page_is_a4_and_carries_its_number(specimen: Specimen) -> None:
    document = pypdfium2.PdfDocument(_committed(specimen))
    assert 2 <= len(document) <= 6
    for number, page in enumerate(document, start=1):
        assert page.get_size() == pytest.approx((595.28, 841.89), abs=0.1)
        scanned = specimen.treatment in (Treatment.SCANNED, Treatment.FAXED)
        assert (f"— {number} —" in page.get_textpage().get_text_bounded()) is not scanned


@pytest.mark.parametrize("treatment", [Treatment.TRUNCATED, Treatment.ENCRYPTED, Treatment.NOT_A_PDF, Treatment.EMPTY])
def test_what_must_not_open_does_not_open(treatment: Treatment) -> None:
    (specimen,) = [each for each in MADE if each.treatment is treatment]
    with pytest.raises(pypdfium2.PdfiumError):
        pypdfium2.PdfDocument(_committed(specimen))


def test_a_page_breaks_in_the_middle_of_a_sentence_in_most_letters() -> None:
    broken, typeset = 0, [each for each in SIGNED if each.treatment is Treatment.SIGNED]
    for specimen in typeset:
        page = pypdfium2.PdfDocument(_committed(specimen))[0].get_textpage().get_text_bounded()
        last = page.rstrip().splitlines()[-2].rstrip()
        broken += last[-1] not in "。：；，"
    assert broken > len(typeset) / 2


def test_every_source_is_utf_8_text_with_unix_line_ends() -> None:
    for path in SOURCES.iterdir():
        assert b"\r" not in path.read_bytes(), path.name
