"""What stands in one sample letter, before it is set in type."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Letter:
    """The words of one letter in the order of GB/T 9704-2012. An empty string or tuple leaves that element out."""

    marks: tuple[str, ...]
    """Lines above the masthead: result and disclosure."""
    masthead: str
    """发文机关标志, 7.2.4."""
    document_number: str
    """发文字号, 7.2.5, with whatever else the office prints on that line."""
    signatory: str
    """签发人, 7.2.6."""
    title: tuple[str, ...]
    """One string for each line."""
    salutation: str
    """主送机关, 7.3.2, with its colon."""
    body: tuple[str, ...]
    """One string for each paragraph; a table row starts with `|`."""
    signature: str
    """发文机关署名, 7.3.5."""
    date_of_issue: str
    """成文日期, 7.3.5, as printed."""
    notes: tuple[str, ...] = ()
    """附注, 7.3.6, one string for each."""
    copied_to: str = ""
    """抄送机关, 7.4.2, without the word."""
    distributing_office: str = ""
    date_of_distribution: str = ""
    """印发机关 and 印发日期, 7.4.3."""
    seal: str = ""
    """The words on the seal; none leaves it undrawn."""


def in_figures(day: date) -> str:
    """A date as GB/T 9704-2012, 7.3.5 writes it: 2024年5月17日."""
    return f"{day.year}年{day.month}月{day.day}日"
