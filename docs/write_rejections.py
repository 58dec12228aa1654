"""Writes docs/rejections.md and docs/rejections.en.md from the registry: `python docs/write_rejections.py`."""

from __future__ import annotations

import sys
from pathlib import Path

_DOCS = Path(__file__).parent
sys.path.insert(0, str(_DOCS.parent))

from domain.rejection_page import rejection_page  # noqa: E402 - the path of the checkout comes first

(_DOCS / "rejections.md").write_text(rejection_page("zh-CN"), encoding="utf-8")
(_DOCS / "rejections.en.md").write_text(rejection_page("en"), encoding="utf-8")
