"""Above the salutation: masthead, document number, signatory, title (GB/T 9704-2012, 7.2 and 7.3.1)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from domain.reading.column import Measure
from domain.reading.line import Line
from domain.reading.passage import Passage
from domain.reading.place import Seen
from domain.reading.raw_reply import RawSubmission
from domain.reading.secrecy_words import SECRECY
from domain.reading.spelling import joined

_OPEN, _CLOSE = r"[〔\[(<〈《{]", r"[〕\])>〉》}]"
_CODE = r"[\u3400-\u9fff][\u3400-\u9fffA-Za-z]{0,23}(?:[(][\u3400-\u9fff]{1,6}[)][\u3400-\u9fff]{0,8})?"
_WHOLE_NUMBER = rf"{_CODE}{_OPEN}\d{{4}}{_CLOSE}(?:第?[0-9A-Za-z]{{0,7}}(?:[-—]\d{{1,3}})?|第?[\u3400-\u9fff]{{1,4}})号"
NUMBER = re.compile(
    rf"{_WHOLE_NUMBER}"
    rf"|{_CODE}{_OPEN}\d{{2,4}}{_CLOSE}\d{{1,5}}$"  # 号 lost
    rf"|{_CODE}{_OPEN}\d{{4,9}}号?(?![\d〕\])])"  # closing bracket lost
)
_NUMBER_WITHOUT_BRACKETS = re.compile(r"[\u3400-\u9fff]{2,16}(?:字|发|函|复)\d{4}年?第?\d{1,5}号")
_YEAR_NUMBER = re.compile(rf"{_OPEN}\d{{4}}年第?\d{{1,6}}号{_CLOSE}")
_NUMBER_PARTS = re.compile(rf"(?:{_CODE})?{_OPEN}\d{{4}}{_CLOSE}")
_SERIAL_PART = re.compile(r"第?\d{0,6}号")
SIGNATORY = re.compile(r"(?:签发人|领导签发|签发领导|签发):(?P<name>[\u3400-\u9fff·、,]{2,24})")

_SUBJECT = re.compile(r"提案|建议|代表|委员|政协|人大|人民代表大会|议案|来信")
_SUBMISSION = re.compile(r"提案|建议|议案")
_KIND = r"(?:答复|复函|函复|复文|回复|回函|复信|的函|意见|意见函|摘要|办理情况|情况报告|情况说明|报告|说明|通报)"
_TITLE_END = re.compile(rf"{_KIND}(?:意见|件|函|书|稿)?(?:{_OPEN}.{{1,40}}{_CLOSE}|分类:?[A-D])*$")
_TITLE_START = re.compile(r"^(?:.{2,30}?)?(?:关于|对|就|办理)")
_MASTHEAD_END = re.compile(r"(?:文件|便函|公函|函件)$")
_AUTHORITY_END = re.compile(
    r"(?:政府|委员会|局|厅|部|委|办公室|办|院|处|中心|街道|镇|乡|总队|支队|银行|署|社|会|公司|文件|函)(?:[(].*[)])?$"
)
_TITLE_CLASS = re.compile(rf"(?:{_OPEN}[A-D甲乙丙丁]类?{_CLOSE}|分类:?[A-D]类?)$")
_TITLE_NUMBER = re.compile(rf"{_OPEN}(?P<number>{_WHOLE_NUMBER}){_CLOSE}$")
_TITLE_YEAR_NUMBER = re.compile(rf"{_YEAR_NUMBER.pattern}$")
_BIG = 1.12
_TITLE_LINES = 6
_SALUTATION = re.compile(r".{1,120}[:]$")


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above the letter's text."""

    masthead: Seen | None
    numbers: tuple[Seen, ...]
    signatory: Seen | None
    title: Passage | None
    rest: tuple[tuple[Passage, int, int], ...]
    """What is left of lines, as a passage and the part of its bare text: marks, if anything."""
    end: int
    """How many lines of the first page the head has."""
    lines: tuple[Line, ...] = ()


def read_head(lines: Sequence[Line], column: Measure) -> Head:
    """The head of the letter, from the lines of its first page."""
    start, end = _title_lines(lines, column)
    above = list(lines[:start])
    masthead = [line for line in above if _is_masthead(line, column)]
    others = _numbers_joined([line for line in above if line not in masthead])
    numbers: list[Seen] = []
    rest: list[tuple[Passage, int, int]] = []
    signatory: Seen | None = None
    for passage in others:
        left, right = 0, len(passage.bare)
        if match := SIGNATORY.search(passage.bare):
            signatory = signatory or _signatory(passage, match)
            right = match.start()
        found = _numbers(passage, right)
        numbers += [passage.seen(*span) for span in found]
        rest += [(passage, a, b) for a, b in _between(found, left, right)]
    title = Passage(tuple(lines[start:end])) if end > start else None
    if title is not None:
        title, own, more = _own_numbers(title)
        numbers += own
        rest += more
    return Head(
        Passage(tuple(masthead)).seen() if masthead else None,
        tuple(numbers),
        signatory,
        title,
        tuple(rest),
        end,
        tuple(lines[:end]),
    )


