"""The web server before the public bucket, run as it is configured, before a plain file server in the store's place."""

from __future__ import annotations

import http.client
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.portal.browser import served
from tests.portal.fixture_bucket import fill, reply_id_of

NGINX = shutil.which("nginx")
pytestmark = pytest.mark.skipif(NGINX is None, reason="needs nginx (Debian package nginx-light)")
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Host and port of the site."""
    folder = tmp_path_factory.mktemp("site")
    fill(folder / "store" / "public", 2)
    (folder / "store" / "vault").mkdir()
    (folder / "store" / "vault" / "secret.json").write_text("{}")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with served(folder / "store") as store:
        template = (ROOT / "deploy" / "portal.conf.template").read_text("utf-8")
        server = template.replace("${STORE_ADDRESS}", store.rstrip("/")).replace("${PUBLIC_BUCKET}", "public")
        server = server.replace("listen 8080;", f"listen 127.0.0.1:{port};")
        temporary = "".join(
            f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        whole = f"daemon off; pid {folder}/pid; events {{}} http {{ access_log off; {temporary} {server} }}"
        (folder / "nginx.conf").write_text(whole, "utf-8")
        command = [str(NGINX), "-e", str(folder / "error.log"), "-p", str(folder), "-c", str(folder / "nginx.conf")]
        with subprocess.Popen(command) as nginx:
            try:
                _wait(port)
                yield f"127.0.0.1:{port}"
            finally:
                nginx.terminate()


def _wait(port: int) -> None:
    deadline = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            assert time.monotonic() < deadline, "nginx does not start"
            time.sleep(0.05)


def ask(site: str, path: str, method: str = "GET") -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection(site, timeout=10)
    connection.request(method, path)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}, body


def test_the_address_leads_to_the_page(site: str) -> None:
    """The bare address leads to the page, and a query belongs to the page."""
    status, headers, _ = ask(site, "/")
    assert (status, urlsplit(headers["location"]).path) == (302, "/index.html")
    status, headers, body = ask(site, f"/index.html?reply={reply_id_of(0)}&list-type=2")
    assert status == 200
    assert b"assets/portal.js" in body
    assert headers["x-content-type-options"] == "nosniff"


def test_caches_keep_what_never_changes_and_ask_for_the_rest(site: str) -> None:
    """Manifests of a version are kept for good; pointers are asked for each time."""
    assert "immutable" in ask(site, f"/doc/{reply_id_of(0)}/v1/manifest.json")[1]["cache-control"]
    for pointer in (f"/doc/{reply_id_of(0)}/current.json", "/log/checkpoint", "/catalogue/000000.json", "/index.html"):
        assert ask(site, pointer)[1]["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "path",
    [
        "/nothing.json",
        "/../vault/secret.json",
        "/%2e%2e/vault/secret.json",
        "/..%2fvault/secret.json",
        "/vault/secret.json",
    ],
)
def test_nothing_else_is_reached(site: str, path: str) -> None:
    """What is not in the public bucket is not there, whatever the address."""
    status, headers, body = ask(site, path)
    assert status in {400, 404}
    assert body != b"{}"
    assert "immutable" not in headers.get("cache-control", "")


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
def test_nobody_can_write(site: str, method: str) -> None:
    """Only reading is passed on."""
    assert ask(site, "/index.html", method)[0] == 405
