"""Dates: what they say, in which order, and when publication is due."""

from __future__ import annotations

from collections.abc import Iterator

from domain.calendar_date import DateFault, read_date
from domain.gate.case import Case
from domain.gate.finding import Finding, find
from domain.gate.working_days import UnknownYearError
from domain.reading.place import Seen
from domain.reply import DisclosureAttribute

_FAULTS = {DateFault.DAMAGED: "date-damaged", DateFault.IMPOSSIBLE: "date-impossible"}


def date_of_issue(case: Case) -> Iterator[Finding]:
    """There is a date of issue, it is whole, it exists, and it is not after today."""
    seen, day = case.raw.date_of_issue, case.draft.date_of_issue
    if seen is not None:
        yield from _written(seen)
    elif day is None and not case.unread:
        yield find("date-missing")
    if day is not None and day > case.today:
        yield find("date-in-future", seen, date=day.isoformat(), today=case.today.isoformat())


def date_of_distribution(case: Case) -> Iterator[Finding]:
    """Printed and distributed on the day of issue or later."""
    seen, day, issued = case.raw.date_of_distribution, case.draft.date_of_distribution, case.draft.date_of_issue
    if seen is not None:
        yield from _written(seen)
    if day is not None and issued is not None and issued > day:
        yield find("date-after-distribution", seen, date=issued.isoformat(), distribution=day.isoformat())


def working_day(case: Case) -> Iterator[Finding]:
    """Letters are rarely issued on a day off; it happens."""
    day = case.draft.date_of_issue
    if day is None or day.year not in case.rules.calendar.years:
        return
    if not case.rules.calendar.is_working_day(day):
        yield find("date-not-working-day", case.raw.date_of_issue, date=day.isoformat())


def deadline(case: Case) -> Iterator[Finding]:
    """Twenty working days from the date of issue (OGI Regulations, article 26).

    Late is said, not held: holding a lawful reply would only make it later.
    """
    issued, calendar, disclosure = case.draft.date_of_issue, case.rules.calendar, case.draft.disclosure
    # The period is one for 主动公开; a letter that is not to be published is never late.
    if disclosure is None or disclosure.attribute is not DisclosureAttribute.PROACTIVE:
        return
    if issued is None or issued > case.today:
        return
    try:
        due = calendar.due(issued, case.rules.publication_days)
        if case.today > due:
            yield find("publication-overdue", due=due.isoformat(), days=str(case.rules.publication_days))
        elif (left := calendar.left(case.today, due)) < case.threshold("due_soon_days"):
            yield find("publication-due-soon", due=due.isoformat(), left=str(left))
    except UnknownYearError as missing:
        yield find("calendar-year-missing", case.raw.date_of_issue, year=str(missing.year))


def _written(seen: Seen) -> Iterator[Finding]:
    written = read_date(seen.text)
    if written.fault is not None:
        yield find(_FAULTS[written.fault], seen, written=seen.text)
    elif written.day is not None and not written.plain:
        day = written.day
        yield find("date-style", seen, written=seen.text, standard=f"{day.year}年{day.month}月{day.day}日")


CHECKS = (date_of_issue, date_of_distribution, working_day, deadline)
