"""Everything derived again, from the log and the manifests alone: byte for byte what it was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from adapters.record.derived_objects import POINTER
from adapters.record.derived_spool import DerivedSpool
from adapters.record.public_record import PublicRecord
from adapters.store.object_store import Bucket
from domain.publication.derived import Derived
from domain.publication.object_keys import DERIVED

_BATCH = 256


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild found and did."""

    entries: int
    replies: int
    written: tuple[str, ...]
    """Keys of the objects that were missing or wrong, in the order of writing."""
    removed: tuple[str, ...]
    """Keys of derived objects that do not follow from the log."""


def rebuild(record: PublicRecord) -> Rebuilt:
    """Write every derived object as the log says, after what was committed and not finished. Again changes nothing.

    Where the bucket is not compare-and-swap the caller holds the writer lock. Raises RecordBroken if a manifest is
    missing or is another one than the log announced; StoreError.
    """
    record.announce()
    head = record.head()
    with DerivedSpool() as spool:
        batch = []
        for announced in record.announcements():
            batch.append(announced)
            if len(batch) == _BATCH:
                spool.apply(batch)
                batch = []
        spool.apply(batch)
        written = tuple(_mend(record.bucket, spool.objects()))
        stray = tuple(
            found.key for folder in DERIVED for found in record.bucket.list(folder) if spool.body(found.key) is None
        )
    written += tuple(record.mend_proofs())
    for key in stray:
        record.bucket.delete(key)
    return Rebuilt(head.sequence, head.replies, written, stray)


def _mend(bucket: Bucket, wanted: Iterator[tuple[str, Derived]]) -> Iterator[str]:
    for key, made in wanted:
        found = bucket.get_with_head(key)
        if found is None or found[0] != made.body:
            bucket.put(key, made.body, content_type=made.media_type, cache_control=POINTER)
            yield key
