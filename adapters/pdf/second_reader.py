"""The text of a PDF a second time, read without pdfium: pypdf opens, resolves and inflates, this interprets.

pypdf's own extraction costs 12 to 30 ms a page; which characters stand on which line costs about one. Only what text
needs of a content stream is interpreted (ISO 32000-1, 9.4), and a character that the file does not explain stays
U+FFFD. No text is left out: hidden, covered or white, it is read, because what one reader shows and the other does not
is what this is for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf._codecs import adobe_glyphs
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject

from adapters.pdf.inspection import quiet
from domain.reading.second_reading import Fragment, SecondPage

_MOST_BYTES = 8 * 1024 * 1024
"""Of one page's content, forms included."""
_MOST_OPERATORS = 400_000
_FORM_DEPTH = 8
_UNKNOWN = "\ufffd"

_Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: _Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


class _TooMuchError(ValueError):
    """The page costs more than a letter's page does."""


def second_pages(reader: PdfReader) -> tuple[SecondPage, ...]:
    """Every page as this reader sees it; a page that it cannot read says so. Raises MemoryError only."""
    fonts = _Fonts()
    with quiet():
        return tuple(_page(index, page, fonts) for index, page in enumerate(reader.pages, 1))


def _page(number: int, page: PageObject, fonts: _Fonts) -> SecondPage:
    try:
        interpreter = _Interpreter(fonts)
        contents = page.get_contents()
        if contents is not None:
            interpreter.run(contents.get_data(), _dictionary(page.get("/Resources")), _shown(page), 0)
        return SecondPage(number, tuple(interpreter.closed()))
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - pypdf fails on damaged files with any exception there is
        return SecondPage(number, read=False)


def _shown(page: PageObject) -> _Matrix:
    """From the coordinates of the content stream to those of the page as it is shown (crop box, /Rotate)."""
    box = page.cropbox
    left, bottom, right, top = (float(side) for side in (box.left, box.bottom, box.right, box.top))
    match page.rotation // 90 % 4:
        case 1:
            return 0.0, -1.0, 1.0, 0.0, -bottom, right
        case 2:
            return -1.0, 0.0, 0.0, -1.0, right, top
        case 3:
            return 0.0, 1.0, -1.0, 0.0, top, -left
        case _:
            return 1.0, 0.0, 0.0, 1.0, -left, -bottom


# --- fonts --------------------------------------------------------------------------------------------------------


class _Font:
    """What the strings of one font say, and how far they go."""

    def __init__(self, font: DictionaryObject) -> None:
        self.decode = _decoder(font)
        self._font = font
        self._widths: tuple[dict[int, float], float, int] | None = None

    def advance(self, data: bytes) -> tuple[float, int]:
        """Thousandths of the size, and how many codes there are; looked at only where a string jumps."""
        if self._widths is None:
            self._widths = _widths(self._font)
        widths, default, length = self._widths
        codes = [int.from_bytes(data[at : at + length]) for at in range(0, len(data), length)]
        return sum(widths.get(code, default) for code in codes), len(codes)


def _widths(font: DictionaryObject) -> tuple[dict[int, float], float, int]:
    """Width of each code, of any other, and bytes of a code (ISO 32000-1, 9.2.4 and 9.7.4.3)."""
    if font.get("/Subtype") == "/Type0":
        descendants = _array(font.get("/DescendantFonts"))
        descendant = _dictionary(descendants[0]) if descendants else DictionaryObject()
        own = _cid_widths(_array(descendant.get("/W"))) if str(font.get("/Encoding")).startswith("/Identity") else {}
        return own, float(descendant.get("/DW", 1000)), 2
    matrix = _array(font.get("/FontMatrix"))
    scale = float(matrix[0]) * 1000 if font.get("/Subtype") == "/Type3" and len(matrix) == 6 else 1.0
    first = int(font.get("/FirstChar", 0))
    widths = {first + at: float(width) * scale for at, width in enumerate(_array(font.get("/Widths")))}
    return widths, float(_dictionary(font.get("/FontDescriptor")).get("/MissingWidth", 500)), 1


def _cid_widths(entries: ArrayObject) -> dict[int, float]:
    widths: dict[int, float] = {}
    rest = [entry.get_object() for entry in entries]
    while len(rest) >= 2:
        first = int(rest[0])
        if isinstance(rest[1], ArrayObject):
            widths.update((first + at, float(width)) for at, width in enumerate(rest[1]))
            del rest[:2]
        elif len(rest) >= 3 and int(rest[1]) - first < _MOST_CODES:
            widths.update(dict.fromkeys(range(first, int(rest[1]) + 1), float(rest[2])))
            del rest[:3]
        else:
            break
    return widths


