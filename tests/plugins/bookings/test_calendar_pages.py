"""Directory and calendar: anybody sees what there is and what is free, nobody sees who comes."""

import re
from datetime import date, datetime
from typing import Any

import pytest

from core.claims.offers import held_in
from core.claims.openings import DAYS
from core.store import Put
from tests.core.house import OFFICERS, House
from tests.plugins.bookings.hosting import (
    AFTERNOON,
    CONTACT,
    LIBRARY,
    MUSEUM,
    context,
    enter,
    open_bookings,
)

DIRECTORY = "/hexi-zhen/bookings/venues/"
CALENDAR = "/museum/bookings/calendar/"
WEDNESDAY = date(2026, 12, 2)
PARENT = "00000000112"


@pytest.fixture
def house(house: House) -> House:
    """Return the sample county with the service on; its clock stands on 23 November 2026."""
    return open_bookings(house)


def hold(house: House, starts: str = "15:30", day: date = WEDNESDAY, **held: Any) -> None:
    """Let somebody hold a slot of the museum."""
    key = {"pk": "X#bookings#slots#museum", "sk": f"{day.isoformat()}#{starts}"}
    house.office.ports.store.commit(Put({**key, "holders": frozenset({"某校"}), **held}))


def text(house: House, path: str, phone: str = "") -> str:
    """Return the words of a page, each run of space as one."""
    page = house.client(phone).get(path)
    assert page.status_code == 200, path
    main = page.text[page.text.index("<main") : page.text.index("</main>")]
    return " ".join(re.sub(r"<[^>]*>", " ", main).split())


def day(house: House, day: str, path: str = CALENDAR, phone: str = "") -> str:
    """Return what a calendar says of a day, such as 12月2日."""
    [said] = re.findall(
        rf"{day}（周.）(.*?)(?=\d+月\d+日（周|没有列出来|$)", text(house, path, phone)
    )
    return str(said).strip()


DECEMBER = f"{CALENDAR}?month=2026-12"


def test_each_slot_says_how_many_places_and_groups_are_left(house: House) -> None:
    enter(house)
    hold(house, heads=18, groups=1)
    assert (
        day(house, "12月2日", DECEMBER)
        == "15:30–16:30 · 还剩 42 人、1 个团队 16:30–17:30 · 还剩 60 人、2 个团队"
    )
    assert "某校" not in house.client().get(DECEMBER).text
    assert day(house, "12月3日", DECEMBER) == "不开放"


@pytest.mark.parametrize("held", [{"heads": 60, "groups": 1}, {"heads": 2, "groups": 2}])
def test_a_slot_is_full_without_places_or_without_groups(
    house: House, held: dict[str, int]
) -> None:
    enter(house)
    hold(house, **held)
    assert day(house, "12月2日", DECEMBER).startswith("15:30–16:30 · 已满，可以候补 16:30")


def test_more_held_than_the_venue_now_takes_reads_as_full(house: House) -> None:
    enter(house, capacity=10)
    hold(house, heads=18, groups=1)
    assert day(house, "12月2日", DECEMBER).startswith("15:30–16:30 · 已满，可以候补")


def test_a_slot_that_the_venue_closed_is_closed(house: House) -> None:
    enter(house)
    hold(house, closed=1)
    assert day(house, "12月2日", DECEMBER).startswith("15:30–16:30 · 不开放")


def test_a_closure_says_why(house: House) -> None:
    enter(house, closures=[{"first": "2026-12-02", "reason": "换展"}])
    assert day(house, "12月2日", DECEMBER) == "不开放： 换展"


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        ({"lead_days": 9}, "还剩 60 人、2 个团队"),
        ({"lead_days": 10}, "来不及约了"),
        ({"ahead_days": 9}, "还剩 60 人、2 个团队"),
        ({"ahead_days": 8}, "还没到可以约的日子"),
    ],
)
def test_a_slot_is_free_from_the_earliest_day_to_the_latest(
    house: House, terms: dict[str, int], said: str
) -> None:
    enter(house, **terms)
    assert day(house, "12月2日", DECEMBER).startswith(f"15:30–16:30 · {said}")


@pytest.mark.parametrize(("clock", "over"), [("15:29", False), ("15:30", True)])
def test_a_slot_that_has_begun_is_over(house: House, clock: str, *, over: bool) -> None:
    enter(house, lead_days=0)
    house.clock.at = datetime.fromisoformat(f"2026-12-02T{clock}+08:00")
    assert day(house, "12月2日", DECEMBER).startswith("15:30–16:30 · 已过") == over


def test_a_rush_slot_says_from_when_until_then(house: House) -> None:
    row = {name: each for name, each in AFTERNOON.items() if name != "weekdays"}
    opens_at = "2026-11-25T12:00+08:00"
    enter(house, special=[{**row, "date": "2026-12-02", "opens_at": opens_at}])
    assert day(house, "12月2日", DECEMBER).startswith("15:30–16:30 · 11月25日 12:00 起可以约")
    house.clock.at = datetime.fromisoformat(opens_at)
    assert day(house, "12月2日", DECEMBER).startswith("15:30–16:30 · 还剩")


def test_a_year_that_is_not_decided_says_so(house: House) -> None:
    enter(house)
    january = text(house, f"{CALENDAR}?month=2027-01")
    assert "校历未公布" in january
    assert "还剩" not in january
    assert "校历未公布" not in text(house, DECEMBER)
    across = f"{CALENDAR}?week=2026-W53"
    assert day(house, "12月30日", across).startswith("15:30–16:30")
    assert day(house, "1月2日", across) == "校历未公布"


