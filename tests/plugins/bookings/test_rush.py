"""A rush: accepted first, then settled in the order of acceptance by one update of the slot."""

import pytest

from core.case_items import Case
from core.store import Busy
from tests.plugins.bookings.visiting import WEDNESDAY, Visiting

OPENS = "2026-11-22T08:00+08:00"
RUSH = {"date": WEDNESDAY, "starts": "09:00", "ends": "10:00", "stay": 60, "opens_at": OPENS}
SLOT = "09:00-10:00"
SCHOOLS = {"hexi-1": "school", "yunting": "00000000106", "no2": "00000000107"}


@pytest.fixture
def rushing(visiting: Visiting) -> Visiting:
    visiting.open_venue("library", special=[RUSH])
    return visiting


def ask(visiting: Visiting, school: str, heads: int = 10) -> Case:
    return visiting.book(heads, SCHOOLS[school], school, school=school, venue="library", slot=SLOT)


def test_a_rush_is_accepted_before_anything_of_the_slot_is_touched(rushing: Visiting) -> None:
    case = ask(rushing, "hexi-1")
    assert case.state == "queued"
    assert rushing.slot(venue="library", starts="09:00") == {}
    rushing.follow()
    assert rushing.state(case) == "requested"
    assert rushing.held(venue="library", starts="09:00") == (10, 1)


def test_places_go_in_the_order_of_acceptance_whoever_is_settled_first(rushing: Visiting) -> None:
    cases = [ask(rushing, school, 20) for school in SCHOOLS]
    [event] = rushing.house.store.get((f"C#{cases[2].id}", "E#000001"))
    assert event
    rushing.house.office.effects.settle(event)  # the last to come is looked at first
    rushing.follow()
    assert [rushing.state(each) for each in cases] == ["requested", "waiting", "waiting"]


def test_one_update_of_the_slot_serves_all_that_are_in_the_queue(
    rushing: Visiting, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit, slots = rushing.house.store.commit, []

    def watched(*writes: object) -> None:
        slots.extend(w for w in writes if w.key[0].startswith("X#bookings#slots"))  # type: ignore[attr-defined]
        commit(*writes)  # type: ignore[arg-type]

    for school in SCHOOLS:
        ask(rushing, school)
    monkeypatch.setattr(rushing.house.store, "commit", watched)
    rushing.follow()
    assert len(slots) == 1
    assert rushing.held(venue="library", starts="09:00") == (30, 3)


def test_a_crash_after_the_slot_was_updated_is_gone_on_with(
    rushing: Visiting, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = ask(rushing, "hexi-1")
    office = rushing.house.office
    move = office.cases.ledger.store.commit
    dead: list[bool] = []

    def dying(*writes: object) -> None:
        keys = [w.key for w in writes]  # type: ignore[attr-defined]
        if not dead and (f"C#{case.id}", "H") in keys:
            dead.append(True)
            raise Busy(case.id)
        move(*writes)  # type: ignore[arg-type]

    monkeypatch.setattr(rushing.house.store, "commit", dying)
    rushing.follow()
    assert (rushing.state(case), rushing.held(venue="library", starts="09:00")) == (
        "queued",
        (10, 1),
    )
    rushing.house.clock.move(minutes=2)
    rushing.follow()
    assert rushing.state(case) == "requested"
    assert rushing.held(venue="library", starts="09:00") == (10, 1)


def test_who_waits_after_a_rush_is_served_when_places_come_free(rushing: Visiting) -> None:
    first, second, third = (ask(rushing, school, 30) for school in SCHOOLS)
    rushing.follow()
    rushing.do(first, "cancel")
    assert [rushing.state(each) for each in (second, third)] == ["offered", "waiting"]


def test_before_it_opens_a_rush_takes_nobody(rushing: Visiting) -> None:
    rushing.house.clock.move(days=-3)
    with pytest.raises(Exception, match="还没有开始接受预约"):
        ask(rushing, "hexi-1")