def _numbers(passage: Passage, right: int) -> list[tuple[int, int]]:
    text = passage.bare[:right]
    found = [match.span() for match in NUMBER.finditer(text)]
    if not found and (match := _NUMBER_WITHOUT_BRACKETS.search(text)):
        found = [match.span()]
    return [(_code_start(text, start), end) for start, end in found]


def _code_start(text: str, start: int) -> int:
    """A mark printed in front of the number on the same line is no part of the issuer's code."""
    code = re.match(r"[^〔\[(<〈《{]*", text[start:])
    if code is None:
        return start
    match = re.match(r".*(?:公开|类|解决|采纳|参考|特急|加急)(?=.)", code[0]) or _SECRET_BEFORE.match(code[0])
    return start + (match.end() if match else 0)


_SECRET_BEFORE = re.compile(rf"(?:{SECRECY})+(?=.)")


def _between(found: Sequence[tuple[int, int]], left: int, right: int) -> list[tuple[int, int]]:
    edges = [left, *(edge for span in found for edge in span), right]
    return [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if a < b]


def _numbers_joined(lines: Sequence[Line]) -> list[Passage]:
    """A number broken over lines (普绿容 / 〔2019〕 / 44号) is one passage; every other line is its own."""
    passages: list[Passage] = []
    for line in lines:
        one = Passage((line,))
        previous = passages[-1] if passages else None
        if previous is not None and _goes_on(previous.bare, one.bare):
            passages[-1] = Passage((*previous.lines, line))
        else:
            passages.append(one)
    return passages


def _goes_on(before: str, after: str) -> bool:
    if re.match(rf"{_OPEN}\d{{4}}{_CLOSE}", after):
        return re.fullmatch(r"[\u3400-\u9fff]{1,16}", before) is not None
    return bool(_NUMBER_PARTS.search(before)) and before[-1] in "〕])" and _SERIAL_PART.match(after) is not None


def _signatory(passage: Passage, match: re.Match[str]) -> Seen:
    seen = passage.seen_group(match, "name")
    names = [part for part in re.split(r"[\s、,，]{1,}", seen.raw) if part]
    spaced = all(len(name) == 1 for name in names) or len(seen.text) <= 3
    text = joined(seen.raw) if spaced else "、".join(map(joined, names))
    return Seen(text, seen.raw, seen.box, seen.reader, seen.confidence)


# --- title --------------------------------------------------------------------------------------------------------


def _is_masthead(line: Line, column: Measure) -> bool:
    text = Passage((line,)).bare
    if len(text) > 40 or ":" in text or NUMBER.search(text):
        return False
    big = line.size > column.size * _BIG
    if line.is_red and (big or _AUTHORITY_END.search(text)):
        return True
    return (big and _AUTHORITY_END.search(text) is not None) or (
        _MASTHEAD_END.search(text) is not None and column.is_centred(line)
    )


def _title_lines(lines: Sequence[Line], column: Measure) -> tuple[int, int]:
    """First and last line (exclusive) of the title; where there is none, both say where the head ends."""
    big = _by_size(lines, column)
    if big is not None:
        return big
    return _by_words(lines, column) or _without_title(lines)


def _by_size(lines: Sequence[Line], column: Measure) -> tuple[int, int] | None:
    start = 0
    while start < len(lines):
        if not _may_be_title(lines[start], column):
            start += 1
            continue
        end = start + 1
        while end < len(lines) and end - start < _TITLE_LINES and _goes_with(lines[end - 1], lines[end], column):
            end += 1
        first = start
        while (
            first < end - 1
            and _is_masthead(lines[first], column)
            and not _TITLE_START.match(Passage((lines[first],)).bare)
        ):
            first += 1
        text = Passage(tuple(lines[first:end])).bare
        if (_SUBMISSION.search(text) or _TITLE_END.search(text)) and not _MASTHEAD_END.search(text):
            return first, end
        start = end
    return None


def _may_be_title(line: Line, column: Measure) -> bool:
    return line.size > column.size * _BIG and not line.is_red


def _goes_with(line: Line, other: Line, column: Measure) -> bool:
    near = line.baseline - other.baseline < 3.2 * line.size
    return _may_be_title(other, column) and abs(line.size - other.size) < 0.1 * line.size and near


def _by_words(lines: Sequence[Line], column: Measure) -> tuple[int, int] | None:
    """A title as small as the text: centred or alone, from 关于 or 对 to 答复."""
    for start, line in enumerate(lines):
        text = Passage((line,)).bare
        if line.is_red or not _TITLE_START.match(text) or text.endswith((":", "。", ",")):
            continue
        for end in range(start + 1, min(start + _TITLE_LINES, len(lines)) + 1):
            whole = Passage(tuple(lines[start:end])).bare
            if "。" in whole or ":" in whole:
                break
            if _TITLE_END.search(whole) and _SUBJECT.search(whole):
                return start, _with_brackets(lines, _with_last_words(lines, start, end))
        if not column.is_centred(line) and column.indent(line) < 1:
            continue
    return None


