"""No way of writing a mark turns a letter that is not public into one that is."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.disclosure import is_not_public_line, read_disclosure
from domain.fate import Fate
from domain.reading.paragraph import Role
from domain.reply import DisclosureAttribute, DisclosureExtent
from tests.domain.factory import PARAGRAPHS, codes, judge, paragraph, raw_reply, rules, seen

WORDS = rules().disclosure
_PUBLIC = ["主动公开", "主动公开·全文", "同意公开", "全部公开"]
_NOT_PUBLIC = [
    "依申请公开",
    "不予公开",
    "不公开",
    "依申请公开·全文",
    "择机公开",
    "部分公开",
    "依申请",
    "主动公开·择机",
    "",
]
_SPACES = st.sampled_from([" ", "\u3000", "\u00a0", "\n", "\u200b", "\ufeff", "\u2009"])


def _wide(char: str) -> str:
    return chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char


@st.composite
def written(draw: st.DrawFn, word: str) -> str:
    """The word with spaces of every kind within, other dots, other widths, in brackets or not."""
    gap, where = draw(_SPACES), draw(st.integers(0, 2 ** len(word)))
    text = "".join(char + gap * (where >> index & 1) for index, char in enumerate(word))
    text = text.replace("·", draw(st.sampled_from(["·", "•", "・", "/", "／", "（", "—"])))
    text = "".join(map(_wide, text)) if draw(st.booleans()) else text
    before, after = draw(st.sampled_from([("", ""), ("（", "）"), ("〔", "〕"), ("[", "]"), ("注：“", "”。")]))
    return f"{before}{text}{after}"


@st.composite
def not_public_marks(draw: st.DrawFn) -> list[str]:
    """At least one mark that is not public, among others that are, in any order."""
    bad = draw(st.lists(st.sampled_from(_NOT_PUBLIC), min_size=1, max_size=2))
    good = draw(st.lists(st.sampled_from(_PUBLIC), max_size=2))
    marks = draw(st.permutations([*bad, *good]))
    return [draw(written(mark)) for mark in marks]


@settings(max_examples=500)
@given(marks=not_public_marks())
def test_not_public_stays_not_public(marks: list[str]) -> None:
    """Spaces, widths, dots, brackets and order never make a mark that is not 主动公开 say so."""
    found = read_disclosure([seen(mark) for mark in marks], WORDS)
    assert found is not None
    assert found.attribute is not DisclosureAttribute.PROACTIVE


@settings(max_examples=100)
@given(marks=not_public_marks())
def test_letter_that_is_not_public_is_rejected(marks: list[str]) -> None:
    """Whatever else is right with the letter, review rejects it and says why in a disclosure code."""
    judged = judge(raw_reply(disclosure_marks=tuple(seen(mark) for mark in marks)))
    assert judged.fate is Fate.REJECT
    assert judged.reply is None
    assert any(code.startswith("disclosure-") for code in codes(judged))


@settings(max_examples=100)
@given(mark=st.sampled_from(["主动公开", "主动公开·全文", "同意公开"]).flatmap(written))
def test_public_survives_its_ways_of_writing(mark: str) -> None:
    """The same freedom of writing does not stop a letter that is public."""
    assert judge(raw_reply(disclosure_marks=(seen(mark),))).fate is Fate.PUBLISH


def test_same_label_two_meanings() -> None:
    """One portal's 公开属性 says 全部公开 beside 公开类型=主动公开: attribute and extent are told by value."""
    found = read_disclosure([seen("主动公开"), seen("全部公开")], WORDS)
    assert found is not None
    assert (found.attribute, found.extent) == (DisclosureAttribute.PROACTIVE, DisclosureExtent.FULL_TEXT)


def test_extent_alone_opens_nothing() -> None:
    """全部公开 says how much, not whether."""
    assert "disclosure-unknown" in codes(judge(raw_reply(disclosure_marks=(seen("全部公开"),))))


def test_no_extent_means_the_letter_as_it_is() -> None:
    """主动公开 opens the whole letter, or the summary that the title says it is."""
    whole = judge(raw_reply(disclosure_marks=(seen("主动公开"),))).reply
    title = seen("对区政协十五届三次会议第153047号提案的答复摘要")
    summary = judge(raw_reply(disclosure_marks=(seen("主动公开"),), title=title)).reply
    assert whole is not None
    assert summary is not None
    assert (whole.extent, summary.extent) == (DisclosureExtent.FULL_TEXT, DisclosureExtent.SUMMARY)


def test_summary_marked_as_full_text_stops() -> None:
    """A summary by its title is not the full text that the mark speaks of."""
    title = seen("对区政协十五届三次会议第153047号提案的答复摘要")
    assert "disclosure-extent" in codes(judge(raw_reply(title=title)))


def test_partial_disclosure_stops() -> None:
    """部分公开 cannot be published from a file that holds the whole."""
    assert "disclosure-extent" in codes(judge(raw_reply(disclosure_marks=(seen("主动公开·部分公开"),))))


@pytest.mark.parametrize("note", ["（此件公开发布）", "此件主动公开", "注：“主动公开”。"])
def test_note_that_says_the_same_agrees(note: str) -> None:
    """A note that opens this letter agrees with the mark at the top."""
    words = rules().disclosure
    by = rules(disclosure=type(words)({**words.attributes, "公开": DisclosureAttribute.PROACTIVE}, words.extents))
    assert judge(raw_reply(disclosure_marks=(seen("主动公开·全文"), seen(note, page=2))), by=by).fate is Fate.PUBLISH


@pytest.mark.parametrize(
    "line", ["（依申请公开）", "此件不公开", "公开属性：不予公开", "【免予公开】", "此 件 不 宜 公 开"]
)
def test_not_public_line_counts_wherever_it_stands(line: str) -> None:
    """A line or a note that closes the letter is heard even if nobody took it for a mark."""
    assert is_not_public_line(line)
    in_text = raw_reply(paragraphs=(*PARAGRAPHS, paragraph(Role.BODY, line, 2)))
    for raw in (in_text, raw_reply(notes=(seen(line),))):
        assert judge(raw).fate is Fate.REJECT


@pytest.mark.parametrize("line", ["依申请公开的信息已按期答复。", "对不予公开的情形作了说明", "主动公开"])
def test_sentence_about_disclosure_is_no_mark(line: str) -> None:
    """A sentence that speaks of disclosure is not a mark of this letter."""
    assert not is_not_public_line(line)


@pytest.mark.parametrize("line", ["秘密★10年", "机密", "内部资料", "（注意保存）", "绝密★长期"])
def test_secrecy_line_is_heard(line: str) -> None:
    """A secrecy mark in a line of its own stops the letter even if the reader did not name it."""
    assert "secrecy-mark" in codes(judge(raw_reply(paragraphs=(*PARAGRAPHS, paragraph(Role.NOTE, line, 2)))))


@pytest.mark.parametrize(
    "text", ["企业的商业秘密依法受到保护。", "开展保守国家秘密的宣传。", "加强内部控制。", "商业秘密★由企业自行标注。"]
)
def test_sentence_about_secrets_is_no_mark(text: str) -> None:
    """Words about secrets are no secrecy mark."""
    assert "secrecy-mark" not in codes(
        judge(raw_reply(paragraphs=(*PARAGRAPHS[:4], paragraph(Role.BODY, text), *PARAGRAPHS[4:])))
    )
