"""A held document is a suspended run with a form; what is answered is carried out, kept in the vault, and gone from
Prefect. With a real store, a real Prefect server, its real endpoint behind the button "Resume", and real readers."""

from __future__ import annotations

import json
import re
import sqlite3
import urllib.request
from contextlib import closing
from typing import Any

from prefect.client.schemas.objects import FlowRun, State

from domain.fate import Published, Rejected
from domain.gate.answer import VERDICT_WORDS
from domain.gate.decision import Decision, Verdict
from domain.object_version import ObjectVersion
from domain.publication.object_keys import page_key
from domain.publication.rendition import MASKED_NOTE
from flows.work_pool import _client, tell_the_rest
from samples.factory import letter, pdf_of
from tests.flows.conftest import FOLDER, eventually
from tests.flows.test_bad_input import Office, _serials, office  # noqa: F401 - a fixture

MOBILE = "13812345678"


def a_held_letter(**changes: Any) -> bytes:
    """Held for its handling result, which is in no table."""
    serial = next(_serials)
    title = ("对区政协十五届三次会议", f"第153{serial}号提案的答复")
    made = {
        "title": title,
        "document_number": f"砚府〔2024〕{serial}号",
        "marks": ("办理结果：另行研究", "公开属性：主动公开"),
    }
    return pdf_of(letter(**(made | changes)))


def waiting(office: Office, version: ObjectVersion, after: FlowRun | None = None) -> FlowRun:  # noqa: F811
    """The run once it waits for a person, with another form than it had before."""

    def look() -> FlowRun | None:
        run = office.run(version)
        known = after is not None and after.state is not None and run is not None and after.state_id == run.state_id
        return run if run and run.state and run.state.is_paused() and not known else None

    return eventually(look, 60)


def form(run: FlowRun) -> tuple[str, dict[str, Any]]:
    assert run.state is not None
    keyset = run.state.state_details.run_input_keyset
    assert keyset
    schema = json.loads(_client().read_flow_run_input(run.id, keyset["schema"]))
    return schema["properties"]["decision"]["description"], schema


def answer(run: FlowRun, verdict: Verdict, reviewer: str = "闻溪", **fields: str) -> str:
    """What the form's button "Submit" does; gives the server's word on it."""
    _, schema = form(run)
    shown = {name: field["default"] for name, field in schema["properties"].items() if "default" in field}
    asked = {"decision": VERDICT_WORDS[verdict], "reviewer": reviewer, "reason": "已与原件核对。"}
    response = _client().resume_flow_run(run.id, run_input={**shown, **asked, **fields})
    return response.status.value


def ended(office: Office, version: ObjectVersion) -> State[Any]:  # noqa: F811
    def look() -> State[Any] | None:
        state = office.state(version)
        return state if state and state.is_completed() else None

    return eventually(look, 60)


def kept_by_prefect() -> bytes:
    tell_the_rest()
    return b"".join(path.read_bytes() for path in (FOLDER / "server").glob("prefect.db*"))


def rows_of_prefect() -> str:
    """All that can be read from its database, without what SQLite has not yet overwritten."""
    tell_the_rest()
    with closing(sqlite3.connect(f"file:{FOLDER / 'server' / 'prefect.db'}?mode=ro", uri=True)) as database:
        return "\n".join(database.iterdump())


def test_a_held_letter_waits_with_a_form_and_is_published_as_corrected(office: Office) -> None:  # noqa: F811
    version = office.drop("待审.pdf", a_held_letter())
    run = waiting(office, version)
    assert run.state is not None
    assert (run.state.name, run.state.type.value) == ("Held", "PAUSED")
    assert "搁置，由人决定" in (run.state.message or "")
    assert "公开期限" in (run.state.message or "")
    text, schema = form(run)
    for words in ("待审.pdf", "另行研究", "result-unknown", "主动公开", "公开期限"):
        assert words in text
    assert schema["required"] == ["decision", "reason", "reviewer"]
    assert "disclosure" not in schema["properties"]
    for link in re.findall(r"\((http[^)]+)\)", text):
        shown = urllib.request.urlopen(link, timeout=10).read()
        assert shown.startswith((b"<svg", b"<!doctype html>"))
    assert version.key not in office.waiting()
    assert office.here.vault.counts(office.here.vault.receipt(version.document_id).day).held >= 1  # type: ignore[union-attr]

    other = office.drop("不受影响.pdf", pdf_of(letter(title=("对区政协十五届三次会议", "第153399号提案的答复"))))
    assert office.settled(other).name == "Published", "it holds no place"

    assert answer(run, Verdict.PUBLISH, handling_result="解决采纳") == "ACCEPT"
    assert ended(office, version).name == "Published"
    outcome = office.outcome(version)
    assert isinstance(outcome, Published)
    (made,) = office.here.vault.decisions(version.document_id)
    assert (made.verdict, made.reviewer, made.corrections.handling_result) == (Verdict.PUBLISH, "闻溪", "解决采纳")
    assert any(mark.startswith("result-unknown") for mark in made.seen)
    manifest = json.loads(office.here.public.get(outcome.manifest_key))
    assert manifest["handling_result"]["normalised"] == "解决采纳"
    assert [each["verdict"] for each in manifest["provenance"]["decisions"]] == ["publish"]
    assert "闻溪" not in json.dumps(manifest, ensure_ascii=False)
    assert _client().filter_flow_run_input(run.id, "", 50, set()) == []
    assert list(office.here.vault.bucket.list("review/")) == []


