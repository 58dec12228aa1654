"""The change log: what became public or changed, one entry after the other, without gaps.

An entry carries no title and no text, so that it can stay when what it speaks of must go. Slots are given by the log:
entry after entry, each first version takes the next one, so that catalogue and pointers follow from the log alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from domain.publication.canonical_json import Json, canonical_json
from domain.publication.manifest import State, StoredManifest
from domain.publication.object_keys import manifest_key, page_of_slot, schema_key

ENTRY_SCHEMA = "log-entry-1"
APPLIED_SCHEMA = "log-applied-1"
CURRENT_SCHEMA = "current-1"
WRITER_SCHEMA = "log-writer-1"


class Change(StrEnum):
    """What an entry announces. Readers stop at a word that they do not know: more will come."""

    PUBLISH = "publish"
    CORRECT = "correct"
    WITHDRAW = "withdraw"
    PURGE = "purge"

    @property
    def state(self) -> State:
        """The state in which it leaves the reply."""
        return _STATES[self]

    @property
    def takes_down(self) -> bool:
        """Whether nothing of the reply is public afterwards."""
        return self in {Change.WITHDRAW, Change.PURGE}


_STATES = {
    Change.PUBLISH: State.PUBLISHED,
    Change.CORRECT: State.CORRECTED,
    Change.WITHDRAW: State.WITHDRAWN,
    Change.PURGE: State.PURGED,
}
_CHANGES = {state: change for change, state in _STATES.items()}


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One change of one reply."""

    sequence: int
    """From 1, without gaps."""
    change: Change
    reply_id: str
    version: int
    slot: int
    """The reply's place in the catalogue, from 0; the same for all its versions."""
    manifest_sha256: str
    manifest_size_bytes: int
    published_at: str

    @property
    def manifest_key(self) -> str:
        """The manifest that the entry announces."""
        return manifest_key(self.reply_id, self.version)

    def as_json(self) -> Json:
        """The object `log/entries/…`."""
        return {
            "schema": schema_key(ENTRY_SCHEMA),
            "sequence": self.sequence,
            "change": self.change.value,
            "reply_id": self.reply_id,
            "version": self.version,
            "slot": self.slot,
            "manifest_sha256": self.manifest_sha256,
            "manifest_size_bytes": self.manifest_size_bytes,
            "published_at": self.published_at,
        }

    def body(self) -> bytes:
        """The bytes of the entry: in its own object, in the tile, and as the leaf of the tree."""
        return canonical_json(self.as_json())

    @classmethod
    def from_json(cls, document: Json) -> LogEntry:
        """The entry that was written. Raises KeyError or ValueError for anything else."""
        return cls(
            sequence=document["sequence"],
            change=Change(document["change"]),
            reply_id=document["reply_id"],
            version=document["version"],
            slot=document["slot"],
            manifest_sha256=document["manifest_sha256"],
            manifest_size_bytes=document["manifest_size_bytes"],
            published_at=document["published_at"],
        )


@dataclass(frozen=True, slots=True)
class LogHead:
    """How far the log has come, as its checkpoint says."""

    sequence: int = 0
    replies: int = 0
    """Slots taken."""
    updated_at: str = ""

    @property
    def pages(self) -> int:
        """Catalogue pages that exist."""
        return page_of_slot(self.replies - 1) + 1 if self.replies else 0

    def after(self, entry: LogEntry) -> LogHead:
        """The head once the entry has been applied. Raises ValueError if another entry is due."""
        if entry.sequence != self.sequence + 1:
            raise ValueError("log entries are applied one after the other")
        # A publication that was interrupted is announced late, with its own time: the head's time never goes back.
        updated_at = max(self.updated_at, entry.published_at)
        return LogHead(entry.sequence, max(self.replies, entry.slot + 1), updated_at)


def last_removals(entries: Iterable[LogEntry]) -> dict[str, int]:
    """The last entry that took each reply down: everything of it before that entry has been deleted."""
    return {entry.reply_id: entry.sequence for entry in entries if entry.change.takes_down}


def current_of(entry: LogEntry) -> Json:
    """The object `doc/…/current.json` once the entry has been applied."""
    return {
        "schema": schema_key(CURRENT_SCHEMA),
        "reply_id": entry.reply_id,
        "version": entry.version,
        "state": entry.change.state.value,
        "manifest_key": entry.manifest_key,
        "manifest_sha256": entry.manifest_sha256,
        "slot": entry.slot,
        "sequence": entry.sequence,
        "updated_at": entry.published_at,
    }


def current_with(standing: Json | None, entry: LogEntry) -> Json:
    """The pointer after the entry: it never goes back to an earlier version."""
    return standing if standing and standing["version"] >= entry.version else current_of(entry)


def next_entry(head: LogHead, current: Json | None, manifest: StoredManifest) -> LogEntry:
    """The entry that announces the manifest, when everything up to the head has been applied.

    A first version takes the next place in the catalogue, a correction keeps the place that the pointer names.
    """
    return LogEntry(
        sequence=head.sequence + 1,
        change=_CHANGES[manifest.state],
        reply_id=manifest.reply_id,
        version=manifest.version,
        slot=current["slot"] if current else head.replies,
        manifest_sha256=manifest.sha256,
        manifest_size_bytes=manifest.size_bytes,
        published_at=manifest.published_at,
    )


def applied_of(sequence: int, before: int) -> Json:
    """The object `log/applied.json`: everything derived is as it must be after this entry; it was so after `before`."""
    return {"schema": schema_key(APPLIED_SCHEMA), "sequence": sequence, "before": before}


def writer_of(fence: int) -> Json:
    """The object `log/writer.json`: the number of the lock under which this log was last written."""
    return {"schema": schema_key(WRITER_SCHEMA), "fence": fence}
