"""One bucket of an S3-compatible store, with only what every measured server really keeps (docs/adr/0002).

Nothing here relies on user metadata, on an ETag being a digest, on batch deletes or on a conditional write that
`adapters.store.store_probe` has not proved on this bucket.
"""

from __future__ import annotations

import base64
import hashlib
import io
import ipaddress
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import urlsplit

from boto3.session import Session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from adapters.store.store_errors import (
    ObjectMissing,
    StoreError,
    StoreFull,
    StoreRefused,
    StoreUnavailable,
    WriteConflict,
    conflict,
    full,
    is_missing,
    is_not_offered,
    plain,
    plain_errors,
    unconfirmed,
)

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import GetObjectOutputTypeDef, HeadObjectOutputTypeDef, PutObjectOutputTypeDef

__all__ = [
    "Bucket",
    "ObjectHead",
    "ObjectMissing",
    "StoreError",
    "StoreFull",
    "StoreRefused",
    "StoreUnavailable",
    "WriteConflict",
    "WriteMode",
    "connect",
    "is_legal_key",
]

_BLOCK_BYTES = 1 << 20
_CONNECT_TIMEOUT_SECONDS = 5
_DISK_RESERVE_BYTES = 1 << 20
_KEY_MAX_BYTES = 1024
_COMPONENT_MAX_BYTES = 255


class WriteMode(StrEnum):
    """What a bucket was proved to keep, and so how it may be written."""

    COMPARE_AND_SWAP = "compare-and-swap"
    """Both conditions are enforced: any number of writers."""
    CREATE_ONLY = "create-only"
    """Only creation is decided by the store; replacing needs the writer lock."""
    SINGLE_WRITER = "single-writer"
    """No condition is enforced: every write needs the writer lock (`adapters.store.writer_lock`)."""


@dataclass(frozen=True, slots=True)
class ObjectHead:
    """What the store says of one object."""

    key: str
    size_bytes: int
    etag: str
    """Without quotes. Opaque: the MD5 of the bytes on many servers, not on all."""
    last_modified: datetime
    """UTC, by the clock of the store, in whole seconds: HEAD gives no more, and a listing must say the same."""
    version_id: str | None = None
    """None where the bucket keeps no versions, and in listings."""


def connect(
    endpoint_url: str | None,
    access_key: str,
    secret_key: str,
    region: str = "us-east-1",
    *,
    read_timeout_seconds: float = 60,
    attempts: int = 3,
) -> S3Client:
    """Make a client with the settings that work on every server measured; safe to share between threads.

    Nothing is sent yet. `attempts` counts the first try. None as the address means Amazon S3 itself.
    Raises StoreRefused for an address that is none, or if this machine's AWS configuration is broken.
    """
    settings = Config(
        signature_version="s3v4",
        s3={"addressing_style": "path"},
        # By default boto3 sends and expects checksums that other servers ignore, garble or refuse with 411.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        connect_timeout=_CONNECT_TIMEOUT_SECONDS,
        read_timeout=read_timeout_seconds,
        retries={"total_max_attempts": attempts, "mode": "standard"},
        max_pool_connections=32,
        # An office proxy in the environment must not swallow what is meant for this machine.
        proxies={} if _is_this_machine(endpoint_url) else None,
    )
    try:
        return Session(aws_access_key_id=access_key, aws_secret_access_key=secret_key, region_name=region).client(
            "s3", endpoint_url=endpoint_url, config=settings
        )
    except ValueError:
        raise StoreRefused(
            "对象存储的地址不是有效的网址。请管理员核对设置。", "The address of the store is not a valid URL.", ""
        ) from None
    except BotoCoreError as error:
        raise StoreRefused(
            f"本机已有的 AWS 配置有误（{type(error).__name__}）。请管理员核对 AWS_PROFILE 等环境变量和 ~/.aws。",
            f"The AWS configuration of this machine is broken ({type(error).__name__}): AWS_PROFILE, ~/.aws.",
            "",
        ) from None


def is_legal_key(key: str) -> bool:
    """Whether every supported store takes this key and gives it back unchanged.

    Servers that keep objects as files refuse empty, `.` and `..` components and components over 255 bytes (85 Han
    characters), and lose a slash at the end; control characters break listings.
    """
    components = key.split("/")
    return len(key.encode("utf-8", "replace")) <= _KEY_MAX_BYTES and all(_is_legal(part) for part in components)


