"""发文字号: the number under which an authority issued a document (GB/T 9704-2012, 7.2.5)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from domain.reading.spelling import bare

# GB/T 9704-2012, 7.2.5: issuer code, full year in hexagonal brackets, serial without 第 and without leading zeros, 号.
_WRITTEN = re.compile(r"(?P<code>[^\s〔〕0-9][^\s〔〕]*)〔(?P<year>[0-9]{4})〕(?P<serial>[1-9][0-9]*)号")
# What occurs: other brackets, 第, zeros, and a class or disclosure mark glued behind 号 (read as marks of their own).
_OCCURRING = re.compile(
    r"(?P<code>[^〔\[【(0-9](?:[^〔\[【(]|[(][^()0-9]{1,6}[)])*)[〔\[【(](?P<year>[0-9]{4})[〕\]】)]第?(?P<serial>0*[1-9][0-9]*)号"
    r"(?P<glued>[(]?[A-Z甲乙丙丁]?类?[)]?(?:同意公开|主动公开)?)"
)


@dataclass(frozen=True, slots=True)
class DocumentNumber:
    """A well-formed document number: 甲府〔2024〕11号."""

    issuer_code: str
    year: int
    serial: int

    def __str__(self) -> str:
        """The written form that the standard asks for."""
        return f"{self.issuer_code}〔{self.year}〕{self.serial}号"

    @classmethod
    def parse(cls, written: str) -> DocumentNumber:
        """The number that is written in the standard's form; `read` knows the variants that occur.

        Raises ValueError for anything else.
        """
        match = _WRITTEN.fullmatch(written)
        if match is None:
            raise ValueError("not a document number as GB/T 9704-2012, 7.2.5 writes it")
        return cls(match["code"], int(match["year"]), int(match["serial"]))

    @classmethod
    def read(cls, written: str) -> DocumentNumber | None:
        """The number behind one of the forms that occur in letters; None if a part of it is missing or damaged."""
        match = _OCCURRING.fullmatch(bare(written))
        if match is None:
            return None
        return cls(match["code"], int(match["year"]), int(match["serial"]))