def test_two_different_persons_publish_a_masked_rendition(office: Office) -> None:  # noqa: F811
    body = a_held_letter(body=(f"详情可拨打{MOBILE}咨询。", "特此函复。"))
    version = office.drop("含手机号.pdf", body)
    run = waiting(office, version)
    assert VERDICT_WORDS[Verdict.PUBLISH] not in form(run)[1]["properties"]["decision"]["enum"]
    answer(run, Verdict.PUBLISH_MASKED, handling_result="解决采纳")
    run = waiting(office, version, run)
    text, _ = form(run)
    assert "另一名" in text
    assert "闻溪" in text
    assert "另一名审核人" in ((run.state and run.state.message) or "")
    answer(run, Verdict.PUBLISH_MASKED, "闻 溪")
    run = waiting(office, version, run)
    assert "没有采用" in form(run)[0], "the same person again"
    answer(run, Verdict.PUBLISH_MASKED, "程岸")
    assert ended(office, version).name == "Published"
    outcome = office.outcome(version)
    assert isinstance(outcome, Published)
    manifest = json.loads(office.here.public.get(outcome.manifest_key))
    artifacts = {each["role"]: office.here.public.get(each["key"]).decode() for each in manifest["artifacts"]}
    assert set(artifacts) == {"reply_json", "text"}
    artifacts["page"] = office.here.public.get(page_key(outcome.reply_id)).decode()
    assert manifest["provenance"]["rendition"] == {"masks": [{"code": "personal-data-mobile", "count": 1}]}
    assert MASKED_NOTE in artifacts["page"]
    assert all("138****5678" in artifact for artifact in artifacts.values())
    assert MOBILE.encode() not in b"".join(office.here.public.get(head.key) for head in office.here.public.list())
    assert MOBILE.encode() not in kept_by_prefect()


def test_of_a_letter_that_a_person_keeps_private_prefect_forgets_what_it_showed(office: Office) -> None:  # noqa: F811
    """It was on the screen while it waited; whoever sees later that it was refused may not read it there."""
    title = "第153987号提案的答复"
    version = office.drop("不公开.pdf", a_held_letter(title=("对区政协十五届三次会议", title)))
    run = waiting(office, version)
    assert title in rows_of_prefect()
    answer(run, Verdict.REJECT)
    assert ended(office, version).name == "Rejected"
    assert title not in rows_of_prefect()
    assert any("reviewer-withheld" in words for words in office.shown(version))


def test_a_letter_that_is_sent_back_is_told_why_and_what_to_do(office: Office) -> None:  # noqa: F811
    version = office.drop("退回.pdf", a_held_letter())
    answer(waiting(office, version), Verdict.SEND_BACK, reason="办理结果请用规范用语")
    state = ended(office, version)
    assert state.name == "Rejected"
    assert "办理结果请用规范用语" in (state.message or "")
    assert "再投放到收件箱" in (state.message or "")
    assert isinstance(office.outcome(version), Rejected)


def test_what_is_wrong_with_an_answer_is_told_in_the_form_and_nothing_else_happens(office: Office) -> None:  # noqa: F811
    version = office.drop("填错.pdf", a_held_letter())
    run = waiting(office, version)
    assert answer(run, Verdict.PUBLISH, decision="随便") == "REJECT"
    answer(run, Verdict.PUBLISH, reason=f"请致电{MOBILE}", document_number="第1号")
    run = waiting(office, version, run)
    text, _ = form(run)
    assert "发文字号应写作" in text
    assert "个人信息" in text
    assert MOBILE not in text
    assert office.here.vault.decisions(version.document_id) == ()
    answer(run, Verdict.REJECT)
    assert ended(office, version).name == "Rejected"


def test_held_documents_come_back_with_their_form_when_prefect_forgets_everything(office: Office) -> None:  # noqa: F811
    version = office.drop("库没了.pdf", a_held_letter())
    run = waiting(office, version)
    _client().delete_flow_run(run.id)
    again = waiting(office, version)
    assert again.id != run.id
    assert "result-unknown" in form(again)[0]
    answer(again, Verdict.REJECT)
    assert ended(office, version).name == "Rejected"


def test_a_decision_that_came_without_prefect_ends_the_run_as_well(office: Office) -> None:  # noqa: F811
    version = office.drop("命令行.pdf", a_held_letter())
    waiting(office, version)
    sheet = office.here.vault.sheet(version.document_id)
    assert sheet is not None
    made = Decision(Verdict.PUBLISH, "程岸", "已核对。", "2026-01-05T02:00:00Z", sheet.sha256, sheet.seen)
    office.here.vault.decide(made, version.document_id)
    assert ended(office, version).name == "Published"


def test_a_held_run_that_a_person_cancels_waits_for_the_retry_and_is_held_again(office: Office) -> None:  # noqa: F811
    from prefect.states import Cancelling

    version = office.drop("取消.pdf", a_held_letter())
    run = waiting(office, version)
    _client().set_flow_run_state(run.id, Cancelling())
    eventually(lambda: (state := office.state(version)) and state.is_cancelled())
    assert version.document_id in office.here.vault.held_documents()
    office.retry(version)
    answer(waiting(office, version, run), Verdict.REJECT)
    assert ended(office, version).name == "Rejected"
