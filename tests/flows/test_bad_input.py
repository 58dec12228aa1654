"""What bad input and a broken world get, through the whole stack: one fate or a retried failure, and one sentence."""

from __future__ import annotations

import io
import json
import re
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import pypdf
import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterIdempotencyKey
from prefect.client.schemas.objects import FlowRun, State
from prefect.client.schemas.sorting import FlowRunSort
from prefect.states import AwaitingRetry
from pydantic import SecretStr

from adapters.intake.notification_server import NotificationServer
from adapters.record.record_audit import verify
from adapters.store.embedded_store import EmbeddedStore
from cli.prefect_server import PrefectServer, free_port
from config.settings import Settings
from domain.fate import Held, Outcome, Published, Rejected
from domain.gate.finding import find
from domain.object_version import ObjectVersion
from domain.outcome_told import findings_of
from flows.held_runs import HeldRuns
from flows.office import open_office
from flows.publish_crowd import PUBLISH_CROWD
from flows.reply_runs import ReplyRuns
from flows.watch_inbox import InboxWatcher
from flows.work_pool import WorkPool, _client, connection, tell_the_rest
from samples.factory import letter, pdf_of
from tasks.clear_inbox import version_of
from tasks.premises import Premises, premises_of
from tests.adapters.publishing import KEY, PINNED, SIGNING_KEY
from tests.flows.conftest import eventually

SAMPLES = Path(__file__).parents[2] / "samples"
LETTERS = SAMPLES / "letters"
TOKEN = "a-shared-secret"
ARTIFACT = re.compile("doc/[^/]+/[0-9a-f]{64}[.]")


