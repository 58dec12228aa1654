"""Whatever a file tells beside its pages stops it, is named by its code, and is never quoted."""

from __future__ import annotations

from datetime import date

import pytest

from adapters.isolation.reading_limits import ReadingLimits
from adapters.pdf.trust import TrustAnchors
from adapters.record.original import read_original
from config.rules import load_rules
from domain.fate import Fate
from domain.gate.finding import Finding
from domain.gate.lifting import CONCERNS, Concern
from domain.gate.review import Review, draft, review
from tests.adapters.file_leaks import LEAKS
from tests.adapters.leaks import CANARY, SEEN, UNSEEN, letter
from tests.adapters.signed_pdfs import NOW, Authority, sign

RULES = load_rules()


def judged(data: bytes) -> Review:
    evidence = read_original(data, TrustAnchors(), ReadingLimits(), NOW)
    return review(evidence, draft(evidence.raw, RULES), RULES, date(2025, 6, 1))


def hidden(findings: tuple[Finding, ...]) -> list[str]:
    return [each.code for each in findings if CONCERNS.get(each.code) is Concern.HIDDEN_CONTENT]


@pytest.mark.parametrize("how", [*LEAKS, *UNSEEN])
def test_what_is_hidden_stops_the_letter_and_is_not_quoted(how: str) -> None:
    code, make = {**LEAKS, **UNSEEN}[how]
    decided = judged(make())
    assert decided.fate is not Fate.PUBLISH
    assert code in [finding.code for finding in decided.findings]
    told = [finding.message() + finding.message("en") + str(finding) for finding in decided.findings]
    assert not [each for each in told if CANARY in each or "Canary" in each or "1381234" in each]


@pytest.mark.parametrize("how", SEEN)
def test_what_is_seen_is_not_hidden(how: str) -> None:
    assert hidden(judged(SEEN[how]()).findings) == []


def test_a_signature_is_a_revision_and_no_matter() -> None:
    assert hidden(judged(sign(letter(), Authority().issue())).findings) == []


def test_there_are_cases_enough() -> None:
    assert len(LEAKS) + len(UNSEEN) >= 35
