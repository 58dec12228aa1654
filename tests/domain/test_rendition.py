"""What a reader is given says what review vouched for, and nothing in a letter can become markup."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.document_number import DocumentNumber
from domain.publication.rendition import (
    MASKED_NOTE,
    OriginalLink,
    facts,
    html_of,
    meeting_of,
    public_paragraphs,
    text_of,
)
from domain.reading.paragraph import Paragraph, Role
from domain.reply import (
    Disclosure,
    DisclosureAttribute,
    DisclosureExtent,
    HandlingResult,
    Reply,
    ReplyKind,
    Submission,
    SubmissionKind,
)

GOLDEN = Path(__file__).parent / "golden"
ORIGINAL = OriginalLink(f"../3f/{'3f' * 32}.pdf", "3f" * 32, 184_320)


def a_reply(**changes: object) -> Reply:
    """A reply of an invented town, with every kind of paragraph."""
    reply = Reply(
        kind=ReplyKind.REPLY,
        title="对区政协十五届三次会议第000123号提案的答复",
        document_number=DocumentNumber("溪府", 2024, 11),
        issuing_authority="甲区青溪镇人民政府",
        area_code="990101",
        signatory="甲某",
        addressees=("乙某某委员",),
        date_of_issue=date(2024, 5, 17),
        date_of_distribution=date(2024, 5, 20),
        distributing_office="青溪镇党政办公室",
        copied_to=("区政协提案委员会",),
        submission=Submission(SubmissionKind.PROPOSAL, "区政协", 15, 3, ("000123",)),
        handling_result=HandlingResult("采 纳 解 决", "解决采纳", "某区办理结果"),
        disclosure=Disclosure("主动公开·全文", DisclosureAttribute.PROACTIVE, DisclosureExtent.FULL_TEXT),
        extent=DisclosureExtent.FULL_TEXT,
        paragraphs=(
            Paragraph(Role.SALUTATION, "乙某某委员：", 1),
            Paragraph(Role.BODY, "您提出的关于在老街增设饮水点的提案收悉。经研究，现将办理情况答复如下：", 1),
            Paragraph(Role.HEADING1, "一、基本情况", 1),
            Paragraph(Role.BODY, "老街全长800米，现有饮水点2处。", 1),
            Paragraph(Role.HEADING2, "（一）已完成的工作", 1),
            Paragraph(Role.TABLE, '地点\t数量\t完成时间\n东口\t1\t2024年3月\n<西口> & "南口"\t2', 2),
            Paragraph(Role.HEADING3, "1.下一步", 2),
            Paragraph(Role.BODY, "年内再增设3处，并逐月公布水质。", 2),
            Paragraph(Role.SIGNATURE, "甲区青溪镇人民政府", 2),
            Paragraph(Role.DATE, "2024年5月17日", 2),
            Paragraph(Role.NOTE, "（联系人：丙某某，联系电话：00000000）", 2),
            Paragraph(Role.COPIED_TO, "抄送：区政协提案委员会。", 2),
            Paragraph(Role.IMPRINT, "青溪镇党政办公室 2024年5月20日印发", 2),
        ),
    )
    return replace(reply, **changes)  # type: ignore[arg-type]


def a_summary(**changes: object) -> Reply:
    """The same, of which only a summary may be public."""
    mark = Disclosure("主动公开·摘要", DisclosureAttribute.PROACTIVE, DisclosureExtent.SUMMARY)
    return a_reply(disclosure=mark, extent=DisclosureExtent.SUMMARY, **changes)


class Page(HTMLParser):
    """What a browser would see: the elements with their attributes, and the text."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: Counter[str] = Counter()
        self.attributes: list[tuple[str, str | None]] = []
        self.others: list[str] = []
        self.open: list[str] = []
        self.text: dict[str, list[str]] = {}
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements[tag] += 1
        self.attributes += attrs
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, "an element is closed where it was not open"

    def handle_data(self, data: str) -> None:
        self.text.setdefault(self.open[-1] if self.open else "", []).append(data)

    def handle_comment(self, data: str) -> None:
        self.others.append(data)

    def handle_pi(self, data: str) -> None:
        self.others.append(data)

    def unknown_decl(self, data: str) -> None:
        self.others.append(data)


