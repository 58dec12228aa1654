"""Promises about notifications: every dialect points at the same object, and nothing in a payload can do harm."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.intake.s3_events import MAX_PAYLOAD_BYTES, Hint, UnreadableNotificationError, hints

KEY = "公文/a+b c 50%.pdf"
FORM = "%E5%85%AC%E6%96%87/a%2Bb+c+50%25.pdf"
QUERY = "%E5%85%AC%E6%96%87%2Fa%2Bb+c+50%25.pdf"


def record(source: str, name: str, key: str, **more: Any) -> dict[str, Any]:
    item = {"key": key, "size": 7, "eTag": "9dd4", **more}
    return {"eventSource": source, "eventName": name, "s3": {"bucket": {"name": "inbox"}, "object": item}}


AWS = {"Records": [record("aws:s3", "ObjectCreated:Put", FORM, versionId="V1", sequencer="0055AED6DCD90281E5")]}
SNS = {"Type": "Notification", "MessageId": "m-1", "TopicArn": "arn:aws:sns:x:1:inbox", "Message": json.dumps(AWS)}
EVENTBRIDGE = {
    "version": "0",
    "source": "aws.s3",
    "detail-type": "Object Created",
    "detail": {"bucket": {"name": "inbox"}, "object": {"key": KEY, "version-id": "V1"}, "reason": "PutObject"},
}
MINIO = {
    "EventName": "s3:ObjectCreated:Put",
    "Key": f"inbox/{KEY}",
    "Records": [record("minio:s3", "s3:ObjectCreated:Put", QUERY)],
}
VERSITY = record("aws:s3", "s3:ObjectCreated:Put", KEY, versionId=None)
VERSITY["s3"]["configurationId"] = "webhook-global"
SEAWEEDFS = {
    "key": f"/buckets/inbox/{KEY}",
    "event_type": "create",
    "message": {"new_entry": {"name": "a+b c 50%.pdf"}, "new_parent_path": "/buckets/inbox/公文"},
}
GCS_ATTRIBUTES = {"bucketId": "inbox", "objectId": KEY, "eventType": "OBJECT_FINALIZE", "objectGeneration": "17"}
GCS_DATA = base64.b64encode(json.dumps({"bucket": "inbox", "name": KEY}).encode()).decode()

DIALECTS: dict[str, Any] = {
    "S3 to webhook or SQS": AWS,
    "S3 to SNS": SNS,
    "S3 to SNS to SQS, pulled": {"Body": json.dumps(SNS), "ReceiptHandle": "r"},
    "SQS batch": {"Records": [{"eventSource": "aws:sqs", "body": json.dumps(SNS)}]},
    "SNS batch": {"Records": [{"EventSource": "aws:sns", "Sns": {"Message": json.dumps(AWS)}}]},
    "EventBridge": EVENTBRIDGE,
    "MinIO": MINIO,
    "RustFS": {"Records": [record("rustfs:s3", "s3:ObjectCreated:Put", QUERY)]},
    "Ceph RGW": {"Records": [record("ceph:s3", "ObjectCreated:Put", KEY, versionId="", tags=[])]},
    "VersityGW": {"Records": [VERSITY]},
    "SeaweedFS": SEAWEEDFS,
    "SeaweedFS rename": {**SEAWEEDFS, "event_type": "rename", "key": "/buckets/inbox/old.pdf"},
    "Google Cloud Storage": {"message": {"attributes": GCS_ATTRIBUTES, "data": ""}, "subscription": "s"},
    "Google Cloud Storage, attributes missing": {"message": {"attributes": {}, "data": GCS_DATA}},
    "a list": [AWS],
    "a single record": AWS["Records"][0],
}

NOT_OURS: dict[str, Any] = {
    "AWS test event": {"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "inbox"},
    "VersityGW test event": {"Service": "S3", "Event": "s3:TestEvent", "Bucket": "Test-Bucket"},
    "SNS confirmation": {"Type": "SubscriptionConfirmation", "SubscribeURL": "https://x", "Message": "You have chosen"},
    "removed": {"Records": [record("aws:s3", "ObjectRemoved:Delete", FORM)]},
    "EventBridge deletion": {**EVENTBRIDGE, "detail-type": "Object Deleted"},
    "SeaweedFS directory": {**SEAWEEDFS, "message": {"new_entry": {"name": "d", "is_directory": True}}},
    "SeaweedFS part": {**SEAWEEDFS, "key": "/buckets/inbox/.uploads/1/0001.part"},
    "SeaweedFS deletion": {**SEAWEEDFS, "event_type": "delete"},
    "GCS deletion": {"message": {"attributes": {**GCS_ATTRIBUTES, "eventType": "OBJECT_DELETE"}}},
    "empty": {},
    "no records": {"Records": []},
    "a key that is no text": {"Records": [record("aws:s3", "ObjectCreated:Put", "\ud800")]},
    "a key too long": {"Records": [record("ceph:s3", "ObjectCreated:Put", "长" * 400)]},
    "wrapped without end": [[[[[SNS]]]]],
}


@pytest.mark.parametrize("payload", DIALECTS.values(), ids=DIALECTS.keys())
def test_every_dialect_points_at_the_same_object(payload: object) -> None:
    (hint,) = hints(json.dumps(payload).encode())
    assert hint.bucket == "inbox"
    assert hint.keys[0] == KEY


@pytest.mark.parametrize("payload", NOT_OURS.values(), ids=NOT_OURS.keys())
def test_test_events_and_events_that_are_not_ours_point_at_nothing(payload: object) -> None:
    assert hints(json.dumps(payload).encode()) == ()


def test_the_other_reading_of_an_ambiguous_key_is_kept_for_the_store_to_decide() -> None:
    (hint,) = hints(json.dumps({"Records": [record("ceph:s3", "ObjectCreated:Put", "a+b.pdf")]}).encode())
    assert hint == Hint("inbox", ("a+b.pdf", "a b.pdf"), None)
    (unknown,) = hints(json.dumps({"Records": [record("new:s3", "ObjectCreated:Put", "a%2Bb.pdf")]}).encode())
    assert unknown.keys == ("a%2Bb.pdf", "a+b.pdf")


def test_the_version_is_told_where_the_sender_tells_it() -> None:
    assert [hint.version_id for hint in hints(json.dumps(AWS).encode())] == ["V1"]
    assert [hint.version_id for hint in hints(json.dumps(DIALECTS["Ceph RGW"]).encode())] == [None]


@pytest.mark.parametrize("payload", [b"", b"\xff\xfe", b"{", b"[" * 200_000, b"1" * 5000], ids=repr)
def test_what_is_not_json_is_refused_without_harm(payload: bytes) -> None:
    with pytest.raises(UnreadableNotificationError):
        hints(payload)


def test_a_payload_larger_than_any_notification_is_not_even_parsed() -> None:
    with pytest.raises(UnreadableNotificationError, match="1 MiB"):
        hints(b" " * (MAX_PAYLOAD_BYTES + 1))


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "Records",
                    "s3",
                    "bucket",
                    "object",
                    "key",
                    "name",
                    "message",
                    "Message",
                    "body",
                    "Sns",
                    "event_type",
                    "attributes",
                    "data",
                    "source",
                    "detail",
                    "detail-type",
                    "eventName",
                    "new_entry",
                    "objectId",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(_JSON)
def test_no_json_whatever_raises(payload: object) -> None:
    for hint in hints(json.dumps(payload).encode()):
        assert hint.bucket
        assert all(hint.keys)


@given(st.text(min_size=1, max_size=60).filter(lambda key: "\x00" not in key))
def test_any_key_survives_the_encoding_of_aws_and_the_plainness_of_ceph(key: str) -> None:
    from urllib.parse import quote_plus

    encoded = {"Records": [record("aws:s3", "ObjectCreated:Put", quote_plus(key, safe="/"))]}
    plain = {"Records": [record("ceph:s3", "ObjectCreated:Put", key)]}
    assert [hint.keys[0] for hint in hints(json.dumps(encoded).encode())] == [key]
    assert [hint.keys[0] for hint in hints(json.dumps(plain).encode())] == [key]
