"""A small S3 server that behaves as it is told: the answers and accidents that no real server gives on command."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.parse import unquote, urlsplit


@dataclass
class Behaviour:
    """What the server does. The defaults are those of a good one."""

    create: str = "enforced"
    """If-None-Match: `enforced`, `ignored`, `refused`, or `racy` (looked up, then written a little later)."""
    swap: str = "enforced"
    """If-Match: the same."""
    etag_form: str = "either"
    """Which form of the ETag is understood in If-Match: `quoted`, `bare`, `either`, `none`."""
    etag_is_md5: bool = True
    keeps: bool = True
    """Whether an acknowledged write is really there afterwards."""
    accidents: list[str | tuple[int, str]] = field(default_factory=list)
    """For the next requests, one each: `ok`, `lost answer` (done, but the line breaks), `cut` (half the body), or a
    status with an error code."""
    requests: list[str] = field(default_factory=list)
    """What was asked, as `METHOD status`."""


@dataclass(frozen=True)
class ScriptedS3:
    endpoint_url: str
    behaviour: Behaviour
    objects: dict[str, bytes]


@contextmanager
def scripted_s3(behaviour: Behaviour) -> Iterator[ScriptedS3]:
    """Run the server on a free port of the loopback."""
    handler = type("Handler", (_Handler,), {"behaviour": behaviour, "objects": {}, "one_at_a_time": threading.Lock()})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield ScriptedS3(f"http://127.0.0.1:{server.server_port}", behaviour, handler.objects)  # type: ignore[attr-defined]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    behaviour: ClassVar[Behaviour]
    objects: ClassVar[dict[str, bytes]]
    one_at_a_time: ClassVar[threading.Lock]
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self._accident(body):
            return
        refusal = self._store(body)
        if refusal:
            self._fail(*refusal)
        else:
            self._answer(200, b"", {"ETag": f'"{self._etag(body)}"'})

    def do_GET(self) -> None:
        if self._accident():
            return
        body = self.objects.get(self._key())
        if urlsplit(self.path).query or body is None:
            self._fail(404, "NoSuchKey")
            return
        wanted = self.headers["Range"]
        if wanted:
            first, last = wanted.removeprefix("bytes=").split("-")
            self._answer(206, body[int(first) : int(last) + 1], self._facts(body))
        else:
            self._answer(200, body, self._facts(body))

    def do_HEAD(self) -> None:
        if self._accident():
            return
        body = self.objects.get(self._key())
        if body is None and "/" in self._key():
            self._fail(404, "NoSuchKey")
        else:
            self._answer(200, body or b"", self._facts(body or b""))

    def do_DELETE(self) -> None:
        if not self._accident():
            self.objects.pop(self._key(), None)
            self._answer(204, b"", {})

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"] or 0))
        self._fail(501, "NotImplemented")

    def _store(self, body: bytes) -> tuple[int, str] | None:
        wanted = self.headers["If-Match"]
        if self.headers["If-None-Match"]:
            rule = self.behaviour.create
        elif wanted:
            rule = self.behaviour.swap
        else:
            rule = "ignored"
        if rule == "refused":
            return 501, "NotImplemented"
        if rule == "racy":
            lost = not self._holds(wanted)
            time.sleep(0.05)
            return self._write(body, lost=lost)
        with self.one_at_a_time:
            return self._write(body, lost=rule == "enforced" and not self._holds(wanted))

    def _write(self, body: bytes, *, lost: bool) -> tuple[int, str] | None:
        if lost:
            return 412, "PreconditionFailed"
        if self.behaviour.keeps:
            self.objects[self._key()] = body
        return None

    def _holds(self, wanted: str | None) -> bool:
        present = self.objects.get(self._key())
        if wanted is None:
            return present is None
        form = "quoted" if wanted.startswith('"') else "bare"
        understood = self.behaviour.etag_form in {"either", form}
        return understood and present is not None and wanted.strip('"') == self._etag(present)

    def _accident(self, body: bytes = b"") -> bool:
        what = self.behaviour.accidents.pop(0) if self.behaviour.accidents else "ok"
        if what == "lost answer":
            self._store(body)
            self.behaviour.requests.append(f"{self.command} lost")
            self.close_connection = True
        elif what == "cut":
            self.behaviour.requests.append(f"{self.command} cut")
            self.send_response(200)
            for name, value in self._facts(b"whole").items():
                self.send_header(name, value)
            self.send_header("Content-Length", "5")
            self.end_headers()
            self.wfile.write(b"wh")
            self.close_connection = True
        elif isinstance(what, tuple):
            self._fail(*what)
        return what != "ok"

    def _etag(self, body: bytes) -> str:
        digest = hashlib.md5(body).hexdigest()
        return digest if self.behaviour.etag_is_md5 else digest[::-1]

    def _facts(self, body: bytes) -> dict[str, str]:
        return {"ETag": f'"{self._etag(body)}"', "Last-Modified": formatdate(usegmt=True)}

    def _key(self) -> str:
        return unquote(urlsplit(self.path).path).lstrip("/")

    def _fail(self, status: int, code: str) -> None:
        text = f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>said so</Message></Error>"
        self._answer(status, text.encode(), {"Content-Type": "application/xml"})

    def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.behaviour.requests.append(f"{self.command} {status}")
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""
