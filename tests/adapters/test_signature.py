"""What a verdict tells beside its status, and that no changed byte leaves a file valid."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.pdf.signature import verify_signatures
from domain.gate.evidence import SignatureStatus
from tests.adapters.signature_cases import office
from tests.adapters.signed_pdfs import NOW, sign

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def test_a_verdict_names_the_signer_the_key_and_the_anchor() -> None:
    made = office()
    verdict = verify_signatures(made.signed, made.trust, NOW)
    [only] = verdict.signatures
    assert verdict.signers == (only.signer,) == ("枫浦区砚溪镇人民政府",)
    assert re.fullmatch("[0-9a-f]{64}", only.key_sha256 or "")
    assert "Root" in verdict.detail
    assert not only.timestamped


def test_the_same_name_under_another_key_has_another_fingerprint() -> None:
    made = office()
    lookalike = sign(made.plain, made.authority.issue())
    [first] = verify_signatures(made.signed, made.trust, NOW).signatures
    [second] = verify_signatures(lookalike, made.trust, NOW).signatures
    assert (first.signer, second.status) == (second.signer, SignatureStatus.VALID)
    assert first.key_sha256 != second.key_sha256


def test_a_trusted_timestamp_is_the_time_of_the_signature() -> None:
    made = office()
    verdict = verify_signatures(made.stamped, made.trust, NOW)
    at = (NOW - timedelta(days=3)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert (verdict.signed_at, verdict.signatures[0].timestamped) == (at, True)


def test_each_of_two_signers_is_judged_for_itself() -> None:
    made = office()
    verdict = verify_signatures(sign(made.signed, made.other, name="Second"), made.trust, NOW)
    assert verdict.signers == ("枫浦区砚溪镇人民政府", "枫浦区教育局")
    assert [each.status for each in verdict.signatures] == [SignatureStatus.VALID] * 2
    assert verdict.status is SignatureStatus.INDETERMINATE


@settings(max_examples=60)
@given(data=st.data())
def test_no_changed_byte_leaves_a_file_valid(data: st.DataObject) -> None:
    """Any byte of the signed ranges, changed to any other, ends the validity; and nothing raises."""
    made = office()
    signed = made.signed
    [(before, resumes)] = [(int(a), int(b)) for a, b in re.findall(rb"/ByteRange\s*\[\s*0 (\d+) (\d+)", signed)]
    inside = st.one_of(st.integers(0, before - 1), st.integers(resumes, len(signed) - 1))
    at = data.draw(inside)
    byte = data.draw(st.integers(0, 255).filter(lambda value: value != signed[at]))
    changed = signed[:at] + bytes([byte]) + signed[at + 1 :]
    assert verify_signatures(changed, made.trust, NOW).status is not SignatureStatus.VALID