class Bucket:
    """One bucket, written in the mode that it was proved to keep. Safe to share between threads."""

    def __init__(
        self,
        client: S3Client,
        name: str,
        mode: WriteMode = WriteMode.SINGLE_WRITER,
        *,
        etag_quoted: bool = False,
        folder: Path | None = None,
    ) -> None:
        """Take the bucket `name`.

        `etag_quoted`: whether this server wants quotes around an ETag in If-Match (`Capabilities.etag_quoted`).
        `folder`: where the embedded store keeps its files on this machine (`EmbeddedStore.folder`); that server says
        nothing better than "internal error" when the disk is full, so a failed write looks for itself.
        """
        self.client = client
        self.name = name
        self.mode = mode
        self._etag_quoted = etag_quoted
        self._folder = folder
        self._known_to_exist = False

    def head(self, key: str, version_id: str | None = None) -> ObjectHead | None:
        """What the store says of the object, None if there is none. Raises StoreRefused if there is no bucket."""
        with plain_errors(self.name, key):
            try:
                answer = self.client.head_object(Bucket=self.name, Key=key, **_version(version_id))
            except ClientError as error:
                if not is_missing(error):
                    raise
                self._insist_on_existing()
                return None
        return _head(key, answer)

    def get(self, key: str, version_id: str | None = None) -> bytes:
        """The bytes of the object. Raises ObjectMissing."""
        with plain_errors(self.name, key):
            answer = self.client.get_object(Bucket=self.name, Key=key, **_version(version_id))
            with closing(answer["Body"]) as body:
                return body.read()

    def get_with_head(self, key: str) -> tuple[bytes, ObjectHead] | None:
        """The bytes and the head as of one answer, None if there is no such object."""
        try:
            with plain_errors(self.name, key):
                answer = self.client.get_object(Bucket=self.name, Key=key)
                with closing(answer["Body"]) as body:
                    return body.read(), _head(key, answer)
        except ObjectMissing:
            return None

    def download(self, key: str, path: Path, version_id: str | None = None) -> ObjectHead:
        """Write the object to the file `path`, which appears only when it is whole. Raises ObjectMissing."""
        with plain_errors(self.name, key), tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as part:
            try:
                answer = self.client.get_object(Bucket=self.name, Key=key, **_version(version_id))
                with closing(answer["Body"]) as body:
                    for block in body.iter_chunks(_BLOCK_BYTES):
                        part.write(block)
                part.close()
                Path(part.name).replace(path)
            except BaseException:
                Path(part.name).unlink(missing_ok=True)
                raise
        return _head(key, answer)

    def put(
        self,
        key: str,
        body: bytes | Path,
        *,
        content_type: str,
        cache_control: str | None = None,
        content_disposition: str | None = None,
        create_only: bool = False,
        if_match: str | None = None,
    ) -> ObjectHead:
        """Store the bytes (up to 5 GB) and return their head after the store has confirmed size and MD5.

        `create_only`: only if the key is free. `if_match`: only if the object has this ETag. Either is decided by the
        store where the mode says so; else it is looked up first, which is safe only for the holder of the writer lock.
        A key that already holds exactly these bytes counts as written, by whomever: a repeated request that meets its
        own first try is no conflict.
        Raises WriteConflict, StoreFull, ValueError for a key that is not legal (`is_legal_key`).
        """
        if not is_legal_key(key):
            raise ValueError("not a legal object key")
        upload = _Upload(key, body)
        decided_by_store = self._condition(create_only=create_only, if_match=if_match)
        if (create_only or if_match is not None) and not decided_by_store:
            present = self.head(key)
            if (present is not None) if create_only else (present is None or present.etag != if_match):
                return self._already(upload)
        headers = {
            "ContentType": content_type,
            "CacheControl": cache_control,
            "ContentDisposition": content_disposition,
        }
        given = {name: value for name, value in headers.items() if value is not None} | decided_by_store
        try:
            with plain_errors(self.name, key):
                answer = self._send(upload, given)
        except (WriteConflict, ObjectMissing):
            if not decided_by_store:
                raise
            return self._already(upload)
        except StoreUnavailable:
            if self._disk_is_full(upload.size_bytes):
                raise full(self.name, key) from None
            raise
        return self._confirm(upload, answer)

    def delete(self, key: str, version_id: str | None = None) -> None:
        """Remove the object, if there is one. In a versioned bucket only giving `version_id` removes for good."""
        with plain_errors(self.name, key):
            try:
                self.client.delete_object(Bucket=self.name, Key=key, **_version(version_id))
            except ClientError as error:
                if not is_missing(error):
                    raise

    def list(self, prefix: str = "") -> Iterator[ObjectHead]:
        """Every object whose key begins with `prefix`, page after page, in the order of the store."""
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.name, Prefix=prefix)
        with plain_errors(self.name):
            for page in pages:
                for row in page.get("Contents", []):
                    yield ObjectHead(
                        row["Key"], row["Size"], _unquoted(row.get("ETag", "")), _whole_second(row["LastModified"])
                    )

    def versions(self, prefix: str) -> Iterator[tuple[str, str, bool]]:
        """Key, version id, and whether it is the newest, of everything that the bucket keeps under the prefix.

        Nothing where the bucket keeps no versions, or the store knows none. A marker of a deletion is a version too.
        Raises StoreRefused where the credential may not ask: what cannot be seen cannot be proven gone.
        """
        with plain_errors(self.name):
            try:
                status = self.client.get_bucket_versioning(Bucket=self.name).get("Status")
            except ClientError as error:
                if not is_not_offered(error):
                    raise
                return  # a store that does not know the question keeps no versions
            if status is None:
                return
            pages = self.client.get_paginator("list_object_versions").paginate(Bucket=self.name, Prefix=prefix)
            for page in pages:
                for row in (*page.get("Versions", []), *page.get("DeleteMarkers", [])):
                    yield row["Key"], row["VersionId"], row["IsLatest"]

    def _condition(self, *, create_only: bool, if_match: str | None) -> dict[str, Any]:
        if create_only and if_match is not None:
            raise ValueError("an object cannot be both new and known")
        if create_only and self.mode is not WriteMode.SINGLE_WRITER:
            return {"IfNoneMatch": "*"}
        if if_match is not None and self.mode is WriteMode.COMPARE_AND_SWAP:
            return {"IfMatch": f'"{if_match}"' if self._etag_quoted else if_match}
        return {}

    def _send(self, upload: _Upload, headers: dict[str, Any]) -> PutObjectOutputTypeDef:
        with upload.open() as stream:
            return self.client.put_object(
                Bucket=self.name,
                Key=upload.key,
                Body=stream,
                ContentLength=upload.size_bytes,
                ContentMD5=base64.b64encode(upload.md5).decode(),
                **headers,
            )

    def _already(self, upload: _Upload) -> ObjectHead:
        """The head if the key holds exactly these bytes already, else WriteConflict."""
        found = self.get_with_head(upload.key)
        if found is None or found[0] != upload.read():
            raise conflict(self.name, upload.key)
        return found[1]

    def _confirm(self, upload: _Upload, answer: PutObjectOutputTypeDef) -> ObjectHead:
        etag, version_id = _unquoted(answer.get("ETag", "")), answer.get("VersionId")
        shown = self.head(upload.key, version_id)
        if shown is None:
            raise unconfirmed(self.name, upload.key)
        seen_whole = shown.etag == etag == upload.md5.hex() and shown.size_bytes == upload.size_bytes
        replaced_since = shown.etag != etag and self.mode is WriteMode.COMPARE_AND_SWAP
        # Where the ETag is no MD5 (encrypted by KMS, directory buckets) only reading back tells.
        if not (seen_whole or replaced_since) and self.get(upload.key, version_id) != upload.read():
            raise unconfirmed(self.name, upload.key)
        return ObjectHead(upload.key, upload.size_bytes, etag, shown.last_modified, version_id)

    def _disk_is_full(self, wanted_bytes: int) -> bool:
        return self._folder is not None and shutil.disk_usage(self._folder).free < wanted_bytes + _DISK_RESERVE_BYTES

    def _insist_on_existing(self) -> None:
        """HEAD cannot say whether the object or the bucket is missing; taking one for the other loses documents."""
        if self._known_to_exist:
            return
        try:
            self.client.head_bucket(Bucket=self.name)
        except ClientError as error:
            if not is_missing(error):
                raise
            error.response["Error"]["Code"] = "NoSuchBucket"
            raise plain(error, self.name) from None
        self._known_to_exist = True


