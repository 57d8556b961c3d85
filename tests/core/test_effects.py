"""What an event has left to do: at least once, retried with backoff, then parked in sight."""

import logging
from datetime import timedelta
from typing import Any

import pytest

from core.case_items import Case, event_key
from core.effects import RETRIES
from core.people import Role
from core.store import Item
from tests.core.house import House, hand_in
from tests.pages import fictional_phone, hidden

PHONE = fictional_phone(1)


def event(house: House, case: Case, n: int = 0) -> Item:
    [item] = house.office.ports.store.get(event_key(case.id, n or case.v))
    assert item is not None
    return item


def due(house: House) -> int:
    """Do what is due; return how many effects were done: each event here also tells its plugin.

    And a submission is entered where cases are found.
    """
    return house.office.effects.work_off_due()


def test_a_message_says_service_number_and_what_was_asked(house: House) -> None:
    case = house.submit(1)
    case = house.do(case, "return", "school", comment="承诺书{请}补签<b>", marks=("signature",))
    assert due(house) == 3 + 2
    received, returned = house.letters.to(PHONE)
    number = " ".join(case.id[at : at + 4] for at in range(0, 16, 4))
    assert received.startswith(f"您的志愿者登记已收到，查询码{number}。")
    assert returned.startswith(
        f"您的志愿者登记（{number}）需要补充：承诺书{{请}}补签<b>。请在12月3日"
    )
    assert event(house, case)["todo"] == []
    assert "desk_pk" not in event(house, case)


def test_an_effect_is_done_right_after_the_reply_and_not_again(house: House) -> None:
    hand_in(house.client(), 1)
    assert house.letters.sent == {}
    house.later.run()
    assert len(house.letters.to(PHONE)) == 1
    assert due(house) == 0
    assert house.letters.asked == 1


def test_a_channel_that_is_down_is_tried_again_ever_later_and_then_parked(house: House) -> None:
    case = house.submit(1)
    house.letters.down = True
    for n, wait in enumerate(RETRIES):
        assert due(house) == (0 if n else 2), "only plugin and index hear of it, once"
        asked = house.letters.asked
        house.clock.move(seconds=wait - 1)
        due(house)
        assert house.letters.asked == asked
        house.clock.move(seconds=1)
    due(house)
    stands = event(house, case)
    assert stands["parked"] is True
    assert stands["todo"][0]["parked"] == "too_often"
    assert "desk_pk" not in stands
    house.letters.down = False
    house.clock.move(days=30)
    assert due(house) == 0


def test_what_could_not_be_sent_is_sent_once_the_channel_is_back(house: House) -> None:
    case = house.submit(1)
    house.letters.down = True
    due(house)
    house.letters.down = False
    house.clock.at += timedelta(seconds=RETRIES[0])
    assert due(house) == 1
    assert len(house.letters.to(PHONE)) == 1
    assert event(house, case)["tries"] == 2


def test_an_effect_done_by_two_at_once_reaches_the_phone_once(house: House) -> None:
    case = house.submit(1)
    stale = event(house, case)
    house.office.effects.settle(stale)
    house.office.effects.settle(stale)
    assert house.letters.asked == 2
    assert len(house.letters.sent) == 1
    assert event(house, case)["todo"] == []


def test_a_role_that_nobody_holds_passes_to_the_place_above_else_it_is_parked(house: House) -> None:
    house.office.people.take(house.person("county").id, Role("county_officer", "qinghe"))
    case = house.submit(1)
    due(house)
    assert case.due is not None
    house.clock.at = case.due + timedelta(minutes=1)
    house.office.ticks.tick()
    stands = event(house, house.now(case))
    assert [each["parked"] for each in stands["todo"]] == ["no_phone"]


def test_one_fault_keeps_no_other_event_waiting(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    bad, good = house.submit(1), house.submit(2)
    do = type(house.office.effects)._do  # noqa: SLF001 — where a fault would be

    def failing(self: Any, item: Item, *rest: Any) -> None:
        if item["case"] == bad.id:
            raise KeyError("on purpose")
        do(self, item, *rest)

    monkeypatch.setattr(type(house.office.effects), "_do", failing)
    with caplog.at_level(logging.CRITICAL, "core.effects"):
        due(house)
    assert event(house, good)["todo"] == []
    assert event(house, bad)["tries"] == 1
    monkeypatch.undo()
    house.clock.move(seconds=RETRIES[0])
    assert due(house) == 3


def test_work_that_follows_a_reply_may_be_dropped_for_the_tick_finds_it(house: House) -> None:
    client = house.client()
    assert hidden(client.get("/hexi-zhen/volunteers/").text)
    house.submit(1)
    house.later.waiting.clear()
    house.office.ticks.tick()
    assert len(house.letters.to(PHONE)) == 1
