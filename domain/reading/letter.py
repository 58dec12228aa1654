"""A letter as it seems to be: from pages to `RawReply`. It promises nothing and guesses nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from domain.reading.column import Measure, measure
from domain.reading.furniture import without_furniture
from domain.reading.letter_head import Head, read_head, read_submission_words
from domain.reading.letter_tail import Tail, look_for_marks, read_tail
from domain.reading.line import Line, letter_lines
from domain.reading.marks import Marks, is_marks
from domain.reading.page import PageText
from domain.reading.paragraph import Paragraph, Role
from domain.reading.passage import Passage, Spacing, whole_text
from domain.reading.place import Seen
from domain.reading.raw_reply import RawReply, RawSubmission
from domain.reading.reflow import Block, blocks
from domain.reading.secrecy_words import HINT, secrecy_mark

_ADDRESSED_TO = (
    r"(?:代表|委员|委员会|党派|工商联|区委|市委|县委|省委|省委会|市委会|总支|支部|小组|[局委办厅部院处社会]|街道|办事处|政府|镇|乡|公司|中心|单位|同志"
    r"|先生|女士|界别|界)"
)
_SALUTATION = re.compile(
    rf"(?P<kind>尊敬的|敬爱的)?(?P<names>[^。;；!?！？]{{1,160}}?{_ADDRESSED_TO}(?:们)?)(?:[(][^()]{{1,20}}[)])?"
    r"[,，]?(?:您好|你好|你们好)?[!！,，。]?:*(?:(?<=:)(?:您好|你好|你们好)[!！,，。:]?)?"
)
_INLINE_SALUTATION = re.compile(
    r"(?:尊敬的)?(?P<names>[^。;；!?！？:,，]{1,60}?(?:代表|委员)(?:们)?)(?:[,，]?(?:您好|你好|你们好))?[!！]?:(?=.{6,})"
)
_GREETED = re.compile(r":(?:您好|你好|你们好)[!！,，。]?$")
_PERSON = re.compile(r"(?P<name>.+?)(?P<title>代表|委员)(?:们)?$")
_WORD_GAP = re.compile(r"[ \u3000\u00a0]")
_CROWD = re.compile(r"等(?:\d+|[一二三四五六七八九十]+)?(?:位|名|人|件)?")
_HEADINGS = (
    (Role.HEADING1, re.compile(r"[一二三四五六七八九十]{1,3}[、.]")),
    (Role.HEADING2, re.compile(r"[(][一二三四五六七八九十]{1,3}[)]")),
    (Role.HEADING3, re.compile(r"\d{1,2}[.、](?!\d)|[(]\d{1,2}[)]")),
)
_SENTENCES = re.compile(r"[。；！？;!?](?!$)")
_HEADING_LENGTH = 60
_SALUTATION_WITHIN = 8
"""The salutation is among so many paragraphs after the title."""
_SMALL_LENGTH = 40
_COPY_NUMBER = re.compile(r"(?:份号:?[0-9]{1,6}|(?:No\.?|№)?[0-9]{6})")
_DEEP = 4
"""Characters: a line that begins so far in is set apart."""
_SET_APART = 1.8
"""Gaps of so many characters within a line part what is printed side by side."""
_NAME_OF_A_SITE = re.compile(
    r"[^不非免暂依未拟否]{2,16}(?:政务|政府信息|党务|村务|校务)公开(?:网|平台|专栏|专刊|栏目)?"
)
"""枫浦区政务公开 at the head of a page names a site or a column; it says nothing of this letter."""


@dataclass(slots=True)
class _Letter:
    """The parts of one letter while it is read."""

    head: Head
    column: Measure
    blocks: Sequence[Block]
    passages: Sequence[Passage]
    salutation: int | None
    start: int
    """The first block of the letter's paragraphs."""
    tail: Tail
    marks: Marks
    spacing: Spacing


def read_letter(pages: Sequence[PageText]) -> RawReply:
    """Every field and every paragraph that the pages seem to say. Empty pages give an empty `RawReply`."""
    kept, furniture = without_furniture(pages, letter_lines(pages))
    if not any(kept):
        return RawReply()
    letter = _parts(pages, kept)
    letter.marks.look(Passage((line,)) for line in furniture)
    return _raw_reply(letter)


def _parts(pages: Sequence[PageText], lines: Sequence[Sequence[Line]]) -> _Letter:
    first = next(index for index, own in enumerate(lines) if own)
    head = read_head(lines[first], measure(pages, lines))
    below = [own[head.end :] if index == first else own for index, own in enumerate(lines)]
    column = measure(pages, below) if any(below) else measure(pages, lines)
    found = blocks(pages, below, column)
    passages = [block.passage for block in found]
    salutation = _salutation(found, passages)
    start = salutation if salutation is not None else _after_head(passages)
    body = start if salutation is None else start + 1
    every = [line for own in lines for line in own]
    return _Letter(
        head,
        column,
        found,
        passages,
        salutation,
        start,
        read_tail(found, passages, body),
        Marks(),
        Spacing.of(every, [block.lines for block in found if not block.tables]),
    )


