"""The one list of finding codes: what each means and who may do what next.

The documentation is made from this list, and the specimens are counted against it. A code never changes its meaning;
one that is no longer needed is not given to another check.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Grade(StrEnum):
    """How much a finding weighs. The worst one decides the fate."""

    REJECT = "reject"
    HOLD = "hold"
    WARN = "warn"


@dataclass(frozen=True, slots=True)
class FindingKind:
    """What a code means, in both languages. `{name}` in a sentence is filled from the finding's details."""

    code: str
    grade: Grade
    zh: str
    """What was found and why it stops."""
    en: str
    remedy_zh: str
    """Who may do what next."""
    remedy_en: str
    source: str = ""
    """The standard, regulation or decision behind the check."""


def _kinds(*kinds: FindingKind) -> Mapping[str, FindingKind]:
    return MappingProxyType({kind.code: kind for kind in kinds})


FINDING_KINDS: Mapping[str, FindingKind] = _kinds(
    # --- the file -------------------------------------------------------------------------------------------------
    FindingKind(
        "empty-file",
        Grade.REJECT,
        "文件是空的（0 字节）。",
        "The file is empty (0 bytes).",
        "请投放单位重新导出后再投放。",
        "The office should export it again and drop it again.",
    ),
    FindingKind(
        "not-a-pdf",
        Grade.REJECT,
        "文件名是 PDF，但内容不是 PDF 文件。",
        "The file is named .pdf but its content is not a PDF.",
        "请投放单位重新导出为 PDF 后再投放。",
        "The office should export it as PDF and drop it again.",
    ),
    FindingKind(
        "pdf-damaged",
        Grade.REJECT,
        "PDF 文件已损坏或不完整，无法打开。",
        "The PDF is damaged or incomplete and cannot be opened.",
        "请投放单位核对原件后重新投放。",
        "The office should check the original and drop it again.",
    ),
)
