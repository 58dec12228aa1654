"""A person at a terminal: an empty folder, no settings but those that the test makes, and a stack to talk to."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from adapters.store.embedded_store import EmbeddedStore
from adapters.store.object_store import Bucket, WriteMode, connect
from tests.adapters.publishing import KEY, SIGNING_KEY, World


@pytest.fixture(autouse=True)
def _nothing_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(("FUWEN_", "PREFECT_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("FUWEN_LANG", "en")
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def world(embedded_store: EmbeddedStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """Empty buckets, and the environment in which the commands find them."""
    made = World.fresh(embedded_store, tmp_path)
    made.public.client.create_bucket(Bucket=f"inbox-{made.folder.name}")
    named = {
        "S3_ENDPOINT_URL": embedded_store.endpoint_url,
        "S3_ACCESS_KEY": embedded_store.access_key,
        "S3_SECRET_KEY": embedded_store.secret_key,
        "INBOX_BUCKET": f"inbox-{made.folder.name}",
        "VAULT_BUCKET": made.private.name,
        "PUBLIC_BUCKET": made.public.name,
        "STORE_FOLDER": str(embedded_store.folder),
        "DATA_DIR": str(tmp_path / "data"),
        "SIGNING_KEY": SIGNING_KEY,
        "LOG_ORIGIN": KEY.name,
    }
    for name, value in named.items():
        monkeypatch.setenv(f"FUWEN_{name}", value)
    return made


@pytest.fixture
def inbox(embedded_store: EmbeddedStore, world: World) -> Bucket:
    """The inbox of the world."""
    client = connect(embedded_store.endpoint_url, embedded_store.access_key, embedded_store.secret_key)
    return Bucket(client, f"inbox-{world.folder.name}", WriteMode.SINGLE_WRITER)
