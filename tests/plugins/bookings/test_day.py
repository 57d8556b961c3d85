"""Whoever keeps a venue sees who comes on a day, in full, and may print and tick it off."""

import re
from datetime import datetime

import pytest

from tests.core.house import OFFICERS, House, everything
from tests.plugins.bookings.test_calendar_pages import text
from tests.plugins.bookings.visiting import CONTACT, WEDNESDAY, Visiting

DAY = "/museum/bookings/day/"
ON = f"{DAY}?date={WEDNESDAY}"


def test_the_day_names_schools_classes_escorts_and_telephone_by_time(visiting: Visiting) -> None:
    visiting.book(10, guide=True, slot="16:30-17:30", escort="单老师")
    visiting.book(
        20, "00000000106", "yunting", school="yunting", escort="解陶然", class_name="七年级3班"
    )
    said = text(visiting.house, ON, CONTACT)
    assert "2 个团队，30 名学生，要讲解员的团队 1 个" in said
    early, late = said.split("15:30–16:30")[1].split("16:30–17:30")
    assert "yunting 七年级3班 20 人 解陶然、解陶然2 00000000109" in early
    assert "hexi-1 五年级10班 10 人 要讲解员 单老师、单老师2" in late


def test_one_look_is_recorded_for_the_whole_list_and_none_for_an_empty_one(
    visiting: Visiting,
) -> None:
    cases = {visiting.book(5).id, visiting.book(6, escort="赵老师", class_name="六年级1班").id}
    text(visiting.house, f"{DAY}?date=2026-12-04", CONTACT)
    text(visiting.house, ON, CONTACT)
    [look] = [each for each in everything(visiting.house, "A#qinghe") if "look" in each]
    assert look["look"] == f"bookings.day {WEDNESDAY}"
    assert set(look["cases"]) == cases
    assert look["by"] == visiting.house.person(CONTACT).id


def test_it_is_for_the_venue_and_the_county_alone(visiting: Visiting) -> None:
    visiting.book(5)
    house = visiting.house
    assert house.client().get(ON).location.startswith("/sign-in/?next=")
    for phone in (OFFICERS["school"], OFFICERS["other_county"], "00000000133"):
        assert house.client(phone).get(ON).status_code == 403, phone
    for phone in (CONTACT, OFFICERS["county"]):
        assert house.client(phone).get(ON).status_code == 200
    assert house.client(OFFICERS["county"]).get("/qinghe/bookings/day/").status_code == 404


def test_what_was_cancelled_is_gone_and_who_waits_is_not_on_it(visiting: Visiting) -> None:
    gone = visiting.book(20)
    visiting.do(gone, "cancel")
    visiting.book(20, escort="赵老师", class_name="六年级1班")
    waits = visiting.book(25, "00000000106", "yunting", school="yunting")
    assert visiting.state(waits) == "waiting"
    said = text(visiting.house, ON, CONTACT)
    assert "1 个团队，20 名学生" in said
    assert "六年级1班" in said


@pytest.mark.parametrize(("clock", "shown"), [("16:59", "12月2日"), ("17:00", "12月3日")])
def test_from_the_evening_on_it_is_tomorrow(visiting: Visiting, clock: str, shown: str) -> None:
    visiting.house.clock.at = datetime.fromisoformat(f"2026-12-02T{clock}+08:00")
    for asked in ("", "?date=soon", "?date=2199-01-01"):
        assert f"{shown}（" in text(visiting.house, DAY + asked, CONTACT)


def test_check_in_stands_beside_whom_the_venue_awaits_on_the_day(visiting: Visiting) -> None:
    case = visiting.do(visiting.book(20), "confirm", CONTACT)
    move = f"/hexi-1/case/{case.id}/do/arrive/"
    client = visiting.house.client(CONTACT)
    assert move not in client.get(ON).text
    visiting.house.clock.at = datetime.fromisoformat(f"{WEDNESDAY}T15:20+08:00")
    client = visiting.house.client(CONTACT)
    assert move in client.get(ON).text
    assert client.get(move).status_code == 200
    visiting.do(case, "arrive", CONTACT, step={"arrived": 19})
    page = client.get(ON).text
    assert move not in page
    assert "到了 19 人" in page


def test_days_lead_on_and_to_a_closing_of_that_day(visiting: Visiting) -> None:
    page = visiting.house.client(CONTACT).get(ON).text
    assert re.findall(r"day/\?date=([\d-]+)", page) == ["2026-12-01", "2026-12-03"]
    assert "这一天没有学校来" in page
    closing = "/museum/bookings/new/closing/?date=2026-12-02"
    assert closing in page
    form = visiting.house.client(CONTACT).get(closing, follow_redirects=True).text
    assert 'value="2026-12-02"' in form
    assert "new/closing" not in visiting.house.client(CONTACT).get(f"{DAY}?date=2026-11-20").text


def test_a_day_costs_three_reads_one_query_and_one_record(visiting: Visiting) -> None:
    for n in (5, 6, 7):
        visiting.book(n, escort=f"教师{n}")
    client = visiting.house.client(CONTACT)
    client.get(ON)
    with visiting.house.store.expect(get=3, query=1, commit=1):
        assert client.get(ON).status_code == 200


def desk(house: House, phone: str, tray: str) -> str:
    return house.client(phone).get(f"/desk/?tray={tray}").text


def test_the_desk_leads_the_contact_there_and_no_school(visiting: Visiting) -> None:
    house = visiting.house
    assert DAY in desk(house, CONTACT, "D%23museum%23venue_contact%23bookings")
    page = desk(house, OFFICERS["school"], "D%23hexi-1%23school_officer%23bookings")
    assert "/bookings/day/" not in page
    assert "/bookings/calendar/" not in page
