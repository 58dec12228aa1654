"""What every page says of the site around it: the tags of 政府网站发展指引 (国办发〔2017〕47号), and the way back."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from domain.publication.object_keys import ATOM
from domain.publication.site_particulars import Site


def site_tags(site: Site) -> Iterator[str]:
    """网站标签, for every page. What the office does not tell is left out."""
    yield from meta_tags({"SiteName": site.name, "SiteDomain": site.domain, "SiteIDCode": site.id_code})


def column_tags(site: Site) -> Iterator[str]:
    """栏目标签, for the pages that list."""
    yield from meta_tags(
        {
            "ColumnName": site.column_name,
            "ColumnDescription": site.column_description,
            "ColumnKeywords": site.column_keywords,
            "ColumnType": site.column_type,
        }
    )


def meta_tags(tags: dict[str, str | None]) -> Iterator[str]:
    """Elements of the head, for what is known."""
    yield from (f'<meta name="{name}" content="{escape(value)}">' for name, value in tags.items() if value)


def masthead(site: Site, root: str = "") -> str:
    """The head of a page: name of the site and its ways. `root` leads from the page to the top of the bucket."""
    ways = (("index.html", "目录"), ("index.html?check", "核对文件"), ("statistics.html", "公开情况统计"))
    links = "\n".join(f'<a href="{root}{href}">{words}</a>' for href, words in ways)
    return (
        f'<header class="masthead">\n<div class="measure">\n<a class="name" href="{root}index.html">{escape(site.name)}'
        f'</a>\n<nav aria-label="网站">\n{links}\n</nav>\n</div>\n</header>'
    )


def feed_link(site: Site) -> Iterator[str]:
    """By which a reader finds the feed; without an address of the site there is none."""
    if site.base_url:
        href = f"{site.base_url}{ATOM}"
        yield f'<link rel="alternate" type="application/atom+xml" title="{escape(site.name)}" href="{href}">'
