"""Characters that a recogniser confuses, set right where the grammar of the place leaves one possibility only.

Every repair keeps the number of characters, so that what is known of the place of each stays true. Whatever the place
does not prove is left alone: a wrong digit among digits is for the reviewer, not for us.
"""

from __future__ import annotations

import re

_HAN = r"\u3400-\u9fff"
_DIGITS = str.maketrans("OoQ〇○Il|i!SsZzB", "0000011111" + "55228")
_AS_DIGIT = r"[0-9OoQ〇○Il|i!丨SsZzB]"
_NEVER_IN_NUMBERS = str.maketrans("o〇○l|!丨", "0001111")
"""Numbers of submissions may have letters (第9B269号), but not these."""
_WIDE = str.maketrans("(),:;?!", "（），：；？！")

_NUMBER = re.compile(
    rf"(?P<open>[〔\[(（【{{〈<『「])(?P<year>{_AS_DIGIT}{{4}})(?P<close>[〕\])）】}}〉>』」])(?P<serial>{_AS_DIGIT}{{1,5}})(?=号)"
)
_DATE_YEAR = re.compile(rf"(?<![0-9A-Za-z]){_AS_DIGIT}{{4}}(?=年)")
_DATE_PART = re.compile(rf"(?<=[年月]){_AS_DIGIT}{{1,2}}(?=[月日])")
_SUBMISSION = re.compile(r"(?<=第)[0-9A-Zo〇○l|!丨]{1,9}(?=号)")
_RANGE = re.compile(r"(?<=[0-9])一(?=[0-9])|(?<=[0-9]{4})一$|^一(?=[0-9]{4}年)")
_EXTENT = re.compile(r"(?<=公开)[.．。・•‧∙⋅\-－—一、,，:：](?=(?:全文|摘要|部分))")
_TICK = re.compile("丶")
"""The name of a stroke, in no letter; recognisers take the comma 、 for it."""
_DOT = re.compile(rf"(?<=[{_HAN}])[・•‧∙⋅](?=[{_HAN}])")
_BROKEN_DASH = re.compile(
    rf"(?:^|(?<=[{_HAN}”》）。；：，！？]))(?:[—–―─一\-－][—–―─]|[—–―─][一\-－])(?=[{_HAN}“《（]|$)"
)
_NARROW = re.compile(
    rf"(?<=[0-9A-Za-z%])[,:;?!](?=[{_HAN}])|(?<=[{_HAN}“”《》（）〔〕，。、；：])[(),:;?!](?=[{_HAN}“”《》（）〔〕，。、；：0-9]|$)|^[(](?=[{_HAN}])"
)
_BRACKETED = re.compile(r"\((?P<inside>[^()（）]{1,40})[)）]|（(?P<more>[^()（）]{1,40})\)")


def repaired(text: str) -> str:
    """The line as it must have been printed, as far as the place of each character proves it."""
    text = _BRACKETED.sub(_wide_brackets, text)
    text = _NUMBER.sub(_document_number, text)
    for pattern in (_DATE_YEAR, _DATE_PART):
        text = pattern.sub(_only_digits, text)
    text = _RANGE.sub("—", _SUBMISSION.sub(_submission, text))
    text = _DOT.sub("·", _EXTENT.sub("·", text))
    text = _TICK.sub("、", text)
    text = _BROKEN_DASH.sub("——", text)
    # Twice: a sign that was made wide may be the neighbour that the next one needs.
    return _NARROW.sub(_wide, _NARROW.sub(_wide, text))


def _document_number(match: re.Match[str]) -> str:
    return f"〔{match['year'].translate(_DIGITS)}〕{match['serial'].translate(_DIGITS)}"


def _only_digits(match: re.Match[str]) -> str:
    # A row without any digit is more likely to be words.
    return match[0].translate(_DIGITS) if any(char in "0123456789" for char in match[0]) else match[0]


def _submission(match: re.Match[str]) -> str:
    return match[0].translate(_NEVER_IN_NUMBERS) if any(char in "0123456789" for char in match[0]) else match[0]


def _wide(match: re.Match[str]) -> str:
    return match[0].translate(_WIDE)


def _wide_brackets(match: re.Match[str]) -> str:
    inside = match["inside"] or match["more"]
    before = match.string[max(0, match.start() - 1) : match.start()]
    after = match.string[match.end() : match.end() + 1]
    return f"（{inside}）" if re.search(rf"[{_HAN}》，。；：、]", before + inside + after) else match[0]
