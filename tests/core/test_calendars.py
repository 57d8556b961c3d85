"""A county publishes its calendar and terms; what waited for the calendar is dated then."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from core.calendars import Term, Year, calendar_at, terms_at, year_at
from core.moments import stamp
from core.places import Refusal
from tests.core.conftest import MakeHouse
from tests.core.grants import grants_house, request
from tests.core.house import House, everything

COUNTY, SCHOOL, OTHER = "qinghe", "hexi-1", "baiting"
AT = "2026-12-15T02:00:00.000Z"
NEW_YEAR = Year(
    2027,
    "",
    (("元旦", date(2027, 1, 1), date(2027, 1, 3)), ("春节", date(2027, 2, 5), date(2027, 2, 11))),
    (date(2027, 2, 13),),
)


def publish(house: House, year: Year = NEW_YEAR, slug: str = COUNTY) -> None:
    house.office.calendars.publish(slug, year, "张敏", AT)


def test_a_year_is_undecided_until_a_level_publishes_it_and_only_there(house: House) -> None:
    places = house.office.places
    assert year_at(places.fresh(SCHOOL), 2027).decided_by == ""
    assert calendar_at(places.fresh(SCHOOL)).is_workday(date(2027, 1, 4)) is None
    publish(house)
    assert year_at(places.fresh(SCHOOL), 2027) == Year(
        2027, COUNTY, NEW_YEAR.holidays, NEW_YEAR.makeups
    )
    own = calendar_at(places.fresh(SCHOOL))
    assert [own.is_workday(date(2027, 2, day)) for day in (4, 5, 13, 14)] == [
        True,
        False,
        True,
        False,
    ]
    assert own.is_workday(date(2026, 10, 10)) is True  # the national years stay
    assert calendar_at(places.fresh(OTHER)).is_workday(date(2027, 1, 4)) is None


@pytest.mark.parametrize(
    ("year", "code"),
    [
        (Year(2027, ""), "calendar_year"),
        (Year(1900, "", NEW_YEAR.holidays), "calendar_year"),
        (Year(2028, "", NEW_YEAR.holidays), "calendar_days"),
        (Year(2027, "", (("元旦", date(2027, 1, 3), date(2027, 1, 1)),)), "calendar_days"),
        (Year(2027, "", NEW_YEAR.holidays, (date(2027, 2, 6),)), "calendar_days"),
    ],
)
def test_a_calendar_that_makes_no_sense_is_refused(house: House, year: Year, code: str) -> None:
    with pytest.raises(Refusal, match=code):
        publish(house, year)
    with pytest.raises(Refusal, match="level_not_here"):
        publish(house, slug=SCHOOL)


def dated(house: House) -> Any:
    """Return a case that was handed in at the end of 2026, its due date still open."""
    house.clock.at = datetime(2026, 12, 30, 2, 0, tzinfo=UTC)
    case = house.submit(1)
    assert case.due is None
    return case


def test_dates_that_were_open_are_worked_out_when_the_calendar_is_published(house: House) -> None:
    case = dated(house)
    publish(house)
    house.office.ticks.tick()
    after = house.now(case)
    assert after.item["due"] == stamp(datetime(2027, 1, 7, 15, 59, 59, tzinfo=UTC))
    assert (after.v, after.state) == (case.v + 1, case.state)
    assert [each["transition"] for each in house.office.cases.events(after)][-1] == "calendar"
    timers = [each for each in everything(house, "T#") if each.get("case") == case.id]
    assert [each["name"] for each in timers] == ["submitted.overdue.0"]
    house.clock.at = datetime(2027, 1, 7, 16, 0, tzinfo=UTC)
    house.office.ticks.release()
    done = house.office.ticks.tick()
    assert done is not None
    assert done.timers == 1


def test_publishing_the_same_again_dates_nothing_twice(house: House) -> None:
    case = dated(house)
    for _ in range(2):
        publish(house)
        house.office.ticks.tick()
        house.office.ticks.release()
    assert house.now(case).v == case.v + 1


def test_a_dating_cut_short_goes_on_at_the_next_tick(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = dated(house)
    second = house.submit(2)
    publish(house)
    notes: list[str] = []
    ledger = type(house.office.cases.ledger)
    real = ledger.note

    def failing(self: Any, case: Any, *given: Any, **more: Any) -> Any:
        notes.append(case.id)
        if len(notes) > 1:
            raise RuntimeError("the process died here")
        return real(self, case, *given, **more)

    monkeypatch.setattr(ledger, "note", failing)
    house.office.ticks.tick()
    monkeypatch.setattr(ledger, "note", real)
    assert sorted(bool(house.now(each).due) for each in (first, second)) == [False, True]
    house.clock.move(hours=2)
    house.office.ticks.tick()
    assert all(house.now(each).due for each in (first, second))


def test_terms_are_entered_changed_and_taken_back(house: House) -> None:
    calendars, places = house.office.calendars, house.office.places
    autumn = Term("2026-autumn", "2026年秋季学期", date(2026, 9, 1), date(2027, 1, 22))
    calendars.set_term(COUNTY, autumn, "张敏", AT)
    assert terms_at(places.fresh(SCHOOL)) == [autumn]
    spring = Term("2027-spring", "2027年春季学期", date(2027, 1, 20), date(2027, 7, 10))
    with pytest.raises(Refusal, match="term_overlaps"):
        calendars.set_term(COUNTY, spring, "张敏", AT)
    with pytest.raises(Refusal, match="term_days"):
        calendars.set_term(
            COUNTY, Term("x", "学期", date(2026, 9, 1), date(2026, 8, 1)), "张敏", AT
        )
    with pytest.raises(Refusal, match="term_not_here"):
        calendars.drop_term("yunhe", autumn.id, "张敏", AT)
    calendars.drop_term(COUNTY, autumn.id, "张敏", AT)
    assert terms_at(places.fresh(SCHOOL)) == []


def test_what_an_index_did_not_show_yet_is_dated_a_moment_later(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = dated(house)
    house.office.calendars.publish(COUNTY, NEW_YEAR, "张敏", stamp(house.clock.now()))
    with monkeypatch.context() as behind:
        behind.setattr(type(house.office.publishing), "open_cases", lambda *_: iter(()))
        house.office.ticks.tick()
    house.office.ticks.release()
    house.clock.move(minutes=2)
    house.office.ticks.tick()
    assert house.now(case).due


def test_a_reminder_moves_with_the_calendar_though_the_due_date_does_not(
    make_house: MakeHouse,
) -> None:
    house = grants_house(make_house)
    case = request(house)
    name = "waiting.remind.0"
    days = (("停课", date(2026, 11, 26), date(2026, 11, 26)),)
    swapped = Year(2026, "", days, (date(2026, 11, 28),))
    house.office.calendars.publish(COUNTY, swapped, "张敏", stamp(house.clock.now()))
    house.office.ticks.tick()
    assert house.now(case).item == case.item
    at = [t["sk"][:13] for t in everything(house, "T#") if t.get("name") == name]
    assert at == ["2026-11-26T01", "2026-11-27T01"]
    house.office.ticks.release()
    house.clock.at = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)
    house.office.ticks.tick()
    assert house.now(case).v == 1  # the old reminder says nothing
    house.office.ticks.release()
    house.clock.at = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)
    house.office.ticks.tick()
    assert house.now(case).item["rung"] == [name]
