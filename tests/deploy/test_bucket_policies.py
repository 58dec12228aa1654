"""Putting the policies: done only when the store has been seen to keep them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from deploy.bucket_policies import bucket_policies

SCRIPT = Path(__file__).parents[2] / "deploy" / "bucket_policies.py"
BUCKETS = {"inbox": "in", "vault": "va", "public": "pu"}
ACCOUNTS = {"inbox": "k-in", "vault": "k-va", "public": "k-pu", "office": "k-of", "withdraw": "k-wi"}


@contextmanager
def store(*, keeps: bool) -> Iterator[tuple[str, dict[str, bytes]]]:
    """A stand-in that takes policies and gives them back, or takes them and keeps nothing of what they say."""
    kept: dict[str, bytes] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kept[self.path] = body if keeps else b'{"Statement": []}'
            self._answer(204, b"")

        def do_GET(self) -> None:
            self._answer(200, kept[self.path])

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name in the standard library
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", kept
        finally:
            server.shutdown()
            thread.join()


def run(endpoint: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "FUWEN_S3_ENDPOINT_URL": endpoint, "FUWEN_S3_REGION": "us-east-1"}
    environment |= {"FUWEN_S3_ACCESS_KEY": "root", "FUWEN_S3_SECRET_KEY": "a-secret-of-the-test"}
    environment |= {f"FUWEN_{name.upper()}_BUCKET": bucket for name, bucket in BUCKETS.items()}
    environment |= {f"{name.upper()}_ACCESS_KEY": key for name, key in ACCOUNTS.items()}
    return subprocess.run([sys.executable, SCRIPT], env=environment, capture_output=True, text=True, check=False)


def test_each_bucket_gets_its_policy() -> None:
    """The policy of every bucket arrives as it was made."""
    with store(keeps=True) as (endpoint, kept):
        assert run(endpoint).returncode == 0
    arrived = {path.split("?")[0].strip("/"): json.loads(body) for path, body in kept.items()}
    assert arrived == bucket_policies(BUCKETS, ACCOUNTS)


def test_a_store_that_only_nods_is_found_out() -> None:
    """A store that answers politely and keeps another policy ends the run with a plain sentence and no secret."""
    with store(keeps=False) as (endpoint, _):
        done = run(endpoint)
    assert done.returncode == 1
    assert "keeps another policy" in done.stderr
    assert "a-secret-of-the-test" not in done.stderr
