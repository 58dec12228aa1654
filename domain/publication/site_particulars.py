"""What an office says of its site: `site.json`, from which everything derived takes names and absolute addresses.

It lies in the public bucket, so that the record explains itself: whoever makes the derived objects again, or checks
them from outside, needs nothing else. It is no part of the log: `fuwen rebuild` changes it, with all that follows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Final

from domain.publication.canonical_json import Json, parse_json
from domain.publication.object_keys import SITE, schema_key

SITE_SCHEMA = "site-1"
SITE_NAME: Final = "建议提案办理复文公开"


@dataclass(frozen=True, slots=True)
class Site:
    """The site. What is None is said nowhere: a guess would be a false statement of an authority."""

    name: str = SITE_NAME
    """网站名称, SiteName."""
    base_url: str | None = None
    """Where the public bucket is read, ending in `/`. None: there are no feeds, for they need absolute addresses."""
    publisher: str | None = None
    """Who publishes, for catalogues of data. None: the name of the site."""
    domain: str | None = None
    """网站域名, SiteDomain, such as `www.example.gov.cn`."""
    id_code: str | None = None
    """网站标识码, SiteIDCode: ten characters, given by the registry of government sites."""
    column_name: str = "建议提案办理答复"
    """栏目名称, ColumnName."""
    column_type: str = "信息公开"
    """栏目类别, ColumnType."""
    column_description: str | None = None
    """栏目描述, ColumnDescription."""
    column_keywords: str | None = None
    """栏目关键词, ColumnKeywords, separated by commas."""
    licence_url: str | None = None
    """Under what conditions the published objects may be used."""

    def as_json(self) -> Json:
        """The object `site.json`."""
        return {"schema": schema_key(SITE_SCHEMA), **asdict(self)}

    @classmethod
    def from_json(cls, document: Json) -> Site:
        """The site that was written. Raises KeyError for anything else."""
        return cls(**{name: document[name] for name in cls.__slots__})


def site_of(standing: Callable[[str], bytes | None]) -> Site:
    """The site as the bucket tells it; one without an address where it tells nothing."""
    body = standing(SITE)
    return Site.from_json(parse_json(body)) if body else Site()
