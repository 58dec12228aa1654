"""Each finding code is earned by a specimen, explained in two languages, and stops what it says it stops."""

from __future__ import annotations

import re

import pytest

from domain.fate import Fate
from domain.gate.finding_kinds import FINDING_KINDS, FindingKind, Grade
from tests.domain.factory import codes, judge
from tests.domain.specimens import SPECIMENS
from tests.specimens import ELSEWHERE, TESTS

_FATES = {Grade.REJECT: Fate.REJECT, Grade.HOLD: Fate.HOLD, Grade.WARN: Fate.PUBLISH}


def test_valid_letter_earns_no_code_and_is_published() -> None:
    """A letter with nothing wrong has no finding, and the reply is vouched for."""
    judged = judge()
    assert judged.findings == ()
    assert judged.fate is Fate.PUBLISH
    assert judged.reply is not None


@pytest.mark.parametrize("code", SPECIMENS)
def test_specimen_earns_its_code(code: str) -> None:
    """One change to the valid letter earns the code, at its registered grade, and the fate is at least as bad."""
    judged = SPECIMENS[code]()
    assert code in codes(judged)
    finding = next(finding for finding in judged.findings if finding.code == code)
    assert finding.grade is FINDING_KINDS[code].grade
    order = [Fate.PUBLISH, Fate.HOLD, Fate.REJECT]
    assert order.index(judged.fate) >= order.index(_FATES[finding.grade])
    assert (judged.reply is not None) == (judged.fate is Fate.PUBLISH)


@pytest.mark.parametrize("code", SPECIMENS)
def test_sentences_are_filled(code: str) -> None:
    """Every blank of the sentence is filled, in both languages, and it ends as a sentence does."""
    finding = next(finding for finding in SPECIMENS[code]().findings if finding.code == code)
    chinese, english = finding.message(), finding.message("en")
    assert "…" not in chinese
    assert "{" not in chinese + english
    assert chinese.endswith("。")
    assert english.endswith(".")
    assert re.search(r"[一-鿿]", chinese)


def test_every_code_has_a_specimen_and_no_specimen_is_left_over() -> None:
    """Registry and specimens name the same codes, each in one place."""
    assert set(SPECIMENS) | set(ELSEWHERE) == set(FINDING_KINDS)
    assert not set(SPECIMENS) & set(ELSEWHERE)


@pytest.mark.parametrize("code", ELSEWHERE)
def test_code_that_is_made_elsewhere_is_tested_there(code: str) -> None:
    """A code that comes from the file itself is earned in a test of the adapter that makes it."""
    files = (TESTS / ELSEWHERE[code]).glob("*.py")
    assert any(f'"{code}"' in file.read_text(encoding="utf-8") for file in files)


@pytest.mark.parametrize("kind", FINDING_KINDS.values(), ids=lambda kind: kind.code)
def test_kind_is_complete(kind: FindingKind) -> None:
    """Every code says what was found and what to do next, in Chinese and in English."""
    assert re.fullmatch(r"[a-z]+(?:-[a-z]+)*", kind.code)
    assert re.search(r"[一-鿿]", kind.zh)
    assert re.search(r"[一-鿿]", kind.remedy_zh)
    assert kind.en.strip()
    assert kind.remedy_en.strip()
    assert set(re.findall(r"\{(\w+)\}", kind.zh)) == set(re.findall(r"\{(\w+)\}", kind.en))
