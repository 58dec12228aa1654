"""What a file said before it was changed: an incremental update adds to the end, and everything before it stays.

Each revision is the file up to one of its end marks (ISO 32000-1, 7.5.6). A signature is an update of its own, so more
than one revision is ordinary; one that said something else is not.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pypdfium2
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, StreamObject

from adapters.pdf.file_objects import read_object
from adapters.pdf.metadata import properties

_END = re.compile(rb"startxref\s+\d+\s+%%EOF")
_LINEARIZED = re.compile(rb"\A[^\n\r]*[\n\r]+(?:%[^\n\r]*[\n\r]+)?\s*\d+\s+\d+\s+obj\s*<<[^>]{0,300}/Linearized")
_OBJECT_WORD = re.compile(rb"(?<=[0-9\s])obj(?![A-Za-z])")
_NUMBERS = re.compile(rb"(?<![0-9.])[0-9]{1,10}\s+[0-9]{1,5}\s*\Z")
_REFERENCE = re.compile(r"IndirectObject\((\d+), (\d+), \d+\)")
_TABLE_AT = re.compile(rb"startxref\s+(\d{1,12})|/(?:Prev|XRefStm)\s+(\d{1,12})")
_MOST_PAGES = 200
_MOST_REVISIONS = 24


class TooManyRevisionsError(ValueError):
    """More than anybody who signs makes."""


def revisions(data: bytes) -> tuple[bytes, ...]:
    """The file as it was after each of its updates, the oldest first, without the last, which is the file itself.

    Raises TooManyRevisionsError.
    """
    ends = [match.end() for match in _END.finditer(data)]
    if ends and _LINEARIZED.match(data[:2048]):
        del ends[0]  # a file made for quick viewing has two tables from the beginning
    if len(ends) > _MOST_REVISIONS:
        raise TooManyRevisionsError
    return tuple(data[:end] for end in ends[:-1])


def said_before(reader: PdfReader, data: bytes, earlier: Sequence[tuple[bytes, PdfReader]]) -> int:
    """How many characters earlier revisions say, on a page or in their properties, that the file does not say now.

    Only where something that can hold text was replaced is an earlier text read at all. Never raises for what the bytes
    contain but what pypdf raises.
    """
    missing = 0
    for revision, before in earlier:
        if _content_changed(before, reader):
            missing += _count(_lines(revision) - _lines(data))
        missing += _count(_properties(before) - _properties(reader))
    return missing


def _count(texts: Counter[str]) -> int:
    return sum(len(text) * times for text, times in texts.items())


def _lines(data: bytes) -> Counter[str]:
    """Every line of every page, without spaces; what pdfium cannot open says nothing to anybody."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError:
        return Counter()
    try:
        texts = [document[index].get_textpage().get_text_range() for index in range(min(len(document), _MOST_PAGES))]
    except pypdfium2.PdfiumError:
        return Counter({"?": 1})
    finally:
        document.close()
    lines = ("".join(line.split()) for text in texts for line in text.splitlines())
    return Counter(line for line in lines if line)


def _properties(reader: PdfReader) -> Counter[str]:
    info = reader.trailer.get("/Info")
    found = info.get_object() if info is not None else None
    return Counter(text.text for text in properties(found)) if isinstance(found, DictionaryObject) else Counter()


def _content_changed(before: PdfReader, now: PdfReader) -> bool:
    """Whether an update replaced or removed anything that shows text, or may."""
    places, later = _places(before), _places(now)
    changed = (number for number, place in places.items() if later.get(number) != place)
    return any(_shows_otherwise(read_object(before, *number), read_object(now, *number)) for number in changed)


def _places(reader: PdfReader) -> dict[tuple[int, int], Any]:
    """Where each object stands: at a byte, or as a part of another object."""
    found: dict[tuple[int, int], Any] = {(number, 0): place for number, place in reader.xref_objStm.items()}
    for generation, objects in reader.xref.items():
        found.update(((number, generation), place) for number, place in objects.items())
    return found


_SILENT = frozenset({"/Catalog", "/Sig", "/DocTimeStamp", "/SigFieldLock", "/DSS", "/XRef", "/ObjStm", "/Annot"})


_SILENT_KEYS = frozenset({"/Fields", "/SigFlags", "/Producer", "/CreationDate"})
"""Of forms, whose fields inspection looks at, and of properties, which are compared by themselves."""


def _shows_otherwise(before: Any, now: Any) -> bool:
    if isinstance(before, StreamObject):
        return before.get("/Type") not in _SILENT
    if not isinstance(before, DictionaryObject):
        return isinstance(before, ArrayObject)
    kind = before.get("/Type")
    if kind in {"/Page", "/Pages"}:
        after = now if isinstance(now, DictionaryObject) else DictionaryObject()
        keys = ("/Contents", "/Resources", "/Kids", "/MediaBox", "/CropBox", "/Rotate")
        return any(_written(before, key) != _written(after, key) for key in keys)
    return kind not in _SILENT and before.get("/Subtype") != "/Widget" and before.keys().isdisjoint(_SILENT_KEYS)


def _written(dictionary: DictionaryObject, key: str) -> str:
    """A value as the file writes it, references unresolved."""
    return _REFERENCE.sub(r"\1 \2 R", repr(dictionary.raw_get(key))) if key in dictionary else ""


def unlisted_objects(data: bytes, readers: Sequence[PdfReader]) -> int:
    """Objects that stand in the file and in none of its tables: one reader never sees them, another that mends does."""
    listed = {place for reader in readers for objects in reader.xref.values() for place in objects.values()}
    listed |= {int(match[1] or match[2]) for match in _TABLE_AT.finditer(data)}
    return sum(_is_unlisted(data, word.start(), listed) for word in _OBJECT_WORD.finditer(data))


def _is_unlisted(data: bytes, at: int, listed: set[int]) -> bool:
    number = _NUMBERS.search(data, max(0, at - 32), at)
    if number is None or not listed.isdisjoint(range(number.start() - 2, number.start() + 1)):
        return False
    # Within a stream it is data; nobody takes it for an object.
    opened = max(data.rfind(b"stream\n", 0, at), data.rfind(b"stream\r", 0, at))
    return data.rfind(b"endstream", 0, at) >= opened - len("end")
