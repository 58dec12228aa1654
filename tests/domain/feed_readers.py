"""What a stranger reads in the feeds, beginning where each standard says, with nothing of ours but the bytes."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET

_ATOM = "{http://www.w3.org/2005/Atom}"
_TOMB = "{http://purl.org/atompub/tombstones/1.0}"
_MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
_RS = "{http://www.openarchives.org/rs/terms/}"


@dataclass(frozen=True)
class Feeds:
    """The public bucket of a site at this address."""

    base: str
    get: Callable[[str], bytes]

    def _xml(self, url: str) -> ET.Element:
        return ET.fromstring(self.get(self._key(url)))

    def _json(self, url: str) -> Any:
        return json.loads(self.get(self._key(url)))

    def _key(self, url: str) -> str:
        assert url.startswith(self.base)
        return url.removeprefix(self.base)

    def activities(self) -> list[tuple[str, str, str]]:
        """Type, reply and time of each, the oldest first, read from the newest page back."""
        collection = self._json(f"{self.base}feed/activity.json")
        page = self._json(collection["last"]["id"])
        assert "next" not in page
        found: list[dict[str, Any]] = []
        while True:
            found = page["orderedItems"] + found
            if "prev" not in page:
                break
            before = self._json(page["prev"]["id"])
            assert before["next"]["id"] == page["id"]
            assert before["startIndex"] + len(before["orderedItems"]) == page["startIndex"]
            page = before
        assert page["id"] == collection["first"]["id"]
        assert len(found) == collection["totalItems"]
        return [(each["type"], each["object"]["id"], each["endTime"]) for each in found]

    def atom(self) -> list[tuple[str, str, str | None]]:
        """Id, time and title of each, None for a tombstone, the newest first, through all archives."""
        url, found = f"{self.base}feed/replies.atom", list[tuple[str, str, str | None]]()
        while url:
            feed = self._xml(url)
            links = {link.get("rel"): link.get("href") for link in feed.findall(f"{_ATOM}link")}
            assert links["self"] == url
            for child in feed:
                if child.tag == f"{_ATOM}entry":
                    said = [child.findtext(f"{_ATOM}{name}") or "" for name in ("id", "updated", "title")]
                    found.append((said[0], said[1], said[2]))
                elif child.tag == f"{_TOMB}deleted-entry":
                    found.append((child.get("ref") or "", child.get("when") or "", None))
            url = links.get("prev-archive") or ""
        return found

    def changes(self) -> list[tuple[str, str, str]]:
        """What happened to which resource when, the oldest first, from the source's description on."""
        lists = self._xml(self._capabilities()["changelist"]).findall(f"{_MAP}sitemap")
        found, until = list[tuple[str, str, str]](), None
        for listed in lists:
            told = _md(listed)
            document = self._xml(_loc(listed))
            assert _md(document) == told
            assert until in {None, told["from"]}
            until = told.get("until")
            assert (until is None) == (listed is lists[-1])
            found += [
                (_md(each)["change"], _loc(each), _md(each)["datetime"]) for each in document.findall(f"{_MAP}url")
            ]
        return found

    def resources(self) -> dict[str, tuple[str, int]]:
        """Address, digest and length of all resources."""
        lists = self._xml(self._capabilities()["resourcelist"]).findall(f"{_MAP}sitemap")
        return {
            _loc(each): (_md(each)["hash"].removeprefix("sha-256:"), int(_md(each)["length"]))
            for listed in lists
            for each in self._xml(_loc(listed)).findall(f"{_MAP}url")
        }

    def sitemap(self) -> dict[str, str]:
        """Address and time of each reply's page."""
        lists = self._xml(f"{self.base}sitemap.xml").findall(f"{_MAP}sitemap")
        pages = (each for listed in lists for each in self._xml(_loc(listed)).findall(f"{_MAP}url"))
        return {_loc(each): each.findtext(f"{_MAP}lastmod") or "" for each in pages if "/r/" in _loc(each)}

    def months(self) -> Any:
        """The list of the ledgers."""
        return self._json(f"{self.base}feed/monthly.json")

    def ledger(self) -> Iterator[dict[str, str]]:
        """The rows of all months."""
        for month in self.months()["months"]:
            for key in month["files"]:
                body = self.get(key)
                assert body.startswith(b"\xef\xbb\xbf")
                for row in csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline="")):
                    assert row["变更时间（北京时间）"].startswith(month["month"])
                    yield row

    def distributions(self) -> set[str]:
        """Everything that the data catalogue leads to."""
        catalogue = self._json(f"{self.base}feed/dcat.jsonld")
        sets = catalogue["dcat:dataset"]
        return {self._key(each["dcat:downloadURL"]["@id"]) for one in sets for each in one["dcat:distribution"]}

    def _capabilities(self) -> Mapping[str, str]:
        described = self._xml(f"{self.base}.well-known/resourcesync").findall(f"{_MAP}url")
        assert [_md(each)["capability"] for each in described] == ["capabilitylist"]
        return {_md(each)["capability"]: _loc(each) for each in self._xml(_loc(described[0])).findall(f"{_MAP}url")}


def _loc(element: ET.Element) -> str:
    return element.findtext(f"{_MAP}loc") or ""


def _md(element: ET.Element) -> Mapping[str, str]:
    found = element.find(f"{_RS}md")
    assert found is not None
    return found.attrib
