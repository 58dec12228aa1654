"""Lines become paragraphs again, across lines and pages.

The question at the end of every line is: could the first word of the next line still have stood here? If so, someone
ended the paragraph; if not, the line ended because it was full. Indents, gaps and punctuation answer the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from domain.reading.column import INDENT, NO_START, PARAGRAPH_GAP, SAME_SIZE, SHORT, Measure
from domain.reading.inset import insets
from domain.reading.line import Line
from domain.reading.page import PageText
from domain.reading.passage import Passage
from domain.reading.spelling import bare, is_chinese
from domain.reading.table import Table, grids, read_table

_SLACK = 0.05
"""In characters: a word needs so much more room than it is wide, because widths are rounded."""
_ROOMY = 3.5
"""The same in characters, where no sentence ends: a word that is held together may be as long."""

_ENDS = re.compile(r"[。！？：；!?:;…][”’」』）)》〉】\]]*$")
_ITEM = re.compile(
    r"[一二三四五六七八九十]{1,3}、|[(][一二三四五六七八九十\d]{1,3}[)]|\d{1,2}[.、](?!\d)|附件\d{0,2}[:：]|附件\d{0,2}$"
    r"|(?:抄送|抄报|主送|联系人|联系电话|联系单位|承办人|经办人|签发人|办理结果|公开属性|注)[:：]"
)
_HEADING = re.compile(r"[一二三四五六七八九十]{1,3}、|[(][一二三四五六七八九十]{1,3}[)]")
_RECIPIENTS = re.compile(r"(?:抄送|抄报|分送|报送)[:]")
_DISTRIBUTED = re.compile(r"日\s*印\s*[发制]\s*$")
_CUT_OFF = re.compile(r"(?:委员会|人民政府|办公室|办事处|管理局|\d月\d{1,2}日)$")
"""What only the end of an authority's name, or of a date, that ran on to a second line can complete."""
_DATED = re.compile(r"[0-9〇○零一二三四五六七八九十]{2,4}年.{1,3}月.{1,3}日(?:印[发制])?")
_AT_RIGHT = 3.0
"""In characters: the gap between what stands at the left and at the right end of one line."""
_NO_END = frozenset("（《「『“‘【〔〈([{￥$")
_QUOTES = "“”‘’"


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph before anyone knows what it says, or a table."""

    lines: tuple[Line, ...]
    indent: float
    """Of its first line, in characters."""
    centred: bool = False
    tables: tuple[Table, ...] = ()

    @property
    def passage(self) -> Passage:
        """Its text."""
        return Passage(self.lines)


def blocks(pages: Sequence[PageText], lines: Sequence[Sequence[Line]], column: Measure) -> tuple[Block, ...]:
    """The paragraphs and tables of the given lines, in reading order."""
    found: list[Block] = []
    open_lines: list[Line] = []
    parts = [part for page, own in zip(pages, lines, strict=True) for part in _parts(page, own)]
    inner = insets(lines, column)
    for part, following in zip(parts, [*parts[1:], None], strict=True):
        own = inner.get(id(part), column)
        if isinstance(part, Table):
            found += _closed(open_lines, inner, column)
            _add_table(found, part, column)
            open_lines = []
        elif open_lines and not (_begins(part, following, own) or _breaks(open_lines, part, own)):
            open_lines.append(part)
        else:
            found += _closed(open_lines, inner, column)
            open_lines = [part]
    return (*found, *_closed(open_lines, inner, column))


def _closed(lines: list[Line], inner: Mapping[int, Measure], column: Measure) -> list[Block]:
    if not lines:
        return []
    column = inner.get(id(lines[0]), column)
    return [Block(tuple(lines), column.indent(lines[0]), len(lines) == 1 and column.is_centred(lines[0]))]


def _add_table(found: list[Block], table: Table, column: Measure) -> None:
    previous = found[-1] if found else None
    if previous and previous.tables and _goes_on(previous.tables[-1], table):
        whole = previous.tables[-1].joined(table)
        found[-1] = Block(whole.lines, previous.indent, previous.centred, (whole,))
    else:
        found.append(Block(table.lines, column.indent(table.lines[0]), centred=False, tables=(table,)))


def _goes_on(table: Table, other: Table) -> bool:
    """The same columns on the next page: one table."""
    pages = table.lines[-1].page, other.lines[0].page
    return pages[1] == pages[0] + 1 and len(table.grid.columns) == len(other.grid.columns)


def _parts(page: PageText, lines: Sequence[Line]) -> Iterable[Line | Table]:
    tables = grids(page)
    inside = {id(line): grid for line in lines for grid in tables if grid.holds(line)}
    done: set[int] = set()
    for line in lines:
        grid = inside.get(id(line))
        if grid is None:
            yield line
        elif id(grid) not in done:
            done.add(id(grid))
            yield read_table(grid, [each for each in lines if inside.get(id(each)) is grid])


# --- the question -------------------------------------------------------------------------------------------------


def _breaks(lines: Sequence[Line], line: Line, column: Measure) -> bool:
    """Whether `line` begins a new paragraph after `lines`."""
    last = lines[-1]
    if abs(last.size - line.size) > SAME_SIZE * column.size or _has_date_at_right(last):
        return True
    indent = column.indent(line)
    full = not _had_room(last, line, column)
    ended = _ENDS.search(last.text) is not None
    item = _ITEM.match(bare(line.text)) is not None
    if _RECIPIENTS.match(bare(lines[0].text)) and (ended or last.text.endswith(".") or _DISTRIBUTED.search(line.text)):
        return True
    if _is_rest(last, line, column) or (full and not item and _hangs(lines, line, column, ended=ended)):
        return False
    if indent > INDENT[1] or column.indent(last) > INDENT[1]:
        return not (full and not ended and abs(indent - column.indent(last)) < 0.5 and not item)
    if column.indented:
        return _breaks_with_indents(lines, line, column, full=full, ended=ended, item=item)
    return _breaks_without_indents(last, line, column, full=full, ended=ended, item=item)


def _has_date_at_right(line: Line) -> bool:
    """署名 and 成文日期 at both ends of a line, or 印发机关 and 印发日期: the line is full, and over."""
    if not line.text.endswith(("日", "发", "制")):
        return False
    gap = line.text.rfind(" ")
    while gap > 0 and line.rights[gap] - line.lefts[gap] < _AT_RIGHT * line.size:
        gap = line.text.rfind(" ", 0, gap)
    return gap > 0 and _DATED.fullmatch(bare(line.text[gap:])) is not None


def _hangs(lines: Sequence[Line], line: Line, column: Measure, *, ended: bool) -> bool:
    """An item of a list whose further lines stand under its first word: all of them further in than its number."""
    hang = column.indent(line) - column.indent(lines[0])
    if not INDENT[0] <= hang <= INDENT[1] or not _ITEM.match(bare(lines[0].text)):
        return False
    return not ended if len(lines) == 1 else abs(column.indent(lines[-1]) - column.indent(line)) < INDENT[0] / 2


def _is_rest(last: Line, line: Line, column: Measure) -> bool:
    """One or two characters that belong to the line above: nobody ends a line to write 日 or 会 on the next."""
    words, before = bare(line.text), bare(last.text)
    if (
        len(words) > 2
        or not words.isalpha()
        or _ENDS.search(last.text)
        or _gap(last, line, column) > PARAGRAPH_GAP * 1.2
    ):
        return False
    return _CUT_OFF.search(before) is None and _CUT_OFF.search(before + words) is not None


def _begins(line: Line, following: Line | Table | None, column: Measure) -> bool:
    """Whether the line is set in and goes on at the margin: only the first line of a paragraph does that."""
    return (
        column.indented
        and isinstance(following, Line)
        and INDENT[0] <= column.indent(line) <= INDENT[1]
        and abs(column.indent(following)) < INDENT[0] / 2
        and not _ITEM.match(bare(following.text))
        and abs(line.size - following.size) <= SAME_SIZE * column.size
        and _ENDS.search(line.text) is None
        and not _had_room(line, following, column)
    )


def _breaks_with_indents(
    lines: Sequence[Line], line: Line, column: Measure, *, full: bool, ended: bool, item: bool
) -> bool:
    last = lines[-1]
    if column.indent(line) >= INDENT[0]:
        # All lines set in, as in a list: the same paragraph while its lines are full and its sentence goes on.
        heading = len(lines) == 1 and _HEADING.match(bare(last.text)) is not None
        return not (column.indent(last) >= INDENT[0] and full and not ended and not item and not heading)
    if full:
        return (item and ended) or (ended and _gap(last, line, column) > PARAGRAPH_GAP * 1.2)
    room = column.right(last.page) - last.right
    if item or room > column.width / 2 or _gap(last, line, column) > PARAGRAPH_GAP * 1.2:
        return True
    # Where paragraphs are set in, a line at the margin goes on, unless the one before was clearly ended.
    return ended and room > _ROOMY * column.size


def _breaks_without_indents(last: Line, line: Line, column: Measure, *, full: bool, ended: bool, item: bool) -> bool:
    room = column.right(last.page) - last.right
    if _gap(last, line, column) > PARAGRAPH_GAP:
        return True
    if column.gapped and last.page == line.page:
        return ended and not full and room > column.width * SHORT
    if full:
        return item and ended
    return ended or item or room > _ROOMY * column.size


def _gap(last: Line, line: Line, column: Measure) -> float:
    """The distance between both lines, in usual pitches; 1 across pages, where it says nothing."""
    return (last.baseline - line.baseline) / column.pitch if last.page == line.page else 1.0


def _had_room(last: Line, line: Line, column: Measure) -> bool:
    """Whether the first word of `line` would have fitted at the end of `last`."""
    room = column.right(last.page) - last.right
    return room >= _first_word(line) + _space(last, line) + _SLACK * column.size


def _space(last: Line, line: Line) -> float:
    latin = not is_chinese(last.text[-1]) and not is_chinese(line.text[0])
    return last.size / 4 if latin else 0.0


def _first_word(line: Line) -> float:
    """Width of what cannot be parted from the first character of the line."""
    text = line.text
    end = 1
    while end < len(text) and not _may_break(text[end - 1], text[end]):
        end += 1
    stretched = line.rights[end - 1] - line.lefts[0]
    natural = sum(line.size if is_chinese(char) else line.size * 0.55 for char in text[:end])
    return max(min(stretched, natural), line.size * 0.5)


def _may_break(before: str, after: str) -> bool:
    if after.isspace() or before.isspace():
        return True
    if after in NO_START or before in _NO_END:
        return False
    # UAX 14 holds quotation marks to what stands on both sides of them, and so do Pango and browsers.
    if before in _QUOTES or after in _QUOTES:
        return False
    return is_chinese(before) or is_chinese(after)
