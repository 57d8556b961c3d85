"""委托代办: an absent officer's deputy has the same desk for some days, and the event says so."""

from datetime import timedelta

import pytest

from core.case_items import Case
from core.deputies import NoDeputy
from core.moments import local_date
from core.people import Role
from tests.core.conftest import MakeHouse
from tests.core.grants import (
    SECOND,
    THIRD,
    before_the_panel,
    county_of_three,
    grants_house,
    request,
)
from tests.core.house import OFFICERS, House
from workflows.case import Refused

SCHOOL, COLLEAGUE = OFFICERS["school"], "00000000109"
"""The school officer of Hexi No. 1, and a teacher there who has a role but not this one."""


@pytest.fixture
def house(make_house: MakeHouse) -> House:
    return grants_house(make_house)


def name(house: House, officer: str, deputy: str, first: int = 0, last: int = 6) -> None:
    """Name a deputy from so many days on to so many days on."""
    today = local_date(house.clock.now())
    days = (today + timedelta(days=first), today + timedelta(days=last))
    house.office.deputies.name(house.person(officer), deputy, *days)


def refusal(house: House, officer: str, deputy: str, first: int = 0, last: int = 6) -> str:
    with pytest.raises(NoDeputy) as refused:
        name(house, officer, deputy, first, last)
    return refused.value.code


def test_a_deputy_acts_and_the_event_names_both(house: House) -> None:
    case = request(house)
    with pytest.raises(Refused):
        house.do(case, "forward", COLLEAGUE)
    name(house, "school", COLLEAGUE)
    moved = house.do(case, "forward", COLLEAGUE)
    event = house.office.cases.events(moved)[-1]
    assert (event["by"], event["for"]) == (house.person(COLLEAGUE).id, house.person("school").id)
    assert (event["role"], event["office"]) == ("school_officer", "hexi-1")
    assert moved.unseal("names|2", event["names"]) == '["单老师","赵明"]'


def test_it_begins_and_ends_by_date(house: House) -> None:
    name(house, "school", COLLEAGUE, 2, 3)
    held = []
    for _ in range(5):
        held.append("school_officer" in house.person(COLLEAGUE).roles_over(["hexi-1"]))
        house.clock.move(days=1)
    assert held == [False, False, True, True, False]


def test_it_ends_when_it_is_revoked(house: House) -> None:
    name(house, "school", COLLEAGUE)
    assert house.person(COLLEAGUE).lent
    house.office.deputies.end(house.person("school").id, house.person(COLLEAGUE).id)
    assert house.person(COLLEAGUE).lent == ()
    assert house.office.deputies.of_county("qinghe") == []


def test_a_deputy_has_what_the_officer_has_now(house: House) -> None:
    name(house, "school", COLLEAGUE)
    role = Role("school_officer", "hexi-1")
    house.office.people.take(house.person("school").id, role)
    assert house.person(COLLEAGUE).lent == ()
    house.office.people.give(SCHOOL, "", Role("school_officer", "yunting"))
    assert [each.role.place for each in house.person(COLLEAGUE).lent] == ["yunting"]


def test_who_has_no_role_left_stands_in_for_nobody(house: House) -> None:
    name(house, "school", COLLEAGUE)
    house.office.people.take(house.person(COLLEAGUE).id, Role("teacher", "hexi-1"))
    assert house.person(COLLEAGUE).lent == ()


@pytest.mark.parametrize("phone", [SCHOOL, COLLEAGUE])
def test_a_deputy_decides_neither_on_their_own_case_nor_on_the_officers(
    house: House, phone: str
) -> None:
    name(house, "school", COLLEAGUE)
    case = request(house, phone=phone)
    with pytest.raises(Refused):
        house.do(case, "forward", COLLEAGUE)
    assert house.now(case).v == 1