def _salutation(found: Sequence[Block], passages: Sequence[Passage]) -> int | None:
    for index, (block, passage) in enumerate(zip(found[:_SALUTATION_WITHIN], passages, strict=False)):
        text = passage.bare
        if block.tables or is_marks(passage):
            continue
        if (text.endswith(":") or _GREETED.search(text)) and len(text) <= 200 and _SALUTATION.fullmatch(text):
            return index
        # The colon may be lost; then the line is short, at the margin, and names a person by title.
        if block.indent < 1 and re.fullmatch(
            r"(?:尊敬的)?[\u3400-\u9fff·、]{2,80}(?:代表|委员)(?:们)?(?:[,，]?您好)?[!！,，]?", text
        ):
            return index
        if len(text) > _SMALL_LENGTH * 2:
            return None
    return None


def _after_head(passages: Sequence[Passage]) -> int:
    start = 0
    while start < len(passages) and is_marks(passages[start]):
        start += 1
    return start


# --- fields -------------------------------------------------------------------------------------------------------


def _raw_reply(letter: _Letter) -> RawReply:
    head, tail, marks = letter.head, letter.tail, letter.marks
    above = [*head.rest, *((passage, 0, len(passage.bare)) for passage in letter.passages[: letter.start])]
    for passage, start, end in above:
        text = passage.bare[start:end]
        speaks = "公开" in text or "依申请" in text
        if not marks.look_at(passage, start, end) and speaks and not _NAME_OF_A_SITE.fullmatch(text):
            marks.add_unknown(passage.seen(start, end))
    look_for_marks(marks, tail, letter.passages)
    for index, passage in enumerate(letter.passages):
        if index >= letter.start and index != letter.salutation and index not in tail.roles:
            marks.look_into(passage)
            _look_into_tables(marks, letter.blocks[index])
    _look_for_what_closes(marks, letter)
    return RawReply(
        title=head.title.seen() if head.title else None,
        masthead=head.masthead,
        document_numbers=head.numbers,
        signatory=head.signatory or _signatory_below(tail),
        addressees=_addressees(letter),
        submission=read_submission_words(head.title) if head.title else RawSubmission(),
        result_marks=tuple(marks.results),
        disclosure_marks=tuple(marks.disclosures),
        secrecy_marks=tuple(marks.secrecies),
        copy_number=_copy_number(head),
        signature_block=tail.signature,
        date_of_issue=tail.date,
        date_of_distribution=tail.date_of_distribution,
        distributing_office=tail.distributing_office,
        copied_to=tuple(tail.copied_to),
        notes=tuple(tail.notes),
        contacts=tuple(tail.contacts),
        attachments=tuple(tail.attachments),
        paragraphs=tuple(_paragraphs(letter)),
    )


def _look_for_what_closes(marks: Marks, letter: _Letter) -> None:
    """Every piece of a line that is set apart, whatever paragraph it was taken into."""
    for passage, _, _ in letter.head.rest:
        marks.look_for_secrecy_within(passage)
    marks.look_over_lines(
        [passage for passage, start, end in letter.head.rest if (start, end) == (0, len(passage.bare))]
    )
    for line in letter.head.lines:
        for piece in _pieces(line):
            marks.look_for_what_closes(Passage((piece,)))
    dated = max((index for index, role in letter.tail.roles.items() if role is Role.DATE), default=len(letter.blocks))
    for number, block in enumerate(letter.blocks):
        before: Line | None = None
        for line in block.lines:
            pieces = _pieces(line) if HINT.search(line.text) else []
            # The last line of a paragraph may be two words of a sentence.
            alone = before is None or block.tables or letter.column.is_short(before)
            deep = line.left - min(letter.column.left[line.page], before.left if before else line.left)
            apart = deep > _DEEP * line.size or (alone and letter.column.is_short(line))
            # Below the date few lines are sentences, and the column is hard to tell.
            below = number > dated and not line.text.rstrip().endswith(("。", "；"))
            if len(pieces) > 1 or apart or below:
                for piece in pieces:
                    marks.look_for_what_closes(Passage((piece,)))
            before = line
        for table in block.tables:
            for cell in (cell for row in table.rows for cell in row):
                if secrecy_mark(cell) is not None:
                    marks.add_secrecy(replace(Passage(table.lines).seen(), text=cell, raw=cell))


def _pieces(line: Line) -> list[Line]:
    """What wide gaps part."""
    wide = _SET_APART * line.size
    places = zip(line.text, line.lefts, line.rights, line.lefts[1:], strict=False)
    starts = [
        index
        for index, (char, left, right, following) in enumerate(places, 1)
        if following - right > wide or (right - left > wide and char.isspace())
    ]
    parts = (line.part(*span) for span in zip([0, *starts], [*starts, len(line.text)], strict=True))
    return [part for part in parts if part is not None]


def _copy_number(head: Head) -> Seen | None:
    """份号, 7.2.1: six figures alone, where only a classified paper has them."""
    for passage, start, end in head.rest:
        if _COPY_NUMBER.fullmatch(passage.bare[start:end]):
            return passage.seen(start, end)
    return None


