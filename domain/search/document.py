"""What of a publication is searched for, and what a list of results shows of it: only what is public."""

from __future__ import annotations

from domain.publication.canonical_json import Json
from domain.publication.manifest import ArtifactRole
from domain.search.segment import Document


def searched(manifest: Json, reply: Json) -> Document:
    """The document of one version. `reply` is its `reply_json`: that of a 摘要 holds no paragraph, so none is found."""
    version = int(manifest["version"])
    result = manifest["handling_result"] or {}
    row = [
        manifest["reply_id"],
        version,
        manifest["title"],
        manifest["issuing_authority"],
        manifest["times"]["date_of_issue"],
        result.get("normalised") or _closed_up(result.get("raw") or ""),
        _key_of(manifest, ArtifactRole.TEXT),
    ]
    texts = (
        manifest["title"],
        manifest["document_number"],
        *manifest["addressees"],
        *manifest["submission"]["numbers"],
        *(paragraph["text"] for paragraph in reply.get("paragraphs") or ()),
    )
    replaces = f"{manifest['reply_id']}/{version - 1}" if version > 1 else None
    return Document(row, texts, tuple(_facets(manifest, row[5])), replaces)


def _facets(manifest: Json, result: str) -> list[str]:
    submission = manifest["submission"]
    known = {
        "year": manifest["times"]["date_of_issue"][:4],
        "authority": manifest["issuing_authority"],
        "kind": submission["kind"],
        "session": f"{submission['body'] or ''}{submission['term'] or ''}-{submission['session'] or ''}",
        "result": result,
        "topic": manifest["topic"],
    }
    return [f"@{name}:{value}" for name, value in known.items() if value and value != "-"]


def _key_of(manifest: Json, role: ArtifactRole) -> str | None:
    return next((each["key"] for each in manifest["artifacts"] if each["role"] == role.value), None)


def _closed_up(mark: str) -> str:
    return "".join(mark.split())
