"""The manifest and everything that follows from it: the same input gives the same bytes, and those are the contract."""

from __future__ import annotations

import copy
import json
import string
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.record.schema_check import SchemaViolation, check, check_part, schemas
from domain.object_version import ObjectVersion
from domain.publication.canonical_json import Json, canonical_json, parse_json, sha256_hex
from domain.publication.catalogue import page_with, row_of
from domain.publication.change_log import (
    LogEntry,
    LogHead,
    applied_of,
    current_of,
    current_with,
    next_entry,
    writer_of,
)
from domain.publication.checkpoint import Checkpoint
from domain.publication.manifest import (
    Artifact,
    ArtifactRole,
    Provenance,
    State,
    StoredManifest,
    manifest_of,
    reply_artifact,
    tombstone_of,
)
from domain.publication.merkle import leaf_hash
from domain.publication.notice import Notice, Reason
from domain.publication.object_keys import (
    corrected_reply,
    is_correction,
    is_reply_id,
    ledger_key,
    ledger_mark,
    log_entry_key,
    manifest_key,
    original_key,
)
from domain.publication.site_particulars import Site
from domain.reply import Disclosure, DisclosureAttribute, DisclosureExtent, Reply
from tests.adapters.publishing import CONTACT, KEY, SIGNER, as_rendition, provenance, reply, summary

GOLDEN = Path(__file__).parents[1] / "golden"
REPLY_ID = "990199-knil3bny7pu2"
ROLES = {
    DisclosureExtent.FULL_TEXT: tuple(ArtifactRole),
    DisclosureExtent.SUMMARY: (ArtifactRole.REPLY_JSON,),
}


RENDITION_ROLES = (ArtifactRole.REPLY_JSON, ArtifactRole.TEXT)


def manifest(
    letter: Reply | None = None,
    version: int = 1,
    roles: tuple[ArtifactRole, ...] | None = None,
    of: Provenance | None = None,
) -> Json:
    letter = letter or reply()
    return manifest_of(
        letter,
        reply_id=REPLY_ID,
        version=version,
        published_at="2024-05-20T01:02:03Z",
        artifacts=[Artifact.of(REPLY_ID, role, role.value.encode()) for role in roles or ROLES[letter.extent]],
        provenance=of or provenance(),
    )


def stored(version: int = 1, letter: Reply | None = None) -> StoredManifest:
    return StoredManifest.of(canonical_json(manifest(letter, version)))


def entry(version: int = 1) -> LogEntry:
    current = current_of(entry(version - 1)) if version > 1 else None
    return next_entry(LogHead(41 + version, 7 + version, "2024-05-19T00:00:00Z"), current, stored(version))


def tombstone() -> Json:
    notice = Notice(Reason.PERSONAL_PRIVACY, "《中华人民共和国政府信息公开条例》第十五条", "正文含个人信息，现撤回。")
    return tombstone_of(REPLY_ID, 2, State.WITHDRAWN, notice, "2024-06-03T08:00:00Z")


def gone() -> LogEntry:
    return next_entry(
        LogHead(43, 9, "2024-05-20T01:02:03Z"), current_of(entry()), StoredManifest.of(canonical_json(tombstone()))
    )


def checkpoint() -> str:
    entry_bytes = entry().body()
    head = Checkpoint(KEY.name, 1, leaf_hash(entry_bytes), "2024-05-20T01:02:03Z", "2024-06-03T01:02:03Z", 1)
    return KEY.sign_checkpoint(head).decode()


