"""Slots are worked out from a venue's entry: when it is open, in pieces that never overlap."""

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.claims.openings import (
    DAYS,
    Slot,
    Undecided,
    closure_on,
    minutes,
    overlapping,
    slots_between,
    slots_on,
)
from forms.calendar import national_calendar
from tests.plugins.bookings.hosting import AFTERNOON, SATURDAY, WEEKDAYS

CALENDAR = national_calendar()
LIBRARY = {"weekdays": WEEKDAYS, "starts": "16:00", "ends": "18:30", "stay": 75}
BASE: dict[str, Any] = {"on_holidays": "closed", "on_makeups": "as_weekday"}
MUSEUM = {**BASE, "openings": [AFTERNOON, SATURDAY]}
HOLIDAY = date(2026, 10, 5)
"""A Monday of the national holiday."""
MAKEUP = date(2026, 10, 10)
"""A Saturday that is worked instead."""
WEDNESDAY, FRIDAY, A_SATURDAY = date(2026, 12, 2), date(2026, 12, 4), date(2026, 12, 5)


def times(entry: Mapping[str, Any], day: date) -> list[str]:
    return [f"{each.starts}-{each.ends}" for each in slots_on(entry, day, CALENDAR)]


def test_an_opening_is_cut_into_stays_with_buffers_between() -> None:
    assert times(MUSEUM, WEDNESDAY) == ["15:30-16:30", "16:30-17:30"]
    assert times(MUSEUM, A_SATURDAY) == [
        "09:00-10:30",
        "11:00-12:30",
        "13:00-14:30",
        "15:00-16:30",
    ]


def test_a_day_of_no_opening_has_no_slots() -> None:
    assert times(MUSEUM, date(2026, 12, 3)) == []
    assert times(BASE, WEDNESDAY) == []


def test_a_stay_as_long_as_the_opening_fits_once_and_a_longer_one_never() -> None:
    row = {**AFTERNOON, "stay": 120}
    assert times({**BASE, "openings": [row]}, WEDNESDAY) == ["15:30-17:30"]
    assert times({**BASE, "openings": [{**row, "stay": 121}]}, WEDNESDAY) == []


def test_the_last_slot_may_end_at_the_last_minute_of_the_day() -> None:
    row = {**AFTERNOON, "starts": "22:59", "ends": "23:59"}
    assert times({**BASE, "openings": [row]}, WEDNESDAY) == ["22:59-23:59"]


@pytest.mark.parametrize(
    ("first", "last", "opened"),
    [
        ("2026-12-02", "2026-12-02", True),
        ("2026-12-03", None, False),
        (None, "2026-12-01", False),
        (None, "2026-12-02", True),
        ("2026-12-02", None, True),
    ],
)
def test_a_season_holds_from_its_first_day_to_its_last(
    first: str | None, last: str | None, *, opened: bool
) -> None:
    row = {**AFTERNOON, "first": first, "last": last}
    assert bool(times({**BASE, "openings": [row]}, WEDNESDAY)) == opened


def test_summer_and_winter_hours_take_turns() -> None:
    winter = {**AFTERNOON, "first": "2026-10-01", "last": "2027-04-30"}
    summer = {**AFTERNOON, "starts": "16:00", "ends": "18:00", "last": "2026-09-30"}
    entry = {**BASE, "openings": [winter, summer]}
    assert times(entry, date(2026, 9, 30))[0] == "16:00-17:00"
    assert times(entry, WEDNESDAY)[0] == "15:30-16:30"
    assert list(overlapping(entry)) == []


def test_a_leap_day_is_a_day_like_any_other() -> None:
    leap = {"openings": [{**LIBRARY, "weekdays": list(DAYS), "first": "2024-02-29"}]}
    entry = {**BASE, **leap, "on_holidays": "as_weekday"}
    days = [
        each.date for each in slots_between(entry, date(2024, 2, 28), date(2024, 3, 1), CALENDAR)
    ]
    assert sorted(set(days)) == [date(2024, 2, 29), date(2024, 3, 1)]
    special = {**BASE, "special": [{**AFTERNOON, "date": "2028-02-29"}]}
    assert times(special, date(2028, 2, 29)) == ["15:30-16:30", "16:30-17:30"]


def test_a_public_holiday_is_closed_or_as_on_that_day_of_the_week() -> None:
    entry = {**BASE, "openings": [LIBRARY]}
    assert times(entry, HOLIDAY) == []
    assert times({**entry, "on_holidays": "as_weekday"}, HOLIDAY) == ["16:00-17:15", "17:15-18:30"]


