"""Promises of intake, against a real object store: whole files only, each version once, no harm from strangers."""

from __future__ import annotations

import dataclasses
import threading
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.intake.s3_events import Hint
from adapters.record.vault import Vault
from adapters.store.embedded_store import EmbeddedStore
from adapters.store.object_store import Bucket, ObjectHead
from cli.prefect_server import PrefectServer
from domain.inbox_key import correction_mark, is_left_alone
from domain.object_version import ObjectVersion
from flows.watch_inbox import InboxWatcher, Settling, Sight, View
from tests.flows.conftest import eventually

SEEN = Sight("etag", 7, 0.0)


class Registrations:
    """Takes the place of the runs: remembers what was registered, can be away for a while."""

    def __init__(self) -> None:
        self.versions: list[ObjectVersion] = []
        self.revived: list[ObjectVersion] = []
        self.crowds: list[int] = []
        self.away = threading.Event()

    def register(self, version: ObjectVersion) -> None:
        if self.away.is_set():
            from flows.work_pool import ServerAwayError

            raise ServerAwayError
        self.versions.append(version)

    def register_crowd(self, versions: Sequence[ObjectVersion]) -> None:
        self.crowds.append(len(versions))
        for version in versions:
            self.register(version)

    def keep(self, held: Iterable[str]) -> None:
        self.held = list(held)

    def revive(self, unfinished: Iterable[ObjectVersion]) -> None:
        self.revived.extend(unfinished)

    @property
    def keys(self) -> list[str]:
        return sorted(version.key for version in self.versions)


@pytest.fixture
def runs() -> Registrations:
    return Registrations()


@contextmanager
def watching(
    bucket: Bucket, runs: Registrations, settle: float = 0.3, sweep: float = 0.3, crowd_from: int = 1000
) -> Iterator[InboxWatcher]:
    client = bucket.client
    name = f"v-{uuid.uuid4().hex[:12]}"
    client.create_bucket(Bucket=name)
    vault = Vault(Bucket(client, name))
    watcher = InboxWatcher(
        bucket,
        vault,
        runs,  # type: ignore[arg-type]
        runs,  # type: ignore[arg-type]
        settle_seconds=settle,
        sweep_seconds=sweep,
        crowd_from=crowd_from,
        correction_prefix="更正/",
    )
    watcher.start()
    try:
        yield watcher
    finally:
        watcher.stop()


def drop(bucket: Bucket, key: str, body: bytes = b"%PDF-1.7") -> None:
    bucket.put(key, body, content_type="application/pdf")


@pytest.fixture(autouse=True)
def _server(prefect_server: PrefectServer) -> None:
    """The watcher keeps a connection to it open."""


def test_what_lay_in_the_inbox_before_the_start_and_what_comes_later_is_registered_once(
    bucket: Bucket, runs: Registrations
) -> None:
    drop(bucket, "先到.pdf")
    with watching(bucket, runs) as watcher:
        eventually(lambda: runs.keys == ["先到.pdf"])
        drop(bucket, "公文/后到 a+b 100%.pdf")
        for _ in range(5):
            watcher.heed(Hint(bucket.name, ("公文/后到 a+b 100%.pdf",)))
        eventually(lambda: len(runs.versions) == 2)
        watcher.sweep()
        watcher.sweep()
    assert runs.keys == ["先到.pdf", "公文/后到 a+b 100%.pdf"]


def test_a_listing_may_tell_another_time_than_head(bucket: Bucket, runs: Registrations) -> None:
    """As rclone does where the second ends while a file is written: it is taken, and once."""

    class ASecondOff(Bucket):
        def list(self, prefix: str = "") -> Iterator[ObjectHead]:
            for head in super().list(prefix):
                yield dataclasses.replace(head, last_modified=head.last_modified + timedelta(seconds=1))

    drop(bucket, "a.pdf")
    with watching(ASecondOff(bucket.client, bucket.name), runs, settle=1, sweep=0.2) as watcher:
        eventually(lambda: runs.keys)
        for _ in range(3):
            watcher.sweep()
            watcher.look_around()
        assert runs.keys == ["a.pdf"]
        drop(bucket, "a.pdf", b"%PDF-1.7 and more")
        eventually(lambda: len(runs.keys) == 2)
    assert len(set(runs.versions)) == 2


