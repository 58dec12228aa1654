"""The reference portal: a static page that reads only published objects, by relative addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from pathlib import Path

from domain.publication.site_frame import column_tags, feed_link, masthead, site_tags
from domain.publication.site_particulars import Site

_HERE = Path(__file__).parent
_MEDIA_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
CACHE_CONTROL = "no-cache"
"""The files keep their names when they change, so a browser asks each time whether they did."""


def portal_files(site: Site | None = None) -> Iterator[tuple[str, bytes, str]]:
    """Key, content and media type of each file of the page; `index.html` last, so that it never names a missing one."""
    for path in sorted((_HERE / "assets").iterdir()):
        yield f"assets/{path.name}", path.read_bytes(), _MEDIA_TYPES[path.suffix]
    yield "index.html", _index(site or Site()).encode(), _MEDIA_TYPES[".html"]


def _index(site: Site) -> str:
    filled = {
        "{head}": "\n".join((*site_tags(site), *column_tags(site), *feed_link(site))),
        "{masthead}": masthead(site),
        "{site_name}": escape(site.name),
    }
    page = (_HERE / "index.html").read_text("utf-8")
    return re.sub("|".join(map(re.escape, filled)), lambda found: filled[found[0]], page)
