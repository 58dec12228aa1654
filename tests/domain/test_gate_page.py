"""docs/gate.md names every code of disclosure, private data, topics and style, and none that does not exist."""

from __future__ import annotations

import re
from pathlib import Path

from domain.gate.finding_kinds import FINDING_KINDS
from domain.gate.private_handling import HANDLING
from domain.gate.rules import UNCONDITIONAL
from domain.gate.topics import TOPICS

_PAGE = (Path(__file__).parents[2] / "docs" / "gate.md").read_text(encoding="utf-8")


def test_page_names_what_there_is() -> None:
    """A code that is gone, or one of the gate's own that is new, shows here."""
    named = set(re.findall(r"`([a-z]+(?:-[a-z]+)+)`", _PAGE))
    assert named <= set(FINDING_KINDS)
    assert {*HANDLING, *TOPICS, *UNCONDITIONAL} - {"contact-name"} <= named
