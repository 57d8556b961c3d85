"""A move taken back within ten minutes: everything as before it, and its messages never sent."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest

from core.calendars import Year
from core.case_items import Case, chain_holds, event_key
from core.deputies import Deputies
from core.filings import Stale, Taken
from core.moments import local_date
from core.people import Role
from core.undoing import minutes_left
from tests.core.conftest import MakeHouse
from tests.core.grants import (
    PHONE,
    SECOND,
    before_the_panel,
    county_of_three,
    grants_house,
    request,
)
from tests.core.house import OFFICERS, House, everything
from tests.pages import fictional_phone

COUNTY = OFFICERS["county"]


@pytest.fixture
def house(make_house: MakeHouse) -> House:
    house = grants_house(make_house)
    county_of_three(house)
    return house


def take_back(house: House, case: Case, who: str, seen: int = 0) -> Case:
    around = house.office.around("zh", house.office.places.get(case.item["place"]))
    return house.office.reversals.take_back(case, house.person(who), seen or case.v, around)


def same(case: Case, before: Case, *but: str) -> bool:
    """Tell whether a case says what it said before, but for its version, entry and chain."""
    odd = {"v", "entry", "head", "undo", *but}
    return {k: v for k, v in case.item.items() if k not in odd} == {
        k: v for k, v in before.item.items() if k not in odd
    }


def test_a_move_without_messages_is_undone_with_desk_due_date_and_timers(house: House) -> None:
    before = request(house)
    case = house.do(before, "forward", "school")
    assert case.item["desk"] == ["county_officer", "qinghe"]
    house.clock.move(minutes=9)
    after = take_back(house, case, "school")
    assert same(after, before)
    assert (after.state, after.v, after.item["entry"]) == ("waiting", 3, 3)
    events = house.office.cases.events(after)
    assert events[-1]["transition"] == "undo:forward"
    assert chain_holds(events, after.item["head"])
    set_for = [t for t in everything(house, "T#") if t.get("case") == case.id and t["entry"] == 3]
    assert {t["name"] for t in set_for} == {
        "waiting.remind.0",
        "waiting.overdue.0",
        "waiting.overdue.1",
    }


def test_what_rang_before_the_move_does_not_ring_again_after_it_is_taken_back(house: House) -> None:
    case = request(house)
    assert case.due
    house.clock.at = case.due - timedelta(minutes=1)
    house.office.ticks.tick()
    house.office.ticks.release()
    assert house.now(case).item["rung"] == ["waiting.remind.0"]
    case = house.do(house.now(case), "forward", "school")
    after = take_back(house, case, "school")
    mine = [t for t in everything(house, "T#") if t.get("entry") == after.item["entry"]]
    assert {t["name"] for t in mine} == {"waiting.overdue.0", "waiting.overdue.1"}
    house.clock.move(minutes=5)
    house.office.ticks.tick()
    told = [e["transition"] for e in house.office.cases.events(house.now(case))]
    assert told.count("timer:waiting.remind.0") == 1
    assert told.count("timer:waiting.overdue.0") == 1


def test_messages_of_a_move_with_undo_wait_ten_minutes_and_then_go(house: House) -> None:
    case = house.do(before_the_panel(house), "reject", "county", comment="不符")
    house.office.effects.work_off_due()
    house.letters.sent.clear()
    house.clock.move(minutes=9)
    assert (house.office.effects.work_off(case), house.office.effects.work_off_due()) == (0, 0)
    house.clock.move(minutes=1)
    assert house.office.effects.work_off_due() == 1
    assert len(house.letters.to(PHONE)) == 1
    assert chain_holds(house.office.cases.events(case), case.item["head"])


def test_taking_back_drops_the_messages_and_takes_the_released_claims_again(house: House) -> None:
    before = before_the_panel(house)
    house.office.effects.work_off_due()
    house.letters.sent.clear()
    case = house.do(before, "reject", "county", comment="不符")
    assert everything(house, "U#county") == []
    assert case.item["claims"] == []
    after = take_back(house, case, "county")
    assert same(after, before)
    assert [claim["case"] for claim in everything(house, "U#")] == [case.id]
    house.clock.move(days=1)
    house.office.effects.work_off_due()
    assert house.letters.to(PHONE) == []


def test_a_claim_that_somebody_else_has_taken_meanwhile_refuses(house: House) -> None:
    case = house.do(before_the_panel(house), "reject", "county", comment="不符")
    other = request(house)
    assert other.item["twin"] == ""
    with pytest.raises(Taken):
        take_back(house, case, "county")
    assert house.now(case).state == "rejected"
    assert [claim["case"] for claim in everything(house, "U#")] == [other.id]


def test_a_move_whose_messages_went_out_at_once_stands(house: House) -> None:
    case = house.submit(1)
    case = house.do(case, "return", "school", comment="请补", marks=("name",))
    assert case.item["undo"] == {}
    with pytest.raises(Stale):
        take_back(house, case, "school")


@pytest.mark.parametrize("who", [SECOND, "school", PHONE, "other_county"])
def test_only_who_made_the_move_takes_it_back(house: House, who: str) -> None:
    case = house.do(before_the_panel(house), "reject", "county", comment="不符")
    with pytest.raises(Stale):
        take_back(house, case, who)


def test_a_deputy_takes_back_what_the_officer_did(house: House) -> None:
    case = house.do(before_the_panel(house), "reject", "county", comment="不符")
    deputies: Deputies = house.office.deputies
    today = local_date(house.clock.now())
    deputies.name(house.person("county"), SECOND, today, today)
    assert take_back(house, case, SECOND).state == "panel"


def test_a_deputy_takes_back_nothing_on_their_own_case(house: House) -> None:
    case = house.do(request(house, phone=SECOND), "forward", "school")
    case = house.do(case, "reject", "county", comment="不符")
    today = local_date(house.clock.now())
    house.office.deputies.name(house.person("county"), SECOND, today, today)
    with pytest.raises(Stale):
        take_back(house, case, SECOND)
    assert take_back(house, case, "county").state == "panel"


def test_a_deputy_takes_back_nothing_the_officer_did_as_an_applicant(house: House) -> None:
    case = house.do(request(house, phone=COUNTY), "withdraw", "county")
    today = local_date(house.clock.now())
    house.office.deputies.name(house.person("county"), SECOND, today, today)
    with pytest.raises(Stale):
        take_back(house, case, SECOND)
    assert take_back(house, case, "county").state == "waiting"


def test_it_is_too_late_after_ten_minutes_or_when_somebody_has_acted(house: House) -> None:
    case = house.do(request(house), "forward", "school")
    assert minutes_left(case, house.clock.now()) == 10
    house.clock.move(minutes=10)
    with pytest.raises(Stale):
        take_back(house, case, "school")
    case = house.do(request(house, phone="00000000799"), "forward", "school")
    house.office.sharing.take(case, house.person("county"), case.v)
    with pytest.raises(Stale):
        take_back(house, house.now(case), "school")
    with pytest.raises(Stale):
        take_back(house, case, "school", seen=1)


def test_it_is_taken_back_once_however_often_it_is_asked_at_once(house: House) -> None:
    case = house.do(request(house), "forward", "school")

    def one(_: int) -> bool:
        try:
            take_back(house, case, "school")
        except Stale:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(one, range(4))) == 1
    assert house.now(case).v == 3


def test_sending_and_taking_back_exclude_each_other(house: House) -> None:
    case = house.do(before_the_panel(house), "reject", "county", comment="不符")
    [event] = house.office.ports.store.get(event_key(case.id, case.v))
    assert event is not None
    house.office.effects.settle(event)  # as a server whose clock is ahead would
    with pytest.raises(Taken):
        take_back(house, case, "county")
    assert house.now(case).state == "rejected"


def test_an_applicant_takes_back_a_withdrawal_and_the_plugins_writes_follow(house: House) -> None:
    before = house.cleared(1)
    directory = "/hexi-zhen/volunteers/directory/"
    assert "已有 1 位" in house.client().get(directory).text
    case = house.do(before, "withdraw", fictional_phone(1))
    assert "已有 0 位" in house.client().get(directory).text
    after = take_back(house, case, fictional_phone(1))
    assert same(after, before)
    assert "已有 1 位" in house.client().get(directory).text


def test_it_lies_on_no_empty_seat_when_a_move_is_taken_back(house: House) -> None:
    people, seat = house.office.people, Role("school_officer", "xingtai")
    newcomer = people.give("00000000870", "新人", seat)
    case = house.do(request(house, "xingtai"), "withdraw", PHONE)
    people.take(newcomer.id, seat)
    house.office.hanging.work_off()
    assert take_back(house, case, PHONE).item["desk"] == ["school_officer", "liuting"]


def test_it_is_due_by_the_calendar_in_force_when_a_move_is_taken_back(house: House) -> None:
    before = request(house)
    case = house.do(before, "withdraw", PHONE)
    closed = (("停课", date(2026, 11, 24), date(2026, 11, 24)),)
    house.office.calendars.publish("qinghe", Year(2026, "", closed), "张敏", before.item["at"])
    after = take_back(house, case, PHONE)
    assert before.due
    assert after.due == before.due + timedelta(days=1)
