"""No secrecy or internal mark is missed, in whatever form and place; and sentences about secrets are no marks."""

from __future__ import annotations

import pytest

from domain.fate import Fate
from domain.reading.letter import read_letter
from domain.reading.secrecy_words import HINT, secrecy_mark
from tests.domain import typesetting
from tests.domain.factory import codes, judge, raw_reply, seen
from tests.domain.secrecy_corpus import MARKS, PLACES, Place, marked_letters, mentions, mentions_in_letters

_ABOUT_OPENNESS = {"disclosure-withheld", "disclosure-unknown"}


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.__name__.strip("_"))
def test_every_mark_rejects_the_letter(place: Place) -> None:
    """Letter-spaced, full-width, in brackets, beside another mark, below the imprint: read, found, rejected."""
    for mark, written, pages in marked_letters(place):
        judged = judge(read_letter(pages))
        found = codes(judged)
        assert judged.fate is Fate.REJECT, written
        # 不公开 is a disclosure mark as well as an internal one.
        assert "secrecy-mark" in found or ("公开" in mark and found & _ABOUT_OPENNESS), written


def test_sentences_that_mention_the_words_are_no_marks() -> None:
    """Of 400 sentences and headings about secrets, no more than one in a hundred is taken for a mark."""
    assert len(mentions()) >= 400
    wrong = 0
    for pages in mentions_in_letters():
        found = judge(read_letter(pages)).findings
        wrong += sum(each.code == "secrecy-mark" or each.code in _ABOUT_OPENNESS for each in found)
    assert wrong <= len(mentions()) / 100


@pytest.mark.parametrize("mark", MARKS)
def test_mark_is_known_where_no_reader_named_it(mark: str) -> None:
    """Review itself looks at every paragraph, cell and note, should the reader have passed one by."""
    assert secrecy_mark(mark) or "公开" in mark
    assert HINT.search(mark)
    for letter in (
        raw_reply(notes=(seen(f"（{mark}）"),)),
        raw_reply(title=seen(f"对区政协十五届三次会议第153047号提案的答复（{mark}）")),
        raw_reply(copied_to=(seen(mark),)),
    ):
        assert judge(letter).fate is Fate.REJECT


@pytest.mark.parametrize(
    "line",
    [
        "秘密大1年",
        "机密女5年",
        "秘密 · 3年",
        "密级:机密 保密期限:10年",
        "（此件发至县团级）",
        "本件属内部资料，阅后请收回",
    ],
)
def test_mark_that_was_recognised_badly_is_a_mark(line: str) -> None:
    """A recogniser takes the star for another sign."""
    assert secrecy_mark(line)


def test_serial_number_of_a_classified_copy_waits_for_a_person() -> None:
    """Six figures alone at the top left number the copies of a classified paper (GB/T 9704-2012, 7.2.1)."""
    place = next(each for each in PLACES if each.__name__ == "_top_with_serial")
    pages = next(pages for _, _, pages in marked_letters(place))
    assert "copy-number" in codes(judge(read_letter(pages)))


@pytest.mark.parametrize(
    "head",
    [
        "内部　流转编号：2024-17",
        "内部流转编号2024-17",
        "（内部　流转编号2024-17）",
        "仅供内部流转　编号：2024-17",
        "内部收文编号：0017",
        "内部编号0017",
    ],
)
def test_a_mark_beside_the_number_of_an_office_is_one(head: str) -> None:
    """White space is lost in reading: where it may have stood between the two, the letter is not public."""
    pages = typesetting.letter("您提出的建议收悉。", marks=[head, "公开属性：主动公开·全文"]).pages()
    assert "secrecy-mark" in codes(judge(read_letter(pages)))
