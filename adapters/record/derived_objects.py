"""Writing what is derived from the record: only what changes, and never over what somebody else wrote meanwhile."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.store.object_store import Bucket, WriteMode
from domain.publication.derived import Announcement, Derived, follow

POINTER = "no-cache"


class Revision:
    """What some announcements change in the derived objects of one bucket, as those stood when it was made."""

    def __init__(self, bucket: Bucket, batch: Sequence[Announcement]) -> None:
        self._bucket = bucket
        self._seen: dict[str, tuple[bytes, str] | None] = {}
        self._changes = follow(batch, self._standing)
        if self._decided_by_store:
            for key in self._changes:
                self._look(key)

    def write(self) -> None:
        """Make the changes. Raises WriteConflict if an object is no longer what the changes were made for."""
        for key, made in self._changes.items():
            if made is None:
                self._bucket.delete(key)
            else:
                self._put(key, made)

    @property
    def _decided_by_store(self) -> bool:
        return self._bucket.mode is WriteMode.COMPARE_AND_SWAP

    def _standing(self, key: str) -> bytes | None:
        found = self._look(key)
        return found[0] if found else None

    def _look(self, key: str) -> tuple[bytes, str] | None:
        if key not in self._seen:
            found = self._bucket.get_with_head(key)
            self._seen[key] = (found[0], found[1].etag) if found else None
        return self._seen[key]

    def _put(self, key: str, made: Derived) -> None:
        standing = self._seen.get(key)
        if standing and standing[0] == made.body:
            return
        self._bucket.put(
            key,
            made.body,
            content_type=made.media_type,
            cache_control=POINTER,
            create_only=self._decided_by_store and standing is None,
            if_match=standing[1] if self._decided_by_store and standing else None,
        )
