"""One HTML page that shows where each value was read: the pages with boxes, beside them the fields and the findings.

It stands alone: pictures inside, no script, nothing loaded from anywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from html import escape
from typing import Any

from adapters.pdf.page_pictures import PagePicture

Json = dict[str, Any]
Words = Callable[[str, str], str]
"""Chooses between a Chinese and an English wording."""

FIELD_LABELS = {
    "title": ("标题", "title"),
    "masthead": ("发文机关标志", "masthead"),
    "document_number": ("发文字号", "document number"),
    "signatory": ("签发人", "signatory"),
    "addressees": ("主送", "addressee"),
    "submission.meeting": ("届次", "meeting"),
    "submission.numbers": ("编号", "number"),
    "submission.kind": ("类别", "kind"),
    "handling_result": ("办理结果", "handling result"),
    "disclosure": ("公开属性", "disclosure"),
    "secrecy": ("密级", "secrecy"),
    "signature_block": ("署名", "signature"),
    "date_of_issue": ("成文日期", "date of issue"),
    "date_of_distribution": ("印发日期", "date of distribution"),
    "distributing_office": ("印发机关", "distributing office"),
    "copied_to": ("抄送", "copied to"),
}
_INNER = frozenset({"submission.meeting", "submission.numbers", "submission.kind"})
"""They stand within the title, so their names stand below their boxes."""
_FATES = {
    "publish": ("可以公开", "would be published"),
    "hold": ("搁置，由人决定", "held for a person"),
    "reject": ("退回，不予公开", "rejected"),
}
_GRADES = {"reject": ("退回", "reject"), "hold": ("搁置", "hold"), "warn": ("提醒", "warning")}
_SURE = 0.98


def evidence_page(letters: Sequence[tuple[Json, Sequence[PagePicture]]], language: str = "zh-CN") -> str:
    """The page for these records (`domain.record.read_record`), each with the pictures of its pages."""
    english = language.startswith("en")

    def say(zh: str, en: str) -> str:
        return en if english else zh

    title = say("读到了什么、在哪里读到", "What was read, and where")
    body = "".join(_letter(say, f"f{number}", *letter) for number, letter in enumerate(letters, 1))
    return (
        f'<!doctype html>\n<html lang="{"en" if english else "zh-CN"}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; img-src data:; '
        "style-src 'unsafe-inline'\">"
        f'<meta name="robots" content="noindex"><title>{escape(title)}</title><style>{_STYLE}</style></head>'
        f"<body>{body}</body></html>\n"
    )


def _letter(say: Words, name: str, record: Json, pictures: Sequence[PagePicture]) -> str:
    fate = escape(say(*_FATES[record["fate"]]))
    pages = "".join(_page(say, name, record, picture) for picture in pictures)
    missing = say("这份文件没有可以画出的页面。", "This file has no page that can be drawn.")
    return (
        f'<header><h1>{escape(record["file"])}</h1><p class="fate {record["fate"]}">{fate}</p></header>'
        f'<main><div class="pages">{pages or f"<p>{escape(missing)}</p>"}</div>'
        f"<aside>{_findings(say, name, record)}{_fields(say, name, record)}{_reading(say, record)}</aside></main>"
    )


# --- pages --------------------------------------------------------------------------------------------------------


def _page(say: Words, name: str, record: Json, picture: PagePicture) -> str:
    boxes = [*_field_boxes(say, name, record, picture), *_finding_boxes(name, record, picture)]
    said = say(f"第{picture.page}页", f"page {picture.page}")
    return (
        f'<figure id="{name}-p{picture.page}"><div class="sheet">'
        f'<img alt="{escape(said)}" src="data:image/jpeg;base64,{picture.jpeg}">{"".join(boxes)}</div>'
        f"<figcaption>{escape(said)}</figcaption></figure>"
    )


def _field_boxes(say: Words, name: str, record: Json, picture: PagePicture) -> Iterator[str]:
    for number, seen in enumerate(record["evidence"]):
        if seen["page"] == picture.page and seen["box"]:
            kind = f"inner {seen['field'].rpartition('.')[2]}" if seen["field"] in _INNER else "field"
            label = escape(say(*FIELD_LABELS[seen["field"]]))
            place = _place(seen["box"], picture)
            to = f'id="{name}-e{number}" href="#{name}-v{number}"'
            yield f'<a class="box {kind}" {to} style="{place}"><b>{label}</b></a>'


def _finding_boxes(name: str, record: Json, picture: PagePicture) -> Iterator[str]:
    for number, finding in enumerate(record["findings"]):
        if finding["page"] == picture.page and finding.get("box"):
            place = _place(finding["box"], picture, wider=2.0)
            tip = escape(finding["message"])
            yield (
                f'<a class="box finding {finding["grade"]}" id="{name}-x{number}" href="#{name}-w{number}" '
                f'title="{tip}" style="{place}"></a>'
            )


def _place(box: Sequence[float], picture: PagePicture, wider: float = 1.0) -> str:
    left, bottom, right, top = box
    across, down = 100 / picture.width, 100 / picture.height
    return (
        f"left:{(left - wider) * across:.2f}%;top:{(picture.height - top - wider) * down:.2f}%;"
        f"width:{(right - left + 2 * wider) * across:.2f}%;height:{(top - bottom + 2 * wider) * down:.2f}%"
    )


# --- beside them --------------------------------------------------------------------------------------------------


def _findings(say: Words, name: str, record: Json) -> str:
    items = "".join(
        _finding(say, f"{name}-w{number}", f"{name}-x{number}", f) for number, f in enumerate(record["findings"])
    )
    nothing = say("没有发现妨碍公开的问题。", "Nothing was found that stops it.")
    shown = f'<ol class="findings">{items}</ol>' if items else f"<p>{escape(nothing)}</p>"
    return f'<section class="verdict"><h2>{escape(say("审核意见", "Findings"))}</h2>{shown}</section>'


def _finding(say: Words, anchor: str, box: str, finding: Json) -> str:
    grade = escape(say(*_GRADES[finding["grade"]]))
    message, code = escape(finding["message"]), escape(finding["code"])
    shown = f'<a href="#{box}">{message}</a>' if finding.get("box") else message
    return f'<li id="{anchor}" class="{finding["grade"]}"><b>{grade}</b> {shown} <code>{code}</code></li>'


def _fields(say: Words, name: str, record: Json) -> str:
    rows = "".join(_row(say, name, number, seen) for number, seen in enumerate(record["evidence"]))
    if not rows:
        return ""
    heads = (("字段", "field"), ("原文", "as it stands"), ("页", "page"), ("读者", "reader"), ("把握", "sure"))
    head = "".join(f"<th>{escape(say(*each))}</th>" for each in heads)
    return (
        f"<section><h2>{escape(say('读到的字段', 'Fields'))}</h2>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></section>"
    )


def _row(say: Words, name: str, number: int, seen: Json) -> str:
    sure = seen["confidence"]
    doubt = " doubt" if sure < _SURE else ""
    raw = escape(seen["raw"]) or f"<i>{escape(say('（空）', '(empty)'))}</i>"
    return (
        f'<tr id="{name}-v{number}" class="{"inner" if seen["field"] in _INNER else "field"}">'
        f'<th><a href="#{name}-e{number}">{escape(say(*FIELD_LABELS[seen["field"]]))}</a></th>'
        f'<td class="raw">{raw}</td>'
        f"<td>{seen['page'] or ''}</td><td>{escape(seen['reader'].replace('+', ' + '))}</td>"
        f'<td class="sure{doubt}">{sure:.0%}</td></tr>'
    )


def _reading(say: Words, record: Json) -> str:
    sources = {"text": ("文字层", "text layer"), "ocr": ("文字识别", "recognised")}
    pages = [(each["page"], say(*sources[each["source"]]), each["confidence"]) for each in record["reading"]["pages"]]
    said = (say(f"第{page}页：{how}，{sure:.0%}", f"page {page}: {how}, {sure:.0%}") for page, how, sure in pages)
    items = "".join(f"<li>{escape(each)}</li>" for each in said)
    signature = escape(record["signature"]["detail"])
    head = escape(say("各页怎样读的", "How each page was read"))
    pages_read = f"<section><h2>{head}</h2><ul>{items}</ul></section>" if items else ""
    return f"<section><h2>{escape(say('签名', 'Signature'))}</h2><p>{signature}</p></section>{pages_read}"


_STYLE = """
:root{color-scheme:light;--ink:#1d2329;--soft:#5b6670;--line:#d9dee3;--field:#0b62c4;--inner:#0a7d4f;--hold:#a15c00;
--reject:#b3161b;--warn:#5b6670;--paper:#fff;--ground:#f1f3f5}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);
font:16px/1.6 "Noto Sans CJK SC","PingFang SC","Microsoft YaHei",system-ui,sans-serif}
header{display:flex;flex-wrap:wrap;gap:.25rem 1rem;align-items:baseline;padding:1rem 1.25rem .25rem}
h1{font-size:1.2rem;margin:0;overflow-wrap:anywhere}
.fate{margin:0;font-weight:600}.fate.publish{color:var(--inner)}.fate.hold{color:var(--hold)}.fate.reject{color:var(--reject)}
main{display:flex;flex-direction:column;padding:.75rem 1.25rem 2rem}
aside{display:contents}.verdict{order:-1}
@media (min-width:60rem){main{display:grid;gap:1rem;grid-template-columns:minmax(0,3fr) minmax(24rem,2fr)}
aside{display:block;position:sticky;top:0;align-self:start;max-height:100vh;overflow:auto}}
figure{margin:0 0 1.25rem}
.sheet{position:relative;container-type:inline-size;background:var(--paper);box-shadow:0 1px 4px #0003}
.sheet img{display:block;width:100%;height:auto}
figcaption{color:var(--soft);font-size:.85rem;text-align:center;padding-top:.25rem}
.box{position:absolute;border:1.5px solid var(--field);border-radius:2px;background:#0b62c410;text-decoration:none}
.box b{position:absolute;left:-1.5px;bottom:100%;padding:0 .3em;background:var(--field);color:#fff;
border-radius:2px 2px 0 0;font-size:clamp(7px,1.45cqw,12px);line-height:1.35;font-weight:600;white-space:nowrap}
.box.inner{border-color:var(--inner);background:none;border-style:dashed}
.box.inner b{background:var(--inner);bottom:auto;top:100%;border-radius:0 0 2px 2px}
.box.meeting b{left:auto;right:-1.5px;top:auto;bottom:100%;border-radius:2px 2px 0 0}
.box.finding{border:2px solid var(--hold);background:#ffb30026;border-radius:4px}
.box.finding.reject{border-color:var(--reject);background:#ff000018}.box.finding.warn{border-color:#98a2ab;background:none}
.box:target,tr:target,li:target{scroll-margin-top:5rem}
.box:target,.box:hover{box-shadow:0 0 0 3px #ffd54a;z-index:2}
section{background:var(--paper);border:1px solid var(--line);border-radius:6px;padding:.75rem 1rem;margin:0 0 1rem}
h2{font-size:1rem;margin:0 0 .5rem}p{margin:.25rem 0}
ol,ul{margin:0;padding-left:1.25rem}.findings li{margin:.35rem 0}
.findings b{color:var(--warn)}.findings .hold b{color:var(--hold)}.findings .reject b{color:var(--reject)}
code{color:var(--soft);font-size:.8rem;overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%;font-size:.9rem}
th,td{text-align:left;vertical-align:top;padding:.3rem .4rem;border-top:1px solid var(--line)}
thead th{border-top:0;color:var(--soft);font-weight:400;white-space:nowrap}
tbody th{font-weight:600;white-space:nowrap}td:nth-child(4){white-space:nowrap;font-size:.8rem;padding-top:.45rem}
.raw{white-space:pre-line;overflow-wrap:anywhere}
.inner th a{color:var(--inner)}a{color:var(--field)}.findings a{color:inherit}
tr:target,li:target{background:#fff4cc}.doubt{color:var(--reject);font-weight:700}
@media (max-width:40rem){body{font-size:15px}main,header{padding-left:.6rem;padding-right:.6rem}
th,td{padding:.3rem .25rem}td:nth-child(4){white-space:normal}}
"""
