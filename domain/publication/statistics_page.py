"""The counts as a page with plots: drawn here, so that it needs no script; every plot has its table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from domain.publication.canonical_json import Json
from domain.publication.counts import DAYS
from domain.publication.site_frame import column_tags, feed_link, masthead, site_tags
from domain.publication.site_particulars import Site

STATISTICS_PAGE = "statistics.html"
_MONTHS_SHOWN = 24


def statistics_page(counts: Json, site: Site) -> str:
    """The page `statistics.html`."""
    total = sum(counts["replies"].values())
    months = sorted(counts["months"].items())[-_MONTHS_SHOWN:]
    days = [(_class_of(index), counts["days"].get(key, 0)) for index, key in enumerate((*map(str, DAYS), "more"))]
    results = sorted(counts["results"].items(), key=lambda pair: (-pair[1], pair[0]))
    said = "、".join(f"{name} {count:,} 件" for name, count in sorted(counts["replies"].items()))
    return _PAGE.format(
        csp=_CSP,
        head="\n".join((*site_tags(site), *column_tags(site), *feed_link(site))),
        masthead=masthead(site),
        said=f"<p>现公开答复 {total:,} 件{f'：{said}' if said else ''}。已停止公开的不计在内。</p>",
        plots=_plot("办理结果", results, total)
        + _plot(f"成文月份（最近 {_MONTHS_SHOWN} 个有答复的月份）", months, total)
        + _plot("成文到公开的日历天数（更正过的不计）", days, sum(counts["days"].values())),
    )


def _class_of(index: int) -> str:
    if index == len(DAYS):
        return f"{DAYS[-1]} 天以上"
    return f"{DAYS[index - 1] + 1}—{DAYS[index]} 天" if index else f"{DAYS[0]} 天以内"


def _plot(heading: str, counts: Sequence[tuple[str, int]] | Mapping[str, int], total: int) -> str:
    """Bars, one below the other: they fit a phone, and long names have a line of their own."""
    pairs = list(counts.items() if isinstance(counts, Mapping) else counts)
    most = max((count for _, count in pairs), default=0) or 1
    rows = "".join(
        f'<tr><th scope="row">{escape(name)}</th><td>{count:,}</td><td>{count / (total or 1):.1%}</td>'
        f'<td class="bar"><svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect width="{100 * count / most:.2f}" height="10"/></svg></td></tr>'
        for name, count in pairs
    )
    if not rows:
        return f"<h2>{escape(heading)}</h2><p>还没有数据。</p>"
    return (
        f'<h2>{escape(heading)}</h2><table class="plot"><thead><tr><th scope="col">类别</th><th scope="col">件数</th>'
        f'<th scope="col">占比</th><td></td></tr></thead><tbody>{rows}</tbody></table>'
    )


_CSP = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'"
_PAGE = """<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{csp}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
{head}
<meta name="description" content="建议提案办理答复的公开数量、办理结果和公开时间的统计">
<title>公开情况统计</title>
<link rel="icon" href="assets/mark.svg" type="image/svg+xml">
<link rel="stylesheet" href="assets/portal.css">
</head>
<body>
<a class="skip" href="#content">跳到正文</a>
{masthead}
<main id="content" class="measure statistics" tabindex="-1">
<h1>公开情况统计</h1>
{said}
{plots}
<p>数据：<a href="statistics.json">statistics.json</a></p>
</main>
</body>
</html>
"""
