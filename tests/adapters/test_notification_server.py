"""Promises about the address that stores notify: it answers at once and believes nobody without the token."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator, Mapping

import httpx
import pytest

from adapters.intake.notification_server import NotificationServer
from adapters.intake.s3_events import MAX_PAYLOAD_BYTES, Hint

TOKEN = "correct-horse"
EVENT = json.dumps(
    {
        "Records": [
            {
                "eventSource": "ceph:s3",
                "eventName": "ObjectCreated:Put",
                "s3": {"bucket": {"name": "inbox"}, "object": {"key": "公文/答复.pdf"}},
            }
        ]
    }
).encode()
BEARER = {"Authorization": f"Bearer {TOKEN}"}


class Office:
    """What the server talks to: remembers the hints, can be made ill."""

    def __init__(self) -> None:
        self.hints: list[Hint] = []
        self.healthy = True

    def health(self) -> tuple[bool, Mapping[str, object]]:
        return self.healthy, {"status": "ok" if self.healthy else "store unavailable"}


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def address(office: Office) -> Iterator[str]:
    server = NotificationServer("127.0.0.1", 0, TOKEN, office.hints.append, office.health)
    server.start()
    yield f"http://127.0.0.1:{server.port}"
    server.stop()


def test_a_notification_with_the_token_is_heeded(office: Office, address: str) -> None:
    answer = httpx.post(f"{address}/events", content=EVENT, headers=BEARER)
    assert (answer.status_code, answer.json()) == (200, {"hints": 1})
    assert office.hints == [Hint("inbox", ("公文/答复.pdf",))]


def test_the_token_may_stand_in_the_path_for_stores_that_cannot_send_headers(office: Office, address: str) -> None:
    assert httpx.post(f"{address}/events/{TOKEN}", content=EVENT).status_code == 200
    assert len(office.hints) == 1


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Bearer"}])
def test_without_the_token_nothing_is_heeded(office: Office, address: str, headers: dict[str, str]) -> None:
    assert httpx.post(f"{address}/events", content=EVENT, headers=headers).status_code == 401
    assert httpx.post(f"{address}/events/wrong", content=EVENT, headers=headers).status_code == 401
    assert office.hints == []


def test_where_no_token_is_set_every_notification_is_refused(office: Office) -> None:
    server = NotificationServer("127.0.0.1", 0, None, office.hints.append, office.health)
    server.start()
    answer = httpx.post(f"http://127.0.0.1:{server.port}/events", content=EVENT, headers={"Authorization": "Bearer"})
    server.stop()
    assert answer.status_code == 401


@pytest.mark.parametrize("announced", [True, False], ids=["announced", "streamed"])
def test_a_body_over_the_limit_is_refused_without_being_kept(office: Office, address: str, announced: bool) -> None:
    body = b" " * (MAX_PAYLOAD_BYTES + 1)
    answer = httpx.post(f"{address}/events", content=body if announced else iter([body]), headers=BEARER)
    assert answer.status_code == 413


def test_what_is_not_json_is_refused_and_a_test_event_is_welcomed(office: Office, address: str) -> None:
    assert httpx.post(f"{address}/events", content=b"{", headers=BEARER).status_code == 400
    greeting = json.dumps({"Service": "Amazon S3", "Event": "s3:TestEvent"}).encode()
    assert httpx.post(f"{address}/events", content=greeting, headers=BEARER).status_code == 200


def test_health_tells_whether_intake_works(office: Office, address: str) -> None:
    assert httpx.get(f"{address}/health").json() == {"status": "ok"}
    office.healthy = False
    assert httpx.get(f"{address}/health").status_code == 503
    assert httpx.get(f"{address}/events").status_code == 405
    assert httpx.get(f"{address}/elsewhere").status_code == 404


def test_a_caller_that_says_nothing_does_not_keep_the_others_waiting(office: Office, address: str) -> None:
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as silent:
        silent.sendall(b"POST /events HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n")
        assert httpx.post(f"{address}/events", content=EVENT, headers=BEARER, timeout=2).status_code == 200
