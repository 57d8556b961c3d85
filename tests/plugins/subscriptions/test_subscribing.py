"""A parent asks for a school's notices: only whose number it is can have them sent there."""

import pytest

from tests.core.house import OFFICERS, House
from tests.pages import fictional_phone
from tests.plugins.notices.writing import past_taking_back, press, progress, told, written
from tests.plugins.subscriptions.asking import AUDIENCE, asked, asks, pressed, receiving


def sent(house: House, **other: str) -> list[int]:
    """Send the parents a notice; return how many messages each of the first three has had of it."""
    house.letters.sent.clear()
    given = {"audience": AUDIENCE, "within": "hexi-1", **other}
    press(house, written(house, "school", "hexi-1", **given), "send", "school")
    past_taking_back(house)
    return [len(told(house, n)) for n in (1, 2, 3)]


def test_who_confirms_with_the_phone_itself_gets_the_schools_notices(house: House) -> None:
    receiving(house, 1, 2)
    asked(house, 3)
    assert sent(house) == [1, 1, 0]


def test_nothing_is_sent_to_a_number_that_somebody_else_gave(house: House) -> None:
    stranger = house.client()
    page = asks(house, 1, client=stranger)
    assert "还差一步" in page.text
    assert "用登记的手机号登录" in page.text
    house.later.run()
    assert house.letters.to(fictional_phone(1)) == []
    move = f"{page.request.path}do/confirm/"
    assert stranger.get(move).location.startswith("/sign-in/")
    assert house.client(fictional_phone(2)).get(move).status_code == 403
    assert sent(house) == [0, 0, 0]


def test_not_confirmed_it_lapses_and_can_be_asked_for_again(house: House) -> None:
    case = asked(house, 1)
    house.clock.move(days=5)
    house.office.ticks.tick()
    assert house.now(case).state == "lapsed"
    [again] = receiving(house, 1)
    assert not again.item["twin"]


def test_confirming_is_one_tap_and_told_once_with_the_number(house: House) -> None:
    case = asked(house, 1)
    page = house.client(fictional_phone(1)).get(f"/hexi-1/case/{case.id}/")
    assert "确认接收" in page.text
    pressed(house, case, "confirm", 1)
    past_taking_back(house)
    [letter] = house.letters.to(fictional_phone(1))
    assert "青禾县禾溪第一小学的通知" in letter
    assert "8月31日" in letter
    assert case.id[:4] in letter


def test_it_can_be_stopped_at_any_time_by_the_receipt_and_the_phone(house: House) -> None:
    [case] = receiving(house, 1)
    assert pressed(house, case, "stop", 1).state == "stopped"
    assert sent(house) == [0, 0, 0]
    receiving(house, 1)
    assert sent(house) == [1, 0, 0]


def test_the_same_phone_twice_for_one_school_is_one_and_leads_to_the_first(house: House) -> None:
    [first] = receiving(house, 1)
    again = asked(house, 1, place="hexi-zhen")
    assert again.item["twin"] == first.id
    answer = house.client(fictional_phone(1)).get(f"/hexi-zhen/case/{again.id}/")
    assert answer.location == f"/hexi-1/case/{first.id}/"
    assert sent(house) == [1, 0, 0]
    pressed(house, first, "stop", 1)
    assert sent(house) == [0, 0, 0]


def test_a_parent_of_two_schools_is_there_for_both(house: House) -> None:
    cases = [asked(house, 1, school, place="hexi-zhen") for school in ("hexi-1", "yunting")]
    assert [each.item["twin"] for each in cases] == ["", ""]


def test_a_grade_is_an_audience_and_a_parent_of_two_grades_is_sent_one(house: House) -> None:
    receiving(house, 1, grades=["1", "3"])
    receiving(house, 2, grades=["2"])
    receiving(house, 3)
    assert sent(house, audience=f"{AUDIENCE}=3") == [1, 0, 0]
    assert sent(house, audience=f"{AUDIENCE}=2") == [0, 1, 0]
    assert sent(house) == [1, 1, 1]


def test_the_officer_sees_how_many_and_no_telephone(house: House) -> None:
    receiving(house, 1, 2)
    house.clock.move(minutes=11)
    house.office.counting.work_off_due()
    case = written(house, "school", "hexi-1", audience=AUDIENCE, within="hexi-1")
    school = house.client(OFFICERS["school"])
    assert "大约 2 人" in progress(house, case, school)
    page = school.get(f"/hexi-1/case/{case.id}/").text
    assert fictional_phone(1) not in page


def test_another_schools_parents_are_not_reached_and_not_offered_without_a_role(
    house: House,
) -> None:
    receiving(house, 1)
    receiving(house, 2, school="yunting")
    assert sent(house) == [1, 0, 0]
    place = house.office.places.get("hexi-1")
    offered = house.office.circulations.audiences.offered
    assert AUDIENCE in {each.value for each in offered(place, house.person("school"))}
    assert offered(place, house.person(fictional_phone(1))) == []


def test_with_the_school_year_it_ends_and_the_parent_is_told(house: House) -> None:
    [case] = receiving(house, 1)
    house.clock.move(days=283)
    house.office.ticks.tick()
    house.office.effects.work_off_due()
    assert house.now(case).state == "ended"
    assert "学年结束" in house.letters.to(fictional_phone(1))[-1]


def test_the_school_ends_it_for_who_telephones(house: House) -> None:
    [case] = receiving(house, 1)
    assert press(house, case, "remove", "school", "家长打电话来说不收了").state == "stopped"


@pytest.mark.parametrize("missing", ["agreed", "phone"])
def test_nothing_is_taken_in_without(house: House, missing: str) -> None:
    assert "data-error-summary" in asks(house, 1, **{missing: ""}).text
