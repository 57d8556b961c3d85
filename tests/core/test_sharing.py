"""认领与放回: taken up on a shared desk, seen by all, and over with the state."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from core.case_items import Case, chain_holds
from core.filings import Stale
from core.sharing import NotShared
from tests.core.conftest import MakeHouse
from tests.core.grants import SECOND, before_the_panel, county_of_three, grants_house, request, seat
from tests.core.house import House

COLLEAGUE = "00000000811"


@pytest.fixture
def house(make_house: MakeHouse) -> House:
    house = grants_house(make_house)
    seat(house, COLLEAGUE, "薄荷", "school_officer", "hexi-1")
    return house


def take(house: House, case: Case, who: str) -> Case:
    return house.office.sharing.take(case, house.person(who), case.v)


def give_back(house: House, case: Case, who: str) -> Case:
    return house.office.sharing.give_back(case, house.person(who), case.v)


def test_taking_up_and_giving_back_are_events(house: House) -> None:
    case = take(house, request(house), "school")
    assert case.item["taken"]["by"] == house.person("school").id
    case = give_back(house, case, "school")
    assert case.item["taken"] == {}
    events = house.office.cases.events(case)
    assert [event["transition"] for event in events][1:] == ["desk:taken", "desk:given_back"]
    assert chain_holds(events, case.item["head"])


def test_what_one_has_taken_another_does_not_take_but_may_still_move(house: House) -> None:
    case = take(house, request(house), "school")
    with pytest.raises(NotShared):
        take(house, case, COLLEAGUE)
    with pytest.raises(NotShared):
        give_back(house, case, COLLEAGUE)
    assert house.do(case, "forward", COLLEAGUE).item["taken"] == {}


def test_of_many_who_take_at_once_one_has_it(house: House) -> None:
    case = request(house)

    def one(who: str) -> bool:
        try:
            take(house, case, who)
        except Stale:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(one, ["school", COLLEAGUE] * 2)) == 1


@pytest.mark.parametrize("who", ["other_school", "county", "other_county", "00000000112"])
def test_who_does_not_share_the_desk_takes_nothing(house: House, who: str) -> None:
    with pytest.raises(NotShared):
        take(house, request(house), who)


def test_the_county_gives_back_and_hands_on_what_lies_in_a_school(house: House) -> None:
    case = take(house, request(house), "school")
    case = house.office.sharing.hand(case, house.person("county"), case.v, _id(house, COLLEAGUE))
    assert case.item["taken"]["by"] == _id(house, COLLEAGUE)
    case = give_back(house, case, "county")
    assert case.item["taken"] == {}
    with pytest.raises(NotShared):
        house.office.sharing.hand(case, house.person("county"), case.v, _id(house, SECOND))
    with pytest.raises(NotShared):
        house.office.sharing.hand(case, house.person("other_county"), case.v, _id(house, COLLEAGUE))


def test_who_has_it_hands_it_to_a_colleague(house: House) -> None:
    case = take(house, request(house), "school")
    case = house.office.sharing.hand(case, house.person("school"), case.v, _id(house, COLLEAGUE))
    assert case.item["taken"]["by"] == _id(house, COLLEAGUE)


def test_leaving_the_state_ends_it(house: House) -> None:
    county_of_three(house)
    case = take(house, before_the_panel(house), "county")
    assert house.do(case, "reject", SECOND, comment="不符").item["taken"] == {}


def _id(house: House, phone: str) -> str:
    return house.person(phone).id
