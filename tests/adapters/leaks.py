"""Letters that give away what nobody sees on their pages, each in one way and each with the same secret in it."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import Any

from PIL import Image, ImageDraw
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, NameObject, RectangleObject
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from samples.typefaces import Face, register

CANARY = "Canary 7301 sings"
_WIDTH, _HEIGHT = 595.28, 841.89
_AT = (90.0, 300.0)


def letter(draw: Callable[[Canvas], None] | None = None, *, after: Callable[[Canvas], None] | None = None) -> bytes:
    """One page of ordinary lines; `draw` comes before them and `after` behind."""
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=(_WIDTH, _HEIGHT), invariant=1)
    if draw:
        draw(canvas)
    canvas.setFont(register(Face.BODY), 16)
    for number in range(10):
        canvas.drawString(72, 720 - 28 * number, "您提出的建议收悉，现将有关工作情况答复如下。")
    if after:
        after(canvas)
    canvas.save()
    return target.getvalue()


def rewritten(data: bytes, change: Callable[[PdfWriter], None]) -> bytes:
    """The same file, changed by pypdf."""
    writer = PdfWriter(clone_from=io.BytesIO(data))
    change(writer)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def appended(content: bytes, resources: Callable[[PdfWriter, Any], None] | None = None) -> bytes:
    """The letter, and operators behind its own; the font /F1 is there."""

    def change(writer: PdfWriter) -> None:
        page = writer.pages[0]
        more = DecodedStreamObject()
        more.set_data(b"q " + content + b" Q")
        page[NameObject("/Contents")] = ArrayObject([page.raw_get("/Contents"), writer._add_object(more)])
        if resources:
            resources(writer, page["/Resources"])

    return rewritten(letter(), change)


def show(text: str = CANARY, size: float = 14.0, at: tuple[float, float] = _AT, before: str = "") -> bytes:
    """Operators that show a text."""
    return f"BT /F1 {size} Tf {before} {at[0]} {at[1]} Td ({text}) Tj ET".encode()


def _say(canvas: Canvas, size: float = 14.0, at: tuple[float, float] = _AT) -> None:
    canvas.setFont("Times-Roman", size)
    canvas.drawString(*at, CANARY)


def _white(canvas: Canvas) -> None:
    canvas.setFillGray(1)
    _say(canvas)


def _nearly_white(canvas: Canvas) -> None:
    canvas.setFillGray(0.97)
    _say(canvas)


def _on_its_own_colour(canvas: Canvas) -> None:
    canvas.setFillColorRGB(0.1, 0.2, 0.6)
    canvas.rect(80, 290, 200, 40, stroke=0, fill=1)
    _say(canvas)


def _boxed(grey: float) -> Callable[[Canvas], None]:
    def draw(canvas: Canvas) -> None:
        _say(canvas)
        canvas.setFillGray(grey)
        canvas.rect(80, 290, 200, 40, stroke=0, fill=1)

    return draw


def noise(width: int = 120, height: int = 40) -> ImageReader:
    """A photograph of nothing in particular."""
    image = Image.effect_noise((width, height), 90).convert("RGB")
    return ImageReader(image)


def _under_a_picture(canvas: Canvas) -> None:
    _say(canvas)
    canvas.drawImage(noise(), 80, 290, 200, 40)


def _off_page(canvas: Canvas) -> None:
    _say(canvas, at=(90, -40))


def _tiny(canvas: Canvas) -> None:
    _say(canvas, size=0.3)


def _transparent(canvas: Canvas) -> None:
    canvas.setFillAlpha(0)
    _say(canvas)


def _overlaid(canvas: Canvas) -> None:
    _say(canvas)
    canvas.drawString(*_AT, "Nothing is to see")


def _cropped(writer: PdfWriter) -> None:
    writer.pages[0].cropbox = RectangleObject((0, 400, 595, 842))


def _without_extent(writer: PdfWriter) -> None:
    writer.pages[0].cropbox = writer.pages[0].mediabox = RectangleObject((0, 0, 0.001, 842))


def _turned(writer: PdfWriter) -> None:
    writer.pages[0].rotate(90)


def in_a_form(content: bytes) -> bytes:
    """The letter, and a form XObject that draws the content."""

    def resources(writer: PdfWriter, own: DictionaryObject) -> None:
        form = DecodedStreamObject()
        form.update(
            {
                NameObject("/Type"): NameObject("/XObject"),
                NameObject("/Subtype"): NameObject("/Form"),
                NameObject("/BBox"): RectangleObject((0, 0, 595, 842)),
                NameObject("/Resources"): DictionaryObject({NameObject("/Font"): own["/Font"]}),
            }
        )
        form.set_data(content)
        own[NameObject("/XObject")] = DictionaryObject({NameObject("/X"): writer._add_object(form)})

    return appended(b"/X Do", resources)


def scan(*, redacted: bool = False, layer: bool = True, mode: int = 3) -> bytes:
    """A page that is a picture of text, and the layer of recognised text behind it."""
    picture = Image.new("L", (1190, 1684), 255)
    brush = ImageDraw.Draw(picture)
    for line in range(12):
        brush.text((144, 244 + 48 * line), "Your proposal was read with care.", fill=0, font_size=28)
    brush.text((180, 1060), CANARY, fill=0, font_size=28)
    if redacted:
        brush.rectangle((160, 1050, 560, 1110), fill=0)
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=(595, 842), invariant=1)
    if mode == 3:
        canvas.drawImage(ImageReader(picture), 0, 0, 595, 842)
    if layer:
        for line in range(12):
            _recognised(canvas, "Your proposal was read with care.", 72, 842 - (244 + 48 * line + 24) / 2, 204, mode)
        _recognised(canvas, CANARY, 90, 842 - (1060 + 24) / 2, 112, mode)
    if mode != 3:
        canvas.drawImage(ImageReader(picture), 0, 0, 595, 842)
    canvas.save()
    return target.getvalue()


def _recognised(canvas: Canvas, text: str, x: float, y: float, width: float, mode: int) -> None:
    words = canvas.beginText(x, y)
    words.setFont("Times-Roman", 13)
    words.setTextRenderMode(mode)
    words.setHorizScale(100 * width / canvas.stringWidth(text, "Times-Roman", 13))
    words.textOut(text)
    canvas.drawText(words)


UNSEEN: Mapping[str, tuple[str, Callable[[], bytes]]] = {
    "white": ("text-hidden", lambda: letter(after=_white)),
    "nearly white": ("text-hidden", lambda: letter(after=_nearly_white)),
    "in the colour of its ground": ("text-hidden", lambda: letter(after=_on_its_own_colour)),
    "under a black box": ("text-hidden", lambda: letter(after=_boxed(0))),
    "under a white box": ("text-hidden", lambda: letter(after=_boxed(1))),
    "under a picture": ("text-hidden", lambda: letter(after=_under_a_picture)),
    "in render mode 3": ("text-hidden", lambda: appended(show(before="3 Tr"))),
    "as a clipping path": ("text-hidden", lambda: appended(show(before="7 Tr"))),
    "transparent": ("text-hidden", lambda: letter(after=_transparent)),
    "clipped": ("text-hidden", lambda: appended(b"300 300 9 9 re W n " + show(at=(20, 200)))),
    "in a form under a box": ("text-hidden", lambda: in_a_form(show() + b" 0 g 80 290 200 40 re f")),
    "white on a turned page": ("text-hidden", lambda: rewritten(letter(after=_white), _turned)),
    "recognised under a black box on a scan": ("text-hidden", lambda: scan(redacted=True)),
    "off the page": ("text-off-page", lambda: letter(after=_off_page)),
    "cropped": ("text-off-page", lambda: rewritten(letter(after=_say), _cropped)),
    "on a page without extent": ("text-off-page", lambda: rewritten(letter(after=_say), _without_extent)),
    "tiny": ("text-tiny", lambda: letter(after=_tiny)),
    "two texts in one place": ("text-overlaid", lambda: letter(after=_overlaid)),
}
"""How a text can be in the file and not on the page, the code that says so, and a letter that does it."""


def _every_size(canvas: Canvas) -> None:
    for number, size in enumerate((4, 5, 6, 7, 8, 9, 10.5, 12, 16, 22)):
        canvas.setFont("Times-Roman", size)
        canvas.drawString(90, 60 + 30 * number, "a . b , c ; d : e ' f - g _ h ` i ... l | j")


def _table_head(canvas: Canvas) -> None:
    canvas.setFillColorRGB(0.1, 0.2, 0.6)
    canvas.rect(80, 290, 200, 40, stroke=0, fill=1)
    canvas.setFillGray(1)
    _say(canvas)


def _grey_note(canvas: Canvas) -> None:
    canvas.setFillGray(0.6)
    _say(canvas, size=7)


def _bold_by_repetition(canvas: Canvas) -> None:
    _say(canvas)
    _say(canvas, at=(_AT[0] + 0.3, _AT[1]))


def _under_a_seal(canvas: Canvas) -> None:
    _say(canvas)
    canvas.setStrokeColorRGB(0.86, 0.08, 0.1)
    canvas.setLineWidth(2.6)
    canvas.circle(150, 305, 58, stroke=1, fill=0)


def _watermark(canvas: Canvas) -> None:
    canvas.saveState()
    canvas.setFillGray(0.85)
    canvas.setFont("Times-Roman", 90)
    canvas.translate(150, 300)
    canvas.rotate(45)
    canvas.drawString(0, 0, "PUBLIC")
    canvas.restoreState()


SEEN: Mapping[str, Callable[[], bytes]] = {
    "plain": letter,
    "punctuation of every size": lambda: letter(after=_every_size),
    "white on a dark ground": lambda: letter(after=_table_head),
    "a small grey note": lambda: letter(after=_grey_note),
    "bold by repetition": lambda: letter(after=_bold_by_repetition),
    "under the ring of a seal": lambda: letter(after=_under_a_seal),
    "over a watermark": lambda: letter(_watermark),
    "on a turned page": lambda: rewritten(letter(after=_say), _turned),
    "in a form": lambda: in_a_form(show()),
    "a scan with its recognised text": scan,
    "a scan laid over its recognised text": lambda: scan(mode=0),
}
"""What every reader sees, however it was made."""
