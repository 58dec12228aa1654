"""How much was published, with what result, and how soon: counts that follow from the catalogue's rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta, timezone

from domain.publication.canonical_json import Json
from domain.publication.change_log import LogEntry

STATISTICS = "statistics.json"
DAYS = (5, 10, 20, 40, 90)
"""Upper ends of the classes of days between issue and publication; the last class is open."""
_TABLES = ("replies", "months", "results", "days", "authorities", "sessions", "topics")
_CHINA = timezone(timedelta(hours=8))


def statistics_after(standing: Json | None, changes: Sequence[tuple[LogEntry, Json | None, Json | None]]) -> Json:
    """The counts after these entries, each with the row before it and the row it leaves. Known entries are left out."""
    counts: Json = standing or {"sequence": 0, **{name: {} for name in _TABLES}}
    made: Json = {name: dict(value) if isinstance(value, dict) else value for name, value in counts.items()}
    for entry, before, after in changes:
        if entry.sequence <= made["sequence"]:
            continue
        for row, step in ((before, -1), (after, 1)):
            for table, name in _counted(row or {}):
                left = made[table].get(name, 0) + step
                made[table].pop(name, None)
                if left:
                    made[table][name] = left
        made["sequence"] = entry.sequence
    return made


def _counted(row: Json) -> Iterator[tuple[str, str]]:
    """Where the row counts: nowhere once it was taken down."""
    if not row.get("title"):
        return
    result = row["handling_result"]
    yield "replies", {"建议": "人大代表建议", "提案": "政协提案"}.get(row["submission"]["kind"], "其他")
    yield "months", row["date_of_issue"][:7]
    yield "results", (result and (result["normalised"] or "".join(result["raw"].split()))) or "未标注"
    yield "authorities", row["issuing_authority"]
    if row["topic"]:
        yield "topics", row["topic"]
    submission = row["submission"]
    if submission["term"] or submission["session"]:
        yield "sessions", f"{submission['body'] or ''}{submission['term'] or ''}-{submission['session'] or ''}"
    if row["version"] == 1:  # a correction says nothing of how soon the reply was published
        published = datetime.fromisoformat(row["published_at"]).astimezone(_CHINA).date()
        days = max(0, (published - date.fromisoformat(row["date_of_issue"])).days)
        yield "days", str(next((end for end in DAYS if days <= end), "more"))
