"""What is not as the standard asks but stops nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from domain.document_number import DocumentNumber
from domain.gate.case import Case
from domain.gate.finding import Finding, find
from domain.reading.paragraph import Paragraph, Role
from domain.reading.place import Seen
from domain.reading.spelling import bare

_DOUBLED = re.compile(r"关于关于|委员委员|代表代表|的的|::|：：|的(?:建议|提案)[”\"》]的(?:建议|提案)")
_MARKUP = re.compile(
    r"@font-face|<!--.{0,40}?-->|</?(?:p|br|div|span|font|table|td|tr|style|o:p)\b[^>]{0,80}>|&(?:nbsp|lt|gt|amp|quot);"
    r"|分享到[:：]|打印本页|关闭窗口|扫一扫在手机打开|浏览次数[:：]|字号[:：]\s?大"
    r"|mso-[a-z-]+:|\{[^{}]{0,20}(?:font|margin|text)-[a-z]+:",
    re.IGNORECASE,
)
_EMPTY_PAGE = re.compile(r"[(（]?此页无正文[)）]?")


def document_number(case: Case) -> Iterator[Finding]:
    """Hexagonal brackets, no 第, no leading zero (7.2.5)."""
    for seen in case.raw.document_numbers:
        number = DocumentNumber.read(seen.text)
        if number is not None and not bare(seen.text).startswith(str(number)):
            yield find("document-number-style", seen, written=seen.text, standard=str(number))


def salutation(case: Case) -> Iterator[Finding]:
    """A full-width colon behind the addressee (7.3.2)."""
    for paragraph in case.raw.paragraphs:
        if paragraph.role is Role.SALUTATION and not paragraph.text.rstrip().endswith("："):
            yield find("salutation-colon", _seen(paragraph))


def doubled_words(case: Case) -> Iterator[Finding]:
    """Slips that a second look would have found."""
    yield from _found(case, _DOUBLED, "words-doubled", "words")


def markup(case: Case) -> Iterator[Finding]:
    """What a word processor or a web page left behind."""
    yield from _found(case, _MARKUP, "markup-residue", "residue")


def empty_page(case: Case) -> Iterator[Finding]:
    """此页无正文 belongs to no published text."""
    yield from _found(case, _EMPTY_PAGE, "empty-page-note", "words")


def _found(case: Case, pattern: re.Pattern[str], code: str, name: str) -> Iterator[Finding]:
    title = (case.raw.title,) if case.raw.title else ()
    for seen in (*title, *(_seen(paragraph) for paragraph in case.raw.paragraphs)):
        if match := pattern.search(seen.text):
            yield find(code, Seen(match[0], match[0], seen.box), grade=None, **{name: match[0]})


def _seen(paragraph: Paragraph) -> Seen:
    return Seen(paragraph.text, paragraph.text, paragraph.boxes[0] if paragraph.boxes else None)


CHECKS = (document_number, salutation, doubled_words, markup, empty_page)
