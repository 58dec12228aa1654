"""The premises: stores, readers, publisher and rules of this process, built once from the settings.

Nothing is connected, imported or spawned per document. No Prefect here: the command line uses the same builders.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from adapters.isolation.reader_pool import ReaderPool
from adapters.record.public_record import PublicRecord
from adapters.record.publication import Publisher
from adapters.record.publisher_key import PublisherKey, PublisherKeyMissing, load_key
from adapters.record.vault import Vault
from adapters.store.object_store import Bucket, WriteMode, connect
from adapters.store.short_links import ShortLinks
from adapters.store.store_errors import StoreRefused
from adapters.store.store_probe import Capabilities, probe
from adapters.store.writer_lock import WriterLock
from config.rules import load_rules
from config.settings import Settings
from domain.gate.rules import Rules
from tasks.reading_bounds import TrustFolders, reading_limits, trust_anchors

BucketName = Literal["inbox", "vault", "public"]


@dataclass(frozen=True, slots=True)
class Premises:
    """Everything that the steps need, safe to share between threads."""

    settings: Settings
    rules: Rules
    inbox: Bucket
    vault: Vault
    public: Bucket
    publisher: Publisher
    readers: ReaderPool
    links: ShortLinks
    """Into the vault, for a reviewer's browser."""


@contextmanager
def premises_of(settings: Settings) -> Iterator[Premises]:
    """Open the premises, and close what must be closed. Raises StoreError, RulesError, TrustFolderError, OSError."""
    rules = load_rules(settings.config_dir)
    folders = TrustFolders(settings)
    trust = trust_anchors(settings)
    with ReaderPool(settings.readers, reading_limits(settings), trust, renewed=folders.renewed) as readers:
        vault, public = proven_bucket(settings, "vault"), proven_bucket(settings, "public")
        kept = Vault(vault)
        yield Premises(
            settings=settings,
            rules=rules,
            inbox=bucket(settings, "inbox"),
            vault=kept,
            public=public,
            publisher=publisher_of(settings, kept, public),
            readers=readers,
            links=short_links(settings),
        )


_here: Premises | None = None
_opening = threading.Lock()


def move_in(premises: Premises | None) -> None:
    """Make them the premises of this process; None when they are closed."""
    global _here  # noqa: PLW0603  one process has one set: Prefect gives a task no other way to reach it
    with _opening:
        _here = premises


def premises() -> Premises:
    """The premises of this process. Raises RuntimeError where nobody moved in."""
    if _here is None:
        raise RuntimeError("the premises of this process were not opened")
    return _here


def bucket(settings: Settings, which: BucketName, proven: Capabilities | None = None) -> Bucket:
    """One of the three buckets, in the mode that was proven; without a proof nothing is relied on."""
    name: str = getattr(settings, f"{which}_bucket")
    credentials = settings.credentials(which)
    if credentials is None:
        raise StoreRefused(
            f"没有设置存储桶 {name} 的访问密钥。请管理员设置 FUWEN_S3_ACCESS_KEY 等，或先运行 fuwen up。",
            f"No credentials are set for the bucket {name}: set FUWEN_S3_ACCESS_KEY and so on, or run fuwen up.",
            name,
        )
    client = connect(settings.s3_endpoint_url, *credentials, settings.s3_region)
    mode = proven.mode if proven else WriteMode.SINGLE_WRITER
    quoted = bool(proven and proven.etag_quoted)
    return Bucket(client, name, mode, etag_quoted=quoted, folder=settings.store_folder)


def short_links(settings: Settings) -> ShortLinks:
    """Links into the vault for a reviewer's browser. Raises StoreRefused."""
    elsewhere = {"s3_endpoint_url": settings.review_endpoint_url or settings.s3_endpoint_url}
    vault = bucket(settings.model_copy(update=elsewhere), "vault")
    return ShortLinks(vault.client, vault.name, settings.review_link_minutes * 60)


def proven_bucket(settings: Settings, which: BucketName) -> Bucket:
    """The bucket in the mode that it is proven to keep now."""
    return bucket(settings, which, proven_capabilities(settings, which))


def proven_capabilities(settings: Settings, which: BucketName) -> Capabilities:
    """What the bucket, as it is configured now, was seen to keep."""
    unproven = bucket(settings, which)
    return probe(unproven.client, unproven.name)


def publisher_of(settings: Settings, vault: Vault, public: Bucket | None = None) -> Publisher:
    """Whoever publishes by these settings. Raises StoreError, PublisherKeyMissing."""
    record = PublicRecord(public or proven_bucket(settings, "public"), publisher_key(settings))
    return Publisher(record, vault, writer_lock(settings))


def publisher_key(settings: Settings) -> PublisherKey:
    """The key that signs what is published. Raises PublisherKeyMissing."""
    before = settings.signing_key_before
    earlier = before.get_secret_value().encode() if before else None
    if settings.signing_key:
        return load_key(settings.log_origin, settings.signing_key.get_secret_value().encode(), earlier)
    path = signing_key_file(settings)
    try:
        pem = path.read_bytes()
    except OSError:
        raise PublisherKeyMissing(
            f"没有发布签名的密钥（{path}）。请先运行 fuwen setup-store 生成，或设置 FUWEN_SIGNING_KEY。",
            f"There is no signing key ({path}); fuwen setup-store makes one, or set FUWEN_SIGNING_KEY.",
        ) from None
    return load_key(settings.log_origin, pem, earlier)


def signing_key_file(settings: Settings) -> Path:
    """Where the key lies if it is not in the environment."""
    return settings.signing_key_file or settings.data_dir / "keys" / "publisher.pem"


def writer_lock(settings: Settings) -> WriterLock:
    """The lock of the public bucket's writer, shared by all workers of this machine."""
    folder = settings.lock_dir or settings.data_dir / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    return WriterLock(folder / "publisher.lock")