class _Fonts:
    """Each font of the file once; pages share them."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], _Font] = {}

    def font(self, reference: Any) -> _Font:
        """The font that a page names."""
        if not isinstance(reference, IndirectObject):
            return _Font(_dictionary(reference))
        key = reference.idnum, reference.generation
        if key not in self._known:
            self._known[key] = _Font(_dictionary(reference))
        return self._known[key]


# ISO 32000-1, table 118: predefined CMaps, by the encoding of their codes.
_CODECS = (
    (re.compile(r"/GBK2K-"), "gb18030"),
    (re.compile(r"/GB(?:Kp?|pc)?-EUC-"), "gbk"),
    (re.compile(r"/Uni(?:GB|CNS|JIS|KS)(?:2004)?-(?:UCS2|UTF16)-"), "utf-16-be"),
    (re.compile(r"/Uni(?:GB|CNS|JIS|KS)-UTF8-"), "utf-8"),
    (re.compile(r"/Uni(?:GB|CNS|JIS|KS)-UTF32-"), "utf-32-be"),
    (re.compile(r"/(?:B5pc|ETen-B5)-"), "big5"),
)
_SIMPLE = {"/WinAnsiEncoding": "cp1252", "/MacRomanEncoding": "mac_roman"}


def _decoder(font: DictionaryObject) -> Callable[[bytes], str]:
    unicode = font.get("/ToUnicode")
    unicode = unicode.get_object() if unicode is not None else None
    mapping = _CMap.parsed(unicode.get_data()) if isinstance(unicode, StreamObject) else None
    if font.get("/Subtype") == "/Type0":
        return _composite(font, mapping)
    return _simple(font, mapping)


def _composite(font: DictionaryObject, mapping: _CMap | None) -> Callable[[bytes], str]:
    if mapping is not None:
        encoding = str(font.get("/Encoding"))
        # Identity and an embedded CMap say how long a code is by what ToUnicode covers; Identity is always two.
        return mapping.decoder(2 if encoding.startswith("/Identity") else mapping.width or 2)
    encoding = str(font.get("/Encoding"))
    codec = next((codec for pattern, codec in _CODECS if pattern.match(encoding)), None)
    if codec is None:
        return lambda data: _UNKNOWN * (len(data) // 2)
    return lambda data: data.decode(codec, "replace")


def _simple(font: DictionaryObject, mapping: _CMap | None) -> Callable[[bytes], str]:
    known = dict(mapping.texts) if mapping is not None else {}

    def decode(data: bytes) -> str:
        try:
            return "".join([known[code] for code in data])
        except KeyError:  # the encoding is looked at only where ToUnicode leaves a code out
            known.update({code: text for code, text in enumerate(_encoding(font)) if code not in known})
            return decode(data)

    return decode


def _encoding(font: DictionaryObject) -> list[str]:
    entry = font.get("/Encoding")
    encoding = entry.get_object() if entry is not None else None
    differences = encoding if isinstance(encoding, DictionaryObject) else DictionaryObject()
    base = differences.get("/BaseEncoding") if differences else encoding
    codec = _SIMPLE.get(str(base), "cp1252" if _is_latin(font) else "")
    table = [bytes([code]).decode(codec, "replace") for code in range(256)] if codec else [_UNKNOWN] * 256
    at = 0
    for item in _array(differences.get("/Differences")):
        if isinstance(item, int):
            at = int(item)
        elif at < 256:
            table[at] = _glyph(str(item))
            at += 1
    return table


def _is_latin(font: DictionaryObject) -> bool:
    """Without an embedded program and without being symbolic, a font without an encoding is a Latin one."""
    descriptor = _dictionary(font.get("/FontDescriptor"))
    symbolic = int(descriptor.get("/Flags", 0)) & 4
    return not symbolic and font.get("/Subtype") != "/Type3"


_GLYPH_CODE = re.compile(r"/(?:uni|u)([0-9A-Fa-f]{4,6})(?:\..*)?")


def _character(code: int) -> str:
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else _UNKNOWN


def _glyph(name: str) -> str:
    if match := _GLYPH_CODE.fullmatch(name):
        return _character(int(match[1], 16))
    return adobe_glyphs.get(name, _UNKNOWN)


_BLOCK = re.compile(rb"begin(codespacerange|bfchar|bfrange)(.*?)end(?:codespacerange|bfchar|bfrange)", re.DOTALL)
_HEX = re.compile(rb"<([0-9A-Fa-f\s]*)>")
_RANGE = re.compile(
    rb"<([0-9A-Fa-f\s]*)>\s*<([0-9A-Fa-f\s]*)>\s*(?:<([0-9A-Fa-f\s]*)>|\[((?:\s*<[0-9A-Fa-f\s]*>)*)\s*\])"
)
_MOST_CODES = 70_000


@dataclass(slots=True)
class _CMap:
    """ToUnicode (ISO 32000-1, 9.10.3): from codes to characters."""

    texts: dict[int, str] = field(default_factory=dict)
    width: int = 0
    """Bytes of a code; 0 where they differ or are not said."""

    @classmethod
    def parsed(cls, data: bytes) -> _CMap:
        found = cls()
        widths = set()
        for block in _BLOCK.finditer(data):
            match block[1]:
                case b"codespacerange":
                    widths |= {len(_packed(code)) // 2 for code in _HEX.findall(block[2])}
                case b"bfchar":
                    codes = _HEX.findall(block[2])
                    for code, text in zip(codes[::2], codes[1::2], strict=False):
                        found.texts[int(code, 16)] = _utf16(text)
                case _:
                    found._ranges(block[2])
        found.width = widths.pop() if len(widths) == 1 else 0
        return found

    def _ranges(self, data: bytes) -> None:
        for match in _RANGE.finditer(data):
            first, last = int(match[1], 16), int(match[2], 16)
            if last - first > _MOST_CODES or len(self.texts) > _MOST_CODES:
                raise _TooMuchError
            if match[3] is None:
                texts = [_utf16(text) for text in _HEX.findall(match[4])]
                self.texts.update(zip(range(first, last + 1), texts, strict=False))
                continue
            text = _utf16(match[3])
            stem, end = text[:-1], ord(text[-1]) if text else 0
            for offset, code in enumerate(range(first, last + 1)):
                self.texts[code] = stem + _character(end + offset)

    def decoder(self, width: int) -> Callable[[bytes], str]:
        """For codes of that many bytes."""
        texts = {code.to_bytes(width): text for code, text in self.texts.items() if code < 256**width}
        get = texts.get

        def decode(data: bytes) -> str:
            if len(data) == width:
                return get(data, _UNKNOWN)
            return "".join([get(data[at : at + width], _UNKNOWN) for at in range(0, len(data), width)])

        return decode


def _packed(digits: bytes) -> bytes:
    return bytes(digits.translate(None, b" \t\r\n\f\0"))


def _utf16(digits: bytes) -> str:
    if len(digits) == 4 and digits[:1] not in b"dD":
        return chr(int(digits, 16))
    packed = _packed(digits)
    return bytes.fromhex((packed + b"0" * (-len(packed) % 4)).decode()).decode("utf-16-be", "replace")


# --- content streams ----------------------------------------------------------------------------------------------

_STRING = rb"\((?:[^()\\]++|\\[\s\S]|\((?:[^()\\]++|\\[\s\S]|\((?:[^()\\]++|\\[\s\S])*+\))*+\))*+\)"
# One instruction: a name, numbers or what is to be shown, and the operator. What matches nothing else is passed over.
_INSTRUCTION = re.compile(
    rb"(?:(?P<name>/[^\s()<>\[\]{}/%]++)\s*+)?(?P<numbers>(?:[-+.0-9]++\s*+)*+)"
    rb"(?:(?P<shown>\[(?:[^\[\]()]++|" + _STRING + rb")*+\]|" + _STRING + rb"|<[0-9A-Fa-f\s]*+>)\s*+)?"
    rb"(?P<operator>[A-Za-z'\"][A-Za-z0-9*'\"]*+)"
    rb"|%[^\r\n]*+|" + _STRING + rb"|/[^\s()<>\[\]{}/%]*+|[-+.0-9]++|<[0-9A-Fa-f\s]*+>|<<|>>|[\[\]{}]"
)
_OF_CONCERN = frozenset(b"Tj TJ ' \" Td TD Tm T* Tf TL Tc Tz Ts BT q Q cm gs Do ID".split())
_SHOWN_STRING = re.compile(rb"(" + _STRING + rb")|<([0-9A-Fa-f\s]*)>")
_ELEMENT = re.compile(
    rb"(?P<literal>" + _STRING + rb")|<(?P<digits>[0-9A-Fa-f\s]*)>|(?P<number>[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+))"
)
_JUMP = re.compile(rb"[-+]?[0-9]{3,}")
_JUMPED = 400.0
"""Thousandths of the size: kerning is less, room for a character is more."""
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|\r\n|[\s\S])")
_ESCAPES = {f"{code:0{width}o}".encode(): bytes([code & 0xFF]) for width in (1, 2, 3) for code in range(8**width)}
_ESCAPES |= {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\n": b"", b"\r": b"", b"\r\n": b""}
_IMAGE_END = re.compile(rb"[\s]EI(?=[\s]|$)")


@dataclass(slots=True)
class _State:
    """What q saves and Q brings back."""

    matrix: _Matrix
    font: _Font | None = None
    size: float = 0.0
    spacing: float = 0.0
    stretch: float = 1.0
    leading: float = 0.0
    rise: float = 0.0

    def copy(self) -> _State:
        return _State(self.matrix, self.font, self.size, self.spacing, self.stretch, self.leading, self.rise)


class _Interpreter:
    """One page: its content stream, and the forms that it draws."""

    def __init__(self, fonts: _Fonts) -> None:
        self._fonts = fonts
        self._fragments: list[Fragment] = []
        self._texts: list[str] = []
        self._before: list[tuple[_Font | None, float, float, float, bytes]] = []
        self._moved = True
        self._line: _Matrix = _IDENTITY
        self._bytes = self._operators = 0

    def closed(self) -> list[Fragment]:
        """What was seen, in the order of drawing."""
        self._close()
        return self._fragments

    def run(self, data: bytes, resources: Mapping[str, Any], matrix: _Matrix, depth: int) -> None:
        """Interpret one stream. Raises _TooMuchError where it costs more than a letter's page does."""
        self._bytes += len(data)
        if self._bytes > _MOST_BYTES or depth > _FORM_DEPTH:
            raise _TooMuchError
        fonts, forms = _dictionary(resources.get("/Font")), _dictionary(resources.get("/XObject"))
        state, saved = _State(matrix), list[_State]()
        for operator, name, numbers, shown in _instructions(data):
            self._operators += 1
            if self._operators > _MOST_OPERATORS:
                raise _TooMuchError
            match operator:
                case b"Tj" | b"TJ":
                    self._show(state, shown)
                case b"Td":
                    self._move(*_floats(numbers, 2))
                case b"TD":
                    x, y = _floats(numbers, 2)
                    state.leading = -y
                    self._move(x, y)
                case b"Tm":
                    self._line, self._moved = _matrix(numbers), True
                case b"Tf":
                    state.font = self._fonts.font(fonts.raw_get(name))
                    (state.size,) = _floats(numbers, 1)
                case b"BT":
                    self._line, self._moved = _IDENTITY, True
                case b"T*":
                    self._move(0.0, -state.leading)
                case b"'" | b'"':
                    self._move(0.0, -state.leading)
                    self._show(state, shown)
                case b"TL":
                    (state.leading,) = _floats(numbers, 1)
                case b"Tc":
                    (state.spacing,) = _floats(numbers, 1)
                case b"Tz":
                    state.stretch = _floats(numbers, 1)[0] / 100
                case b"Ts":
                    (state.rise,) = _floats(numbers, 1)
                    self._moved = True
                case b"q":
                    saved.append(state.copy())
                case b"Q" if saved:
                    state, self._moved = saved.pop(), True
                case b"cm":
                    state.matrix, self._moved = _product(_matrix(numbers), state.matrix), True
                case b"gs":
                    self._font_of_state(state, resources, name)
                case b"Do":
                    self._form(forms.get(name), state, resources, depth)

    def _font_of_state(self, state: _State, resources: Mapping[str, Any], name: str) -> None:
        """A graphics state may bring a font (ISO 32000-1, table 58)."""
        states = _dictionary(resources.get("/ExtGState"))
        font = _array(_dictionary(states.get(name)).get("/Font"))
        if len(font) == 2:
            state.font, state.size = self._fonts.font(font[0]), float(font[1])

    def _form(self, entry: Any, state: _State, resources: Mapping[str, Any], depth: int) -> None:
        form = entry.get_object() if entry is not None else None
        if not isinstance(form, StreamObject) or form.get("/Subtype") != "/Form":
            return
        matrix = _array(form.get("/Matrix"))
        own = _six(matrix) if len(matrix) == 6 else _IDENTITY
        line, self._moved = self._line, True
        own_resources = _dictionary(form["/Resources"]) if "/Resources" in form else resources
        self.run(form.get_data(), own_resources, _product(own, state.matrix), depth + 1)
        self._line, self._moved = line, True

    def _move(self, x: float, y: float) -> None:
        a, b, c, d, e, f = self._line
        self._line, self._moved = (a, b, c, d, x * a + y * c + e, x * b + y * d + f), True

    def _show(self, state: _State, shown: bytes) -> None:
        decode = state.font.decode if state.font else _undecoded
        if self._moved:
            self._close()
            self._open(state, 0.0)
            self._before.clear()
        if shown[:1] == b"[":
            if _JUMP.search(shown):
                self._show_apart(state, shown)
            else:
                self._texts.append("".join([decode(_string(*match)) for match in _SHOWN_STRING.findall(shown)]))
        elif shown[:1] == b"(":
            self._texts.append(decode(_string(shown, b"")))
        else:
            self._texts.append(decode(_string(b"", shown[1:-1])))
        self._before.append((state.font, state.size, state.spacing, state.stretch, shown))

    def _show_apart(self, state: _State, shown: bytes) -> None:
        """An array that leaves room for what is drawn later, in another font: each part stands at its own place."""
        decode = state.font.decode if state.font else _undecoded
        along = sum(_advance(*each) for each in self._before)
        for match in _ELEMENT.finditer(shown):
            if match["number"] is None:
                self._texts.append(decode(_string(match["literal"] or b"", match["digits"] or b"")))
            along += _advance(state.font, state.size, state.spacing, state.stretch, match[0])
            if match["number"] is not None and abs(float(match["number"])) >= _JUMPED:
                self._close()
                self._open(state, along)

    def _open(self, state: _State, along: float) -> None:
        a, b, c, d, x, y = _product((1.0, 0.0, 0.0, 1.0, along, state.rise), _product(self._line, state.matrix))
        size = abs(state.size) * ((c * c + d * d) ** 0.5 or 1.0)
        upright = a * state.size > 0 and abs(b) < abs(a) / 10
        self._place, self._moved = (x, y, size, upright), False

    def _close(self) -> None:
        if text := "".join(self._texts):
            self._fragments.append(Fragment(text, *self._place))
        self._texts.clear()

    _place: tuple[float, float, float, bool] = (0.0, 0.0, 0.0, True)


