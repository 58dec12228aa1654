"""A real Chromium, driven over its own debugging protocol, and a plain file server for it to read from."""

from __future__ import annotations

import itertools
import json
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from websockets.sync.client import connect
from websockets.sync.connection import Connection

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DEADLINE_SECONDS = 30.0
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-dev-shm-usage",
    "--remote-debugging-port=0",
    "about:blank",
)


class Browser:
    """One tab."""

    def __init__(self, socket: Connection) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self.requests: list[str] = []
        """Addresses asked for since the last `open`."""
        self.complaints: list[str] = []
        """Uncaught errors and messages of the console since the last `open`."""
        for domain in ("Page", "Network", "Runtime", "Log"):
            self._order(f"{domain}.enable")

    def open(self, address: str, *, width: int = 1280, height: int = 900) -> None:
        """Go to the address in a window of this size (CSS pixels) and wait until the page shows something."""
        self._order("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self._order("Page.navigate", url="about:blank")
        self.wait_until("location.href === 'about:blank'")
        self.requests.clear()
        self.complaints.clear()
        self._order("Page.navigate", url=address)
        self.wait_until(
            "location.href !== 'about:blank' && document.readyState === 'complete' "
            "&& !document.body.innerText.includes('正在读取')"
        )

    def read(self, expression: str) -> Any:
        """The value of a JavaScript expression, awaited if it is a promise."""
        answer = self._order("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise AssertionError(answer["exceptionDetails"])
        return answer["result"].get("value")

    def text(self) -> str:
        """What the page shows."""
        return str(self.read("document.body.innerText"))

    def wait_until(self, expression: str) -> None:
        """Wait until the expression is true. Raises AssertionError after the deadline."""
        deadline = time.monotonic() + DEADLINE_SECONDS
        while not self._is(expression):
            assert time.monotonic() < deadline, f"still not so: {expression}"
            time.sleep(0.02)

    def _is(self, expression: str) -> bool:
        try:
            return bool(self.read(f"Boolean({expression})"))
        except AssertionError as error:
            if "navigated" not in str(error):
                raise
            return False  # one page gives way to the next: neither answers

    def press(self, key: str, *, code: int, text: str = "") -> None:
        """Press and release one key; `text` is what it writes."""
        for kind in ("rawKeyDown", "keyUp"):
            self._order("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code)
        if written := "\r" if key == "Enter" else text:
            self._order("Input.dispatchKeyEvent", type="char", text=written)

    def _order(self, method: str, **params: object) -> dict[str, Any]:
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            message = json.loads(self._socket.recv(timeout=DEADLINE_SECONDS))
            if message.get("id") == number:
                assert "error" not in message, message
                return dict(message["result"])
            self._note(message.get("method"), message.get("params", {}))

    def _note(self, event: str | None, params: dict[str, Any]) -> None:
        if event == "Network.requestWillBeSent":
            self.requests.append(params["request"]["url"])
        elif event == "Runtime.exceptionThrown":
            self.complaints.append(str(params["exceptionDetails"]))
        elif event == "Log.entryAdded" and params["entry"]["source"] != "network":
            self.complaints.append(str(params["entry"]))


@contextmanager
def running_browser() -> Iterator[Browser]:
    """A Chromium with one tab."""
    assert CHROMIUM is not None
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [CHROMIUM, *_FLAGS[:-1], f"--user-data-dir={profile}", _FLAGS[-1]]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as chromium:
            try:
                with connect(_tab(Path(profile)), max_size=None) as socket:
                    yield Browser(socket)
            finally:
                chromium.kill()


def _tab(profile: Path) -> str:
    said = profile / "DevToolsActivePort"
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not (said.exists() and said.read_text().count("\n")):
        assert time.monotonic() < deadline, "Chromium does not start"
        time.sleep(0.02)
    port = said.read_text().split("\n")[0]
    with urlopen(f"http://127.0.0.1:{port}/json/list", timeout=DEADLINE_SECONDS) as answer:
        tabs = json.load(answer)
    return str(next(tab["webSocketDebuggerUrl"] for tab in tabs if tab["type"] == "page"))


class _Quiet(SimpleHTTPRequestHandler):
    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-cache")  # a browser must not guess how long a file stays what it is
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name in the standard library
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The folder on this machine's loopback; the address of its root, with a slash."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()
