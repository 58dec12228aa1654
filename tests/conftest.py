"""What tests of several parts share: a real object store on this machine."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest

from adapters.store.embedded_store import EmbeddedStore
from adapters.store.object_store import Bucket, connect


@pytest.fixture(scope="module")
def embedded_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedStore]:
    """A started embedded store with the buckets inbox, vault and public; shared by the tests of one file."""
    with EmbeddedStore(tmp_path_factory.mktemp("store")) as store:
        yield store


@pytest.fixture
def bucket(embedded_store: EmbeddedStore) -> Bucket:
    """An empty bucket of the embedded store, for this test alone."""
    client = connect(embedded_store.endpoint_url, embedded_store.access_key, embedded_store.secret_key)
    name = f"t-{uuid.uuid4().hex[:12]}"
    client.create_bucket(Bucket=name)
    return Bucket(client, name, folder=embedded_store.folder)
