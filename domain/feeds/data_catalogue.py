"""What data there are, for catalogues of open data: DCAT 3, as its application profile DCAT-AP 3.0.1 asks for it.

One dataset for each year, complete, never one for each reply: catalogues take what is no longer listed for deleted.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from domain.feeds import activity, atom, resource_sync
from domain.feeds.monthly import MEDIA_TYPE as CSV
from domain.publication.canonical_json import Json
from domain.publication.object_keys import ACTIVITIES, ATOM, SOURCE_DESCRIPTION
from domain.publication.site_particulars import Site

MEDIA_TYPE = "application/ld+json"
_EU = "http://publications.europa.eu/resource/authority/"
_FILE_TYPES = {CSV: "CSV", activity.MEDIA_TYPE: "JSON_LD", atom.MEDIA_TYPE: "ATOM", resource_sync.MEDIA_TYPE: "XML"}
_STANDARDS = {
    ACTIVITIES: "https://iiif.io/api/discovery/1.0/",
    ATOM: "https://www.rfc-editor.org/rfc/rfc4287",
    SOURCE_DESCRIPTION: "http://www.openarchives.org/rs/1.1/resourcesync",
}
_CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def data_catalogue(site: Site, base: str, months: Sequence[Json]) -> Json:
    """The catalogue. `months` as `feed/monthly.json` lists them; at least one."""
    years = [(year, list(of_year)) for year, of_year in groupby(months, key=lambda month: month["month"][:4])]
    newest = max(month["date_modified"] for month in months)
    whole = _dataset(
        site, base, "replies", f"{site.column_name}：全部", f"{site.name}上公开的全部复文及其变更。", newest
    ) | {
        "dcat:distribution": [
            _distribution(site, base, ACTIVITIES, "变更活动流（IIIF Change Discovery）", activity.MEDIA_TYPE),
            _distribution(site, base, ATOM, "Atom 订阅源", atom.MEDIA_TYPE),
            _distribution(site, base, SOURCE_DESCRIPTION, "ResourceSync 同步源", resource_sync.MEDIA_TYPE),
        ]
    }
    series = _thing("dcat:DatasetSeries", f"{base}#ledgers") | {
        "dct:title": _chinese(f"{site.column_name}：公开台账"),
        "dct:description": _chinese("按年汇集的公开、更正、撤回和清除台账。"),
        "dct:publisher": _agent(site, base),
        "dct:modified": _day(newest),
        "dcat:contactPoint": _contact(site, base),
    }
    return {
        "@context": _CONTEXT,
        **_thing("dcat:Catalog", f"{base}#catalogue"),
        "dct:title": _chinese(site.name),
        "dct:description": _chinese(site.column_description or f"{site.name}：{site.column_name}"),
        "dct:publisher": _agent(site, base),
        "dct:language": _concept("language/ZHO", "dct:LinguisticSystem"),
        "dct:modified": _day(newest),
        "foaf:homepage": {"@id": f"{base}index.html", "@type": "foaf:Document"},
        "dcat:themeTaxonomy": _thing("skos:ConceptScheme", f"{_EU}data-theme") | {"dct:title": "Data theme"},
        **_licence(site),
        "dcat:dataset": [whole, *(_year(site, base, year, of_year, series) for year, of_year in years)],
    }


def _year(site: Site, base: str, year: str, months: Sequence[Json], series: Json) -> Json:
    modified = max(month["date_modified"] for month in months)
    title = f"{site.column_name}：{year}年公开台账"
    period = {
        "@type": "dct:PeriodOfTime",
        "dcat:startDate": _day(f"{year}-01-01"),
        "dcat:endDate": _day(f"{year}-12-31"),
    }
    return _dataset(site, base, f"ledger-{year}", title, f"{year}年的公开、更正、撤回和清除，每月一份。", modified) | {
        "dcat:inSeries": series,
        "dct:temporal": period,
        "dcat:distribution": [
            _distribution(site, base, key, f"{month['month']}（{number}）", CSV)
            for month in months
            for number, key in enumerate(month["files"], start=1)
        ],
    }


def _dataset(site: Site, base: str, name: str, title: str, description: str, modified: str) -> Json:
    return _thing("dcat:Dataset", f"{base}#{name}") | {
        "dct:title": _chinese(title),
        "dct:description": _chinese(description),
        "dct:identifier": f"{base}#{name}",
        "dct:publisher": _agent(site, base),
        "dct:modified": _day(modified),
        "dct:language": _concept("language/ZHO", "dct:LinguisticSystem"),
        "dct:accessRights": _concept("access-right/PUBLIC", "dct:RightsStatement"),
        "dct:accrualPeriodicity": _concept("frequency/IRREG", "dct:Frequency"),
        "dcat:theme": _concept("data-theme/GOVE", "skos:Concept") | {"skos:prefLabel": "Government and public sector"},
        "dcat:contactPoint": _contact(site, base),
        "dcat:keyword": [_chinese(word) for word in ("人大代表建议", "政协提案", "办理答复")],
        "dcat:landingPage": {"@id": f"{base}index.html", "@type": "foaf:Document"},
    }


def _distribution(site: Site, base: str, key: str, title: str, media_type: str) -> Json:
    distribution = _thing("dcat:Distribution", f"{base}{key}#distribution") | {
        "dct:title": _chinese(title),
        "dcat:accessURL": {"@id": base + key, "@type": "rdfs:Resource"},
        "dcat:downloadURL": {"@id": base + key, "@type": "rdfs:Resource"},
        "dcatap:availability": _concept("planned-availability/STABLE", "skos:Concept") | {"skos:prefLabel": "stable"},
        "dct:format": _concept(f"file-type/{_FILE_TYPES[media_type]}", "dct:MediaTypeOrExtent"),
        "dcat:mediaType": {
            "@id": f"https://www.iana.org/assignments/media-types/{media_type.partition(';')[0]}",
            "@type": "dct:MediaType",
        },
        **_licence(site),
    }
    if key in _STANDARDS:
        distribution["dct:conformsTo"] = {"@id": _STANDARDS[key], "@type": "dct:Standard"}
    return distribution


def _thing(kind: str, address: str) -> Json:
    return {"@id": address, "@type": kind}


def _agent(site: Site, base: str) -> Json:
    return _thing("foaf:Agent", f"{base}#publisher") | {"foaf:name": _chinese(site.publisher or site.name)}


def _contact(site: Site, base: str) -> Json:
    homepage = {"vcard:hasURL": {"@id": f"{base}index.html"}}
    return _thing("vcard:Kind", f"{base}#contact") | {"vcard:fn": site.publisher or site.name} | homepage


def _licence(site: Site) -> Json:
    return {"dct:license": {"@id": site.licence_url, "@type": "dct:LicenseDocument"}} if site.licence_url else {}


def _concept(name: str, kind: str) -> Json:
    return {"@id": _EU + name, "@type": kind}


def _chinese(text: str) -> Json:
    return {"@value": text, "@language": "zh"}


def _day(day: str) -> Json:
    return {"@value": day, "@type": "xsd:date"}