def _look_into_tables(marks: Marks, block: Block) -> None:
    for table in block.tables:
        for row in table.rows:
            for label, value in pairwise(row):
                marks.look_at_pair(label, value, Passage(table.lines).seen())


def _signatory_below(tail: Tail) -> Seen | None:
    for contact in tail.contacts:
        if match := re.search(
            r"(?:领导)?签发(?:人|领导)?[:：]\s*([\u3400-\u9fff·]{2,4}(?:\s[\u3400-\u9fff])?)", contact.raw
        ):
            return Seen("".join(match[1].split()), match[1], contact.box, contact.reader, contact.confidence)
    return None


def _addressees(letter: _Letter) -> tuple[Seen, ...]:
    if letter.salutation is not None:
        passage = letter.passages[letter.salutation]
        match = _SALUTATION.fullmatch(passage.bare) or re.match(r"(?:尊敬的)?(?P<names>.*?(?:代表|委员))", passage.bare)
    elif letter.start < len(letter.passages):
        passage = letter.passages[letter.start]
        match = _INLINE_SALUTATION.match(passage.bare)
    else:
        return ()
    return _named(passage, *match.span("names")) if match else ()


def _named(passage: Passage, start: int, end: int) -> tuple[Seen, ...]:
    """One for each person or body; the title at the end of a row of names is everyone's: 甲、乙委员."""
    whole = passage.seen(start, end)
    if _CROWD.search(whole.text):
        return (whole,)
    spans = [
        (start + match.start(), start + match.end()) for match in re.finditer(r"[^、,，;；]+", passage.bare[start:end])
    ]
    parts = [_titled_once(passage.seen(*name)) for span in spans for name in _names_apart(passage, *span)]
    shared = _PERSON.fullmatch(parts[-1].text)
    if len(parts) == 1 or shared is None:
        return tuple(parts)
    return tuple(_with_title(part, shared["title"]) for part in parts)


def _names_apart(passage: Passage, start: int, end: int) -> list[tuple[int, int]]:
    """王一禾 李想委员 are two, if every word is a whole name; 王 一 禾 委 员 is one, and so is what is not clear."""
    gaps = [at + 1 for at in range(start, end - 1) if _WORD_GAP.search(passage.seen(at, at + 2).raw)]
    words = [(a, b) for a, b in zip([start, *gaps], [*gaps, end], strict=True)]
    if len(words) > 1 and passage.bare[slice(*words[-1])] in {"代表", "委员"}:
        words[-2:] = [(words[-2][0], words[-1][1])]
    names = [re.sub(r"(?:代表|委员)$", "", passage.bare[slice(*word)]) for word in words]
    return words if all(len(name) in (2, 3, 4) or "·" in name for name in names) else [(start, end)]


def _titled_once(name: Seen) -> Seen:
    return replace(name, text=re.sub(r"(代表|委员)\1+$", r"\1", name.text))


def _with_title(name: Seen, title: str) -> Seen:
    is_person = len(name.text) <= 4 or "·" in name.text
    if _PERSON.fullmatch(name.text) or not is_person:
        return name
    return Seen(name.text + title, name.raw, name.box, name.reader, name.confidence)


# --- paragraphs ---------------------------------------------------------------------------------------------------


def _paragraphs(letter: _Letter) -> list[Paragraph]:
    paragraphs: list[Paragraph] = []
    for index in range(letter.start, len(letter.passages)):
        if index in letter.tail.merged:
            continue
        block = letter.blocks[index]
        role = _role(letter, index)
        if block.tables:
            text = "\n".join("\t".join(row) for table in block.tables for row in table.rows)
            paragraphs.append(Paragraph(Role.TABLE, text, letter.passages[index].page, letter.passages[index].boxes))
            continue
        parts = letter.tail.split.get(index, (_with_merged(letter, index),))
        for place, part in enumerate(parts):
            text = whole_text(part.lines, letter.spacing)
            own = Role.SIGNATURE if role is Role.DATE and place < len(parts) - 1 else role
            paragraphs.append(Paragraph(own, text, part.page, part.boxes))
    return paragraphs


def _with_merged(letter: _Letter, index: int) -> Passage:
    more = [each for each, into in letter.tail.merged.items() if into == index]
    if not more:
        return letter.passages[index]
    return Passage(tuple(line for each in (index, *more) for line in letter.passages[each].lines))


def _role(letter: _Letter, index: int) -> Role:
    if index == letter.salutation:
        return Role.SALUTATION
    if index in letter.tail.roles:
        return letter.tail.roles[index]
    text = letter.passages[index].bare
    for role, pattern in _HEADINGS:
        if pattern.match(text) and _is_heading(text, role):
            return role
    return Role.BODY


def _is_heading(text: str, role: Role) -> bool:
    """A heading is short and no sentence; a full stop is forgiven where there is only one, and it is short."""
    if _SENTENCES.search(text) or len(text) > _HEADING_LENGTH:
        return False
    return not text.endswith(("。", "；", ";")) or (role is not Role.HEADING3 and len(text) <= _HEADING_LENGTH // 2)