class _Upload:
    """The bytes to store, read from memory or, block by block, from a file."""

    def __init__(self, key: str, body: bytes | Path) -> None:
        self.key = key
        self._body = body
        digest = hashlib.md5(usedforsecurity=False)
        size = 0
        with self.open() as stream:
            while block := stream.read(_BLOCK_BYTES):
                digest.update(block)
                size += len(block)
        self.md5, self.size_bytes = digest.digest(), size

    def open(self) -> IO[bytes]:
        return self._body.open("rb") if isinstance(self._body, Path) else io.BytesIO(self._body)

    def read(self) -> bytes:
        return self._body.read_bytes() if isinstance(self._body, Path) else self._body


def _is_legal(component: str) -> bool:
    try:
        size = len(component.encode())
    except UnicodeEncodeError:
        return False
    printable = all(ord(character) >= 0x20 and character != "\x7f" for character in component)
    return 0 < size <= _COMPONENT_MAX_BYTES and printable and component not in {".", ".."}


def _is_this_machine(endpoint_url: str | None) -> bool:
    host = (urlsplit(endpoint_url).hostname or "") if endpoint_url else ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _version(version_id: str | None) -> dict[str, Any]:
    return {} if version_id is None else {"VersionId": version_id}


def _head(key: str, answer: HeadObjectOutputTypeDef | GetObjectOutputTypeDef) -> ObjectHead:
    return ObjectHead(
        key,
        answer["ContentLength"],
        _unquoted(answer.get("ETag", "")),
        _whole_second(answer["LastModified"]),
        answer.get("VersionId"),
    )


def _whole_second(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)


def _unquoted(etag: str) -> str:
    return etag.removeprefix("W/").strip('"')
