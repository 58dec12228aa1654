"""The reply as people read it: plain text and one page of HTML.

Both say only what review vouched for. They are no second original: the page says that the PDF is what counts.
The same reply gives the same bytes.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from html import escape
from itertools import groupby

from domain.reading.paragraph import Paragraph, Role
from domain.reply import DisclosureExtent, HandlingResult, Reply, Submission, SubmissionKind


@dataclass(frozen=True, slots=True)
class OriginalLink:
    """Where a reader finds the original, seen from the page."""

    href: str
    """Relative, so that the page works under whatever host serves the bucket."""
    sha256: str
    size_bytes: int


def public_paragraphs(reply: Reply) -> tuple[Paragraph, ...]:
    """The paragraphs that may be shown: none for 摘要, and never a note or a line of contacts.

    A 附注 (GB/T 9704-2012, 7.3.6) usually holds a name and a telephone number; what it says of disclosure stands in the
    fact list anyway.
    """
    if reply.extent is not DisclosureExtent.FULL_TEXT:
        return ()
    return tuple(
        paragraph
        for paragraph in reply.paragraphs
        if paragraph.role is not Role.NOTE and not _CONTACT.match(paragraph.text) and _clean(paragraph.text).strip()
    )


def facts(reply: Reply) -> tuple[tuple[str, str], ...]:
    """Label and value of what is known of the reply, in the order in which a reader asks for it."""
    found = (
        ("答复对象", "、".join(reply.addressees)),
        ("发文机关", reply.issuing_authority),
        ("发文字号", str(reply.document_number)),
        ("成文日期", _written_date(reply.date_of_issue)),
        ("公开属性", f"{reply.disclosure.attribute or reply.disclosure.raw}（{reply.extent}公开）"),
        ("办理结果", _result(reply.handling_result)),
        ("届次", meeting_of(reply.submission)),
        (_number_label(reply.submission.kind), "、".join(f"第{number}号" for number in reply.submission.numbers)),
    )
    return tuple((label, _clean(value)) for label, value in found if value)


def meeting_of(submission: Submission) -> str:
    """The meeting in words, 区政协十五届三次会议; only as much of it as is known."""
    term = f"{_chinese_number(submission.term)}届" if submission.term else ""
    session = f"{_chinese_number(submission.session)}次会议" if submission.session else ""
    return (submission.body or "") + term + session


def text_of(reply: Reply, *, masked: bool = False) -> str:
    """The letter as plain text: authority, number, title, then whole paragraphs, a blank line between; tables by tabs.

    For 摘要 the fact list takes the place of the letter. `masked`: the original is not public beside it.
    """
    head: tuple[str, ...] = (reply.issuing_authority, str(reply.document_number), reply.title)
    if masked:
        head = (*head, MASKED_NOTE)
    if reply.extent is DisclosureExtent.FULL_TEXT:
        rest = tuple(paragraph.text for paragraph in public_paragraphs(reply))
    else:
        rest = ("\n".join(f"{label}：{value}" for label, value in facts(reply)), SUMMARY_NOTE)
    return "\n\n".join("\n".join(_lines(block)) for block in (*head, *rest)) + "\n"


def html_of(
    reply: Reply,
    *,
    original: OriginalLink | None = None,
    masked: bool = False,
    known: Iterable[tuple[str, str]] = (),
    banner: str = "",
    record: Iterable[str] = (),
    head: Iterable[str] = (),
    frame: str = "",
) -> str:
    """The reply as one page: readable, printable, complete in itself, without a script.

    `original` is left out where the original is not public, as for 摘要 and for a rendition with masks (`masked`).
    What is known of the publication: `known` as further facts; as HTML, `banner` above the title, `record` below the
    letter, `head` as elements of the head, and `frame` before all of it.
    Raises ValueError for both an original and masks.
    """
    if masked and original is not None:
        raise ValueError("beside a rendition with masks the original is not public")
    title = escape(_clean(reply.title))
    return _PAGE.format(
        csp=_CSP,
        head="".join(f"{line}\n" for line in head),
        frame=frame and f"{frame}\n",
        banner=banner and f'<p class="banner">{banner}</p>\n',
        title=title,
        authority=escape(_clean(reply.issuing_authority)),
        style=_STYLE,
        facts="\n".join(_fact(label, value) for label, value in (*facts(reply), *known)),
        open=_open(original),
        letter="\n".join(_letter(public_paragraphs(reply))) or f'<p class="summary">{SUMMARY_NOTE}</p>',
        note="\n".join((*_note(original, masked=masked), *record)),
    )


def notice_page(heading: str, sentences: Iterable[str], head: Iterable[str] = (), frame: str = "") -> str:
    """A page in the same dress that shows no reply: it is not for search engines."""
    return _NOTICE.format(
        csp=_CSP,
        head="".join(f"{line}\n" for line in head),
        frame=frame and f"{frame}\n",
        style=_STYLE,
        heading=escape(heading),
        sentences="\n".join(f"<p>{escape(_clean(sentence))}</p>" for sentence in sentences),
    )


SUMMARY_NOTE = "本答复依法以摘要方式公开，此处不登载全文。"
MASKED_NOTE = "本页是依法遮盖个人信息等内容后整理的文本，不是原件，以星号（*）代替的内容不公开；原件不公开。"

_CONTACT = re.compile(
    r"\s*[（(【\[]?\s*(?:联\s*系\s*(?:人|电\s*话|方\s*式|地\s*址)|(?:办\s*公\s*)?电\s*话|手\s*机|传\s*真|邮\s*编|电\s*子\s*邮\s*(?:箱|件)"
    r"|承\s*办\s*人|经\s*办\s*人|填\s*表\s*人)\s*(?:及\s*(?:联\s*系\s*)?电\s*话)?\s*[：:]"
)
# What HTML forbids in text, and the marks that make text run backwards: those can make a page say what is not there.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef"
    + "".join(f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(17))
    + "]"
)
_LINE_BREAK = re.compile(r"\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_DIGITS = "〇一二三四五六七八九"
_CLOSING = frozenset({Role.SIGNATURE, Role.DATE})
_IMPRINT = frozenset({Role.COPIED_TO, Role.IMPRINT})
_HEADINGS = (Role.HEADING1, Role.HEADING2, Role.HEADING3)
_LONGEST_HEADING = 40
"""Characters. A 小标题 that runs into its paragraph, 一、……。……, is set as text, not as a heading of ten lines."""


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("", _LINE_BREAK.sub("\n", text))


def _lines(text: str) -> list[str]:
    stripped = (line.strip(" \u3000") for line in _clean(text).split("\n"))
    return [line for line in stripped if line.strip()]


def _written_date(day: date) -> str:
    # GB/T 9704-2012, 7.3.5: Arabic figures, the year in full, no leading zeros.
    return f"{day.year}年{day.month}月{day.day}日"


def _chinese_number(number: int) -> str:
    if not 0 < number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    return ("" if tens < 2 else _DIGITS[tens]) + ("十" if tens else "") + (_DIGITS[ones] if ones else "")


def _number_label(kind: SubmissionKind | None) -> str:
    return f"{kind}号" if kind else "建议提案号"


def _result(result: HandlingResult | None) -> str:
    if result is None:
        return ""
    mark = "".join(result.raw.split())
    if not result.normalised or result.normalised == mark:
        return mark
    return f"{result.normalised}（原文标注：{mark}）"


def _letter(paragraphs: tuple[Paragraph, ...]) -> Iterator[str]:
    tags = _heading_tags(paragraphs)
    for group, members in groupby(paragraphs, key=_group):
        if group is None:
            yield from (_block(member, tags) for member in members)
        else:
            inner = "\n".join(f"<p>{_broken(member.text)}</p>" for member in members)
            yield f'<div class="{group}">\n{inner}\n</div>'


def _heading_tags(paragraphs: Iterable[Paragraph]) -> dict[Role, str]:
    # A letter that begins with （一） has no 一、: levels are counted from what is there, so that none is skipped.
    short = {paragraph.role for paragraph in paragraphs if len(paragraph.text) <= _LONGEST_HEADING}
    return {role: f"h{level}" for level, role in enumerate((role for role in _HEADINGS if role in short), start=2)}


def _group(paragraph: Paragraph) -> str | None:
    if paragraph.role in _CLOSING:
        return "closing"
    return "imprint" if paragraph.role in _IMPRINT else None


def _block(paragraph: Paragraph, tags: Mapping[Role, str]) -> str:
    if paragraph.role is Role.TABLE:
        return _table(paragraph.text)
    if paragraph.role is Role.SALUTATION:
        return f'<p class="salutation">{_broken(paragraph.text)}</p>'
    if paragraph.role not in _HEADINGS:
        return f"<p>{_broken(paragraph.text)}</p>"
    if len(paragraph.text) > _LONGEST_HEADING:
        return f'<p class="lead">{_broken(paragraph.text)}</p>'
    tag = tags[paragraph.role]
    return f'<{tag} class="{paragraph.role}">{_broken(paragraph.text)}</{tag}>'


def _broken(text: str) -> str:
    return "<br>".join(map(escape, _lines(text)))


def _table(text: str) -> str:
    rows = [[cell.strip() for cell in line.split("\t")] for line in _lines(text)]
    width = max(map(len, rows))
    cells = ("".join(f"<td>{escape(cell)}</td>" for cell in row + [""] * (width - len(row))) for row in rows)
    body = "\n".join(f"<tr>{row}</tr>" for row in cells)
    return (
        f'<div class="table" role="group" aria-label="表格" tabindex="0"><table><tbody>\n{body}\n</tbody></table></div>'
    )


def size_words(size_bytes: int) -> str:
    """A size as a reader compares it with what the browser says: 180 KB."""
    if size_bytes < 1024:
        return f"{size_bytes} 字节"
    kilobytes = size_bytes / 1024
    return f"{kilobytes:.0f} KB" if kilobytes < 1024 else f"{kilobytes / 1024:.1f} MB"


def _fact(label: str, value: str) -> str:
    return f"<div><dt>{label}</dt><dd>{escape(_clean(value))}</dd></div>"


def _open(original: OriginalLink | None) -> str:
    if original is None:
        return ""
    words = f"查看原件（PDF，{size_words(original.size_bytes)}）"
    return f'<p class="open"><a href="{escape(original.href)}" type="application/pdf">{words}</a></p>\n'


def _note(original: OriginalLink | None, *, masked: bool) -> Iterator[str]:
    if masked:
        yield f"<p><strong>{MASKED_NOTE}</strong></p>"
        return
    yield "<p>本页文字根据原件整理，便于阅读和检索；<strong>以原件为准</strong>。</p>"
    if original is None:
        return
    yield f"<p>原件大小 {original.size_bytes:,} 字节，SHA-256：<code>{escape(original.sha256)}</code></p>"


# Print keeps the measures of GB/T 9704-2012, 5.2: top 37 mm, left 28 mm, text 156 mm by 225 mm, body 三号 (16 pt) 仿宋.
_STYLE = """
:root {
  color-scheme: light dark;
  --ink: #1d2329; --soft: #56606b; --line: #d5dadf; --paper: #fff; --ground: #f4f5f6; --link: #0b5380;
  --accent: #14466b; --on-accent: #fff; --warn-ground: #fdf4e3; --warn-line: #b97a00;
}
@media (prefers-color-scheme: dark) {
  :root { --ink: #e4e7ea; --soft: #a3adb7; --line: #3a424a; --paper: #1a1e22; --ground: #121518; --link: #8cc4ec;
    --accent: #10344f; --on-accent: #f2f5f7; --warn-ground: #2e2614; --warn-line: #d9a441; }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0; background: var(--ground); color: var(--ink); line-break: strict; overflow-wrap: anywhere;
  font: 1.125rem/1.9 -apple-system, BlinkMacSystemFont, "PingFang SC", "HarmonyOS Sans SC", "Noto Sans CJK SC",
    "Source Han Sans SC", "Microsoft YaHei", sans-serif;
}
/* A transparent edge is seen where forced colours take the background away. */
.masthead {
  border-bottom: 1px solid transparent; background: var(--accent); color: var(--on-accent); font-size: .9375rem;
}
.masthead .measure {
  display: flex; flex-wrap: wrap; align-items: baseline; justify-content: space-between; gap: 0 1.5rem;
  max-width: 46rem; margin: auto; padding: .5rem 1.125rem;
}
.masthead nav { display: flex; flex-wrap: wrap; gap: 0 1.25rem; }
.masthead a { padding: .25rem 0; color: inherit; text-decoration: none; }
.masthead a:hover { text-decoration: underline; }
.masthead .name { font-size: 1.0625rem; font-weight: 700; }
.masthead :focus-visible { outline-color: currentColor; }
.banner {
  margin: 0 0 2rem; padding: .625rem 1rem; border-left: 4px solid var(--warn-line); background: var(--warn-ground);
  font-size: 1rem; text-align: left; text-indent: 0;
}
main {
  max-width: 46rem; margin: 2rem auto; padding: 3rem clamp(1.125rem, 6vw, 4rem);
  background: var(--paper); border: 1px solid var(--line);
}
h1, .heading1 { font-family: "Songti SC", "Noto Serif CJK SC", "Source Han Serif SC", STSong, SimSun, serif; }
h1 {
  margin: 0 0 2rem; font-size: clamp(1.375rem, 5vw, 1.75rem); line-height: 1.5; text-align: center;
  text-wrap: balance;
}
dl { margin: 0 0 2.5rem; border-top: 1px solid var(--line); font-size: 1rem; line-height: 1.7; }
dl div { display: flex; gap: 1rem; padding: .375rem 0; border-bottom: 1px solid var(--line); }
dt { flex: 0 0 5em; color: var(--soft); }
dd { margin: 0; flex: 1; }
p { margin: 0 0 .75rem; text-indent: 2em; text-align: justify; }
.heading1, .heading2, .heading3 {
  margin: 1.5rem 0 .5rem; font-size: 1.125rem; font-weight: 600; line-height: 1.7; text-indent: 2em;
}
.heading1 { font-size: 1.25rem; }
.heading3, .lead { font-weight: 500; }
.salutation, .note p, .imprint p, .open { text-indent: 0; text-align: left; }
.open { margin: -1rem 0 2.5rem; }
.open a {
  display: inline-block; padding: .375rem 1.125rem; border: 1px solid transparent; border-radius: .25rem;
  background: var(--accent);
  color: var(--on-accent); font-size: 1rem; text-decoration: none;
}
.open a:hover { text-decoration: underline; }
.summary { color: var(--soft); }
.closing { width: fit-content; max-width: 100%; margin: 2.5rem 0 0 auto; padding-right: min(4em, 8vw); }
.closing p { margin: 0; text-align: center; text-indent: 0; }
.imprint { margin-top: 3rem; border-block: 1px solid var(--line); font-size: 1rem; }
.imprint p { margin: 0; padding: .25rem 0; }
.table { margin: 1rem 0; overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: 1rem; line-height: 1.6; }
td { min-width: 4em; padding: .375rem .625rem; border: 1px solid var(--line); vertical-align: top; }
.note {
  margin-top: 3rem; padding-top: 1rem; border-top: 2px solid var(--line);
  color: var(--soft); font-size: .9375rem; line-height: 1.7;
}
.note p { margin: 0 0 .375rem; }
.note a { display: inline-block; margin-right: 1rem; }
.note img {
  display: block; width: 9rem; max-width: 100%; height: auto; aspect-ratio: 210 / 297; margin: .75rem 0;
  border: 1px solid var(--line); background: #fff;
}
a { color: var(--link); }
code { font: .875em ui-monospace, Consolas, "Noto Sans Mono", monospace; word-break: break-all; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
@media (max-width: 34rem) { main { margin: 0; border: 0; padding-block: 1.75rem; } }
@page { size: A4; margin: 37mm 26mm 35mm 28mm; }
@media print {
  :root { --ink: #000; --soft: #000; --line: #000; --paper: #fff; --ground: #fff; --link: #000; }
  body { font: 16pt/28.5pt FangSong, STFangsong, FangSong_GB2312, "Songti SC", "Noto Serif CJK SC", SimSun, serif; }
  main { max-width: none; margin: 0; padding: 0; border: 0; }
  .masthead, .open, .links, .note img { display: none; }
  .banner { border: 1pt solid #000; }
  h1 { font-size: 22pt; line-height: 32pt; }
  .heading1, .heading2, .heading3 { font-size: 16pt; break-after: avoid; }
  dl, .imprint, .note, table { font-size: 12pt; line-height: 18pt; }
  p { orphans: 2; widows: 2; }
  dl div, tr, .closing, .note { break-inside: avoid; }
}
"""
_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_CSP = f"default-src 'none'; style-src 'sha256-{_HASH}'; img-src 'self'; base-uri 'none'; form-action 'none'"

_PAGE = """<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{csp}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="format-detection" content="telephone=no">
<meta name="ArticleTitle" content="{title}">
<meta name="ContentSource" content="{authority}">
{head}<title>{title}</title>
<style>{style}</style>
</head>
<body>
{frame}<main>
<article>
{banner}<h1>{title}</h1>
<dl>
{facts}
</dl>
{open}{letter}
<footer class="note">
{note}
</footer>
</article>
</main>
</body>
</html>
"""
_NOTICE = """<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{csp}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
{head}<title>{heading}</title>
<style>{style}</style>
</head>
<body>
{frame}<main>
<article>
<h1>{heading}</h1>
{sentences}
</article>
</main>
</body>
</html>
"""
