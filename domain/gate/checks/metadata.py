"""What the file says beside its pages is public with it: names in its properties, texts nobody sees on the page."""

from __future__ import annotations

import re
from collections.abc import Iterator

from domain.disclosure import is_not_public_line
from domain.gate.case import Case
from domain.gate.evidence import FileText, Place
from domain.gate.finding import Finding, find
from domain.gate.personal_data import personal_data
from domain.reading.secrecy_words import secrecy_mark, secrecy_mark_in_brackets
from domain.reading.spelling import bare

_ORGANISATION = re.compile(
    r".*(?:政府|委员会|人大|政协|办公室|办公厅|局|厅|部|委|院|处|科|股|室|会|中心|所|站|队|办|组|公司|集团|学校|大学|中学|小学|医院)"
)
_NOBODY = frozenset(
    {"administrator", "admin", "user", "users", "guest", "owner", "anonymous", "(anonymous)", "unknown", "unspecified"}
    | {"(unspecified)", "author", "none", "null", "test", "pc", "hp", "dell", "lenovo", "asus", "acer", "huawei", "wps"}
    | {"thinkpad", "microsoft", "windows", "apache", "kingsoft", "adobe", "root", "system", "windowsuser", "apachepoi"}
    | {"windows用户", "microsoftofficeuser", "microsoftoffice用户", "python-docx", "用户", "微软用户", "管理员", "匿名"}
    | {"系统管理员", "作者", "未知", "佚名", "联想", "惠普", "戴尔", "华为"}
)
"""What programs and computers write where nobody wrote a name."""
_EMPTY_TITLES = re.compile(
    r"(?:microsoftword-)?(?:untitled|无标题|未命名|letter|reply|print|output|document|doc|文档|新建.{0,16}文档)?\d*"
)
_FILE_NAME = re.compile(r"^Microsoft Word - |\.(?:docx?|wps|pdf|ofd|txt|html?)$", re.IGNORECASE)
_ALIKE = 0.8
"""Of the pairs of neighbouring characters of a text: so many also stand in the letter where it only repeats it."""
_TOLD = 6
"""Findings of one kind; a file with more has one problem, not many."""


def names(case: Case) -> Iterator[Finding]:
    """A property that names the person who wrote or changed the file. An office or a computer is no person."""
    said = dict.fromkeys(text.text.strip() for text in case.evidence.texts if text.place is Place.PERSON)
    for name in [name for name in said if _is_person(name)][:_TOLD]:
        yield find("author-named", masked=f"{name[:1]}**")


def _is_person(name: str) -> bool:
    plain = bare(name).lower()
    return bool(plain) and plain not in _NOBODY and not _ORGANISATION.fullmatch(plain) and not plain.isdigit()


def words(case: Case) -> Iterator[Finding]:
    """Private data, secrecy and disclosure marks count in the file's own texts as they do in the letter."""
    for text in case.evidence.texts:
        for datum in personal_data(text.text):
            yield find(datum.code, masked=datum.masked)
        if mark := secrecy_mark(text.text) or secrecy_mark_in_brackets(text.text):
            yield find("secrecy-mark", mark=mark)
        if is_not_public_line(text.text):
            code = "disclosure-on-application" if "依申请" in bare(text.text) else "disclosure-withheld"
            yield find(code, mark=bare(text.text)[:12])


def unseen(case: Case) -> Iterator[Finding]:
    """A title, a bookmark, a keyword that says what the letter does not: often another letter, whose file was used."""
    if case.unread:
        return
    letter = bare("".join(paragraph.text for paragraph in case.raw.paragraphs)) + _fields(case)
    pairs = {letter[at : at + 2] for at in range(len(letter) - 1)}
    strange = [text for text in case.evidence.texts if text.place is not Place.PERSON and _is_strange(text, pairs)]
    if strange:
        yield find(
            "metadata-text", count=str(len(strange)), where="、".join(sorted({_where(text) for text in strange}))
        )


def _fields(case: Case) -> str:
    raw = case.raw
    seen = (raw.title, raw.masthead, raw.signature_block, *raw.document_numbers, *raw.addressees, *raw.attachments)
    return bare("".join(each.text for each in seen if each is not None))


def _is_strange(text: FileText, pairs: set[str]) -> bool:
    plain = bare(_FILE_NAME.sub("", _FILE_NAME.sub("", text.text.strip())))
    if len(plain) < 2 or plain.lower() in _NOBODY or _EMPTY_TITLES.fullmatch(plain.lower()):
        return False
    own = [plain[at : at + 2] for at in range(len(plain) - 1)]
    return sum(pair in pairs for pair in own) < _ALIKE * len(own)


_PLACES = {Place.PROPERTY: "文件属性", Place.BOOKMARK: "书签", Place.LABEL: "页码标签", Place.LAYER: "图层名"}


def _where(text: FileText) -> str:
    shown = re.sub(r"[^A-Za-z]", "", text.name)[:20]
    return _PLACES[text.place] + (f" {shown}" if shown else "")


CHECKS = (names, words, unseen)
