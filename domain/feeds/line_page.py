"""Pages of a head, one line for each place, and a foot: a page is its own state, and a line is changed in place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

Standing = Callable[[str], bytes | None]


@dataclass(slots=True)
class LinePage:
    """A text whose first line is the head and whose last one is the foot."""

    head: str = ""
    lines: list[str] = field(default_factory=list)
    """By place; empty where what stood there is gone, or where the place is not taken."""

    @classmethod
    def parse(cls, body: bytes | None) -> LinePage:
        """The page that was written; an empty one for None."""
        if body is None:
            return cls()
        head, *lines = body.decode().split("\n")
        return cls(head, lines[:-2])

    def put(self, place: int, line: str) -> None:
        """Let this line stand in this place."""
        self.lines += [""] * (place + 1 - len(self.lines))
        self.lines[place] = line

    def body(self, foot: str) -> bytes:
        """The bytes of the page."""
        return "\n".join((self.head, *self.lines, foot, "")).encode()


class LinePages:
    """Pages that are read once and written once, however often a line changes."""

    def __init__(self, standing: Standing) -> None:
        self._standing = standing
        self._open: dict[str, LinePage] = {}

    def __getitem__(self, key: str) -> LinePage:
        """The page under this key, to be changed."""
        if key not in self._open:
            self._open[key] = LinePage.parse(self._standing(key))
        return self._open[key]

    def bodies(self, foot: str) -> dict[str, bytes]:
        """The bytes of the pages that were asked for."""
        return {key: page.body(foot) for key, page in self._open.items()}


@dataclass(frozen=True, slots=True)
class WindowForm:
    """How a log is written that has its newest lines in one object and older ones in closed pages."""

    size: int
    """Lines of a page. The newest object holds the last page that is full, and the one after it."""
    newest_key: str
    closed_key: Callable[[int], str]
    newest_head: Callable[[int, int], str]
    """From the number of closed pages and the sequence of the newest line."""
    closed_head: Callable[[int], str]
    """From the number of the page."""
    closed_before: Callable[[str], int]
    """The number of closed pages that the head of the newest object tells."""
    foot: str
    newest_first: bool


class Window:
    """Such a log while it is being changed."""

    def __init__(self, form: WindowForm, standing: Standing) -> None:
        self._form, self._standing = form, standing
        self._newest = self._read(form.newest_key)
        self.closed = form.closed_before(self._newest.head)
        """Pages that are closed."""
        self.closed_now: list[int] = []
        """Those that were closed just now."""
        self._changed: dict[int, LinePage] = {}

    def put(self, sequence: int, line: str) -> None:
        """Let entry `sequence` (from 1) have this line."""
        while sequence > (self.closed + 2) * self._form.size:
            self._close()
        page, place = divmod(sequence - 1, self._form.size)
        if page < self.closed:
            self._closed_page(page).put(place, line)
        else:
            self._newest.put(sequence - 1 - self.closed * self._form.size, line)

    def bodies(self) -> dict[str, bytes]:
        """The objects that changed; the newest lines last, for they lead to the closed pages."""
        made = {self._form.closed_key(number): self._body(page) for number, page in self._changed.items()}
        last = self.closed * self._form.size + len(self._newest.lines)
        self._newest.head = self._form.newest_head(self.closed, last)
        return made | {self._form.newest_key: self._body(self._newest)}

    def _close(self) -> None:
        size = self._form.size
        page = LinePage(self._form.closed_head(self.closed), self._newest.lines[:size])
        self._newest.lines = self._newest.lines[size:]
        self._changed[self.closed] = page
        self.closed_now.append(self.closed)
        self.closed += 1

    def _closed_page(self, number: int) -> LinePage:
        if number not in self._changed:
            page = self._read(self._form.closed_key(number))
            page.head = page.head or self._form.closed_head(number)
            self._changed[number] = page
        return self._changed[number]

    def _read(self, key: str) -> LinePage:
        page = LinePage.parse(self._standing(key))
        page.lines = self._ordered(page.lines)
        return page

    def _body(self, page: LinePage) -> bytes:
        return LinePage(page.head, self._ordered(page.lines)).body(self._form.foot)

    def _ordered(self, lines: Sequence[str]) -> list[str]:
        return list(reversed(lines)) if self._form.newest_first else list(lines)
