"""Catalogue, pointers and head again, from manifests and log entries alone: byte for byte what they were."""

from __future__ import annotations

from dataclasses import dataclass

from adapters.record.public_record import POINTER, PublicRecord, RecordBroken
from adapters.store.object_store import Bucket
from domain.publication.canonical_json import Json, canonical_json
from domain.publication.catalogue import page_with, row_of
from domain.publication.change_log import LogEntry, LogHead, current_with
from domain.publication.object_keys import CATALOGUE, LOG_HEAD, catalogue_page_key, current_key, page_of_slot


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild found and did."""

    entries: int
    replies: int
    written: tuple[str, ...]
    """Keys of the objects that were missing or wrong, in the order of writing."""
    removed: tuple[str, ...]
    """Keys of catalogue pages that the log does not know."""


def rebuild(bucket: Bucket) -> Rebuilt:
    """Write every pointer, catalogue page and the head as the log says. Again changes nothing.

    The log is followed from entry 1 to the last one there is, whatever the head says. Where the bucket is not
    compare-and-swap the caller holds the writer lock. Raises RecordBroken if a manifest is missing or is another one
    than the log announced; StoreError.
    """
    record = PublicRecord(bucket)
    head, pointers, pages = LogHead(), dict[str, Json](), dict[int, Json]()
    while entry := record.entry(head.sequence + 1):
        number = page_of_slot(entry.slot)
        pages[number] = page_with(pages.get(number), row_of(_content(record, entry), entry))
        pointers[entry.reply_id] = current_with(pointers.get(entry.reply_id), entry)
        head = head.after(entry)
    wanted = {current_key(reply_id): pointer for reply_id, pointer in pointers.items()}
    wanted |= {catalogue_page_key(number): page for number, page in pages.items()}
    if head.sequence:
        wanted[LOG_HEAD] = head.as_json()
    written = tuple(key for key, document in wanted.items() if _mend(bucket, key, document))
    stray = tuple(found.key for found in bucket.list(CATALOGUE) if found.key not in wanted)
    for key in stray:
        bucket.delete(key)
    return Rebuilt(head.sequence, len(pointers), written, stray)


def _content(record: PublicRecord, entry: LogEntry) -> Json:
    manifest = record.manifest(entry.reply_id, entry.version)
    if manifest is None or manifest.sha256 != entry.manifest_sha256:
        raise RecordBroken(entry.manifest_key)
    return manifest.content


def _mend(bucket: Bucket, key: str, document: Json) -> bool:
    body = canonical_json(document)
    found = bucket.get_with_head(key)
    if found and found[0] == body:
        return False
    bucket.put(key, body, content_type="application/json", cache_control=POINTER)
    return True
