"""The second reading of what decides: a field counts as read where two independent readers saw the same.

pdfium makes the letter; the other reader only says which characters stand on which line. Both are compared line by
line, because a field is more than the characters that one reader took for it: 第153047号 is not 第1530471号. Text
that only the other reader sees is of concern where it could decide: a mark, a number, a date, an addressee.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from domain.gate.evidence import PageSource
from domain.gate.finding import Finding, find
from domain.gate.personal_data import mask
from domain.reading.page import PageText
from domain.reading.page_gate import unreadable
from domain.reading.place import Box, Seen
from domain.reading.raw_reply import RawReply
from domain.reading.spelling import RADICALS, bare

SECOND = "pypdf"
_SAME_BASELINE = 0.3
"""Of the size: as near as two baselines of one line are."""
_SAME_PLACE = 0.12
"""Of the size: the same words drawn twice so near to each other are one bold word."""
_SHOWN = 60
_NOTHING = "（没有）"
_LONG_NUMBER = re.compile(r"\d{11,}[Xx]?|0\d{2,3}-\d{7,8}")
_DECIDES = re.compile(
    r"公开|绝密|机密|秘密|内部|工作秘密|[A-D甲乙丙丁]类|解决|采纳|参考|[〔\[(]\d{4}[〕\])]\d*号"
    r"|\d{4}年\d{1,2}月\d{1,2}日|第[0-9A-Za-z-]{1,12}号|届.{0,4}次|(?:委员|代表)[:：]|不得|保密"
)


class Fragment(NamedTuple):
    """Characters that the other reader saw one after the other, and where the first of them stands."""

    text: str
    left: float
    baseline: float
    size: float
    upright: bool = True


@dataclass(frozen=True, slots=True)
class SecondPage:
    """One page as the other reader saw it."""

    page: int
    fragments: tuple[Fragment, ...] = ()
    read: bool = True
    """False: the other reader could not read the page."""


@dataclass(slots=True)
class _Both:
    """One line, as each reader saw it."""

    page: int
    low: float
    high: float
    first: str
    second: str
    _is_plain: bool = False

    @property
    def agreed(self) -> bool:
        """Whether both saw the same; most lines are the same before anything is made equal."""
        if self.first == self.second:
            return True
        self.make_plain()
        return self.first == self.second

    def make_plain(self) -> None:
        """Both in one width and without spaces, so that pieces can be looked for."""
        if not self._is_plain:
            self.first, self.second, self._is_plain = _plain(self.first), _plain(self.second), True


@dataclass(slots=True)
class _Comparison:
    lines: Mapping[int, Sequence[_Both]]
    findings: list[Finding] = field(default_factory=list)

    def confirmed(self, name: str, seen: Seen) -> Seen:
        """The field with both readers, or as it was, with a finding."""
        box = seen.box
        if box is None or box.page not in self.lines:
            return seen  # not from a text layer: recognised text has its own second reading
        lines = [line for line in self.lines[box.page] if line.low <= box.top and line.high >= box.bottom]
        after = self.lines.get(box.page + 1, ())
        if all(_is_within(_plain(piece), lines, after) for piece in seen.raw.split("\n")):
            return replace(seen, reader=f"{seen.reader}+{SECOND}")
        second = " ".join(line.second for line in lines if not line.agreed or len(lines) == 1)
        self.findings.append(_disagreement(name, seen, second))
        return seen


def second_reading(
    raw: RawReply, pages: Sequence[PageText], second: Sequence[SecondPage]
) -> tuple[RawReply, tuple[Finding, ...]]:
    """The letter with the fields that both readers saw marked so, and a finding for each on which they differ."""
    others = {page.page: page for page in second}
    lines = {page.page: tuple(_lines(page, others.get(page.page))) for page in pages if _has_text_layer(page)}
    comparison = _Comparison(lines)
    read = _confirmed(raw, comparison.confirmed)
    findings = [*comparison.findings, *_seen_by_one(lines)]
    # A page whose text layer cannot be read at all stops by itself; that two readers differ on it is no further news.
    silent = {page.page for page in pages if findings and unreadable(page) is not None}
    return read, tuple(finding for finding in findings if finding.page not in silent)


def _confirmed(raw: RawReply, confirm: Callable[[str, Seen], Seen]) -> RawReply:
    def one(name: str, seen: Seen | None) -> Seen | None:
        return confirm(name, seen) if seen else None

    def each(name: str, seen: Iterable[Seen]) -> tuple[Seen, ...]:
        return tuple(confirm(name, value) for value in seen)

    submission = raw.submission
    return replace(
        raw,
        title=one("标题", raw.title),
        masthead=one("发文机关标志", raw.masthead),
        document_numbers=each("发文字号", raw.document_numbers),
        addressees=each("主送", raw.addressees),
        submission=replace(
            submission,
            meeting=one("届次", submission.meeting),
            numbers=each("建议提案编号", submission.numbers),
            kind=one("建议提案类别", submission.kind),
        ),
        result_marks=each("办理结果", raw.result_marks),
        disclosure_marks=each("公开属性", raw.disclosure_marks),
        secrecy_marks=each("密级", raw.secrecy_marks),
        signature_block=one("署名", raw.signature_block),
        date_of_issue=one("成文日期", raw.date_of_issue),
        date_of_distribution=one("印发日期", raw.date_of_distribution),
    )


def _has_text_layer(page: PageText) -> bool:
    """Not so where the page was recognised: recognised text has a second reading of its own."""
    return page.source is PageSource.TEXT


# --- lines --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    left: float
    baseline: float
    size: float
    lefts: Sequence[float] = ()
    """Of each character, for the first reader, whose runs may leave room for others."""

    @property
    def is_first(self) -> bool:
        return bool(self.lefts)


def _lines(page: PageText, second: SecondPage | None) -> Iterator[_Both]:
    fragments = second.fragments if second and second.read else ()
    pieces = [
        _Piece(run.text, run.lefts[0], run.baseline, run.size, run.lefts)
        for run in page.runs
        if run.upright and run.lefts
    ]
    pieces += [_Piece(each.text, each.left, each.baseline, each.size) for each in _once(fragments) if each.upright]
    pieces.sort(key=lambda piece: -piece.baseline)
    row: list[_Piece] = []
    for piece in pieces:
        if row and row[-1].baseline - piece.baseline > _SAME_BASELINE * min(row[-1].size, piece.size):
            yield _both(page.page, row)
            row = []
        row.append(piece)
    if row:
        yield _both(page.page, row)
    yield from _slanted(page, fragments)


def _both(page: int, row: list[_Piece]) -> _Both:
    row.sort(key=lambda piece: piece.left)
    first = "".join([piece.text for piece in row if piece.is_first])
    second = "".join([piece.text for piece in row if not piece.is_first])
    if first != second:
        # A figure of another font may stand in room that was left for it in the middle of a run.
        placed = sorted(
            ((left, char) for piece in row for left, char in zip(piece.lefts, piece.text, strict=False)),
            key=lambda each: each[0],
        )
        by_place = "".join([char for _, char in placed])
        first = by_place if _plain(by_place) == _plain(second) else first
    return _Both(page, row[0].baseline, row[0].baseline, first, second)


def _slanted(page: PageText, fragments: Iterable[Fragment]) -> Iterator[_Both]:
    """All text that does not run along the page, such as a watermark, as one line; its order has no meaning."""
    first = _plain("".join(run.text for run in page.runs if not run.upright))
    second = _plain("".join(each.text for each in fragments if not each.upright))
    if first or second:
        same = Counter(first) == Counter(second)
        yield _Both(page.page, 0.0, page.height, first, first if same else second)


def _plain(text: str) -> str:
    return bare(text).translate(RADICALS)


def _once(fragments: Iterable[Fragment]) -> Iterator[Fragment]:
    """Without what is drawn a second time nearly at the same place, as programs do to make it bold."""
    places: dict[str, list[Fragment]] = {}
    for each in fragments:
        near = _SAME_PLACE * each.size
        before = places.setdefault(each.text, [])
        if not any(abs(o.left - each.left) < near and abs(o.baseline - each.baseline) < near for o in before):
            before.append(each)
            yield each


# --- comparison ---------------------------------------------------------------------------------------------------


def _is_within(piece: str, lines: Iterable[_Both], after: Iterable[_Both]) -> bool:
    """Whether both readers saw the piece on one of its lines, or on the next page where the field goes on."""
    if not piece:
        return True
    own = _holding(piece, lines)
    return any(_sees(line, piece) for line in own or _holding(piece, after))


def _holding(piece: str, lines: Iterable[_Both]) -> list[_Both]:
    found = []
    for line in lines:
        line.make_plain()
        if piece in line.first:
            found.append(line)
    return found


def _sees(line: _Both, piece: str) -> bool:
    if line.agreed:
        return True
    # The readers differ elsewhere on the line; the piece is the same if what stands beside it is the same too.
    at = line.first.index(piece)
    edges = f"\n{line.first}\n"[at : at + len(piece) + 2]
    return edges in f"\n{line.second}\n"


def _seen_by_one(lines: Mapping[int, Sequence[_Both]]) -> Iterator[Finding]:
    """What only one reader sees, where it could decide."""
    for own in lines.values():
        for line in own:
            if line.agreed:
                continue
            first, second = _different(line.first, line.second)
            if _DECIDES.search(second) or (first and _DECIDES.search(first)):
                box = Box(line.page, 0.0, line.low, 0.0, line.high)
                yield _disagreement("正文", Seen(first, first, box), second)


def _different(first: str, second: str) -> tuple[str, str]:
    """Both without their common beginning and end."""
    start = 0
    while start < min(len(first), len(second)) and first[start] == second[start]:
        start += 1
    end = 0
    while end < min(len(first), len(second)) - start and first[-1 - end] == second[-1 - end]:
        end += 1
    return first[start : len(first) - end], second[start : len(second) - end]


def _disagreement(name: str, seen: Seen, second: str) -> Finding:
    first = _shown(seen.raw)
    return find("readers-disagree", replace(seen, raw=first), field=name, first=first, second=_shown(second))


def _shown(text: str) -> str:
    """Short enough for a sentence, and without anybody's number."""
    return _LONG_NUMBER.sub(lambda match: mask(match[0]), bare(text))[:_SHOWN] or _NOTHING
