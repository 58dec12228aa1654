"""Letters that look as nobody planned for: a part of the corpus made last, against rules that were frozen before.

The words are those of `letter.py`; how they are set is this file's own. Each letter has one custom that the other parts
never show. It was written by one who had read the rules, so it is kinder than a stranger's letters would be.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from html import escape
from random import Random

from benchmarks.corpus.layout import Layout, plan_layout
from benchmarks.corpus.letter import Letter, Unit, write_letter
from benchmarks.corpus.prose import Writer

_CIRCLED = "①②③④⑤⑥⑦⑧⑨"
_TEXT = frozenset({"body", "heading1", "heading2", "heading3"})
_FACES = ("Noto Serif CJK SC", "AR PL UMing CN", "WenQuanYi Zen Hei", "LXGW WenKai", "AR PL SungtiL GB")


@dataclass(slots=True)
class Sheet:
    """How one letter is set: what differs from the plain style, and the HTML of units that need their own."""

    letter: Letter
    chance: Random
    writer: Writer
    css: str = ""
    own: dict[int, str] = field(default_factory=dict)
    """By the identity of the unit."""
    typesetter: str = "weasyprint"
    numbering: str = "— {n} —"
    counted: str = ""
    """The page number, where it is not printed at the foot."""
    running: str = ""
    paper: str = "595.28pt 841.89pt"
    margin: str = "104pt 74pt 99pt 79pt"
    size: float = 16.0
    leading: float = 1.75
    indent: float = 2.0

    @property
    def text(self) -> list[Unit]:
        """Paragraphs of the letter's text."""
        return [unit for unit in self.letter.units if unit.role == "body"]

    def put(self, unit: Unit, after: Unit, html: str = "") -> None:
        """A further unit below another."""
        self.letter.units.insert(_place(self.letter.units, after) + 1, unit)
        if html:
            self.own[id(unit)] = html


def _place(units: list[Unit], one: Unit) -> int:
    return next(index for index, unit in enumerate(units) if unit is one)


