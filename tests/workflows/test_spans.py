"""How far a span of days reaches."""

from datetime import UTC, date, datetime

import pytest

from forms.calendar import national_calendar
from workflows.spans import Span, end_of, local_day, morning_of

CN = national_calendar()


def due(text: str, day: date) -> date | None:
    span = Span.of(text)
    assert span is not None
    return span.after(day, CN)


def test_five_working_days_over_the_golden_week_count_its_make_up_saturday() -> None:
    assert due("5wd", date(2026, 9, 29)) == date(2026, 10, 12)


def test_ten_calendar_days_count_every_day() -> None:
    assert due("10d", date(2026, 9, 29)) == date(2026, 10, 9)


def test_working_days_into_an_undecided_year_stay_open_while_calendar_days_do_not() -> None:
    assert due("5wd", date(2026, 12, 29)) is None
    assert due("5d", date(2026, 12, 29)) == date(2027, 1, 3)


def test_a_day_ends_in_its_last_second_in_china() -> None:
    assert end_of(date(2026, 9, 11)) == datetime(2026, 9, 11, 15, 59, 59, tzinfo=UTC)
    assert morning_of(date(2026, 9, 11)) == datetime(2026, 9, 11, 1, tzinfo=UTC)


def test_the_date_is_chinas_and_not_greenwichs() -> None:
    assert local_day(datetime(2026, 9, 10, 16, 0, tzinfo=UTC)) == date(2026, 9, 11)


@pytest.mark.parametrize(
    "text", ["5", "wd", "-5d", "05d", "5 wd", "5h", 5, None, "99999d", "9999d"]
)
def test_what_is_not_a_span_is_none(text: object) -> None:
    assert Span.of(text) is None


def test_a_span_past_the_end_of_time_stays_open() -> None:
    assert Span(10).after(date.max, CN) is None
    assert end_of(date.max).year == 9999
    assert morning_of(date.min).year == 1
