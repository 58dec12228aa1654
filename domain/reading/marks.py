"""Marks: the few words that decide whether a letter may be public, and what came of the submission.

A mark stands alone: a line, a note in brackets, what is left of a line after the document number. The same words in a
sentence are no mark. Everything here works on `Passage.bare`: one width, no white space.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from domain.disclosure import is_disclosure_phrase, words_alone
from domain.reading.passage import Passage
from domain.reading.place import Seen
from domain.reading.secrecy_words import SECRECY, STARRED, secrecy_mark
from domain.reading.spelling import bare

RESULT_LABEL = (
    r"(?:(?:办理|办复|办结|答复|结果|落实)(?:结果|类别|类型|分类|情况类别|等级)"
    r"|(?:建议|提案)?办理结果(?:类别|分类)?|类别|分类)"
)
DISCLOSURE_LABEL = (
    r"(?:(?:政府|政务)?(?:信息)?公开(?:属性|类型|方式|类别|选项|形式|范围|情况|意见|程度|等级)"
    r"|(?:是否|能否|可否)(?:同意|可以|主动|予以|全文|依申请|不予|不){0,2}(?:对外|向社会)?公开(?:发布)?)"
)
SECRECY_LABEL = r"(?:密级(?:和保密期限)?|保密(?:等级|级别|期限)|秘密等级|涉密等级)"
_OTHER_LABEL = (
    r"(?:签发人?|领导签发|联系人|联系电话|电话|编号|文号|发文字号|索引号|承办单位|承办人|主办单位|紧急程度|份号|日期)"
)
_ANY_LABEL = rf"(?:{RESULT_LABEL}|{DISCLOSURE_LABEL}|{SECRECY_LABEL}|{_OTHER_LABEL})"
_LABELLED = re.compile(
    rf"(?:(?P<result>{RESULT_LABEL})|(?P<disclosure>{DISCLOSURE_LABEL})|(?P<secrecy>{SECRECY_LABEL})):"
    rf"(?P<value>.*?)(?=[;；,，、|/·]?{_ANY_LABEL}:|$)"
)
_LABEL_FIRST = re.compile(rf"[(\[〔《“]?(?:{RESULT_LABEL}|{DISCLOSURE_LABEL}|{SECRECY_LABEL}):")
_LABEL_WITHOUT_COLON = re.compile(
    r"(?:(?P<result>办理结果|办理类别|办复类别)|(?P<disclosure>公开属性|公开方式|公开类型))(?P<value>[^:]{1,12})"
)

_OPEN, _CLOSE = r"[(〔\[“\"《<]", r"[)〕\]”\"》>]"
_CLASS = r"[A-Da-dＡ-Ｄ甲乙丙丁]\d?"
_BARE_RESULT = (
    rf"{_OPEN}(?P<class1>{_CLASS})(?:类|级)?{_CLOSE}|{_OPEN}?(?P<class2>{_CLASS}(?=类)|(?=类))类(?:{_CLOSE})?"
)
_RESULT_WORDS = (
    r"解决或采纳|解决采纳|采纳解决|已经?(?:基本)?解决(?:或采纳)?|已采纳|部分采纳|部分解决|基本解决|正在解决|计划解决|逐步解决"
    r"|列入计划(?:拟|逐步)?解决|列入规划(?:逐步)?解决|留作参考|难以解决|暂难解决"
)
_DOCUMENT = r"(?:此件|本件|该件|此文|本文|此函|本函|该文|此复函|本答复|此答复|答复|本文件|该答复|该复文|全文|内容)"
_BARE_DISCLOSURE = (
    rf"{_DOCUMENT}{{0,2}}(?:属于?|为|可以?|予以|拟)?"
    r"(?:不?同意|不予|不宜|不得|不可|暂不|免予|免于|依申请|主动|全文|摘要|部分|删减后?|全部|不|非)*"
    r"(?:向社会|对外|在网上|网上)?公开(?:发布)?(?:[·•・/,、\-—(](?:全文|摘要|部分|全部|删减)(?:公开|发布)?\)?)?"
)
_BARE_SECRECY = rf"{SECRECY}|(?:此件|本件|该件)?(?:不公开|不得公开|不宜公开|不可公开|非公开)(?:发布)?"
_BARE_OTHER = r"\d{6}|特提|特急|加急|平急|急件|份号:?\d+"
_WHOLE = re.compile(
    rf"(?P<result>{_BARE_RESULT}|{_RESULT_WORDS})|(?P<secrecy>{_BARE_SECRECY})|(?P<disclosure>{_BARE_DISCLOSURE})"
    rf"|(?P<other>{_BARE_OTHER})"
)
_FILLING = re.compile(r"[\s()〔〕\[\]“”\"《》<>,，、;；。.·•/|:!！]+|注:|附注:|备注:")
_SECRECY_WITHIN = re.compile(SECRECY)
_SECRECY_NONE = frozenset({"", "无", "非密", "公开", "普通", "一般", "—", "-", "/"})
_DENIED = re.compile(r"不公开|不得公开|不宜公开|不可公开|非公开")
_BROKEN_OVER = 5
"""Lines over which a mark may be broken."""
_MARK_LENGTH = 40
"""A paragraph that is longer is no mark, even if it begins with a label."""


@dataclass(slots=True)
class Marks:
    """What was found so far, in the order of reading."""

    results: list[Seen] = field(default_factory=list)
    disclosures: list[Seen] = field(default_factory=list)
    secrecies: list[Seen] = field(default_factory=list)

    def look(self, passages: Iterable[Passage]) -> None:
        """Marks in lines that stand for themselves: above the title, below the date, in a running head."""
        for passage in passages:
            self.look_at(passage)

    def look_at(self, passage: Passage, start: int = 0, end: int | None = None) -> bool:
        """Marks in one line or note, or in a part of it. Whether it holds nothing else."""
        text = passage.bare[start:end]
        self.look_for_stars(passage)
        return self._labelled(passage, text, start) or self._alone(passage, text, start)

    def look_into(self, passage: Passage) -> bool:
        """The same for a paragraph of the letter, which is a mark as a whole or not at all."""
        self.look_for_stars(passage)
        text = passage.bare
        if len(text) > _MARK_LENGTH:
            return False
        if _LABEL_FIRST.match(text) and self._labelled(passage, text, 0):
            return True
        return self._alone(passage, text, 0)

    def look_for_stars(self, passage: Passage) -> None:
        """秘密★1年 is a mark wherever it stands: no sentence has the star."""
        if "密" in passage.bare:
            self._add(self.secrecies, *(passage.seen_group(match) for match in STARRED.finditer(passage.bare)))

    def look_for_what_closes(self, passage: Passage) -> None:
        """A piece of a line that stands by itself: beside another mark, below the imprint."""
        if secrecy_mark(passage.bare) is not None:
            self.add_secrecy(passage.seen())
        elif is_disclosure_phrase(passage.bare):
            self.add_unread(passage.seen())

    def add_unread(self, seen: Seen) -> None:
        """A mark about openness that may have been read already, with its label or without brackets."""
        words = words_alone(seen.text)
        if all(words_alone(mark.raw) != words for mark in self.disclosures):
            self.add_unknown(seen)

    def look_over_lines(self, passages: Sequence[Passage]) -> None:
        """暂不 / 公开: a mark whose words stand on several lines, none of which says anything alone."""
        for first in range(len(passages)):
            for last in range(first + 2, min(first + _BROKEN_OVER, len(passages)) + 1):
                parts = passages[first:last]
                if not all(is_marks(part) for part in parts):
                    self.look_for_what_closes(Passage(tuple(line for part in parts for line in part.lines)))

    def look_for_secrecy_within(self, passage: Passage) -> None:
        """Above the title nothing is a sentence: the words are a mark wherever they stand in a line."""
        for match in _SECRECY_WITHIN.finditer(passage.bare):
            self.add_secrecy(passage.seen_group(match))

    def add_secrecy(self, seen: Seen) -> None:
        """A secrecy mark that may have been seen already as a part of a longer one."""
        if not any(bare(seen.text) in bare(mark.raw) and mark.page == seen.page for mark in self.secrecies):
            self._add(self.secrecies, seen)

    def add_unknown(self, seen: Seen) -> None:
        """Words about disclosure that are no known mark: review must see them, and an unknown mark is a no."""
        self._add(self.disclosures, seen)

    def look_at_pair(self, label: str, value: str, seen: Seen) -> None:
        """A label and its value in two cells of a table."""
        for match in _LABELLED.finditer(f"{label.rstrip(':')}:{value}"):
            self._value(match, Seen(value, seen.raw, seen.box, seen.reader, seen.confidence))

    def _labelled(self, passage: Passage, text: str, start: int) -> bool:
        matches = list(_LABELLED.finditer(text))
        if not matches and (match := _LABEL_WITHOUT_COLON.fullmatch(text)):
            self._value(match, _inner(passage, start + match.start("value"), start + match.end("value")), colon=False)
            return True
        for match in matches:
            self._value(match, _inner(passage, start + match.start("value"), start + match.end("value")))
        return bool(matches) and matches[0].start() <= 1

    def _value(self, match: re.Match[str], seen: Seen, *, colon: bool = True) -> None:
        if match["result"]:
            self._add(self.results, _without_class_word(seen))
        elif match["disclosure"]:
            self._add(self.disclosures, _answered(match["disclosure"], seen))
            if _DENIED.search(match["value"]):
                self._add(self.secrecies, seen)
        elif colon and seen.text.strip("()（）") not in _SECRECY_NONE:
            self._add(self.secrecies, seen)

    def _alone(self, passage: Passage, text: str, start: int) -> bool:
        """The text is nothing but marks and what stands between them."""
        found: list[re.Match[str]] = []
        at = 0
        while at < len(text):
            match = _longest(text, at)
            if match is not None:
                found.append(match)
                at = match.end()
            elif filling := _FILLING.match(text, at):
                at = filling.end()
            else:
                return False
        for match in found:
            self._bare(passage, match, start)
        return any(match.lastgroup != "other" for match in found)

    def _bare(self, passage: Passage, match: re.Match[str], start: int) -> None:
        span = start + match.start(), start + match.end()
        if match["result"] is not None:
            group = next((name for name in ("class1", "class2") if match[name] is not None), "result")
            letter = match[group] or match["result"]
            self._add(self.results, passage.seen(*span, text=letter))
        elif match["secrecy"] is not None:
            self._add(self.secrecies, passage.seen(*span))
            if "公开" in match["secrecy"]:
                self._add(self.disclosures, passage.seen(*span))
        elif match["disclosure"] is not None:
            self._add(self.disclosures, passage.seen(*span))

    @staticmethod
    def _add(where: list[Seen], *marks: Seen) -> None:
        where += [mark for mark in marks if mark not in where]


def is_marks(passage: Passage) -> bool:
    """Whether the line or paragraph is nothing but marks."""
    return Marks().look_into(passage)


def _longest(text: str, at: int) -> re.Match[str] | None:
    match = _WHOLE.match(text, at)
    return match if match is not None and match.end() > at else None


def _inner(passage: Passage, start: int, end: int) -> Seen:
    """A value without the brackets around all of it."""
    text = passage.bare
    while start < end and text[end - 1] in "。;；,，.":
        end -= 1
    if end - start > 1 and text[start] in '([〔“"' and text[end - 1] in ')]〕”"':
        inside = text[start + 1 : end - 1]
        if not any(sign in inside for sign in "()[]〔〕"):
            start, end = start + 1, end - 1
    return passage.seen(start, end)


def _answered(label: str, seen: Seen) -> Seen:
    """是否同意公开：是 means nothing without its question, so the answer is given in full."""
    if not label.startswith(("是否", "能否", "可否")):
        return seen
    asked = re.sub(r"^(?:是否|能否|可否)(?:同意|可以|予以)?", "", label)
    answer = seen.text.strip("()（）〔〕[] ")
    if answer in _YES and asked in {"公开", "主动公开", "全文公开", "公开发布", "对外公开", "向社会公开"}:
        text = "同意公开"
    elif answer in _NO:
        text = "不同意公开"
    else:
        text = f"{label}：{seen.text}"
    return Seen(text, seen.raw, seen.box, seen.reader, seen.confidence)


_YES = frozenset({"是", "同意", "可", "可以", "同意公开", "√", "✓", "☑"})
_NO = frozenset({"否", "不", "不同意", "不可", "不可以", "不宜", "不同意公开", "×", "✗"})


def _without_class_word(seen: Seen) -> Seen:
    if re.fullmatch(rf"[(（]?{_CLASS}[)）]?类", seen.text):
        return Seen(seen.text.strip("()（）类"), seen.raw, seen.box, seen.reader, seen.confidence)
    return seen
