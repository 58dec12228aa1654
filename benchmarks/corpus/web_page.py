"""The letter as HTML: WeasyPrint and Chromium print the same source."""

from __future__ import annotations

from html import escape

from benchmarks.corpus.layout import Layout
from benchmarks.corpus.letter import Letter, Unit

_COUNTERS = {"{n}": '" counter(page) "', "{m}": '" counter(pages) "'}


def letter_html(letter: Letter, layout: Layout) -> str:
    """One page of HTML with its style."""
    units = "\n".join(map(_unit, letter.units))
    start = '<!DOCTYPE html><html lang="zh-CN"><meta charset="utf-8"><title>letter</title>'
    return f"{start}<style>{_style(layout)}</style><body>{units}"


def _unit(unit: Unit) -> str:
    text = escape(unit.printed).replace("\n", "<br>").replace("  ", "&#160; ")
    if unit.role == "table":
        rows = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in unit.rows)
        return f"<table>{rows}</table>"
    beside = f'<span class="beside">{escape(unit.beside)}</span>' if unit.beside else ""
    more = " centred" if unit.role == "number" and not unit.beside else " pair" if unit.beside else ""
    return f'<p class="{unit.role}{more}">{text}{beside}</p>'


def _style(layout: Layout) -> str:
    width = 595.28 - layout.left - layout.right
    spacing = f"letter-spacing: {width / 28 - layout.size:.3f}pt;" if layout.grid else ""
    align = "justify" if layout.justified else "left"
    latin = f'"{layout.latin}", ' if layout.latin else ""
    ends = {
        "right4": f"text-align: right; padding-right: {4 * layout.size}pt;",
        "right2": f"text-align: right; padding-right: {2 * layout.size}pt;",
        "centred": "text-align: center; padding-left: 45%;",
    }[layout.sign]
    narrow = 0 if layout.title_wide else 2.5 * layout.size
    return f"""
@page {{ size: 595.28pt 841.89pt; margin: {layout.top}pt {layout.right}pt {layout.bottom}pt {layout.left}pt;
  {_boxes(layout)} }}
{_alternate(layout)}
* {{ margin: 0; padding: 0; }}
body {{ font: {layout.size}pt/{layout.pitch}pt {latin}"{layout.body}"; text-align: {align}; {spacing}
  widows: 1; orphans: 1; overflow-wrap: anywhere; }}
p {{ text-indent: {layout.indent}em; margin-bottom: {layout.gap}pt; }}
.masthead {{ text-align: center; text-indent: 0; font-size: {layout.size * 1.8}pt; line-height: 1.6; letter-spacing: 0;
  font-family: "{layout.title}"; font-weight: bold; color: {"#e60012" if layout.red else "black"}; }}
.mark {{ text-indent: 0; text-align: {"right" if layout.mark_right else "left"}; }}
.number {{ text-indent: 0; display: flow-root; }} .centred {{ text-align: center; }}
.beside {{ float: right; }}
.title {{ text-align: center; text-indent: 0; font: bold {layout.title_size}pt/1.6 "{layout.title}"; letter-spacing: 0;
  margin: {layout.size}pt {narrow}pt; white-space: pre-wrap; }}
.salutation {{ text-indent: 0; }}
.heading1 {{ font-family: "{layout.hei}"; }}
.signature, .date {{ text-indent: 0; {ends} }}
.pair {{ text-align: left; padding: 0; display: flow-root; }}
.signature {{ margin-top: {layout.pitch}pt; }}
.copied_to {{ text-indent: 0; font-size: {layout.size * 0.875}pt; border-top: 0.6pt solid black;
  margin-top: {layout.pitch}pt; letter-spacing: 0; }}
.imprint {{ text-indent: 0; font-size: {layout.size * 0.875}pt; border-top: 0.6pt solid black;
  border-bottom: 0.6pt solid black; display: flow-root; letter-spacing: 0; }}
table {{ border-collapse: collapse; width: 100%; letter-spacing: 0; font-size: {layout.size * 0.875}pt; }}
td {{ border: 0.6pt solid black; padding: 1pt 4pt; text-align: left; }}
"""


def _content(text: str) -> str:
    for mark, counter in _COUNTERS.items():
        text = text.replace(mark, counter)
    return f'"{text}"'


def _boxes(layout: Layout) -> str:
    face = f'font: 14pt "{layout.body}"; letter-spacing: 0; text-align: center;'
    boxes = ""
    if layout.numbering and not layout.outside:
        boxes += f"@bottom-center {{ content: {_content(layout.numbering)}; {face} }}"
    if layout.running:
        boxes += f'@top-center {{ content: "{layout.running}"; {face} font-size: 10.5pt; }}'
    return boxes


def _alternate(layout: Layout) -> str:
    if not layout.numbering or not layout.outside:
        return ""
    face = f'font: 14pt "{layout.body}"; letter-spacing: 0;'
    content = _content(layout.numbering)
    return (
        f"@page :right {{ @bottom-right {{ content: {content}; {face} }} }}"
        f"@page :left {{ @bottom-left {{ content: {content}; {face} }} }}"
    )
