"""Evidence survives being written and read, and nothing else is taken for evidence."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.evidence_json import EvidenceShapeError, evidence_from_plain, evidence_to_plain
from domain.gate.evidence import Evidence, PageReading, PageSource, SignatureStatus, SignatureVerdict
from domain.gate.finding import Finding
from domain.gate.finding_kinds import Grade
from domain.reading.paragraph import Paragraph, Role
from domain.reading.place import Box, Seen
from domain.reading.raw_reply import RawReply, RawSubmission

_NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
_BOXES = st.builds(Box, st.integers(), _NUMBERS, _NUMBERS, _NUMBERS, _NUMBERS)
_SEEN = st.builds(Seen, st.text(), st.text(), st.none() | _BOXES, st.text(), _NUMBERS)
_MANY = st.lists(_SEEN, max_size=2).map(tuple)
_RAW = st.builds(
    RawReply,
    title=st.none() | _SEEN,
    addressees=_MANY,
    submission=st.builds(RawSubmission, st.none() | _SEEN, _MANY, st.none() | _SEEN),
    contacts=_MANY,
    paragraphs=st.lists(
        st.builds(Paragraph, st.sampled_from(Role), st.text(), st.integers(), st.lists(_BOXES, max_size=2).map(tuple)),
        max_size=3,
    ).map(tuple),
)
_FINDINGS = st.builds(
    Finding,
    st.text(),
    st.sampled_from(Grade),
    st.dictionaries(st.text(), st.text(), max_size=3),
    st.none() | st.text(),
    st.none() | _BOXES,
)
EVIDENCE = st.builds(
    Evidence,
    sha256=st.text(),
    size_bytes=st.integers(),
    pages=st.integers(),
    signature=st.builds(SignatureVerdict, st.sampled_from(SignatureStatus), st.text(), st.just(("a", "b")), st.none()),
    raw=_RAW,
    reading=st.lists(st.builds(PageReading, st.integers(), st.sampled_from(PageSource), _NUMBERS)).map(tuple),
    findings=st.lists(_FINDINGS, max_size=3).map(tuple),
)


@given(EVIDENCE)
def test_evidence_is_the_same_after_the_pipe(evidence: Evidence) -> None:
    assert evidence_from_plain(json.loads(json.dumps(evidence_to_plain(evidence)))) == evidence


_SOME = Evidence(
    "0" * 64, 1, 1, SignatureVerdict(SignatureStatus.VALID, "完好"), RawReply(addressees=(Seen("甲", "甲"),))
)


def _paths(plain: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inside = plain.items() if isinstance(plain, dict) else enumerate(plain) if isinstance(plain, list) else ()
    return [path, *(deeper for key, value in inside for deeper in _paths(value, (*path, key)))]


@pytest.mark.parametrize("path", _paths(evidence_to_plain(_SOME)), ids=repr)
def test_a_value_of_another_type_is_refused_wherever_it_stands(path: tuple[Any, ...]) -> None:
    """A true where a number belongs, a number where a text belongs, an object anywhere."""
    plain = evidence_to_plain(_SOME)
    assert _refused(_replace(plain, path, {"surprise": 1}))
    assert _refused(_replace(plain, path, True))


def test_a_missing_and_a_surplus_field_are_refused() -> None:
    plain = evidence_to_plain(_SOME)
    assert _refused({name: value for name, value in plain.items() if name != "pages"})
    assert _refused({**plain, "more": 1})


def _refused(plain: object) -> bool:
    try:
        evidence_from_plain(plain)
    except EvidenceShapeError:
        return True
    return False


def _replace(plain: Any, path: tuple[Any, ...], value: object) -> Any:
    if not path:
        return value
    copy = dict(plain) if isinstance(plain, dict) else list(plain)
    copy[path[0]] = _replace(plain[path[0]], path[1:], value)
    return copy
