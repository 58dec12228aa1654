"""Below the text: signature, date, notes, contacts, copy recipients, imprint (GB/T 9704-2012, 7.3.4 to 7.4.3)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from domain.reading.marks import Marks, is_marks
from domain.reading.paragraph import Role
from domain.reading.passage import Passage
from domain.reading.place import Seen
from domain.reading.reflow import Block

_HAN_DATE = (
    r"[〇○OΟ零一二三四五六七八九0-9]{2,4}年[〇一二三四五六七八九十0-9]{0,3}月[一二三四五六七八九十廿0-9]{0,3}日?"
)
_SIGN_DATE = r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:\d{1,2}:\d{2}(?::\d{2})?)?"
DATE = rf"(?:{_HAN_DATE}|{_SIGN_DATE})"
_WHOLE_DATE = re.compile(rf"(?:(?:成文|签发|答复|印制)?日期:)?(?P<date>{DATE})")
_DAMAGED_DATE = re.compile(r"(?P<date>(?:19|20)\d{2}\d{1,4})")
_SIGNED_DATE = re.compile(rf"(?P<who>[^。，,;；:]{{3,40}}?)(?P<date>{DATE})")
_DISTRIBUTED = re.compile(rf"(?P<office>.*?)(?:印发(?:日期|时间):?)?(?P<date>{DATE})(?:印发|印制|印|发)?")
_COPIED = re.compile(r"(?:抄送|抄报|抄报送|分送|报送|抄|报|送|主送|发送)(?:单位|机关)?:(?P<names>.*)")
_NOTE = re.compile(r"[(〔\[].*[)〕\]][。.]?|(?:附)?注:.*|备注:.*")
_CONTACT_LABEL = (
    r"(?:联系(?:单位|部门|科室|处室|人|人员|人姓名|电话|方式|地址)|(?:单位|办公|咨询|联络)(?:联系)?电话|联络人|联络员"
    r"|承办(?:人|负责人|科室|股室|处室|单位|部门)|经办(?:人|单位|科室)|办理人|责任(?:领导|人)|分管领导|主管领导|(?:领导)?签发(?:人|领导)?"
    r"|电话|手机|传真|邮(?:政)?编(?:码)?|通讯地址|地址|电子邮箱|邮箱)"
)
_SITE = re.compile(
    r"ICP备|公安备案|网站标识码|技术支持|版权所有|网站(?:电话|地图|维护)|(?:主办|承办)单位:.*(?:政府|大数据|信息中心).*网站"
    r"|分享到|打印本页|关闭窗口|浏览(?:次数|量)|责任编辑"
)
"""What a site prints below a letter speaks of the site."""
_CONTACT = re.compile(
    rf"[(]?{_CONTACT_LABEL}(?:及|和|、|\(签字\))?(?:{_CONTACT_LABEL})?(?:\(.{{1,10}}?\))?[:].*", re.DOTALL
)
_ATTACHMENT = re.compile(r"附(?:件)?(?P<count>\d{0,2}):(?P<names>.*)")
_ATTACHMENT_HEADING = re.compile(r"附件\d{0,2}:?")
_LIST_ITEM = re.compile(r"\d{1,2}[.．、]")
_AUTHORITY_END = re.compile(
    r"(?:人民政府|政府|委员会|党委|党组|政协|人大|政法委|常委会|联合会|总工会|[局厅部委院处署社会队所站馆行镇乡区县市科股]|办公室|办事处|办"
    r"|中心|公司|街道|集团|大学|学院|学校|小组|指挥部|银行)(?:\(.{1,20}\))?$"
)
_SENTENCE_END = re.compile(r"[。！？：；!?:;，,、]$")
_NO_SIGNATURE = re.compile(
    r"(?:特此|专此|谨此)?(?:此|函|答)?(?:答复|复|函复|函告|回复)|此致|敬礼|附件.*|[一二三四五六七八九十]{1,3}、.*|\d{1,2}[.．、].*|[(].*|.*[:].*"
)
_IMPRINT_BLOCKS = 12
_SIGNATURE_LENGTH = 40
_SIGNATURE_INDENT = 3.3
_DEEP = 3.0
_RAN_ON = 2
"""So many characters of a signature or a date may stand on a second line."""


@dataclass(slots=True)
class Tail:
    """What stands below the text, and the role of each block that belongs to it, by its place in the letter."""

    roles: dict[int, Role] = field(default_factory=dict)
    split: dict[int, tuple[Passage, ...]] = field(default_factory=dict)
    """Blocks of which one line holds two things: 印发机关 and 印发日期, 署名 and 成文日期."""
    merged: dict[int, int] = field(default_factory=dict)
    """Blocks that are only more lines of an earlier one."""
    signature: Seen | None = None
    date: Seen | None = None
    date_of_distribution: Seen | None = None
    distributing_office: Seen | None = None
    copied_to: list[Seen] = field(default_factory=list)
    notes: list[Seen] = field(default_factory=list)
    contacts: list[Seen] = field(default_factory=list)
    attachments: list[Seen] = field(default_factory=list)


def read_tail(blocks: Sequence[Block], passages: Sequence[Passage], start: int) -> Tail:
    """The end of the letter. `start` is the first block that can belong to it, after the salutation."""
    tail = Tail()
    _read_imprint(tail, passages, start)
    dated = _date_of_issue(tail, blocks, passages, start)
    _read_signature(tail, blocks, passages, start, dated)
    _read_notes(tail, passages, start, dated)
    _read_attachments(tail, passages, start)
    return tail


# --- imprint ------------------------------------------------------------------------------------------------------


def _read_imprint(tail: Tail, passages: Sequence[Passage], start: int) -> None:
    for index in range(len(passages) - 1, start - 1, -1):
        text = passages[index].bare
        match = _DISTRIBUTED.fullmatch(text)
        if match and text.endswith(("印发", "印制", "印")) and len(text) < 60:
            _distributed(tail, passages, index, match)
            break
    last = max(tail.roles, default=len(passages))
    for index in range(max(start, last - _IMPRINT_BLOCKS), last):
        if _COPIED.fullmatch(passages[index].bare):
            _copied(tail, passages, index)


def _distributed(tail: Tail, passages: Sequence[Passage], index: int, match: re.Match[str]) -> None:
    passage = passages[index]
    tail.date_of_distribution = passage.seen_group(match, "date")
    tail.roles[index] = Role.IMPRINT
    if match["office"]:
        office = re.sub(r"^印发(?:机关|单位):", "", match["office"])
        begin = match.end("office") - len(office)
        tail.distributing_office = passage.seen(begin, match.end("office"))
        first, second = passage.cut(*match.span("office")), passage.cut(match.end("office"), len(passage.bare))
        if first is not None and second is not None:
            tail.split[index] = (first, second)
        return
    before = index - 1
    if before >= 0 and _is_office(passages[before].bare):
        tail.distributing_office = passages[before].seen()
        tail.roles[before] = Role.IMPRINT


def _is_office(text: str) -> bool:
    return (
        len(text) <= 30 and not _SENTENCE_END.search(text) and not re.search(DATE, text) and not _NOTE.fullmatch(text)
    )


def _copied(tail: Tail, passages: Sequence[Passage], index: int) -> None:
    """The recipients, with the lines below that hang under the first one: the list ends with 。 (7.4.2)."""
    tail.roles[index] = Role.COPIED_TO
    end = index + 1
    while (
        end < len(passages)
        and end not in tail.roles
        and not passages[end - 1].bare.endswith(("。", "."))
        and passages[end].bare.endswith(("。", ".", ",", "，", "、"))
    ):
        tail.merged[end] = index
        end += 1
    passage = Passage(tuple(line for each in passages[index:end] for line in each.lines))
    begin = passage.bare.index(":") + 1
    names = passage.bare[begin:]
    # Where commas part the recipients, 、 joins what belongs together: 各街道办事处、镇人民政府.
    apart = r"[^,;；。.]+" if re.search(r"[,;；]", names) else r"[^、。.]+"
    for part in re.finditer(apart, names):
        tail.copied_to.append(passage.seen(begin + part.start(), begin + part.end()))


# --- signature and date -------------------------------------------------------------------------------------------


def _date_of_issue(tail: Tail, blocks: Sequence[Block], passages: Sequence[Passage], start: int) -> int | None:
    """The block of 成文日期: the last that is a date and nothing else, before any attachment."""
    found: list[int] = []
    for index in range(start, len(passages)):
        text = passages[index].bare
        if found and _ATTACHMENT_HEADING.fullmatch(text):
            break
        if index in tail.roles or blocks[index].tables:
            continue
        if _WHOLE_DATE.fullmatch(text) or (_signed_date(text) and _set_apart(blocks[index])):
            found.append(index)
    if not found:
        found = [
            index
            for index in range(max(start, len(passages) - 8), len(passages))
            if index not in tail.roles and _set_apart(blocks[index]) and _DAMAGED_DATE.fullmatch(passages[index].bare)
        ]
    if not found:
        return None
    index = found[-1]
    passage = passages[index]
    tail.roles[index] = Role.DATE
    for pattern in (_WHOLE_DATE, _DAMAGED_DATE):
        if match := pattern.fullmatch(passage.bare):
            tail.date = _as_written(passage, match)
            return index
    match = _signed_date(passage.bare)
    if match is not None:
        tail.date = _as_written(passage, match)
        tail.signature = passage.seen_group(match, "who")
        parts = passage.cut(*match.span("who")), passage.cut(*match.span("date"))
        tail.split[index] = tuple(part for part in parts if part is not None)
    return index


def _as_written(passage: Passage, match: re.Match[str]) -> Seen:
    seen = passage.seen_group(match, "date")
    # 2019-10-14 14:25:49 keeps its space: without it the day and the hour run together.
    return (
        seen
        if ":" not in seen.raw
        else Seen(" ".join(seen.raw.split()), seen.raw, seen.box, seen.reader, seen.confidence)
    )


def _signed_date(text: str) -> re.Match[str] | None:
    match = _SIGNED_DATE.fullmatch(text)
    return match if match and _AUTHORITY_END.search(match["who"]) else None


def _set_apart(block: Block) -> bool:
    more = block.lines[1:]
    return block.indent > _DEEP or not more or (len(more) == 1 and len(more[0].text) <= _RAN_ON)


def _read_signature(
    tail: Tail, blocks: Sequence[Block], passages: Sequence[Passage], start: int, dated: int | None
) -> None:
    if tail.signature is not None:
        return
    end = dated if dated is not None else _first_of_tail(tail, passages)
    signed: list[int] = []
    index = end - 1
    while index >= start and len(signed) < 8:
        if _is_signature(blocks[index], passages[index].bare, alone=not signed):
            signed.insert(0, index)
        elif not _is_stamp_word(passages[index].bare):
            break
        index -= 1
    if signed:
        tail.roles.update(dict.fromkeys(signed, Role.SIGNATURE))
        tail.signature = Passage(tuple(line for index in signed for line in blocks[index].lines)).seen()


def _first_of_tail(tail: Tail, passages: Sequence[Passage]) -> int:
    """Without a date the signature stands before the notes and the imprint, if there is one."""
    end = len(passages)
    while end > 0 and (end - 1 in tail.roles or _is_note(passages[end - 1]) or _is_contact(passages[end - 1])):
        end -= 1
    return end


def _is_stamp_word(text: str) -> bool:
    return text in {"(公章)", "(盖章)", "(印章)"}


def _is_signature(block: Block, text: str, *, alone: bool) -> bool:
    if block.tables or len(text) > _SIGNATURE_LENGTH or _SENTENCE_END.search(text) or _NO_SIGNATURE.fullmatch(text):
        return False
    if _AUTHORITY_END.search(text):
        return block.indent > 1.2 or alone or len(block.lines) == 1
    return block.indent > _SIGNATURE_INDENT


# --- notes, contacts, attachments ---------------------------------------------------------------------------------


def _is_note(passage: Passage) -> bool:
    return _NOTE.fullmatch(passage.bare) is not None or is_marks(passage)


def _is_contact(passage: Passage) -> bool:
    text = passage.bare
    return len(text) <= 160 and _CONTACT.fullmatch(text) is not None and not _SITE.search(text)


def _read_notes(tail: Tail, passages: Sequence[Passage], start: int, dated: int | None) -> None:
    after = dated if dated is not None else max(start - 1, _first_of_tail(tail, passages) - 1)
    for index in range(start, len(passages)):
        if index in tail.roles:
            continue
        passage = passages[index]
        late = index > after or _only_tail_follows(tail, passages, index, after)
        if late and _is_note(passage):
            tail.roles[index] = Role.NOTE
            tail.notes += _notes(passage)
        if _is_contact(passage) or (late and _has_contact(passage)):
            tail.roles[index] = Role.NOTE
            tail.contacts.append(passage.seen())


def _only_tail_follows(tail: Tail, passages: Sequence[Passage], index: int, dated: int) -> bool:
    """A note may stand above the signature and the date as well."""
    between = range(index + 1, dated + 1)
    return len(between) <= 6 and all(
        each in tail.roles or _is_note(passages[each]) or _is_contact(passages[each]) for each in between
    )


def _has_contact(passage: Passage) -> bool:
    text = passage.bare
    return len(text) <= 160 and re.search(rf"{_CONTACT_LABEL}:", text) is not None and not _SITE.search(text)


def _notes(passage: Passage) -> list[Seen]:
    """（此件公开发布）（联系人：…） are two notes."""
    parts = list(re.finditer(r"\([^()]*(?:\([^()]*\)[^()]*)*\)", passage.bare))
    if "".join(part[0] for part in parts) == passage.bare.rstrip("。."):
        return [passage.seen_group(part) for part in parts]
    return [passage.seen()]


def _read_attachments(tail: Tail, passages: Sequence[Passage], start: int) -> None:
    end = min(
        (index for index, role in tail.roles.items() if role is Role.SIGNATURE or role is Role.DATE), default=None
    )
    for index in range(start, len(passages) if end is None else end):
        match = _ATTACHMENT.fullmatch(passages[index].bare)
        if match is None or index in tail.roles:
            continue
        _add_attachments(tail, passages[index], match.start("names"))
        for following in range(index + 1, len(passages) if end is None else end):
            if following in tail.roles or not _LIST_ITEM.match(passages[following].bare):
                return
            _add_attachments(tail, passages[following], 0)
        return


def _add_attachments(tail: Tail, passage: Passage, begin: int) -> None:
    text = passage.bare
    starts = [
        match for match in re.finditer(r"(?:(?<=^)|(?<=[;；,，。:]))\d{1,2}[.．、]", text) if match.start() >= begin
    ]
    if not starts:
        spans = [(begin, len(text))]
    else:
        ends = [match.start() for match in starts[1:]] + [len(text)]
        spans = [(match.end(), end) for match, end in zip(starts, ends, strict=True)]
    for first, end in spans:
        last = end
        while last > first and text[last - 1] in ";；,，。":
            last -= 1
        if last > first:
            tail.attachments.append(passage.seen(first, last))


_NARROWING = re.compile(r"删|隐去|隐藏|脱敏|遮盖|除外|以外|不含|不包括|部分|节选|摘要|同意后|批准后|审核后|另行|暂")


def look_for_marks(marks: Marks, tail: Tail, passages: Sequence[Passage]) -> None:
    """Marks in the blocks of the tail: a note, a part of one, a line above the imprint."""
    for index in sorted(tail.roles):
        if tail.roles[index] in {Role.NOTE, Role.IMPRINT, Role.COPIED_TO}:
            passage = passages[index]
            for start, end in _notes_apart(passage):
                if not marks.look_at(passage, start, end):
                    _look_at_parts(marks, passage, start, end)


def _look_at_parts(marks: Marks, passage: Passage, start: int, end: int) -> None:
    """（联系人：…，依申请公开）: one part of a note is a mark. A part about disclosure that nobody knows is one too."""
    others: list[tuple[int, int]] = []
    before = len(marks.disclosures)
    for part in re.finditer(r"[^()〔〕\[\],，;；。]+", passage.bare[start:end]):
        first, last = start + part.start(), start + part.end()
        if not marks.look_at(passage, first, last):
            if "公开" in part[0] or "依申请" in part[0]:
                marks.add_unknown(passage.seen(first, last))
            elif _NARROWING.search(part[0]):
                others.append((first, last))
    if len(marks.disclosures) > before:
        for span in others:  # （此件公开发布，删去联系方式）: public, but not all of it
            marks.add_unknown(passage.seen(*span))


def _notes_apart(passage: Passage) -> list[tuple[int, int]]:
    parts = [match.span() for match in re.finditer(r"\([^()]*\)", passage.bare)]
    return parts if len(parts) > 1 else [(0, len(passage.bare))]
