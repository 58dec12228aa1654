"""`fuwen review`: what waits is listed and shown, and a decision reaches the vault; what is wrong with it is told."""

from __future__ import annotations

import json

import pytest

from adapters.record.vault import Vault
from cli.main import main
from domain.fate import Held, Published
from domain.gate.decision import Corrections, Verdict
from domain.gate.finding import find
from domain.object_version import ObjectVersion
from tests.adapters.holding import a_decision, a_sheet
from tests.adapters.publishing import NOW, World


@pytest.fixture
def held(world: World) -> str:
    """The id of a document that waits for a person."""
    path = world.folder / "a.pdf"
    path.write_bytes(b"%PDF-1.7 a letter")
    vault = Vault(world.private)
    receipt = vault.pin(ObjectVersion("inbox", "来件/答复.pdf", "v1"), path, NOW)
    vault.hold(a_sheet(receipt.document_id))
    vault.record_outcome(receipt.document_id, Held((find("result-unknown", mark="D"),)), {})
    return receipt.document_id


def test_what_waits_is_listed_with_its_due_date_and_its_codes(held: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["review", "list"]) == 0
    line = capsys.readouterr().out
    for words in (held[:12], "答复.pdf", "2024-04-30 14 working days late", "result-unknown"):
        assert words in line
    assert main(["review", "list", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert (listed["document_id"], listed["verdicts"]) == (held, ["publish", "publish-masked", "reject", "send-back"])
    assert main(["review", "show", held[:6]]) == 0
    shown = capsys.readouterr().out
    assert "[hold] D is in no table. result-unknown" in shown
    assert "handling result: D" in shown


def test_a_decision_reaches_the_vault_and_puts_the_document_on_the_sweeps_list(
    held: str, world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--publish", "--reason", "已核对", "--name", "程岸", "--result", "解决采纳", "--json"]
    assert main(["review", "decide", held[:8], *words]) == 0
    assert json.loads(capsys.readouterr().out) == {"document_id": held, "decision": "publish", "number": 1}
    (made,) = Vault(world.private).decisions(held)
    assert (made.verdict, made.reviewer, made.reason) == (Verdict.PUBLISH, "程岸", "已核对")
    assert made.corrections == Corrections(handling_result="解决采纳")
    assert made.seen == a_sheet(held).seen
    assert list(Vault(world.private).open_documents()) == [held]


def test_a_decision_that_cannot_be_carried_out_is_not_kept(
    held: str, world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    vault = Vault(world.private)
    vault.hold(a_sheet(held, verdicts=(Verdict.REJECT, Verdict.SEND_BACK)))
    words = ["--publish", "--reason", "请致电13812345678", "--name", "程岸"]
    assert main(["review", "decide", held, *words]) == 1
    said = capsys.readouterr().err
    assert "sent back or kept private" in said
    assert "personal data (138****5678)" in said
    assert vault.decisions(held) == ()


def test_what_does_not_wait_is_not_decided(held: str, world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["review", "show", "ffff"]) == 1
    assert "No document ffff" in capsys.readouterr().err
    Vault(world.private).decide(a_decision(), held)
    Vault(world.private).end_holding(held, Published("990199-aaaaaaaaaaaa", 1, "doc/x"), {})
    assert main(["review", "list"]) == 0
    assert capsys.readouterr().out == "Nothing waits for a person.\n"
    assert main(["status", "--json"]) == 0
    counts = json.loads(capsys.readouterr().out)
    assert (counts["published"], counts["held"], counts["decided"]) == (1, 0, 1)


@pytest.mark.parametrize("words", [[], ["decide", "ab"], ["decide", "ab", "--publish", "--masked"], ["nothing"]])
def test_wrong_usage_ends_with_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["review", *words])
    assert ended.value.code == 2
    assert "usage: fuwen review" in capsys.readouterr().err
