"""Whether the text layer of a page can be read at all. What cannot be read is never published as if it had been."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from domain.gate.evidence import PageSource
from domain.gate.finding import Finding, find
from domain.reading.page import PageSignals, PageText
from domain.reading.place import Box, Seen
from domain.reading.spelling import bare, is_chinese

_UNMAPPED_SHARE = 0.01
_COMMON_SHARE = 0.4
"""Measured: 0.75 and more on clean pages, 0.06 and less where the file does not say what its glyphs mean."""
_CHINESE_SHARE = 0.2
_LEAST_CHARACTERS = 20
"""A page with fewer says too little to be judged by its characters."""
_SCAN_SHARE = 0.8
"""A picture that covers so much of the page is the page."""
_PICTURE_SHARE = 0.15
"""A picture that covers so much of the page may hold a part of the letter; a seal covers 0.03."""
_MISREAD_SHARE = 0.03
"""Where a recogniser and the text layer differ by no more, the recogniser is wrong."""
_MORE_IN_PICTURE = 12
"""So many characters more are a sentence that the text layer does not have."""
RECOGNISABLE = frozenset({"page-without-text", "text-garbled", "text-in-picture"})
"""The codes of pages that a recogniser should look at."""
_CONFIRMED = "pdfium+ocr"
_READ_BY_OCR = {
    "page-without-text": "page-read-by-ocr",
    "text-garbled": "garbled-page-read-by-ocr",
    "text-in-picture": "picture-read-by-ocr",
}

_COMMON = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民"
    "得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那"
    "社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已"
    "通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九"
    "区强放决西被干做必战先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联什认六共权收证改"
    "清己美再采转更单风切打白教速花带安场身车例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集温传土许"
    "步群广石记需段研界拉林律叫且究观越织装影算低持音众书布复容儿须际商非验连断深难近矿千周委素技备半办青省列习响约支般史感劳便"
    "团往酸历市克何除消构府称太准精值号率族维划选标写存候毛亲快效斯院查江型眼王按格养易置派层片始却专状育厂京识适属圆包火住调满"
    "县局照参红细引听该铁价严推服项镇街村城环境优促落镇障督责范围协提案答您谢感卫医疗教师企创"
)


def gate(pages: Sequence[PageText]) -> tuple[Finding, ...]:
    """One finding for each page whose text layer is missing, meaningless or hidden behind a picture."""
    found = (_judged(page) for page in pages)
    return tuple(finding for finding in found if finding is not None)


def _judged(page: PageText) -> Finding | None:
    code = unreadable(page)
    return None if code is None else find(code, _whole(page), number=str(page.page))


def recognised(layer: PageText, seen: PageText) -> tuple[PageText, Finding | None]:
    """Which of two readings of one page is to be believed, its text layer or what a recogniser saw; and what to say.

    The text layer is only believed where nothing speaks against it but a picture beside the text, and the recogniser
    sees the same text and no other. Where the recogniser sees ink and no text, the page stays unread.
    """
    code = unreadable(layer)
    if code is None:
        return layer, None
    if code == "text-in-picture" and _same_text(layer, seen):
        return replace(layer, reader=_CONFIRMED), None
    if not seen.runs:
        return (seen if seen.signals == PageSignals() else layer), None
    return seen, find(_READ_BY_OCR[code], _whole(layer), number=str(layer.page))


def _whole(page: PageText) -> Seen:
    return Seen("", "", Box(page.page, 0.0, 0.0, page.width, page.height), page.reader)


def _same_text(layer: PageText, seen: PageText) -> bool:
    written, read = _characters(layer), _characters(seen)
    missing, more = (written - read).total(), (read - written).total()
    allowed = _MISREAD_SHARE * written.total()
    return missing <= allowed and more <= max(allowed, _MORE_IN_PICTURE)


def _characters(page: PageText) -> Counter[str]:
    return Counter(char for run in page.runs for char in bare(run.text) if char.isalnum())


def unreadable(page: PageText) -> str | None:
    """The code of what is wrong with the text of the page; None if it can be read."""
    if page.source is PageSource.OCR:
        return "text-garbled" if page.runs and _is_garbled(page) else None
    if page.reader == _CONFIRMED:
        return None
    signals = page.signals
    if not signals.characters:
        # Nothing on it at all is an empty page, and no loss.
        return "page-without-text" if signals.image_share or signals.drawings else None
    if signals.image_share > _SCAN_SHARE and signals.invisible:
        return "page-without-text"  # recognised text behind a scan: nobody has compared the two
    if signals.unmapped > signals.characters * _UNMAPPED_SHARE or _is_garbled(page):
        return "text-garbled"
    return "text-in-picture" if signals.image_share > _PICTURE_SHARE else None


def _is_garbled(page: PageText) -> bool:
    words = [char for run in page.runs for char in run.text if char.isalpha() or _is_meaningless(char)]
    if len(words) < _LEAST_CHARACTERS:
        return any(_is_meaningless(char) for char in words)
    chinese = [char for char in words if is_chinese(char)]
    meaningless = sum(map(_is_meaningless, words))
    if len(chinese) < len(words) * _CHINESE_SHARE or meaningless > len(words) * _UNMAPPED_SHARE:
        return True
    return sum(char in _COMMON for char in chinese) < len(chinese) * _COMMON_SHARE


def _is_meaningless(char: str) -> bool:
    """Private use, the replacement character, no character at all."""
    return "\ue000" <= char <= "\uf8ff" or char in "\ufffd\0" or char >= "\U000f0000"
