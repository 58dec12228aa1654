"""Everything derived again, from the log and the manifests alone: byte for byte what it was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from adapters.record.derived_objects import POINTER
from adapters.record.derived_spool import DerivedSpool
from adapters.record.public_record import PublicRecord
from adapters.record.schema_check import check
from adapters.store.object_store import Bucket
from domain.publication.canonical_json import canonical_json
from domain.publication.derived import JSON, Derived
from domain.publication.object_keys import CHECKPOINT, DERIVED, SITE
from domain.publication.site_particulars import SITE_SCHEMA, Site

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


def rebuild(record: PublicRecord, site: Site | None = None) -> Rebuilt:
    """Write every derived object as the log says, then finish what was committed. Again changes nothing.

    In this order: what was committed cannot be finished while an object that it builds on is lost.

    `site` is what the office says of its site now; None: what the bucket says stays. It is written when everything
    follows it: were a rebuild stopped half way, `site.json` would otherwise vouch for pages that name another address.

    Where the bucket is not compare-and-swap the caller holds the writer lock. Raises RecordBroken if a manifest is
    missing or is another one than the log announced; StoreError.
    """
    standing = record.bucket.get_with_head(SITE)
    followed = canonical_json(site.as_json()) if site else standing[0] if standing else None
    with DerivedSpool(followed) as spool:
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
    for key in stray:
        record.bucket.delete(key)
    if site is not None:
        write_site(record.bucket, site)
    record.announce()
    head = record.head()
    written += tuple(record.mend_proofs())
    return Rebuilt(head.sequence, head.replies, written, stray)


def site_stands(site: Site, public: Bucket) -> bool:
    """Whether what is public follows these particulars of the site, or nothing is public."""
    standing = public.get_with_head(SITE)
    return (standing is not None and standing[0] == canonical_json(site.as_json())) or public.head(CHECKPOINT) is None


def write_site(bucket: Bucket, site: Site) -> None:
    """Say of the site what the office says now. What was derived before follows only with a rebuild."""
    document = site.as_json()
    check(SITE_SCHEMA, document)
    found = bucket.get_with_head(SITE)
    if found is None or found[0] != canonical_json(document):
        bucket.put(SITE, canonical_json(document), content_type=JSON, cache_control=POINTER)


def _mend(bucket: Bucket, wanted: Iterator[tuple[str, Derived]]) -> Iterator[str]:
    for key, made in wanted:
        found = bucket.get_with_head(key)
        if found is None or found[0] != made.body:
            bucket.put(key, made.body, content_type=made.media_type, cache_control=POINTER)
            yield key
