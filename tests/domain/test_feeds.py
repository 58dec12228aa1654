"""The feeds: equal in content, the same bytes by every way, nothing left of what was taken down, bounded."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.record.schema_check import check
from domain.feeds import activity, atom, monthly, resource_sync, sitemaps
from domain.feeds.change import feeds_after
from domain.publication.canonical_json import Json, canonical_json
from domain.publication.change_log import Change, LogEntry
from domain.publication.manifest import Artifact, ArtifactRole, manifest_of
from domain.publication.object_keys import DERIVED, ROBOTS, SITE, manifest_key, page_key
from domain.publication.site_particulars import Site
from tests.adapters.publishing import provenance, reply
from tests.domain.feed_readers import Feeds
from tests.portal.fixture_bucket import reply_id_of

BASE = "https://reply.example/open/"
SITE_BODY = canonical_json(Site(base_url=BASE, licence_url="https://licence.example/").as_json())
NAMED = re.compile(BASE.encode() + rb"((?:feed/|changelist|sitemap|\.well-known/)[^\"#<]*)")
WORDS = ("加装电梯", "河道照明", "老街饮水", "社区食堂", "校门疏导")
Log = list[tuple[LogEntry, Json | None]]
Store = dict[str, bytes]


@pytest.fixture(autouse=True)
def _small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name in (
        (activity, "ACTIVITIES_PER_PAGE"),
        (atom, "ENTRIES_PER_PAGE"),
        (resource_sync, "CHANGES_PER_LIST"),
        (resource_sync, "SLOTS_PER_LIST"),
        (sitemaps, "SLOTS_PER_SITEMAP"),
        (monthly, "ROWS_PER_FILE"),
    ):
        monkeypatch.setattr(module, name, 3)


def title_of(number: int, version: int) -> str:
    """A title that no other version has, with what XML, CSV and spreadsheets trip over."""
    return f'=关于{WORDS[number % 5]}“{number}-{version}”, <b> & "引号"\u0003的答复'


def manifest_for(number: int, version: int, published_at: str) -> Json:
    reply_id = reply_id_of(number)
    original = f"{number} {version}".encode()
    return manifest_of(
        reply(title=title_of(number, version)),
        reply_id=reply_id,
        version=version,
        published_at=published_at,
        artifacts=[Artifact.of(reply_id, ArtifactRole.ORIGINAL, original)],
        provenance=provenance(),
    )


def history(seed: int, longest: int = 30) -> Log:
    """Publications, corrections, removals and returns, some of them announced late."""
    chance = random.Random(seed)
    versions: dict[int, int] = {}
    state: dict[int, Change] = {}
    log: Log = []
    for sequence in range(1, chance.randint(2, longest)):
        live = sorted(number for number, change in state.items() if not change.takes_down)
        withdrawn = sorted(number for number, change in state.items() if change is Change.WITHDRAW)
        kinds = [Change.PUBLISH, Change.PUBLISH] + [Change.CORRECT, Change.WITHDRAW, Change.PURGE] * bool(live)
        change = chance.choice(kinds + [Change.CORRECT] * bool(withdrawn))
        correctable = live + withdrawn if change is Change.CORRECT else live
        number = len(versions) if change is Change.PUBLISH else chance.choice(correctable)
        versions[number] = versions.get(number, 0) + 1
        state[number] = change
        day = 40 * sequence // 10 + chance.choice((0, 0, -7))
        at = f"2026-{1 + max(0, day) // 28 % 12:02d}-{1 + max(0, day) % 28:02d}T{sequence % 24:02d}:00:00Z"
        entry = LogEntry(sequence, change, reply_id_of(number), versions[number], number, f"{sequence:064x}", 7, at)
        log.append((entry, None if change.takes_down else manifest_for(number, versions[number], at)))
    return log


def afterwards(log: Log) -> Log:
    """The log as it is read later: what was taken down has left nothing but its entries."""
    gone = {entry.reply_id: entry.sequence for entry, _ in log if entry.change.takes_down}
    return [(entry, None if entry.sequence < gone.get(entry.reply_id, 0) else each) for entry, each in log]


def apply(store: Store, log: Log, stop_after: int | None = None) -> None:
    """Carry out what these entries change, or as many writes of it."""
    store.setdefault(SITE, SITE_BODY)
    store |= {key: body for key, (body, _) in list(feeds_after(log, store.get).items())[:stop_after]}


def made_of(log: Log) -> Store:
    store: Store = {}
    apply(store, log)
    return store


def announced_at(log: Log) -> list[str]:
    """The times by which feeds count: they never go back."""
    times: list[str] = []
    for entry, _ in log:
        times.append(max([entry.published_at, *times[-1:]]))
    return times


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**9))
def test_every_feed_says_what_the_log_says(seed: int) -> None:
    """The same replies, versions, removals and times, whichever standard somebody speaks."""
    log = history(seed)
    feeds, times = Feeds(BASE, made_of(log).__getitem__), announced_at(log)
    last = {entry.reply_id: entry for entry, _ in log}
    public = {reply_id: entry for reply_id, entry in last.items() if not entry.change.takes_down}
    removed = {entry.reply_id: entry.sequence for entry, _ in log if entry.change.takes_down}
    versions = [each for each, _ in log if each.sequence > removed.get(each.reply_id, 0)]
    manifests = {BASE + manifest_key(each.reply_id, each.version): each for each in versions}
    page = {entry.reply_id: BASE + page_key(entry.reply_id) for entry, _ in log}

    kinds = {Change.PUBLISH: "Create", Change.CORRECT: "Update", Change.WITHDRAW: "Delete", Change.PURGE: "Delete"}
    told = [(kinds[entry.change], page[entry.reply_id], at) for (entry, _), at in zip(log, times, strict=True)]
    assert feeds.activities() == told

    entries = feeds.atom()
    words = {each.sequence: title_of(each.slot, each.version).replace("\u0003", " ") for each in versions}
    expected = [
        (page[entry.reply_id], at, words.get(entry.sequence))
        for (entry, _), at in zip(log, times, strict=True)
        if entry.change.takes_down or entry.sequence in words
    ]
    assert entries == expected[::-1]

    assert feeds.resources() == {url: (each.manifest_sha256, 7) for url, each in manifests.items()}
    mirror: set[str] = set()
    changes = feeds.changes()
    assert [at for _, _, at in changes] == sorted(at for _, _, at in changes)
    assert {at for _, _, at in changes} <= set(times)
    for change, url, _ in changes:
        assert (change == "created") == (url in manifests)
        (mirror.add if change == "created" else mirror.discard)(url)
    assert mirror == set(manifests)

    assert feeds.sitemap() == {page[reply_id]: entry.published_at for reply_id, entry in public.items()}

    check("months-1", feeds.months())
    rows = list(feeds.ledger())
    assert [(int(row["序号"]), row["公开编号"], int(row["版本"])) for row in rows] == [
        (entry.sequence, entry.reply_id, entry.version) for entry, _ in log
    ]
    said = {sequence: "'" + text for sequence, text in words.items()}
    assert [row["标题"] for row in rows] == [said.get(entry.sequence, "") for entry, _ in log]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**9), st.data())
def test_batches_do_not_matter_and_a_rebuild_gives_the_same(seed: int, data: st.DataObject) -> None:
    """One by one, in batches, twice, stopped after any write, or all at once after removals have left nothing."""
    log = history(seed)
    store: Store = {}
    start = 0
    while start < len(log):
        end = start + data.draw(st.integers(1, 7))
        for stop_after in (data.draw(st.integers(0, 25)), None, None):
            apply(store, log[start:end], stop_after)
        start = end
    assert store == made_of(afterwards(log))
    assert all(key.startswith(DERIVED) or key in {SITE, ROBOTS} for key in store)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**9))
def test_no_word_of_what_was_taken_down_is_in_any_feed(seed: int) -> None:
    """Nor of its versions before, on however old a page, nor the digest of any of its manifests."""
    log = history(seed)
    store: Store = {}
    for change in log:
        apply(store, [change])
    everything = b"\n".join(store.values()).decode()
    removed = {entry.reply_id: entry.sequence for entry, _ in log if entry.change.takes_down}
    for entry, manifest in log:
        if manifest:
            gone = entry.sequence < removed.get(entry.reply_id, 0)
            assert (f"“{entry.slot}-{entry.version}”" in everything) != gone
            assert (entry.manifest_sha256 in everything) != gone


def test_everything_that_is_named_is_there() -> None:
    """The data catalogue leads to no missing object, and a crawler finds the sitemap."""
    store = made_of(history(5, 40))
    assert Feeds(BASE, store.__getitem__).distributions() <= set(store)
    assert f"Sitemap: {BASE}sitemap.xml" in store["robots.txt"].decode()


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**9))
def test_whoever_reads_between_two_writes_is_led_nowhere_that_is_not_there(seed: int) -> None:
    """Every address of a feed that a feed names leads to an object, after each single write."""
    log = history(seed)
    store: Store = {}
    for at, change in enumerate(log):
        for key, (body, _) in feeds_after(
            [change], lambda key: store.get(key, SITE_BODY if key == SITE else None)
        ).items():
            store[key] = body
            if at:
                named = set(NAMED.findall(body))
                assert {each.decode() for each in named} <= set(store), key


def test_without_an_address_there_are_no_feeds() -> None:
    """A relative one would be wrong in every reader, a guessed one a lie."""
    assert feeds_after(history(1), {SITE: canonical_json(Site().as_json())}.get) == {}
    assert feeds_after(history(1), lambda key: None) == {}


def test_a_publication_touches_as_little_of_a_long_log_as_of_a_short_one() -> None:
    """However much is published: so many objects read and written, and pages that are closed are left alone."""
    entry, _ = history(1)[0]

    def published(sequence: int) -> tuple[LogEntry, Json]:
        one = replace(entry, sequence=sequence, slot=sequence - 1, reply_id=reply_id_of(sequence))
        return one, manifest_for(sequence, 1, entry.published_at)

    store = made_of([published(sequence) for sequence in range(1, 200)])
    read: set[str] = set()

    def look(key: str) -> bytes | None:
        read.add(key)
        return store.get(key)

    for sequence in range(200, 206):
        read.clear()
        made = feeds_after([published(sequence)], look)
        changed = {key: body for key, (body, _) in made.items() if store.get(key) != body}
        assert len(read) <= 15
        assert len(changed) <= 16
        store |= changed


@pytest.mark.parametrize("page", ["feeds.md", "feeds.zh-CN.md"])
def test_the_documentation_names_what_is_there(page: str) -> None:
    """Whoever copies a line of it finds the object, and the sizes of pages are the real ones."""
    text = (Path(__file__).parents[2] / "docs" / "consumer" / page).read_text(encoding="utf-8")
    entry, _ = history(1)[0]
    one = replace(entry, sequence=1, slot=0, version=1, change=Change.PUBLISH, published_at="2024-05-20T01:02:03Z")
    store = made_of([(replace(one, sequence=n, slot=n - 1, reply_id=reply_id_of(n)), None) for n in range(1, 11)])
    named = set(re.findall(r"curl -s https://…/(\S+)", text))
    assert len(named) == 10
    assert named <= set(store)
