"""Persons, and roles that hold at a place and beneath it."""

from concurrent.futures import ThreadPoolExecutor

from core.people import Person, Role
from tests.core.house import OFFICERS, House

PATH = ("yunhe", "qinghe", "hexi-zhen", "hexi-1")


def test_a_role_holds_at_its_place_and_beneath_it_only(house: House) -> None:
    county, school = house.person("county"), house.person("school")
    assert county.roles_over(PATH) == {"county_officer"}
    assert county.roles_over(("yunhe", "baiting")) == frozenset()
    assert school.roles_over(PATH) == {"school_officer"}
    assert school.roles_over(PATH[:3]) == frozenset()
    assert school.roles_over((*PATH[:3], "no2")) == frozenset()


def test_a_phone_is_one_person_however_often_and_wherever_entered(house: House) -> None:
    with ThreadPoolExecutor(6) as pool:
        found: list[Person] = list(
            pool.map(lambda _: house.office.people.enter("13800000000"), range(12))
        )
    assert len({person.id for person in found}) == 1


def test_roles_given_at_once_are_all_held(house: House) -> None:
    roles = [Role("school_officer", slug) for slug in ("hexi-1", "no2", "yunting", "songlan")]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda role: house.office.people.give("13800000000", "新人", role), roles))
    person = house.office.people.by_phone("13800000000")
    assert person is not None
    assert set(person.roles) == set(roles)
    assert person.name == "新人"


def test_a_role_that_ends_is_gone_from_person_and_place_alike(house: House) -> None:
    people, role = house.office.people, Role("school_officer", "hexi-1")
    person = house.person("school")
    assert [each.id for each in people.holding(role)] == [person.id]
    people.take(person.id, role)
    people.take(person.id, role)
    people.take("nobody", role)
    assert people.holding(role) == []
    assert house.person("school").roles == ()


def test_an_officer_without_the_role_any_more_is_out_at_the_next_page(house: House) -> None:
    client = house.client(OFFICERS["school"])
    assert client.get("/desk/").status_code == 200
    house.office.people.take(house.person("school").id, Role("school_officer", "hexi-1"))
    assert client.get("/desk/").status_code == 403


def test_a_cases_queue_starts_from_the_scope(house: House) -> None:
    case = house.submit(1)
    for who, sees in (("school", True), ("other_school", False), ("other_county", False)):
        shown = house.client(OFFICERS[who]).get("/desk/").text
        assert (f"/case/{case.id}/" in shown) is sees
