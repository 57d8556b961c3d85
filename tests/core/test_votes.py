"""Votes for a move that several people must make, in the case service."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from core.case_items import Case, chain_holds
from core.filings import Stale
from core.moments import local_date
from tests.core.conftest import MakeHouse
from tests.core.grants import (
    PHONE,
    SECOND,
    THIRD,
    before_the_panel,
    county_of_three,
    grants_house,
    request,
)
from tests.core.house import OFFICERS, House
from workflows.case import Refused

COUNTY = OFFICERS["county"]
TEACHER = "00000000109"
"""Has a role in the county, but no vote of their own."""


@pytest.fixture
def house(make_house: MakeHouse) -> House:
    house = grants_house(make_house)
    county_of_three(house)
    return house


def vote(house: House, case: Case, who: str, amount: int = 500) -> Case:
    return house.do(case, "grant", who, step={"amount": amount})


def test_each_vote_is_an_event_and_the_one_that_meets_the_quorum_moves(house: House) -> None:
    case = vote(house, before_the_panel(house), COUNTY, 500)
    assert (case.state, case.v, case.steps) == ("panel", 3, {})
    case = vote(house, case, SECOND, 600)
    assert (case.state, case.v, case.steps) == ("granted", 4, {"amount": 600})
    events = house.office.cases.events(case)
    assert [event["transition"] for event in events][2:] == ["vote:grant", "grant"]
    assert chain_holds(events, case.item["head"])
    assert case.item["votes"] == {}


def test_the_same_person_votes_once(house: House) -> None:
    case = vote(house, before_the_panel(house), COUNTY)
    with pytest.raises(Refused):
        vote(house, case, COUNTY)
    assert house.now(case).v == case.v


def test_a_vote_taken_back_is_an_event_and_does_not_count(house: House) -> None:
    case = vote(house, before_the_panel(house), COUNTY)
    reversals, around = house.office.reversals, house.office.around()
    with pytest.raises(Refused):
        reversals.withdraw_vote(case, house.person(SECOND), case.v, "grant", around)
    case = reversals.withdraw_vote(case, house.person("county"), case.v, "grant", around)
    assert (case.item["votes"], case.v) == ({}, 4)
    case = vote(house, case, SECOND)
    assert case.state == "panel"
    with pytest.raises(Stale):
        reversals.withdraw_vote(case, house.person(SECOND), 1, "grant", around)


def test_a_deputy_takes_back_no_officers_vote_on_their_own_case(house: House) -> None:
    case = vote(house, house.do(request(house, phone=TEACHER), "forward", "school"), COUNTY)
    today = local_date(house.clock.now())
    house.office.deputies.name(house.person("county"), TEACHER, today, today)
    reversals, around = house.office.reversals, house.office.around()
    with pytest.raises(Refused):
        reversals.withdraw_vote(case, house.person(TEACHER), case.v, "grant", around)
    assert house.now(case).v == case.v


def test_another_move_clears_the_votes(house: House) -> None:
    case = vote(house, before_the_panel(house), COUNTY)
    case = house.do(case, "reject", SECOND, comment="不符")
    assert case.item["votes"] == {}


def test_of_many_votes_at_once_on_one_page_one_counts(house: House) -> None:
    case = before_the_panel(house)

    def one(who: str) -> bool:
        try:
            vote(house, case, who)
        except Stale:
            return False
        return True

    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(one, [COUNTY, SECOND, THIRD])) == 1
    assert house.now(case).v == 3


def test_the_applicant_does_not_vote(house: House) -> None:
    case = before_the_panel(house)
    with pytest.raises(Refused):
        vote(house, case, PHONE)
