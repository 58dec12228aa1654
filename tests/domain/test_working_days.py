"""Deadlines are counted in days that are worked, and only in years that are known."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.rules import load_rules
from domain.gate.working_days import Calendar, CalendarYear, UnknownYearError

_CALENDAR = load_rules().calendar


def test_twenty_working_days_over_a_holiday() -> None:
    """17 May 2024 and twenty working days, over the Dragon Boat Festival, is 17 June 2024."""
    assert _CALENDAR.due(date(2024, 5, 17), 20) == date(2024, 6, 17)


def test_worked_weekend_counts() -> None:
    """A Saturday that was made a working day counts; the holiday it pays for does not."""
    assert _CALENDAR.is_working_day(date(2024, 5, 11))
    assert not _CALENDAR.is_working_day(date(2024, 5, 3))
    assert not _CALENDAR.is_working_day(date(2024, 5, 12))


def test_year_that_is_missing_is_no_ordinary_year() -> None:
    """A period that reaches an unknown year has no answer; one that ends before has."""
    calendar = Calendar({2026: CalendarYear()})
    assert calendar.due(date(2026, 12, 3), 20) == date(2026, 12, 31)
    with pytest.raises(UnknownYearError) as caught:
        calendar.due(date(2026, 12, 4), 20)
    assert caught.value.year == 2027


@settings(max_examples=300)
@given(start=st.dates(date(2004, 1, 1), date(2026, 10, 1)), days=st.integers(1, 30))
def test_due_date_is_a_working_day_and_the_count_is_right(start: date, days: int) -> None:
    """Between the start and the due date lie exactly that many working days, and the last is one itself."""
    due = _CALENDAR.due(start, days)
    between = [start + timedelta(days=ahead) for ahead in range(1, (due - start).days + 1)]
    assert sum(map(_CALENDAR.is_working_day, between)) == days
    assert _CALENDAR.is_working_day(due)
    assert _CALENDAR.left(start, due) == days
