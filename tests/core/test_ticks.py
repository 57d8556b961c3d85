"""What time brings: timers ring once, reminders come when they should, a clearance ends."""

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from datetime import timedelta
from typing import Any

import pytest

from core.case_items import Case
from core.store import Busy, Store, Write
from core.ticks import LEASE_SECONDS, Ticks
from tests.core.conftest import MakeHouse
from tests.core.house import OFFICERS, House, everything
from tests.pages import fictional_phone

PHONE = fictional_phone(1)


def tick(house: House) -> int:
    """Tick to the end; return how many timers rang."""
    done = house.office.ticks.tick()
    assert done is not None
    house.office.ticks.release()
    return done.timers


def hours(house: House, number: float) -> int:
    house.clock.move(hours=number)
    return tick(house)


def test_nothing_rings_before_its_time_and_then_once(house: House) -> None:
    case = house.do(house.submit(1), "return", "school", comment="改", marks=("name",))
    assert case.due is not None
    house.clock.at = case.due - timedelta(minutes=1)
    assert tick(house) == 1  # the reminder three days before
    assert house.now(case).state == "returned"
    house.clock.at = case.due + timedelta(minutes=1)
    assert tick(house) == 1
    assert house.now(case).state == "lapsed"
    assert [tick(house) for _ in range(3)] == [0, 0, 0]


def test_a_tick_catches_up_over_hours_and_days_without_one(house: House) -> None:
    tick(house)
    case = house.do(house.submit(1), "return", "school", comment="改", marks=("name",))
    assert hours(house, 24 * 30) == 2
    assert house.now(case).state == "lapsed"


def test_a_timer_of_a_state_that_was_left_is_dropped(house: House) -> None:
    tick(house)
    case = house.do(house.submit(1), "withdraw", PHONE)
    assert hours(house, 24 * 30) == 0
    assert house.now(case).v == 2
    assert [item for item in timers(house) if item["case"] == case.id] == []


def timers(house: House) -> list[Any]:
    return [item for item in everything(house, "T#") if item["pk"] != "T#-"]


def test_a_clearance_is_told_of_thirty_and_seven_days_before_and_then_ends(house: House) -> None:
    tick(house)
    case = house.cleared(1)
    assert case.due is not None
    county = OFFICERS["county"]
    house.letters.sent.clear()
    for days_before, told in ((31, 0), (29, 1), (8, 1), (6, 2)):
        house.clock.at = case.due - timedelta(days=days_before)
        tick(house)
        assert sum("有效期到" in text for text in house.letters.to(PHONE)) == told
        assert sum("请重新查询" in text for text in house.letters.to(county)) == told
    assert house.now(case).state == "cleared"
    house.clock.at = case.due + timedelta(minutes=1)
    tick(house)
    assert house.now(case).state == "expired"
    assert any("暂不排课" in text for text in house.letters.to(PHONE))
    assert "已有 0 位" in house.client().get("/hexi-zhen/volunteers/directory/").text


def test_only_one_ticks_at_a_time_and_a_dead_ones_lease_runs_out(house: House) -> None:
    assert house.office.ticks.tick() is not None
    assert house.office.ticks.tick() is None
    house.clock.move(seconds=LEASE_SECONDS + 1)
    assert house.office.ticks.tick() is not None


def test_of_many_ticks_at_once_one_works(house: House) -> None:
    with ThreadPoolExecutor(6) as pool:
        done = list(pool.map(lambda _: house.office.ticks.tick(), range(6)))
    assert sum(each is not None for each in done) == 1


class NoLease(Ticks):
    """Ticks whoever else does: for what must hold even so."""

    def _lease(self) -> bool:
        return True


def unleased(house: House) -> Ticks:
    ticks = house.office.ticks
    return NoLease(**{each.name: getattr(ticks, each.name) for each in fields(ticks)})


def test_even_two_ticks_on_the_same_timers_ring_each_once(house: House) -> None:
    tick(house)
    cases = [
        house.do(house.submit(n), "return", "school", comment="改", marks=("name",))
        for n in range(1, 6)
    ]
    house.clock.move(days=11)
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda _: unleased(house).tick(), range(3)))
    tick(house)
    for case in cases:
        events = house.office.cases.events(house.now(case))
        assert [event["transition"] for event in events].count("lapse") == 1


class Shaky:
    """A store whose commits of timers are busy while `busy` says so."""

    def __init__(self, store: Store) -> None:
        self.store, self.busy = store, False

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)

    def commit(self, *writes: Write) -> None:
        if self.busy and any(write.key[0].startswith("T#2") for write in writes):
            raise Busy("on purpose")
        self.store.commit(*writes)


def test_a_timer_that_met_contention_is_tried_until_it_rings(make_house: MakeHouse) -> None:
    house = make_house(wrap=Shaky)
    tick(house)
    case = house.do(house.submit(1), "return", "school", comment="改", marks=("name",))
    shaky: Any = house.store.store
    shaky.busy = True
    assert [hours(house, 24 * 11), hours(house, 30), hours(house, 30)] == [0, 0, 0]
    shaky.busy = False
    assert tick(house) == 2  # the reminder and the lapse
    assert house.now(case).state == "lapsed"


def test_a_timer_that_fails_keeps_no_other_waiting_and_is_tried_again(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tick(house)
    bad, good = (
        house.do(house.submit(n), "return", "school", comment="改", marks=("name",)) for n in (1, 2)
    )
    ring = type(house.office.cases).ring

    def failing(self: Any, case_id: str, *rest: Any) -> bool:
        if case_id == bad.id and broken:
            raise RuntimeError("on purpose")
        return ring(self, case_id, *rest)

    monkeypatch.setattr(type(house.office.cases), "ring", failing)
    broken = [True]
    with caplog.at_level(logging.CRITICAL, "core.ticks"):
        hours(house, 24 * 11)
    assert states(house, bad, good) == ["returned", "lapsed"]
    broken.clear()
    hours(house, 1)
    assert states(house, bad, good) == ["lapsed", "lapsed"]


def states(house: House, *cases: Case) -> list[str]:
    return [house.now(case).state for case in cases]


def test_an_overdue_case_is_told_to_the_county_once(house: House) -> None:
    tick(house)
    case = house.submit(1)
    assert case.due is not None
    house.clock.at = case.due + timedelta(minutes=1)
    tick(house)
    tick(house)
    [told] = house.letters.to(OFFICERS["county"])
    assert "已超过办理期限" in told
    assert house.now(case).state == "submitted"
