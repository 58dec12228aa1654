"""One version of one object in the inbox: what a document is before anybody has opened it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from domain.publication.canonical_json import canonical_json, sha256_hex

_ID_CHARACTERS = 32
# What buckets say whose versioning was never switched on, or is suspended. `null` names whatever was written last.
_NO_VERSION = frozenset({None, "", "null"})


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
        """The version as HEAD or a listing describes it.

        The time counts in whole seconds: HEAD tells no more, a listing tells milliseconds. Some servers have no ETag
        for a file that was copied into their folder, so size and time count as well.
        Raises ValueError for a time without a zone.
        """
        if version_id is not None and version_id not in _NO_VERSION:
            return cls(bucket, key, version_id)
        return cls(bucket, key, f"{etag.removeprefix('W/').strip(chr(34))}/{size_bytes}/{utc_text(last_modified)}")

    @property
    def document_id(self) -> str:
        """The first 32 hexadecimal digits of the SHA-256 of its canonical JSON."""
        identity = {"bucket": self.bucket, "key": self.key, "version": self.version}
        return sha256_hex(canonical_json(identity))[:_ID_CHARACTERS]

    @property
    def file_name(self) -> str:
        """The last component of the key."""
        return self.key.rsplit("/", 1)[-1]


def utc_text(moment: datetime) -> str:
    """The moment in UTC with Z, whole seconds: `2024-05-17T02:00:00Z`. Raises ValueError without a time zone."""
    if moment.tzinfo is None:
        raise ValueError("a time without a zone means nothing")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
