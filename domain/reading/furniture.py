"""What is printed on a page but is no part of the letter: page numbers, running heads, 此页无正文."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from domain.reading.line import Line
from domain.reading.page import PageText
from domain.reading.spelling import bare

_MARGIN = 0.14
"""Part of the page height, at the top and at the bottom, where furniture stands."""
_DEPTH = 2
"""How many lines of it there are at most at one end of a page."""
_SHARE = 0.5
"""Part of the pages on which a running head must repeat."""

_COUNT = r"(?:\d{1,3}|[一二三四五六七八九十百]{1,5}|[ivxIVX]{1,5})"
_DASH = r"[-—–‐‑‒―−－─━~～·•*_|]"
_PAGE_NUMBER = re.compile(
    rf"{_DASH}{{0,3}}{_COUNT}{_DASH}{{0,3}}"
    rf"|(?:一|{_DASH}){{0,2}}\d{{1,3}}(?:一|{_DASH}){{0,2}}"  # OCR sees 一 in a dash
    rf"|[(〔\[【]{_COUNT}[)〕\]】]"
    rf"|{_DASH}{{0,2}}第{_COUNT}页{_DASH}{{0,2}}"
    rf"|第?{_COUNT}页?[/,，、·|-]?共?{_COUNT}页"
    rf"|共{_COUNT}页[/,，、·|-]?第{_COUNT}页"
    rf"|{_COUNT}/{_COUNT}"
    rf"|(?:page|p\.?|pg\.?){_COUNT}(?:(?:of|/){_COUNT})?"
    rf"|{_COUNT}of{_COUNT}",
    re.IGNORECASE,
)
_BARE_COUNT = re.compile(_COUNT)
_NO_TEXT_HERE = re.compile(r"[(〔\[]?(?:此|本)页(?:以下)?(?:无|没有)正文[)〕\]]?[。.]?")


def without_furniture(
    pages: Sequence[PageText], lines: Sequence[Sequence[Line]]
) -> tuple[tuple[tuple[Line, ...], ...], tuple[Line, ...]]:
    """The lines of each page that belong to the letter, and those that do not."""
    heads = _running(pages, lines)
    parted = [_page(page, own, heads) for page, own in zip(pages, lines, strict=True)]
    return tuple(kept for kept, _ in parted), tuple(line for _, dropped in parted for line in dropped)


def _page(page: PageText, lines: Sequence[Line], heads: frozenset[str]) -> tuple[tuple[Line, ...], list[Line]]:
    rest = [line for line in lines if line.upright]
    for at in (0, -1):
        for _ in range(_DEPTH):
            if rest and _in_margin(page, rest[at]) and _is_furniture(rest, at, heads):
                rest.pop(at)
    rest = [line for line in rest if not _NO_TEXT_HERE.fullmatch(bare(line.text))]
    return tuple(rest), [line for line in lines if line not in rest]


def _is_furniture(lines: Sequence[Line], at: int, heads: frozenset[str]) -> bool:
    line = lines[at]
    if _masked(line) in heads:
        return True
    text = bare(line.text)
    if not _PAGE_NUMBER.fullmatch(text):
        return False
    # A number alone may be the last word of a paragraph; then it stands at the margin, one pitch below the line before.
    return not _BARE_COUNT.fullmatch(text) or len(lines) == 1 or not _continues(lines, at)


def _continues(lines: Sequence[Line], at: int) -> bool:
    line, other = lines[at], lines[at + 1 if at == 0 else at - 1]
    same_place = abs(line.left - min(each.left for each in lines)) < line.size / 2
    return same_place and abs(line.size - other.size) < 1 and abs(line.baseline - other.baseline) < 2.2 * line.size


def _running(pages: Sequence[PageText], lines: Sequence[Sequence[Line]]) -> frozenset[str]:
    if len(pages) < 2:
        return frozenset()
    counts: Counter[str] = Counter()
    for page, own in zip(pages, lines, strict=True):
        upright = [line for line in own if line.upright]
        ends = {*upright[:_DEPTH], *upright[-_DEPTH:]} if upright else set()
        counts.update({_masked(line) for line in ends if _in_margin(page, line)})
    # Two pages are few: a line that both have must then be on both.
    least = max(2, len(pages) * _SHARE)
    return frozenset(text for text, count in counts.items() if count >= least)


def _masked(line: Line) -> str:
    # Longer figures are no page number: a damaged date of figures alone must not look like one.
    return re.sub(r"(?<!\d)\d{1,3}(?!\d)", "#", bare(line.text)) + f"@{round(line.size)}"


def _in_margin(page: PageText, line: Line) -> bool:
    return line.baseline < page.height * _MARGIN or line.baseline > page.height * (1 - _MARGIN)
