"""All derived objects of a record, made from nothing: on the disk, because they may be more than memory holds."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Self

from domain.publication.derived import Announcement, Derived, follow
from domain.publication.object_keys import SITE


class DerivedSpool:
    """What must stand, after all announcements so far."""

    def __init__(self, site: bytes | None) -> None:
        """`site` is `site.json` as it stands, which views read and none of them makes."""
        self._site = site
        self._database = sqlite3.connect("")  # a file that SQLite removes itself
        self._database.execute("CREATE TABLE derived (key TEXT PRIMARY KEY, place INTEGER, body BLOB, media_type TEXT)")
        self._place = 0

    def apply(self, batch: Sequence[Announcement]) -> None:
        """Go on with these announcements."""
        for key, made in follow(batch, self.body).items():
            self._place += 1
            if made is None:
                self._database.execute("DELETE FROM derived WHERE key = ?", (key,))
            else:
                row = (key, self._place, made.body, made.media_type)
                self._database.execute("INSERT OR REPLACE INTO derived VALUES (?, ?, ?, ?)", row)

    def body(self, key: str) -> bytes | None:
        """The bytes of one object."""
        if key == SITE:
            return self._site
        row = self._database.execute("SELECT body FROM derived WHERE key = ?", (key,)).fetchone()
        return bytes(row[0]) if row else None

    def objects(self) -> Iterator[tuple[str, Derived]]:
        """Every object, in the order in which it was last changed."""
        for key, body, media_type in self._database.execute("SELECT key, body, media_type FROM derived ORDER BY place"):
            yield key, Derived(bytes(body), media_type)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._database.close()
