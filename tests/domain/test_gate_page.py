"""docs/gate.md names every code that review makes, and none that does not exist."""

from __future__ import annotations

import re
from pathlib import Path

from domain.gate.finding_kinds import FINDING_KINDS
from domain.gate.private_handling import HANDLING
from domain.gate.topics import TOPICS
from tests.domain.specimens import SPECIMENS

_PAGE = (Path(__file__).parents[2] / "docs" / "gate.md").read_text(encoding="utf-8")
_ELSEWHERE = ("signature-", "reviewer-")
"""Codes that docs of their own explain."""


def test_every_check_has_its_row() -> None:
    """What a specimen earns is in the table of what must not pass."""
    named = set(re.findall(r"`([a-z]+(?:-[a-z]+)+)`", _PAGE))
    made = {code for code in SPECIMENS if not code.startswith(_ELSEWHERE)} - {"contact-name"}
    assert made <= named
    assert {*HANDLING, *TOPICS} - {"contact-name"} <= named
    assert named <= set(FINDING_KINDS)
