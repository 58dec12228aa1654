"""Every object of a file, visited once: what it could do, what it keeps, and which others it refers to.

Objects that nothing refers to are looked at like the others: what is not shown may still be taken out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject, TextStringObject

_DEPTH = 64


def names(words: str) -> frozenset[str]:
    """PDF names, from words."""
    return frozenset(f"/{word}" for word in words.split())


# ISO 32000-1, table 198, and Adobe's additions: action types that do more than move the view.
_ACTIVE_ACTIONS = names(
    "GoToR GoToE GoTo3DView Launch Thread Sound Movie SubmitForm ResetForm ImportData JavaScript "
    "SetOCGState Rendition Trans RichMediaExecute Hide"
)
_ACTIVE_KEYS = names("JS AA XFA EF RichMediaContent RichMediaSettings")
_ACTIVE_TYPES = names("EmbeddedFile Filespec")
_KEPT_KEYS = names("PieceInfo Thumb")
"""14.5 and 12.3.4: what a program keeps for itself, and small pictures of pages as they once were."""
_TABLES = names("XRef ObjStm")
_LEAST_TEXT = 4
"""Characters; shorter strings are identifiers and appearances."""


@dataclass(slots=True)
class FileObjects:
    """What was seen of all objects together."""

    active: set[str] = field(default_factory=set)
    """Names of what could act."""
    kept: set[str] = field(default_factory=set)
    """Names of what is kept beside the pages."""
    layer_names: list[str] = field(default_factory=list)
    metadata: list[StreamObject] = field(default_factory=list)
    pictures: list[StreamObject] = field(default_factory=list)
    """Images in JPEG form."""
    references: dict[int, set[int]] = field(default_factory=dict)
    holding: dict[int, str] = field(default_factory=dict)
    """Objects that hold something of their own to read or to see, and what: a page, text, a stream."""

    def unreachable(self, roots: Iterable[int]) -> tuple[str, ...]:
        """What is held by objects to which no way leads from these."""
        reached: set[int] = set()
        ahead = list(roots)
        while ahead:
            number = ahead.pop()
            if number not in reached:
                reached.add(number)
                ahead += self.references.get(number, ())
        return tuple(what for number, what in self.holding.items() if number not in reached)


def file_objects(reader: PdfReader) -> FileObjects:
    """Visit every object that the file lists."""
    found = FileObjects()
    for number, generation in sorted(set(_listed(reader))):
        value = read_object(reader, number, generation)
        refers: set[int] = set()
        texts: list[str] = []
        _Visit(found, refers, texts).look_at(value, 0)
        found.references[number] = refers
        held = _held(value, texts)
        if held:
            found.holding[number] = held
    return found


def roots(reader: PdfReader) -> set[int]:
    """Numbers of the objects that the trailer names."""
    refers: set[int] = set()
    _Visit(FileObjects(), refers, []).look_at(DictionaryObject(reader.trailer), 0)
    return refers


def _listed(reader: PdfReader) -> Iterator[tuple[int, int]]:
    for generation, objects in reader.xref.items():
        yield from ((number, generation) for number in objects)
    yield from ((number, 0) for number in reader.xref_objStm)


def read_object(reader: PdfReader, number: int, generation: int = 0) -> Any:
    """The object, None where it is listed and not there: free ones that were never marked so are common."""
    try:
        return reader.get_object(IndirectObject(number, generation, reader))
    except PyPdfError:
        return None


@dataclass(slots=True)
class _Visit:
    found: FileObjects
    refers: set[int]
    texts: list[str]

    def look_at(self, value: Any, depth: int) -> None:
        if depth > _DEPTH:
            self.found.active.add("nesting")
        elif isinstance(value, IndirectObject):
            self.refers.add(value.idnum)
        elif isinstance(value, DictionaryObject):
            self._dictionary(value)
            for item in value.values():
                self.look_at(item, depth + 1)
        elif isinstance(value, ArrayObject):
            for item in value:
                self.look_at(item, depth + 1)
        elif isinstance(value, TextStringObject):
            self.texts.append(str(value))

    def _dictionary(self, value: DictionaryObject) -> None:
        found = self.found
        kind = value.get("/Type")
        if not value.keys().isdisjoint(_ACTIVE_KEYS):
            found.active |= value.keys() & _ACTIVE_KEYS
        if not value.keys().isdisjoint(_KEPT_KEYS):
            found.kept |= value.keys() & _KEPT_KEYS
        if str(kind) in _ACTIVE_TYPES:
            found.active.add(str(kind))
        if str(value.get("/S")) in _ACTIVE_ACTIONS:
            found.active.add(str(value.get("/S")))
        if kind == "/OCG":
            found.layer_names.append(str(value.get("/Name", "")))
        if isinstance(value, StreamObject):
            if kind == "/Metadata":
                found.metadata.append(value)
            elif "/DCTDecode" in str(value.get("/Filter")):
                found.pictures.append(value)


def _held(value: Any, texts: list[str]) -> str:
    """What an object holds of its own; the file's own tables hold nothing."""
    kind = value.get("/Type") if isinstance(value, DictionaryObject) else None
    if isinstance(value, StreamObject):
        return "" if kind in _TABLES else "stream"
    if kind == "/Page":
        return "page"
    return "text" if any(len(text) >= _LEAST_TEXT and not text.startswith("D:") for text in texts) else ""
