"""Promises of a dispatcher's name: one living bearer, and the next one knows that the former is dead."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import httpx

from flows.dispatcher_name import DispatcherName, first_free_name
from flows.giving_way import GivingWay


def test_two_processes_of_one_machine_have_different_names_and_a_name_is_free_again_afterwards(tmp_path: Path) -> None:
    with first_free_name(tmp_path, "m") as one, first_free_name(tmp_path, "m") as two:
        assert (one.name, two.name) == ("m", "m-2")
    with first_free_name(tmp_path, "m") as again:
        assert again.name == one.name
        assert again.incarnation != one.incarnation


def test_a_name_read_back_from_its_written_form_is_the_same_name() -> None:
    name = DispatcherName("host#odd", "abc")
    assert DispatcherName.read(str(name)) == name
    assert DispatcherName.read("somebody") is None


def test_while_one_request_was_refused_the_others_wait_until_it_was_heard() -> None:
    """As Prefect's server refuses on SQLite; the repetition itself is the client's."""
    heard: list[str] = []
    refused = threading.Event()

    def server(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/long" and not refused.is_set():
            refused.set()
            return httpx.Response(503, json={"exception_message": "Service Unavailable"})
        heard.append(request.url.path)
        return httpx.Response(200)

    client = httpx.Client(transport=httpx.MockTransport(server), base_url="http://x", **GivingWay().httpx_settings)
    long = client.build_request("POST", "/long")
    assert float(client.send(long).headers["Retry-After"]) < 1
    other = threading.Thread(target=client.get, args=("/short",))
    other.start()
    time.sleep(0.2)
    assert heard == []
    client.send(long)
    other.join(5)
    assert heard == ["/long", "/short"]


def test_a_proxy_before_a_server_that_restarts_is_not_pressed() -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(503, text="<h1>Service Unavailable</h1>"))
    client = httpx.Client(transport=transport, base_url="http://x", **GivingWay().httpx_settings)
    assert "Retry-After" not in client.get("/").headers
