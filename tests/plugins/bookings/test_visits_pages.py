"""A school sees its visits of a month, those behind it as well, and which of them it missed."""

from datetime import datetime

from tests.core.house import OFFICERS
from tests.plugins.bookings.test_calendar_pages import text
from tests.plugins.bookings.visiting import CONTACT, FRIDAY, HEAD, SATURDAY, WEDNESDAY, Visiting

VISITS = "/hexi-1/bookings/visits/"
DECEMBER = f"{VISITS}?month=2026-12"
TEACHER = "00000000109"


def test_a_month_lists_what_the_school_itself_has_booked(visiting: Visiting) -> None:
    visiting.book(10)
    visiting.do(visiting.book(12, date=FRIDAY), "confirm", CONTACT)
    visiting.book(20, "00000000106", "yunting", school="yunting", date=SATURDAY, slot="09:00-11:00")
    said = text(visiting.house, DECEMBER, OFFICERS["school"])
    assert "共 2 次，22 人次" in said
    assert "12月2日（周三） 青禾县博物馆 15:30–16:30 · 10 人 五年级10班 待场馆确认" in said
    assert "12月4日（周五） 青禾县博物馆 15:30–16:30 · 12 人 五年级12班 已确认" in said
    assert "12月5日" not in said
    assert "单老师" not in said
    assert "这个月没有预约参观" in text(visiting.house, VISITS, OFFICERS["school"])


def test_a_visit_that_nobody_came_to_stays_on_record(visiting: Visiting) -> None:
    case = visiting.do(visiting.book(10), "confirm", CONTACT)
    visiting.do(visiting.book(12, date=FRIDAY), "confirm", CONTACT)
    visiting.house.clock.at = datetime.fromisoformat(f"{WEDNESDAY}T18:00+08:00")
    visiting.do(case, "not_come", CONTACT)
    said = text(visiting.house, DECEMBER, HEAD)
    assert "共 2 次，22 人次； 约了没有去的 1 次" in said
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
