"""The letters that are measured: invented, signed, and as long as letters are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from samples.letter import Letter
from samples.page import unsigned_pdf
from samples.signing import sign
from samples.specimens import Specimen, specimens

SAMPLES = Path(__file__).parents[1] / "samples"


@dataclass(frozen=True, slots=True)
class PdfLetter:
    """One file."""

    name: str
    data: bytes


@cache
def published_samples() -> tuple[PdfLetter, ...]:
    """The sample letters that are published: text, signed, two to five pages. Not the scan, which is read otherwise."""
    published = (each.expected.file for each in specimens() if each.expected.fate == "published")
    names = dict.fromkeys(name for name in published if "scan" not in name)
    return tuple(PdfLetter(name, (SAMPLES / "letters" / name).read_bytes()) for name in names)


def long_sample() -> Path:
    """The sample of five pages."""
    return SAMPLES / "letters" / "01-yanxi-153062.pdf"


def different_letters(count: int, start: int = 1) -> Iterator[PdfLetter]:
    """Letters of five pages that are all different replies (at most 999), and would all be published."""
    specimen = next(each for each in specimens() if each.expected.file == long_sample().name)
    for number in range(start, start + count):
        yield PdfLetter(f"153{number:03d}.pdf", _signed(specimen, number))


def _signed(specimen: Specimen, number: int) -> bytes:
    assert specimen.letter is not None
    assert specimen.signed_at is not None
    return sign(unsigned_pdf(_numbered(specimen.letter, number)), specimen.signer, specimen.signed_at)


def _numbered(letter: Letter, number: int) -> Letter:
    title = tuple(line.replace("153062", f"153{number:03d}") for line in letter.title)
    return replace(letter, title=title, document_number=f"砚府〔2024〕{100 + number}号")
