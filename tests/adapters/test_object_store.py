"""What every store must keep: the same promises to the embedded one and, marked `stores`, to Ceph RGW and Swift."""

from __future__ import annotations

import os
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.store.embedded_store import EmbeddedStore
from adapters.store.object_store import (
    Bucket,
    ObjectMissing,
    StoreRefused,
    WriteConflict,
    WriteMode,
    connect,
    is_legal_key,
)
from adapters.store.store_probe import PREFIX, Capabilities, probe

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

PDF = "application/pdf"
ODD_KEYS = [
    "更正/甲区 关于校车的答复（修订版）.pdf",
    "a+b c%20d#e?f&g=h.pdf",
    "q'uote\"<>`|^~{}[].pdf",
    "100%.pdf",
    "全角＋　空格．pdf",
    "emoji-😀.pdf",
    "cafe\u0301.pdf",
    "caf\u00e9.pdf",
    "Case.pdf",
    "case.pdf",
    ".hidden",
    " leading and trailing ",
    "back\\slash;semi:colon",
    "字" * 85,
    "/".join(["d" * 200] * 5),
]


@dataclass(frozen=True)
class Server:
    """A running S3 server and what it is known to keep."""

    name: str
    client: S3Client
    mode: WriteMode
    mode_with_versions: WriteMode | None
    """None where it keeps no versions."""


def real_server(variable: str, mode: WriteMode) -> Server:
    """The server that `tests/real_s3/run` started; skips the test where it did not."""
    url = os.environ.get(variable)
    if not url:
        pytest.skip(f"{variable} is not set: run tests/real_s3/run")
    parts = urlsplit(url)
    address = f"{parts.scheme}://{parts.hostname}:{parts.port}"
    client = connect(address, unquote(parts.username or ""), unquote(parts.password or ""))
    return Server(variable, client, mode, WriteMode.SINGLE_WRITER)


@pytest.fixture(
    scope="module",
    params=["embedded", pytest.param("rgw", marks=pytest.mark.stores), pytest.param("swift", marks=pytest.mark.stores)],
)
def server(request: pytest.FixtureRequest) -> Server:
    match request.param:
        case "rgw":
            return real_server("FUWEN_TEST_RGW_URL", WriteMode.COMPARE_AND_SWAP)
        case "swift":
            return real_server("FUWEN_TEST_SWIFT_URL", WriteMode.SINGLE_WRITER)
        case _:
            store: EmbeddedStore = request.getfixturevalue("embedded_store")
            client = connect(store.endpoint_url, store.access_key, store.secret_key)
            return Server("embedded", client, WriteMode.SINGLE_WRITER, None)


@pytest.fixture(scope="module")
def shared(server: Server) -> Bucket:
    """A bucket for tests that mind nobody else's keys, in its proven mode."""
    return _fresh(server)


@pytest.fixture
def empty(server: Server) -> Bucket:
    """A bucket for this test alone, in its proven mode."""
    return _fresh(server)


@pytest.fixture
def versioned(server: Server) -> Bucket:
    """A bucket that keeps versions."""
    if server.mode_with_versions is None:
        pytest.skip("this server keeps no versions")
    found = _fresh(server)
    server.client.put_bucket_versioning(Bucket=found.name, VersioningConfiguration={"Status": "Enabled"})
    return Bucket(server.client, found.name)


def _fresh(server: Server) -> Bucket:
    name = f"t-{uuid.uuid4().hex[:12]}"
    server.client.create_bucket(Bucket=name)
    return Bucket(server.client, name, server.mode)  # RGW wants its ETags bare, the default


_COMPONENTS = st.text(
    st.characters(min_codepoint=0x20, exclude_characters="/\x7f", exclude_categories=["Cs"]), min_size=1, max_size=40
).filter(lambda part: part not in {".", ".."})
KEYS = st.lists(_COMPONENTS, min_size=1, max_size=3).map("/".join).filter(is_legal_key)


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(key=KEYS, body=st.binary(max_size=3000))
def test_what_is_put_is_what_is_got(shared: Bucket, key: str, body: bytes) -> None:
    """Any bytes under any legal key come back as they were, and the listing knows the key."""
    unique = f"{uuid.uuid4().hex}/{key}"  # so that no key is a folder of another's
    head = shared.put(unique, body, content_type=PDF)
    assert shared.get(unique) == body
    assert (head.key, head.size_bytes) == (unique, len(body))
    assert [found.key for found in shared.list(unique.split("/")[0] + "/")] == [unique]


@pytest.mark.parametrize("key", ODD_KEYS, ids=range(len(ODD_KEYS)))
def test_odd_keys_are_kept_apart_and_whole(shared: Bucket, key: str) -> None:
    """Keys with spaces, signs, Chinese, quotes and of the greatest length are stored, listed, read and removed."""
    shared.put(key, key.encode(), content_type=PDF)
    assert shared.get(key) == key.encode()
    assert key in {found.key for found in shared.list()}
    shared.delete(key)
    assert shared.head(key) is None


