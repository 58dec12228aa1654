"""What a file says beside its pages: properties, XMP, bookmarks, labels, names of layers. Review judges its words.

What a program writes about itself and when is left out: it is in every file and names nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

from pypdf import PdfReader
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    EncodedStreamObject,
    NameObject,
    StreamObject,
    TextStringObject,
)

from adapters.pdf.file_objects import FileObjects
from domain.gate.evidence import FileText, Place

_OF_THE_PROGRAM = frozenset({"/Producer", "/Creator", "/CreationDate", "/ModDate", "/Trapped"})
_PERSONS = frozenset({"author", "creator", "lastmodifiedby", "manager", "artist", "owner", "ownername", "contributor"})
_XMP_OF_THE_PROGRAM = frozenset(
    {"CreateDate", "ModifyDate", "MetadataDate", "CreatorTool", "Producer", "Trapped", "PDFVersion", "format"}
    | {"language", "DocumentID", "InstanceID", "OriginalDocumentID", "VersionID", "RenditionClass", "RenditionParams"}
    | {"part", "conformance", "amd", "rev", "date", "Marked", "documentID", "instanceID", "when", "action"}
    | {"softwareAgent", "changed", "parameters"}
)
_PROGRAM_SPACES = (
    "http://www.aiim.org/pdfa/ns/schema",
    "http://www.aiim.org/pdfa/ns/property",
    "http://www.aiim.org/pdfa/ns/type",
)
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_MOST_XMP = 1 << 20
_MOST_TEXTS = 500
_MOST_CHARACTERS = 2000
_DEPTH = 32


class UnreadableMetadataError(ValueError):
    """The XMP is no XML."""


def file_texts(reader: PdfReader, objects: FileObjects) -> tuple[FileText, ...]:
    """Every text of the file that is not on a page, once. Raises UnreadableMetadataError."""
    return tuple(dict.fromkeys(_short(text) for text in _all(reader, objects) if text.text.strip()))[:_MOST_TEXTS]


def _short(text: FileText) -> FileText:
    return FileText(text.place, text.name, text.text[:_MOST_CHARACTERS])


def _all(reader: PdfReader, objects: FileObjects) -> Iterator[FileText]:
    yield from properties(_resolved(reader.trailer.get("/Info")))
    for stream in objects.metadata:
        yield from _xmp(stream.get_data())
    catalog = _resolved(reader.trailer["/Root"])
    yield from _outline(_resolved(catalog.get("/Outlines")).get("/First"))
    yield from _labels(_resolved(catalog.get("/PageLabels")), 0)
    yield from (FileText(Place.LAYER, "", name) for name in objects.layer_names)


def properties(info: DictionaryObject) -> Iterator[FileText]:
    """The words of an information dictionary (ISO 32000-1, 14.3.3)."""
    for key, value in info.items():
        text = value.get_object()
        if key not in _OF_THE_PROGRAM and isinstance(text, TextStringObject) and not text.startswith("D:"):
            yield _named(str(key).lstrip("/"), str(text))


def _named(name: str, text: str) -> FileText:
    return FileText(Place.PERSON if name.lower() in _PERSONS else Place.PROPERTY, name, text)


def _xmp(data: bytes) -> Iterator[FileText]:
    if len(data) > _MOST_XMP or b"<!ENTITY" in data:
        raise UnreadableMetadataError
    try:
        root = ElementTree.fromstring(_trimmed(data))  # noqa: S314 - no entities, bounded, in a confined child
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise UnreadableMetadataError from error
    for description in root.iter(f"{_RDF}Description"):
        for key, value in description.attrib.items():
            yield from _property(key, value)
        for element in description:
            yield from _property(element.tag, " ".join(text.strip() for text in element.itertext() if text.strip()))


def _trimmed(data: bytes) -> bytes:
    return re.sub(rb"<\?xpacket[^>]*\?>", b"", data).strip(b"\0 \t\r\n\xef\xbb\xbf")


def _property(tag: str, text: str) -> Iterator[FileText]:
    space, _, name = tag.rpartition("}")
    if name in _XMP_OF_THE_PROGRAM or tag.startswith(_RDF) or space.lstrip("{").rstrip("#/") in _PROGRAM_SPACES:
        return
    if name != "schemas":  # the extension schemas of PDF/A only describe properties
        yield _named(name, text)


def _outline(first: Any) -> Iterator[FileText]:
    ahead = [first]
    seen: set[int] = set()
    while ahead:
        reference = ahead.pop()
        item = _resolved(reference)
        if not item or id(item) in seen or len(seen) > _MOST_TEXTS:
            continue
        seen.add(id(item))
        title = item.get("/Title")
        if title is not None:
            yield FileText(Place.BOOKMARK, "", str(title.get_object()))
        ahead += [item.get("/Next"), item.get("/First")]


def _labels(tree: DictionaryObject, depth: int) -> Iterator[FileText]:
    numbers = tree.get("/Nums")
    for entry in numbers.get_object() if numbers is not None else ArrayObject():
        prefix = _resolved(entry).get("/P")
        if prefix is not None:
            yield FileText(Place.LABEL, "", str(prefix.get_object()))
    kids = tree.get("/Kids")
    if kids is not None and depth < _DEPTH:
        for kid in kids.get_object():
            yield from _labels(_resolved(kid), depth + 1)


def _resolved(value: Any) -> DictionaryObject:
    direct = value.get_object() if value is not None else None
    return direct if isinstance(direct, DictionaryObject) else DictionaryObject()


# --- pictures -----------------------------------------------------------------------------------------------------

_EXIF, _XMP_HEADER, _PHOTOSHOP = b"Exif\0\0", b"http://ns.adobe.com/xap/1.0/\0", b"Photoshop 3.0\0"
_OF_THE_CAMERA = frozenset(
    # Exif 2.32: size, resolution, orientation, colours, compression, the device and the exposure.
    {0x0100, 0x0101, 0x0102, 0x0103, 0x0106, 0x0112, 0x0115, 0x011A, 0x011B, 0x0128, 0x0131, 0x0132, 0x0213, 0x0214}
    | {0x010F, 0x0110, 0x8769, 0x829A, 0x829D, 0x8822, 0x8827, 0x9000, 0x9003, 0x9004, 0x9101, 0x9102, 0x9201, 0x9202}
    | {0x9203, 0x9204, 0x9205, 0x9207, 0x9208, 0x9209, 0x920A, 0x9290, 0x9291, 0x9292, 0xA000, 0xA001, 0xA002, 0xA003}
    | {0xA20E, 0xA20F, 0xA210, 0xA217, 0xA300, 0xA301, 0xA401, 0xA402, 0xA403, 0xA404, 0xA405, 0xA406, 0xA407, 0xA408}
    | {0xA409, 0xA40A, 0xA40C, 0xA432, 0xA433, 0xA434, 0x9010, 0x9011, 0x9012, 0xC4A5}
)
_EXIF_NAMES = {0x8825: "GPS", 0x013B: "Artist", 0x8298: "Copyright", 0x010E: "ImageDescription", 0x9286: "UserComment"}


def picture_secrets(stream: StreamObject) -> Iterator[str]:
    """What a JPEG picture tells beside the picture: where it was taken, by whom, what somebody noted."""
    for marker, segment in _segments(_jpeg(stream)):
        if marker == 0xE1 and segment.startswith(_EXIF):
            yield from _exif(segment[len(_EXIF) :])
        elif marker == 0xE1 and segment.startswith(_XMP_HEADER):
            yield from _picture_xmp(segment[len(_XMP_HEADER) :])
        elif marker == 0xED and segment.startswith(_PHOTOSHOP) and b"8BIM\x04\x04" in segment:
            yield "IPTC"


def _jpeg(stream: StreamObject) -> bytes:
    """The JPEG itself, freed from what it is wrapped in."""
    filters = stream["/Filter"]
    if not isinstance(filters, ArrayObject) or len(filters) < 2:
        return bytes(stream._data)
    wrapped = EncodedStreamObject()
    wrapped[NameObject("/Filter")] = ArrayObject(filters[: filters.index("/DCTDecode")])
    wrapped._data = stream._data
    return wrapped.get_data()


def _picture_xmp(data: bytes) -> Iterator[str]:
    try:
        if any(True for _ in _xmp(data)):
            yield "XMP"
    except UnreadableMetadataError:
        yield "XMP"


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Markers before the picture itself (ITU-T T.81, annex B)."""
    at = 2
    while data[:2] == b"\xff\xd8" and data[at : at + 1] == b"\xff" and len(data) >= at + 4:
        marker = data[at + 1]
        if marker == 0xDA:
            return
        length = int.from_bytes(data[at + 2 : at + 4])
        yield marker, data[at + 4 : at + 2 + length]
        at += 2 + max(length, 2)


def _exif(data: bytes) -> Iterator[str]:
    order = {b"II": "little", b"MM": "big"}.get(data[:2])
    if order is None:
        yield "Exif"
        return

    def number(at: int, size: int) -> int:
        return int.from_bytes(data[at : at + size], "little" if order == "little" else "big")

    ahead, seen = [number(4, 4)], set()
    while ahead:
        at = ahead.pop()
        if not 0 < at < len(data) or at in seen:
            continue
        seen.add(at)
        for entry in range(at + 2, min(at + 2 + 12 * number(at, 2), len(data) - 11), 12):
            tag = number(entry, 2)
            if tag == 0x8769:
                ahead.append(number(entry + 8, 4))
            elif tag not in _OF_THE_CAMERA:
                yield _EXIF_NAMES.get(tag, f"Exif {tag:04X}")
        if number(at + 2 + 12 * number(at, 2), 4):
            yield "Exif thumbnail"