def _instructions(data: bytes) -> Iterator[tuple[bytes, str, bytes, bytes]]:
    """Operator, name, numbers and what is shown, of each instruction that text depends on."""
    at = 0
    while at < len(data):
        for match in _INSTRUCTION.finditer(data, at):
            operator = match["operator"]
            if operator not in _OF_CONCERN:
                continue
            if operator == b"ID":  # the bytes of an inline image follow
                end = _IMAGE_END.search(data, match.end())
                at = end.end() if end else len(data)
                break
            name, numbers, shown = match["name"], match["numbers"], match["shown"]
            yield operator, name.decode("latin-1") if name else "", numbers, shown or b""
        else:
            return


def _floats(numbers: bytes, count: int) -> list[float]:
    """The last so many operands. Raises ValueError where there are fewer, or one is no number."""
    found = list(map(float, numbers.split()[-count:]))
    if len(found) < count:
        raise ValueError("operands missing")
    return found


def _matrix(numbers: bytes) -> _Matrix:
    a, b, c, d, e, f = _floats(numbers, 6)
    return a, b, c, d, e, f


def _string(literal: bytes, digits: bytes) -> bytes:
    if not literal:
        try:
            return bytes.fromhex(digits.decode("ascii"))
        except ValueError:  # white space within a code, or its last digit is left out
            packed = _packed(digits)
            return bytes.fromhex((packed + b"0" * (len(packed) % 2)).decode())
    inner = literal[1:-1]
    return _ESCAPE.sub(_unescaped, inner) if b"\\" in inner else inner