def test_a_notification_is_quicker_than_the_sweep(bucket: Bucket, runs: Registrations) -> None:
    with watching(bucket, runs, settle=0.1, sweep=3600) as watcher:
        eventually(lambda: watcher.health()[0])
        drop(bucket, "a+b.pdf")
        watcher.heed(Hint(bucket.name, ("a b.pdf", "a+b.pdf")))
        eventually(lambda: runs.keys == ["a+b.pdf"])


def test_the_same_name_with_a_new_content_is_another_document(bucket: Bucket, runs: Registrations) -> None:
    with watching(bucket, runs):
        drop(bucket, "a.pdf", b"first")
        eventually(lambda: len(runs.versions) == 1)
        drop(bucket, "a.pdf", b"second")
        eventually(lambda: len(runs.versions) == 2)
    assert len({version.document_id for version in runs.versions}) == 2


def test_a_file_that_still_grows_is_left_alone_until_it_is_whole(
    bucket: Bucket, embedded_store: EmbeddedStore, runs: Registrations
) -> None:
    path = embedded_store.folder / bucket.name / "拷贝.pdf"
    with watching(bucket, runs, settle=1.0, sweep=0.2):
        for size in range(1, 8):
            path.write_bytes(b"x" * size)
            threading.Event().wait(0.3)
            assert runs.versions == []
        eventually(lambda: runs.versions)
    (version,) = runs.versions
    assert "/7/" in version.version


def test_folders_and_what_other_programs_keep_for_themselves_are_left_alone(
    bucket: Bucket, runs: Registrations
) -> None:
    for key in (".rclone_temp_put_1", "~$答复.pdf", "答复.pdf.tmp", "a/b.PART", "a/.DS_Store", "答复.pdf~"):
        drop(bucket, key)
        assert is_left_alone(key)
    drop(bucket, "a/答复.pdf")
    assert is_left_alone("a/")
    with watching(bucket, runs) as watcher:
        eventually(lambda: runs.keys == ["a/答复.pdf"])
        watcher.heed(Hint(bucket.name, ("a/b.PART",)))
        watcher.sweep()
        watcher.sweep()
    assert runs.keys == ["a/答复.pdf"]


def test_hints_to_other_buckets_and_to_nothing_lead_nowhere(bucket: Bucket, runs: Registrations) -> None:
    with watching(bucket, runs) as watcher:
        watcher.heed(Hint("elsewhere", ("a.pdf",)))
        watcher.heed(Hint(bucket.name, ("missing.pdf",)))
        watcher.heed(Hint(bucket.name, ("missing.pdf",), "no-such-version"))
        drop(bucket, "a.pdf")
        eventually(lambda: runs.keys == ["a.pdf"])


def test_hints_that_no_store_can_follow_do_not_end_intake(bucket: Bucket, runs: Registrations) -> None:
    """A key that the store refuses, half a surrogate pair for a version: intake goes on, and asks for neither again."""
    with watching(bucket, runs) as watcher:
        watcher.heed(Hint(bucket.name, ("a/../b.pdf",)))
        watcher.heed(Hint(bucket.name, ("c.pdf",), "\ud800"))
        drop(bucket, "a.pdf")
        eventually(lambda: runs.keys == ["a.pdf"])
        eventually(lambda: watcher.health()[1]["trouble"] is None)


def test_while_the_server_is_away_nothing_is_forgotten(bucket: Bucket, runs: Registrations) -> None:
    runs.away.set()
    drop(bucket, "a.pdf")
    with watching(bucket, runs) as watcher:
        eventually(lambda: watcher.health()[1]["trouble"])
        runs.away.clear()
        eventually(lambda: runs.keys == ["a.pdf"])


sights = st.builds(Sight, st.sampled_from(["a", "b"]), st.integers(1, 2), st.just(0.0))


