"""How far venues are used, against a month counted by hand; and who may read it.

The museum is open on Wednesdays and Fridays for two slots, on Saturdays for four, with 30 places
each: 10, 8 and 16 slots in December 2026.
"""

from collections.abc import Sequence
from typing import Any

from tests.core.house import OFFICERS
from tests.core.reading import header_of, rows_of, saved
from tests.core.test_figures import bars, cells
from tests.plugins.bookings.test_closings import close
from tests.plugins.bookings.visiting import CONTACT, FRIDAY, SATURDAY, WEDNESDAY, Visiting

MONTH = "?from=2026-12&to=2026-12"
MUSEUM, COUNTY = "/museum/bookings/figures", "/qinghe/bookings/figures"
HEAD = [
    *("场次使用率", "用了的场次", "空着的场次", "提供的场次"),
    *("预约的学生人次", "名额使用率", "团队数"),
]


def book(visiting: Visiting) -> None:
    """Two schools on Wednesday at 15:30, one on Saturday at 9:00, one that was cancelled."""
    visiting.book(10)
    visiting.book(5, "00000000106", "yunting", school="yunting")
    visiting.book(21, date=SATURDAY, slot="09:00-11:00")
    visiting.do(visiting.book(8, date=FRIDAY), "cancel")


def sheets(visiting: Visiting, path: str = MUSEUM, asked: str = MONTH, who: str = CONTACT) -> Any:
    """Return what stands in the workbook, by name of the sheet: its rows by their first cell."""
    found, _ = saved(visiting.house.client(who), f"{path}.xlsx{asked}")
    assert {tuple(header_of(each)[1:]) for each in found} == {tuple(HEAD)}
    return {each.title: {row[0]: rounded(row[1:]) for row in rows_of(each)} for each in found}


def rounded(row: Sequence[Any]) -> tuple[Any, ...]:
    """Return a row with shares as near as a page of paper needs them."""
    return tuple(round(each, 6) if isinstance(each, float) else each for each in row)


def test_a_month_is_as_counted_by_hand(visiting: Visiting) -> None:
    book(visiting)
    told = sheets(visiting)
    assert list(told) == ["各月的使用", "一周各天的使用", "各时段的使用"]
    month = rounded((2 / 34, 2, 32, 34, 36, 36 / (34 * 30), 3))
    assert told["各月的使用"] == {"2026年12月": month, "合计": month}
    days = told["一周各天的使用"]
    assert days["周三"] == (1 / 10, 1, 9, 10, 15, 15 / 300, 2)
    assert days["周五"] == (0, 0, 8, 8, 0, 0, 0)
    assert days["周六"] == rounded((1 / 16, 1, 15, 16, 21, 21 / 480, 1))
    assert days["周一"] == (None, 0, 0, 0, 0, None, 0)
    hours = told["各时段的使用"]
    assert list(hours) == [f"{n}:00–{n}:59" for n in (9, 11, 13, 15, 16)] + ["合计"]
    assert hours["15:00–15:59"][:4] == rounded((1 / 13, 1, 12, 13))
    assert hours["16:00–16:59"][:4] == (0, 0, 9, 9)


def test_what_was_closed_at_short_notice_was_not_offered(visiting: Visiting) -> None:
    book(visiting)
    close(visiting)
    told = sheets(visiting)["各月的使用"]["2026年12月"]
    assert told == rounded((1 / 32, 1, 31, 32, 15, 15 / (32 * 30), 2))


def test_what_was_booked_before_the_hours_changed_stands_for_the_slots_it_meets(
    visiting: Visiting,
) -> None:
    visiting.book(10)
    row = {"weekdays": ["wednesday"], "starts": "15:00", "ends": "18:00", "stay": 60}
    visiting.edit_venue(openings=[row])
    told = sheets(visiting)["各时段的使用"]
    assert {hour: each[1:4] for hour, each in told.items()} == {
        "15:00–15:59": (1, 4, 5),
        "16:00–16:59": (0, 4, 4),
        "17:00–17:59": (0, 5, 5),
        "合计": (1, 13, 14),
    }