class Office:
    """An office at work on a store of its own, and what a person can see of it: the inbox, the runs, the public."""

    def __init__(self, here: Premises, store: EmbeddedStore, runs: ReplyRuns, port: int) -> None:
        self.here, self.store = here, store
        self._runs, self._port = runs, port

    def drop(self, key: str, body: bytes) -> ObjectVersion:
        """Put a file in the inbox with any S3 tool, and have the store tell of it."""
        self.here.inbox.put(key, body, content_type="application/pdf")
        version = self.version(key)
        self.announce(key)
        return version

    def version(self, key: str) -> ObjectVersion:
        head = self.here.inbox.head(key)
        assert head is not None
        return version_of(self.here.inbox, head)

    def announce(self, key: str) -> None:
        record = {"s3": {"bucket": {"name": self.here.inbox.name}, "object": {"key": quote_plus(key)}}}
        event = {"Records": [record | {"eventName": "ObjectCreated:Put", "eventSource": "aws:s3"}]}
        request = urllib.request.Request(
            f"http://127.0.0.1:{self._port}/events",
            json.dumps(event).encode(),
            {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"},
        )
        urllib.request.urlopen(request, timeout=10).close()

    def register(self, version: ObjectVersion) -> None:
        """As if it had been announced while it still lay there."""
        self._runs.register(version)

    def retry(self, version: ObjectVersion) -> None:
        """What the button "Retry" does."""
        run = self.run(version)
        assert run is not None
        _client().set_flow_run_state(run.id, AwaitingRetry())

    def run(self, version: ObjectVersion) -> FlowRun | None:
        wanted = FlowRunFilter(idempotency_key=FlowRunFilterIdempotencyKey(any_=[version.document_id]))
        found = _client().read_flow_runs(flow_run_filter=wanted, sort=FlowRunSort.ID_DESC, limit=1)
        return found[0] if found else None

    def state(self, version: ObjectVersion) -> State[Any] | None:
        run = self.run(version)
        return run.state if run else None

    def ended(self, version: ObjectVersion, seconds: float = 60.0) -> State[Any]:
        """The state in which the run comes to its end."""

        def final() -> State[Any] | None:
            state = self.state(version)
            return state if state and state.is_final() else None

        return eventually(final, seconds)

    def settled(self, version: ObjectVersion, seconds: float = 90.0) -> State[Any]:
        """The state once the document has its fate or waits for a person, after however many failures."""

        def completed() -> State[Any] | None:
            state = self.state(version)
            return state if state and (state.is_completed() or state.is_paused()) else None

        return eventually(completed, seconds)

    def outcome(self, version: ObjectVersion) -> Outcome | None:
        return self.here.vault.outcome(version.document_id)

    def shown(self, version: ObjectVersion) -> list[str]:
        """Everything that Prefect's UI shows of the run in words."""
        run = self.run(version)
        assert run is not None
        tell_the_rest()
        of_run = {"flow_run_id": {"any_": [str(run.id)]}}
        logs = _client().request("POST", "/logs/filter", json={"logs": of_run, "limit": 200}).json()
        pages = _client().request("POST", "/artifacts/filter", json={"artifacts": of_run}).json()
        tasks = (
            _client().request("POST", "/task_runs/filter", json={"flow_runs": {"id": {"any_": [str(run.id)]}}}).json()
        )
        messages = [(task["state"] or {}).get("message") or "" for task in tasks]
        own = (run.state.message or "") if run.state else ""
        return [own, *messages, *(log["message"] for log in logs), *(page["data"] for page in pages)]

    def public(self) -> dict[str, str]:
        return {head.key: head.etag for head in self.here.public.list()}

    def waiting(self) -> list[str]:
        return [head.key for head in self.here.inbox.list()]


@contextmanager
def at_work(here: Premises, store: EmbeddedStore) -> Iterator[Office]:
    """As `flows.office` opens it, but for a shorter patience and an address that the test knows."""
    with ExitStack() as open_now:
        dispatcher = open_now.enter_context(open_office(here, intake=False))
        assert dispatcher.wait_until_registered(30)
        crowds = WorkPool(replace(PUBLISH_CROWD, pool=f"{here.settings.work_pool}-crowds"))
        with connection():
            crowds.register()
        runs = ReplyRuns(dispatcher.pool, crowds, dispatcher.offer, patience=timedelta(seconds=1))
        watcher = InboxWatcher(
            here.inbox,
            here.vault,
            runs,
            HeldRuns(dispatcher.pool, runs, here.vault, here.links),
            settle_seconds=0.3,
            sweep_seconds=0.5,
            crowd_from=20,
            correction_prefix=here.settings.correction_prefix,
        )
        server = NotificationServer("127.0.0.1", 0, TOKEN, watcher.heed, watcher.health)
        server.start()
        open_now.callback(server.stop)
        watcher.start()
        open_now.callback(watcher.stop)
        with connection():
            yield Office(here, store, runs, server.port)


@pytest.fixture(scope="module")
def office(prefect_server: PrefectServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("bad-input")
    # Ports of its own, so that it can be stopped and come back.
    with EmbeddedStore(folder / "store", free_port(0), free_port(0)) as store:
        settings = Settings(
            _env_file=None,
            data_dir=folder,
            config_dir=SAMPLES / "config",
            trust_dir=SAMPLES / "trust",
            s3_endpoint_url=store.endpoint_url,
            s3_access_key=store.access_key,
            s3_secret_key=SecretStr(store.secret_key),
            signing_key=SecretStr(SIGNING_KEY),
            log_origin=KEY.name,
            store_folder=store.folder,
            prefect_api_url=prefect_server.api_url,
            work_pool="bad-input",
            readers=1,
        )
        with premises_of(settings) as here, at_work(here, store) as office:
            yield office


_serials = iter(range(300, 400))


def good_letter() -> bytes:
    """A letter that would be published, about a proposal of its own."""
    serial = next(_serials)
    title = ("对区政协十五届三次会议", f"第153{serial}号提案的答复")
    return pdf_of(letter(title=title, document_number=f"砚府〔2024〕{serial}号"))


def many_pages(count: int) -> bytes:
    writer, target = pypdf.PdfWriter(), io.BytesIO()
    for _ in range(count):
        writer.add_blank_page(595, 842)
    writer.write(target)
    return target.getvalue()


def sample(start: str) -> bytes:
    (path,) = LETTERS.glob(f"{start}*.pdf")
    return path.read_bytes()


def nothing_raw(words: list[str]) -> bool:
    """Nothing that only a programmer understands."""
    return not any("Traceback" in word or 'File "' in word for word in words)


# --- bad documents ----------------------------------------------------------------------------------------------------

BAD: dict[str, tuple[Callable[[], bytes], type[Outcome], str, str]] = {
    "零字节.pdf": (lambda: b"", Rejected, "empty-file", "文件是空的"),
    "其实是文本.pdf": (lambda: "这不是PDF。".encode(), Rejected, "not-a-pdf", "内容不是 PDF"),
    "只有一半.pdf": (lambda: good_letter()[:9000], Rejected, "pdf-damaged", "已损坏或不完整"),
    "加密.pdf": (lambda: sample("22"), Rejected, "pdf-encrypted", "设置了密码或加密"),
    "三百页.pdf": (lambda: many_pages(300), Held, "too-many-pages", "共 300 页，超过 200 页"),
}


@pytest.mark.parametrize("key", BAD)
def test_a_bad_document_meets_one_fate_with_one_plain_reason(key: str, office: Office) -> None:
    """The reason stands in the state, on the page and in the vault; nothing of it is public; the inbox is cleared."""
    body, fate, code, words = BAD[key]
    before = office.public()
    version = office.drop(key, body())
    state = office.settled(version)
    outcome = office.outcome(version)
    assert isinstance(outcome, fate)
    assert code in [finding.code for finding in findings_of(outcome)]
    assert (state.name, words in (state.message or "")) == (fate.__name__, True)
    shown = office.shown(version)
    assert nothing_raw(shown)
    assert any(words in page for page in shown if page.startswith("# "))
    assert office.public() == before
    assert key not in office.waiting()
    assert version.document_id not in office.here.vault.open_documents()


def test_a_key_with_spaces_plus_signs_percent_and_chinese_is_taken_under_its_own_name(office: Office) -> None:
    key = "二〇二四年/砚溪镇 答复+附件 100%25 [终稿]&=?#.pdf"
    version = office.drop(key, good_letter())
    assert office.settled(version).name == "Published"
    receipt = office.here.vault.receipt(version.document_id)
    assert receipt is not None
    assert receipt.key == key
    assert key not in office.waiting()


def test_a_file_deleted_between_announcement_and_fetch_is_told_as_vanished(office: Office) -> None:
    """Nobody may think that it is still on its way."""
    office.here.inbox.put("撤走.pdf.part", b"%PDF-1.7", content_type="application/pdf")  # left alone by intake
    version = office.version("撤走.pdf.part")
    office.here.inbox.delete(version.key)
    office.register(version)
    state = office.settled(version)
    run = office.run(version)
    assert state.name == "Rejected"
    assert find("original-vanished").message() in (state.message or "")
    assert run is not None
    assert "fate:rejected" in run.tags
    assert office.here.vault.receipt(version.document_id) is None


def test_of_two_files_under_one_name_the_later_is_taken_and_the_earlier_is_told_as_replaced(office: Office) -> None:
    """Whoever dropped the earlier one is told, and the later one has a run of its own."""
    key = "同名.pdf.part"  # left alone by intake, so that the order is the test's
    office.here.inbox.put(key, good_letter(), content_type="application/pdf")
    earlier = office.version(key)
    office.here.inbox.put(key, good_letter(), content_type="application/pdf")
    later = office.version(key)
    office.register(earlier)
    assert "替换" in (office.settled(earlier).message or "")
    assert office.waiting().count(key) == 1
    office.register(later)
    assert office.settled(later).name == "Published"
    assert key not in office.waiting()


def test_a_file_that_grows_in_the_folder_itself_is_taken_once_and_whole(office: Office) -> None:
    """Copied over the network into the store's folder, it appears before it is complete."""
    body = good_letter()
    path = office.store.folder / "inbox" / "慢慢写.pdf"
    with path.open("wb", buffering=0) as growing:
        for start in range(0, len(body), len(body) // 8):
            growing.write(body[start : start + len(body) // 8])
            seen = len([head for head in office.here.inbox.list() if head.key == path.name])
            office.announce(path.name)
            assert seen <= 1
    version = eventually(lambda: _taken(office, path.name))
    assert office.settled(version).name == "Published"
    receipts = [receipt for receipt in office.here.vault.receipts() if receipt.key == path.name]
    assert [receipt.size_bytes for receipt in receipts] == [len(body)]


def _taken(office: Office, key: str) -> ObjectVersion | None:
    found = [receipt for receipt in office.here.vault.receipts() if receipt.key == key]
    return ObjectVersion(found[0].bucket, found[0].key, found[0].version) if found else None


# --- a broken world ---------------------------------------------------------------------------------------------------


def fails_and_recovers(office: Office, version: ObjectVersion, words: str, mend: Callable[[], None]) -> None:
    """While it is broken the run says so in one sentence and nothing is lost; mended, it is published."""
    state = office.ended(version)
    assert state.is_failed()
    message = state.message or ""
    assert words in message
    assert "文件没有丢失" in message
    assert "自动重试" in message
    shown = office.shown(version)
    assert nothing_raw(shown)
    assert sum(words in each for each in shown) > 1  # in the log as well
    mend()
    office.retry(version)
    assert office.settled(version).name == "Published"
    assert version.key not in office.waiting()
    assert verify(office.here.public, keys=PINNED) == []


def test_a_store_that_is_down_is_waited_for(office: Office) -> None:
    version = dropped_unseen(office, "店停.pdf.part")
    office.store.stop()
    office.register(version)
    fails_and_recovers(office, version, "连接不上", office.store.start)


def test_wrong_credentials_are_told_as_that_and_the_run_ends_once_they_are_right(office: Office) -> None:
    version = dropped_unseen(office, "密钥.pdf.part")
    with refusing(office, "SignatureDoesNotMatch", 403) as mend:
        office.register(version)
        fails_and_recovers(office, version, "访问密钥的密文不对", mend)


def test_a_full_disk_leaves_nothing_half_published(office: Office) -> None:
    """Full in the middle of publishing: artifacts may lie there, but no manifest names them, so nobody sees them."""
    version = dropped_unseen(office, "满了.pdf.part")
    before = {key for key in office.public() if not key.startswith("log/writer") and not ARTIFACT.match(key)}
    with refusing(office, "QuotaExceeded", 507, only_put_of="manifest.json") as mend:
        office.register(version)
        assert office.ended(version).is_failed()
        assert {
            key for key in office.public() if not key.startswith("log/writer") and not ARTIFACT.match(key)
        } == before
        assert verify(office.here.public, keys=PINNED) == []
        fails_and_recovers(office, version, "空间或配额已满", mend)


def dropped_unseen(office: Office, key: str) -> ObjectVersion:
    """In the inbox under a name that intake leaves alone: when its run begins is for the test to say."""
    office.here.inbox.put(key, good_letter(), content_type="application/pdf")
    return office.version(key)


class _Raw(io.BytesIO):
    """A body as botocore reads it."""

    def stream(self, **_: object) -> Iterator[bytes]:
        yield self.getvalue()


@contextmanager
def refusing(office: Office, code: str, status: int, only_put_of: str = "") -> Iterator[Callable[[], None]]:
    """The store answers so, until told to stop."""
    buckets = (office.here.inbox, office.here.vault.bucket, office.here.public)

    def answer(request: Any, **_: object) -> Any:
        if only_put_of and not (request.method == "PUT" and request.url.endswith(only_put_of)):
            return None
        body = f"<Error><Code>{code}</Code><Message>refused</Message></Error>".encode()
        return AWSResponse(request.url, status, HTTPHeaders.from_dict({"content-type": "application/xml"}), _Raw(body))

    def mend() -> None:
        for each in buckets:
            each.client.meta.events.unregister("before-send.s3", answer, unique_id="refusing")

    for each in buckets:
        each.client.meta.events.register("before-send.s3", answer, unique_id="refusing")
    try:
        yield mend
    finally:
        mend()


# --- what people and machines do to runs ------------------------------------------------------------------------------


def test_a_run_that_is_retried_after_its_fate_says_the_same_and_changes_nothing(office: Office) -> None:
    version = office.drop("再点一次.pdf", good_letter())
    first = office.settled(version)
    before = office.public()
    office.retry(version)
    eventually(lambda: (found := office.run(version)) and found.run_count == 2)
    again = office.settled(version)
    assert (again.name, again.message) == (first.name, first.message)
    assert office.public() == before


def test_documents_that_are_open_when_prefect_forgets_everything_are_finished_from_the_vault(office: Office) -> None:
    """Prefect's database is disposable: its run is gone, but the vault knows that the document was received."""
    version = dropped_unseen(office, "忘了.pdf.part")
    with refusing(office, "QuotaExceeded", 507, only_put_of="manifest.json"):
        office.register(version)
        assert office.ended(version).is_failed()
        assert version.document_id in office.here.vault.open_documents()
        run = office.run(version)
        assert run is not None
        _client().delete_flow_run(run.id)
    assert office.settled(version).name == "Published"
    assert isinstance(office.outcome(version), Published)


def test_a_public_bucket_that_a_second_installation_wrote_is_left_to_it_until_somebody_decides(office: Office) -> None:
    """Two that do not share their lock must not both write: the older stops, says so, and goes on by itself later."""
    version = dropped_unseen(office, "两家.pdf.part")
    standing = office.here.public.get("log/writer.json")
    stolen = json.loads(standing) | {"fence": 10**6}
    office.here.public.put("log/writer.json", json.dumps(stolen).encode(), content_type="application/json")
    before = office.public()
    office.register(version)
    state = office.ended(version)
    assert state.is_failed()
    assert "另一个持有更新锁号的复文进程" in (state.message or "")
    assert office.public() == before
    office.here.public.put("log/writer.json", standing, content_type="application/json")
    assert office.settled(version).name == "Published"


def test_an_inbox_of_more_than_one_page_is_listed_whole(office: Office) -> None:
    """A listing gives at most 1,000; what lies on the second page is not forgotten."""
    folder = office.store.folder / "inbox" / ".很多"  # left alone by intake: only the listing is meant
    folder.mkdir()
    names = {f".很多/{number:04d}.pdf" for number in range(1500)}
    for name in names:
        (folder.parent / name).touch()
    eventually(lambda: {head.key for head in office.here.inbox.list(".很多/")} == names)
    for name in names:
        (folder.parent / name).unlink()
    folder.rmdir()
