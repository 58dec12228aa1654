"""Whether the text layer of a page can be read at all. What cannot be read is never published as if it had been."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from domain.gate.evidence import PageSource
from domain.gate.finding import Finding, find
from domain.reading.common_words import COMMON_WORDS
from domain.reading.page import MOST_CHARACTERS, PageSignals, PageText, TextRun
from domain.reading.place import Box, Seen
from domain.reading.spelling import bare
from domain.reading.traditional import traditional_share

_UNMAPPED_SHARE = 0.01
_COMMON_SHARE = 0.4
"""Measured: 0.75 and more on clean pages, 0.06 and less where the file does not say what its glyphs mean."""
_WORD_SHARE = 0.06
"""Of the pairs of neighbouring Chinese characters: measured 0.16 and more on pages of letters, 0.02 and less where the
characters are common ones in disorder, as a table makes them that says wrong things about the glyphs of a font."""
_ENOUGH_PAIRS, _LEAST_PAIRS = 40, 20
"""With fewer than the first a page must have no word at all, and with fewer than the second it says too little."""
_CHINESE_SHARE = 0.2
_FOREIGN_SHARE = 0.8
_TRADITIONAL_SHARE = 0.05
"""Measured: 0 on letters in simplified characters, 0.2 and more on the same in traditional ones."""
_LEAST_CHARACTERS = 20
"""A page with fewer says too little to be judged by its characters."""
_SCAN_SHARE = 0.8
"""A picture that covers so much of the page is the page."""
_PICTURE_SHARE = 0.15
"""A picture that covers so much of the page may hold a part of the letter; a seal covers 0.03."""
_ALLOWED = {"text-in-picture": 0.03, "text-garbled": 0.005}
"""Where a recogniser and the text layer differ by no more, the recogniser is wrong and the text layer right after all:
a list of names is no prose."""
_MORE_IN_PICTURE = 12
"""So many characters more are a sentence that the text layer does not have."""
_CHINESE = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")
_LATIN = re.compile("[A-Za-z]{2,}")
_VOWELS = frozenset("aeiouy")
_MEANINGLESS = re.compile("[\ue000-\uf8ff\ufffd\0\U000f0000-\U0010ffff]")
"""Private use, the replacement character, no character at all."""
RECOGNISABLE = frozenset({"page-without-text", "text-garbled", "text-in-picture", "text-turned"})
"""The codes of pages that a recogniser should look at."""
_CONFIRMED = "pdfium+ocr"
_READ_BY_OCR = {
    "page-without-text": "page-read-by-ocr",
    "text-garbled": "garbled-page-read-by-ocr",
    "text-in-picture": "picture-read-by-ocr",
    "text-turned": "turned-page-read-by-ocr",
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
    codes = suspicions(pages)
    return tuple(find(codes[page.page], _whole(page), number=str(page.page)) for page in pages if page.page in codes)


def suspicions(pages: Sequence[PageText]) -> dict[int, str]:
    """The code of what is wrong with each page that cannot be believed.

    Pages share their fonts: where one page is garbled, no other text of the file is believed unseen.
    """
    codes = {page.page: code for page in pages if (code := unreadable(page)) is not None}
    if "text-garbled" in codes.values():
        others = (page for page in pages if page.source is PageSource.TEXT and page.reader != _CONFIRMED and page.runs)
        codes = {page.page: "text-garbled" for page in others} | codes
    return codes


def recognised(layer: PageText, seen: PageText, code: str) -> tuple[PageText, Finding | None]:
    """Which of two readings of one page is to be believed, its text layer or what a recogniser saw; and what to say.

    `code` is what is wrong with the text layer.

    The text layer is only believed where nothing speaks against it but a picture beside the text, and the recogniser
    sees the same text and no other. Where the recogniser sees ink and no text, the page stays unread.
    """
    if code in _ALLOWED and _same_text(layer, seen, _ALLOWED[code]):
        return replace(layer, reader=_CONFIRMED), None
    if not seen.runs:
        return (seen if seen.signals == PageSignals() else layer), None
    return seen, find(_READ_BY_OCR[code], _whole(layer), number=str(layer.page))


def _whole(page: PageText) -> Seen:
    return Seen("", "", Box(page.page, 0.0, 0.0, page.width, page.height), page.reader)


def _same_text(layer: PageText, seen: PageText, share: float) -> bool:
    written, read = _characters(layer), _characters(seen)
    missing, more = (written - read).total(), (read - written).total()
    allowed = share * written.total()
    return missing <= allowed and more <= max(allowed, _MORE_IN_PICTURE)


def _characters(page: PageText) -> Counter[str]:
    return Counter(char for run in page.runs for char in bare(run.text) if char.isalnum())


def unreadable(page: PageText) -> str | None:
    """The code of what is wrong with the text of the page; None if it can be read."""
    text = "\n".join(run.text for run in page.runs)
    if page.source is PageSource.OCR or page.reader == _CONFIRMED:
        garbled = page.source is PageSource.OCR and page.runs and _is_garbled(text)
        return _other_language(text) or ("text-garbled" if garbled else None)
    signals = page.signals
    if signals.characters > MOST_CHARACTERS:
        return "page-overcrowded"
    if not signals.characters:
        # Nothing on it at all is an empty page, and no loss.
        return "page-without-text" if signals.image_share or signals.drawings else None
    if signals.image_share > _SCAN_SHARE and signals.invisible:
        return "page-without-text"  # recognised text behind a scan: nobody has compared the two
    if _is_turned(page):
        return "text-turned"
    if signals.unmapped > signals.characters * _UNMAPPED_SHARE:
        return "text-garbled"
    if (other := _other_language(text)) is not None:
        return other
    if _is_garbled(text):
        return "text-garbled"
    return "text-in-picture" if signals.image_share > _PICTURE_SHARE else None


def _is_turned(page: PageText) -> bool:
    """Upside down, sideways, or in columns from top to bottom: most of it."""
    turned = sum(len(run.text) for run in page.runs if not run.upright)
    beneath = sum(_is_beneath(one, other) for one, other in pairwise(page.runs))
    return max(turned, beneath) * 2 > sum(len(run.text) for run in page.runs)


def _is_beneath(one: TextRun, other: TextRun) -> bool:
    """One character right under another."""
    alone = len(one.text) == len(other.text) == 1
    return alone and abs(one.lefts[0] - other.lefts[0]) < one.size / 2 and one.baseline > other.baseline


def _other_language(text: str) -> str | None:
    """The code of a page that is written in another language, or in another script, than letters are."""
    letters = sum(map(str.isalpha, text))
    if letters < _LEAST_CHARACTERS:
        return None
    # English has a vowel in nearly every word; a font without meaning gives any letters.
    words = [word.lower() for word in _LATIN.findall(text)]
    if sum(map(len, words)) > letters * _FOREIGN_SHARE and _vowels(words) > len(words) * _FOREIGN_SHARE:
        return "page-foreign"
    return "page-traditional" if traditional_share(text) > _TRADITIONAL_SHARE else None


def _vowels(words: Sequence[str]) -> int:
    return sum(not _VOWELS.isdisjoint(word) for word in words)


# One string and patterns: every page of every letter is asked this.
def _is_garbled(text: str) -> bool:
    chinese, meaningless = "".join(_CHINESE.findall(text)), len(_MEANINGLESS.findall(text))
    words = sum(map(str.isalpha, text)) + meaningless
    if words < _LEAST_CHARACTERS:
        return meaningless > 0
    if len(chinese) < words * _CHINESE_SHARE or meaningless > words * _UNMAPPED_SHARE:
        return True
    if sum(map(_COMMON.__contains__, chinese)) < len(chinese) * _COMMON_SHARE:
        return True
    return _is_disorder(text.replace(" ", ""))


def _is_disorder(text: str) -> bool:
    """Chinese characters without words."""
    together = sum(len(stretch) - 1 for stretch in _CHINESE.findall(text))
    known = sum(one + other in COMMON_WORDS for one, other in pairwise(text))
    return known < together * _WORD_SHARE if together >= _ENOUGH_PAIRS else not known and together >= _LEAST_PAIRS
