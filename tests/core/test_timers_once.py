"""A timer rings once for (case, state entry, timer), however often and by however many."""

import itertools
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.case_items import Case
from core.store import Busy, Change, Conflict
from tests.core.conftest import MakeHouse
from tests.core.grants import grants_house, request
from tests.core.house import House, everything
from tests.core.test_cases import Unconditional
from workflows.schedule import schedule

CROWD = 6


def late(house: House) -> tuple[Case, list[Any]]:
    """Return a case all of whose timers are due, and the timers."""
    case = request(house)
    assert case.due
    house.clock.at = case.due + timedelta(days=9)
    return case, [item for item in everything(house, "T#") if item.get("case") == case.id]


def ring(house: House, timer: Any) -> bool:
    key = (timer["pk"], timer["sk"])
    entry, name = timer["entry"], timer["name"]
    around = house.office.around()
    for _ in range(50):
        try:
            return house.office.cases.ring(timer["case"], entry, name, key, lambda _: around)
        except (Conflict, Busy):
            continue
    raise AssertionError("never settled")


def by_many(house: House, timer: Any) -> list[bool]:
    with ThreadPoolExecutor(CROWD) as pool:
        return list(pool.map(lambda _: ring(house, timer), range(CROWD)))


def told(house: House, case: Case) -> list[str]:
    return [each["transition"] for each in house.office.cases.events(house.now(case))]


def test_each_timer_rung_twice_rings_once(make_house: MakeHouse) -> None:
    house = grants_house(make_house)
    case, timers = late(house)
    assert len(timers) == 3
    for timer in timers:
        assert [ring(house, timer), ring(house, timer)] == [True, False]
    names = ["submit", "timer:waiting.remind.0", "timer:waiting.overdue.0", "pass_on"]
    assert told(house, case) == names
    assert [item for item in everything(house, "T#") if item.get("entry") == 1] == []


def test_each_timer_rung_by_many_at_once_rings_once(make_house: MakeHouse) -> None:
    house = grants_house(make_house)
    case, timers = late(house)
    for timer in timers:
        assert sum(by_many(house, timer)) == 1
    assert len(told(house, case)) == 4


def test_control_without_conditions_it_rings_for_many(make_house: MakeHouse) -> None:
    """Who overtakes whom is the machine's choice: they are let run until some do."""

    def rung() -> int:
        house = grants_house(lambda **how: make_house(wrap=Unconditional, **how))
        _, timers = late(house)
        return max(sum(by_many(house, timer)) for timer in timers)

    assert any(rung() > 1 for _ in range(30))


def test_control_a_case_that_forgets_what_rang_rings_again(make_house: MakeHouse) -> None:
    house = grants_house(make_house)
    case, [timer, *_] = late(house)
    assert ring(house, timer)
    house.office.ports.store.commit(Change((f"C#{case.id}", "H"), set={"rung": []}))
    assert ring(house, timer)


def test_a_timer_of_an_earlier_entry_does_nothing_after_the_move_is_taken_back(
    make_house: MakeHouse,
) -> None:
    house = grants_house(make_house)
    case = house.do(request(house), "forward", "school")
    old = [item for item in everything(house, "T#") if item.get("entry") == 1]
    school = house.person("school")
    case = house.office.reversals.take_back(case, school, case.v, house.office.around())
    house.clock.move(days=20)
    assert [ring(house, timer) for timer in old] == [False] * len(old)
    house.office.ticks.tick()
    assert told(house, case).count("timer:waiting.overdue.0") == 1
    assert told(house, case).count("pass_on") == 1


@pytest.mark.parametrize("action", ["timer:waiting.overdue.0", "pass_on"])
def test_overdue_actions_tell_and_move_and_tell_of_the_move(
    make_house: MakeHouse, action: str
) -> None:
    house = grants_house(make_house)
    case, _ = late(house)
    house.office.ticks.tick()
    assert told(house, case).count(action) == 1
    assert house.now(case).state == "panel"
    [county] = house.letters.to("00000000102")
    [soon, late_] = house.letters.to("00000000103")
    assert ("逾期" in county, "快到期" in soon, "逾期" in late_) == (True, True, True)


def test_a_move_at_midnight_is_dated_from_the_moment_it_was_made(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else its timer rings a day too early, finds that its time has not come, and is gone."""
    start = datetime(2026, 11, 23, 15, 59, 59, 400_000, tzinfo=UTC)
    ticking = (start + timedelta(milliseconds=300 * n) for n in itertools.count())
    monkeypatch.setattr(type(house.clock), "now", lambda _: next(ticking))
    case = house.submit(1)
    around = house.office.around("zh", house.office.places.get(case.item["place"]))
    dates = schedule(house.office.cases.workflow(case), case.situation, around)
    assert dates.due == case.due
