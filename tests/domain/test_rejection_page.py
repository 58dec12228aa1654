"""The documentation of the codes is what the registry says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from domain.gate.finding_kinds import FINDING_KINDS
from domain.gate.rejection_page import rejection_page

_DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize(("file", "language"), [("rejections.md", "zh-CN"), ("rejections.en.md", "en")])
def test_page_is_up_to_date(file: str, language: str) -> None:
    """The committed page is the one that `make docs` writes now, with every code once."""
    page = (_DOCS / file).read_text(encoding="utf-8")
    assert page == rejection_page(language)
    assert sorted(re.findall(r"^\| `([a-z-]+)`", page, re.MULTILINE)) == sorted(FINDING_KINDS)