@pytest.mark.parametrize(
    "key",
    ["", "/a", "a/", "a//b", ".", "a/../b", "a/./b", "字" * 86, "a" * 256, "a/" * 600 + "a", "a\nb", "a\x7f", "\ud800"],
)
def test_keys_that_some_store_would_lose_are_refused_before_sending(empty: Bucket, key: str) -> None:
    """A key that not every store takes is our mistake, found at once."""
    assert not is_legal_key(key)
    with pytest.raises(ValueError, match="key"):
        empty.put(key, b"", content_type=PDF)
    assert list(empty.list()) == []


def test_listing_and_head_say_the_same(empty: Bucket) -> None:
    """One object has one identity, whether it was found by the sweep or announced by an event."""
    for n in range(5):
        empty.put(f"n{n}", bytes(n), content_type=PDF)
    listed = {found.key: found for found in empty.list()}
    for key, found in listed.items():
        seen = empty.head(key)
        assert seen is not None
        assert (seen.size_bytes, seen.etag, seen.last_modified) == (found.size_bytes, found.etag, found.last_modified)


def test_put_says_what_head_says(empty: Bucket) -> None:
    """The head given after a write is the head that anyone reads."""
    before = datetime.now(UTC) - timedelta(seconds=2)
    head = empty.put("a.pdf", b"bytes", content_type=PDF)
    assert head == empty.head("a.pdf")
    found = empty.get_with_head("a.pdf")
    assert found == (b"bytes", head)
    assert before <= head.last_modified <= datetime.now(UTC) + timedelta(seconds=2)
    assert not head.etag.startswith('"')


def test_every_page_of_a_listing_is_read(empty: Bucket) -> None:
    """More keys than fit in one answer are all listed, each once."""
    keys = {f"{n % 7}/{n:05d}" for n in range(1050)}
    put = empty.client.put_object
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda key: put(Bucket=empty.name, Key=key, Body=b""), keys))
    listed = [found.key for found in empty.list()]
    assert len(listed) == len(keys)
    assert set(listed) == keys
    assert {found.key for found in empty.list("3/")} == {key for key in keys if key.startswith("3/")}


def test_headers_for_browsers_are_kept(empty: Bucket) -> None:
    """Type, caching and file name reach whoever reads the object over S3."""
    empty.put("a.json", b"{}", content_type="application/json", cache_control="no-cache", content_disposition="inline")
    answer = empty.client.head_object(Bucket=empty.name, Key="a.json")
    assert answer["ContentType"] == "application/json"
    assert answer["CacheControl"] == "no-cache"
    assert answer["ContentDisposition"] == "inline"


def test_a_file_is_stored_like_its_bytes(empty: Bucket, tmp_path: Path) -> None:
    """Whether bytes come from memory or from a file makes no difference."""
    body = os.urandom(3_000_000)
    (tmp_path / "a.pdf").write_bytes(body)
    from_file = empty.put("file", tmp_path / "a.pdf", content_type=PDF)
    from_memory = empty.put("memory", body, content_type=PDF)
    assert (from_file.size_bytes, from_file.etag) == (from_memory.size_bytes, from_memory.etag)
    head = empty.download("file", tmp_path / "again.pdf")
    assert (tmp_path / "again.pdf").read_bytes() == body
    assert head == from_file


def test_nothing_is_there_after_a_download_that_failed(empty: Bucket, tmp_path: Path) -> None:
    """Neither the file nor a part of it appears."""
    with pytest.raises(ObjectMissing):
        empty.download("no", tmp_path / "a.pdf")
    assert list(tmp_path.iterdir()) == []


def test_what_is_missing_is_said_plainly(empty: Bucket) -> None:
    """A missing object is None to those who ask and an error to those who need it; removing it again is none."""
    assert empty.head("no") is None
    assert empty.get_with_head("no") is None
    with pytest.raises(ObjectMissing) as caught:
        empty.get("no/private-name.pdf")
    assert caught.value.key == "no/private-name.pdf"
    assert "private-name" not in str(caught.value)
    assert empty.name in str(caught.value)
    empty.delete("no")
    empty.delete("no")


def test_a_missing_bucket_is_not_an_empty_one(server: Server) -> None:
    """Taking a wrong bucket name for "nothing there" would lose documents: every question is refused, by its name."""
    nowhere = Bucket(server.client, "there-is-no-such-bucket")
    for ask in (
        lambda: nowhere.head("a"),
        lambda: nowhere.get("a"),
        lambda: nowhere.get_with_head("a"),
        lambda: list(nowhere.list()),
        lambda: nowhere.put("a", b"", content_type=PDF),
        lambda: nowhere.put("a", b"", content_type=PDF, create_only=True),
        lambda: nowhere.delete("a"),
    ):
        with pytest.raises(StoreRefused, match=r"there-is-no-such-bucket.*不存在") as caught:
            ask()
        assert "does not exist" in caught.value.en


