"""What tests of several parts share: a real object store on this machine, and how the processes divide them.

`make test` runs in several processes. Tests of one file stay together, because they share a store; those of
`tests/flows` too, because they share a Prefect server, and whole stacks run one after the other. What takes longest
begins first, so that all end together.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import hypothesis
import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from adapters.store.embedded_store import EmbeddedStore
from adapters.store.object_store import Bucket, connect
from tests.recogniser import SharedRecogniser

# How long an example takes says how busy the machine is, and nothing that a test promises.
hypothesis.settings.register_profile("fuwen", deadline=None)
hypothesis.settings.load_profile("fuwen")

SHARED = {"tests/flows/": "a server", "tests/test_demo": "the ports", "tests/office/": "the ports"}
"""What tests share that go to one process. Two whole stacks that start at once would take the same ports."""
LONGEST_FIRST = ("tests/flows/", "tests/test_demo", "tests/office/", "tests/cli/", "tests/adapters/")


class _TogetherWhatShares(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
    """Tests that share a server go to one process."""

    def _split_scope(self, nodeid: str) -> str:
        shared = (what for start, what in SHARED.items() if nodeid.startswith(start))
        return next(shared, nodeid.split("::", 1)[0])


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    """The division of the tests between processes."""
    config.option.loadscopereorder = False
    return _TogetherWhatShares(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first; a stable order otherwise, the same in each process."""
    items.sort(
        key=lambda item: next((at for at, start in enumerate(LONGEST_FIRST) if item.nodeid.startswith(start)), 9)
    )


@pytest.fixture(scope="session")
def recogniser() -> SharedRecogniser:
    """Reads pictures of pages."""
    return SharedRecogniser()


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