def test_a_weekend_that_is_worked_keeps_the_workday_hours() -> None:
    both = {**BASE, "openings": [SATURDAY, LIBRARY]}
    assert times(both, MAKEUP) == ["16:00-17:15", "17:15-18:30"]
    assert times(both, A_SATURDAY)[0] == "09:00-10:30"


def test_without_workday_hours_it_is_the_day_of_the_week_that_it_is() -> None:
    assert times(MUSEUM, MAKEUP) == times(MUSEUM, A_SATURDAY)


def test_a_weekend_that_is_worked_may_be_closed() -> None:
    assert times({**MUSEUM, "on_makeups": "closed"}, MAKEUP) == []
    assert times({**MUSEUM, "on_makeups": "closed"}, A_SATURDAY)


def test_a_closure_wins_over_the_usual_times_and_holds_one_day_without_a_last() -> None:
    closure = {"first": "2026-12-02", "reason": "换展"}
    entry = {**MUSEUM, "closures": [closure]}
    assert times(entry, WEDNESDAY) == []
    assert times(entry, FRIDAY) != []
    assert times({**MUSEUM, "closures": [{**closure, "last": "2026-12-04"}]}, FRIDAY) == []
    found = closure_on(entry, WEDNESDAY)
    assert found is not None
    assert found["reason"] == "换展"


def test_a_special_opening_replaces_its_day_and_wins_over_holidays_and_closures() -> None:
    special = {"date": "2026-12-02", "starts": "19:00", "ends": "20:00", "stay": 60}
    holiday = {**special, "date": HOLIDAY.isoformat()}
    closed = [{"first": "2026-12-01", "last": "2026-12-31", "reason": "换展"}]
    entry = {**MUSEUM, "special": [special, holiday], "closures": closed}
    assert times(entry, WEDNESDAY) == ["19:00-20:00"]
    assert times(entry, HOLIDAY) == ["19:00-20:00"]


def test_a_rush_slot_says_from_when_it_can_be_booked() -> None:
    moment = "2026-12-01T12:00+08:00"
    special = {**AFTERNOON, "date": "2026-12-02", "opens_at": moment}
    [first, _] = slots_on({**MUSEUM, "special": [special]}, WEDNESDAY, CALENDAR)
    assert first == Slot(WEDNESDAY, "15:30", "16:30", moment)


def test_a_year_without_a_calendar_is_undecided_but_for_what_the_venue_has_decided() -> None:
    day = date(2027, 1, 6)
    with pytest.raises(Undecided):
        slots_on(MUSEUM, day, CALENDAR)
    with pytest.raises(Undecided):
        slots_on(MUSEUM, day + timedelta(days=1), CALENDAR)
    special = {**MUSEUM, "special": [{**AFTERNOON, "date": day.isoformat()}]}
    assert times(special, day) == ["15:30-16:30", "16:30-17:30"]
    assert times({**MUSEUM, "closures": [{"first": day.isoformat(), "reason": "换展"}]}, day) == []


def test_what_lies_between_two_days_leaves_the_undecided_out() -> None:
    found = list(slots_between(MUSEUM, date(2026, 12, 30), date(2027, 1, 9), CALENDAR))
    assert {each.date for each in found} == {date(2026, 12, 30)}


def test_openings_at_the_same_time_of_one_day_are_named() -> None:
    later = {**AFTERNOON, "starts": "17:00", "ends": "19:00"}
    beside = {**AFTERNOON, "starts": "17:30", "ends": "19:00"}
    elsewhere = {**later, "weekdays": ["monday"]}
    entry = {"openings": [AFTERNOON, elsewhere, beside, later]}
    assert list(overlapping(entry)) == [("openings", 3)]
    special = [{**AFTERNOON, "date": "2026-12-02"}, {**later, "date": "2026-12-02"}]
    assert list(overlapping({"special": special})) == [("special", 1)]
    assert list(overlapping({"special": [special[0], {**later, "date": "2026-12-03"}]})) == []


def test_of_two_slots_at_once_the_later_is_left_out() -> None:
    later = {**AFTERNOON, "starts": "16:00", "ends": "18:00", "stay": 30}
    assert times({**BASE, "openings": [later, AFTERNOON]}, WEDNESDAY) == [
        "15:30-16:30",
        "16:30-17:00",
        "17:00-17:30",
        "17:30-18:00",
    ]