@pytest.mark.parametrize("wrong", ["secret", "key"])
def test_wrong_credentials_are_refused_without_showing_them(server: Server, empty: Bucket, wrong: str) -> None:
    """The sentence names the bucket and what to check, never the credentials."""
    right = server.client._request_signer._credentials.get_frozen_credentials()  # type: ignore[attr-defined]
    key, secret = ("NOBODYNOBODY", right.secret_key) if wrong == "key" else (right.access_key, "wrong-" + "s" * 20)
    stranger = Bucket(connect(server.client.meta.endpoint_url, key, secret), empty.name)
    for ask in (
        lambda: stranger.head("a"),
        lambda: stranger.get("a"),
        lambda: stranger.put("a", b"", content_type=PDF),
        lambda: list(stranger.list()),
    ):
        with pytest.raises(StoreRefused, match="密钥") as caught:
            ask()
        told = f"{caught.value} {caught.value.en} {caught.value!r}"
        assert key not in told
        assert secret not in told
        assert empty.name in told


def test_creating_twice_is_a_conflict_and_changes_nothing(empty: Bucket) -> None:
    """What was created first stays, whichever way the store or we ourselves decide it."""
    first = empty.put("n/1.json", b"first", content_type=PDF, create_only=True)
    with pytest.raises(WriteConflict):
        empty.put("n/1.json", b"second", content_type=PDF, create_only=True)
    assert empty.get("n/1.json") == b"first"
    assert empty.put("n/1.json", b"first", content_type=PDF, create_only=True) == first


def test_replacing_what_has_changed_is_a_conflict(empty: Bucket) -> None:
    """Only who knows the present state may replace it; the same bytes again are no conflict."""
    first = empty.put("head.json", b"1", content_type=PDF)
    second = empty.put("head.json", b"22", content_type=PDF, if_match=first.etag)
    assert empty.get("head.json") == b"22"
    with pytest.raises(WriteConflict):
        empty.put("head.json", b"333", content_type=PDF, if_match=first.etag)
    assert empty.get("head.json") == b"22"
    assert empty.put("head.json", b"22", content_type=PDF, if_match=first.etag) == second
    with pytest.raises(WriteConflict):
        empty.put("other.json", b"1", content_type=PDF, if_match=first.etag)
    with pytest.raises(ValueError, match="both"):
        empty.put("head.json", b"1", content_type=PDF, if_match=first.etag, create_only=True)


def test_of_writers_at_the_same_moment_one_wins_where_the_store_decides(server: Server, empty: Bucket) -> None:
    """In the mode compare-and-swap no lock is needed: a counter raised by many is right in the end."""
    if server.mode is not WriteMode.COMPARE_AND_SWAP:
        pytest.skip("this store does not decide between writers; the writer lock does")
    start = threading.Barrier(8)

    def create(n: int) -> bool:
        start.wait()
        try:
            empty.put("race", str(n).encode() * 50_000, content_type=PDF, create_only=True)
        except WriteConflict:
            return False
        return True

    def count(_: int) -> None:
        start.wait()
        for _ in range(3):
            while True:
                found = empty.get_with_head("count")
                assert found is not None
                # The writer's own mark makes equal numbers different bytes.
                raised = f"{int(found[0].split()[0]) + 1} {uuid.uuid4()}".encode()
                try:
                    empty.put("count", raised, content_type=PDF, if_match=found[1].etag)
                    break
                except WriteConflict:
                    continue

    empty.put("count", b"0 -", content_type=PDF)
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(create, range(8))).count(True) == 1
        list(pool.map(count, range(8)))
    assert empty.get("count").split()[0] == b"24"


def test_versions_stay_readable_and_can_be_removed_singly(versioned: Bucket) -> None:
    """Where a bucket keeps versions, each is read and removed by its id."""
    first = versioned.put("a", b"1", content_type=PDF)
    second = versioned.put("a", b"22", content_type=PDF)
    assert first.version_id
    assert first.version_id != second.version_id
    assert versioned.get("a", first.version_id) == b"1"
    assert versioned.head("a", first.version_id) == first
    assert versioned.head("a") == second
    versioned.delete("a", second.version_id)
    assert versioned.get("a") == b"1"
    assert versioned.head("a", second.version_id) is None


def test_the_probe_finds_the_mode_that_this_server_keeps(server: Server, empty: Bucket) -> None:
    """Measured before, found again: the probe is right about each real server, and leaves nothing behind."""
    found = probe(server.client, empty.name)
    assert found.mode is server.mode
    assert not found.etag_quoted
    assert not found.versioned
    assert found.range_status in {200, 206}
    assert list(empty.list()) == []
    assert found.explanation.startswith("这个存储桶")


def test_the_probe_finds_what_versions_change(server: Server, versioned: Bucket) -> None:
    """The same server may keep less in a bucket with versions; no version of a probe's object stays either."""
    found: Capabilities = probe(server.client, versioned.name)
    assert found.versioned
    assert found.mode is server.mode_with_versions
    left = server.client.list_object_versions(Bucket=versioned.name, Prefix=PREFIX)
    assert left.get("Versions", []) == []
    assert left.get("DeleteMarkers", []) == []
