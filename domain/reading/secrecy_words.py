"""The words of secrecy and internal marks, and what tells a mark from a sentence that only speaks of secrets.

A mark stands for itself: a line, a note, a cell, brackets behind the title. The one exception is the star, which no
sentence has: 秘密★1年 is a mark wherever it stands (GB/T 9704-2012, 7.2.2).
"""

from __future__ import annotations

import re

from domain.reading.spelling import bare

_LEVEL = r"(?:绝密|机密|秘密)"
_TIME = r"(?:[0-9〇一二三四五六七八九十]{1,3}(?:年|个?月|天|日)|长期|启用前|解密前)"
# What a recogniser takes a star for.
_STAR = r"(?:[★☆✩⭐*＊]{1,2}|[^一-鿿0-9A-Za-z]?[大女文]?)"
_PERIOD = rf"(?:{_STAR}{_TIME}|[★☆✩⭐*＊]{{1,2}})?"
_PAPER = r"(?:资料|文件|材料|信息|件|刊物?)"
SECRECY = (
    rf"(?:(?:此件|本件|该件|此文|本文件?|本资料|此函|本函)(?:为|系|属于?)?)?(?:"
    rf"{_LEVEL}级?{_PAPER}?{_PERIOD}"
    rf"|(?:仅供|仅限|限于?|供)?(?:本?单位|系统|机关)?内部(?:{_PAPER}|参考|使用|掌握|公开|传阅|发行|交流)*"
    rf"|(?:工作秘密|商业秘密|技术秘密|涉密){_PAPER}?{_PERIOD}"
    r"|请?(?:阅读|传阅|会议|使用|阅|会|看|用)(?:完毕|后|毕)(?:请|须|应|需)?(?:立即|及时)?"
    r"(?:统一)?(?:收回|退回|交回|销毁|归还|焚毁|即焚|清退)"
    r"|[请须]?(?:注意|妥善|严格)(?:保密|保存|保管)"
    r"|(?:不得|严禁|请勿|禁止|切勿|不准|不要)(?:对外|向外|擅自|私自)*"
    r"(?:外传|传播|转载|复印|复制|翻印|泄露|扩散|发布|公布|外泄|转发|上网)"
    r"|(?:发至|传达到|传达至)[一-鿿]{1,8}级"
    r")"
)
"""One mark, on text without white space."""
_LABEL = r"(?:密级(?:和保密期限)?|保密(?:等级|级别|期限)|秘密等级|涉密等级):?"
_FILLING = r"[()〔〕\[\]【】“”\"《》<>,、;。.·•/|:!\-—★]|\d{6}|注:|附注:|特急|加急|平急"
_WHOLE = re.compile(rf"(?:{_LABEL}(?:{_LEVEL}级?{_PERIOD}|{_TIME})|{SECRECY}|{_FILLING})+")
_ANY = re.compile(SECRECY)
STARRED = re.compile(
    # 商业秘密★ is the owner's mark, 国家秘密★ stands in sentences about the law.
    rf"(?<!商业)(?<!工作)(?<!国家){_LEVEL}级?[★☆✩⭐](?![”\"》）)]?(?:字样|标[志识注]|号|符号))(?:{_TIME})?"
)
HINT = re.compile(r"[密内回毁还焚退存管传载印制露散布泄发网至达开申]")
"""No mark is without one of these, whether it is about secrecy or openness."""
_LONGEST = 40
_ENDS = r"()〔〕[]【】《》“”\"'‘’:,。.、;!· "
_BRACKETS = re.compile(r"[(〔\[【《]([^()〔〕\[\]【】《》]{2,30})[)〕\]】》]")


def secrecy_mark(text: str) -> str | None:
    """The mark that a line, a note or a cell is as a whole, or that has a star; None for any other text."""
    words = bare(text)
    if starred := STARRED.search(words):
        return starred[0]
    if len(words) <= _LONGEST and _ANY.search(words) and _WHOLE.fullmatch(words):
        return words.strip(_ENDS)
    return None


def secrecy_mark_in_brackets(text: str) -> str | None:
    """The mark in one pair of brackets of a title or a heading: 关于…的答复（内部资料）."""
    words = bare(text)
    marks = (secrecy_mark(match[1]) for match in _BRACKETS.finditer(words))
    return next((mark for mark in marks if mark), None)
