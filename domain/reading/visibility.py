"""Text that is in the file and not on the page: anyone can copy it out, nobody saw it before it was signed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from domain.gate.finding import Finding, find
from domain.reading.place import Box, Seen

if TYPE_CHECKING:
    from domain.reading.page import PageText


class Hiding(StrEnum):
    """How text comes to be in the file and not on the page."""

    UNSEEN = "text-hidden"
    """Nothing of it is painted that differs from what would be there without it: white, covered, clipped, invisible."""
    OFF_PAGE = "text-off-page"
    """Outside of what is shown of the page."""
    TINY = "text-tiny"
    """Painted, and too small for any eye."""
    OVERLAID = "text-overlaid"
    """Two characters in one place: which of them a reader gets is chance."""


@dataclass(frozen=True, slots=True)
class HiddenText:
    """The characters of one page that are hidden in one way, in the order of the file."""

    hiding: Hiding
    text: str
    box: Box
    """Around all of them, as far as they are on the page."""


def hidden_text_findings(pages: Iterable[PageText]) -> tuple[Finding, ...]:
    """One finding for each page and way of hiding. The text itself is never quoted: it may be what was to be hidden."""
    return tuple(
        find(hidden.hiding.value, Seen("", "", hidden.box), count=str(len(hidden.text)))
        for page in pages
        for hidden in page.hidden
    )
