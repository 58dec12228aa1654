"""What a letter says and nobody sees is found, whatever hides it; what is seen is left alone."""

from __future__ import annotations

import pytest

from adapters.pdf.pdf_lines import pdf_pages
from domain.gate.finding import Finding
from domain.reading.visibility import hidden_text_findings
from tests.adapters.leaks import CANARY, SEEN, UNSEEN


def found(data: bytes) -> list[Finding]:
    return list(hidden_text_findings(pdf_pages(data)))


@pytest.mark.parametrize("how", UNSEEN)
def test_hidden_text_is_found_counted_and_never_quoted(how: str) -> None:
    code, make = UNSEEN[how]
    finding = next(finding for finding in found(make()) if finding.code == code)
    # Of two texts in one place, those characters that happen to be alike or to stand between do not count.
    assert int(finding.details["count"]) >= (5 if code == "text-overlaid" else len(CANARY.replace(" ", "")))
    assert "7301" not in finding.message() + str(finding)
    assert finding.page == 1


@pytest.mark.parametrize("how", SEEN)
def test_text_that_is_seen_is_no_matter(how: str) -> None:
    """Full stops are smaller than a pixel; light notes, seals, watermarks and scans are what letters are made of."""
    assert found(SEEN[how]()) == []


def test_the_place_is_the_place_on_the_page_as_it_is_shown() -> None:
    [finding] = found(UNSEEN["under a black box"][1]())
    assert finding.box is not None
    assert 85 < finding.box.left < 95
    assert 290 < finding.box.bottom < finding.box.top < 320