def _unescaped(match: re.Match[bytes]) -> bytes:
    return _ESCAPES.get(match[1], match[1])


def _advance(font: _Font | None, size: float, spacing: float, stretch: float, shown: bytes) -> float:
    """How far the pen goes along the line (ISO 32000-1, 9.4.4)."""
    along = 0.0
    for match in _ELEMENT.finditer(shown):
        if match["number"] is not None:
            along -= float(match["number"]) / 1000 * size
        elif font is not None:
            width, codes = font.advance(_string(match["literal"] or b"", match["digits"] or b""))
            along += width / 1000 * size + codes * spacing
    return along * stretch


def _undecoded(data: bytes) -> str:
    return _UNKNOWN * len(data)


def _product(one: _Matrix, other: _Matrix) -> _Matrix:
    a, b, c, d, e, f = one
    g, h, i, j, k, m = other
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def _six(values: ArrayObject) -> _Matrix:
    a, b, c, d, e, f = (float(value) for value in values)
    return a, b, c, d, e, f


def _dictionary(value: Any) -> DictionaryObject:
    direct = value.get_object() if value is not None else None
    return direct if isinstance(direct, DictionaryObject) else DictionaryObject()


def _array(value: Any) -> ArrayObject:
    direct = value.get_object() if value is not None else None
    return direct if isinstance(direct, ArrayObject) else ArrayObject()