@given(st.lists(st.tuples(st.floats(0.1, 10), sights), min_size=1), st.floats(0, 10))
def test_whole_is_only_what_looked_the_same_twice_with_the_time_between(
    looks: list[tuple[float, Sight]], seconds: float
) -> None:
    settling, now, since, before = Settling(seconds), 0.0, 0.0, None
    for after, sight in looks:
        now += after
        if sight != before:
            since, before = now, sight
        assert settling.see("k", View.HEAD, sight, now) == (now - since >= seconds)


@given(st.lists(st.tuples(st.integers(1, 10), st.sampled_from(View), sights), min_size=1), st.integers(0, 10))
def test_two_ways_to_look_are_no_reason_to_take_what_changes(
    looks: list[tuple[int, View, Sight]], seconds: int
) -> None:
    settling, now = Settling(seconds), 0
    seen: list[tuple[int, View, Sight]] = []
    for after, view, sight in looks:
        now += after
        seen.append((now, view, sight))
        if settling.see("k", view, sight, now):
            assert seen[0][0] <= now - seconds
            lately = {(view, sight) for at, view, sight in seen if at > now - seconds}
            assert len(lately) == len({view for view, _ in lately})


@given(sights, sights, st.integers(1, 10), st.lists(st.tuples(st.integers(1, 2), st.sampled_from(View)), max_size=50))
def test_what_two_ways_to_look_tell_differently_is_whole_in_the_end(
    listed: Sight, head: Sight, seconds: int, looks: list[tuple[int, View]]
) -> None:
    """At the latest one settling time after it was first looked at both ways."""
    settling, now, first = Settling(seconds), 0, dict[View, int]()
    for after, view in looks:
        now += after
        first.setdefault(view, now)
        whole = settling.see("k", view, listed if view is View.LISTING else head, now)
        assert whole or now < max(first.values()) + seconds


def test_what_waits_is_due_when_its_time_has_come() -> None:
    settling = Settling(5)
    assert not settling.see("a", View.HEAD, SEEN, 0)
    assert settling.next_due() == 5
    assert settling.due(4) == []
    assert settling.due(5) == ["a"]
    settling.forget("a")
    assert settling.next_due() is None


def test_the_name_tells_whether_a_file_corrects_something() -> None:
    assert correction_mark("答复.pdf", "更正/") is None
    assert correction_mark("来件/更正/答复.pdf", "更正/") is None
    plain = correction_mark("更正/2024/答复.pdf", "更正/")
    named = correction_mark("更正/330000-abcdefghijkl/答复.pdf", "更正/")
    assert plain is not None
    assert plain.reply_id is None
    assert named is not None
    assert named.reply_id == "330000-abcdefghijkl"


def test_a_version_that_was_announced_is_taken_though_a_newer_one_lies_over_it() -> None:
    """Stores with versions never lose one: the announced version is looked at by its id."""

    class Versioned:
        name = "inbox"

        def head(self, key: str, version_id: str | None = None) -> ObjectHead | None:
            return ObjectHead(key, 7, "e", datetime(2024, 5, 17, tzinfo=UTC), version_id or "V2")

    runs = Registrations()
    watcher = InboxWatcher(
        Versioned(),  # type: ignore[arg-type]
        object(),  # type: ignore[arg-type]
        runs,  # type: ignore[arg-type]
        runs,  # type: ignore[arg-type]
        settle_seconds=5,
        sweep_seconds=9,
        crowd_from=20,
        correction_prefix="更正/",
    )
    watcher.heed(Hint("inbox", ("a.pdf",), "V1"))
    watcher.look_around()
    assert [version.version for version in runs.versions] == ["V1"]


def test_many_files_at_once_share_a_run_and_a_correction_among_them_does_not(
    bucket: Bucket, runs: Registrations
) -> None:
    """A correction comes after what it corrects, so it waits for no crowd and hides in none."""
    keys = [f"{number:03}.pdf" for number in range(120)]
    for key in (*keys, "更正/答复.pdf"):
        drop(bucket, key)
    with watching(bucket, runs, settle=1, crowd_from=20):
        eventually(lambda: len(runs.keys) >= 121)
    assert runs.keys == sorted([*keys, "更正/答复.pdf"])
    assert sum(runs.crowds) >= 100
    assert max(runs.crowds) <= 100
