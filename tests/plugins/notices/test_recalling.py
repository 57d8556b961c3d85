"""A notice that was sent is withdrawn: those who had it are told so once, if so decided."""

from contextlib import suppress

import pytest

from core import recalls
from core.case_items import Case
from core.store import Busy, Conflict
from tests.core.house import OFFICERS, House
from tests.pages import fictional_phone, words_of
from tests.plugins.notices.test_sending import counts
from tests.plugins.notices.writing import past_taking_back, press, progress, sent, tick, volunteers


def recalled(house: House, *numbers: int) -> list[int]:
    """Return how many were told, of each, that a notice no longer holds."""
    letters = ([*house.letters.to(fictional_phone(n))] for n in numbers)
    return [sum("已撤回" in each for each in several) for several in letters]


def withdrawn(house: House, tell: str = "true") -> Case:
    case = press(house, sent(house), "withdraw", tell=tell)
    past_taking_back(house)
    return house.now(case)


def test_who_was_sent_it_is_told_once_that_it_no_longer_holds(house: House) -> None:
    volunteers(house, 1, 2, 3)
    case = withdrawn(house)
    for _ in range(2):
        tick(house)
    assert recalled(house, 1, 2, 3) == [1, 1, 1]
    assert house.letters.to(fictional_phone(1))[-1].startswith("青禾县：通知“下周三志愿者备课会”")
    assert counts(house, case.id) == {"reached": 3, "sent": 3, "recalled": 3}
    assert "已告诉 3 人" in progress(house, case)


def test_the_officer_is_told_how_many_and_may_leave_it(house: House) -> None:
    volunteers(house, 1, 2)
    case = sent(house)
    page = house.client(OFFICERS["county"]).get(f"/qinghe/case/{case.id}/do/withdraw/")
    assert "已发给 2 人" in words_of(page.text)
    assert house.now(press(house, case, "withdraw", tell="false")).state == "withdrawn"
    past_taking_back(house)
    assert recalled(house, 1, 2) == [0, 0]


def test_it_can_be_taken_back_for_ten_minutes_and_nobody_is_told(house: House) -> None:
    volunteers(house, 1)
    case = press(house, sent(house), "withdraw", tell="true")
    house.office.reversals.take_back(case, house.person("county"), case.v, house.office.around())
    past_taking_back(house)
    assert recalled(house, 1) == [0]
    assert house.now(case).state == "sent"


def test_who_was_not_sent_it_is_not_told(house: House) -> None:
    volunteers(house, 1)
    case = sent(house)
    volunteers(house, 2)
    press(house, case, "withdraw", tell="true")
    past_taking_back(house)
    assert recalled(house, 1, 2) == [1, 0]


def test_who_has_left_the_group_meanwhile_is_told_all_the_same(house: House) -> None:
    [case] = volunteers(house, 1)
    notice = sent(house)
    house.do(case, "suspend", "county", comment="停课")
    press(house, notice, "withdraw", tell="true")
    past_taking_back(house)
    assert recalled(house, 1) == [1]


def test_who_wants_no_more_is_told_nothing(house: House) -> None:
    volunteers(house, 1)
    case = sent(house)
    [letter] = [each for each in house.letters.to(fictional_phone(1)) if "/n/" in each]
    token = letter.rsplit("/n/")[1].strip("/")
    recipients = house.office.circulations.recipients
    item = recipients.found(token)
    assert item
    recipients.decline(item, on=False)
    press(house, case, "withdraw", tell="true")
    past_taking_back(house)
    assert recalled(house, 1) == [0]


def test_a_piece_done_again_from_what_it_read_before_puts_nobody_back_twice(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recalls, "_AT_ONCE", 2)
    volunteers(house, 1, 2, 3)
    case = press(house, sent(house), "withdraw", tell="true")
    items = house.store.query(f"SENT#{case.id}", index="desk").items
    fresh = [each for each in house.store.get(*((i["pk"], i["sk"]) for i in items)) if each]
    past_taking_back(house)
    recipients = house.office.circulations.recipients
    for each in fresh:
        with suppress(Conflict, Busy):
            house.store.commit(recipients.recalling(each))
    tick(house)
    assert counts(house, case.id)["recalled"] == 3
    assert recalled(house, 1, 2, 3) == [1, 1, 1]


def test_a_channel_that_is_down_is_tried_again(house: House) -> None:
    volunteers(house, 1)
    case = sent(house)
    press(house, case, "withdraw", tell="true")
    house.letters.down = True
    past_taking_back(house)
    house.letters.down = False
    house.clock.move(minutes=2)
    tick(house)
    assert recalled(house, 1) == [1]