HOSTILE = st.one_of(
    st.text(min_size=1, max_size=60),
    st.sampled_from(
        [
            "<script>alert(1)</script>",
            "</title></head><body onload=x>",
            "\"' onmouseover='x' a=\"",
            "</p></article></main></body></html>",
            "<!-- --!><![CDATA[ ]]>",
            "&lt;b&gt;&amp;#60;&#x3c;",
            "{title}{style}",
            "\u202e反\u0000\u001b[31m\ud800\ufffe",
            "</style><style>*{display:none}",
        ]
    ),
).map(lambda text: "甲" + text)
"""Each begins with a character that shows, so that no paragraph is left out for being empty."""


def test_the_page_is_the_one_that_was_agreed() -> None:
    """The same reply gives the same page, byte for byte, as the golden file."""
    assert html_of(a_reply(), original=ORIGINAL) == (GOLDEN / "reply.html").read_text("utf-8")


def test_the_text_is_the_one_that_was_agreed() -> None:
    """The same reply gives the same text, byte for byte, as the golden file."""
    assert text_of(a_reply()) == (GOLDEN / "reply.txt").read_text("utf-8")


def test_the_summary_page_is_the_one_that_was_agreed() -> None:
    """The page of a 摘要 is the golden one."""
    assert html_of(a_summary()) == (GOLDEN / "summary.html").read_text("utf-8")


@given(title=HOSTILE, body=HOSTILE, cell=HOSTILE, name=HOSTILE, mark=HOSTILE)
def test_nothing_in_a_letter_becomes_markup(title: str, body: str, cell: str, name: str, mark: str) -> None:
    """Whatever the fields hold, the page has the same elements and attributes as one with harmless fields."""

    def page(title: str, body: str, cell: str, name: str, mark: str) -> Page:
        reply = a_reply(
            title=title,
            issuing_authority=name,
            addressees=(name,),
            handling_result=HandlingResult(mark, None, None),
            paragraphs=(
                Paragraph(Role.HEADING1, title[:20], 1),
                *(Paragraph(role, body, 1) for role in Role if role not in {Role.NOTE, *_HEADINGS, Role.TABLE}),
                Paragraph(Role.TABLE, f"{cell}\t", 1),
            ),
        )
        return Page(html_of(reply, original=OriginalLink(body, title, 1)))

    hostile, harmless = page(title, body, cell, name, mark), page("甲", "甲", "甲", "甲", "甲")
    lines = ("br", "tr", "td")  # these alone are counted by the text: its lines and tabs
    ours = {tag: count for tag, count in hostile.elements.items() if tag not in lines}
    assert ours == {tag: count for tag, count in harmless.elements.items() if tag not in lines}
    assert {name for name, _ in hostile.attributes} == {name for name, _ in harmless.attributes}
    assert hostile.text["style"] == harmless.text["style"]
    assert not hostile.others
    assert not hostile.open


_HEADINGS = {Role.HEADING1, Role.HEADING2, Role.HEADING3}


@given(title=HOSTILE, body=HOSTILE)
def test_every_rendition_can_be_written_and_shown(title: str, body: str) -> None:
    """Text and page are UTF-8 without control characters or marks that turn the direction of writing."""
    reply = a_reply(title=title, paragraphs=(Paragraph(Role.BODY, body, 1),))
    for rendition in (text_of(reply), html_of(reply)):
        rendition.encode("utf-8")
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]", rendition)


@given(st.lists(st.tuples(st.sampled_from([Role.BODY, Role.HEADING2, Role.TABLE, Role.DATE]), HOSTILE), max_size=8))
def test_a_paragraph_stays_whole(paragraphs: list[tuple[Role, str]]) -> None:
    """The text has one block for each paragraph, in order, and a blank line only between them."""
    reply = a_reply(paragraphs=tuple(Paragraph(role, text, 1) for role, text in paragraphs))
    blocks = text_of(reply).removesuffix("\n").split("\n\n")
    assert len(blocks) == 3 + len(paragraphs)
    for block, (_, text) in zip(blocks[3:], paragraphs, strict=True):
        assert _letters(block) == _letters(text)


def _letters(text: str) -> list[str]:
    return re.findall(r"[\w]", text)


