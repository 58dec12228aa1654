"""Accidents between us and a store, and stores that behave in ways that no server here does on command."""

from __future__ import annotations

import pickle
import socket
from pathlib import Path

import pytest

from adapters.store.object_store import (
    Bucket,
    ObjectMissing,
    StoreError,
    StoreFull,
    StoreRefused,
    StoreUnavailable,
    WriteConflict,
    WriteMode,
    connect,
)
from adapters.store.store_probe import probe
from tests.adapters.scripted_s3 import Behaviour, ScriptedS3, scripted_s3

TYPE = "application/json"


def _bucket(server: ScriptedS3, mode: WriteMode = WriteMode.COMPARE_AND_SWAP, *, etag_quoted: bool = False) -> Bucket:
    return Bucket(connect(server.endpoint_url, "key", "secret"), "vault", mode, etag_quoted=etag_quoted)


@pytest.mark.parametrize("mode", [WriteMode.COMPARE_AND_SWAP, WriteMode.CREATE_ONLY])
def test_a_creation_whose_answer_was_lost_is_not_its_own_rival(mode: WriteMode) -> None:
    """The repeated request finds its own bytes there and says that they are written."""
    with scripted_s3(Behaviour(accidents=["lost answer"])) as server:
        head = _bucket(server, mode).put("log/1.json", b"entry", content_type=TYPE, create_only=True)
        assert server.behaviour.requests[:2] == ["PUT lost", "PUT 412"]
        assert (head.size_bytes, server.objects["vault/log/1.json"]) == (5, b"entry")


def test_a_replacement_whose_answer_was_lost_is_not_its_own_rival() -> None:
    """The same for If-Match: the ETag has changed by our own hand."""
    with scripted_s3(Behaviour()) as server:
        bucket = _bucket(server)
        first = bucket.put("head.json", b"1", content_type=TYPE)
        server.behaviour.accidents.append("lost answer")
        bucket.put("head.json", b"2", content_type=TYPE, if_match=first.etag)
        assert server.objects["vault/head.json"] == b"2"


def test_a_creation_lost_to_another_is_a_conflict_even_after_a_retry() -> None:
    """A lost answer does not turn another writer's bytes into ours."""
    with scripted_s3(Behaviour()) as server:
        bucket = _bucket(server)
        bucket.put("log/1.json", b"theirs", content_type=TYPE)
        server.behaviour.accidents.append("lost answer")
        with pytest.raises(WriteConflict):
            bucket.put("log/1.json", b"ours", content_type=TYPE, create_only=True)
        assert server.objects["vault/log/1.json"] == b"theirs"


# The second is VersityGW's where it was given no folder for versions.
@pytest.mark.parametrize(
    "answer", [(501, "NotImplemented"), (501, "VersioningNotConfigured"), (405, "MethodNotAllowed")]
)
def test_a_store_that_knows_no_versions_keeps_none(answer: tuple[int, str]) -> None:
    with scripted_s3(Behaviour(accidents=[answer])) as server:
        assert list(_bucket(server).versions("doc/")) == []


def test_whether_versions_are_kept_is_never_guessed_where_it_may_not_be_asked() -> None:
    """Otherwise a withdrawal would say "gone" while an older version can still be read."""
    with scripted_s3(Behaviour(accidents=[(403, "AccessDenied")])) as server, pytest.raises(StoreRefused):
        list(_bucket(server).versions("doc/"))


@pytest.mark.parametrize("form", ["quoted", "bare"])
def test_if_match_is_sent_in_the_form_that_the_server_understands(form: str) -> None:
    """What the probe found is what the bucket uses."""
    with scripted_s3(Behaviour(etag_form=form)) as server:
        found = probe(connect(server.endpoint_url, "key", "secret"), "vault")
        assert (found.mode, found.etag_quoted) == (WriteMode.COMPARE_AND_SWAP, form == "quoted")
        bucket = _bucket(server, found.mode, etag_quoted=found.etag_quoted)
        first = bucket.put("head.json", b"1", content_type=TYPE)
        bucket.put("head.json", b"2", content_type=TYPE, if_match=first.etag)
        assert server.objects["vault/head.json"] == b"2"


@pytest.mark.parametrize(
    ("behaviour", "mode", "said"),
    [
        (Behaviour(), WriteMode.COMPARE_AND_SWAP, ("enforced", "enforced")),
        (Behaviour(swap="ignored"), WriteMode.CREATE_ONLY, ("enforced", "ignored")),
        (Behaviour(swap="refused"), WriteMode.CREATE_ONLY, ("enforced", "refused")),
        (Behaviour(swap="racy"), WriteMode.CREATE_ONLY, ("enforced", "racy")),
        (Behaviour(etag_form="none"), WriteMode.CREATE_ONLY, ("enforced", "refused")),
        (Behaviour(create="racy"), WriteMode.SINGLE_WRITER, ("racy", "enforced")),
        (Behaviour(create="ignored"), WriteMode.SINGLE_WRITER, ("ignored", "enforced")),
        (Behaviour(create="refused", swap="refused"), WriteMode.SINGLE_WRITER, ("refused", "refused")),
        (Behaviour(create="ignored", swap="ignored"), WriteMode.SINGLE_WRITER, ("ignored", "ignored")),
    ],
    ids=lambda value: "" if isinstance(value, Behaviour) else "-".join(value) if isinstance(value, tuple) else value,
)
def test_the_probe_believes_what_the_store_holds(behaviour: Behaviour, mode: WriteMode, said: tuple[str, str]) -> None:
    """Conditions that are ignored, refused, impossible or open to a race lower the mode; and nothing is left behind."""
    with scripted_s3(behaviour) as server:
        found = probe(connect(server.endpoint_url, "key", "secret"), "vault")
        assert (found.mode, (found.if_none_match, found.if_match)) == (mode, said)
        assert server.objects == {}
        assert "写入" in found.explanation
        assert found.explanation_en.startswith("This bucket")


