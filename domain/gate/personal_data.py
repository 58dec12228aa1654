"""Personal data in the text: what is found is named by its class and masked, never repeated.

Names are not looked for, but for those behind the word 联系人: a committee member's name on a proposal is public, a
petitioner's is not, and only a person can tell them apart. What is masked already (138****1234) passes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from domain.gate.mask_forms import mask
from domain.gate.personal_kinds import PERSONAL_KINDS
from domain.reading.spelling import folded

__all__ = ["PersonalDatum", "mask", "masked_text", "personal_data", "personal_data_in"]


@dataclass(frozen=True, slots=True)
class PersonalDatum:
    """One place where personal data stands."""

    code: str
    """The finding code of its class."""
    masked: str
    """What may be shown of it."""
    start: int
    """Offset of its first character in the text."""
    end: int
    """Offset behind its last character."""


def personal_data(text: str) -> Iterator[PersonalDatum]:
    """Every identity number, phone number, account and home address in the text, each place once."""
    plain, places = _plain(text)
    taken: list[tuple[int, int]] = []
    for kind in PERSONAL_KINDS if _FIGURE.search(plain) else _WITHOUT_FIGURES:
        for match in kind.pattern.finditer(plain):
            first, last = match.span("value")
            if any(first < end and start < last for start, end in taken) or not kind.holds(plain, match):
                continue
            taken.append((first, last))
            yield PersonalDatum(kind.code, kind.mask(match["value"]), places[first], places[last - 1] + 1)


def personal_data_in(texts: Sequence[str]) -> Iterator[tuple[int, PersonalDatum]]:
    """The same for a row of texts that follow each other, with the number of the text from 0.

    What is broken over the end of one and the beginning of the next is found as well, and yielded for both.
    """
    by_itself = [list(personal_data(text)) for text in texts]
    for index, found in enumerate(by_itself):
        yield from ((index, datum) for datum in found)
    for index, datum in _over_the_ends(texts):
        if all(datum.end <= each.start or each.end <= datum.start for each in by_itself[index]):
            yield index, datum


_TAIL, _HEAD = 60, 80
"""Characters on both sides of an end: enough for a label and the longest number with spaces between its figures."""
_GOES_ON = re.compile(r"[0-9０-９][\s·-]*\n[\s·-]*[0-9０-９]|\n.{0,40}?(?:[0-9０-９][\s·-]*){7}", re.DOTALL)


def _over_the_ends(texts: Sequence[str]) -> Iterator[tuple[int, PersonalDatum]]:
    """Two texts as one around their seam: a number may be broken there, and its label may stand before."""
    for index, (before, after) in enumerate(pairwise(texts)):
        seam = f"{before[-_TAIL:]}\n{after[:_HEAD]}"
        if not _GOES_ON.search(seam):
            continue
        cut = min(len(before), _TAIL)
        for datum in personal_data(seam):
            if datum.end <= cut or (datum.end == len(seam) and len(after) > _HEAD):
                continue  # judged by itself, with all that stands around it
            left, right = min(datum.end, cut) - datum.start, datum.end - max(datum.start, cut + 1)
            whole = left <= 0 or right <= 0
            if left > 0:
                start = len(before) - cut + datum.start
                yield index, PersonalDatum(datum.code, datum.masked if whole else "*" * left, start, start + left)
            if right > 0:
                end = datum.end - cut - 1
                yield index + 1, PersonalDatum(datum.code, datum.masked if whole else "*" * right, end - right, end)


def masked_text(text: str) -> str:
    """The text with everything private masked that must not be seen in a message or a log."""
    found = sorted(personal_data(text), key=lambda datum: datum.start, reverse=True)
    for datum in found:
        text = text[: datum.start] + datum.masked + text[datum.end :]
    return text


_FIGURE = re.compile("[0-9]")
_WITHOUT_FIGURES = tuple(kind for kind in PERSONAL_KINDS if not kind.has_figures)


def _plain(text: str) -> tuple[str, range | list[int]]:
    """The text in one width without what nobody sees, and the offset of each of its characters in the original."""
    wide = folded(text).translate(_PLAIN)
    if not _INVISIBLE.search(wide):
        return wide, range(len(wide))
    places = [place for place, char in enumerate(wide) if not _INVISIBLE.match(char)]
    return "".join(wide[place] for place in places), places


# Format characters and combining marks: nobody sees them between two figures.
_INVISIBLE = re.compile(
    "[\u00ad\u0300-\u036f\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u20d0-\u20ff"
    "\ufe00-\ufe0f\ufeff\ufff9-\ufffb\U000e0000-\U000e01ef]"
)
_PLAIN = {
    **dict.fromkeys(map(ord, "‐‑‒–—―−﹣"), "-"),
    **dict.fromkeys(map(ord, "\r\x0b\x0c\x85\u2028\u2029"), "\n"),
    **dict.fromkeys(
        map(ord, "\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\u00a0"),
        " ",
    ),
    **dict.fromkeys(map(ord, "•・∙⋅‧"), "·"),
}
