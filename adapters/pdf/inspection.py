"""Is it a PDF, and is it harmless.

Two independent readers must open the file and count the same pages; what a reply has no need of is named, by lists of
what is allowed. Nothing here raises for what a file contains: every refusal is a finding.
"""

from __future__ import annotations

import io
import logging
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pypdfium2
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject

from adapters.isolation.reading_limits import ReadingLimits, too_large
from adapters.pdf.file_objects import FileObjects, file_objects, names, roots
from adapters.pdf.metadata import UnreadableMetadataError, file_texts, picture_secrets
from adapters.pdf.revisions import TooManyRevisionsError, revisions, said_before, unlisted_objects
from domain.gate.evidence import FileText
from domain.gate.finding import Finding, find

_HEADER = b"%PDF-"
_END = b"%%EOF"
_WHITE_SPACE = b"\x00\t\n\x0c\r "  # ISO 32000-1, table 1.
_PASSWORD_NEEDED = pypdfium2.raw.FPDF_ERR_PASSWORD


# ISO 32000-1, tables 28 and 30: what an exported letter has. A key that is in no list is named, not ignored.
_CATALOG_KEYS = names(
    "Type Version Extensions Pages PageLabels Names Dests ViewerPreferences PageLayout PageMode "
    "Outlines OpenAction AcroForm Metadata StructTreeRoot MarkInfo Lang OutputIntents Perms DSS"
)
_NAMES_KEYS = frozenset({"/Dests"})
_FORM_KEYS = names("Fields SigFlags DR DA NeedAppearances")
_PAGE_KEYS = names(
    "Type Parent LastModified Resources MediaBox CropBox BleedBox TrimBox ArtBox BoxColorInfo "
    "Contents Rotate Group Annots Metadata StructParents ID Tabs UserUnit Trans Dur"
)
_LAYER_KEYS = names("OCProperties")
_KEPT_KEYS = names("PieceInfo Thumb")
_PUBLIC_HOST = ".gov.cn"


@dataclass(frozen=True, slots=True)
class Inspection:
    """What inspection found."""

    findings: tuple[Finding, ...]
    pages: int
    """0 where the file could not be opened."""
    reader: PdfReader | None = field(default=None, compare=False, repr=False)
    """The open file, for whoever reads it a second time; None where it could not be opened."""
    texts: tuple[FileText, ...] = ()
    """What the file says beside its pages."""

    @property
    def readable(self) -> bool:
        """The file is whole and within bounds, so that reading it makes sense."""
        return self.pages > 0 and not any(finding.code in _UNREADABLE for finding in self.findings)


_UNREADABLE = frozenset({"file-too-large", "pdf-encrypted", "too-many-pages", "pdf-damaged", "foreign-bytes"})


@dataclass(frozen=True, slots=True)
class _Opened:
    data: bytes
    reader: PdfReader
    objects: FileObjects


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
        opened = _Opened(data, reader, file_objects(reader))
        found = tuple(finding for check in _CHECKS for finding in check(opened))
        texts = _texts(opened)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - pypdf fails on damaged files with any exception there is
        return Inspection((find("pdf-damaged"),), 0)
    if first != second:
        found = (find("page-count-disputed", first=str(first), second=str(second)), *found)
    if texts is None:
        found, texts = (*found, find("leftover-data", what="XMP")), ()
    return Inspection(found, first, reader, texts)


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
    names = {*_catalog(opened.reader), *_pages(opened.reader), *opened.objects.active}
    what = sorted({_plain(name) for name in names})
    if what:
        yield find("active-content", what="、".join(what))


def _plain(name: str) -> str:
    """A name of the file as it may stand in a sentence: short, printable."""
    return "".join(char for char in name.lstrip("/") if char.isascii() and char.isprintable())[:40] or "?"


def _catalog(reader: PdfReader) -> Iterator[str]:
    catalog = _dictionary(reader.trailer["/Root"])
    yield from catalog.keys() - _CATALOG_KEYS - _LAYER_KEYS - _KEPT_KEYS
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
        yield from page.keys() - _PAGE_KEYS - _KEPT_KEYS
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


def _dictionary(value: Any) -> DictionaryObject:
    direct = value.get_object() if value is not None else None
    return direct if isinstance(direct, DictionaryObject) else DictionaryObject()


def _array(value: Any) -> ArrayObject:
    direct = value.get_object() if value is not None else None
    return direct if isinstance(direct, ArrayObject) else ArrayObject()


def _layers(opened: _Opened) -> Iterator[Finding]:
    catalog = _dictionary(opened.reader.trailer["/Root"])
    if opened.objects.layer_names or "/OCProperties" in catalog:
        yield find("hidden-layer", count=str(len(opened.objects.layer_names)))


def _leftovers(opened: _Opened) -> Iterator[Finding]:
    kept = {_plain(name) for name in opened.objects.kept}
    lost = opened.objects.unreachable(roots(opened.reader) | _for_quick_viewing(opened))
    if lost:
        kept.add(f"{len(lost)} unreachable: {'、'.join(sorted(set(lost)))}")
    if kept:
        yield find("leftover-data", what="、".join(sorted(kept)))


def _for_quick_viewing(opened: _Opened) -> set[int]:
    """Objects that only their place in the file refers to (ISO 32000-1, annex F): the hints of a linearized file."""
    head = opened.data[:1024]
    if b"/Linearized" not in head or (hints := re.search(rb"/H\s*\[\s*(\d+)", head)) is None:
        return set()
    at = int(hints[1])
    return {n for objects in opened.reader.xref.values() for n, place in objects.items() if abs(place - at) <= 2}


def _pictures(opened: _Opened) -> Iterator[Finding]:
    what = sorted({secret for picture in opened.objects.pictures for secret in picture_secrets(picture)})
    if what:
        yield find("picture-data", what="、".join(what[:8]))


def _earlier(opened: _Opened) -> Iterator[Finding]:
    try:
        before = revisions(opened.data)
    except TooManyRevisionsError:
        yield find("earlier-revision", count="?")
        return
    readers = [PdfReader(io.BytesIO(each), strict=False) for each in before]
    count = said_before(opened.reader, opened.data, list(zip(before, readers, strict=True)))
    if count:
        yield find("earlier-revision", count=str(count))
    if unlisted := unlisted_objects(opened.data, [opened.reader, *readers]):
        yield find("leftover-data", what=f"{unlisted} unlisted")


def _texts(opened: _Opened) -> tuple[FileText, ...] | None:
    try:
        return file_texts(opened.reader, opened.objects)
    except UnreadableMetadataError:
        return None


_CHECKS: tuple[Callable[[_Opened], Iterator[Finding]], ...] = (
    _active_content,
    _layers,
    _leftovers,
    _pictures,
    _earlier,
)
"""What is asked of a file that opened. Whether its text can be seen, `adapters.pdf.visibility` asks of its pages."""


@contextmanager
def quiet() -> Iterator[None]:
    """No warnings of the parsers while a file is open: they quote the file."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)
