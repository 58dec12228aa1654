"""The same words written differently: width, letter-spacing, invisible characters."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_CJK = (
    (0x2E80, 0x303F),  # radicals, CJK punctuation and brackets
    (0x3040, 0x30FF),
    (0x3400, 0x9FFF),
    (0xF900, 0xFAFF),
    (0xFE30, 0xFE6F),
    (0xFF00, 0xFFEF),
    (0x20000, 0x3FFFF),
)

# Fonts share one glyph for a character and for the radical that looks like it, and programs such as Chromium then
# write the radical. NFKC knows the KangXi radicals; these of the supplement it leaves alone.
RADICALS = str.maketrans(
    "⺁⺇⺋⺎⺗⺟⺠⺫⺬⺮⺶⺼⺾⻁⻂⻄⻅⻆⻉⻋⻌⻍⻏⻒⻓⻔⻖⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻪⻬⻮⻰⻳",
    "厂几㔾兀㣺母民罒示竹羊月艹虎衤西见角贝车辶辶阝镸长门阝青韦页风飞食马骨鬼鱼鸟卤麦黄黾齐齿龙龟",
)


def bare(text: str) -> str:
    """The words alone, to be looked up in a table: one width, no white space, nothing invisible."""
    return _bare_line(text) if len(text) <= _LINE else _bare(text)


def _bare(text: str) -> str:
    words = unicodedata.normalize("NFKC", text)
    # What is printable holds no control, no format character, and of all spaces only the common one.
    return words if words.isprintable() and " " not in words else words.translate(_VISIBLE)


_LINE = 200
"""Longer texts are asked for once; a line is asked for by everyone who looks at it."""
_bare_line = lru_cache(maxsize=512)(_bare)


def folded(text: str) -> str:
    """One width for digits, letters and signs, character by character, so that every offset stays what it was."""
    return text.translate(_FOLDED)


def joined(text: str) -> str:
    """Without the white space that letter-spacing or a line break put between Chinese characters and figures.

    Between two words of Latin letters one space remains.
    """
    kept: list[str] = []
    words = "".join(char for char in text if char.isspace() or not _blank(char)).split()
    for word in words:
        if kept and _latin(kept[-1][-1]) and _latin(word[0]):
            kept.append(" ")
        kept.append(word)
    return "".join(kept)


@lru_cache(maxsize=8192)
def is_chinese(char: str) -> bool:
    """Whether it is a Chinese character or full-width sign."""
    return any(first <= ord(char) <= last for first, last in _CJK)


def _latin(char: str) -> bool:
    return not is_chinese(char) and char.isalpha()


@lru_cache(maxsize=8192)
def _blank(char: str) -> bool:
    # Cc, Cf: controls and zero-width marks; Z*: every kind of space. A soft hyphen or a joiner is no letter.
    return char.isspace() or unicodedata.category(char) in {"Cc", "Cf", "Zs", "Zl", "Zp"}


class _Visible(dict[int, int | None]):
    """Each character to itself, or to nothing; looked up once, because letters are long and say the same often."""

    def __missing__(self, code: int) -> int | None:
        self[code] = None if _blank(chr(code)) else code
        return self[code]


class _Folded(dict[int, int]):
    def __missing__(self, code: int) -> int:
        wide = unicodedata.normalize("NFKC", chr(code))
        self[code] = ord(wide) if len(wide) == 1 else code
        return self[code]


_VISIBLE, _FOLDED = _Visible(), _Folded()
