"""What the head of a reply's page tells programs: the tags of 政府网站发展指引 (国办发〔2017〕47号) and JSON-LD."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from html import escape

from domain.publication.canonical_json import Json
from domain.publication.rendition import public_paragraphs
from domain.reading.paragraph import Role
from domain.reply import Reply

COLUMN = "建议提案办理答复"
_CHINA = timezone(timedelta(hours=8))
_LONGEST_DESCRIPTION = 100


def page_head(manifest: Json, reply: Reply) -> Iterator[str]:
    """Elements of the head. Site name, domain and code are the site's own: they stand on its first page."""
    published = datetime.fromisoformat(manifest["times"]["published_at"])
    description = _description(reply)
    keywords = [manifest["document_number"], *manifest["submission"]["numbers"]]
    tags = {
        "ColumnName": COLUMN,
        "ColumnType": "信息公开",
        "PubDate": f"{published.astimezone(_CHINA):%Y-%m-%d %H:%M}",
        "Author": manifest["issuing_authority"],
        "Keywords": ",".join(filter(None, [*keywords, manifest["topic"]])),
        "Description": description,
    }
    yield from (f'<meta name="{name}" content="{escape(value)}">' for name, value in tags.items() if value)
    document = {
        "@context": "https://schema.org",
        "@type": "DigitalDocument",
        "name": manifest["title"],
        "identifier": [manifest["reply_id"], manifest["document_number"]],
        "inLanguage": "zh-CN",
        "version": manifest["version"],
        "dateCreated": manifest["times"]["date_of_issue"],
        "datePublished": manifest["times"]["published_at"],
        "author": {"@type": "GovernmentOrganization", "name": manifest["issuing_authority"]},
        "isAccessibleForFree": True,
    }
    # In a script `<` would begin markup; in a JSON string it may be written so.
    said = json.dumps(document, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    yield f'<script type="application/ld+json">{said}</script>'


def _description(reply: Reply) -> str:
    bodies = (each.text for each in public_paragraphs(reply) if each.role is Role.BODY)
    words = " ".join(next(bodies, reply.title).split())
    return words if len(words) <= _LONGEST_DESCRIPTION else words[: _LONGEST_DESCRIPTION - 1] + "…"