def test_the_probe_cleans_up_when_it_fails() -> None:
    """A store that breaks in the middle gives a plain error and keeps none of the probe's objects."""
    with scripted_s3(Behaviour(accidents=["ok", "ok", *[(503, "SlowDown")] * 3])) as server:
        with pytest.raises(StoreUnavailable):
            probe(connect(server.endpoint_url, "key", "secret"), "vault")
        assert server.objects == {}


@pytest.mark.parametrize(
    ("accident", "error", "word"),
    [
        ((500, "InternalError"), StoreUnavailable, "500 InternalError"),
        ((503, "SlowDown"), StoreUnavailable, "503 SlowDown"),
        ((429, "TooManyRequests"), StoreUnavailable, "429"),
        ((400, "BadDigest"), StoreUnavailable, "BadDigest"),
        ((507, "InsufficientStorage"), StoreFull, "已满"),
        ((403, "QuotaExceeded"), StoreFull, "已满"),
        ((403, "AccessDenied"), StoreRefused, "权限"),
        ((401, "Unauthorized"), StoreRefused, "密钥"),
        ((403, "RequestTimeTooSkewed"), StoreRefused, "时钟"),
        ((501, "NotImplemented"), StoreRefused, "不支持"),
        ((400, "SomethingNew"), StoreRefused, "400 SomethingNew"),
    ],
    ids=str,
)
def test_answers_become_plain_errors(accident: tuple[int, str], error: type[StoreError], word: str) -> None:
    """Whether to wait, to call the administrator or to make room is told apart, in both languages."""
    with scripted_s3(Behaviour(accidents=[accident] * 3)) as server:
        with pytest.raises(error, match=word) as caught:
            _bucket(server).put("张三.json", b"x", content_type=TYPE)
        assert caught.value.en.isascii()
        assert "张三" not in f"{caught.value}{caught.value.en}"
        assert caught.value.key == "张三.json"
        # A chained error would show the address with the key in every traceback.
        assert caught.value.__cause__ is None
        assert caught.value.__suppress_context__
        again = pickle.loads(pickle.dumps(caught.value))
        assert (type(again), str(again), again.en, again.key) == (
            error,
            str(caught.value),
            caught.value.en,
            "张三.json",
        )


def test_short_trouble_is_ridden_out() -> None:
    """Two bad answers in a row are retried, without the caller knowing."""
    with scripted_s3(Behaviour(accidents=[(503, "SlowDown"), "lost answer"])) as server:
        _bucket(server).put("a", b"x", content_type=TYPE)
        assert server.objects == {"vault/a": b"x"}


def test_half_an_object_is_not_an_object(tmp_path: Path) -> None:
    """A body that breaks off is an error, never a short object, in memory or in a file."""
    with scripted_s3(Behaviour(accidents=["cut", "cut", "cut"])) as server:
        bucket = _bucket(server)
        for read in (
            lambda: bucket.get("a"),
            lambda: bucket.get_with_head("a"),
            lambda: bucket.download("a", tmp_path / "a"),
        ):
            with pytest.raises(StoreUnavailable):
                read()
        assert list(tmp_path.iterdir()) == []


def test_an_acknowledged_write_that_is_not_there_is_not_believed() -> None:
    """The store's "done" counts only when the object can be seen."""
    with scripted_s3(Behaviour(keeps=False)) as server, pytest.raises(StoreUnavailable, match="不能认作已存"):
        _bucket(server).put("a", b"x", content_type=TYPE)


def test_an_etag_that_is_no_digest_is_no_reason_to_doubt() -> None:
    """Where the ETag is not the MD5, the object is read back and compared instead."""
    with scripted_s3(Behaviour(etag_is_md5=False)) as server:
        assert _bucket(server, WriteMode.SINGLE_WRITER).put("a", b"x", content_type=TYPE).size_bytes == 1
        assert server.behaviour.requests == ["PUT 200", "HEAD 200", "GET 200"]


def test_an_answer_that_does_not_come_is_not_waited_for_without_end() -> None:
    """A silent server gives a plain error after the timeout and the retries."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        bucket = Bucket(connect(address, "key", "secret", read_timeout_seconds=0.2, attempts=2), "vault")
        with pytest.raises(StoreUnavailable, match="超时"):
            bucket.get("a")


def test_an_address_that_is_none_is_refused() -> None:
    """A typing mistake in the settings is said before anything is sent."""
    with pytest.raises(StoreRefused, match="地址"):
        connect("not an address", "key", "secret")


def test_a_broken_aws_configuration_is_said_plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    """A left-over AWS_PROFILE that names nothing is not a traceback."""
    monkeypatch.setenv("AWS_PROFILE", "there-is-no-such-profile")
    with pytest.raises(StoreRefused, match="AWS_PROFILE"):
        connect("http://127.0.0.1:1", "key", "secret")


def test_the_office_proxy_does_not_see_what_stays_on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy in the environment is not used for the loopback."""
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    with scripted_s3(Behaviour()) as server:
        assert _bucket(server).head("a") is None
        with pytest.raises(ObjectMissing):
            _bucket(server).get("a")