CLOCKS = st.integers(0, 24 * 60 - 1).map(lambda at: f"{at // 60:02}:{at % 60:02}")
SOME_DAYS = st.dates(date(2025, 12, 1), date(2027, 1, 31))
ISO = SOME_DAYS.map(date.isoformat)
HOURS = {
    "starts": CLOCKS,
    "ends": CLOCKS,
    "stay": st.integers(10, 720),
    "buffer": st.none() | st.integers(0, 240),
}
OPENINGS = st.fixed_dictionaries(
    {
        **HOURS,
        "weekdays": st.lists(st.sampled_from(DAYS), min_size=1, unique=True),
        "first": st.none() | ISO,
        "last": st.none() | ISO,
    }
)
ENTRIES = st.fixed_dictionaries(
    {
        "openings": st.lists(OPENINGS, max_size=4),
        "special": st.lists(st.fixed_dictionaries({**HOURS, "date": ISO}), max_size=3),
        "closures": st.lists(
            st.fixed_dictionaries({"first": ISO, "last": st.none() | ISO, "reason": st.just("")}),
            max_size=3,
        ),
        "on_holidays": st.sampled_from(["closed", "as_weekday"]),
        "on_makeups": st.sampled_from(["closed", "as_weekday"]),
    }
)


def cut_from(row: Mapping[str, Any], slot: Slot) -> bool:
    """Tell whether a slot is one of those that an opening's hours make."""
    within = row["starts"] <= slot.starts and slot.ends <= row["ends"]
    length = minutes(slot.ends) - minutes(slot.starts)
    step = row["stay"] + (row["buffer"] or 0)
    on_the_step = (minutes(slot.starts) - minutes(row["starts"])) % step == 0
    return within and length == row["stay"] and on_the_step


@given(ENTRIES, SOME_DAYS)
def test_slots_lie_within_an_opening_on_its_steps_and_never_overlap(
    entry: dict[str, Any], day: date
) -> None:
    try:
        found = slots_on(entry, day, CALENDAR)
    except Undecided:
        assert day.year not in CALENDAR.years
        assert all(each["date"] != day.isoformat() for each in entry["special"])
        return
    assert all(one.ends <= other.starts for one, other in pairwise(found))
    rows = [each for each in entry["special"] if each["date"] == day.isoformat()]
    if not rows:
        assert not (found and closure_on(entry, day))
        rows = entry["openings"]
    assert all(each.date == day and any(cut_from(row, each) for row in rows) for each in found)


CROWDED = st.fixed_dictionaries(
    {
        "date": st.just("2026-12-02"),
        "starts": st.integers(480, 600).map(lambda at: f"{at // 60:02}:{at % 60:02}"),
        "ends": st.sampled_from(["11:00", "17:45", "23:59"]),
        "stay": st.integers(10, 90),
        "buffer": st.none() | st.integers(0, 30),
    }
)


@given(st.lists(CROWDED, min_size=2, max_size=5))
def test_slots_of_crowded_openings_never_overlap_and_lose_none_without_need(
    rows: list[dict[str, Any]],
) -> None:
    found = slots_on({"special": rows}, WEDNESDAY, CALENDAR)
    assert found
    assert all(one.ends <= other.starts for one, other in pairwise(found))
    for row in rows:
        for each in slots_on({"special": [row]}, WEDNESDAY, CALENDAR):
            clash = any(o.starts < each.ends and each.starts < o.ends for o in found)
            assert each in found or clash


@given(OPENINGS.filter(lambda row: row["starts"] < row["ends"]), SOME_DAYS)
def test_an_opening_alone_gives_as_many_slots_as_fit(row: dict[str, Any], day: date) -> None:
    entry = {"special": [{**row, "date": day.isoformat()}]}
    found = slots_on(entry, day, CALENDAR)
    buffer, length = row["buffer"] or 0, minutes(row["ends"]) - minutes(row["starts"])
    assert len(found) == (length + buffer) // (row["stay"] + buffer)
    for one, other in pairwise(found):
        assert minutes(other.starts) - minutes(one.ends) == buffer


@given(st.lists(OPENINGS, max_size=4), SOME_DAYS)
def test_where_no_overlap_is_named_no_slot_is_left_out(
    rows: list[dict[str, Any]], day: date
) -> None:
    entry = {"openings": rows, "on_holidays": "as_weekday", "on_makeups": "as_weekday"}
    assume(day.year in CALENDAR.years and day not in CALENDAR.makeups)
    assume(not list(overlapping(entry)))
    alone = [slots_on({**entry, "openings": [row]}, day, CALENDAR) for row in rows]
    assert slots_on(entry, day, CALENDAR) == sorted(slot for each in alone for slot in each)


@given(ENTRIES, SOME_DAYS, st.integers(0, 40))
def test_the_slots_between_two_days_are_those_of_each_day_in_order(
    entry: dict[str, Any], first: date, n: int
) -> None:
    found = list(slots_between(entry, first, first + timedelta(days=n), CALENDAR))
    assert found == sorted(found)
    for each in {slot.date for slot in found}:
        assert [s for s in found if s.date == each] == slots_on(entry, each, CALENDAR)
