"""A list of revoked certificates that is missing: the letter waits for it, then for a person, and is never trusted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from pydantic import SecretStr

from adapters.store.embedded_store import EmbeddedStore
from cli.prefect_server import PrefectServer
from config.settings import Settings
from domain.fate import Held, Published
from flows.work_pool import connection
from tasks.premises import Premises, move_in, premises_of
from tests.adapters.publishing import KEY, SIGNING_KEY
from tests.adapters.signed_pdfs import YEAR, Authority, sign
from tests.flows.test_publish_reply import SAMPLES, a_letter, drop, travel

MISSING = "revocation-list-outdated"


@pytest.fixture(scope="module")
def issuer() -> Authority:
    return Authority()


@contextmanager
def office(store: EmbeddedStore, folder: Path, issuer: Authority, hours: float) -> Iterator[Premises]:
    """Premises that trust this issuer alone and keep lists, of which there is none yet."""
    for name in ("trust", "lists"):
        (folder / name).mkdir()
    (folder / "trust" / "root.pem").write_bytes(issuer.root.certificate.public_bytes(Encoding.PEM))
    settings = Settings(
        _env_file=None,
        data_dir=folder,
        config_dir=SAMPLES / "config",
        trust_dir=folder / "trust",
        crl_dir=folder / "lists",
        crl_patience_hours=hours,
        s3_endpoint_url=store.endpoint_url,
        s3_access_key=store.access_key,
        s3_secret_key=SecretStr(store.secret_key),
        signing_key=SecretStr(SIGNING_KEY),
        log_origin=KEY.name,
        readers=1,
    )
    with premises_of(settings) as here, connection():
        move_in(here)
        try:
            yield here
        finally:
            move_in(None)


def signed(issuer: Authority) -> bytes:
    return sign(a_letter(signed=False), issuer.issue(valid_to=datetime.now(UTC) + YEAR))


def test_the_letter_waits_for_the_list_and_is_published_once_it_is_there(
    prefect_server: PrefectServer, embedded_store: EmbeddedStore, tmp_path: Path, issuer: Authority
) -> None:
    with office(embedded_store, tmp_path, issuer, hours=24) as here:
        version = drop(here, signed(issuer))
        state, _ = travel(version)
        assert state.is_failed()
        assert "吊销列表" in (state.message or "")
        assert here.vault.outcome(version.document_id) is None
        today = issuer.crl(issued=datetime.now(UTC) - timedelta(hours=1))
        (tmp_path / "lists" / "today.crl").write_bytes(today)
        state, _ = travel(version)
        assert (state.name, type(here.vault.outcome(version.document_id))) == ("Published", Published)


def test_when_no_list_comes_a_person_is_asked(
    prefect_server: PrefectServer, embedded_store: EmbeddedStore, tmp_path: Path, issuer: Authority
) -> None:
    with office(embedded_store, tmp_path, issuer, hours=0) as here:
        version = drop(here, signed(issuer))
        travel(version)
        outcome = here.vault.outcome(version.document_id)
        assert isinstance(outcome, Held)
        assert MISSING in [finding.code for finding in outcome.findings]