def fresh_letter(seed: str, typesetter: str) -> tuple[Letter, Layout, str]:
    """The letter of this seed, a layout that says what its furniture is, and its HTML."""
    letter = write_letter(seed)
    chance = Random(f"fresh {seed}")
    name = list(CUSTOMS)[int(seed.rpartition("-")[2]) // 2 % len(CUSTOMS)]
    sheet = Sheet(letter, chance, Writer(chance, latin=0.3), typesetter=typesetter)
    CUSTOMS[name](sheet)
    letter.traits.append(name)
    face = chance.choice(_FACES)
    layout = replace(
        plan_layout(seed, (face,)), body=face, numbering=sheet.counted or sheet.numbering, running=sheet.running
    )
    return letter, layout, _html(sheet, face)


# --- the customs --------------------------------------------------------------------------------------------------


def _blank_lines(sheet: Sheet) -> None:
    sheet.indent = 0.0
    sheet.css = f"p {{ margin-bottom: {sheet.size * sheet.leading}pt; }}"


def _salutation_in_lines(sheet: Sheet) -> None:
    unit = next(unit for unit in sheet.letter.units if unit.role == "salutation")
    if "、" in unit.text:
        first, _, rest = unit.text.partition("、")
        unit.shown = f"{first}、\n{rest}"
    greeting = Unit("body", "您好！")
    if not unit.text.endswith("您好："):
        sheet.put(greeting, unit)


def _boxed_notice(sheet: Sheet) -> None:
    unit = Unit("body", f"办理说明：{sheet.writer.sentence()}{sheet.writer.sentence()}")
    sheet.put(unit, sheet.text[0], f'<div class="box">{escape(unit.text)}</div>')
    sheet.css = ".box { border: 0.8pt solid black; padding: 6pt 10pt; margin: 8pt 0; }"


def _header_with_logo(sheet: Sheet) -> None:
    sheet.running = f"{sheet.letter.authority}　YUNXI WATER AFFAIRS　为民 务实 清廉"
    sheet.css = "@page { @top-center { border-bottom: 1pt solid #c00; color: #c00; } }"


def _footnotes(sheet: Sheet) -> None:
    """A note at the foot of the page, below a short line, in small type."""
    for number, unit in enumerate(sheet.chance.sample(sheet.text, 2)):
        mark = _CIRCLED[number]
        middle = unit.text.index("，") if "，" in unit.text else len(unit.text) // 2
        note = f"{mark}数据由{sheet.writer.office()}提供，截至上年末。"
        unit.text = unit.text[:middle] + mark + unit.text[middle:]
        if sheet.typesetter == "chromium":  # it has no footnotes: the notes stand at the end
            sheet.put(Unit("body", note), sheet.letter.units[-1], f'<p class="foot">{note}</p>')
            continue
        text = escape(unit.text).replace(mark, f'{mark}<span class="foot">{note}</span>')
        sheet.own[id(unit)] = f'<p class="body">{text}</p>'
        sheet.put(Unit("body", note), sheet.letter.units[-1], " ")
    sheet.css = (
        ".foot { float: footnote; font-size: 10.5pt; line-height: 1.3; text-indent: 0; white-space: normal; }"
        ".foot::footnote-call, .foot::footnote-marker { content: ''; }"
    )


def _circled_list(sheet: Sheet) -> None:
    after = sheet.text[min(1, len(sheet.text) - 1)]
    for number in range(4):
        unit = Unit("body", f"{_CIRCLED[number]}{sheet.writer.heading()}；{sheet.writer.sentence()}")
        sheet.put(unit, after)
        after = unit


def _anywhere(sheet: Sheet) -> None:
    """Lines end anywhere: a comma may begin one."""
    sheet.css = "body { line-break: anywhere; word-break: break-all; }"


def _wide_margins(sheet: Sheet) -> None:
    sheet.margin, sheet.size, sheet.leading = "130pt 130pt 130pt 130pt", 12.0, 1.5


def _paper_16k(sheet: Sheet) -> None:
    sheet.paper, sheet.margin, sheet.size = "521.6pt 737pt", "70pt 60pt 70pt 60pt", 14.0


def _double_spaced(sheet: Sheet) -> None:
    sheet.leading = 3.0


def _bold_run_in(sheet: Sheet) -> None:
    for number, unit in enumerate(sheet.text[1:-1]):
        words = f"{'一二三四五六七八九'[number % 9]}是{sheet.writer.heading()}。"
        rest = unit.text
        unit.text = words + rest
        sheet.own[id(unit)] = f'<p class="body"><b>{escape(words)}</b>{escape(rest)}</p>'
    sheet.css = 'b { font-family: "Noto Sans CJK SC"; font-weight: bold; }'


def _english_and_addresses(sheet: Sheet) -> None:
    words = (
        "Regional Comprehensive Economic Partnership",
        "Carbon Capture and Storage",
        "Belt and Road Initiative",
        "Building Information Modeling",
    )
    for number, unit in enumerate(sheet.text[1:]):
        place = f"http://www.example.gov.cn/zwgk/{2020 + number}/jytabl/index_{number}.html"
        name = words[number % 4]
        unit.text = (
            f"{sheet.writer.sentence()}对接{name}（简称{''.join(word[0] for word in name.split())}）"
            f"规则，详见{place}，咨询邮箱jyta_{number}@example.gov.cn。{unit.text}"
        )


def _long_table(sheet: Sheet) -> None:
    rows = [("序号", "事项", "进展情况", "责任单位")]
    rows += [
        (str(number), sheet.writer.action(), sheet.writer.sentence(), sheet.writer.office()) for number in range(1, 15)
    ]
    unit = Unit("table", "", rows=tuple(rows))
    sheet.put(unit, sheet.text[-1])
    sheet.css = "tr { break-inside: avoid; }"


def _landscape_table(sheet: Sheet) -> None:
    rows = [("序号", "项目名称", "建设内容", "责任单位", "完成时限")]
    rows += [
        (str(n), sheet.writer.action(), sheet.writer.sentence(), sheet.writer.office(), sheet.writer.day())
        for n in range(1, 7)
    ]
    unit = Unit("table", "", rows=tuple(rows))
    sheet.put(unit, sheet.text[-1])
    sheet.css = "@page wide { size: 841.89pt 595.28pt; } table { page: wide; }"


def _recipients_right(sheet: Sheet) -> None:
    sheet.css = ".salutation { text-align: right; }"


def _letter_format(sheet: Sheet) -> None:
    """信函格式: a red masthead without 文件, a double red line below it and one at the foot (GB/T 9704-2012, 10.1)."""
    units = sheet.letter.units
    masthead = next((unit for unit in units if unit.role == "masthead"), None)
    if masthead is None:
        masthead = Unit("masthead", sheet.letter.authority)
        units.insert(0, masthead)
    masthead.text, masthead.shown = sheet.letter.authority, ""
    units.remove(masthead)
    units.insert(0, masthead)
    units[:] = [unit for unit in units if unit.role != "imprint"]
    sheet.css = (
        ".masthead { border-bottom: 3pt double #e60012; margin-bottom: 12pt; } .number { text-align: right; }"
        "@page :first { @bottom-center { content: ''; border-top: 3pt double #e60012; } }"
    )


def _joint_signature(sheet: Sheet) -> None:
    unit = next((unit for unit in sheet.letter.units if unit.role == "signature" and not unit.beside), None)
    if unit is not None:
        other = f"{sheet.letter.authority[:3]}财政局"
        sheet.put(Unit("signature", other), unit)
        sheet.letter.hold = sheet.letter.hold or "joint"


def _title_left(sheet: Sheet) -> None:
    sheet.css = ".title { text-align: left; font-size: 17pt; }"


def _spaces_for_indent(sheet: Sheet) -> None:
    sheet.indent = 0.0
    for unit in sheet.letter.units:
        if unit.role in _TEXT:
            unit.shown = f"　　{unit.text}"


def _emphasis(sheet: Sheet) -> None:
    for unit in sheet.text:
        half = len(unit.text) // 2
        first, words, rest = unit.text[:half], unit.text[half : half + 9], unit.text[half + 9 :]
        sheet.own[id(unit)] = f'<p class="body">{escape(first)}<em>{escape(words)}</em>{escape(rest)}</p>'
    sheet.css = 'em { font: bold 17pt "WenQuanYi Zen Hei"; color: #1f4e9e; text-decoration: underline; }'


def _watermark(sheet: Sheet) -> None:
    sheet.css = (
        ".stamp { position: fixed; top: 300pt; left: 60pt; color: #dddddd; font-size: 60pt; transform: rotate(-35deg);"
        " z-index: -1; }"
    )
    sheet.own[id(sheet.letter.units[0])] = _unit(sheet.letter.units[0]) + '<div class="stamp">枫浦区建议提案</div>'


def _hanging_list(sheet: Sheet) -> None:
    after = sheet.text[0]
    for number in range(1, 5):
        unit = Unit("body", f"{number}.{sheet.writer.sentence()}{sheet.writer.sentence()}")
        sheet.put(unit, after, f'<p class="hanging">{escape(unit.text)}</p>')
        after = unit
    sheet.css = ".hanging { padding-left: 2em; text-indent: -2em; }"


def _raised_figures(sheet: Sheet) -> None:
    for unit in sheet.text[1:]:
        words = f"新增绿地{sheet.chance.randint(2, 90)}万m2，减排CO2约{sheet.chance.randint(2, 90)}吨。"
        rest = unit.text
        unit.text = words + rest
        html = escape(words).replace("m2", "m<sup>2</sup>").replace("CO2", "CO<sub>2</sub>")
        sheet.own[id(unit)] = f'<p class="body">{html}{escape(rest)}</p>'
    sheet.css = "sup, sub { font-size: 60%; line-height: 0; }"


def _quoted_proposal(sheet: Sheet) -> None:
    after = sheet.text[0]
    for _ in range(2):
        unit = Unit("body", sheet.writer.paragraph())
        sheet.put(unit, after, f'<p class="quoted">{escape(unit.text)}</p>')
        after = unit
    sheet.css = '.quoted { margin: 0 2em; font: 14pt/1.6 "AR PL UKai CN"; }'


def _loose_letters(sheet: Sheet) -> None:
    sheet.css = "p.body { letter-spacing: 0.12em; }"


def _numbers_at_top(sheet: Sheet) -> None:
    """Page numbers at the top, with the document's name."""
    sheet.numbering, sheet.counted = "", "第 {n} 页"
    sheet.css = (
        '@page { @top-right { content: "第 " counter(page) " 页"; font-size: 10.5pt; } @top-center { content: none; } }'
    )


CUSTOMS: dict[str, Callable[[Sheet], None]] = {
    "blank_lines": _blank_lines,
    "salutation_in_lines": _salutation_in_lines,
    "boxed_notice": _boxed_notice,
    "header_with_logo": _header_with_logo,
    "footnotes": _footnotes,
    "circled_list": _circled_list,
    "lines_end_anywhere": _anywhere,
    "wide_margins": _wide_margins,
    "paper_16k": _paper_16k,
    "double_spaced": _double_spaced,
    "bold_run_in": _bold_run_in,
    "english_and_addresses": _english_and_addresses,
    "long_table": _long_table,
    "landscape_table": _landscape_table,
    "recipients_right": _recipients_right,
    "letter_format": _letter_format,
    "joint_signature": _joint_signature,
    "title_left": _title_left,
    "spaces_for_indent": _spaces_for_indent,
    "emphasis": _emphasis,
    "watermark": _watermark,
    "hanging_list": _hanging_list,
    "raised_figures": _raised_figures,
    "quoted_proposal": _quoted_proposal,
    "loose_letters": _loose_letters,
    "numbers_at_top": _numbers_at_top,
}


# --- the page -----------------------------------------------------------------------------------------------------


def _unit(unit: Unit) -> str:
    text = escape(unit.printed).replace("\n", "<br>")
    if unit.role == "table":
        head, *rows = ("".join(f"<td>{escape(cell)}</td>" for cell in row) for row in unit.rows)
        body = "".join(f"<tr>{row}</tr>" for row in rows)
        return f"<table><tbody><tr>{head}</tr>{body}</tbody></table>"
    if unit.beside:
        return f'<p class="{unit.role} pair"><span>{text}</span><span>{escape(unit.beside)}</span></p>'
    return f'<p class="{unit.role}">{text}</p>'


def _html(sheet: Sheet, face: str) -> str:
    units = "\n".join(sheet.own.get(id(unit)) or _unit(unit) for unit in sheet.letter.units)
    number = sheet.numbering.replace("{n}", '" counter(page) "')
    size = sheet.size
    style = f"""
@page {{ size: {sheet.paper}; margin: {sheet.margin}; @bottom-center {{ content: "{number}"; font: 14pt "{face}"; }}
  @top-center {{ content: "{sheet.running}"; font: 10.5pt "{face}"; }} }}
* {{ margin: 0; padding: 0; }}
body {{ font: {size}pt/{sheet.leading} "{face}"; text-align: justify; widows: 1; orphans: 1; overflow-wrap: anywhere; }}
p {{ text-indent: {sheet.indent}em; white-space: pre-wrap; }}
.masthead {{ font: bold {size * 1.75}pt/1.6 "Noto Serif CJK SC"; color: #e60012; text-align: center; text-indent: 0; }}
.mark, .salutation {{ text-indent: 0; }}
.number {{ text-align: center; text-indent: 0; }}
.title {{ font: bold {size * 1.35}pt/1.5 "Noto Serif CJK SC"; text-align: center; text-indent: 0; margin: 16pt 0; }}
.heading1 {{ font-family: "Noto Sans CJK SC"; }}
.signature, .date {{ text-align: right; text-indent: 0; padding-right: 4em; }}
.signature {{ margin-top: 2em; }}
.pair {{ display: flex; justify-content: space-between; text-align: left; padding-right: 0; }}
.copied_to, .imprint {{ font-size: {size * 0.875}pt; text-indent: 0; border-top: 0.5pt solid black; }}
table {{ border-collapse: collapse; width: 100%; font-size: {size * 0.8}pt; line-height: 1.4; text-align: left; }}
td {{ border: 0.5pt solid black; padding: 2pt 4pt; }}
{sheet.css}
"""
    return (
        f'<!DOCTYPE html><html lang="zh-CN"><meta charset="utf-8"><title>letter</title><style>{style}</style>'
        f"<body>{units}"
    )
