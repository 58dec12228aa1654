"""Giving way: on SQLite a longer transaction of Prefect's server is refused whenever somebody else writes meanwhile.

The server then answers 503, and Prefect's client waits 2 s, 4 s, 8 s. While two runs keep the database busy it is
refused every time: registering a run took 2 to 4 s instead of 0.05 s, and heartbeats starved. So whoever was refused
asks again soon, and all other calls of this process wait until it was heard. PostgreSQL refuses nobody, so there
nothing ever waits.
"""

from __future__ import annotations

import threading
import time
from typing import Any, Final

import httpx

_SOON_SECONDS: Final = (0.05, 0.1, 0.2, 0.4, 0.8)
_LONGEST_WAIT_SECONDS: Final = 2.0


class GivingWay:
    """One for all clients of a process; its hooks go into each client's httpx settings."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._preferred: httpx.Request | None = None
        self._until = 0.0

    @property
    def httpx_settings(self) -> dict[str, Any]:
        """What a client is made with."""
        return {"event_hooks": {"request": [self._before], "response": [self._after]}}

    def _before(self, request: httpx.Request) -> None:
        with self._changed:
            while self._is_other_preferred(request):
                self._changed.wait(max(0.0, self._until - time.monotonic()))

    def _is_other_preferred(self, request: httpx.Request) -> bool:
        return self._preferred not in {None, request} and time.monotonic() < self._until

    def _after(self, response: httpx.Response) -> None:
        request = response.request
        refusals = int(request.extensions.get("fuwen_refusals", 0))
        if _was_refused(response) and refusals < len(_SOON_SECONDS):
            request.extensions["fuwen_refusals"] = refusals + 1
            response.headers["Retry-After"] = str(_SOON_SECONDS[refusals])
            self._prefer(request)
        elif self._preferred is request:
            with self._changed:
                self._preferred = None
                self._changed.notify_all()

    def _prefer(self, request: httpx.Request) -> None:
        with self._changed:
            if not self._is_other_preferred(request):
                # Bounded: were this request never repeated, nobody would wait for ever.
                self._preferred, self._until = request, time.monotonic() + _LONGEST_WAIT_SECONDS


def _was_refused(response: httpx.Response) -> bool:
    """Whether Prefect's server itself refused, not a proxy in front of one that is restarting."""
    if response.status_code != httpx.codes.SERVICE_UNAVAILABLE or "Retry-After" in response.headers:
        return False
    return b"Service Unavailable" in response.read() and response.headers.get("content-type") == "application/json"
