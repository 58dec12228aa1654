"""Is it a PDF, and is it harmless.

Two independent readers must open the file and count the same pages; what a reply has no need of is named, by lists of
what is allowed. Nothing here raises for what a file contains: every refusal is a finding.
"""

from __future__ import annotations

import io
import logging
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pypdfium2
from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from adapters.isolation.reading_limits import ReadingLimits, too_large
from domain.gate.finding import Finding, find

_HEADER = b"%PDF-"
_END = b"%%EOF"
_WHITE_SPACE = b"\x00\t\n\x0c\r "  # ISO 32000-1, table 1.
_PASSWORD_NEEDED = pypdfium2.raw.FPDF_ERR_PASSWORD


def _names(words: str) -> frozenset[str]:
    return frozenset(f"/{word}" for word in words.split())


# ISO 32000-1, tables 28 and 30: what an exported letter has. A key that is in no list is named, not ignored.
_CATALOG_KEYS = _names(
    "Type Version Extensions Pages PageLabels Names Dests ViewerPreferences PageLayout PageMode "
    "Outlines OpenAction AcroForm Metadata StructTreeRoot MarkInfo Lang OutputIntents Perms DSS"
)
_NAMES_KEYS = frozenset({"/Dests"})
_FORM_KEYS = _names("Fields SigFlags DR DA NeedAppearances")
_PAGE_KEYS = _names(
    "Type Parent LastModified Resources MediaBox CropBox BleedBox TrimBox ArtBox BoxColorInfo "
    "Contents Rotate Group Annots Metadata StructParents ID Tabs UserUnit Trans Dur"
)
# Table 198 and Adobe's additions: action types that do more than move the view.
_ACTIVE_ACTIONS = _names(
    "GoToR GoToE GoTo3DView Launch Thread Sound Movie SubmitForm ResetForm ImportData JavaScript "
    "SetOCGState Rendition Trans RichMediaExecute Hide"
)
_ACTIVE_KEYS = _names("JS AA XFA EF RichMediaContent RichMediaSettings")
_ACTIVE_TYPES = frozenset({"/EmbeddedFile", "/Filespec"})
_PUBLIC_HOST = ".gov.cn"


@dataclass(frozen=True, slots=True)
class Inspection:
    """What inspection found."""

    findings: tuple[Finding, ...]
    pages: int
    """0 where the file could not be opened."""
    reader: PdfReader | None = field(default=None, compare=False, repr=False)
    """The open file, for whoever reads it a second time; None where it could not be opened."""

    @property
    def readable(self) -> bool:
        """The file is whole and within bounds, so that reading it makes sense."""
        return self.pages > 0 and not any(finding.code in _UNREADABLE for finding in self.findings)


_UNREADABLE = frozenset({"file-too-large", "pdf-encrypted", "too-many-pages", "pdf-damaged", "foreign-bytes"})


@dataclass(frozen=True, slots=True)
class _Opened:
    data: bytes
    reader: PdfReader


def inspect(data: bytes, limits: ReadingLimits) -> Inspection:
    """Inspect the bytes of one original. Never raises for what they contain, except MemoryError."""
    outside = tuple(_from_outside(data, limits))
    if outside:
        return Inspection(outside, 0)
    with quiet():
        return _from_inside(data, limits)


def _from_outside(data: bytes, limits: ReadingLimits) -> Iterator[Finding]:
    if not data:
        yield find("empty-file")
    elif len(data) > limits.max_bytes:
        yield too_large(len(data), limits)
    elif _HEADER not in data[:1024]:
        yield find("ofd-file" if _is_ofd(data) else "not-a-pdf")
    elif _END not in data:
        yield find("pdf-damaged")
    elif foreign := _foreign_bytes(data):
        yield find("foreign-bytes", count=str(foreign))


