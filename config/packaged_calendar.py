"""The working-day calendar: what `chinesecalendar` knows, and the years that an operator adds.

The package is asked only for the years it has; beyond them it knows nothing, and neither do we.
"""

from __future__ import annotations

import chinese_calendar

from domain.gate.working_days import CalendarYear


def packaged_years() -> dict[int, CalendarYear]:
    """Holidays and worked weekends (调休) of every year that the package covers."""
    days = [*chinese_calendar.holidays, *chinese_calendar.workdays]
    return {
        year: CalendarYear(
            holidays=frozenset(day for day in chinese_calendar.holidays if day.year == year),
            working_weekends=frozenset(day for day in chinese_calendar.workdays if day.year == year),
        )
        for year in sorted({day.year for day in days})
    }
