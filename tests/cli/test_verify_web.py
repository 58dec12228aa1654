"""`fuwen verify` of a web address: by anybody, from where it stopped, and a plain sentence for whatever goes wrong."""

from __future__ import annotations

import json
import shutil
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

from adapters.record import public_objects
from cli.main import main
from samples import scenarios


class Site(SimpleHTTPRequestHandler):
    """A folder on the web, which may fail."""

    asked: ClassVar[Counter[str]] = Counter()
    failing: ClassVar[dict[str, list[int]]] = {}
    """Status codes that an address answers before it answers well; 0: it hangs up in the middle."""

    def do_GET(self) -> None:
        self.asked[self.path] += 1
        codes = self.failing.get(self.path)
        code = codes.pop(0) if codes else 200
        if code == 0:
            self.send_response(200)
            self.send_header("Content-Length", "1000000")
            self.end_headers()
            self.close_connection = True
        elif code != 200:
            self.send_error(code)
        else:
            super().do_GET()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass


@contextmanager
def site(folder: Path) -> Iterator[str]:
    Site.asked, Site.failing = Counter(), {}
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Site, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(scope="module")
def states() -> dict[str, tuple[scenarios.Files, ...]]:
    return {scenario.name: scenario.steps for scenario in scenarios.scenarios()}


@pytest.fixture(autouse=True)
def _impatient_and_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(public_objects, "_PAUSE_SECONDS", 0.0)
    monkeypatch.setenv("FUWEN_LANG", "zh-CN")


def _lay(folder: Path, files: scenarios.Files) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    for key, body in files.items():
        (folder / key).parent.mkdir(parents=True, exist_ok=True)
        (folder / key).write_bytes(body)


def test_a_site_is_checked_and_the_next_time_only_what_is_new(
    states: dict[str, tuple[scenarios.Files, ...]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = states["all-at-once"]
    folder, cursor = tmp_path / "site", tmp_path / "cursor"
    asks = ["--key", scenarios.KEY.verifier_keys[0], "--cursor", str(cursor)]
    with site(folder) as address:
        _lay(folder, first)
        assert main(["verify", address, *asks]) == 0
        assert json.loads(cursor.read_text(encoding="utf-8"))["size"] == 3
        assert Site.asked["/r/" + min(path.name for path in (folder / "r").iterdir())] == 1
        Site.asked.clear()
        assert main(["verify", address + "/", *asks]) == 0
        assert sum(Site.asked.values()) < 10
        _lay(folder, second)
        Site.asked.clear()
        assert main(["verify", address, *asks]) == 0
        assert not [path for path in Site.asked if path.startswith(("/r/", "/search/"))]
        _lay(folder, first)
        before = cursor.read_bytes()
        capsys.readouterr()
        assert main(["verify", address, *asks]) == 1
        assert "变更记录倒退" in capsys.readouterr().out
        assert cursor.read_bytes() == before


def test_a_hiccup_is_overcome_and_what_lasts_is_said(
    states: dict[str, tuple[scenarios.Files, ...]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _lay(tmp_path, states["publish"][0])
    with site(tmp_path) as address:
        Site.failing = {"/log/keys.json": [503, 0], "/log/checkpoint": [0, 500]}
        assert main(["verify", address]) == 0
        for codes, words in (([503] * 3, "回答了 503"), ([0] * 3, "连接中断")):
            Site.failing = {"/log/keys.json": list(codes)}
            capsys.readouterr()
            assert main(["verify", address]) == 1
            assert capsys.readouterr().err == f"{address}/ 没有正常回答：{words}。\n"


def test_an_address_at_which_nothing_is_published_is_not_called_sound(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with site(tmp_path) as address:
        assert main(["verify", address]) == 1
    assert main(["verify", str(tmp_path)]) == 1
    said = capsys.readouterr()
    assert said.err.count("没有公开记录") == 2
    assert "无误" not in said.out + said.err


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://127.0.0.1:{free}/", "那里没有网站在应答，请核对网址"),
        ("https://127.0.0.1:{served}/", "连接中断"),
        ("http://no-such-host.invalid/", "找不到这个域名"),
        ("nonsense://x", "这不是网址"),
        ("http://127.0.0.1:port/", "这不是网址"),
    ],
)
def test_whatever_is_wrong_with_the_connection_is_said_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], address: str, words: str
) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        free = unused.getsockname()[1]
    with site(tmp_path) as served:
        place = address.format(free=free, served=served.rpartition(":")[2])
        assert main(["verify", place]) == 1
    said = capsys.readouterr()
    assert words in said.err
    assert said.err.count("\n") == 1
    assert "无误" not in said.out + said.err
