"""Letters whose file gives away what none of their pages shows, each in one way and with the same secret in it."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import Any

from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText, Highlight, Link, Text
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    PdfObject,
    RectangleObject,
    TextStringObject,
)
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from tests.adapters.leaks import CANARY, appended, letter, rewritten, show

_FAR = RectangleObject((10, 10, 60, 60))


def _dictionary(**entries: Any) -> DictionaryObject:
    """Words become names, other strings texts."""
    plain = {f"/{key}": value if isinstance(value, PdfObject) else _value(value) for key, value in entries.items()}
    return DictionaryObject({NameObject(key): value for key, value in plain.items()})


def _value(value: Any) -> PdfObject:
    if isinstance(value, int):
        return NumberObject(value)
    return NameObject(value) if value.startswith("/") else TextStringObject(value)


def _stream(content: str, **entries: Any) -> DecodedStreamObject:
    stream = DecodedStreamObject()
    stream.update(_dictionary(**entries))
    stream.set_data(content.encode())
    return stream


def _in_catalog(key: str, value: Callable[[PdfWriter], PdfObject]) -> Callable[[], bytes]:
    return lambda: rewritten(letter(), lambda w: w.root_object.update({NameObject(key): value(w)}))


def _on_page(key: str, value: Callable[[PdfWriter], PdfObject]) -> Callable[[], bytes]:
    return lambda: rewritten(letter(), lambda w: w.pages[0].update({NameObject(key): value(w)}))


def _changed(change: Callable[[PdfWriter], Any]) -> Callable[[], bytes]:
    return lambda: rewritten(letter(), change)


def _annotated(**entries: Any) -> Callable[[], bytes]:
    annotation = _dictionary(Type="/Annot", Rect=_FAR, **entries)
    return _on_page("/Annots", lambda w: ArrayObject([w._add_object(annotation)]))


def _form_field(writer: PdfWriter) -> DictionaryObject:
    field = _dictionary(FT="/Tx", T="note", V=CANARY, F=2, Type="/Annot", Subtype="/Widget", Rect=_FAR)
    return _dictionary(Fields=ArrayObject([writer._add_object(field)]))


def _layer(writer: PdfWriter) -> DictionaryObject:
    group = writer._add_object(_dictionary(Type="/OCG", Name="draft"))
    state = _dictionary(OFF=ArrayObject([group]))
    return _dictionary(OCGs=ArrayObject([group]), D=state)


def _layered() -> bytes:
    def resources(writer: PdfWriter, own: DictionaryObject) -> None:
        group = writer._add_object(_dictionary(Type="/OCG", Name="draft"))
        off = _dictionary(OFF=ArrayObject([group]))
        writer.root_object[NameObject("/OCProperties")] = _dictionary(OCGs=ArrayObject([group]), D=off)
        own[NameObject("/Properties")] = _dictionary(L=group)

    return appended(b"/OC /L BDC " + show() + b" EMC", resources)


def _tagged(actual: str) -> bytes:
    return appended(b"/Span <</ActualText (" + actual.encode() + b")>> BDC " + show("Nothing else is to see") + b" EMC")


def _xmp(words: str) -> Callable[[], bytes]:
    packet = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        f'xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:CreatorTool="Writer">{words}</rdf:Description>'
        "</rdf:RDF></x:xmpmeta>"
    )
    return _in_catalog("/Metadata", lambda w: w._add_object(_stream(packet, Type="/Metadata", Subtype="/XML")))


def _picture(**saved: Any) -> Callable[[], bytes]:
    def draw(canvas: Canvas) -> None:
        target = io.BytesIO()
        Image.effect_noise((60, 60), 50).convert("RGB").save(target, "JPEG", **saved)
        canvas.drawImage(ImageReader(io.BytesIO(target.getvalue())), 80, 100, 60, 60)

    return lambda: letter(after=draw)


def _located() -> Image.Exif:
    exif = Image.Exif()
    exif[0x010F] = "A camera"
    exif.get_ifd(0x8825)[1] = "N"
    exif[0x8825] = {1: "N", 2: (31.0, 13.0, 7.0)}
    return exif


def _taken_by() -> Image.Exif:
    exif = Image.Exif()
    exif[0x013B] = CANARY
    return exif


def appended_update(data: bytes, number: int, body: bytes, *, listed: bool = True) -> bytes:
    """The file with an object added by an incremental update; `listed` in its table, or only standing there."""
    reader = PdfReader(io.BytesIO(data))
    at = len(data) + 1
    added = b"\n%d 0 obj\n%s\nendobj\n" % (number, body)
    start = data.rindex(b"startxref") + len("startxref")
    before = int(data[start:].split()[0])
    table = b"xref\n0 0\n" if not listed else b"xref\n%d 1\n%010d 00000 n \n" % (number, at)
    root = reader.trailer.raw_get("/Root").idnum
    size = max(int(str(reader.trailer["/Size"])), number + 1)
    trailer = b"trailer\n<< /Size %d /Root %d 0 R /Prev %d >>\n" % (size, root, before)
    return data + added + table + trailer + b"startxref\n%d\n%%%%EOF\n" % (len(data) + len(added))


def _revised(*, listed: bool = True) -> bytes:
    """The line with the secret replaced by an update, and the letter as it was still below."""
    old = letter(after=lambda canvas: canvas.drawString(90, 300, CANARY))
    reader = PdfReader(io.BytesIO(old))
    content = reader.pages[0].raw_get("/Contents")
    plain = reader.pages[0].get_contents()
    assert plain is not None
    data = plain.get_data().replace(CANARY.encode(), b"Nothing is here")
    return appended_update(
        old, content.idnum, b"<< /Length %d >>\nstream\n%s\nendstream" % (len(data), data), listed=listed
    )


def _lost(value: Callable[[], PdfObject]) -> Callable[[], bytes]:
    return _changed(lambda writer: writer._add_object(value()))


def _attachment(writer: PdfWriter) -> None:
    writer.add_attachment("draft.txt", CANARY.encode())


def _opens(**action: Any) -> Callable[[], bytes]:
    return _in_catalog("/OpenAction", lambda _: _dictionary(**action))


LEAKS: Mapping[str, tuple[str, Callable[[], bytes]]] = {
    "a script when it opens": ("active-content", _opens(S="/JavaScript", JS=f"app.alert('{CANARY}')")),
    "a script of a page": (
        "active-content",
        _on_page("/AA", lambda _: _dictionary(O=_dictionary(S="/JavaScript", JS=CANARY))),
    ),
    "a program to start": ("active-content", _opens(S="/Launch", F=CANARY)),
    "a form to send": ("active-content", _opens(S="/SubmitForm", F=CANARY)),
    "an attachment": ("active-content", _changed(_attachment)),
    "an attachment on a page": ("active-content", _annotated(Subtype="/FileAttachment", Contents=CANARY)),
    "rich media": ("active-content", _annotated(Subtype="/RichMedia", Contents=CANARY)),
    "an XML form": (
        "active-content",
        _in_catalog("/AcroForm", lambda w: _dictionary(XFA=w._add_object(_stream(CANARY)))),
    ),
    "a hidden field of a form": ("active-content", _in_catalog("/AcroForm", _form_field)),
    "a comment": (
        "active-content",
        _changed(lambda w: w.add_annotation(0, FreeText(text=CANARY, rect=(10, 10, 60, 60)))),
    ),
    "a sticky note": (
        "active-content",
        _changed(lambda w: w.add_annotation(0, Text(text=CANARY, rect=(10, 10, 60, 60)))),
    ),
    "a highlighted passage": (
        "active-content",
        _changed(
            lambda w: w.add_annotation(
                0,
                Highlight(
                    rect=(10, 10, 60, 60),
                    quad_points=ArrayObject([NumberObject(n) for n in (10, 60, 60, 60, 10, 10, 60, 10)]),
                ),
            )
        ),
    ),
    "a stamp over the text": ("active-content", _annotated(Subtype="/Stamp", Contents=CANARY)),
    "a mark for redaction": ("active-content", _annotated(Subtype="/Redact", OverlayText=CANARY)),
    "a link to a stranger": (
        "active-content",
        _changed(lambda w: w.add_annotation(0, Link(rect=(0, 0, 9, 9), url="https://example.com/?Canary7301"))),
    ),
    "a key that nobody knows": ("active-content", _in_catalog("/Novelty", lambda _: TextStringObject(CANARY))),
    "a layer that is off": ("hidden-layer", _layered),
    "a layer without text": ("hidden-layer", _in_catalog("/OCProperties", _layer)),
    "what a program keeps": (
        "leftover-data",
        _on_page("/PieceInfo", lambda _: _dictionary(Draw=_dictionary(Private=TextStringObject(CANARY)))),
    ),
    "a thumbnail": ("leftover-data", _on_page("/Thumb", lambda w: w._add_object(_stream(CANARY, Width=4, Height=4)))),
    "a stream that nothing shows": ("leftover-data", _lost(lambda: _stream(CANARY))),
    "words that nothing shows": ("leftover-data", _lost(lambda: _dictionary(Note=CANARY))),
    "a page that nothing shows": ("leftover-data", _lost(lambda: _dictionary(Type="/Page", Note=CANARY))),
    "an object in no table": ("leftover-data", lambda: _revised(listed=False)),
    "bytes before the header": ("foreign-bytes", lambda: CANARY.encode() + letter()),
    "bytes after the end": ("foreign-bytes", lambda: letter() + CANARY.encode()),
    "an earlier revision": ("earlier-revision", _revised),
    "encryption": ("pdf-encrypted", _changed(lambda writer: writer.encrypt("", CANARY, algorithm="AES-256"))),
    "an author": ("author-named", _changed(lambda writer: writer.add_metadata({"/Author": CANARY}))),
    "a subject": ("metadata-text", _changed(lambda writer: writer.add_metadata({"/Subject": CANARY}))),
    "a property of one's own": ("metadata-text", _changed(lambda writer: writer.add_metadata({"/Sender": CANARY}))),
    "a mobile number in a property": (
        "personal-data-mobile",
        _changed(lambda writer: writer.add_metadata({"/Keywords": "手机：13812347301"})),
    ),
    "a secrecy mark in a bookmark": (
        "secrecy-mark",
        _changed(lambda writer: writer.add_outline_item(title="机密★10年", page_number=0)),
    ),
    "a creator in XMP": (
        "author-named",
        _xmp(f"<dc:creator><rdf:Seq><rdf:li>{CANARY}</rdf:li></rdf:Seq></dc:creator>"),
    ),
    "a description in XMP": ("metadata-text", _xmp(f"<dc:description>{CANARY}</dc:description>")),
    "XMP that is none": ("leftover-data", _xmp(f"<dc:description>{CANARY}")),
    "a bookmark": ("metadata-text", _changed(lambda writer: writer.add_outline_item(title=CANARY, page_number=0))),
    "a label of a page": (
        "metadata-text",
        _in_catalog("/PageLabels", lambda _: _dictionary(Nums=ArrayObject([NumberObject(0), _dictionary(P=CANARY)]))),
    ),
    "the place where a picture was taken": ("picture-data", _picture(exif=_located())),
    "who took a picture": ("picture-data", _picture(exif=_taken_by())),
    "another text for the ear than for the eye": ("text-disputed", lambda: _tagged(CANARY)),
}
"""How a file can tell what its pages do not, the code that says so, and a letter that does it."""
