"""公开属性: whether the letter may be public, and to what extent.

A mark is judged by its value, never by its label: the same label stands for the attribute on one portal and for the
extent on another. Every part of every mark must be known, and all must say the same. Unknown is no; two answers are no.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field

from domain.reading.place import Seen
from domain.reading.spelling import bare
from domain.reply import Disclosure, DisclosureAttribute, DisclosureExtent

# After `bare`, full-width signs are half-width; the three dots, 〔〕 and 【】 are left alone by NFKC.
_SEPARATORS = re.compile(r"[·•・/()〔〕\[\]【】“”\"'‘’:,、;。.—–-]+")
_NO_WORDS = frozenset({"", "注", "附注", "备注"})
# 此件公开发布 says of this letter what 公开 says.
_OF_THIS_LETTER = re.compile(
    r"(?:注|附注|备注)?(?:此件|本件|该件|此文|本文|该文|此函|本函|此复函|本答复|此答复|该答复|该复文|本文件)?(?:属于|属|为)?"
    r"(?P<word>.+?)(?:发布)?"
)
_NOT_PUBLIC = re.compile(
    r"(?:注|附注|备注|公开属性|公开方式|公开类型|公开类别|信息公开)?(?:此件|本件|该件|此文|本文|此函|本函|本答复|此答复)?"
    r"(?:依申请(?:公开)?|不予公开|免予公开|免于公开|不公开|不宜公开|不得公开|不可公开|不同意公开|暂不公开|非公开)(?:发布)?"
)

_LABEL = re.compile(r"^.{0,8}?公开(?:属性|方式|类型|类别|选项|形式|范围|情况|意见|程度|等级)?:")
# Words of which marks about openness are made, known ones and such as nobody has agreed upon.
_PHRASE = re.compile(
    r"(?:注|附注|备注|此件|本件|该件|此文|本文件?|该文|此函|本函|此复函|本答复|此答复|该?答复|内容"
    r"|是否|能否|可否|信息|公开(?:属性|方式|类型|类别|选项|形式|范围|意见|程度)?|属于?|为"
    r"|[不非未无免暂缓拟待须需应可能得宜准要]|予以?|于|同意|依|申请|主动|被动|全部|全文|摘要|部分|删减|节选|[后前经限]"
    r"|批准|审核|审批|审查|确定|待定|择机|适时|定向|限定|有条件|延期|内部|对外|对内|向社会|网上|在|或者?|[和及与]|范围|发布|公布|另行"
    r"|[?？!()〔〕\[\]【】“”\"/·•・,、;。:—–-])+"
)
_PHRASE_LENGTH = 30


@dataclass(frozen=True, slots=True)
class DisclosureWords:
    """What each word means. The keys are words without white space, in one width (`domain.reading.spelling.bare`)."""

    attributes: Mapping[str, DisclosureAttribute] = field(default_factory=dict)
    extents: Mapping[str, DisclosureExtent] = field(default_factory=dict)
    partial: frozenset[str] = frozenset()
    """Words for a part of the text: nothing that we could publish, because only the whole letter is at hand."""


@dataclass(frozen=True, slots=True)
class MarkReading:
    """What one mark says."""

    mark: Seen
    attributes: frozenset[DisclosureAttribute]
    extents: frozenset[DisclosureExtent]
    partial: bool
    unknown: bool


def read_mark(mark: Seen, words: DisclosureWords) -> MarkReading:
    """Every word of the mark, looked up: attribute, extent, or unknown. An empty mark is unknown."""
    known = {*words.attributes, *words.extents, *words.partial}
    parts = [_word(part, known) for part in _SEPARATORS.split(bare(mark.text)) if part not in _NO_WORDS]
    return MarkReading(
        mark,
        frozenset(words.attributes[part] for part in parts if part in words.attributes),
        frozenset(words.extents[part] for part in parts if part in words.extents),
        any(part in words.partial for part in parts),
        not parts or any(part not in known for part in parts),
    )


def _word(part: str, known: Container[str]) -> str:
    if part in known:
        return part
    match = _OF_THIS_LETTER.fullmatch(part)
    return match["word"] if match and match["word"] in known else part


def read_disclosure(marks: Iterable[Seen], words: DisclosureWords) -> Disclosure | None:
    """What all marks together say; None without a mark.

    The attribute is None unless every word is known, none speaks of a part, and all agree; and so is the extent.
    主动公开 without an extent leaves it open here: `domain.gate.review` decides what that means for this
    kind of letter.
    """
    readings = [read_mark(mark, words) for mark in marks]
    if not readings:
        return None
    attributes = frozenset[DisclosureAttribute]().union(*(reading.attributes for reading in readings))
    extents = frozenset[DisclosureExtent]().union(*(reading.extents for reading in readings))
    unclear = any(reading.unknown or reading.partial for reading in readings)
    clear = len(attributes) == 1 and len(extents) <= 1 and not unclear
    return Disclosure(
        raw=readings[0].mark.raw,
        attribute=next(iter(attributes)) if clear else None,
        extent=next(iter(extents), None) if clear else None,
        marks=tuple(reading.mark for reading in readings),
    )


def is_not_public_line(text: str) -> bool:
    """Whether a line or a note of the letter is, as a whole, a mark that it is not public: （依申请公开）."""
    return _NOT_PUBLIC.fullmatch("".join(_SEPARATORS.split(bare(text)))) is not None


def is_disclosure_phrase(text: str) -> bool:
    """Whether a line that stands by itself says nothing but something about openness, be it known words or not."""
    words = bare(text)
    return (
        ("公开" in words or "依申请" in words) and len(words) <= _PHRASE_LENGTH and _PHRASE.fullmatch(words) is not None
    )


def words_alone(text: str) -> str:
    """The words of a mark without its label, brackets and dots, to tell whether two are the same."""
    return "".join(part for part in _SEPARATORS.split(_LABEL.sub("", bare(text))) if part not in _NO_WORDS)


def opens(mark: Seen, words: DisclosureWords) -> bool:
    """Whether the mark says 主动公开 and nothing else."""
    reading = read_mark(mark, words)
    return reading.attributes == {DisclosureAttribute.PROACTIVE} and not (reading.unknown or reading.partial)