def _is_ofd(data: bytes) -> bool:
    """Whether it is a package of GB/T 33190-2016: a ZIP with OFD.xml at its top. Nothing of it is unpacked."""
    if not data.startswith(b"PK"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return any(name.upper() == "OFD.XML" for name in package.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return False


def _foreign_bytes(data: bytes) -> int:
    # Readers forgive both; a file that is two files at once is how a signed one shows something else.
    after = data[data.rindex(_END) + len(_END) :]
    return data.index(_HEADER) + len(after.strip(_WHITE_SPACE))


def _from_inside(data: bytes, limits: ReadingLimits) -> Inspection:
    first = _pages_by_pdfium(data)
    if isinstance(first, Finding):
        return Inspection((first,), 0)
    if first > limits.max_pages:
        return Inspection((find("too-many-pages", pages=str(first), limit=str(limits.max_pages)),), first)
    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted:
            return Inspection((find("pdf-encrypted"),), 0)
        second = len(reader.pages)
        found = tuple(finding for check in _CHECKS for finding in check(_Opened(data, reader)))
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - pypdf fails on damaged files with any exception there is
        return Inspection((find("pdf-damaged"),), 0)
    if first != second:
        found = (find("page-count-disputed", first=str(first), second=str(second)), *found)
    return Inspection(found, first, reader)


def _pages_by_pdfium(data: bytes) -> int | Finding:
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        return find("pdf-encrypted" if error.err_code == _PASSWORD_NEEDED else "pdf-damaged")
    try:
        return len(document) or find("pdf-damaged")
    finally:
        document.close()


def _active_content(opened: _Opened) -> Iterator[Finding]:
    what = sorted({_plain(name) for part in (_catalog, _pages, _everywhere) for name in part(opened.reader)})
    if what:
        yield find("active-content", what="、".join(what))


def _plain(name: str) -> str:
    """A name of the file as it may stand in a sentence: short, printable."""
    return "".join(char for char in name.lstrip("/") if char.isascii() and char.isprintable())[:40] or "?"


def _catalog(reader: PdfReader) -> Iterator[str]:
    catalog = _dictionary(reader.trailer["/Root"])
    yield from catalog.keys() - _CATALOG_KEYS
    yield from _dictionary(catalog.get("/Names")).keys() - _NAMES_KEYS
    yield from _action(catalog.get("/OpenAction"), "OpenAction")
    form = _dictionary(catalog.get("/AcroForm"))
    yield from form.keys() - _FORM_KEYS
    yield from _fields(form.get("/Fields"), inherited=None, depth=0)


def _fields(fields: Any, *, inherited: str | None, depth: int) -> Iterator[str]:
    for item in _array(fields):
        field = _dictionary(item)
        kind = field.get("/FT", inherited)
        kids = [kid for kid in _array(field.get("/Kids")) if "/T" in _dictionary(kid)]
        if kids and depth < 32:
            yield from _fields(ArrayObject(kids), inherited=kind, depth=depth + 1)
        elif kind != "/Sig":
            yield f"AcroForm {_plain(str(kind or '?'))}"


def _pages(reader: PdfReader) -> Iterator[str]:
    for page in reader.pages:
        yield from page.keys() - _PAGE_KEYS
        for item in _array(page.get("/Annots")):
            yield from _annotation(_dictionary(item))


def _annotation(annotation: DictionaryObject) -> Iterator[str]:
    subtype = annotation.get("/Subtype")
    if subtype == "/Link":
        yield from _action(annotation.get("/A"), "Link")
    elif subtype != "/Widget" or _field_type(annotation) != "/Sig":
        yield str(subtype or "/Annot")


def _field_type(widget: DictionaryObject) -> Any:
    return widget.get("/FT", _dictionary(widget.get("/Parent")).get("/FT"))


def _action(value: Any, name: str) -> Iterator[str]:
    """Names what an action does beyond moving the view; a destination is an array, a string or a name."""
    action = _dictionary(value)
    kind = action.get("/S")
    if not action or kind == "/GoTo":
        return
    if kind != "/URI" or not _is_public_office(action.get("/URI")):
        yield f"{name} {_plain(str(kind or '?'))}"


def _is_public_office(uri: Any) -> bool:
    try:
        address = urlsplit(str(uri))
        host = address.hostname or ""
    except ValueError:
        return False
    return address.scheme in {"http", "https"} and host.endswith(_PUBLIC_HOST)


def _everywhere(reader: PdfReader) -> Iterator[str]:
    """Every object of the file, those which nothing points at included: what is not shown may still be opened."""
    listed = [(number, generation) for generation, objects in reader.xref.items() for number in objects]
    for number, generation in [*listed, *((number, 0) for number in reader.xref_objStm)]:
        yield from _active_parts(_object(reader, number, generation), depth=0)


def _object(reader: PdfReader, number: int, generation: int) -> Any:
    try:
        return reader.get_object(IndirectObject(number, generation, reader))
    except PyPdfError:
        # Listed, but not there: free objects that were never marked as free are common and show nothing.
        return None


def _active_parts(value: Any, *, depth: int) -> Iterator[str]:
    if depth > 64:
        yield "nesting"
        return
    if isinstance(value, DictionaryObject):
        yield from value.keys() & _ACTIVE_KEYS
        yield from {str(value.get("/S")), str(value.get("/Type"))} & (_ACTIVE_ACTIONS | _ACTIVE_TYPES)
        for item in value.values():
            yield from _active_parts(item, depth=depth + 1)
    elif isinstance(value, ArrayObject):
        for item in value:
            yield from _active_parts(item, depth=depth + 1)


def _dictionary(value: Any) -> DictionaryObject:
    direct = value.get_object() if value is not None else None
    return direct if isinstance(direct, DictionaryObject) else DictionaryObject()


def _array(value: Any) -> ArrayObject:
    direct = value.get_object() if value is not None else None
    return direct if isinstance(direct, ArrayObject) else ArrayObject()


_CHECKS: tuple[Callable[[_Opened], Iterator[Finding]], ...] = (_active_content,)
"""What is asked of a file that opened. Hidden content (earlier revisions, layers, covered text) is asked here too."""


@contextmanager
def quiet() -> Iterator[None]:
    """No warnings of the parsers while a file is open: they quote the file."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)
