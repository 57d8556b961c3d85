"""A school sees its visits of a month, which of them it missed as well; a venue, who comes."""

import logging
from datetime import datetime
from typing import Any

import pytest

from tests.core.house import OFFICERS
from tests.plugins.bookings.test_calendar_pages import text
from tests.plugins.bookings.visiting import CONTACT, FRIDAY, HEAD, SATURDAY, WEDNESDAY, Visiting

AGENDA = "/hexi-1/bookings/agenda/"
VENUES = "/museum/bookings/agenda/"
DECEMBER = f"{AGENDA}?month=2026-12"
TEACHER = "00000000109"


def test_a_month_lists_what_the_school_itself_has_booked(visiting: Visiting) -> None:
    visiting.book(10)
    visiting.do(visiting.book(12, date=FRIDAY), "confirm", CONTACT)
    visiting.book(20, "00000000106", "yunting", school="yunting", date=SATURDAY, slot="09:00-11:00")
    said = text(visiting.house, DECEMBER, OFFICERS["school"])
    assert "共 2 次，22 人次" in said
    assert "12月2日（周三） 青禾县博物馆 15:30–16:30 · 10 名学生 五年级10班 待场馆确认" in said
    assert "12月4日（周五） 青禾县博物馆 15:30–16:30 · 12 名学生 五年级12班 已确认" in said
    assert "12月5日" not in said
    assert "单老师" not in said
    assert "这个月还没有安排" in text(visiting.house, AGENDA, OFFICERS["school"])


def test_a_visit_that_nobody_came_to_stays_on_record(visiting: Visiting) -> None:
    case = visiting.do(visiting.book(10), "confirm", CONTACT)
    visiting.do(visiting.book(12, date=FRIDAY), "confirm", CONTACT)
    visiting.house.clock.at = datetime.fromisoformat(f"{WEDNESDAY}T18:00+08:00")
    visiting.do(case, "not_come", CONTACT)
    said = text(visiting.house, DECEMBER, HEAD)
    assert "共 2 次，22 人次； 约了没有成的 1 次" in said
    assert "五年级10班 没有来" in said


def test_what_the_venue_booked_by_telephone_is_listed_and_what_is_cancelled_is_not(
    visiting: Visiting,
) -> None:
    visiting.book(10, CONTACT, "museum")
    gone = visiting.book(12, date=FRIDAY)
    visiting.do(gone, "cancel")
    said = text(visiting.house, DECEMBER, OFFICERS["school"])
    assert "共 1 次，10 人次" in said


def test_it_is_for_the_school_alone(visiting: Visiting) -> None:
    house = visiting.house
    assert house.client().get(DECEMBER).location.startswith("/sign-in/?next=")
    for phone in (CONTACT, OFFICERS["other_school"], OFFICERS["other_county"]):
        assert house.client(phone).get(DECEMBER).status_code == 403, phone
    for phone in (OFFICERS["school"], HEAD, TEACHER):
        assert house.client(phone).get(DECEMBER).status_code == 200, phone


def test_a_venue_reads_which_schools_come_and_is_led_to_each(visiting: Visiting) -> None:
    own, other = (
        visiting.book(10),
        visiting.book(
            20, "00000000106", "yunting", school="yunting", class_name="七年级3班", escort="解陶然"
        ),
    )
    gone = visiting.book(5, date=FRIDAY)
    visiting.do(gone, "cancel")
    said = text(visiting.house, f"{VENUES}?month=2026-12", CONTACT)
    assert said.startswith("本馆的日程 青禾县博物馆 · 2026年12月")
    assert "共 2 次，30 人次" in said
    assert "yunting 15:30–16:30 · 20 名学生 七年级3班 待场馆确认" in said
    for personal in ("解陶然", "单老师", TEACHER):
        assert personal not in said
    page = visiting.house.client(CONTACT).get(f"{VENUES}?month=2026-12").text
    assert f"/hexi-1/case/{own.id}/" in page
    assert f"/yunting/case/{other.id}/" in page


def test_a_venues_agenda_is_for_the_venue_and_the_county_above_it(visiting: Visiting) -> None:
    house = visiting.house
    for phone in (OFFICERS["school"], HEAD, OFFICERS["other_county"], "00000000133", "00000000912"):
        assert house.client(phone).get(VENUES).status_code == 403, phone
    for phone in (CONTACT, OFFICERS["county"], OFFICERS["city"]):
        assert house.client(phone).get(VENUES).status_code == 200, phone
    assert house.client(OFFICERS["county"]).get(AGENDA).status_code == 200


def test_a_district_and_a_service_without_one_have_no_agenda(visiting: Visiting) -> None:
    county = visiting.house.client(OFFICERS["county"])
    for path in ("/hexi-zhen/bookings/agenda/", "/hexi-1/volunteers/agenda/", "/hexi-1/x/agenda/"):
        assert county.get(path).status_code == 404, path
    visiting.house.office.places.switch("hexi-zhen", "bookings", "off", "某人", "2026")
    assert county.get(AGENDA).status_code == 404


@pytest.mark.parametrize("asked", ["2026-13", "9999-01", "二月", "", "2026-12-01", "\x00"])
def test_what_is_no_month_is_this_month(visiting: Visiting, asked: str) -> None:
    page = visiting.house.client(OFFICERS["school"]).get(AGENDA, query_string={"month": asked})
    assert "2026年11月" in page.text


def test_one_leafs_over_the_turn_of_the_year(visiting: Visiting) -> None:
    page = visiting.house.client(HEAD).get(DECEMBER).text
    assert "?month=2026-11" in page
    assert "?month=2027-01" in page


def test_the_desk_leads_each_to_their_own_agenda(visiting: Visiting) -> None:
    for phone, tray, path in (
        (OFFICERS["school"], "hexi-1#school_officer", AGENDA),
        (CONTACT, "museum#venue_contact", VENUES),
    ):
        client = visiting.house.client(phone)
        page = client.get("/desk/", query_string={"tray": f"D#{tray}#bookings"}).text
        assert page.count(f'href="{path}"') == 1


def test_a_plugin_that_fails_leaves_the_page(
    visiting: Visiting, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    for broken in (_raising, lambda **_: ["no engagement"]):
        monkeypatch.setattr(visiting.house.office.catalogue, "_call", broken)
        assert "日程暂时读不出来" in text(visiting.house, DECEMBER, HEAD)


def _raising(*_: Any, **__: Any) -> None:
    raise ZeroDivisionError


def test_each_is_led_to_the_cases_they_may_open(visiting: Visiting) -> None:
    own = visiting.book(10, TEACHER)
    other = visiting.book(12, date=FRIDAY, contact_phone="00000000912")
    pages = {who: visiting.house.client(who).get(DECEMBER).text for who in (TEACHER, HEAD)}
    links = {
        who: [f"/hexi-1/case/{each.id}/" in page for each in (own, other)]
        for who, page in pages.items()
    }
    assert links == {TEACHER: [True, False], HEAD: [True, True]}
    assert visiting.house.client(TEACHER).get(f"/hexi-1/case/{own.id}/").status_code == 200


def test_a_month_costs_two_reads_and_one_query(visiting: Visiting) -> None:
    for n, day in enumerate((WEDNESDAY, FRIDAY), 5):
        visiting.book(n, date=day)
    client = visiting.house.client(OFFICERS["school"])
    client.get(DECEMBER)
    with visiting.house.store.expect(get=2, query=1):
        assert client.get(DECEMBER).status_code == 200