def _with_last_words(lines: Sequence[Line], start: int, end: int) -> int:
    """…提案答复 / 的函: a title may seem to end before its last line."""
    more = end < len(lines) and re.fullmatch(r"(?:的?(?:函|复函|意见|摘要|情况)){1,2}", Passage((lines[end],)).bare)
    return end + 1 if more and _TITLE_END.search(Passage(tuple(lines[start : end + 1])).bare) else end


def _with_brackets(lines: Sequence[Line], end: int) -> int:
    """The class or department in brackets on the line below."""
    more = end < len(lines) and re.fullmatch(rf"{_OPEN}.{{1,20}}{_CLOSE}", Passage((lines[end],)).bare)
    return end + 1 if more else end


def _without_title(lines: Sequence[Line]) -> tuple[int, int]:
    for index, line in enumerate(lines):
        text = Passage((line,)).bare
        addressed = re.fullmatch(r".{1,60}(?:代表|委员|委员会|局|委|办|街道|镇|部|厅|院)(?:们)?(?:您好|你好)?[:]", text)
        if addressed and not SIGNATORY.search(text):
            return index, index
    marks = 0
    return marks, marks


def _own_numbers(title: Passage) -> tuple[Passage, list[Seen], list[tuple[Passage, int, int]]]:
    """The title without the document number in front of it or behind it, and without the class at its end."""
    text = title.bare
    numbers: list[Seen] = []
    rest: list[tuple[Passage, int, int]] = []
    start, end = 0, len(text)
    if (match := NUMBER.match(text)) and match.end() < len(text) and not text.startswith(("对", "关于", "就")):
        numbers.append(title.seen_group(match))
        start = match.end()
    while end > start:  # the class and the number, in either order
        if match := _TITLE_CLASS.search(text, start, end):
            rest.append((title, *match.span()))
        elif match := _TITLE_NUMBER.search(text, start, end):
            numbers.append(title.seen_group(match, "number"))
        else:
            break
        end = match.start()
    if match := _TITLE_YEAR_NUMBER.search(text, start, end):
        numbers.append(title.seen_group(match))
    return title.cut(start, end) or title, numbers, rest


# --- submission ---------------------------------------------------------------------------------------------------

_MEETING = re.compile(
    r"(?P<meeting>(?:(?!关于|对|就).){0,24}?(?:人大|政协|人民代表大会|政治协商会议|届)"
    r".{0,24}?次(?:会议|全会|全体会议|委员|大会)?)"
)
_LEAD = re.compile(r"^.*?(?:关于对|对于|关于|对|就|办理)(?=.{0,24}(?:人大|政协|人民代表大会|届))")
_SUBMISSION_NUMBER = re.compile(
    r"第(?P<number>[0-9A-Za-z\u3400-\u9fff]{0,6}?[0-9][0-9A-Za-z-]*)(?=号|(?:[、,和及](?:第)?\d|(?:代表)?建议|提案|议案|[“《\"]|关于))"
    r"|(?<=[、,和及])第?(?P<more>[0-9A-Za-z]*[0-9][0-9A-Za-z-]*)(?=号|[、,和及]第?\d)"
    r"|(?:会议|次)(?P<plain>(?:(?!第|提案|建议|自编)[\u3400-\u9fff]){0,3}?[0-9A-Za-z]*[0-9][0-9A-Za-z-]*)号"
)
_SUBMISSION_KIND = re.compile(r"提案|建议|议案")


def read_submission_words(title: Passage) -> RawSubmission:
    """What the title says of the submission: meeting, numbers, 提案 or 建议."""
    text = title.bare
    lead = _LEAD.match(text)
    begin = lead.end() if lead else 0
    meeting = _MEETING.match(text, begin) or (_MEETING.search(text, begin) if "届" in text else None)
    after = meeting.end("meeting") if meeting and "届" in meeting["meeting"] else 0
    if meeting is not None and "届" not in meeting["meeting"]:
        meeting = None
    quoted = [match.span() for match in re.finditer(r"[“《\"].*?[”》\"]", text)]
    numbers = [
        (name, match)
        for match in _SUBMISSION_NUMBER.finditer(text, max(0, after - 2))
        for name in ("number", "more", "plain")
        if match[name] is not None and not any(a <= match.start() < b for a, b in quoted)
    ]
    kind = _SUBMISSION_KIND.search(text, numbers[-1][1].end() if numbers else after) or _last(_SUBMISSION_KIND, text)
    return RawSubmission(
        title.seen_group(meeting, "meeting") if meeting else None,
        tuple(title.seen_group(match, name) for name, match in numbers),
        title.seen_group(kind) if kind else None,
    )


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    found = None
    for match in pattern.finditer(text):
        found = match
    return found