def test_each_month_of_a_venue_and_each_venue_of_a_county_has_its_row(visiting: Visiting) -> None:
    book(visiting)
    visiting.open_venue("culture-station")
    months = sheets(visiting, asked="?from=2026-11&to=2027-01")["各月的使用"]
    assert [(name, each[1], each[3]) for name, each in months.items()] == [
        ("2026年11月", 0, 32),
        ("2026年12月", 2, 34),
        ("2027年1月", 0, 0),
        ("合计", 2, 66),
    ]
    county = OFFICERS["county"]
    venues = sheets(visiting, COUNTY, who=county)["各场馆的使用"]
    assert {name: each[1:4] for name, each in venues.items()} == {
        "青禾县博物馆": (2, 32, 34),
        "柳汀镇综合文化站": (0, 34, 34),
        "合计": (2, 66, 68),
    }
    district = sheets(visiting, "/liuting-zhen/bookings/figures", who=county)["各场馆的使用"]
    assert list(district) == ["柳汀镇综合文化站", "合计"]


def test_the_page_its_chart_and_the_workbook_agree(visiting: Visiting) -> None:
    book(visiting)
    page = visiting.house.client(OFFICERS["county"]).get(f"{COUNTY}/{MONTH}").text
    [venue, total] = cells(page)
    assert venue == ["青禾县博物馆", "5.9%", "2", "32", "34", "36", "3.5%", "3"]
    assert total == ["合计", *venue[1:]]
    [(name, words, lengths)] = bars(page)
    assert (name, words) == ("青禾县博物馆", ["2", "32"])
    assert lengths == [round(200 / 34, 2), round(3200 / 34, 2)]
    assert [words for _, words, _ in bars(page, 1)] == [[row[1]] for row in cells(page, 1)[:-1]]


def test_only_who_keeps_them_reads_them(visiting: Visiting) -> None:
    def status(path: str, who: str) -> set[int]:
        client = visiting.house.client(who)
        return {client.get(path + end).status_code for end in ("/", ".xlsx")}

    assert status(MUSEUM, CONTACT) == status(MUSEUM, OFFICERS["county"]) == {200}
    assert status(COUNTY, CONTACT) == {403}
    assert status(MUSEUM, "") == {302}
    assert status(MUSEUM, OFFICERS["city"]) == status(COUNTY, OFFICERS["city"]) == {200}
    for who in ("school", "other_school", "other_county"):
        assert status(MUSEUM, OFFICERS[who]) == status(COUNTY, OFFICERS[who]) == {403}, who
    assert status(MUSEUM, "00000000133") == {403}


def test_the_countys_desk_leads_there_though_visits_are_booked_beneath(visiting: Visiting) -> None:
    tray = "/desk/?tray=D%23qinghe%23county_officer%23bookings"
    page = visiting.house.client(OFFICERS["county"]).get(tray).text
    assert f"{COUNTY}/" in page
    assert "/qinghe/bookings/venues/" not in page
    museum = "/desk/?tray=D%23museum%23venue_contact%23bookings"
    assert f"{MUSEUM}/" in visiting.house.client(CONTACT).get(museum).text


def test_it_costs_a_query_for_each_venue_and_month(visiting: Visiting) -> None:
    visiting.open_venue("culture-station")
    book(visiting)
    client = visiting.house.client(OFFICERS["county"])
    client.get(f"{COUNTY}/{MONTH}")
    for asked, months in ((MONTH, 1), ("?from=2026-09&to=2027-01", 5)):
        with visiting.house.store.expect(get=2, query=1 + 2 * months):
            assert client.get(f"{COUNTY}/{asked}").status_code == 200


def test_where_there_is_no_venue_it_says_so(visiting: Visiting) -> None:
    page = visiting.house.client(OFFICERS["county"]).get("/hexi-1/bookings/figures/").text
    assert "这里还没有可以统计的" in page
    assert WEDNESDAY not in page
