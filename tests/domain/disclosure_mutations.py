"""Letters that may not be released, made from one seed: marks written in every way, in every place, against each other.

Each mutation is one letter with at least one reason why it is not public: a mark that closes it, a mark that nobody
knows, no mark at all but words about openness in sentences and quotations.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from domain.reading.page import PageText
from domain.reading.paragraph import Role
from domain.reading.raw_reply import RawReply
from tests.domain.factory import PARAGRAPHS, paragraph, raw_reply, seen
from tests.domain.typesetting import Sheets, letter

CLOSED = (
    "依申请公开",
    "不予公开",
    "免予公开",
    "免于公开",
    "不公开",
    "不同意公开",
    "不宜公开",
    "不得公开",
    "不可公开",
    "暂不公开",
    "非公开",
    "依申请",
    "内部",
    "不主动公开",
    "非主动公开",
    "未主动公开",
    "不对外公开",
    "无需公开",
    "暂缓公开",
    "限定公开",
    "内部公开",
)
"""Words that close a letter, negations among them."""
UNKNOWN = (
    "择机公开",
    "经批准后公开",
    "审核后公开",
    "拟公开",
    "适时公开",
    "定向公开",
    "主动公开（待定）",
    "主动公开·部分",
    "主动公开（删减后）",
    "主动公开·摘要",
    "部分公开",
    "主动公开/依申请公开",
    "主动公开或不予公开",
    "公开？",
    "",
    "无",
)
"""Words that open nothing: unknown, of a part, of two minds."""
OPEN = ("主动公开", "主动公开·全文", "同意公开")
LABELS = ("公开属性：", "公开属性:", "公开方式：", "信息公开类型：", "公开类别: ")
ANSWERS = (
    "是否同意公开：否",
    "是否公开：不同意",
    "是否主动公开：×",
    "是否依申请公开：是",
    "是否不予公开：是",
    "能否公开：不宜",
)
QUOTED = (
    "您建议在复文上注明“主动公开”，我们已转有关部门研究。",
    "今后凡属主动公开的信息，将在二十个工作日内发布。",
    "会议要求此件公开发布后七日内收集意见，我们已照办。",
    "来信中引用了“公开属性：主动公开·全文”的字样。",
    "《关于同意公开有关数据的批复》已经印发。",
    "我们将全文公开整改结果，接受监督。",
)
"""Sentences that speak of openness: none of them opens this letter."""
HARMLESS = (
    "您反映的依申请公开答复超期问题，我们已督促整改。",
    "对不予公开的情形，我们逐件说明理由。",
    "《政府信息公开条例》规定了主动公开、依申请公开两种方式。",
)
_SPACES = " \u3000\u00a0\u200b\ufeff\u2009\u2002\t\n"
_DOTS = "·•・/／（—-"
_BRACKETS = (("", ""), ("（", "）"), ("(", ")"), ("〔", "〕"), ("【", "】"), ("[", "]"), ("“", "”"), ("注：“", "”。"))
_FORMS = {"不": "\uf967"}
"""Compatibility characters that look alike."""


@dataclass(frozen=True, slots=True)
class Mutation:
    """One letter that may not be released."""

    reason: str
    marks: tuple[str, ...]
    """As they are written, in the order of reading."""
    sentences: tuple[str, ...] = ()


def written(dice: Random, words: str) -> str:
    """With spaces of every kind within, another dot, full width, brackets, characters that look alike."""
    text = "".join(_FORMS.get(char, char) if dice.random() < 0.05 else char for char in words)
    if dice.random() < 0.6:
        gap = dice.choice(_SPACES)
        share = dice.choice((0.2, 0.5, 1.0))
        text = "".join(char + (gap if dice.random() < share else "") for char in text)
    text = text.replace("·", dice.choice(_DOTS))
    if dice.random() < 0.2:
        text = "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)
    before, after = dice.choice(_BRACKETS) if dice.random() < 0.4 else ("", "")
    return f"{before}{text}{after}"


def mutation(dice: Random) -> Mutation:
    """One of every kind of reason, each with its own freedom."""
    kind = dice.choice(("closed", "closed", "unknown", "contradiction", "contradiction", "answer", "no mark", "many"))
    harmless = tuple(dice.sample(HARMLESS, dice.randrange(0, 3)))
    one = dice.choice(OPEN)
    match kind:
        case "closed":
            return Mutation(kind, (written(dice, dice.choice(CLOSED)),), harmless)
        case "unknown":
            return Mutation(kind, (written(dice, dice.choice(UNKNOWN)),), harmless)
        case "answer":
            return Mutation(kind, (dice.choice(ANSWERS),), harmless)
        case "no mark":
            return Mutation(kind, (), tuple(dice.sample(QUOTED, dice.randrange(1, 4))))
        case "many":
            marks = [written(dice, dice.choice((*CLOSED, *UNKNOWN, *OPEN, *OPEN))) for _ in range(dice.randrange(1, 4))]
            marks.insert(dice.randrange(len(marks) + 1), written(dice, dice.choice(CLOSED)))
            return Mutation(kind, tuple(marks), harmless)
        case _:
            pair = [written(dice, one), written(dice, dice.choice((*CLOSED, *UNKNOWN[:-3])))]
            dice.shuffle(pair)
            return Mutation(kind, tuple(pair), harmless)


# --- as review is given it ----------------------------------------------------------------------------------------

_SHORT = (PARAGRAPHS[0], PARAGRAPHS[1], *PARAGRAPHS[-3:])


def as_read(dice: Random, found: Mutation) -> RawReply:
    """Each mark where a reader may have put it: as a mark, a note, a paragraph that nobody took for one."""
    marks, notes, lines = [], [], [paragraph(Role.BODY, text) for text in found.sentences]
    for number, mark in enumerate(found.marks):
        where = dice.randrange(4) if is_whole_line(mark) and number else 0
        if where == 0:
            marks.append(seen(mark, page=number + 1))
        elif where == 1:
            notes.append(seen(mark, page=2))
        else:
            lines.append(paragraph(Role.NOTE if where == 2 else Role.BODY, mark, 2))
    return raw_reply(disclosure_marks=tuple(marks), notes=tuple(notes), paragraphs=(*_SHORT[:2], *lines, *_SHORT[2:]))


def is_whole_line(mark: str) -> bool:
    """Whether review itself knows the words where no reader named them a mark."""
    words = "".join(char for char in mark if "一" <= char <= "鿿" or char == "\uf967").replace("\uf967", "不")
    return words.removeprefix("注") in CLOSED[:11]


# --- as a page shows it -------------------------------------------------------------------------------------------


PLACES: tuple[str, ...] = ("top", "number", "beside", "note", "last", "table", "head")


def pages(dice: Random, found: Mutation) -> tuple[PageText, ...]:
    """The letter typeset: each mark somewhere, with a label or without, one line or two."""
    places = [dice.choice(PLACES) for _ in found.marks]
    labelled = [_labelled(dice, mark, place) for mark, place in zip(found.marks, places, strict=True)]
    by_place = {place: [mark for mark, own in zip(labelled, places, strict=True) if own == place] for place in PLACES}
    number = " ".join(["石府〔2024〕11号", *by_place["number"]])
    title = ("对区政协十五届三次会议第153047号", "提案的答复")
    top = [line for mark in by_place["top"] for line in mark.split("\n") if line.strip()]
    sheets = Sheets()
    for mark in by_place["head"]:
        sheets.at_right(mark.replace("\n", "") or "（）", free=0)
    for mark in by_place["beside"]:
        sheets.text("办理结果：解决采纳").beside(mark.replace("\n", "") or "（）", 340.0)
    body = ("您的提案收悉。经研究，现答复如下：", "一期灯具年内更换完毕，其余路段列入明年计划。", *found.sentences)
    done = letter(*body, marks=top, number=number.replace("\n", ""), title=title, sheets=sheets)
    if by_place["table"]:
        done.table([["公开属性", mark.replace("\n", "") or "（）"] for mark in by_place["table"]], 2)
    done.at_right("甲水区石桥镇人民政府").at_right("2024年5月17日")
    for mark in by_place["note"]:
        done.paragraph(mark.replace("\n", "") or "（）")
    if by_place["last"]:
        done.text("石桥镇党政办公室  2024年5月17日印发")
        for mark in by_place["last"]:
            done.text(mark.replace("\n", "") or "（）")
    return done.pages()


def _labelled(dice: Random, mark: str, place: str) -> str:
    """Alone only where the words are such as close a letter; else a label says that it is a mark."""
    if place == "table" or "：" in mark[:8]:
        return mark
    if not any(char in mark for char in "公内依") or dice.random() < 0.5:
        return f"{dice.choice(LABELS)}{mark}"
    return f"（{mark}）" if place == "note" and "（" not in mark else mark


def mutations(seed: int, count: int) -> Iterator[tuple[Random, Mutation]]:
    """So many, each with the dice that go on to place it."""
    dice = Random(seed)
    for _ in range(count):
        yield dice, mutation(dice)
