"""Every case has the verdict that is due to it, and none but the good ones is valid."""

from __future__ import annotations

import pytest

from adapters.pdf.signature import verify_signatures
from domain.gate.evidence import SignatureStatus
from tests.adapters.signature_cases import CASES, Case, office
from tests.adapters.signed_pdfs import NOW

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def test_there_are_many_cases_and_each_has_its_own_name() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= 45
    assert sum(case.status is not SignatureStatus.VALID for case in CASES) >= 45


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_verdict_is_the_one_that_is_due(case: Case) -> None:
    made = office()
    verdict = verify_signatures(case.pdf(made), case.trust(made), NOW)
    assert (verdict.status, verdict.problem) == (case.status, case.problem), verdict.detail
    assert case.says in verdict.detail
    good = [each for each in verdict.signatures if each.status is SignatureStatus.VALID]
    assert case.status is not SignatureStatus.VALID or len(good) == len(verdict.signatures) > 0
