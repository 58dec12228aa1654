"""Being asked to stop: a run in a thread cannot be killed, so it looks between two steps whether it may go on."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from prefect.exceptions import Abort


class Interruption:
    """Set by the dispatcher when a person cancels the run or the process ends."""

    def __init__(self) -> None:
        self._asked = threading.Event()

    def ask(self) -> None:
        """The run shall stop before its next step."""
        self._asked.set()

    @property
    def asked(self) -> bool:
        """Whether the run shall stop."""
        return self._asked.is_set()


_current: ContextVar[Interruption | None] = ContextVar("interruption", default=None)


@contextmanager
def interruptible(interruption: Interruption) -> Iterator[None]:
    """Let what runs inside be stopped by it."""
    token = _current.set(interruption)
    try:
        yield
    finally:
        _current.reset(token)


def stop_if_asked() -> None:
    """Call between two steps. Raises Prefect's Abort, which leaves the state of the run to the dispatcher."""
    interruption = _current.get()
    if interruption is not None and interruption.asked:
        raise Abort("asked to stop")
