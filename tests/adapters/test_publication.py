"""Publication: decided once, repeatable after any line, seen by readers only whole."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.record.public_record import FencedOff, PublicRecord
from adapters.record.publication import Publisher, Refusal, Refused
from adapters.record.record_audit import PublicFolder, verify
from adapters.record.record_repair import rebuild, site_stands
from adapters.record.vault import Vault
from adapters.store.embedded_store import EmbeddedStore
from adapters.store.object_store import WriteMode
from domain.fate import Published, Unchanged
from domain.publication.canonical_json import parse_json
from domain.publication.identity import reply_id, reply_identity
from domain.publication.object_keys import (
    CHECKPOINT,
    current_key,
    log_entry_key,
    manifest_key,
    original_key,
)
from domain.publication.site_particulars import Site
from domain.publication.tiles import partial_tiles
from domain.reply import Submission, SubmissionKind
from tests.adapters.publishing import (
    CONTACT,
    KEY,
    LATER,
    NOW,
    PINNED,
    SIGNER,
    Fuse,
    Killed,
    MortalBucket,
    World,
    as_rendition,
    numbered,
    read_like_a_consumer,
    reply,
    summary,
)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World.in_memory(tmp_path)


def _id_of(letter: object = None) -> str:
    identity = reply_identity(reply())
    assert identity
    return reply_id("990199", identity)


REPLY_ID = _id_of()


# --- what is decided --------------------------------------------------------------------------------------------------


def test_a_first_publication_is_version_1_and_leads_from_the_head_to_every_artifact(
    embedded_store: EmbeddedStore, tmp_path: Path
) -> None:
    world = World.fresh(embedded_store, tmp_path)
    outcome = world.publisher().publish(world.edition(), NOW)
    assert outcome == Published(REPLY_ID, 1, manifest_key(REPLY_ID, 1))
    assert read_like_a_consumer(world.public) == {REPLY_ID: 1}
    assert verify(world.public, keys=PINNED) == []


def test_the_same_document_again_is_published_again_as_the_same_and_writes_nothing(world: World) -> None:
    publisher = world.publisher()
    first = publisher.publish(world.edition(), NOW)
    before = world.digest()
    fuse = Fuse()
    assert world.publisher(fuse).publish(world.edition(), LATER) == first
    assert world.digest() == before
    assert fuse.writes == ["log/writer.json"]


def test_the_same_bytes_dropped_once_more_are_unchanged_and_write_nothing(world: World) -> None:
    world.publisher().publish(world.edition(), NOW)
    before = world.digest()
    again = world.edition(document_id="d" * 32)
    assert world.publisher().publish(again, LATER) == Unchanged(REPLY_ID, 1, manifest_key(REPLY_ID, 1))
    assert world.digest() == before


def test_the_same_bytes_are_unchanged_also_where_their_digest_is_not_public(world: World) -> None:
    world.publisher().publish(world.edition(of=summary()), NOW)
    again = world.edition(of=summary(), document_id="d" * 32)
    assert isinstance(world.publisher().publish(again, LATER), Unchanged)


def test_other_bytes_with_the_same_identity_are_refused_and_nothing_of_them_becomes_public(world: World) -> None:
    world.publisher().publish(world.edition(), NOW)
    before = world.digest()
    other = world.edition(b"%PDF-1.7 other")
    assert world.publisher().publish(other, LATER) == Refused(Refusal.DUPLICATE_IDENTITY, REPLY_ID)
    assert world.digest() == before


def test_a_correction_is_the_next_version_and_the_earlier_one_stays_readable(world: World) -> None:
    world.publisher().publish(world.edition(), NOW)
    first = world.public.get(manifest_key(REPLY_ID, 1))
    outcome = world.publisher().publish(world.edition(b"%PDF-1.7 corrected", correcting=True), LATER)
    assert outcome == Published(REPLY_ID, 2, manifest_key(REPLY_ID, 2))
    assert world.public.get(manifest_key(REPLY_ID, 1)) == first
    second = parse_json(world.public.get(manifest_key(REPLY_ID, 2)))
    assert second["supersedes"] == manifest_key(REPLY_ID, 1)
    assert read_like_a_consumer(world.public) == {REPLY_ID: 2}
    assert verify(world.public, keys=PINNED) == []


def test_the_bytes_of_an_earlier_version_change_nothing_unless_they_are_a_correction(world: World) -> None:
    world.publisher().publish(world.edition(), NOW)
    world.publisher().publish(world.edition(b"%PDF-1.7 corrected", correcting=True), LATER)
    before = world.digest()
    stale = world.edition(document_id="d" * 32)
    predecessor = world.publisher().predecessor(reply())
    assert predecessor is not None
    assert predecessor.knows(stale.provenance.original_sha256)
    assert world.publisher().publish(stale, LATER) == Unchanged(REPLY_ID, 1, manifest_key(REPLY_ID, 1))
    assert world.digest() == before
    back = world.edition(document_id="e" * 32, correcting=True)
    assert world.publisher().publish(back, LATER) == Published(REPLY_ID, 3, manifest_key(REPLY_ID, 3))


def test_a_correction_with_the_bytes_that_are_public_is_unchanged(world: World) -> None:
    world.publisher().publish(world.edition(), NOW)
    again = world.edition(document_id="d" * 32, correcting=True)
    assert isinstance(world.publisher().publish(again, LATER), Unchanged)


@pytest.mark.parametrize("corrects", [None, REPLY_ID])
def test_a_correction_of_what_is_not_public_is_refused_and_leaves_no_trace(world: World, corrects: str | None) -> None:
    before = world.digest()
    refused = world.publisher().publish(world.edition(correcting=True, corrects=corrects), NOW)
    assert isinstance(refused, Refused)
    assert refused.reason is Refusal.NOTHING_TO_CORRECT
    assert world.digest() == before


def test_a_correction_may_change_the_number_when_it_names_the_reply_and_both_numbers_are_its_own_then(
    world: World,
) -> None:
    world.publisher().publish(world.edition(), NOW)
    renumbered = reply(submission=Submission(SubmissionKind.PROPOSAL, "区政协", 15, 3, ("153048",)))
    corrected = world.edition(b"%PDF-1.7 renumbered", renumbered, correcting=True, corrects=REPLY_ID)
    assert world.publisher().publish(corrected, LATER) == Published(REPLY_ID, 2, manifest_key(REPLY_ID, 2))
    stranger = world.edition(b"%PDF-1.7 stranger", renumbered)
    assert world.publisher().publish(stranger, LATER) == Refused(Refusal.DUPLICATE_IDENTITY, REPLY_ID)


def test_a_correction_cannot_take_the_identity_of_another_reply(world: World) -> None:
    world.publisher().publish(world.edition(), NOW)
    other = world.publisher().publish(world.edition(b"%PDF-1.7 other reply", numbered(48)), NOW)
    assert isinstance(other, Published)
    thief = world.edition(b"%PDF-1.7 thief", numbered(48), correcting=True, corrects=REPLY_ID)
    assert world.publisher().publish(thief, LATER) == Refused(Refusal.DUPLICATE_IDENTITY, other.reply_id)


def test_review_is_told_what_is_public_already(world: World) -> None:
    publisher = world.publisher()
    assert publisher.predecessor(reply()) is None
    published = world.edition(of=summary())
    publisher.publish(published, NOW)
    found = publisher.predecessor(reply())
    assert found is not None
    assert (found.reply_id, found.version, found.state) == (REPLY_ID, 1, "published")
    assert found.original_sha256 == published.provenance.original_sha256


# --- what stays private -----------------------------------------------------------------------------------------------


def test_of_a_summary_neither_the_original_nor_its_digest_nor_the_letter_is_public(world: World) -> None:
    original = b"%PDF-1.7 whole letter"
    secret = world.edition(original, summary())
    world.publisher().publish(secret, NOW)
    everything = world.published()
    letter = summary().paragraphs[1].text.encode()
    for body in everything.values():
        assert original not in body
        assert letter not in body
        assert secret.provenance.original_sha256.encode() not in body
    assert not any(secret.provenance.original_sha256 in key for key in everything)
    roles = [artifact["role"] for artifact in parse_json(everything[manifest_key(REPLY_ID, 1)])["artifacts"]]
    assert roles == ["reply_json"]


def test_of_a_rendition_with_masks_neither_the_original_nor_its_digest_nor_a_picture_is_public(world: World) -> None:
    original = b"%PDF-1.7 unmasked letter"
    made = world.edition(original)
    made = replace(made, provenance=as_rendition(made.provenance))
    world.publisher().publish(made, NOW)
    everything = world.published()
    for key, body in everything.items():
        assert original not in body
        assert made.preview is not None
        assert made.preview not in body
        assert made.provenance.original_sha256.encode() not in body
        assert made.provenance.original_sha256 not in key
    manifest = parse_json(everything[manifest_key(REPLY_ID, 1)])
    assert [artifact["role"] for artifact in manifest["artifacts"]] == ["reply_json", "text"]
    assert manifest["provenance"]["rendition"] == {"masks": [{"code": "personal-data-mobile", "count": 2}]}
    assert verify(world.public, keys=PINNED) == []


def test_no_contact_and_no_private_signer_is_in_any_public_object(world: World) -> None:
    world.publisher().publish(world.edition(), NOW)
    for key, body in world.published().items():
        assert SIGNER.encode() not in body, key
        assert CONTACT.encode() not in body, key


def test_an_original_that_is_not_the_reviewed_one_is_never_published(world: World) -> None:
    swapped = world.edition()
    swapped.original.write_bytes(b"%PDF-1.7 something else")
    with pytest.raises(ValueError, match="reviewed"):
        world.publisher().publish(swapped, NOW)
    assert world.published() == {}


# --- stopped after any line -------------------------------------------------------------------------------------------


def _publish(world: World, fuse: Fuse, correction: bool) -> Published:
    body = b"%PDF-1.7 corrected" if correction else b"%PDF-1.7 first"
    outcome = world.publisher(fuse).publish(world.edition(body, correcting=correction), LATER if correction else NOW)
    assert isinstance(outcome, Published)
    return outcome


def test_what_is_public_already_is_finished_without_being_judged_again(world: World) -> None:
    world.publisher().publish(world.edition(b"%PDF-1.7 keeps the preview", numbered(1)), NOW)
    fuse = Fuse()
    world.publisher(fuse).publish(world.edition(b"%PDF-1.7 probe", numbered(2)), NOW)
    manifest_write = next(n for n, key in enumerate(fuse.writes, 1) if key.endswith("manifest.json"))
    for at, public in ((manifest_write, False), (manifest_write + 1, True)):
        document = world.edition(f"%PDF-1.7 {at}".encode(), numbered(at))
        with pytest.raises(Killed):
            world.publisher(Fuse(at)).publish(document, NOW)
        resumed = world.publisher().resume(document.document_id)
        assert (resumed is not None) == public
    assert world.publisher().resume("0" * 32) is None
    assert verify(world.public, keys=PINNED) == []


@pytest.mark.parametrize("after", [False, True], ids=["before-the-write", "after-the-write"])
@pytest.mark.parametrize("correction", [False, True], ids=["first-version", "correction"])
def test_killed_at_any_write_the_record_tells_the_truth_and_the_next_run_ends_in_the_same_bytes(
    tmp_path: Path, correction: bool, after: bool
) -> None:
    whole = World.in_memory(tmp_path)
    if correction:
        _publish(whole, Fuse(), False)
    fuse = Fuse()
    _publish(whole, fuse, correction)
    wanted, wanted_digest = whole.published(), whole.digest()
    intent = next(n for n, key in enumerate(fuse.writes, 1) if key.startswith("intents/"))
    assert len(fuse.writes) >= 15
    for at in range(1, len(fuse.writes) + 1):
        world = World.in_memory(tmp_path)
        if correction:
            _publish(world, Fuse(), False)
        before = read_like_a_consumer(world.public)
        with pytest.raises(Killed):
            _publish(world, Fuse(at, after), correction)
        seen = read_like_a_consumer(world.public)
        assert seen.get(REPLY_ID, 0) in {int(correction), 1 + correction}
        assert all(seen[known] >= version for known, version in before.items())
        outcome = world.publisher().publish(
            world.edition(b"%PDF-1.7 corrected" if correction else b"%PDF-1.7 first", correcting=correction),
            NOW.replace(year=2030),
        )
        assert outcome == Published(REPLY_ID, 1 + correction, manifest_key(REPLY_ID, 1 + correction))
        assert verify(world.public, keys=PINNED) == []
        # The first try fixed the time, unless it ended before it could say so.
        if at + after > intent:
            assert world.published() == wanted, at
            assert world.digest() == wanted_digest, at
        else:
            published_at = parse_json(world.public.get(outcome.manifest_key))["times"]["published_at"]
            assert published_at == "2030-05-20T01:02:03Z"


def test_another_document_finishes_what_a_killed_publisher_began_before_its_own(tmp_path: Path) -> None:
    fuse = Fuse()
    _publish(World.in_memory(tmp_path), fuse, False)
    commit = fuse.writes.index(manifest_key(REPLY_ID, 1)) + 1
    for at in (commit // 2, *range(commit, len(fuse.writes) + 1)):
        world = World.in_memory(tmp_path)
        with pytest.raises(Killed):
            _publish(world, Fuse(at), False)
        other = world.publisher().publish(world.edition(b"%PDF-1.7 other reply", numbered(48)), NOW)
        assert isinstance(other, Published)
        assert read_like_a_consumer(world.public)[other.reply_id] == 1
        correction = world.publisher().publish(world.edition(b"%PDF-1.7 corrected", correcting=True), LATER)
        known = read_like_a_consumer(world.public)
        # Either the manifest stood, and the correction follows it; or there was nothing to correct.
        assert isinstance(correction, Published) == (known.get(REPLY_ID) == 2)
        late = world.publisher().publish(world.edition(), LATER)
        assert late == Published(REPLY_ID, 1, manifest_key(REPLY_ID, 1))
        assert read_like_a_consumer(world.public)[REPLY_ID] == known.get(REPLY_ID, 1)
        assert verify(world.public, keys=PINNED) == []


def test_a_killed_first_publication_does_not_keep_its_identity_from_another_document(world: World) -> None:
    fuse = Fuse(at=8)
    with pytest.raises(Killed):
        _publish(world, fuse, False)
    outcome = world.publisher().publish(world.edition(b"%PDF-1.7 second try of the office"), LATER)
    assert outcome == Published(REPLY_ID, 1, manifest_key(REPLY_ID, 1))
    assert world.publisher().publish(world.edition(), LATER) == Refused(Refusal.DUPLICATE_IDENTITY, REPLY_ID)


_VICTIM = """
import sys
from pathlib import Path
from adapters.store.object_store import Bucket, connect
from tests.adapters.publishing import NOW, World, numbered
url, access, secret, public, private, folder = sys.argv[1:]
client = connect(url, access, secret)
world = World(Bucket(client, public), Bucket(client, private), Path(folder))
for number in range(1, 400):
    world.publisher().publish(world.edition(f"%PDF-1.7 {number}".encode(), numbered(number)), NOW)
    world.publisher().publish(world.edition(f"%PDF-1.7 {number}b".encode(), numbered(number), correcting=True), NOW)
    print(number, flush=True)