def test_a_summary_shows_no_word_of_the_letter() -> None:
    """For 摘要 neither the page nor the text nor the list of paragraphs gives away a paragraph of the letter."""
    summary = a_summary()
    shown = html_of(summary) + text_of(summary)
    assert public_paragraphs(summary) == ()
    assert not [paragraph for paragraph in summary.paragraphs if len(paragraph.text) > 14 and paragraph.text in shown]
    assert summary.title in shown
    assert "摘要" in shown


@pytest.mark.parametrize(
    ("role", "text"),
    [
        (Role.NOTE, "（此件公开发布）"),
        (Role.NOTE, "（联系人：丙某某，联系电话：00000000）"),
        (Role.BODY, "联系人：丙某某    联系电话：00000000"),
        (Role.BODY, "（联 系 人：丙某某）"),
        (Role.IMPRINT, "承办人：丙某某  电话：00000000"),
        (Role.BODY, "联系人及电话：丙某某 00000000"),
    ],
)
def test_contacts_are_not_shown(role: Role, text: str) -> None:
    """A note or a line of contacts is in no rendition, whatever the reader took it for."""
    reply = a_reply(paragraphs=(Paragraph(Role.BODY, "正文。", 1), Paragraph(role, text, 1)))
    assert text.strip() not in text_of(reply)
    assert "00000000" not in html_of(reply) + text_of(reply)


def test_a_sentence_about_telephones_stays() -> None:
    """Only a line of contacts goes; a sentence that speaks of them is the letter's."""
    sentence = "电话亭改造已列入计划，联系人制度同步建立。"
    assert sentence in text_of(a_reply(paragraphs=(Paragraph(Role.BODY, sentence, 1),)))


def test_no_request_and_no_script() -> None:
    """The page loads nothing, runs nothing, and its policy allows its own style only."""
    source = html_of(a_reply(), original=ORIGINAL)
    page = Page(source)
    assert not set(page.elements) & {"script", "link", "img", "iframe", "object", "form", "base"}
    assert not re.search(r"url\(|@import|https?:", source)
    style = "".join(page.text["style"])
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'" in source


def test_the_original_is_named_only_where_it_is_public() -> None:
    """Without a link to the original the page has no link and no digest."""
    page = html_of(a_summary())
    assert "<a " not in page
    assert "SHA-256" not in page
    assert "以原件为准" in page


@pytest.mark.parametrize(
    ("term", "session", "words"),
    [
        (15, 3, "区政协十五届三次会议"),
        (10, 1, "区政协十届一次会议"),
        (20, 12, "区政协二十届十二次会议"),
        (None, 3, "区政协三次会议"),
        (None, None, "区政协"),
        (110, None, "区政协110届"),
    ],
)
def test_a_meeting_is_named_as_titles_name_it(term: int | None, session: int | None, words: str) -> None:
    """The meeting is written in Chinese numbers, and only as much of it as is known."""
    assert meeting_of(Submission(None, "区政协", term, session, ())) == words


def test_what_is_not_known_is_not_a_fact() -> None:
    """A field that the letter does not have takes no line in the fact list."""
    reply = a_reply(handling_result=None, addressees=(), submission=Submission(None, None, None, None, ("7", "8")))
    assert [label for label, _ in facts(reply)] == ["发文机关", "发文字号", "成文日期", "公开属性", "建议提案号"]
    assert dict(facts(reply))["建议提案号"] == "第7号、第8号"


def test_headings_skip_no_level() -> None:
    """A letter that begins with （一） has its headings one level below the title."""
    source = html_of(
        a_reply(paragraphs=(Paragraph(Role.HEADING2, "（一）情况", 1), Paragraph(Role.HEADING3, "1.其一", 1)))
    )
    assert '<h2 class="heading2">' in source
    assert '<h3 class="heading3">' in source


def test_a_rendition_with_masks_says_that_it_is_none_of_the_original() -> None:
    """In words, on the page and in the text; and no link to an original can stand beside it."""
    for made in (html_of(a_reply(), masked=True), text_of(a_reply(), masked=True)):
        assert MASKED_NOTE in made
        assert "以原件为准" not in made
    with pytest.raises(ValueError, match="not public"):
        html_of(a_reply(), original=ORIGINAL, masked=True)
