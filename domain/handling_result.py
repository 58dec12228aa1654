"""办理结果: what the printed mark means, by the table of that authority.

A letter is never turned into words without the authority's own table: C is "kept for reference" in one place and
"planned" in another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from domain.reading.spelling import bare
from domain.reply import HandlingResult


@dataclass(frozen=True, slots=True)
class ResultTable:
    """One vocabulary of results."""

    name: str
    words: Mapping[str, str] = field(default_factory=dict)
    """The mark, without white space and in one width, to the words that we use for it."""


def read_result(raw: str, text: str, tables: Iterable[ResultTable]) -> HandlingResult:
    """The mark and its meaning by the first table that knows it; without a meaning if none does."""
    mark = result_mark(text)
    for table in tables:
        if mark in table.words:
            return HandlingResult(raw, table.words[mark], table.name)
    return HandlingResult(raw, None, None)


def result_mark(text: str) -> str:
    """The mark without brackets and the word 类: `A` of （A类）."""
    mark = bare(text).strip("()〔〕[]【】")
    return mark.removesuffix("类") if len(mark) == len("A类") else mark