EXAMPLES: dict[str, Json] = {
    "manifest-1": manifest(),
    "manifest-1.summary": manifest(summary()),
    "manifest-1.correction": manifest(version=2),
    "manifest-1.rendition": manifest(roles=RENDITION_ROLES, of=as_rendition(provenance())),
    "reply-1": reply_artifact(reply()),
    "reply-1.summary": reply_artifact(summary()),
    "current-1": current_of(entry(2)),
    "log-entry-1": entry().as_json(),
    "log-entry-1.correction": entry(2).as_json(),
    "log-entry-1.withdrawal": gone().as_json(),
    "log-applied-1": applied_of(43, 42),
    "log-keys-1": {
        "schema": "schemas/log-keys-1.json",
        "origin": KEY.name,
        "keys": list(KEY.verifier_keys),
    },
    "tombstone-1": tombstone(),
    "tombstone-1.purge": tombstone_of(REPLY_ID, 3, State.PURGED, None, "2024-06-03T08:00:00Z"),
    "log-writer-1": writer_of(17),
    "site-1": Site(
        base_url="https://reply.example/",
        domain="www.reply.example",
        id_code="9901990001",
        column_keywords="人大建议,政协提案",
    ).as_json(),
    "months-1": {
        "schema": "schemas/months-1.json",
        "months": [
            {
                "month": "2024-05",
                "first_sequence": 1,
                "date_modified": "2024-05-20",
                "files": ["feed/monthly/2024-05.csv"],
            }
        ],
    },
    "catalogue-page-1": page_with(None, row_of(manifest(), replace(entry(), slot=0))),
    "catalogue-page-1.withdrawal": page_with(None, row_of(None, replace(gone(), slot=0))),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_published_object_is_byte_for_byte_the_golden_one(name: str) -> None:
    """These bytes are what consumers were promised: a change here is a change of the contract."""
    assert canonical_json(EXAMPLES[name]) == (GOLDEN / f"{name}.json").read_bytes().rstrip(b"\n")


def test_the_documentation_shows_what_is_really_written() -> None:
    page = (GOLDEN.parents[1] / "docs" / "published-objects.md").read_text(encoding="utf-8")
    shown = [json.loads(block.partition("```")[0]) for block in page.split("```json")[1:]]
    kinds = [
        "log-entry-1",
        "log-keys-1",
        "site-1",
        "catalogue-page-1",
        "current-1",
        "manifest-1",
        "tombstone-1",
        "reply-1",
    ]
    assert shown == [EXAMPLES[kind] for kind in kinds]
    assert [block.partition("```")[0] for block in page.split("```text\n")[1:]] == [checkpoint()]


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_keeps_its_schema(name: str) -> None:
    check(name.partition(".")[0], EXAMPLES[name])


def test_every_schema_has_an_example_and_speaks_both_languages() -> None:
    # What `fuwen read --json` prints has its example in tests/cli.
    assert set(schemas()) == {name.partition(".")[0] for name in EXAMPLES} | {"read-record-1"}
    for body in schemas().values():
        for sentence in _descriptions(parse_json(body)):
            chinese, slash, english = sentence.partition(" / ")
            assert slash
            assert any(character > "\u4e00" for character in chinese)
            assert any(character in string.ascii_letters for character in english)


def _descriptions(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        yield from (value for key, value in node.items() if key in {"title", "description"} and isinstance(value, str))
        for value in node.values():
            yield from _descriptions(value)
    elif isinstance(node, list):
        for value in node:
            yield from _descriptions(value)


def _mutations(document: Json) -> Iterator[tuple[str, Json]]:
    """Every way to leave one member out, to add one, or to give one another type."""
    for place in _places(document):
        *parents, last = place
        for what in ("removed", "of another type", "joined by a stranger"):
            mutated = copy.deepcopy(document)
            node: Any = mutated
            for step in parents:
                node = node[step]
            if what == "removed":
                if isinstance(node, list):
                    continue
                del node[last]
            elif what == "of another type":
                node[last] = {"a": {}} if not isinstance(node[last], dict) else "text"
            elif isinstance(node[last], dict):
                node[last]["stranger"] = 1
            else:
                continue
            yield f"{'.'.join(map(str, place))} {what}", mutated
    yield "a stranger at the top", document | {"stranger": 1}


def _places(node: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    steps = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for step, value in steps:
        yield (*above, step)
        yield from _places(value, (*above, step))


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_object_with_a_member_missing_added_or_of_another_type_is_refused(name: str) -> None:
    mutations = list(_mutations(EXAMPLES[name]))
    assert len(mutations) > len(EXAMPLES[name])
    assert [what for what, mutated in mutations if _keeps(name.partition(".")[0], mutated)] == []


def _keeps(schema: str, document: Json) -> bool:
    try:
        check(schema, document)
    except SchemaViolation:
        return False
    return True


@pytest.mark.parametrize(
    ("example", "path", "value"),
    [
        ("manifest-1", ("disclosure", "attribute"), "依申请公开"),
        ("manifest-1", ("disclosure", "attribute"), None),
        ("manifest-1", ("disclosure", "extent"), "摘要"),
        ("manifest-1", ("provenance", "original_sha256"), None),
        ("manifest-1", ("provenance", "original_sha256"), "A1" * 32),
        ("manifest-1", ("times", "published_at"), "2024-05-20T01:02:03+08:00"),
        ("manifest-1", ("times", "published_at"), "2024-13-20T01:02:03Z"),
        ("manifest-1", ("times", "date_of_issue"), "2024-02-30"),
        ("manifest-1", ("supersedes",), "doc/990199-knil3bny7pu2/v1/manifest.json"),
        ("manifest-1", ("version",), 2),
        ("manifest-1", ("version",), 0),
        ("manifest-1", ("reply_id",), "990199-KNIL3BNY7PU2"),
        ("manifest-1", ("submission", "numbers"), [153047]),
        ("manifest-1", ("artifacts",), []),
        ("manifest-1.summary", ("provenance", "original_sha256"), "a1" * 32),
        ("manifest-1.summary", ("artifacts", 0, "role"), "original"),
        ("manifest-1", ("state",), "corrected"),
        ("manifest-1", ("change",), {"reason": "内容更正"}),
        ("manifest-1.correction", ("change",), None),
        ("manifest-1.correction", ("change", "reason"), "失误"),
        ("tombstone-1", ("change",), None),
        ("tombstone-1", ("state",), "published"),
        ("tombstone-1", ("version",), 1),
        ("tombstone-1.purge", ("state",), "withdrawn"),
        ("reply-1.summary", ("paragraphs",), [{"role": "body", "text": "…", "page": 1}]),
        ("reply-1", ("paragraphs", 0, "role"), "note"),
        ("log-entry-1", ("version",), 2),
        ("log-entry-1", ("change",), "correct"),
        ("log-entry-1", ("change",), "delete"),
        ("log-applied-1", ("sequence",), -1),
        ("catalogue-page-1.withdrawal", ("rows", 0, "state"), "published"),
        ("catalogue-page-1", ("rows", 0, "state"), "withdrawn"),
    ],
)
def test_what_must_never_be_published_is_refused_by_the_schema(example: str, path: tuple[Any, ...], value: Any) -> None:
    mutated = copy.deepcopy(EXAMPLES[example])
    node: Any = mutated
    for step in path[:-1]:
        node = node[step]
    assert node[path[-1]] != value
    node[path[-1]] = value
    with pytest.raises(SchemaViolation) as violation:
        check(example.partition(".")[0], mutated)
    assert "153047" not in str(violation.value)
    assert "knil3bny7pu2" not in str(violation.value)


def test_a_broken_catalogue_row_is_refused_alone_as_on_its_page() -> None:
    row = EXAMPLES["catalogue-page-1"]["rows"][0]
    check_part("catalogue-page-1", "row", row)
    with pytest.raises(SchemaViolation):
        check_part("catalogue-page-1", "row", row | {"slot": -1})


# --- what is not in it ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("attribute", [None, DisclosureAttribute.ON_APPLICATION, DisclosureAttribute.WITHHELD])
def test_no_manifest_is_made_for_what_is_not_marked_for_disclosure(attribute: DisclosureAttribute | None) -> None:
    with pytest.raises(ValueError, match="主动公开"):
        manifest(reply(disclosure=Disclosure("…", attribute, DisclosureExtent.FULL_TEXT)))


@pytest.mark.parametrize("role", [ArtifactRole.ORIGINAL, ArtifactRole.TEXT, ArtifactRole.PREVIEW])
def test_no_manifest_of_a_summary_lists_what_would_show_the_letter(role: ArtifactRole) -> None:
    with pytest.raises(ValueError, match="not public"):
        manifest(summary(), roles=(ArtifactRole.REPLY_JSON, role))


@pytest.mark.parametrize("role", [ArtifactRole.ORIGINAL, ArtifactRole.PREVIEW])
def test_no_manifest_of_a_rendition_with_masks_lists_what_would_show_the_original(role: ArtifactRole) -> None:
    with pytest.raises(ValueError, match="not public"):
        manifest(roles=(*RENDITION_ROLES, role), of=as_rendition(provenance()))
    made = EXAMPLES["manifest-1.rendition"]
    shown = {"role": role.value, "key": made["artifacts"][0]["key"]}
    for broken in (
        made | {"artifacts": [*made["artifacts"], made["artifacts"][0] | shown]},
        made | {"provenance": made["provenance"] | {"original_sha256": "a1" * 32}},
    ):
        with pytest.raises(SchemaViolation):
            check("manifest-1", broken)


@pytest.mark.parametrize("letter", [reply(), summary()], ids=["full text", "summary"])
def test_no_private_name_and_no_contact_is_in_manifest_or_reply(letter: Reply) -> None:
    for document in (manifest(letter), reply_artifact(letter)):
        assert SIGNER.encode() not in canonical_json(document)
        assert CONTACT.encode() not in canonical_json(document)


def test_the_authority_itself_is_named_as_signer() -> None:
    assert "云溪区柳桥镇人民政府" in manifest()["provenance"]["signature"]["detail"]


# --- log and catalogue ------------------------------------------------------------------------------------------------


def test_an_entry_read_back_is_the_entry_that_was_written() -> None:
    assert LogEntry.from_json(parse_json(canonical_json(entry(2).as_json()))) == entry(2)


def test_a_correction_keeps_the_place_of_the_reply_and_a_first_version_takes_the_next() -> None:
    assert entry().slot == 8
    assert entry(2).slot == 8


def test_the_pointer_never_goes_back() -> None:
    newer = current_of(entry(2))
    assert current_with(newer, entry()) == newer
    assert current_with(current_of(entry()), entry(2)) == newer


def test_a_row_never_goes_back_and_never_moves() -> None:
    first, second = (row_of(manifest(version=n), replace(entry(n), slot=64)) for n in (1, 2))
    page = page_with(page_with(None, first), second)
    assert page_with(page, first) == page
    assert page["page"] == 1
    assert page["rows"] == [second]
    with pytest.raises(ValueError, match="share"):
        page_with(page, first | {"reply_id": "990199-aaaaaaaaaaaa"})
    with pytest.raises(ValueError, match="empty"):
        page_with(page, first | {"slot": 66})


def test_the_head_applies_entries_one_after_the_other_and_its_time_never_goes_back() -> None:
    head = LogHead(42, 8, "2030-01-01T00:00:00Z").after(entry())
    assert (head.sequence, head.replies, head.updated_at) == (43, 9, "2030-01-01T00:00:00Z")
    with pytest.raises(ValueError, match="one after the other"):
        head.after(entry())


@given(st.integers(0, 10_000))
def test_the_head_counts_exactly_the_pages_that_its_replies_need(replies: int) -> None:
    assert LogHead(1, replies, "").pages == -(-replies // 64)


# --- keys and canonical bytes -----------------------------------------------------------------------------------------

NAMES = st.text(string.ascii_lowercase, max_size=4)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(NAMES, JSON, max_size=4))
def test_canonical_json_says_the_same_whatever_the_order_and_is_read_back_as_it_was(document: Json) -> None:
    body = canonical_json(document)
    assert canonical_json(dict(reversed(document.items()))) == body
    assert parse_json(body) == json.loads(json.dumps(document))


def test_half_a_character_from_a_broken_font_cannot_stop_the_pipeline() -> None:
    assert canonical_json({"a": "甲\ud800乙"}) == '{"a":"甲\ufffd乙"}'.encode()


@given(st.integers(1, 10**9))
def test_log_entries_sort_as_they_are_numbered(sequence: int) -> None:
    assert log_entry_key(sequence) < log_entry_key(sequence + 1)


@pytest.mark.parametrize(
    "bad", ["", "../../etc", "990199-abcdefghijk", "990199-abcdefghijkl/..", "990199-ABCDEFGHIJKL"]
)
def test_nothing_but_a_reply_id_becomes_part_of_a_key(bad: str) -> None:
    assert not is_reply_id(bad)
    with pytest.raises(ValueError, match="reply id"):
        manifest_key(bad, 1)


@pytest.mark.parametrize("bad", ["", "A1" * 32, "../" + "a" * 61, "a" * 63])
def test_nothing_but_a_digest_becomes_part_of_a_key(bad: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        original_key(bad)


@pytest.mark.parametrize("number", [0, -1])
def test_versions_and_entries_are_counted_from_one(number: int) -> None:
    with pytest.raises(ValueError, match="from 1"):
        manifest_key(REPLY_ID, number)
    with pytest.raises(ValueError, match="from 1"):
        log_entry_key(number)


def test_a_ledger_mark_read_from_its_key_is_the_mark_that_was_made() -> None:
    assert ledger_mark(ledger_key("2024-05-20", "d" * 32, "held")) == ("d" * 32, "held")


@pytest.mark.parametrize(
    ("key", "correction", "corrects"),
    [
        ("a.pdf", False, None),
        (f"{REPLY_ID}/a.pdf", False, None),
        ("更正/a.pdf", True, None),
        (f"更正/{REPLY_ID}/a.pdf", True, REPLY_ID),
        (f"更正/{REPLY_ID}.pdf", True, None),
        ("更正/河畔/a.pdf", True, None),
        ("更正后/a.pdf", False, None),
    ],
)
def test_the_folder_tells_a_correction_and_the_reply_it_corrects(
    key: str, correction: bool, corrects: str | None
) -> None:
    assert is_correction(key, "更正/") == correction
    assert corrected_reply(key, "更正/") == corrects


# --- object versions --------------------------------------------------------------------------------------------------

SEEN = datetime(2024, 5, 20, 1, 2, 3, tzinfo=UTC)


def _seen(**changes: Any) -> ObjectVersion:
    told: dict[str, Any] = {"version_id": None, "etag": "e1", "size_bytes": 7, "last_modified": SEEN} | changes
    return ObjectVersion.seen("inbox", "公文/a.pdf", **told)


@pytest.mark.parametrize(
    "told",
    [
        {"etag": '"e1"'},
        {"etag": 'W/"e1"'},
        {"version_id": "null"},
        {"version_id": ""},
        {"last_modified": SEEN + timedelta(microseconds=999_999)},
        {"last_modified": SEEN.astimezone(timezone(timedelta(hours=8)))},
    ],
)
def test_the_same_version_has_one_id_whoever_tells_of_it(told: dict[str, Any]) -> None:
    assert _seen(**told).document_id == _seen().document_id


@pytest.mark.parametrize(
    "told", [{"etag": "e2"}, {"size_bytes": 8}, {"last_modified": SEEN + timedelta(seconds=1)}, {"version_id": "v1"}]
)
def test_another_version_has_another_id(told: dict[str, Any]) -> None:
    assert _seen(**told).document_id != _seen().document_id


def test_a_document_id_is_32_hex_characters_and_never_changes() -> None:
    assert (
        _seen().document_id
        == sha256_hex('{"bucket":"inbox","key":"公文/a.pdf","version":"e1/7/2024-05-20T01:02:03Z"}'.encode())[:32]
    )


def test_a_time_without_a_zone_identifies_nothing() -> None:
    with pytest.raises(ValueError, match="zone"):
        _seen(last_modified=SEEN.replace(tzinfo=None))
