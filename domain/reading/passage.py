"""A stretch of text that still knows where each of its characters stands."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

from domain.reading.line import Line, is_wide
from domain.reading.place import Box, Seen
from domain.reading.spelling import folded, joined


@dataclass(frozen=True, slots=True)
class Passage:
    """One or several lines, one after the other, as a paragraph or a field has them.

    `raw` has a line end between two lines. Patterns are matched on `bare`, where widths are folded and white space is
    gone, because letters are spaced and lines broken anywhere; what matched is shown as it stood.
    """

    lines: tuple[Line, ...]
    raw: str = field(init=False)
    bare: str = field(init=False)
    _starts: tuple[int, ...] = field(init=False, repr=False)
    _places: tuple[int, ...] = field(init=False, repr=False)
    """The place in `raw` of each character of `bare`."""

    def __post_init__(self) -> None:
        raw = "\n".join(line.text for line in self.lines)
        wide = folded(raw)
        places: list[int] = []
        words = []
        for word in _WORDS.finditer(wide):
            words.append(word[0])
            places += range(*word.span())
        object.__setattr__(self, "raw", raw)
        object.__setattr__(self, "bare", "".join(words).translate(_BRACKETS))
        object.__setattr__(self, "_places", tuple(places))
        lengths = (len(line.text) + 1 for line in self.lines)
        object.__setattr__(self, "_starts", (0, *accumulate(lengths))[:-1])

    @property
    def page(self) -> int:
        """The page on which it begins."""
        return self.lines[0].page

    @property
    def boxes(self) -> tuple[Box, ...]:
        """One box for each page that it touches."""
        boxes: dict[int, Box] = {}
        for line in self.lines:
            box = line.box()
            boxes[line.page] = boxes[line.page].union(box) if line.page in boxes else box
        return tuple(boxes.values())

    def seen(self, start: int = 0, end: int | None = None, *, text: str | None = None) -> Seen:
        """The characters of `bare` from `start` up to `end` as evidence; `text` says it better than they do."""
        end = len(self.bare) if end is None else end
        if start >= end:
            where = self._places[min(start, len(self._places) - 1)] if self._places else 0
            return Seen(text or "", "", self._box(where, where + 1), self.lines[0].reader, self._confidence())
        first, last = self._places[start], self._places[end - 1] + 1
        raw = self.raw[first:last]
        shown = joined(raw) if text is None else text
        raw = self._letter_spaced(first, last) or raw
        return Seen(shown, raw, self._box(first, last), self.lines[0].reader, self._confidence())

    def seen_group(self, match: re.Match[str], group: str | int = 0) -> Seen:
        """What a pattern found in `bare`."""
        return self.seen(*match.span(group))

    def cut(self, start: int, end: int) -> Passage | None:
        """The part from `start` up to `end` of `bare`, as a passage; None if nothing stands there."""
        if start >= end:
            return None
        first, last = self._places[start], self._places[end - 1] + 1
        parts = (
            line.part(max(0, first - begins), min(len(line.text), last - begins))
            for begins, line in zip(self._starts, self.lines, strict=True)
            if begins < last and first < begins + len(line.text)
        )
        return Passage(tuple(part for part in parts if part is not None))

    def _box(self, first: int, last: int) -> Box | None:
        box: Box | None = None
        at = bisect_right(self._starts, first) - 1
        for begins, line in zip(self._starts[at:], self.lines[at:], strict=True):
            if begins >= last or line.page != self.lines[at].page:
                break
            start = max(0, first - begins)
            end = min(len(line.text), last - begins)
            if start < end:
                box = line.box(start, end) if box is None else box.union(line.box(start, end))
        return box

    def _letter_spaced(self, first: int, last: int) -> str | None:
        """采 纳 解 决 as it stands on the page, where its letters are spaced by their places alone; else None."""
        at = bisect_right(self._starts, first) - 1
        line, start, end = self.lines[at], first - self._starts[at], last - self._starts[at]
        if end > len(line.text) or end - start < _LETTER_SPACED_LEAST or not all(map(is_wide, line.text[start:end])):
            return None
        gaps = (line.lefts[place + 1] - line.rights[place] for place in range(start, end - 1))
        return " ".join(line.text[start:end]) if min(gaps) >= _LETTER_SPACING * line.size else None

    def _confidence(self) -> float:
        return min(line.confidence for line in self.lines)


_WORDS = re.compile(r"[^\s\u200b\ufeff]+")
_BRACKETS = str.maketrans("［］【】﹝﹞", "[][]〔〕")


@dataclass(frozen=True, slots=True)
class Spacing:
    """How one letter treats its Latin words, which tells what belongs where a line ends at one."""

    script_spaces: bool = False
    """It writes a space between Chinese and Latin, so one is owed where a line ended there."""
    breaks_words: bool = False
    """Its program breaks lines anywhere, even within a number."""
    words: frozenset[str] = frozenset()
    """Words and pairs of words that stand within lines."""

    @classmethod
    def of(cls, lines: Sequence[Line], paragraphs: Iterable[Sequence[Line]]) -> Spacing:
        """What the lines show where no line ends."""
        seams = (pair for own in paragraphs for pair in pairwise(own))
        breaks = any(last.text[-1].isdigit() and line.text[0].isdigit() for last, line in seams)
        words = frozenset(match[1] for line in lines for match in _WITHIN.finditer(line.text))
        return cls(_writes_script_spaces(lines), breaks, words)


def whole_text(lines: Sequence[Line], spacing: Spacing | None = None) -> str:
    """The lines as one paragraph: no white space between Chinese characters, one space between Latin words."""
    spacing = spacing or Spacing()
    text = lines[0].text
    for last, line in pairwise(lines):
        edge = max(each.right for each in lines if each.page == last.page)
        has_room = edge - last.right > _ROOM_FOR_ONE * last.size
        text += _seam(text, line.text, spacing, has_room=has_room) + line.text
    return tidy(text)


def tidy(text: str) -> str:
    """Without white space between Chinese characters, and no more than one space elsewhere."""
    if not _SPACE.search(text):
        return text
    words = _SPACE.split(text)
    kept = words[0]
    for word in words[1:]:
        if kept and word:
            kept += "" if is_wide(kept[-1]) and is_wide(word[0]) else " "
        kept += word
    return kept


_LETTER_SPACING, _LETTER_SPACED_LEAST = 0.2, 3
"""Gaps of this part of the size between all letters, and so many letters at least, are a way of writing."""
_ROOM_FOR_ONE = 0.6
"""In characters: where so much is free, a line did not end for want of room within a word."""
_SPACE = re.compile(r"[\s\u200b\ufeff]+")


def _seam(before: str, after: str, spacing: Spacing, *, has_room: bool) -> str:
    """What belongs between two lines of one paragraph."""
    last, first = before[-1], after[0]
    if not last.isalnum() or not first.isalnum():
        return ""
    chinese = is_wide(last) + is_wide(first)
    if chinese == 1:
        return " " if spacing.script_spaces else ""
    if chinese or (last.isdigit() and first.isdigit()):
        return ""  # a number broken by the end of a line is one number
    tail, head = _TAIL.search(before[-_WORD_LENGTH:]), _HEAD.match(after)
    if tail is None or head is None or _ADDRESS.search(tail[0]) or tail[0] + head[0] in spacing.words:
        return ""
    if f"{tail[0]} {head[0]}" in spacing.words:
        return " "
    # No program parts ISO9001 unless it parts everything; where it does, ISO and 9001 are two words all the same if
    # the first figure could have stood where the line ended.
    return " " if has_room or not spacing.breaks_words else ""


def _writes_script_spaces(lines: Iterable[Line]) -> bool:
    """Whether most places where Chinese meets Latin within a line have a space."""
    spaces = bare = 0
    for line in lines:
        spaces += len(_SPACED_SCRIPT.findall(line.text))
        bare += len(_BARE_SCRIPT.findall(line.text))
    return spaces > 2 * bare


# 2024年, 第3号, 5% are written without a space even where others are written with one.
_HAN, _LATIN = r"(?![年月日号届次第])[\u3400-\u9fff]", r"[A-Za-z0-9]"
_SPACED_SCRIPT = re.compile(rf"{_HAN} (?={_LATIN})|{_LATIN} (?={_HAN})")
_BARE_SCRIPT = re.compile(rf"{_HAN}(?={_LATIN})|{_LATIN}(?={_HAN})")

_WORD_LENGTH = 60
_WORD = rf"[A-Za-z0-9][A-Za-z0-9./:@_%+&?=#~—-]{{0,{_WORD_LENGTH}}}"
_TAIL, _HEAD = re.compile(rf"{_WORD}$"), re.compile(_WORD)
_WITHIN = re.compile(rf"(?<=[^A-Za-z0-9])(?=((?:{_WORD} )?{_WORD})[^A-Za-z0-9])")
_ADDRESS = re.compile(r"://|www\.|@|[A-Za-z0-9]\.(?:cn|com|org|net)\b")
"""A web or mail address has no spaces, and is broken wherever the line ends."""
