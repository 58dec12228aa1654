"""The count: was every document that was received given a fate?

Each document leaves two marks, objects without content whose names say everything: that it was received, and what
became of it. Both lie in the folder of the day on which it was received, so that one listing counts a day. Days that
are over, and in which nothing is open, are added up once in `ledger-total.json`; a count then reads that one object and
lists the days since, whatever the size of the archive. The total is only a saving: delete it and it is counted anew.

A document that waits for a person is no reason to leave its day open for months: the total names it, and whoever counts
asks what became of it since.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, timedelta, timezone

from adapters.store.object_store import Bucket
from domain.publication.canonical_json import Json, canonical_json, parse_json
from domain.publication.object_keys import (
    HELD,
    LEDGER,
    LEDGER_TOTAL,
    OPEN,
    document_of_held_key,
    document_of_open_key,
    ledger_day_prefix,
    ledger_key,
    ledger_mark,
)

RECEIVED = "received"
WAITING = "held"
FATES = ("published", "unchanged", WAITING, "rejected")
_LAST_FATES = tuple(fate for fate in FATES if fate != WAITING)
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
    decided: int = 0
    """Of those published, unchanged or rejected: how many had been held until a person decided."""

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


@dataclass(frozen=True, slots=True)
class _Total:
    """The days that are over, added up."""

    through: date | None = None
    counts: Counts = Counts()
    waiting: tuple[tuple[str, str], ...] = field(default=())
    """Day and document of each that was held when its day was added."""


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
        total = self._asked_again(self._total())
        still_open = self._open()
        return sum((_count(marks, still_open) for _, marks in self._days_since(total, today)), total.counts)

    def add_up(self, today: date) -> None:
        """Add the days that are over, and in which nothing is open, to the total. Again changes nothing."""
        before = self._total()
        total, still_open = self._asked_again(before), self._open()
        for day, marks in self._days_since(total, today - timedelta(days=_DAYS_UNTIL_COUNTED)):
            counts = _count(marks, still_open)
            if counts.open or counts.lost:
                break
            waiting = ((day.isoformat(), document_id) for document_id in sorted(_waiting(_by_mark(marks))))
            total = _Total(day, total.counts + counts, (*total.waiting, *waiting))
        if total.through is not None and total != before:
            self._vault.put(LEDGER_TOTAL, canonical_json(_total_json(total)), content_type="application/json")

    def _total(self) -> _Total:
        found = self._vault.get_with_head(LEDGER_TOTAL)
        if found is None:
            return _Total()
        document = parse_json(found[0])
        waiting = tuple((day, document_id) for day, document_id in document.get("waiting", ()))
        return _Total(date.fromisoformat(document["through"]), Counts(**document["counts"]), waiting)

    def _asked_again(self, total: _Total) -> _Total:
        """The total, with what became since of the documents that waited. One listing if nothing did."""
        if not total.waiting:
            return total
        held = {document_of_held_key(found.key) for found in self._vault.list(HELD)}
        counts, waiting = total.counts, []
        for day, document_id in total.waiting:
            marks = [] if document_id in held else self._marks(ledger_key(day, document_id, ""))
            since = _count([(document_id, RECEIVED), *marks], frozenset())
            if since.decided:
                counts = _minus_one_held(counts) + replace(since, received=0)
            else:
                waiting.append((day, document_id))
        return _Total(total.through, counts, tuple(waiting))

    def _days_since(self, total: _Total, last: date) -> Iterator[tuple[date, list[_Mark]]]:
        if total.through is None:
            yield from self._days_ever(last)
            return
        for number in range(1, (last - total.through).days + 1):
            day = total.through + timedelta(days=number)
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


def _by_mark(marks: Iterable[_Mark]) -> Mapping[str, set[str]]:
    by_mark: defaultdict[str, set[str]] = defaultdict(set)
    for document_id, mark in marks:
        by_mark[mark].add(document_id)
    return by_mark


def _waiting(by_mark: Mapping[str, set[str]]) -> set[str]:
    """Held, and nobody has decided: whatever became of a document afterwards is what counts."""
    return by_mark[WAITING].difference(*(by_mark[fate] for fate in _LAST_FATES))


def _count(marks: Iterable[_Mark], still_open: frozenset[str]) -> Counts:
    by_mark = _by_mark(marks)
    unsettled = by_mark[RECEIVED].difference(*(by_mark[fate] for fate in FATES))
    waiting = _waiting(by_mark)
    return Counts(
        received=len(by_mark[RECEIVED]),
        **{fate: len(by_mark[fate]) for fate in _LAST_FATES},
        held=len(waiting),
        open=len(unsettled & still_open),
        lost=len(unsettled - still_open),
        decided=len(by_mark[WAITING] - waiting),
    )


def _minus_one_held(counts: Counts) -> Counts:
    return replace(counts, held=counts.held - 1)


def _total_json(total: _Total) -> Json:
    waiting = [list(each) for each in total.waiting]
    return {
        "through": total.through.isoformat() if total.through else None,
        "counts": total.counts.as_json(),
        "waiting": waiting,
    }
