"""One version of one object in the inbox: what a document is before anybody has opened it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class ObjectVersion:
    """A bucket, a key, and the version that stood there.

    `version` is the store's version id, or the ETag, size and time joined where the bucket keeps no versions.
    """

    bucket: str
    key: str
    version: str

    @classmethod
    def seen(
        cls, bucket: str, key: str, *, version_id: str | None, etag: str, size_bytes: int, last_modified: datetime
    ) -> ObjectVersion:
        """The version as HEAD describes it.

        The time counts in whole seconds: HEAD tells no more, a listing tells milliseconds. `null` is what a bucket
        with suspended versioning calls the version that it overwrites, so it identifies nothing.
        """
        if version_id and version_id != "null":
            return cls(bucket, key, version_id)
        second = last_modified.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return cls(bucket, key, f"{etag}/{size_bytes}/{second}")

    @property
    def document_id(self) -> str:
        """The first 32 hexadecimal digits of the SHA-256 of its canonical JSON."""
        identity = {"bucket": self.bucket, "key": self.key, "version": self.version}
        canonical = json.dumps(identity, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()[:32]

    @property
    def file_name(self) -> str:
        """The last component of the key."""
        return self.key.rsplit("/", 1)[-1]
