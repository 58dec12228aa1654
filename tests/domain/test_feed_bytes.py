"""The feeds as they are written, with pages of their real size: these bytes are what others were promised."""

from __future__ import annotations

from pathlib import Path

from domain.publication.canonical_json import canonical_json, sha256_hex
from domain.publication.change_log import Change, LogEntry
from domain.publication.object_keys import SITE
from tests.domain.test_feeds import Log, Store, made_of, manifest_for
from tests.portal.fixture_bucket import reply_id_of

GOLDEN = Path(__file__).parents[1] / "golden"


def test_every_feed_is_byte_for_byte_the_golden_one() -> None:
    """These bytes are what others' programs read: a change here is seen by all of them."""
    folder = GOLDEN / "feeds"
    golden = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert a_small_archive() == golden


def a_small_archive() -> Store:
    """Two replies: one is corrected, the other taken down."""
    changes = [(Change.PUBLISH, 0, 1), (Change.PUBLISH, 1, 1), (Change.CORRECT, 0, 2), (Change.WITHDRAW, 1, 2)]
    log: Log = []
    for sequence, (change, number, version) in enumerate(changes, start=1):
        at = f"2024-05-{18 + sequence}T01:02:03Z"
        manifest = None if change.takes_down else manifest_for(number, version, at)
        body = canonical_json(manifest or {})
        log.append(
            (
                LogEntry(sequence, change, reply_id_of(number), version, number, sha256_hex(body), len(body), at),
                manifest,
            )
        )
    store = made_of(log)
    del store[SITE]
    return store
