"""The text of each page as a whole, as two readers have it: what only one of them sees may be what the other shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from domain.gate.evidence import PageSource
from domain.gate.finding import Finding, find
from domain.reading.page import PageText
from domain.reading.page_gate import unreadable
from domain.reading.place import Box, Seen
from domain.reading.second_reading import SecondPage
from domain.reading.spelling import RADICALS, bare

_ONE_SHAPE = str.maketrans("―–戶戸", "——户户")
"""Characters that fonts draw with one glyph, so that either reader may name either."""
_UNKNOWN = "\ufffd"
_FEW = 2
"""So many characters may differ: a sign that one reader takes for a drawing."""


def whole_text(pages: Sequence[PageText], second: Sequence[SecondPage]) -> tuple[Finding, ...]:
    """One finding for each page on which one reader has characters that the other has not."""
    others = {page.page: page for page in second}
    found = []
    for page in pages:
        if page.source is PageSource.OCR or page.hidden or page.signals.invisible or unreadable(page) is not None:
            continue  # it stops already, and says why
        count = _difference(page, others.get(page.page))
        if count > _FEW:
            found.append(find("text-disputed", _whole(page), count=str(count)))
    return tuple(found)


def _difference(page: PageText, other: SecondPage | None) -> int:
    first = _characters([run.text for run in page.runs])
    if other is None or not other.read:
        return first.total()
    # What is drawn twice to make it bold, pdfium tells once.
    second = _characters([fragment.text for fragment in other.fragments])
    unknown = second.pop(_UNKNOWN, 0)
    missing = Counter({char: times for char, times in second.items() if char not in first})
    return max((first - second).total() - unknown, missing.total())


def _characters(texts: Sequence[str]) -> Counter[str]:
    return Counter(bare("".join(texts)).translate(RADICALS).translate(_ONE_SHAPE))


def _whole(page: PageText) -> Seen:
    return Seen("", "", Box(page.page, 0.0, 0.0, page.width, page.height))
