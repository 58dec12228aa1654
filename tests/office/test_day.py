"""`fuwen up` as an office runs it: other commands find it, a dropped letter is published, nobody starts it twice."""

from __future__ import annotations

import json

import pytest

from tests.office.conftest import ROOT, Office

LETTER = ROOT / "samples" / "letters" / "01-yanxi-153062.pdf"
pytestmark = pytest.mark.timeout(300)


def test_a_dropped_letter_is_published_corrected_and_counted(office: Office) -> None:
    """The commands of the README, one after the other, against a real stack."""
    examined = office.fuwen("doctor")
    assert examined.returncode == 0, examined.stdout
    assert office.fuwen("drop", str(LETTER)).returncode == 0
    office.wait_for_outcomes(1)
    assert office.fuwen("drop", str(LETTER)).returncode == 0
    counts = office.wait_for_outcomes(2)
    assert (counts["received"], counts["published"], counts["unchanged"]) == (2, 1, 1)

    [reply] = [path.name for path in (office.data / "store" / "buckets" / "public" / "doc").iterdir()]
    assert office.fuwen("correct", reply, str(LETTER)).returncode == 0
    assert office.wait_for_outcomes(3)["balanced"] is True
    for command in ("status", "rebuild", "verify"):
        run = office.fuwen(command)
        assert (run.returncode, run.stderr) == (0, ""), command


def test_the_log_is_json_lines_without_the_name_of_any_file(office: Office) -> None:
    lines = (office.data / "logs" / "office.log").read_text(encoding="utf-8").splitlines()
    assert {"document.registered", "reply.settled"} <= {json.loads(line)["event"] for line in lines}
    assert not [line for line in lines if LETTER.stem in line or "153062" in line]


def test_a_second_stack_over_the_same_data_is_refused_and_the_first_goes_on(office: Office) -> None:
    second = office.fuwen("up")
    assert second.returncode == 1
    assert "already" in second.stderr
    assert office.status()["balanced"] is True
