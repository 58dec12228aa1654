"""The HTTP address that stores tell of new objects: `POST /events`, and `GET /health`.

It answers as soon as the hints are in a queue: a synchronous Ceph topic holds the uploader until then, and retries a
5xx some 800 times a second. What is lost here is found by the next listing of the inbox.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import socket
import threading
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from http import HTTPStatus
from typing import Any, Final

import uvicorn

from adapters.intake.s3_events import MAX_PAYLOAD_BYTES, Hint, UnreadableNotificationError, hints

_BODY_SECONDS: Final = 10.0
_START_SECONDS: Final = 10.0

_Scope = MutableMapping[str, Any]
_Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
_Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class NotificationAddressTaken(Exception):  # noqa: N818 - named for what is the case
    """The address cannot be listened on. `str()` is one Chinese sentence, `en` the same in English."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(host, port)
        self.en = f"Cannot listen for notifications on {host}:{port}: it is taken or not ours. Set FUWEN_EVENTS_PORT."

    def __str__(self) -> str:
        host, port = self.args
        return f"收件通知的地址 {host}:{port} 已被占用或不属于本机。请管理员用 FUWEN_EVENTS_PORT 换一个端口。"


class NotificationServer:
    """Serves in a thread of its own from `start` to `stop`.

    `heed` is given each hint and must not block; `health` answers whether intake works, and why not.
    Without a token every notification is refused: an open address would let anybody make us look.
    Making one raises NotificationAddressTaken.
    """

    def __init__(
        self,
        host: str,
        port: int,
        token: str | None,
        heed: Callable[[Hint], None],
        health: Callable[[], tuple[bool, Mapping[str, object]]],
    ) -> None:
        self._token, self._heed, self._health = token, heed, health
        self._socket = _listening(host, port)
        config = uvicorn.Config(
            self._answer,
            interface="asgi3",
            lifespan="off",
            access_log=False,  # a path may carry the token
            log_config=None,
            server_header=False,
            limit_concurrency=128,
            timeout_keep_alive=5,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],), name="notifications")

    @property
    def port(self) -> int:
        """The port it listens on, also where any free one was asked for."""
        return int(self._socket.getsockname()[1])

    def start(self) -> None:
        """Listen. Connections made from now on are answered."""
        self._thread.start()

    def stop(self) -> None:
        """Answer what is under way, then close."""
        self._server.should_exit = True
        self._thread.join(_START_SECONDS)
        self._socket.close()

    async def _answer(self, scope: _Scope, receive: _Receive, send: _Send) -> None:
        status, said = await self._respond(scope, receive)
        body = json.dumps(said).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": int(status), "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _respond(self, scope: _Scope, receive: _Receive) -> tuple[HTTPStatus, Mapping[str, object]]:
        match scope.get("method"), scope.get("path", "").split("/")[1:]:
            case (("GET" | "HEAD"), ["health"]):
                healthy, said = self._health()
                return (HTTPStatus.OK if healthy else HTTPStatus.SERVICE_UNAVAILABLE), said
            case "POST", ["events", *rest] if len(rest) <= 1:
                return await self._take(scope, receive, path_token="".join(rest))
            case _, ["health"] | ["events", *_]:
                return HTTPStatus.METHOD_NOT_ALLOWED, {"error": "method not allowed"}
        return HTTPStatus.NOT_FOUND, {"error": "not found"}

    async def _take(self, scope: _Scope, receive: _Receive, path_token: str) -> tuple[HTTPStatus, Mapping[str, object]]:
        if not self._is_allowed(scope, path_token):
            return HTTPStatus.UNAUTHORIZED, {"error": "unauthorized"}
        try:
            payload = await asyncio.wait_for(_body(scope, receive), _BODY_SECONDS)
            found = hints(payload)
        except _TooLargeError:
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE, {"error": "larger than 1 MiB"}
        except TimeoutError:
            return HTTPStatus.REQUEST_TIMEOUT, {"error": "the body did not arrive"}
        except UnreadableNotificationError:
            return HTTPStatus.BAD_REQUEST, {"error": "not JSON"}
        for hint in found:
            self._heed(hint)
        return HTTPStatus.OK, {"hints": len(found)}

    def _is_allowed(self, scope: _Scope, path_token: str) -> bool:
        if not self._token:
            return False
        given = [path_token.encode()]
        given += [value.removeprefix(b"Bearer ") for name, value in scope["headers"] if name == b"authorization"]
        return any(hmac.compare_digest(offer, self._token.encode()) for offer in given)


def _listening(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise NotificationAddressTaken(host, port) from error


class _TooLargeError(Exception):
    pass


async def _body(scope: _Scope, receive: _Receive) -> bytes:
    lengths = [value for name, value in scope["headers"] if name == b"content-length"]
    if any(value.isdigit() and int(value) > MAX_PAYLOAD_BYTES for value in lengths):
        raise _TooLargeError
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > MAX_PAYLOAD_BYTES:
            raise _TooLargeError
        if not message.get("more_body"):
            return bytes(body)