"""


def test_a_process_that_is_killed_while_publishing_leaves_what_the_next_one_can_finish(
    embedded_store: EmbeddedStore, tmp_path: Path
) -> None:
    world = World.fresh(embedded_store, tmp_path)
    access = (embedded_store.endpoint_url, embedded_store.access_key, embedded_store.secret_key)
    arguments = [*access, world.public.name, world.private.name, str(world.folder)]
    for victim_life in (0.0, 0.013, 0.037):
        with subprocess.Popen([sys.executable, "-c", _VICTIM, *arguments], stdout=subprocess.PIPE) as victim:
            assert victim.stdout is not None
            assert victim.stdout.readline() != b"", "the child published nothing"
            threading.Event().wait(victim_life)  # somewhere in the middle of the next publication
            victim.send_signal(signal.SIGKILL)
        read_like_a_consumer(world.public)
    for number in range(1, 40):
        if world.publisher().resume(world.edition(f"%PDF-1.7 {number}".encode()).document_id) is None:
            break
        corrected = world.edition(f"%PDF-1.7 {number}b".encode(), numbered(number), correcting=True)
        assert isinstance(world.publisher().publish(corrected, LATER), Published)
    assert number > 1
    assert verify(world.public, keys=PINNED) == []
    assert set(read_like_a_consumer(world.public).values()) == {2}


# --- several at once --------------------------------------------------------------------------------------------------


def test_two_publishers_at_once_lose_no_entry_and_readers_see_only_whole_states(
    embedded_store: EmbeddedStore, tmp_path: Path
) -> None:
    world = World.fresh(embedded_store, tmp_path)
    editions = [world.edition(f"%PDF-1.7 {n}".encode(), numbered(n)) for n in range(1, 9)]
    corrections = [
        world.edition(f"%PDF-1.7 {n} corrected".encode(), numbered(n), correcting=True) for n in range(1, 9, 2)
    ]
    stop = threading.Event()

    def read() -> int:
        states, last = 0, dict[str, int]()
        while not stop.is_set():
            seen = read_like_a_consumer(world.public)
            assert all(seen[known] >= version for known, version in last.items()), "a version went back"
            states, last = states + 1, seen
        return states

    def publish(part: int) -> list[object]:
        publisher = world.publisher()
        mine = editions[part::2]
        own = {one.reply.submission for one in mine}
        mine += [one for one in corrections if one.reply.submission in own]
        return [publisher.publish(one, NOW) for one in mine]

    with ThreadPoolExecutor(3) as pool:
        reader = pool.submit(read)
        try:
            outcomes = [one for part in pool.map(publish, range(2)) for one in part]
        finally:
            stop.set()
        assert reader.result() > 1
    assert len(outcomes) == 12
    assert all(isinstance(one, Published) for one in outcomes)
    assert PublicRecord(world.public, KEY).head().sequence == 12
    assert verify(world.public, keys=PINNED) == []


def test_a_writer_with_an_older_lock_is_turned_away_before_it_writes(world: World) -> None:
    PublicRecord(world.public).take(1000)
    before = world.digest()
    with pytest.raises(FencedOff):
        world.publisher().publish(world.edition(), NOW)
    assert world.digest() == before


def test_without_a_lock_only_a_store_that_decides_is_accepted(world: World) -> None:
    with pytest.raises(ValueError, match="lock"):
        Publisher(PublicRecord(world.public), Vault(world.private))
    world.public.mode = world.private.mode = WriteMode.COMPARE_AND_SWAP
    Publisher(PublicRecord(world.public), Vault(world.private))


# --- verify and rebuild -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> World:
    world = World.in_memory(tmp_path_factory.mktemp("archive")).at_an_address()
    publisher = world.publisher()
    for number in range(1, 4):
        publisher.publish(world.edition(f"%PDF-1.7 {number}".encode(), numbered(number)), NOW)
    publisher.publish(world.edition(b"%PDF-1.7 2b", numbered(2), correcting=True), LATER)
    return world.bring_keys()


def test_a_rebuild_of_a_sound_record_changes_nothing(archive: World) -> None:
    before = archive.digest()
    done = rebuild(PublicRecord(archive.public, KEY))
    assert (done.entries, done.replies, done.written, done.removed) == (4, 3, (), ())
    assert archive.digest() == before


def test_a_rebuild_brings_back_every_pointer_page_and_the_head_byte_for_byte(archive: World) -> None:
    before = archive.published()
    for key in before:
        if key.startswith(("catalogue/", "r/", "feed/", "sitemap")):
            archive.public.delete(key)
        elif key.endswith("current.json"):
            archive.public.put(key, b'{"version":1}', content_type="application/json")
    archive.public.put("catalogue/000007.json", b"{}", content_type="application/json")
    assert verify(archive.public)
    done = rebuild(PublicRecord(archive.public, KEY))
    assert len(done.written) == 25
    # a catalogue page, 3 pointers and that of the search, 3 pages, 4 of versions, 13 of feeds
    assert done.removed == ("catalogue/000007.json",)
    assert archive.published() == before


def test_a_rebuild_at_another_address_killed_at_any_write_is_known_to_be_unfinished(tmp_path: Path) -> None:
    """`site.json` says the new address once everything names it: before, the doctor asks for a rebuild."""
    moved = Site(base_url="https://moved.example/")
    world = World.in_memory(tmp_path).at_an_address()
    world.publisher().publish(world.edition(), NOW)
    world.bring_keys()
    fuse = Fuse(at=1)
    while True:
        try:
            rebuild(PublicRecord(MortalBucket(world.public, fuse), KEY), moved)
        except Killed:
            assert not site_stands(moved, world.public) or verify(world.public) == [], fuse.writes[-1]
            fuse = Fuse(at=1, after=True)  # each time it comes one write further
        else:
            break
    assert site_stands(moved, world.public)
    assert verify(world.public) == []
    assert b"https://reply.example/" not in b"".join(world.published().values())


def test_verify_names_each_object_that_is_missing_or_altered(archive: World) -> None:
    """Every public object is checked: whichever is changed or taken away, a sentence names it."""
    sound = archive.published()
    # Tiles of the checkpoint before this one stay for readers who are on the way to them.
    read = set(sound) - set(partial_tiles(3))
    for key in read:
        body = sound[key]
        archive.public.delete(key)
        assert any(key in sentence for sentence in verify(archive.public)), f"{key} was missing"
        archive.public.put(key, body.replace(b"1", b"2") + b" ", content_type="application/json")
        assert any(key in sentence for sentence in verify(archive.public, "en")), f"{key} was altered"
        archive.public.put(key, body, content_type="application/json")
    assert verify(archive.public) == []


def test_a_copy_in_a_folder_is_verified_like_the_bucket(archive: World, tmp_path: Path) -> None:
    for key, body in archive.published().items():
        (tmp_path / key).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / key).write_bytes(body)
    checked: list[tuple[int, int]] = []
    assert verify(PublicFolder(tmp_path), on_entry=lambda *progress: checked.append(progress)) == []
    assert checked == [(n, 4) for n in range(1, 5)]
    (tmp_path / log_entry_key(2)).unlink()
    assert verify(PublicFolder(tmp_path), "en") != []


def test_verify_says_that_a_publication_is_unfinished(world: World) -> None:
    fuse = Fuse()
    world.publisher(fuse).publish(world.edition(), NOW)
    entry = fuse.writes.index(log_entry_key(1)) + 1
    half = replace(world)
    for found in list(half.public.list()):
        if found.key in {CHECKPOINT, current_key(REPLY_ID)}:
            half.public.delete(found.key)
    assert entry > 0
    assert any("尚未完成" in sentence for sentence in verify(half.public, keys=PINNED))


def test_nothing_private_is_needed_to_verify(archive: World) -> None:
    assert not any(original_key("0" * 64)[:10] in key for key in archive.published())
