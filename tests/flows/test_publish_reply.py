"""Promises of the journey, with a real store, a real Prefect server and real readers: one fate, whatever happens."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from prefect.client.schemas.objects import FlowRun, State
from pydantic import SecretStr

from adapters.store.embedded_store import EmbeddedStore
from adapters.store.object_store import Bucket
from cli.prefect_server import PrefectServer
from config.settings import Settings
from domain.fate import Published
from domain.object_version import ObjectVersion
from domain.publication.object_keys import open_key
from flows.publish_reply import publish_reply
from flows.work_pool import _client, connection, tell_the_rest
from samples.factory import letter, pdf_of
from tasks.clear_inbox import version_of
from tasks.premises import Premises, move_in, premises_of
from tests.adapters.publishing import KEY, SIGNING_KEY
from tests.flows.conftest import FOLDER, eventually

SAMPLES = Path(__file__).parents[2] / "samples"


@pytest.fixture(scope="module")
def here(embedded_store: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Premises]:
    settings = Settings(
        _env_file=None,
        data_dir=tmp_path_factory.mktemp("office"),
        config_dir=SAMPLES / "config",
        trust_dir=SAMPLES / "trust",
        s3_endpoint_url=embedded_store.endpoint_url,
        s3_access_key=embedded_store.access_key,
        s3_secret_key=SecretStr(embedded_store.secret_key),
        signing_key=SecretStr(SIGNING_KEY),
        log_origin=KEY.name,
        public_url="https://public.example/replies/",
        readers=1,
    )
    with premises_of(settings) as premises:
        move_in(premises)
        yield premises
        move_in(None)


@pytest.fixture(autouse=True)
def _connected(prefect_server: PrefectServer, here: Premises) -> Iterator[None]:
    with connection():
        yield


_serial = iter(range(500, 900))


def a_letter(*, signed: bool = True, **changes: Any) -> bytes:
    """A letter that would be published, about a proposal of its own."""
    serial = next(_serial)
    title = ("对区政协十五届三次会议", f"第153{serial}号提案的答复")
    of = letter(**({"title": title, "document_number": f"砚府〔2024〕{serial}号"} | changes))
    return pdf_of(of, signed=signed)


def drop(here: Premises, body: bytes, name: str = "") -> ObjectVersion:
    key = name or f"{uuid.uuid4().hex[:8]}.pdf"
    here.inbox.put(key, body, content_type="application/pdf")
    head = here.inbox.head(key)
    assert head is not None
    return version_of(here.inbox, head)


def travel(version: ObjectVersion) -> tuple[State[Any], FlowRun]:
    state = publish_reply(version.bucket, version.key, version.version, return_state=True)
    run_id = state.state_details.flow_run_id
    assert isinstance(run_id, UUID)
    return state, _client().read_flow_run(run_id)


def page_of(run: FlowRun) -> str:
    wanted = {"artifacts": {"flow_run_id": {"any_": [str(run.id)]}}}
    (artifact,) = _client().request("POST", "/artifacts/filter", json=wanted).json()
    return str(artifact["data"])


def test_a_good_letter_ends_published_and_the_run_tells_what_an_operator_looks_for(here: Premises) -> None:
    version = drop(here, a_letter(document_number="砚府〔2024〕41号"))
    state, run = travel(version)
    outcome = here.vault.outcome(version.document_id)
    assert isinstance(outcome, Published)
    assert (state.name, state.type.value) == ("Published", "COMPLETED")
    assert outcome.reply_id in (state.message or "")
    assert run.name == "砚府〔2024〕41号"
    assert {"fate:published", "year:2024", "authority:枫浦区砚溪镇人民政府"} <= set(run.tags)
    assert here.public.head(outcome.manifest_key) is not None
    assert f"https://public.example/replies/{outcome.manifest_key}" in page_of(run)
    assert here.inbox.head(version.key) is None
    assert list(here.vault.open_documents()) == []


def test_a_second_run_changes_nothing_and_says_the_same(here: Premises) -> None:
    version = drop(here, a_letter())
    first, _ = travel(version)
    before = {head.key: head.etag for head in here.public.list()}
    second, _ = travel(version)
    assert (second.name, second.message) == (first.name, first.message)
    assert {head.key: head.etag for head in here.public.list()} == before


def test_the_same_bytes_dropped_again_are_unchanged(here: Premises) -> None:
    body = a_letter()
    travel(drop(here, body))
    state, run = travel(drop(here, body))
    assert state.name == "Unchanged"
    assert "fate:unchanged" in run.tags


def test_another_letter_of_the_same_identity_is_rejected_unless_it_was_dropped_as_a_correction(here: Premises) -> None:
    title = ("对区政协十五届三次会议", "第153477号提案的答复")
    travel(drop(here, a_letter(title=title)))
    changed = a_letter(title=title)
    assert travel(drop(here, changed))[0].name == "Rejected"
    state, _ = travel(drop(here, changed, "更正/更正件.pdf"))
    assert state.name == "Published"
    assert "第2版" in (state.message or "")


def test_a_letter_that_is_not_public_is_told_by_digest_and_codes_alone(here: Premises, tmp_path: Path) -> None:
    words = "此句只见于不公开的答复"
    marks = ("办理结果：采纳解决", "公开属性：依申请公开")
    body = a_letter(marks=marks, body=(words,), document_number="砚府〔2024〕43号")
    version = drop(here, body, "投放的文件名.pdf")
    state, run = travel(version)
    page = page_of(run)
    assert state.name == "Rejected"
    assert run.name != "砚府〔2024〕43号"
    assert not any(tag.startswith(("year:", "authority:")) for tag in run.tags)
    assert "disclosure-on-application" in page
    for private in (words, "43号", "提案", "砚溪镇"):
        assert private not in page


def test_the_words_of_a_letter_never_reach_the_database_of_prefect(
    here: Premises, prefect_server: PrefectServer
) -> None:
    # A name of this test's own: the form of a held letter holds its fields, and other tests hold letters.
    sentence, person = "河岸长椅的颜色定为深绿", "卫听澜"
    words: dict[str, Any] = {"salutation": f"{person}委员：", "body": (f"{sentence}。", *letter().body)}
    state, _ = travel(drop(here, a_letter(**words)))
    assert state.name == "Published"
    travel(drop(here, a_letter(marks=("公开属性：不予公开",), **words)))
    tell_the_rest()
    kept = b"".join(path.read_bytes() for path in (FOLDER / "server").glob("prefect.db*"))
    assert "砚府".encode() in kept  # it does keep the document's number
    for private in (sentence, person):
        assert private.encode() not in kept
        assert private.encode("unicode-escape").replace(b"\\u", b"\\u") not in kept


def test_a_file_that_vanished_before_it_was_taken_is_rejected_for_that(here: Premises) -> None:
    version = drop(here, a_letter())
    here.inbox.delete(version.key)
    state, run = travel(version)
    assert state.name == "Rejected"
    assert "已被删除或替换" in (state.message or "")
    assert "fate:rejected" in run.tags


def test_a_file_that_replaced_the_announced_one_is_not_taken_for_it_and_stays(here: Premises) -> None:
    announced = drop(here, a_letter(), "同名.pdf")
    later = drop(here, a_letter(), "同名.pdf")
    assert travel(announced)[0].name == "Rejected"
    assert here.inbox.head("同名.pdf") is not None
    assert travel(later)[0].name == "Published"


class Killed(BaseException):
    """The process ends here."""


@contextmanager
def ending_after(here: Premises, requests: int) -> Iterator[Callable[[], int]]:
    """End the process, as it were, at the request to a store that follows so many others."""
    made = 0

    def end(**_: object) -> None:
        nonlocal made
        made += 1
        if made > requests:
            raise Killed

    clients = {id(bucket.client): bucket.client for bucket in (here.inbox, here.vault.bucket, here.public)}
    for client in clients.values():
        client.meta.events.register("before-call.s3", end, unique_id="end")
    try:
        yield lambda: made
    finally:
        for client in clients.values():
            client.meta.events.unregister("before-call.s3", end, unique_id="end")


def test_killed_at_any_request_and_run_again_it_meets_the_same_single_fate(here: Premises) -> None:
    version = drop(here, a_letter())
    head = here.public.get("log/checkpoint") if here.public.head("log/checkpoint") else b""
    kills = 0
    for requests in range(1, 200, 3):
        try:
            with ending_after(here, requests):
                state, _ = travel(version)
        except Killed:
            kills += 1
            continue
        break
    assert state.name == "Published"
    assert kills > 6
    outcome = here.vault.outcome(version.document_id)
    assert isinstance(outcome, Published)
    assert outcome.version == 1
    assert here.public.head(f"doc/{outcome.reply_id}/v2/manifest.json") is None
    assert here.public.get("log/checkpoint") != head
    assert here.inbox.head(version.key) is None
    assert list(here.vault.open_documents()) == []


def test_a_store_that_is_away_for_a_moment_is_waited_for(here: Premises) -> None:
    version = drop(here, a_letter())
    with away(here.vault.bucket, times=1):
        assert travel(version)[0].name == "Published"


def test_a_store_that_stays_away_ends_in_failed_with_one_sentence_and_the_letter_is_finished_later(
    here: Premises,
) -> None:
    version = drop(here, a_letter())
    with away(here.vault.bucket, times=1000):
        state, _ = travel(version)
    assert state.is_failed()
    assert "Traceback" not in (state.message or "")
    assert "存储" in (state.message or "")
    assert travel(version)[0].name == "Published"


@contextmanager
def away(bucket: Bucket, times: int) -> Iterator[None]:
    """The store cannot be reached for so many requests."""
    from botocore.exceptions import EndpointConnectionError

    left = times

    def refuse(**_: object) -> None:
        nonlocal left
        if left > 0:
            left -= 1
            raise EndpointConnectionError(endpoint_url="http://store.example")

    bucket.client.meta.events.register("before-call.s3", refuse, unique_id="away")
    try:
        yield
    finally:
        bucket.client.meta.events.unregister("before-call.s3", refuse, unique_id="away")


def test_a_mistake_of_ours_is_told_without_a_word_of_the_document(here: Premises) -> None:
    state, _ = travel(ObjectVersion("another-bucket", "a.pdf", "v"))
    assert state.is_failed()
    assert state.message == "参数中的存储桶不是收件箱，没有处理。请核对参数后重新运行。"


def test_a_run_started_by_hand_without_a_version_takes_what_lies_there(here: Premises) -> None:
    version = drop(here, a_letter())
    state = publish_reply(version.bucket, version.key, return_state=True)
    assert state.name == "Published"
    eventually(lambda: here.vault.outcome(version.document_id))


def test_a_run_that_finds_an_outcome_takes_the_document_off_the_sweeps_list(here: Premises) -> None:
    """The run that wrote the outcome may have been killed before it could."""
    version = drop(here, a_letter())
    travel(version)
    key = open_key(version.document_id)
    here.vault.bucket.put(key, b"{}", content_type="application/json")
    travel(version)
    assert list(here.vault.open_documents()) == []
