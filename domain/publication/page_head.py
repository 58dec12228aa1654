"""What the head of a reply's page tells programs: the tags of 政府网站发展指引 (国办发〔2017〕47号) and JSON-LD."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

from domain.publication.canonical_json import Json
from domain.publication.object_keys import manifest_key, page_key
from domain.publication.rendition import public_paragraphs
from domain.publication.site_frame import feed_link, meta_tags, site_tags
from domain.publication.site_particulars import Site
from domain.reading.paragraph import Role
from domain.reply import Reply

_CHINA = timezone(timedelta(hours=8))
_LONGEST_DESCRIPTION = 100


def page_head(manifest: Json, reply: Reply, site: Site) -> Iterator[str]:
    """Elements of the head: of the site, of the column, of the reply (内容页). What is not known is left out."""
    published = datetime.fromisoformat(manifest["times"]["published_at"])
    address = _address(site, page_key(manifest["reply_id"]))
    keywords = [manifest["document_number"], *manifest["submission"]["numbers"], manifest["topic"]]
    description = _description(reply)
    yield from site_tags(site)
    yield from meta_tags(
        {
            "ColumnName": site.column_name,
            "ColumnType": site.column_type,
            "PubDate": f"{published.astimezone(_CHINA):%Y-%m-%d %H:%M}",
            "Author": manifest["issuing_authority"],
            "Keywords": ",".join(filter(None, keywords)),
            "Description": description,
            "Url": address,
        }
    )
    if address:
        yield f'<link rel="canonical" href="{address}">'
    yield from feed_link(site)
    yield '<link rel="icon" href="../assets/mark.svg" type="image/svg+xml">'
    yield _json_ld(_document(manifest, site, description))
    if address:
        yield _json_ld(_breadcrumbs(manifest, site, address))


def _document(manifest: Json, site: Site, description: str) -> Json:
    return {
        "@context": "https://schema.org",
        "@type": "DigitalDocument",
        "name": manifest["title"],
        "description": description,
        "identifier": [manifest["reply_id"], manifest["document_number"]],
        "inLanguage": "zh-CN",
        "version": manifest["version"],
        "dateCreated": manifest["times"]["date_of_issue"],
        "datePublished": manifest["times"]["published_at"],
        "author": {"@type": "GovernmentOrganization", "name": manifest["issuing_authority"]},
        "isAccessibleForFree": True,
        **_known(
            url=_address(site, page_key(manifest["reply_id"])),
            license=site.licence_url,
            publisher=site.publisher and {"@type": "GovernmentOrganization", "name": site.publisher},
            encoding=site.base_url
            and {
                "@type": "MediaObject",
                "encodingFormat": "application/json",
                "contentUrl": _address(site, manifest_key(manifest["reply_id"], manifest["version"])),
            },
        ),
    }


def _breadcrumbs(manifest: Json, site: Site, address: str) -> Json:
    steps = ((site.column_name, _address(site, "index.html")), (manifest["title"], address))
    items = [
        {"@type": "ListItem", "position": place, "name": name, "item": item}
        for place, (name, item) in enumerate(steps, start=1)
    ]
    return {"@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": items}


def _known(**said: object) -> Json:
    return {name: value for name, value in said.items() if value}


def _address(site: Site, key: str) -> str | None:
    return f"{site.base_url}{key}" if site.base_url else None


def _json_ld(document: Json) -> str:
    # In a script `<` would begin markup; in a JSON string it may be written so.
    said = json.dumps(document, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return f'<script type="application/ld+json">{said}</script>'


def _description(reply: Reply) -> str:
    bodies = (each.text for each in public_paragraphs(reply) if each.role is Role.BODY)
    words = " ".join(next(bodies, reply.title).split())
    return words if len(words) <= _LONGEST_DESCRIPTION else words[: _LONGEST_DESCRIPTION - 1] + "…"
