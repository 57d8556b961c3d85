"""The directory and a venue's day as workbooks: what their pages show, and as much recorded."""

from tests.core.house import OFFICERS, everything
from tests.core.reading import header_of, rows_of, saved
from tests.plugins.bookings.test_calendar_pages import text
from tests.plugins.bookings.visiting import CONTACT, WEDNESDAY, Visiting

DAY = f"/museum/bookings/day.xlsx?date={WEDNESDAY}"
VENUES = "/hexi-zhen/bookings/venues.xlsx"


def test_a_day_goes_into_a_workbook_in_full_as_the_page_shows_it(visiting: Visiting) -> None:
    visiting.book(10, guide=True, slot="16:30-17:30", escort="=单老师")
    [sheet], name = saved(visiting.house.client(CONTACT), DAY)
    assert name == "青禾县博物馆 2026-12-02 谁来参观.xlsx"
    [row] = rows_of(sheet)
    told = dict(zip(header_of(sheet), row, strict=True))
    assert told.pop("哪一天").date().isoformat() == WEDNESDAY
    assert told == {
        "哪个时段": "16:30-17:30",
        "学校": "hexi-1",
        "班级": "五年级10班",
        "学生总数": 10,
        "到了多少名学生": None,
        "需要讲解员吗": "是",
        "带队教师": "=单老师、=单老师2",
        "带队负责人的手机号": "00000000109",
        "现在": "待场馆确认",
    }
    assert DAY in visiting.house.client(CONTACT).get(DAY.replace(".xlsx", "/")).text


def test_saving_it_is_a_look_like_opening_it(visiting: Visiting) -> None:
    case = visiting.book(5)
    client = visiting.house.client(CONTACT)
    saved(client, DAY.replace("12-02", "12-04"))
    saved(client, DAY)
    [look] = [each for each in everything(visiting.house, "A#qinghe") if "look" in each]
    assert look["look"] == f"bookings.day.xlsx {WEDNESDAY}"
    assert look["cases"] == [case.id]
    assert look["by"] == visiting.house.person(CONTACT).id


def test_a_day_is_given_to_the_venue_and_the_county_alone(visiting: Visiting) -> None:
    visiting.book(5)
    house = visiting.house
    assert house.client().get(DAY).location.startswith("/sign-in/?next=")
    for phone in (OFFICERS["school"], OFFICERS["other_county"], OFFICERS["city"], "00000000133"):
        assert house.client(phone).get(DAY).status_code == 403, phone
    county = house.client(OFFICERS["county"])
    assert county.get(DAY).status_code == 200
    assert county.get(DAY + "x").status_code == 200  # no day at all: the one near by
    assert county.get(DAY.replace("museum", "hexi-1")).location.endswith("/hexi-1/bookings/venues/")


def test_the_directory_goes_into_a_workbook_as_its_filter_shows_it(visiting: Visiting) -> None:
    visiting.open_venue("library", kind="library", telephone="0355-0000012")
    client = visiting.house.client(OFFICERS["school"])
    [sheet], name = saved(client, VENUES)
    assert name == "场馆名录.xlsx"
    assert len(rows_of(sheet)) == 2
    [row] = rows_of(saved(client, f"{VENUES}?kind=library")[0][0])
    hours = "周三、周五 15:30–17:30；周六 09:00–17:00"
    address = "禾溪镇文庙街 3 号"
    assert row == ("青禾县图书馆", hours, "图书馆", 30, 30, 1, address, "0355-0000012")
    assert CONTACT not in str(rows_of(sheet))


def test_the_public_is_not_bothered_with_it(visiting: Visiting) -> None:
    link = "/hexi-zhen/bookings/venues.xlsx?kind="
    assert link in visiting.house.client(OFFICERS["school"]).get("/hexi-zhen/bookings/venues/").text
    assert link not in visiting.house.client().get("/hexi-zhen/bookings/venues/").text
    assert "导出" not in text(visiting.house, "/hexi-zhen/bookings/venues/", "00000000112")