def test_without_a_span_it_is_this_month_and_nonsense_is_too(house: House) -> None:
    enter(house)
    for asked in ("", "?month=2026-13", "?month=9999-01", "?week=2026-W54", "?month=二月"):
        assert "2026年11月" in text(house, CALENDAR + asked)


def test_weeks_and_months_lead_on_and_to_each_other(house: House) -> None:
    enter(house)
    for asked, leads in (
        ("?month=2026-12", ["month=2026-11", "month=2027-01", "week=2026-W49"]),
        ("?month=2026-11", ["month=2026-10", "month=2026-12", "week=2026-W48"]),
        ("?week=2026-W53", ["week=2026-W52", "week=2027-W01", "month=2026-12"]),
    ):
        page = house.client().get(CALENDAR + asked).text
        assert re.findall(r'calendar/\?([\w=-]+)#when"', page) == leads


def test_a_month_costs_one_read_and_one_query(house: House) -> None:
    enter(house)
    client = house.client()
    client.get(DECEMBER)
    with house.store.expect(get=1, query=1):
        assert client.get(DECEMBER).status_code == 200
    with house.store.expect(get=1, query=1):
        assert client.get(f"{CALENDAR}?week=2026-W50").status_code == 200
    client.get(DIRECTORY)
    with house.store.expect(query=1):
        assert client.get(DIRECTORY).status_code == 200


def test_what_is_held_in_a_full_month_is_one_query_of_that_month(house: House) -> None:
    for n in range(1, 32):
        for hour in range(9, 17):
            hold(house, f"{hour:02}:00", date(2026, 12, n), heads=n)
    hold(house, "09:00", date(2027, 1, 1), heads=9)
    here = context(house)
    with house.store.expect(query=1):
        found = held_in(here, MUSEUM, "2026-12")
    assert len(found) == 31 * 8
    assert found["2026-12-31#16:00"]["heads"] == 31


def test_the_directory_lists_the_county_and_narrows_by_kind(house: House) -> None:
    enter(house)
    enter(house, LIBRARY, OFFICERS["county"], kind="library", capacity=80)
    everything = text(house, DIRECTORY)
    assert "青禾县博物馆 周三、周五 15:30–17:30 ； 周六 9:00–17:00" in everything
    assert "青禾县图书馆" in everything
    libraries = text(house, f"{DIRECTORY}?kind=library")
    assert "青禾县图书馆" in libraries
    assert "青禾县博物馆" not in libraries
    assert "没有这种场馆" in text(house, f"{DIRECTORY}?kind=gym")
    for page in (everything, text(house, DECEMBER)):
        assert CONTACT not in page
        assert "秦岚" not in page


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (["monday", "tuesday", "wednesday"], "周一至周三"),
        (["monday", "wednesday", "friday"], "周一、周三、周五"),
        (["saturday", "sunday"], "周六、周日"),
        (None, "每天"),
    ],
)
def test_days_of_the_week_read_as_people_say_them(
    house: House, days: list[str] | None, said: str
) -> None:
    weekdays = days or [*DAYS]
    enter(house, openings=[{**AFTERNOON, "weekdays": weekdays}])
    assert f"{said} 15:30–17:30" in text(house, DIRECTORY)


def test_a_county_without_venues_says_what_comes_next(house: House) -> None:
    assert "还没有场馆登记" in text(house, DIRECTORY)
    assert "还没有登记开放时间" in text(house, CALENDAR)
    elsewhere = house.client().get("/hexi-1/bookings/calendar/")
    assert elsewhere.location == "/hexi-1/bookings/venues/"


def test_officers_are_led_to_the_venues_that_are_still_to_be_entered(house: House) -> None:
    enter(house)
    begin = "/library/bookings/new/hosting/"
    assert begin in house.client(OFFICERS["county"]).get(DIRECTORY).text
    assert "/museum/bookings/new" not in house.client(OFFICERS["county"]).get(DIRECTORY).text
    for phone in ("", PARENT, OFFICERS["school"], CONTACT):
        assert begin not in house.client(phone).get(DIRECTORY).text
    assert house.client(OFFICERS["county"]).get(begin).status_code == 200


def test_the_contact_is_led_from_the_desk_to_calendar_and_record(house: House) -> None:
    desk = house.client(CONTACT).get("/desk/?tray=D%23museum%23venue_contact%23bookings").text
    assert "/museum/bookings/new/hosting/" in desk
    assert CALENDAR in desk
    assert "/museum/bookings/new/hosting/" in house.client(CONTACT).get(CALENDAR).text
    case = enter(house)
    record = f"/museum/case/{case.id}/"
    for phone in (CONTACT, OFFICERS["county"]):
        assert record in house.client(phone).get(CALENDAR).text
        page = house.client(phone).get(record).text
        assert "修改场馆情况" in page
        assert "期限待定" not in page
    for phone in ("", PARENT, OFFICERS["school"], "00000000133"):
        assert record not in house.client(phone).get(CALENDAR).text


def test_a_slot_free_or_full_leads_a_school_and_the_venue_to_the_booking(
    house: House,
) -> None:
    enter(house)
    hold(house, heads=60, groups=1)
    asked = "/bookings/new/visit/?venue=museum&amp;date=2026-12-02&amp;slot="
    for phone, place in ((OFFICERS["school"], "hexi-1"), (CONTACT, "museum")):
        page = house.client(phone).get(DECEMBER).text
        assert f"/{place}{asked}16:30-17:30" in page
        assert f"/{place}{asked}15:30-16:30" in page  # full, to be waited for
    for phone in ("", PARENT):
        assert "/new/visit/" not in house.client(phone).get(DECEMBER).text
