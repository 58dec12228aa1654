"""Those who wait for their turn are served together by whoever comes first."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")

LARGEST_GROUP = 64
"""A group's derived objects are written when all of its manifests are; nobody should wait longer than that takes."""


class ServerStopped(Exception):  # noqa: N818 - named for what is the case
    """Whoever served this group was stopped in the middle; asking again finishes what was begun."""


@dataclass(eq=False, slots=True)
class _Waiting(Generic[T, R]):
    item: T
    answer: R | Exception | None = None


class Together(Generic[T, R]):
    """One thread at a time serves everything that waits; the others find their answer when their turn comes."""

    def __init__(self, serve: Callable[[Sequence[T]], Sequence[R | Exception]]) -> None:
        """`serve` answers each item, in order; what it raises itself is raised for all of them."""
        self._serve = serve
        self._door, self._turn = threading.Lock(), threading.Lock()
        self._queue: list[_Waiting[T, R]] = []

    def ask(self, item: T) -> R:
        """The answer to the item. Raises what serving it raised."""
        mine: _Waiting[T, R] = _Waiting(item)
        with self._door:
            self._queue.append(mine)
        with self._turn:
            while mine.answer is None:
                self._serve_next()
        if isinstance(mine.answer, Exception):
            raise mine.answer
        return mine.answer

    def _serve_next(self) -> None:
        with self._door:
            group, self._queue = self._queue[:LARGEST_GROUP], self._queue[LARGEST_GROUP:]
        try:
            answers: Sequence[R | Exception] = self._serve([waiting.item for waiting in group])
        except Exception as error:  # noqa: BLE001  each of them raises it where it was asked
            answers = [error] * len(group)
        except BaseException:
            for waiting in group:
                waiting.answer = ServerStopped()
            raise
        for waiting, answer in zip(group, answers, strict=True):
            waiting.answer = answer