def test_there_is_no_deputy_of_a_deputy(house: House) -> None:
    name(house, "school", COLLEAGUE)
    assert refusal(house, COLLEAGUE, "00000000108") == "stands_in"
    assert refusal(house, "00000000108", "00000000103") == "absent_too"
    name(house, COLLEAGUE, "00000000108", 7, 9)  # when it is over, they may
    house.clock.move(days=8)
    assert "school_officer" not in house.person("00000000108").roles_over(["hexi-1"])


@pytest.mark.parametrize(
    ("deputy", "days", "code"),
    [
        ("00000000199", (0, 1), "unknown"),
        ("00000000112", (0, 1), "unknown"),  # a parent: no role
        (SCHOOL, (0, 1), "oneself"),
        (OFFICERS["other_county"], (0, 1), "elsewhere"),
        (COLLEAGUE, (-1, 1), "dates"),
        (COLLEAGUE, (3, 2), "dates"),
        (COLLEAGUE, (0, 400), "dates"),
    ],
)
def test_who_cannot_be_named_is_refused(
    house: House, deputy: str, days: tuple[int, int], code: str
) -> None:
    assert refusal(house, "school", deputy, *days) == code
    assert house.person("school").deputies == ()


def test_the_county_sees_who_stands_in_for_whom_until_it_is_over(house: House) -> None:
    name(house, "school", COLLEAGUE)
    name(house, "school", COLLEAGUE, 1, 2)  # named anew: other days
    [found] = house.office.deputies.of_county("qinghe")
    assert (found.officer_name, found.deputy_name) == ("赵明", "单老师")
    assert house.office.deputies.of_county("baiting") == []
    house.clock.move(days=3)
    assert house.office.deputies.of_county("qinghe") == []


def test_a_deputy_does_not_manage_places_or_name_officers(house: House) -> None:
    name(house, "county", COLLEAGUE)
    client = house.client(COLLEAGUE)
    assert client.get("/qinghe/manage/").status_code == 403
    assert client.get("/services/").status_code == 403


def test_an_officer_and_their_deputy_are_one_vote(house: House) -> None:
    county_of_three(house)
    name(house, "county", COLLEAGUE)
    case = before_the_panel(house)
    case = house.do(case, "grant", "county", step={"amount": 1})
    with pytest.raises(Refused):
        house.do(case, "grant", COLLEAGUE, step={"amount": 1})
    name(house, SECOND, THIRD)
    case = house.do(case, "grant", THIRD, step={"amount": 1})  # in their own name
    assert case.state == "granted"
    assert "for" not in house.office.cases.events(case)[-1]


def test_messages_to_an_officer_reach_the_deputy_too(house: House) -> None:
    name(house, "school", COLLEAGUE, 0, 30)
    case: Case = request(house)
    assert case.due
    house.clock.at = case.due
    house.office.ticks.tick()
    for phone in (SCHOOL, COLLEAGUE):
        assert any("快到期" in text for text in house.letters.to(phone))


def test_two_who_change_the_same_persons_at_once_do_not_overwrite_each_other(house: House) -> None:
    officer = house.person("school")
    today = local_date(house.clock.now())
    house.office.deputies.name(officer, COLLEAGUE, today, today)
    with pytest.raises(NoDeputy) as refused:  # an old page
        house.office.deputies.name(officer, "00000000108", today, today)
    assert refused.value.code == "meanwhile"


def test_nobody_stands_in_for_themselves_so_nothing_ends(house: House) -> None:
    officer = house.person("school")
    house.office.deputies.end(officer.id, officer.id)
    assert house.person("school").deputies == ()


def test_what_an_officer_holds_in_another_county_is_not_lent(house: House) -> None:
    house.office.people.give(SCHOOL, "赵明", Role("county_officer", "baiting"))
    name(house, "school", COLLEAGUE)
    deputy = house.person(COLLEAGUE)
    assert "school_officer" in deputy.roles_over(["hexi-1"])
    assert "county_officer" not in deputy.roles_over(["baiting"])
