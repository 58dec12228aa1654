"""Promises of a crowd, with a real store, server and readers: one run for the work, then one for each document."""

from __future__ import annotations

import itertools
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from prefect.client.schemas.objects import FlowRun
from prefect.exceptions import Abort
from pydantic import SecretStr

from adapters.store.embedded_store import EmbeddedStore
from cli.prefect_server import PrefectServer
from config.settings import Settings
from domain.object_version import ObjectVersion
from flows import publish_crowd as crowd_module
from flows.publish_crowd import PUBLISH_CROWD, publish_crowd
from flows.publish_reply import PUBLISH_REPLY, publish_reply
from flows.reply_runs import ReplyRuns
from flows.work_pool import SettledRun, WorkPool, connection
from samples.factory import letter, pdf_of
from tasks.premises import Premises, move_in, premises_of
from tasks.trouble import StepFailed
from tests.adapters.publishing import KEY, SIGNING_KEY
from tests.flows.test_publish_reply import SAMPLES, drop, page_of


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
        work_pool=f"crowd-{uuid.uuid4().hex[:8]}",
        readers=1,
    )
    with premises_of(settings) as premises:
        move_in(premises)
        yield premises
        move_in(None)


@pytest.fixture
def pool(prefect_server: PrefectServer, here: Premises) -> Iterator[WorkPool]:
    with connection():
        found = WorkPool(replace(PUBLISH_REPLY, pool=here.settings.work_pool))
        found.register()
        yield found


_serials = iter(range(901, 999))


@pytest.fixture
def crowd(here: Premises) -> list[ObjectVersion]:
    """Four good letters, one that no rule lets through, one that is no PDF."""
    made = []
    for serial in itertools.islice(_serials, 4):
        title = ("对区政协十五届三次会议", f"第153{serial}号提案的答复")
        made.append(pdf_of(letter(title=title, document_number=f"砚府〔2024〕{serial}号")))
    closed = pdf_of(letter(marks=("公开属性：依申请公开",)))
    return [drop(here, body) for body in (*made, closed, b"no PDF")]


def travel(crowd: list[ObjectVersion]) -> str:
    objects = [(version.key, version.version) for version in crowd]
    state = publish_crowd(crowd[0].bucket, objects, return_state=True)
    return f"{state.name}: {state.message}"


def runs_of(pool: WorkPool, crowd: list[ObjectVersion]) -> dict[str, FlowRun]:
    return pool.find([version.document_id for version in crowd])


def left_over(here: Premises, crowd: list[ObjectVersion]) -> set[str]:
    """Documents without a fate."""
    return {version.document_id for version in crowd} & set(here.vault.open_documents())


def test_each_document_has_one_fate_and_a_run_of_its_own_like_any_other(
    here: Premises, pool: WorkPool, crowd: list[ObjectVersion]
) -> None:
    assert travel(crowd) == "Settled: 共 6 份：已公开 4 份，退回 2 份。"
    runs = runs_of(pool, crowd)
    assert len(runs) == len(crowd)
    states = Counter((run.state_name, run.state_type) for run in runs.values())
    assert {str(name): number for (name, _), number in states.items()} == {"Published": 4, "Rejected": 2}
    published = runs[crowd[0].document_id]
    assert (published.name or "").startswith("砚府〔2024〕9")
    assert {"fate:published", "year:2024"} <= set(published.tags)
    assert str(published.name) in page_of(published).replace("\\", "")
    assert left_over(here, crowd) == set()
    assert {head.key for head in here.inbox.list()} & {version.key for version in crowd} == set()


def test_a_second_time_changes_nothing(here: Premises, pool: WorkPool, crowd: list[ObjectVersion]) -> None:
    travel(crowd)
    before = {head.key: head.etag for head in here.public.list()}, runs_of(pool, crowd).keys()
    assert travel(crowd) == "Settled: 没有新的文件。"
    assert ({head.key: head.etag for head in here.public.list()}, runs_of(pool, crowd).keys()) == before


def test_what_an_interrupted_crowd_left_is_finished_by_the_next(
    here: Premises, pool: WorkPool, crowd: list[ObjectVersion], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = iter([False] * 7 + [True] * 100)

    def stop_soon() -> None:
        if next(asked):
            raise Abort("asked to stop")

    monkeypatch.setattr(crowd_module, "stop_if_asked", stop_soon)
    monkeypatch.setattr("flows.publish_reply.stop_if_asked", stop_soon)
    with pytest.raises(Abort):
        travel(crowd)
    monkeypatch.undo()
    travel(crowd)
    assert len(runs_of(pool, crowd)) == len(crowd)
    assert left_over(here, crowd) == set()


def test_a_document_whose_step_fails_gets_a_run_of_its_own_that_tries_again(
    here: Premises, pool: WorkPool, crowd: list[ObjectVersion], monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows.publish_reply import settle as real

    broken = crowd[1]

    def fails_once(steps: Any, bucket: str, key: str, version: str, say: Any) -> object:
        if key == broken.key:
            raise StepFailed("对象存储暂时不可用。", passes=True)
        return real(steps, bucket, key, version, say)

    monkeypatch.setattr(crowd_module, "settle", fails_once)
    assert "单独重试 1 份" in travel(crowd)
    run = runs_of(pool, crowd)[broken.document_id]
    assert run.state is not None
    assert run.state.is_scheduled()


def test_a_row_that_a_busy_server_refused_becomes_a_run_that_tells_the_fate_from_the_vault(
    here: Premises, pool: WorkPool, crowd: list[ObjectVersion], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fate stands in the vault: nothing is judged or published a second time."""
    real, answers = WorkPool.create_settled, list[UUID | None]()

    def refuses_the_first(of: WorkPool, runs: Sequence[SettledRun]) -> list[UUID | None]:
        made = [None, *real(of, runs[1:])]
        answers.extend(made)
        return made

    monkeypatch.setattr(WorkPool, "create_settled", refuses_the_first)
    travel(crowd)
    runs = runs_of(pool, crowd)
    assert len(runs) == len(crowd)
    refused = [run for run in runs.values() if run.state and run.state.is_scheduled()]
    assert len(refused) == answers.count(None), "one of each batch, and what the server was really too busy for"
    before = {head.key: head.etag for head in here.public.list()}
    for run in refused:
        outcome = here.vault.outcome(run.idempotency_key or "")
        state = publish_reply(**run.parameters, return_state=True)
        assert outcome is not None
        assert state.name == type(outcome).__name__
    assert {head.key: head.etag for head in here.public.list()} == before


def test_while_a_crowd_is_under_way_its_documents_get_no_second_run(
    here: Premises, pool: WorkPool, crowd: list[ObjectVersion]
) -> None:
    crowds = WorkPool(replace(PUBLISH_CROWD, pool=f"{here.settings.work_pool}-crowds"))
    crowds.register()
    runs = ReplyRuns(pool, crowds, lambda _: None)
    runs.register_crowd(crowd[:5])
    runs.register_crowd(crowd[:5])
    runs.revive(crowd)
    assert set(runs_of(pool, crowd)) == {crowd[5].document_id}
    [under_way] = [run for run in crowds.due(10) if run.parameters["objects"][0][0] == crowd[0].key]
    assert under_way.name == "5 份文件"
