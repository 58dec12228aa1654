"""What an S3 notification points at, in any common dialect.

A payload is a hint from an untrusted sender: nothing in it is believed but the bucket and the key, and those only say
where to look. No address in it is ever fetched, so an SNS subscription is confirmed by hand.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote_plus

MAX_PAYLOAD_BYTES: Final = 1 << 20
_MAX_KEY_BYTES: Final = 1024  # of S3 itself
_MAX_WRAPPINGS: Final = 4  # SNS inside SQS inside a batch, and one to spare
_ENCODED_SOURCES: Final = frozenset({"aws:s3", "minio:s3", "rustfs:s3"})

_Json = dict[str, object]


class UnreadableNotificationError(Exception):
    """The payload is not JSON, or larger than any notification is."""


@dataclass(frozen=True, slots=True)
class Hint:
    """Look at this key. `keys` are its possible readings, the likeliest first: HEAD decides."""

    bucket: str
    keys: tuple[str, ...]
    version_id: str | None = None


def hints(payload: bytes) -> tuple[Hint, ...]:
    """Every object that the payload says was created or changed; none for a test event or somebody else's event.

    Raises UnreadableNotificationError for what is not JSON or exceeds `MAX_PAYLOAD_BYTES`.
    """
    if len(payload) > MAX_PAYLOAD_BYTES:
        raise UnreadableNotificationError("The notification is larger than 1 MiB.")
    return tuple(_hints(_json(payload), _MAX_WRAPPINGS))


def _json(text: str | bytes) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise UnreadableNotificationError("The notification is not JSON.") from None


def _hints(node: object, wrappings: int) -> Iterator[Hint]:
    if wrappings < 0:
        return
    if isinstance(node, list):
        for item in node:
            yield from _hints(item, wrappings - 1)
    if not isinstance(node, dict):
        return
    if isinstance(node.get("Records"), list):
        for record in node["Records"]:
            yield from _of_record(record, wrappings)
    elif node.get("source") == "aws.s3":
        yield from _of_eventbridge(node)
    elif isinstance(node.get("s3"), dict):
        yield from _of_record(node, wrappings)
    elif isinstance(node.get("event_type"), str):
        yield from _of_seaweedfs(node)
    elif isinstance(node.get("message"), dict):
        yield from _of_pubsub(node["message"])
    else:
        yield from _unwrapped(node, wrappings)


def _unwrapped(node: _Json, wrappings: int) -> Iterator[Hint]:
    """SNS over HTTP, SNS to a queue, a queue's message: the notification is a string inside."""
    sns = node.get("Sns")
    inner = sns.get("Message") if isinstance(sns, dict) else node.get("Message") or node.get("body") or node.get("Body")
    if not isinstance(inner, str):
        return
    try:
        yield from _hints(_json(inner), wrappings - 1)
    except UnreadableNotificationError:
        return  # somebody else's message: a confirmation, a plain text


def _of_record(record: object, wrappings: int) -> Iterator[Hint]:
    if not isinstance(record, dict):
        return
    s3 = record.get("s3")
    if not isinstance(s3, dict):
        yield from _unwrapped(record, wrappings)
        return
    name = str(record.get("eventName") or "").removeprefix("s3:")
    if name.startswith(("ObjectRemoved", "ObjectAccessed", "LifecycleExpiration")):
        return
    bucket, item = s3.get("bucket"), s3.get("object")
    if isinstance(bucket, dict) and isinstance(item, dict):
        keys = _readings(item.get("key"), encoded=_is_encoded(record, s3))
        yield from _hint(bucket.get("name"), keys, item.get("versionId"))


def _is_encoded(record: _Json, s3: _Json) -> bool:
    """Whether the sender form-encodes keys. VersityGW calls itself aws:s3, adds `s3:` to the event, encodes nothing."""
    source = record.get("eventSource")
    if source == "aws:s3" and str(record.get("eventName") or "").startswith("s3:"):
        return False
    if str(s3.get("configurationId") or "").endswith("-global"):
        return False
    return source in _ENCODED_SOURCES


def _of_eventbridge(node: _Json) -> Iterator[Hint]:
    detail = node.get("detail")
    if node.get("detail-type") != "Object Created" or not isinstance(detail, dict):
        return
    bucket, item = detail.get("bucket"), detail.get("object")
    if isinstance(bucket, dict) and isinstance(item, dict):
        yield from _hint(bucket.get("name"), _readings(item.get("key"), encoded=False), item.get("version-id"))


def _of_seaweedfs(node: _Json) -> Iterator[Hint]:
    """The filer's own events: paths under /buckets, also for directories and for parts of an upload."""
    message = node.get("message")
    entry = message.get("new_entry") if isinstance(message, dict) else None
    if node["event_type"] == "delete" or not isinstance(message, dict) or not isinstance(entry, dict):
        return
    path = node.get("key")
    if node["event_type"] == "rename":
        path = f"{message.get('new_parent_path')}/{entry.get('name')}"
    parts = path.split("/", 3) if isinstance(path, str) else []
    if len(parts) != 4 or parts[:2] != ["", "buckets"] or entry.get("is_directory"):
        return
    bucket, key = parts[2], parts[3]
    if not key.startswith(".uploads/") and ".versions/" not in key:
        yield from _hint(bucket, _readings(key, encoded=False), None)


def _of_pubsub(message: _Json) -> Iterator[Hint]:
    """Google Cloud Storage, pushed by Pub/Sub."""
    attributes = message.get("attributes")
    if not isinstance(attributes, dict) or attributes.get("eventType") not in {"OBJECT_FINALIZE", None}:
        return
    bucket, key = attributes.get("bucketId"), attributes.get("objectId")
    if key is None:
        item = _embedded(message.get("data"))
        bucket, key = item.get("bucket"), item.get("name")
    yield from _hint(bucket, _readings(key, encoded=False), attributes.get("objectGeneration"))


def _embedded(data: object) -> _Json:
    try:
        item = _json(base64.b64decode(str(data or ""), validate=True))
    except (binascii.Error, ValueError, UnreadableNotificationError):
        return {}
    return item if isinstance(item, dict) else {}


def _readings(key: object, *, encoded: bool) -> tuple[str, ...]:
    """The key as the sender most likely meant it, then the other way: `+` and `%` are where senders differ."""
    if not isinstance(key, str):
        return ()
    decoded = unquote_plus(key)
    return tuple(dict.fromkeys((decoded, key) if encoded else (key, decoded)))


def _hint(bucket: object, keys: tuple[str, ...], version_id: object) -> Iterator[Hint]:
    possible = tuple(key for key in keys if _is_key(key))
    if isinstance(bucket, str) and bucket and possible:
        yield Hint(bucket, possible, version_id if isinstance(version_id, str) and version_id else None)


def _is_key(key: str) -> bool:
    try:
        return 0 < len(key.encode()) <= _MAX_KEY_BYTES and "\x00" not in key
    except UnicodeEncodeError:  # half a surrogate pair: JSON allows it, no store does
        return False
