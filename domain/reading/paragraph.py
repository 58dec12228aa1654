"""The letter as people read it: whole paragraphs in reading order, without page numbers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from domain.reading.place import Box


class Role(StrEnum):
    """What a paragraph is in a GB/T 9704-2012 letter; the values are the JSON words of `fuwen read --json`."""

    SALUTATION = "salutation"  # 主送机关, 7.3.2
    HEADING1 = "heading1"  # 一、
    HEADING2 = "heading2"  # （一）
    HEADING3 = "heading3"  # 1. or （1）
    BODY = "body"  # 正文, 7.3.3
    SIGNATURE = "signature"  # 发文机关署名, 7.3.5
    DATE = "date"  # 成文日期, 7.3.5
    NOTE = "note"  # 附注, 7.3.6
    COPIED_TO = "copied_to"  # 抄送机关, 7.4.2
    IMPRINT = "imprint"  # 印发机关和印发日期, 7.4.3
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph, whole, whatever lines and pages it was broken over."""

    role: Role
    text: str
    page: int
    """The page on which it begins, the first page is 1."""
    boxes: tuple[Box, ...] = ()
    """One box for each page that it touches."""
