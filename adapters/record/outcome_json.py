"""A document's fate as the vault keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from domain.fate import Held, Outcome, Published, Rejected, Unchanged
from domain.gate.finding import Finding
from domain.gate.finding_kinds import Grade
from domain.publication.canonical_json import Json
from domain.reading.place import Box


def fate_word(outcome: Outcome) -> str:
    """published, unchanged, held or rejected."""
    return type(outcome).__name__.lower()


def outcome_json(outcome: Outcome) -> Json:
    """The fate as the vault keeps it."""
    match outcome:
        case Published(reply_id, version, manifest_key, warnings):
            found = {"reply_id": reply_id, "version": version, "manifest_key": manifest_key}
            return {"fate": fate_word(outcome), **found, "findings": [_finding_json(finding) for finding in warnings]}
        case Unchanged(reply_id, version, manifest_key):
            return {"fate": fate_word(outcome), "reply_id": reply_id, "version": version, "manifest_key": manifest_key}
        case Held(findings) | Rejected(findings):
            return {"fate": fate_word(outcome), "findings": [_finding_json(finding) for finding in findings]}


def outcome_from(document: Json) -> Outcome:
    """The fate again. Raises ValueError for one that is none."""
    findings = tuple(_finding_from(finding) for finding in document.get("findings", []))
    match document["fate"]:
        case "published":
            return Published(document["reply_id"], document["version"], document["manifest_key"], findings)
        case "unchanged":
            return Unchanged(document["reply_id"], document["version"], document["manifest_key"])
        case "held":
            return Held(findings)
        case "rejected":
            return Rejected(findings)
        case fate:
            raise ValueError(f"no such fate: {fate}")


def _finding_json(finding: Finding) -> Json:
    return {
        "code": finding.code,
        "grade": finding.grade.value,
        "details": dict(finding.details),
        "raw": finding.raw,
        "box": asdict(finding.box) if finding.box else None,
    }


def _finding_from(document: Mapping[str, Any]) -> Finding:
    box = Box(**document["box"]) if document["box"] else None
    return Finding(document["code"], Grade(document["grade"]), document["details"], document["raw"], box)
