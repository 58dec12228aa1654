"""What can go wrong with an object store, in plain words.

A store speaks in status codes that differ between servers; the pipeline needs to know only whether to wait, to call
the administrator, or to think again. Sentences name the bucket and the cause, never a key or a secret: an inbox key is
a file name that a person chose, so it stays in the attribute `key` and out of every log line and traceback.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    HTTPClientError,
    NoCredentialsError,
    ParamValidationError,
    PartialCredentialsError,
    ReadTimeoutError,
    SSLError,
)
from urllib3.exceptions import HTTPError


class StoreError(Exception):
    """Something is wrong with the world behind a bucket. `str()` is one Chinese sentence, `en` the same in English."""

    def __init__(self, zh: str, en: str, bucket: str, key: str | None = None) -> None:
        super().__init__(zh, en, bucket, key)  # all arguments, so that it survives being pickled between processes
        self.zh, self.en, self.bucket, self.key = zh, en, bucket, key

    def __str__(self) -> str:
        return self.zh


class ObjectMissing(StoreError):  # noqa: N818 - named for what is the case
    """There is no such object, or no such version of it."""


class WriteConflict(StoreError):  # noqa: N818
    """Another writer was first: the key holds other bytes than expected, and this write did not happen."""


class StoreUnavailable(StoreError):  # noqa: N818
    """The store does not answer, or not sensibly. Worth a retry; a write may or may not have happened."""


class StoreRefused(StoreError):  # noqa: N818
    """The store answers and says no: credentials, policy, a missing bucket. Not worth a retry: a person must act."""


class StoreFull(StoreError):  # noqa: N818
    """No space or no quota left. The object was not stored."""


_FULL = frozenset(
    {
        "InsufficientStorage", "InsufficientStorageSpace", "StorageFull", "QuotaExceeded", "DiskFull",
        "XMinioStorageFull", "XRustFSStorageFull", "507",
    }
)  # fmt: skip
_NO_SPACE = re.compile(r"no space left|disk full|quota exceeded|disk quota|not enough space", re.IGNORECASE)
_CONDITION_LOST = frozenset({"PreconditionFailed", "ConditionalRequestConflict", "412"})
_WORTH_A_RETRY = frozenset(
    {"BadDigest", "IncompleteBody", "XAmzContentSHA256Mismatch", "RequestTimeout", "OperationAborted"}
)
_MISSING = frozenset({"NoSuchKey", "NoSuchVersion", "404", "NotFound"})
_REFUSALS: dict[str, tuple[str, str]] = {
    "NoSuchBucket": (
        "存储桶不存在。请管理员先建立它，或核对设置里的名称",
        "the bucket does not exist; create it or correct its name in the settings",
    ),
    "InvalidAccessKeyId": (
        "访问密钥的编号不被承认。请管理员核对密钥设置",
        "the access key is not known; check the configured credentials",
    ),
    "SignatureDoesNotMatch": (
        "访问密钥的密文不对。请管理员核对密钥设置",
        "the secret key is wrong; check the configured credentials",
    ),
    "AccessDenied": (
        "密钥不对，或没有所需的权限。请管理员核对密钥和存储桶的授权",
        "the credentials are wrong or lack the permission; check them and the bucket's policy",
    ),
    "RequestTimeTooSkewed": (
        "本机时钟与对象存储相差太大。请管理员校准时钟",
        "the clocks of this machine and of the store differ too much; set the clock",
    ),
    "AuthorizationHeaderMalformed": (
        "区域（region）设置与存储桶不符。请管理员核对设置",
        "the configured region does not fit the bucket",
    ),
    "PermanentRedirect": (
        "区域（region）或地址设置与存储桶不符。请管理员核对设置",
        "the configured region or address does not fit the bucket",
    ),
    "NotImplemented": (
        "这台对象存储不支持所要求的操作。请运行 fuwen doctor 重新检测",
        "this store does not support the operation; run fuwen doctor to probe it again",
    ),
}
_ALIASES = {"403": "AccessDenied", "401": "AccessDenied", "Forbidden": "AccessDenied", "Unauthorized": "AccessDenied"}
_ALIASES |= {"InvalidAccessKey": "InvalidAccessKeyId", "501": "NotImplemented", "301": "PermanentRedirect"}


def condition_was_lost(error: ClientError) -> bool:
    """Whether the store answered that If-Match or If-None-Match does not hold (412, or 409 while two writers race)."""
    return _code(error) in _CONDITION_LOST


def is_missing(error: ClientError) -> bool:
    """Whether the store answered that the object is not there. A missing bucket is something else."""
    return _code(error) in _MISSING or (_status(error) == 405 and _code(error) in {"MethodNotAllowed", "405"})


def is_not_offered(error: ClientError) -> bool:
    """Whether the store answered that it knows no such request, which is another answer than that we may not ask."""
    return _status(error) in {405, 501} or _ALIASES.get(_code(error), _code(error)) == "NotImplemented"


@contextmanager
def plain_errors(bucket: str, key: str | None = None) -> Iterator[None]:
    """Turn whatever botocore raises inside into a StoreError.

    The original error is not chained: its text holds the address with the key, which may be a person's name.
    """
    try:
        yield
    except ParamValidationError:
        raise  # our mistake, not the store's
    except (ClientError, BotoCoreError, HTTPError) as error:
        raise plain(error, bucket, key) from None


def plain(error: ClientError | BotoCoreError | HTTPError, bucket: str, key: str | None = None) -> StoreError:
    """The StoreError that says what `error` means."""
    if isinstance(error, ClientError):
        return _answered(error, bucket, key)
    if isinstance(error, SSLError):
        return _refused("证书不可信或不匹配。请管理员核对地址和证书", "its TLS certificate is not trusted", bucket, key)
    if isinstance(error, NoCredentialsError | PartialCredentialsError):
        return _refused("没有设置访问密钥。请管理员补充设置", "no credentials are configured", bucket, key)
    return _unavailable(*_silence(error), bucket, key)


def missing(bucket: str, key: str) -> ObjectMissing:
    """The error for an object that is not there."""
    return ObjectMissing(
        f"存储桶 {bucket} 里没有要找的对象。", f"The object is not in the bucket {bucket}.", bucket, key
    )


def conflict(bucket: str, key: str) -> WriteConflict:
    """The error for a write that came second."""
    return WriteConflict(
        f"存储桶 {bucket} 里的这个对象已由另一个写入者写成别的内容，本次写入没有生效。",
        f"Another writer has put something else there in the bucket {bucket}; this write did not happen.",
        bucket,
        key,
    )


def unconfirmed(bucket: str, key: str) -> StoreUnavailable:
    """The error for a write that the store acknowledged but does not show."""
    return StoreUnavailable(
        f"对象存储（存储桶 {bucket}）回答写入成功，但读回的内容不符，不能认作已存。",
        f"The store acknowledged a write to the bucket {bucket} but shows other bytes.",
        bucket,
        key,
    )


def full(bucket: str, key: str | None) -> StoreFull:
    """The error for a store without space."""
    return StoreFull(
        f"对象存储的空间或配额已满（存储桶 {bucket}），对象没有存入。请管理员清理或扩容。",
        f"The store has no space or quota left (bucket {bucket}); the object was not stored.",
        bucket,
        key,
    )


def _answered(error: ClientError, bucket: str, key: str | None) -> StoreError:
    code, status = _code(error), _status(error)
    if code in _FULL or status == 507 or _NO_SPACE.search(str(error.response.get("Error", {}).get("Message", ""))):
        return full(bucket, key)
    if is_missing(error):
        return missing(bucket, key or "")
    if code in _CONDITION_LOST:
        return conflict(bucket, key or "")
    if code in _WORTH_A_RETRY or status == 429 or (status >= 500 and status != 501):
        return _unavailable(f"回答 {status} {code}", f"it answered {status} {code}", bucket, key)
    zh, en = _REFUSALS.get(_ALIASES.get(code, code), (f"回答 {status} {code}", f"it answered {status} {code}"))
    return _refused(zh, en, bucket, key)


def _refused(zh: str, en: str, bucket: str, key: str | None) -> StoreRefused:
    return StoreRefused(
        f"对象存储不接受对存储桶 {bucket} 的访问：{zh}。", f"The store refuses the bucket {bucket}: {en}.", bucket, key
    )


def _unavailable(zh: str, en: str, bucket: str, key: str | None) -> StoreUnavailable:
    return StoreUnavailable(
        f"对象存储暂时不可用（存储桶 {bucket}）：{zh}。若持续出现，请管理员检查存储服务和网络。",
        f"The store is not available (bucket {bucket}): {en}. If it persists, check the store and the network.",
        bucket,
        key,
    )


def _silence(error: Exception) -> tuple[str, str]:
    if isinstance(error, EndpointConnectionError | ConnectTimeoutError):
        return "连接不上", "no connection"
    if isinstance(error, ReadTimeoutError):
        return "等待回答超时", "no answer in time"
    if isinstance(error, HTTPClientError | HTTPError):
        return "连接中断", "the connection broke"
    return f"回答无法理解（{type(error).__name__}）", f"its answer makes no sense ({type(error).__name__})"


def _code(error: ClientError) -> str:
    # Only letters and digits: a proxy may answer with anything, and this goes into a sentence.
    return re.sub(r"[^A-Za-z0-9]", "", str(error.response.get("Error", {}).get("Code", "")))[:60]


def _status(error: ClientError) -> int:
    return int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
