"""A reply is taken down in a run that Prefect shows; who ordered it, and in what words, Prefect never learns."""

from __future__ import annotations

from adapters.record.withdrawal import Limits, Order, Withdrawals
from domain.fate import Published
from domain.publication.notice import Notice, Reason
from domain.publication.object_keys import LOG_WRITER, page_key, reply_folder
from flows.withdraw_reply import carry_out
from flows.work_pool import _client
from samples.factory import letter, pdf_of
from tasks.premises import publisher_of
from tasks.withdrawal_desk import Desk
from tests.flows.test_bad_input import Office, _serials, office  # noqa: F401 - a fixture
from tests.flows.test_held_documents import kept_by_prefect


def test_a_withdrawal_is_a_run_that_knows_the_reply_and_nobody(office: Office) -> None:  # noqa: F811
    serial = next(_serials)
    body = pdf_of(letter(title=("对区政协十五届三次会议", f"第153{serial}号提案的答复")))
    version = office.drop("撤下.pdf", body)
    assert office.settled(version).name == "Published"
    outcome = office.outcome(version)
    assert isinstance(outcome, Published)

    here = office.here
    publisher = publisher_of(here.settings, here.vault, here.public)
    order = Order(outcome.reply_id, Notice(Reason.PERSONAL_PRIVACY, None, "含一处电话号码"), "闻溪撤", "阮二人")
    desk = Desk(Withdrawals(publisher, here.vault, here.public, Limits(100, 1.0)), order)
    done = carry_out(desk, in_a_run=True)
    assert (done.reply_id, done.version) == (outcome.reply_id, 2)
    assert "停止公开" in here.public.get(page_key(outcome.reply_id)).decode()
    left = {
        head.key.removeprefix(reply_folder(outcome.reply_id))
        for head in here.public.list()
        if outcome.reply_id in head.key
    }
    assert not [key for key in left if key.endswith((".pdf", ".txt"))]

    runs = _client().request("POST", "/flow_runs/filter", json={"flows": {"name": {"any_": ["withdraw_reply"]}}}).json()
    (run,) = [each for each in runs if each["parameters"] == {"reply_id": outcome.reply_id}]
    assert (run["state_type"], run["name"]) == ("COMPLETED", f"停止公开 {outcome.reply_id}")
    prefect = kept_by_prefect()
    assert not [name for name in ("闻溪撤", "阮二人", "含一处电话号码") if name.encode() in prefect]

    def public() -> dict[str, str]:
        return {key: etag for key, etag in office.public().items() if key != LOG_WRITER}  # who may write, until when

    before = public()
    assert carry_out(desk, in_a_run=True).version == 2
    assert public() == before
