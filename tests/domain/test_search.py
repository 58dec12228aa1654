"""Whatever is published is found by every word of it, whatever is withdrawn by none, and a rebuild changes no byte."""

from __future__ import annotations

import json
import string
from collections.abc import Sequence
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.search import index as search_index
from domain.search.index import CURRENT, advance
from domain.search.segment import (
    Document,
    Segment,
    from_bytes,
    joined,
    read_postings,
    segment_of,
    to_bytes,
    without,
)
from domain.search.tokens import next_bit, pairs, runs, singles

TEXTS = st.text("加装电梯居民小区公园步道照明，。2024abＡ ", max_size=30)
FACETS = st.lists(st.sampled_from(["@year:2024", "@year:2025", "@body:人大"]), max_size=2)


@st.composite
def documents(draw: st.DrawFn, most: int = 12) -> list[Document]:
    texts = draw(st.lists(TEXTS, max_size=most))
    return [Document([f"r{n}", 1], (text,), tuple(draw(FACETS))) for n, text in enumerate(texts)]


def find(segment: Segment, phrase: str) -> list[int]:
    """As the portal's script does: every pair must be there, and say that the next character of the phrase follows.

    A character that stands alone is a facet.
    """
    found: set[int] | None = None
    for run in runs(phrase):
        wanted = [(run[at : at + 2], next_bit(run[at + 2]) if at + 2 < len(run) else 0) for at in range(len(run) - 1)]
        for words, bit in wanted or [(f"@{run}", 0)]:
            key = words.encode()
            if key not in segment.postings:
                return []
            postings = read_postings(key, segment.postings[key])
            masks = postings.masks or (0,) * len(postings.numbers)
            hits = {n for n, mask in zip(postings.numbers, masks, strict=True) if mask & bit == bit}
            found = hits if found is None else found & hits
    return sorted(n for n in found or () if segment.rows[n] is not None)


@given(documents())
def test_what_is_written_is_read_back(found: list[Document]) -> None:
    segment = segment_of(found)
    body, head_bytes = to_bytes(segment)
    assert from_bytes(body) == segment
    assert 8 < head_bytes <= len(body)


@given(documents(), documents())
def test_joining_two_segments_is_building_one(first: list[Document], second: list[Document]) -> None:
    assert joined(segment_of(first), segment_of(second)) == segment_of([*first, *second])


@given(documents(), st.data())
def test_what_is_taken_out_was_never_there(found: list[Document], data: st.DataObject) -> None:
    """A segment without a document is the segment in which its place was empty from the start."""
    gone = data.draw(st.sets(st.integers(0, max(0, len(found) - 1)))) if found else set()
    holes = [Document() if n in gone else document for n, document in enumerate(found)]
    assert without(segment_of(found), gone) == segment_of(holes)


@given(documents(), st.data())
def test_every_stretch_of_a_text_finds_it(found: list[Document], data: st.DataObject) -> None:
    """Recall is one by construction: any one or more neighbouring characters find the letter they stand in."""
    segment = segment_of(found)
    for number, document in enumerate(found):
        for run in runs(document.texts[0]):
            start = data.draw(st.integers(0, len(run) - 1))
            end = data.draw(st.integers(start + 1, len(run)))
            assert number in find(segment, run[start:end])


def test_a_letter_with_all_pairs_of_a_phrase_but_not_the_phrase_is_mostly_not_found() -> None:
    """Pairs alone would find it every time; the mask of what follows finds it for one character in sixteen."""
    others = [chr(0x4E00 + n) for n in range(400)]
    texts = [f"加装{other}，装电，电梯" for other in others if other != "电"]
    segment = segment_of([Document([f"r{n}", 1], (text,)) for n, text in enumerate(texts)])
    assert len(find(segment, "加装电梯")) < len(texts) / 8


def test_width_and_case_do_not_matter() -> None:
    assert segment_of([Document(None, ("ＩＳＯ９００１",))]) == segment_of([Document(None, ("iso9001",))])
    assert list(runs("第153047号，Ａ类")) == ["第153047号", "a类"]


# --- the index --------------------------------------------------------------------------------------------------------


class Store(dict[str, bytes]):
    """Objects by key."""

    def take(self, added: Sequence[Document], withdrawn: Sequence[str] = ()) -> None:
        for key, body in advance(self.get(CURRENT), self.__getitem__, added, withdrawn).items():
            if body is None:
                del self[key]
            else:
                self[key] = body

    @property
    def segments(self) -> list[Segment]:
        return [from_bytes(self[each["key"]]) for each in json.loads(self[CURRENT])["segments"]]

    def found(self, phrase: str) -> list[str]:
        """`id/version` of each, but for replaced ones."""
        stale = json.loads(self[CURRENT])["replaced"]
        rows = [segment.rows[n] for segment in self.segments for n in find(segment, phrase)]
        return sorted({f"{row[0]}/{row[1]}" for row in rows if row} - set(stale))


@pytest.fixture(autouse=True)
def _small_levels() -> object:
    with patch.object(search_index, "CAPACITIES", (4, 16, 64)):
        yield


def letters(count: int, start: int = 0) -> list[Document]:
    texts = [(f"第{n}号提案{''.join(string.ascii_lowercase[int(d)] for d in str(n))}",) for n in range(start, count)]
    return [Document([f"r{start + n}", 1], text, (f"@year:{2000 + n % 5}",)) for n, text in enumerate(texts)]


@settings(max_examples=30)
@given(st.lists(st.integers(1, 40), max_size=8))
def test_however_the_letters_were_batched_the_index_is_the_same(sizes: list[int]) -> None:
    found, one, many = letters(sum(sizes)), Store(), Store()
    one.take(found)
    many.take([])
    for size in sizes:
        many.take(found[:size])
        found = found[size:]
    assert one == many
    assert len(one.segments) <= 3 + sum(sizes) // 64


def test_a_replaced_version_is_not_found_and_a_rebuild_says_the_same() -> None:
    first, second = letters(30), Document(["r3", 2], ("更正后的正文",), replaces="r3/1")
    store, again = Store(), Store()
    for document in first:
        store.take([document])
    store.take([second])
    store.take(letters(90, start=30))
    assert store.found("更正后") == ["r3/2"]
    assert "r3/1" not in store.found("第3号")
    again.take([*first, second, *letters(90, start=30)])
    assert again == store


def test_of_a_withdrawn_reply_no_word_is_left_in_any_object() -> None:
    store, again = Store(), Store()
    secret = Document(["r7", 1], ("独一无二的句子",), ("@year:1999",))
    before, after = letters(7), letters(60, start=8)
    store.take([*before, secret, *after])
    assert store.found("独一无二") == ["r7/1"]
    store.take([], withdrawn=["r7"])
    assert store.found("独一无二") == []
    keys = {key.decode() for segment in store.segments for key in segment.postings}
    assert not keys & {*pairs(["独一无二的句子"]), *singles(["独一无二的句子"]), "@year:1999"}
    again.take([*before, Document(), *after])
    assert again == store


def test_a_batch_writes_a_small_part_of_a_large_index() -> None:
    store = Store()
    store.take(letters(63))
    writes = advance(store[CURRENT], store.__getitem__, [Document(["new", 1], ("新的一份",))])
    assert len([body for body in writes.values() if body]) <= 4
