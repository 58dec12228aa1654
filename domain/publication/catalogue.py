"""The catalogue: one row for each reply, on pages of fixed places, so that a change rewrites one page only."""

from __future__ import annotations

from domain.publication.canonical_json import Json
from domain.publication.change_log import LogEntry
from domain.publication.object_keys import SLOTS_PER_PAGE, page_of_slot, schema_key

PAGE_SCHEMA = "catalogue-page-1"


def row_of(manifest: Json | None, entry: LogEntry) -> Json:
    """The row that shows what the entry announced; `manifest` is None where a later withdrawal has removed it.

    The row of a reply that was taken down keeps its place and says nothing of what stood there.
    """
    row: Json = {
        "slot": entry.slot,
        "reply_id": entry.reply_id,
        "version": entry.version,
        "state": entry.change.state.value,
        "manifest_key": entry.manifest_key,
        "published_at": entry.published_at,
    }
    if manifest is None or entry.change.takes_down:
        return row
    return row | {
        "title": manifest["title"],
        "document_number": manifest["document_number"],
        "issuing_authority": manifest["issuing_authority"],
        "kind": manifest["kind"],
        "date_of_issue": manifest["times"]["date_of_issue"],
        "submission": manifest["submission"],
        "handling_result": manifest["handling_result"],
        "extent": manifest["disclosure"]["extent"],
        "topic": manifest["topic"],
    }


def page_with(page: Json | None, row: Json) -> Json:
    """The page with this row in its place. A row never gives way to an earlier version of the same reply.

    Raises ValueError if the slot belongs to another reply, or if it would leave an empty place before it.
    """
    number = page_of_slot(row["slot"])
    rows: list[Json] = list(page["rows"]) if page else []
    place = row["slot"] - number * SLOTS_PER_PAGE
    if place > len(rows):
        raise ValueError("the catalogue has an empty place")
    if place == len(rows):
        rows.append(row)
    elif rows[place]["reply_id"] != row["reply_id"]:
        raise ValueError("two replies share a place in the catalogue")
    elif rows[place]["version"] < row["version"]:
        rows[place] = row
    return {"schema": schema_key(PAGE_SCHEMA), "page": number, "rows": rows}
