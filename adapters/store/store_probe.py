"""Finding out what one bucket, configured as it is now, really keeps.

Servers differ in what they do with a condition on a write: some enforce it, some refuse it, some ignore it silently,
and the same server may change its mind when the bucket keeps versions. So nothing is looked up by product name: it is
tried. A probe proves "not safe", never "safe" for a cluster behind several addresses (docs/adr/0002).
"""

from __future__ import annotations

import contextlib
import secrets
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from botocore.exceptions import BotoCoreError, ClientError

from adapters.store.object_store import Bucket, StoreError, WriteMode
from adapters.store.store_errors import condition_was_lost, is_missing, plain, plain_errors

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

PREFIX = ".fuwen-probe/"
"""Where probes write; every probe removes what it wrote, also when it fails."""

_RACERS = 4
_RACES = 3
_RACE_BODY_BYTES = 100_000  # long enough that a server that looks before it writes lets two through
_CONTENT_TYPE = "application/octet-stream"
_UNLIKELY_ETAG = "0" * 32


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a bucket was seen to keep."""

    mode: WriteMode
    etag_quoted: bool
    """Whether If-Match wants the ETag in quotes. Meaningful in the mode COMPARE_AND_SWAP."""
    versioned: bool
    """Whether an overwritten or deleted object stays readable by its version."""
    if_none_match: str
    """`enforced`, `ignored`, `refused` (an error), or `racy` (enforced, but not against writers at the same moment)."""
    if_match: str
    """The same for If-Match; `enforced` if either form of the ETag works and a wrong one is turned away."""
    range_status: int
    """How a request for a part is answered: 206 is right; 200 has the right bytes on some servers. 0: wrong bytes."""
    batch_delete: bool
    """Whether DeleteObjects works. Fuwen deletes singly; this is for the operator's own tools."""

    @property
    def explanation(self) -> str:
        """What this means, in plain Chinese."""
        return "".join((_MODE_ZH[self.mode], _reason_zh(self), _VERSIONED_ZH if self.versioned else ""))

    @property
    def explanation_en(self) -> str:
        """What this means, in plain English."""
        return " ".join(part for part in (_MODE_EN[self.mode], _VERSIONED_EN if self.versioned else "") if part)


def probe(client: S3Client, bucket: str) -> Capabilities:
    """Try what `bucket` keeps, with about forty small requests below PREFIX. Takes one to two seconds at most.

    Needs the right to write, read, list and delete there. Raises the StoreError that says why it could not be tried.
    """
    with _Trial(client, bucket) as trial:
        versioned = trial.put("versioned", b"1").get("VersionId") not in {None, "null"}
        creation = trial.creation()
        swap = trial.swap()
        form = next((quoted for quoted in (True, False) if swap[quoted] == "enforced"), None)
        if creation == "enforced" and trial.creation_is_racy():
            creation = "racy"
        if form is not None and trial.swap_is_racy(quoted=form):
            swap = dict.fromkeys(swap, "racy")
        return Capabilities(
            mode=_mode(creation, swap),
            etag_quoted=bool(form),
            versioned=versioned,
            if_none_match=creation,
            if_match=_better(swap),
            range_status=trial.range_status(),
            batch_delete=trial.batch_delete(),
        )


