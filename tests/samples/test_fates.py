"""Each sample meets its expected fate, for exactly the reasons that expected.json names."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from adapters.isolation.reading_limits import ReadingLimits
from adapters.pdf.trust import TrustAnchors, load_trust
from adapters.record.original import read_original
from config.rules import load_rules
from domain.gate.finding_kinds import Grade
from domain.gate.review import Review, draft, review
from domain.gate.rules import Rules
from samples.certificates import TRUST
from samples.factory import letter, pdf_of
from samples.make import EXPECTED, LETTERS, SAMPLES
from samples.specimens import authorities

ENTRIES: list[dict[str, Any]] = [
    entry for entry in json.loads(EXPECTED.read_text(encoding="utf-8")) if "scan" not in entry["file"]
]
"""But the scans: `fuwen read` reads them as the office does (tests/cli/test_read.py)."""
FATES = {"published": "publish", "unchanged": "publish", "held": "hold", "rejected": "reject"}
TODAY = date(2026, 11, 16)


@pytest.fixture(scope="module")
def rules() -> Rules:
    return load_rules(SAMPLES / "config")


@pytest.fixture(scope="module")
def trust() -> TrustAnchors:
    return load_trust(TRUST.parent)


def _reviewed(data: bytes, rules: Rules, trust: TrustAnchors) -> Review:
    now = datetime.combine(TODAY, datetime.min.time(), UTC)
    evidence = read_original(data, trust, ReadingLimits(), now)
    return review(evidence, draft(evidence.raw, rules), rules, TODAY)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: str(entry["drop_key"]))
def test_a_sample_meets_its_fate_for_the_named_reasons_only(
    entry: dict[str, Any], rules: Rules, trust: TrustAnchors
) -> None:
    reviewed = _reviewed((LETTERS / Path(entry["file"])).read_bytes(), rules, trust)
    decisive = [finding.code for finding in reviewed.findings if finding.grade is not Grade.WARN]
    assert (reviewed.fate.value, decisive) == (FATES[entry["fate"]], entry["codes"])


def test_the_letter_of_the_factory_would_be_published(rules: Rules, trust: TrustAnchors) -> None:
    assert _reviewed(pdf_of(letter()), rules, trust).fate.value == "publish"


@pytest.mark.parametrize("pades", [False, True])
def test_both_kinds_of_signature_are_accepted(pades: bool, rules: Rules, trust: TrustAnchors) -> None:
    assert _reviewed(pdf_of(pades=pades), rules, trust).fate.value == "publish"


def test_every_signing_authority_is_registered(rules: Rules) -> None:
    registered = {authority.name for authority in rules.authorities}
    assert {authority.name for authority in authorities()} <= registered
