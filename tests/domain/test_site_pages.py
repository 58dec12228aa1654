"""Every kind of page tells programs what the office said of its site and of the reply, and nothing that nobody said."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from html import unescape

import pytest

from domain.publication.canonical_json import canonical_json
from domain.publication.derived import Announcement, follow
from domain.publication.object_keys import ATOM, SITE, page_key
from domain.publication.site_particulars import Site
from domain.publication.statistics_page import STATISTICS_PAGE
from portal import portal_files
from tests.domain.test_views import announced, taken_down
from tests.portal.fixture_bucket import reply_id_of

TOLD = Site(
    name='甲区"复文"<公开>',
    base_url="https://reply.example/",
    publisher="甲区人民政府",
    domain="www.reply.example",
    id_code="9901010001",
    column_description="答复",
    column_keywords="建议,提案",
    licence_url="https://reply.example/licence",
)
REPLY, VERSION, GONE = page_key(reply_id_of(0)), page_key(reply_id_of(0), 1), page_key(reply_id_of(1))


def pages_of(site: Site | None) -> Mapping[str, str]:
    """One page of each kind."""
    standing = {SITE: canonical_json(site.as_json())} if site else {}
    log = [announced(0, 1, 1, "加装电梯"), announced(1, 2, 1, "河道照明"), taken_down(1, 3, 2)]
    with_topic = Announcement(log[0].entry, {**(log[0].manifest or {}), "topic": "城乡建设"}, log[0].reply)
    made = follow([with_topic, *log[1:]], standing.get)
    index = next(body for key, body, _ in portal_files(site) if key == "index.html")
    keys = (REPLY, VERSION, GONE, STATISTICS_PAGE)
    return {key: found.body.decode() for key in keys if (found := made[key])} | {"index.html": index.decode()}


def tags(page: str) -> dict[str, str]:
    """The `meta` elements of a page by name."""
    return {name: unescape(value) for name, value in re.findall(r'<meta name="(\w+)" content="([^"]*)">', page)}


KINDS: list[str] = [REPLY, VERSION, GONE, STATISTICS_PAGE, "index.html"]


@pytest.mark.parametrize("key", KINDS)
def test_every_page_names_the_site_and_leaves_out_what_nobody_said(key: str) -> None:
    site = {"SiteName", "SiteDomain", "SiteIDCode"}
    told = tags(pages_of(TOLD)[key])
    assert {name: told[name] for name in site} == {
        "SiteName": TOLD.name, "SiteDomain": TOLD.domain, "SiteIDCode": TOLD.id_code,
    }  # fmt: skip
    untold = tags(pages_of(None)[key])
    assert site & set(untold) == {"SiteName"}
    assert "" not in untold.values()
    assert "None" not in untold.values()


@pytest.mark.parametrize("key", [STATISTICS_PAGE, "index.html"])
def test_a_page_that_lists_names_its_column(key: str) -> None:
    found = tags(pages_of(TOLD)[key])
    assert {name: found[name] for name in found if name.startswith("Column")} == {
        "ColumnName": "建议提案办理答复",
        "ColumnDescription": "答复",
        "ColumnKeywords": "建议,提案",
        "ColumnType": "信息公开",
    }
    assert not {name for name in tags(pages_of(None)[key]) if name in {"ColumnDescription", "ColumnKeywords"}}


@pytest.mark.parametrize("key", [REPLY, VERSION, STATISTICS_PAGE, "index.html"])
def test_a_reader_finds_the_feed_where_there_is_one(key: str) -> None:
    link = '<link rel="alternate" type="application/atom+xml"'
    assert f'href="https://reply.example/{ATOM}"' in pages_of(TOLD)[key].partition(link)[2]
    assert link not in pages_of(None)[key]


def test_a_reply_has_the_tags_of_content() -> None:
    found = tags(pages_of(TOLD)[REPLY])
    assert found["ArticleTitle"] == "对区政协十五届三次会议第000123号提案的答复"
    assert found["PubDate"] == "2026-01-02 09:00"
    assert found["ContentSource"] == found["Author"] == "甲区青溪镇人民政府"
    assert found["Keywords"] == "溪府〔2024〕11号,000123,城乡建设"
    assert found["Description"] == "关于加装电梯，已经办理。"
    assert found["Url"] == f"https://reply.example/{REPLY}"
    assert tags(pages_of(TOLD)[VERSION])["Url"] == found["Url"]


def test_what_was_taken_down_has_none_of_them() -> None:
    page = pages_of(TOLD)[GONE]
    assert set(tags(page)) <= {"viewport", "referrer", "robots", "SiteName", "SiteDomain", "SiteIDCode"}
    assert "ld+json" not in page
    assert "canonical" not in page


def json_ld(page: str) -> dict[str, dict[str, object]]:
    """The descriptions in a page by their type."""
    found = [json.loads(each) for each in re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)]
    return {each["@type"]: each for each in found}


def test_search_engines_are_told_in_schema_org() -> None:
    """Document and way to it; without an address of the site no address is invented."""
    told = json_ld(pages_of(TOLD)[REPLY])
    assert told["DigitalDocument"]["url"] == f"https://reply.example/{REPLY}"
    assert told["DigitalDocument"]["license"] == TOLD.licence_url
    crumbs = told["BreadcrumbList"]["itemListElement"]
    assert isinstance(crumbs, list)
    assert [each["item"] for each in crumbs] == ["https://reply.example/index.html", f"https://reply.example/{REPLY}"]
    untold = json_ld(pages_of(None)[REPLY])
    assert set(untold) == {"DigitalDocument"}
    assert not {"url", "license", "publisher", "encoding"} & set(untold["DigitalDocument"])
    assert "https://" not in re.sub(r"https://schema\.org", "", pages_of(None)[REPLY])


HOSTILE: list[Callable[[Site], Site]] = [
    lambda site: replace(site, name="</title><script>alert(1)</script>"),
    lambda site: replace(site, column_name='"><script>alert(1)</script>', publisher="</script><script>alert(1)"),
]


@pytest.mark.parametrize("change", HOSTILE)
@pytest.mark.parametrize("key", KINDS)
def test_what_the_office_says_cannot_become_markup(key: str, change: Callable[[Site], Site]) -> None:
    assert "<script>" not in pages_of(change(TOLD))[key]