class _Trial:
    """One series of tries under a random prefix, cleaned away at the end."""

    def __init__(self, client: S3Client, name: str) -> None:
        self._client = client
        self._name = name
        self._bucket = Bucket(client, name)
        self._prefix = f"{PREFIX}{secrets.token_hex(8)}-"  # no folder of its own: some stores keep empty folders
        self._written: set[str] = set()
        self._pool = ThreadPoolExecutor(_RACERS)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown()
        for key in self._written:
            with contextlib.suppress(StoreError):
                self._forget(key)

    def put(self, name: str, body: bytes, **condition: str) -> Mapping[str, Any]:
        """Store, without any of the care that Bucket takes. Raises ClientError bare when there is a condition."""
        key = self._prefix + name
        self._written.add(key)
        given: dict[str, Any] = {
            "Bucket": self._name,
            "Key": key,
            "Body": body,
            "ContentType": _CONTENT_TYPE,
            **condition,
        }
        if not condition:
            with plain_errors(self._name, key):
                return self._client.put_object(**given)
        try:
            return self._client.put_object(**given)
        except BotoCoreError as error:
            raise plain(error, self._name, key) from None

    def creation(self) -> str:
        """What becomes of If-None-Match: * on a key that is taken, and on one that is free."""
        self.put("create", b"first")
        verdict = self._verdict("create", b"second", IfNoneMatch="*")
        if verdict == "enforced" and self._try("create-new", b"new", IfNoneMatch="*") != "accepted":
            return "refused"
        return verdict

    def swap(self) -> dict[bool, str]:
        """What becomes of If-Match with a wrong and with the right ETag: by whether it is quoted."""
        return {quoted: self._swap(quoted=quoted) for quoted in (True, False)}

    def _swap(self, *, quoted: bool) -> str:
        name = "swap-quoted" if quoted else "swap-bare"
        etag = _bare(self.put(name, b"first").get("ETag"))
        verdict = self._verdict(name, b"second", IfMatch=_form(_UNLIKELY_ETAG, quoted=quoted))
        # A server that turns every ETag away keeps nobody out of anything: it is unusable, not safe.
        if verdict == "enforced" and self._try(name, b"third", IfMatch=_form(etag, quoted=quoted)) != "accepted":
            return "refused"
        return verdict

    def creation_is_racy(self) -> bool:
        """Whether several writers at the same moment all create the same key."""
        return max(self._winners(f"race-{n}", IfNoneMatch="*") for n in range(_RACES)) != 1

    def swap_is_racy(self, *, quoted: bool) -> bool:
        """Whether several writers at the same moment all replace the same state."""
        return max(self._swap_winners(f"swap-race-{n}", quoted=quoted) for n in range(_RACES)) != 1

    def _swap_winners(self, name: str, *, quoted: bool) -> int:
        etag = _bare(self.put(name, b"first").get("ETag"))
        return self._winners(name, IfMatch=_form(etag, quoted=quoted))

    def range_status(self) -> int:
        """How a part of an object is given: the status if the bytes are right, else 0."""
        self.put("range", b"0123456789")
        with plain_errors(self._name):
            answer = self._client.get_object(Bucket=self._name, Key=self._prefix + "range", Range="bytes=2-4")
            right = answer["Body"].read() == b"234"
        return answer["ResponseMetadata"]["HTTPStatusCode"] if right else 0

    def batch_delete(self) -> bool:
        """Whether DeleteObjects removes."""
        self.put("batch", b"x")
        key = self._prefix + "batch"
        try:
            self._client.delete_objects(Bucket=self._name, Delete={"Objects": [{"Key": key}], "Quiet": True})
        except ClientError:
            return False
        return self._bucket.head(key) is None

    def _verdict(self, name: str, body: bytes, **condition: str) -> str:
        """What became of a write whose condition does not hold. What the store holds counts, not what it says."""
        said = self._try(name, body, **condition)
        if self._bucket.get(self._prefix + name) == body:
            return "ignored"
        return "enforced" if said == "lost" else "refused"

    def _try(self, name: str, body: bytes, **condition: str) -> str:
        try:
            self.put(name, body, **condition)
        except ClientError as error:
            if condition_was_lost(error) or is_missing(error):
                return "lost"
            if error.response["ResponseMetadata"].get("HTTPStatusCode") in {400, 405, 409, 501}:
                return "refused"
            with plain_errors(self._name):
                raise
        return "accepted"

    def _winners(self, name: str, **condition: str) -> int:
        start = threading.Barrier(_RACERS)

        def race(racer: int) -> str:
            start.wait()
            return self._try(name, bytes([racer]) * _RACE_BODY_BYTES, **condition)

        return list(self._pool.map(race, range(_RACERS))).count("accepted")

    def _forget(self, key: str) -> None:
        for version_id in self._versions(key):
            self._bucket.delete(key, version_id)

    def _versions(self, key: str) -> set[str | None]:
        """Every version of the key and every mark of its deletion; just None where there are no versions."""
        try:
            with plain_errors(self._name, key):
                page = self._client.list_object_versions(Bucket=self._name, Prefix=key)
        except StoreError:  # a server without versions may not know the call
            return {None}
        kept = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
        found: set[str | None] = {row["VersionId"] for row in kept if row["Key"] == key}
        return found or {None}


def _mode(creation: str, swap: Mapping[bool, str]) -> WriteMode:
    if creation != "enforced":
        return WriteMode.SINGLE_WRITER
    return WriteMode.COMPARE_AND_SWAP if _better(swap) == "enforced" else WriteMode.CREATE_ONLY


def _better(swap: Mapping[bool, str]) -> str:
    return swap[True] if swap[True] == "enforced" else swap[False]


def _form(etag: str, *, quoted: bool) -> str:
    return f'"{etag}"' if quoted else etag


def _bare(etag: str | None) -> str:
    return (etag or "").strip('"')


_MODE_ZH = {
    WriteMode.COMPARE_AND_SWAP: "这个存储桶能在多个写入者之间做出裁决（比较后交换），可以在几台机器上同时运行。",
    WriteMode.CREATE_ONLY: (
        "这个存储桶能保证同一名称只被创建一次，但不能保证替换时不覆盖别人，所以替换由写入锁保护，只能有一个写入者。"
    ),
    WriteMode.SINGLE_WRITER: (
        "这个存储桶不能在多个写入者之间做出裁决，所以一切写入由写入锁保护，只能有一个写入者，在一台机器上运行。"
    ),
}
_MODE_EN = {
    WriteMode.COMPARE_AND_SWAP: "This bucket decides between writers (compare and swap); several machines may write.",
    WriteMode.CREATE_ONLY: "This bucket lets a key be created only once but does not protect replacing: one writer.",
    WriteMode.SINGLE_WRITER: "This bucket does not decide between writers: one writer on one machine, under the lock.",
}
_VERSIONED_ZH = "它保留旧版本：彻底清除时须逐个版本删除。"
_VERSIONED_EN = "It keeps old versions: to purge means to delete each version."
_WORD_ZH = {
    "enforced": "有效",
    "ignored": "被默默忽略",
    "refused": "被拒绝或无法满足",
    "racy": "单独有效，同时写入时失效",
}


def _reason_zh(found: Capabilities) -> str:
    return (
        f"（实测：仅创建条件 If-None-Match {_WORD_ZH[found.if_none_match]}，"
        f"替换条件 If-Match {_WORD_ZH[found.if_match]}。）"
    )
