"""Working days by the national calendar."""

from datetime import date, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.calendar import Calendar, national_calendar, read_calendar
from forms.problems import DefinitionError
from forms.source import read_yaml

CN = national_calendar()
DECIDED = st.dates(date(2024, 3, 1), date(2026, 10, 1))


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_every_day_agrees_with_an_independent_calendar(year: int) -> None:
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(366)]
    wrong = [
        day
        for day in days
        if day.year == year and CN.is_workday(day) != chinese_calendar.is_workday(day)
    ]
    assert wrong == []


def test_a_make_up_saturday_is_worked_and_a_holiday_monday_is_not() -> None:
    assert CN.is_workday(date(2026, 10, 10)) is True
    assert CN.is_workday(date(2026, 10, 5)) is False


def test_an_undecided_year_is_neither_worked_nor_free() -> None:
    assert CN.is_workday(date(2027, 1, 4)) is None
    assert CN.is_workday(date(2023, 12, 29)) is None


def test_working_days_skip_the_golden_week_and_count_its_make_up_day() -> None:
    assert CN.add_working_days(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert CN.add_working_days(date(2026, 9, 30), 3) == date(2026, 10, 10)
    assert CN.add_working_days(date(2026, 10, 10), -3) == date(2026, 9, 30)


def test_no_working_days_leave_the_date_as_it_is_even_where_undecided() -> None:
    assert CN.add_working_days(date(2027, 5, 1), 0) == date(2027, 5, 1)


def test_adding_over_new_year_into_an_undecided_year_gives_nothing() -> None:
    assert CN.add_working_days(date(2026, 12, 30), 1) == date(2026, 12, 31)
    assert CN.add_working_days(date(2026, 12, 30), 2) is None
    assert CN.add_working_days(date(2027, 1, 10), -9) is None


def test_counting_over_an_undecided_year_gives_nothing() -> None:
    assert CN.working_days_between(date(2026, 12, 30), date(2026, 12, 31)) == 1
    assert CN.working_days_between(date(2026, 12, 31), date(2027, 1, 4)) is None
    assert CN.working_days_between(date(2027, 1, 4), date(2026, 12, 31)) is None


def test_the_ends_of_time_are_undecided_and_not_an_error() -> None:
    assert Calendar(frozenset({9999})).add_working_days(date.max, 1) is None
    assert Calendar(frozenset({1})).add_working_days(date.min, -1) is None


@given(DECIDED, st.integers(-30, 30))
def test_counting_back_what_was_added_gives_the_number(day: date, n: int) -> None:
    there = CN.add_working_days(day, n)
    assert there is not None
    assert CN.working_days_between(day, there) == n
    assert n == 0 or CN.is_workday(there)


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "soon: {holidays: []}",
        "2026: {feast_days: []}",
        "2026: {holidays: [2026-01-01]}",
        "2026: {holidays: [{name: x, from: 2026-01-01}]}",
        "2026: {makeups: [2025-01-04]}",
        "2026: {makeups: [2026-02-30]}",
    ],
)
def test_a_calendar_that_makes_no_sense_is_refused(text: str) -> None:
    with pytest.raises(DefinitionError):
        read_calendar(read_yaml(text, "cal.yaml"))
