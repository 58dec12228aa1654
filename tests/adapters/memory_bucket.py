"""A bucket in memory: for what must be tried hundreds of times. What a real server does is tried elsewhere."""

from __future__ import annotations

import hashlib
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from adapters.store.object_store import Bucket, ObjectHead, WriteConflict, WriteMode
from adapters.store.store_errors import conflict, missing

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_THEN = datetime(2024, 5, 20, tzinfo=UTC)


class MemoryBucket(Bucket):
    """Keeps what it is given, decides between writers, and counts requests and bytes as the real one would cause."""

    def __init__(self, name: str = "memory", mode: WriteMode = WriteMode.COMPARE_AND_SWAP) -> None:
        super().__init__(cast("S3Client", None), name, mode)
        self.objects: dict[str, bytes] = {}
        self.requests: Counter[str] = Counter()
        self.bytes_written = 0
        self.bytes_read = 0
        self._deciding = threading.Lock()

    def head(self, key: str, version_id: str | None = None) -> ObjectHead | None:
        self.requests["head"] += 1
        body = self.objects.get(key)
        return None if body is None else _head(key, body)

    def get(self, key: str, version_id: str | None = None) -> bytes:
        found = self.get_with_head(key)
        if found is None:
            raise missing(self.name, key)
        return found[0]

    def get_with_head(self, key: str) -> tuple[bytes, ObjectHead] | None:
        self.requests["get"] += 1
        body = self.objects.get(key)
        if body is None:
            return None
        self.bytes_read += len(body)
        return body, _head(key, body)

    def download(self, key: str, path: Path, version_id: str | None = None) -> ObjectHead:
        body = self.get(key)
        path.write_bytes(body)
        return _head(key, body)

    def put(
        self, key: str, body: bytes | Path, *, create_only: bool = False, if_match: str | None = None, **_: Any
    ) -> ObjectHead:
        content = body if isinstance(body, bytes) else body.read_bytes()
        with self._deciding:
            self.requests["put"] += 1
            standing = self.objects.get(key)
            lost = (create_only and standing is not None) or (
                if_match is not None and (standing is None or _head(key, standing).etag != if_match)
            )
            if lost and standing != content:
                raise conflict(self.name, key)
            self.objects[key] = content
            self.bytes_written += len(content)
        return _head(key, content)

    def delete(self, key: str, version_id: str | None = None) -> None:
        self.requests["delete"] += 1
        self.objects.pop(key, None)

    def versions(self, prefix: str) -> Iterator[tuple[str, str, bool]]:
        return iter(())

    def list(self, prefix: str = "") -> Iterator[ObjectHead]:
        self.requests["list"] += 1
        for key, body in sorted(self.objects.items()):
            if key.startswith(prefix):
                yield _head(key, body)


def _head(key: str, body: bytes) -> ObjectHead:
    return ObjectHead(key, len(body), hashlib.md5(body, usedforsecurity=False).hexdigest(), _THEN)


__all__ = ["MemoryBucket", "WriteConflict"]
