"""The pages of all public replies, for search engines: Sitemaps 0.9."""

from __future__ import annotations

from domain.feeds.event import Event
from domain.feeds.line_page import LinePages, Standing
from domain.publication.change_log import Change
from domain.publication.object_keys import ROBOTS, SITEMAP, sitemap_key

SLOTS_PER_SITEMAP = 128
_HEAD = '<?xml version="1.0" encoding="utf-8"?><{} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'


class Sitemaps:
    """The sitemaps while they are being changed."""

    def __init__(self, base: str, standing: Standing) -> None:
        self._base = base
        self._pages, self._indexes = LinePages(standing), LinePages(standing)

    def add(self, event: Event) -> None:
        """Let the event count."""
        entry = event.entry
        number, place = divmod(entry.slot, SLOTS_PER_SITEMAP)
        page = self._pages[sitemap_key(number)]
        # Never without a page: the schema of sitemaps allows no empty one, and everything in it may be taken down.
        page.head = f"{_HEAD.format('urlset')}<url><loc>{self._base}index.html</loc></url>"
        gone = entry.change.takes_down
        page.put(place, "" if gone else f"<url><loc>{event.page}</loc><lastmod>{entry.published_at}</lastmod></url>")
        if entry.change is Change.PUBLISH and place == 0:
            # Without times, so that it changes only when there is another sitemap.
            index = self._indexes[SITEMAP]
            index.head = _HEAD.format("sitemapindex")
            index.put(number, f"<sitemap><loc>{self._base}{sitemap_key(number)}</loc></sitemap>")

    def bodies(self) -> dict[str, bytes]:
        """The sitemaps that changed, and the index if there is a new one."""
        return self._pages.bodies("</urlset>") | self._indexes.bodies("</sitemapindex>")


def robots(base: str) -> dict[str, bytes]:
    """Where crawlers learn of the sitemap; nothing is closed to them."""
    return {ROBOTS: f"User-agent: *\nAllow: /\n\nSitemap: {base}{SITEMAP}\n".encode()}
