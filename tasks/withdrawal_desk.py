"""Where an order to take a reply down is carried out: what it needs, and the order itself, in this process only.

Prefect is told the reply's id and nothing else: who ordered it, and in what words, is no business of its database.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from adapters.record.vault import Vault
from adapters.record.withdrawal import Limits, Order, Withdrawals
from adapters.store.object_store import Bucket, connect
from config.settings import Settings
from tasks.premises import proven_bucket, publisher_of


@dataclass(frozen=True, slots=True)
class Desk:
    """One order, and who can carry it out."""

    withdrawals: Withdrawals
    order: Order


_here: Desk | None = None


@contextmanager
def desk_of(settings: Settings) -> Iterator[Withdrawals]:
    """Whoever takes replies down by these settings. Raises StoreError, PublisherKeyMissing."""
    public, vault = proven_bucket(settings, "public"), Vault(proven_bucket(settings, "vault"))
    publisher = publisher_of(settings, vault, public)
    limits = Limits(settings.withdrawals_per_day, settings.withdrawals_share)
    yield Withdrawals(publisher, vault, eraser(settings, public), limits)


def eraser(settings: Settings, public: Bucket) -> Bucket:
    """The public bucket under the credential that may delete: its own where it has one, else the publisher's."""
    secret = settings.withdraw_secret_key
    if not settings.withdraw_access_key or secret is None:
        return public
    credentials = settings.withdraw_access_key, secret.get_secret_value()
    client = connect(settings.s3_endpoint_url, *credentials, settings.s3_region)
    return Bucket(client, public.name, public.mode)


@contextmanager
def sitting_at(desk: Desk) -> Iterator[None]:
    """While this lasts the steps carry out this order."""
    global _here  # noqa: PLW0603  Prefect gives a task no other way to reach it
    _here = desk
    try:
        yield
    finally:
        _here = None


def desk() -> Desk:
    """The desk of this process. Raises RuntimeError where there is none."""
    if _here is None:
        raise RuntimeError("an order is carried out by the process that was given it")
    return _here
