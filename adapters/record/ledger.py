"""The count: was every document that was received given a fate?

Each document leaves two marks, objects without content whose names say everything: that it was received, and what
became of it. Both lie in the folder of the day on which it was received, so that one listing counts a day. Days that
are over, and in which nothing is open, are added up once in `ledger-total.json`; a count then reads that one object and
lists the days since, whatever the size of the archive. The total is only a saving: delete it and it is counted anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta, timezone

from adapters.store.object_store import Bucket
from domain.publication.canonical_json import Json, canonical_json, parse_json
from domain.publication.object_keys import (
    LEDGER,
    LEDGER_TOTAL,
    OPEN,
    document_of_open_key,
    ledger_day_prefix,
    ledger_key,
    ledger_mark,
)

RECEIVED = "received"
FATES = ("published", "unchanged", "held", "rejected")
_CHINA = timezone(timedelta(hours=8))
# A document received just before midnight may leave its mark just after, by clocks that do not quite agree.
_DAYS_UNTIL_COUNTED = 2
_Mark = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Counts:
    """Documents by fate. Nothing is lost if `received` is the sum of all the others but `lost`."""

    received: int = 0
    published: int = 0
    unchanged: int = 0
    held: int = 0
    rejected: int = 0
    open: int = 0
    """Received, on their way, known to the sweep."""
    lost: int = 0
    """Received, without a fate, and unknown to the sweep. While a document is just being taken in it may show here."""

    def __add__(self, other: Counts) -> Counts:
        """Both together."""
        return Counts(*(getattr(self, field.name) + getattr(other, field.name) for field in fields(Counts)))

    @property
    def balanced(self) -> bool:
        """Whether received = published + unchanged + held + rejected + open."""
        return self.received == self.published + self.unchanged + self.held + self.rejected + self.open

    def as_json(self) -> Json:
        """Name and number of each."""
        return {field.name: getattr(self, field.name) for field in fields(Counts)}


def received_day(received_at: datetime) -> date:
    """The working day it counts for, in Asia/Shanghai (no daylight saving since 1991)."""
    return received_at.astimezone(_CHINA).date()


class Ledger:
    """The marks in the vault."""

    def __init__(self, vault: Bucket) -> None:
        self._vault = vault

    def mark(self, day: date, document_id: str, mark: str) -> None:
        """Leave the mark; again changes nothing."""
        key = ledger_key(day.isoformat(), document_id, mark)
        if self._vault.head(key) is None:
            self._vault.put(key, b"{}", content_type="application/json")

    def day(self, day: date) -> Counts:
        """What became of the documents received that day: one listing of the day and one of what is open."""
        return _count(self._marks(ledger_day_prefix(day.isoformat())), self._open())

    def total(self, today: date) -> Counts:
        """What became of all documents up to today. Reads the total, then lists each day since, and what is open."""
        _, counted = self._total()
        still_open = self._open()
        return sum((_count(marks, still_open) for _, marks in self._days_since_total(today)), counted)

    def add_up(self, today: date) -> None:
        """Add the days that are over, and in which nothing is open, to the total. Again changes nothing."""
        through, counted = before = self._total()
        still_open = self._open()
        for day, marks in self._days_since_total(today - timedelta(days=_DAYS_UNTIL_COUNTED)):
            counts = _count(marks, still_open)
            if counts.open or counts.lost:
                break
            through, counted = day, counted + counts
        if through is not None and (through, counted) != before:
            document = {"through": through.isoformat(), "counts": counted.as_json()}
            self._vault.put(LEDGER_TOTAL, canonical_json(document), content_type="application/json")

    def documents(self, mark: str) -> Iterator[str]:
        """Every document that bears the mark, oldest day first. Costs a listing of all marks."""
        for found in self._vault.list(LEDGER):
            document_id, borne = ledger_mark(found.key)
            if borne == mark:
                yield document_id

    def _total(self) -> tuple[date | None, Counts]:
        found = self._vault.get_with_head(LEDGER_TOTAL)
        if found is None:
            return None, Counts()
        document = parse_json(found[0])
        return date.fromisoformat(document["through"]), Counts(**document["counts"])

    def _days_since_total(self, last: date) -> Iterator[tuple[date, list[_Mark]]]:
        through, _ = self._total()
        if through is None:
            yield from self._days_ever(last)
            return
        for number in range(1, (last - through).days + 1):
            day = through + timedelta(days=number)
            yield day, self._marks(ledger_day_prefix(day.isoformat()))

    def _days_ever(self, last: date) -> Iterator[tuple[date, list[_Mark]]]:
        days: defaultdict[date, list[_Mark]] = defaultdict(list)
        for found in self._vault.list(LEDGER):
            days[date.fromisoformat(found.key.split("/")[1])].append(ledger_mark(found.key))
        yield from ((day, days[day]) for day in sorted(days) if day <= last)

    def _marks(self, prefix: str) -> list[_Mark]:
        return [ledger_mark(found.key) for found in self._vault.list(prefix)]

    def _open(self) -> frozenset[str]:
        return frozenset(document_of_open_key(found.key) for found in self._vault.list(OPEN))


def _count(marks: Iterable[_Mark], still_open: frozenset[str]) -> Counts:
    by_mark: defaultdict[str, set[str]] = defaultdict(set)
    for document_id, mark in marks:
        by_mark[mark].add(document_id)
    unsettled = by_mark[RECEIVED].difference(*(by_mark[fate] for fate in FATES))
    return Counts(
        received=len(by_mark[RECEIVED]),
        **{fate: len(by_mark[fate]) for fate in FATES},
        open=len(unsettled & still_open),
        lost=len(unsettled - still_open),
    )
