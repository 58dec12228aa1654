"""Working days: weekdays that are no holiday, and the weekend days that were made working days (调休)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """The exceptions of one year, as the State Council announces them each autumn for the next one."""

    holidays: frozenset[date] = frozenset()
    """Weekdays and weekend days on which nobody works."""
    working_weekends: frozenset[date] = frozenset()
    """Saturdays and Sundays that are worked (调休)."""


class UnknownYearError(Exception):
    """The calendar does not know this year, so no answer would be true."""

    def __init__(self, year: int) -> None:
        super().__init__(f"no working-day calendar for {year}")
        self.year = year


@dataclass(frozen=True, slots=True)
class Calendar:
    """The years that are known. A year that is not known is never assumed to be ordinary."""

    years: Mapping[int, CalendarYear] = field(default_factory=dict)

    def is_working_day(self, day: date) -> bool:
        """Whether it is worked. Raises UnknownYearError."""
        year = self.years.get(day.year)
        if year is None:
            raise UnknownYearError(day.year)
        return day in year.working_weekends or (day.weekday() < _SATURDAY and day not in year.holidays)

    def due(self, start: date, working_days: int) -> date:
        """The last day of a period of so many working days that begins on the day after `start`.

        Raises UnknownYearError if the period reaches a year that is not known.
        """
        day = start
        while working_days > 0:
            day += timedelta(days=1)
            working_days -= self.is_working_day(day)
        return day

    def left(self, today: date, due: date) -> int:
        """How many working days remain after today, up to and including the due date. Raises UnknownYearError."""
        days = (today + timedelta(days=ahead) for ahead in range(1, (due - today).days + 1))
        return sum(self.is_working_day(day) for day in days)
