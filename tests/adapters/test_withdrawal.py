"""Taking down: one commit, after which no public object holds a word of the reply; killed anywhere it ends the same."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.record.edition import Refusal, Refused
from adapters.record.public_record import PublicRecord, RecordBroken
from adapters.record.record_audit import verify
from adapters.record.record_repair import rebuild
from adapters.record.withdrawal import Limits, NotPublic, Order, SecondPersonNeeded
from adapters.store.object_store import Bucket, WriteMode
from domain.fate import Published
from domain.publication.canonical_json import parse_json
from domain.publication.identity import reply_id, reply_identity
from domain.publication.notice import Notice, Reason
from domain.publication.object_keys import (
    MONTHS,
    catalogue_page_key,
    current_key,
    manifest_key,
    page_key,
    resource_list_key,
    withdrawal_key,
)
from tests.adapters.publishing import (
    KEY,
    LATER,
    NOW,
    PINNED,
    Fuse,
    Killed,
    World,
    numbered,
    read_like_a_consumer,
    reply,
    summary,
)
from tests.adapters.test_object_store import real_server

NOTICE = Notice(Reason.PERSONAL_PRIVACY, "《中华人民共和国政府信息公开条例》第十五条", "正文含个人信息。")


def _id() -> str:
    identity = reply_identity(reply())
    assert identity
    return reply_id("990199", identity)


REPLY_ID = _id()
OTHER = replace(numbered(48), title="对区政协十五届三次会议第153048号提案的答复")
ORDER = Order(REPLY_ID, NOTICE, by="甲某")
PURGE = Order(REPLY_ID, None, by="甲某")


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = World.in_memory(tmp_path).at_an_address()
    made.publisher().publish(made.edition(), NOW)
    made.publisher().publish(made.edition(b"%PDF-1.7 other reply", OTHER), NOW)
    made.publisher().publish(made.edition(b"%PDF-1.7 corrected", correcting=True), LATER)
    return made


def holds(world: World) -> list[str]:
    """Keys of public objects in which something of the reply stands, found by a scan of the whole bucket."""
    own = (b"%PDF-1.7 first", b"%PDF-1.7 corrected", b"153047", str(reply().document_number).encode())
    return [key for key, body in world.published().items() if any(word in body for word in own)]


@pytest.mark.parametrize("order", [ORDER, PURGE], ids=["withdraw", "purge"])
def test_after_one_commit_no_public_object_holds_anything_of_the_reply(world: World, order: Order) -> None:
    assert len(holds(world)) > 5
    before = world.publisher().record.head().sequence
    done = world.withdrawals().take_down(order, LATER)
    assert done.version == 3
    assert done.deleted > 5
    assert world.publisher().record.head().sequence == before + 1
    assert holds(world) == []
    assert verify(world.public, keys=PINNED) == []
    assert read_like_a_consumer(world.public)[REPLY_ID] == 0
    page = world.public.get(page_key(REPLY_ID)).decode()
    assert "noindex" in page
    assert ("个人隐私" in page) == (order is ORDER)
    assert world.public.get(page_key(REPLY_ID, 1)) == world.public.get(page_key(REPLY_ID))
    row = parse_json(world.public.get(catalogue_page_key(0)))["rows"][0]
    assert set(row) == {"slot", "reply_id", "version", "state", "manifest_key", "published_at"}


@pytest.mark.parametrize("lost", [resource_list_key(0), MONTHS])
def test_where_an_object_is_lost_that_tells_what_must_go_the_withdrawal_stops_and_a_rebuild_finishes_it(
    world: World, lost: str
) -> None:
    """Never is it told as done while a word of the reply may stand somewhere."""
    world.public.delete(lost)
    with pytest.raises(RecordBroken):
        world.withdrawals().take_down(ORDER, LATER)
    rebuild(PublicRecord(world.public, KEY))
    world.withdrawals().take_down(ORDER, LATER)
    assert holds(world) == []
    assert verify(world.public, keys=PINNED) == []


def test_who_ordered_it_is_known_in_the_vault_and_nowhere_public(world: World) -> None:
    world.withdrawals().take_down(replace(ORDER, second="乙某"), LATER)
    kept = parse_json(world.private.get(withdrawal_key(REPLY_ID, 3)))
    assert (kept["by"], kept["second"]) == ("甲某", "乙某")
    assert not any("甲某".encode() in body or "乙某".encode() in body for body in world.published().values())


def test_again_changes_nothing_and_a_purge_may_follow_a_withdrawal(world: World) -> None:
    first = world.withdrawals().take_down(ORDER, LATER)
    before = world.digest()
    again = world.withdrawals().take_down(ORDER, LATER + timedelta(days=1))
    assert (again.version, again.deleted) == (first.version, 0)
    assert world.digest() == before
    assert world.withdrawals().take_down(PURGE, LATER).version == 4
    assert world.public.head(manifest_key(REPLY_ID, 3)) is None
    assert "个人隐私" not in world.public.get(page_key(REPLY_ID)).decode()
    assert verify(world.public, keys=PINNED) == []
    assert world.withdrawals().take_down(ORDER, LATER).version == 4


def test_the_same_file_dropped_again_is_not_published_again(world: World) -> None:
    world.withdrawals().take_down(ORDER, LATER)
    before = world.published()
    refused = Refused(Refusal.WITHDRAWN_BEFORE, REPLY_ID)
    for body in (b"%PDF-1.7 first", b"%PDF-1.7 corrected", b"%PDF-1.7 new"):
        assert world.publisher().publish(world.edition(body, document_id="d" * 32), LATER) == refused
    predecessor = world.publisher().predecessor(reply())
    assert predecessor
    assert predecessor.withdrawn
    assert world.published() == before


def test_a_correction_brings_a_withdrawn_reply_back_and_nothing_brings_back_a_purged_one(world: World) -> None:
    world.withdrawals().take_down(ORDER, LATER)
    back = world.edition(b"%PDF-1.7 mended", correcting=True, corrects=REPLY_ID)
    assert world.publisher().publish(back, LATER) == Published(REPLY_ID, 4, manifest_key(REPLY_ID, 4))
    assert read_like_a_consumer(world.public)[REPLY_ID] == 4
    assert verify(world.public, keys=PINNED) == []
    world.withdrawals(limits=Limits(9, 1.0)).take_down(replace(PURGE, second="乙某"), LATER)
    more = world.edition(b"%PDF-1.7 once more", correcting=True, corrects=REPLY_ID)
    assert world.publisher().publish(more, LATER) == Refused(Refusal.WITHDRAWN_BEFORE, REPLY_ID)


def test_what_is_not_public_is_not_taken_down(tmp_path: Path) -> None:
    with pytest.raises(NotPublic):
        World.in_memory(tmp_path).withdrawals().take_down(ORDER, NOW)


@pytest.mark.parametrize("second", [None, "", "甲某", " 甲某 "])
def test_more_than_so_many_a_day_need_a_second_person(world: World, second: str | None) -> None:
    world.withdrawals().take_down(ORDER, LATER)
    identity = reply_identity(OTHER)
    assert identity
    other = Order(reply_id("990199", identity), NOTICE, "甲某", second)
    before = world.digest()
    with pytest.raises(SecondPersonNeeded):
        world.withdrawals().take_down(other, LATER)
    assert world.digest() == before
    assert world.withdrawals().take_down(replace(other, second="乙某"), LATER).version == 2


def test_the_next_day_counts_anew_and_a_large_archive_allows_more(world: World) -> None:
    assert Limits(5, 0.01).allowed(10) == 1
    assert Limits(5, 0.01).allowed(300) == 3
    assert Limits(5, 0.01).allowed(100_000) == 5
    world.withdrawals().take_down(ORDER, LATER)
    identity = reply_identity(OTHER)
    assert identity
    other = Order(reply_id("990199", identity), NOTICE, "甲某")
    assert world.withdrawals().take_down(other, LATER + timedelta(days=1)).version == 2


@pytest.mark.parametrize("after", [False, True], ids=["before-the-write", "after-the-write"])
@pytest.mark.parametrize("order", [ORDER, PURGE], ids=["withdraw", "purge"])
def test_killed_at_any_write_readers_see_all_or_nothing_and_the_next_run_ends_in_the_same_bytes(
    tmp_path: Path, order: Order, after: bool
) -> None:
    def published() -> World:
        made = World.in_memory(tmp_path)
        if order is ORDER:
            made.at_an_address()
        made.publisher().publish(made.edition(of=summary() if order is PURGE else None), NOW)
        return made

    whole, fuse = published(), Fuse()
    whole.withdrawals(fuse).take_down(order, LATER)
    wanted = whole.published()
    ordered = next(n for n, key in enumerate(fuse.writes, 1) if key == withdrawal_key(REPLY_ID, 2))
    assert len(fuse.writes) > 20
    for at in range(1, len(fuse.writes) + 1):
        world = published()
        with pytest.raises(Killed):
            world.withdrawals(Fuse(at, after)).take_down(order, LATER)
        assert read_like_a_consumer(world.public) in ({REPLY_ID: 1}, {REPLY_ID: 0})
        done = world.withdrawals().take_down(order, LATER + timedelta(days=3))
        assert done.version == 2
        assert verify(world.public, keys=PINNED) == []
        assert list(world.publisher().record.bucket.list(current_key(REPLY_ID))) != []
        assert list(world.private.list("open-withdrawals/")) == []
        if at + after > ordered:
            assert world.published() == wanted, at


@pytest.mark.stores
def test_where_the_store_keeps_versions_they_are_gone_as_well(tmp_path: Path) -> None:
    """Of the reply nothing but its tombstone is left in any version of any object, on Ceph RGW."""
    server = real_server("FUWEN_TEST_RGW_URL", WriteMode.COMPARE_AND_SWAP)
    world = World.in_memory(tmp_path)
    name = f"t-{uuid.uuid4().hex[:12]}"
    server.client.create_bucket(Bucket=name)
    server.client.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    world.public = Bucket(server.client, name, server.mode_with_versions or server.mode)
    world.at_an_address()
    world.publisher().publish(world.edition(), NOW)
    world.publisher().publish(world.edition(b"%PDF-1.7 other reply", OTHER), NOW)
    world.publisher().publish(world.edition(b"%PDF-1.7 corrected", correcting=True), LATER)
    assert len(list(world.public.versions(""))) > len(world.published()), "it keeps versions"

    world.withdrawals().take_down(ORDER, LATER)
    own = (b"%PDF-1.7 first", b"%PDF-1.7 corrected", b"153047", str(reply().document_number).encode())
    held = []
    for page in server.client.get_paginator("list_object_versions").paginate(Bucket=name):
        for kept in page.get("Versions", []):  # the marker of a deletion holds nothing
            found = server.client.get_object(Bucket=name, Key=kept["Key"], VersionId=kept["VersionId"])
            body = found["Body"].read()
            held += [kept["Key"] for word in own if word in body]
    assert held == []
    assert verify(world.bring_keys().public) == []
