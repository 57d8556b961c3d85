"""A role that nobody holds passes to the place above, and back when somebody is named."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from core.case_items import Case, chain_holds
from core.people import Role
from core.seats import SECOND_LOOK
from core.store import Busy, Store, Write
from tests.core.conftest import MakeHouse
from tests.core.grants import grants_house, request, seat
from tests.core.house import OFFICERS, House
from workflows.case import Refused

LIUTING = "00000000104"
NEW = "00000000801"


@pytest.fixture
def house(make_house: MakeHouse) -> House:
    return grants_house(make_house)


def hang(house: House) -> int:
    return house.office.hanging.work_off()


def empty(house: House, who: str, role: str, place: str) -> None:
    house.office.people.take(house.person(who).id, Role(role, place))


def desk(house: House, case: Case) -> list[str]:
    return list(house.now(case).item["desk"])


def test_a_case_for_an_empty_seat_lies_on_the_desk_of_the_place_above(house: House) -> None:
    case = request(house, "xingtai")
    assert case.item["seat"] == ["school_officer", "xingtai"]
    assert case.item["desk"] == ["school_officer", "liuting"]
    assert house.do(case, "forward", LIUTING).state == "panel"


def test_where_nobody_up_to_the_county_holds_it_the_county_may_act_in_its_place(
    house: House,
) -> None:
    empty(house, "school", "school_officer", "hexi-1")
    case = request(house)
    assert case.item["desk"] == ["county_officer", "qinghe"]
    with pytest.raises(Refused):
        house.do(case, "forward", "other_county")
    moved = house.do(case, "forward", "county")
    [event] = house.office.cases.events(moved)[1:]
    assert (event["role"], event["office"]) == ("school_officer", "qinghe")


def test_the_county_may_not_act_for_a_seat_that_is_held(house: House) -> None:
    with pytest.raises(Refused):
        house.do(request(house), "forward", "county")


def test_naming_somebody_brings_the_open_cases_home_and_ending_it_passes_them_up(
    house: House,
) -> None:
    cases = [request(house, "xingtai", f"0000000081{n}") for n in range(3)]
    other = request(house, "liuting", "00000000820")
    seat(house, NEW, "新人", "school_officer", "xingtai")
    assert hang(house) == 3
    assert [desk(house, case) for case in cases] == [["school_officer", "xingtai"]] * 3
    assert desk(house, other) == ["school_officer", "liuting"]
    [*_, event] = house.office.cases.events(house.now(cases[0]))
    assert event["transition"] == "hung:home#xingtai"
    empty(house, NEW, "school_officer", "xingtai")
    assert hang(house) == 3
    assert [desk(house, case) for case in cases] == [["school_officer", "liuting"]] * 3
    for case in cases:
        now = house.now(case)
        assert now.v == 3
        assert chain_holds(house.office.cases.events(now), now.item["head"])


def test_hanging_again_changes_nothing(house: House) -> None:
    case = request(house, "xingtai")
    seat(house, NEW, "新人", "school_officer", "xingtai")
    assert [hang(house), hang(house)] == [1, 0]
    house.clock.at += SECOND_LOOK
    assert [hang(house), hang(house)] == [0, 0]
    house.clock.move(days=9)
    with house.store.expect(query=1):
        hang(house)
    assert house.now(case).v == 2


def test_a_move_made_by_an_old_count_is_put_right_at_the_second_look(house: House) -> None:
    request(house, "xingtai", "00000000830")
    seats = house.office.cases.ledger.seats
    old = dict(seats.counts("qinghe"))
    seat(house, NEW, "新人", "school_officer", "xingtai")
    assert hang(house) == 1
    seats.remember("qinghe", old)  # another server remembers it for 30 seconds
    case = request(house, "xingtai", "00000000831")
    assert desk(house, case) == ["school_officer", "liuting"]
    house.clock.at += SECOND_LOOK
    house.office.ticks.tick()
    assert desk(house, case) == ["school_officer", "xingtai"]


class Failing:
    """A store that breaks off in the middle: after `left` commits of cases."""

    def __init__(self, store: Store) -> None:
        self.store, self.left = store, 10_000

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)

    def commit(self, *writes: Write) -> None:
        if writes[0].key[0].startswith("C#"):
            if self.left == 0:
                raise Busy("on purpose")
            self.left -= 1
        self.store.commit(*writes)


def test_hanging_that_was_cut_short_goes_on_at_the_next_tick(make_house: MakeHouse) -> None:
    house = grants_house(lambda **how: make_house(wrap=Failing, **how))
    cases = [request(house, "xingtai", f"0000000084{n}") for n in range(5)]
    seat(house, NEW, "新人", "school_officer", "xingtai")
    failing: Any = house.store.store
    failing.left = 2
    assert hang(house) == 2
    failing.left = 10_000
    house.office.ticks.tick()
    assert {tuple(desk(house, case)) for case in cases} == {("school_officer", "xingtai")}


def test_hanging_by_two_at_once_hangs_each_case_once(house: House) -> None:
    cases = [request(house, "xingtai", f"0000000085{n}") for n in range(5)]
    seat(house, NEW, "新人", "school_officer", "xingtai")
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda _: hang(house), range(3)))
    hang(house)
    assert [house.now(case).v for case in cases] == [2] * 5


def test_messages_for_an_empty_seat_go_to_whoever_works_on_it(house: House) -> None:
    empty(house, "school", "school_officer", "hexi-1")
    case = request(house)
    assert case.due
    house.clock.at = case.due
    house.office.ticks.tick()
    assert any("快到期" in text for text in house.letters.to(OFFICERS["county"]))


def test_seats_given_at_once_are_all_counted(house: House) -> None:
    phones = [f"0000000086{n}" for n in range(6)]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda p: seat(house, p, "人", "school_officer", "xingtai"), phones))
    for _ in range(2):
        for phone in phones:
            seat(house, phone, "人", "school_officer", "xingtai")
    seats = house.office.cases.ledger.seats
    seats.forget()
    held = len(house.office.people.holding(Role("school_officer", "xingtai")))
    assert seats.held("qinghe", "school_officer", "xingtai") == held == 6
