"""Which object of the inbox it is: taken once, however often it is announced."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from domain.canonical_json import Json, canonical_json, sha256_hex

_ID_CHARACTERS = 32
# Buckets whose versioning was never switched on, or is suspended, say so in these ways.
_NO_VERSION = frozenset({None, "", "null"})


@dataclass(frozen=True, slots=True)
class ObjectVersion:
    """One version of one object, as HEAD or a listing shows it."""

    bucket: str
    key: str
    etag: str
    size_bytes: int
    last_modified: datetime
    """With a time zone; listings of some stores carry fractions of a second that HEAD leaves out."""
    version_id: str | None = None

    @property
    def document_id(self) -> str:
        """32 hex characters: the same for the same object version, whoever announced it and wherever it was seen."""
        return sha256_hex(canonical_json(self.as_json()))[:_ID_CHARACTERS]

    def as_json(self) -> Json:
        """What identifies the version: its id where the bucket keeps versions, else ETag, size and time together.

        No two of the three suffice: some servers have no ETag for a file that was copied into their folder.
        Raises ValueError for a time without a zone.
        """
        place: Json = {"bucket": self.bucket, "key": self.key}
        if self.version_id not in _NO_VERSION:
            return place | {"version_id": self.version_id}
        return place | {
            "etag": self.etag.removeprefix("W/").strip('"'),
            "size_bytes": self.size_bytes,
            "last_modified": utc_text(self.last_modified),
        }


def utc_text(moment: datetime) -> str:
    """The moment in UTC with Z, whole seconds: `2024-05-17T02:00:00Z`. Raises ValueError without a time zone."""
    if moment.tzinfo is None:
        raise ValueError("a time without a zone means nothing")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
