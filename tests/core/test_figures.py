"""A service's figures: charts with their tables for a span of months, sorted, and as a workbook."""

import re
from pathlib import Path
from urllib.parse import urlencode

import pytest
from werkzeug.test import TestResponse

from tests.core.conftest import MakeHouse
from tests.core.house import OFFICERS, House
from tests.core.reading import header_of, rows_of, saved
from tests.core.tallies import ASKED, PAGE, WORKBOOK, tallies_house

COLLEAGUE = "00000000109"


@pytest.fixture
def house(make_house: MakeHouse, tmp_path: Path) -> House:
    return tallies_house(make_house, tmp_path / "more")


def page(house: House, asked: str = "", who: str = "county") -> TestResponse:
    answer: TestResponse = house.client(OFFICERS[who]).get(PAGE + asked)
    return answer


def cells(html: str, number: int = 0) -> list[list[str]]:
    """Return the rows of a page's n-th table, the sum included."""
    table = re.findall(r"<table.*?</table>", html, re.DOTALL)[number]
    rows = re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)[1:]
    return [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in rows]


def bars(html: str, number: int = 0) -> list[tuple[str, list[str], list[float]]]:
    """Return the bars of the n-th chart: name, words, lengths in percent."""
    chart = re.findall(r'<div class="chart".*?</div>', html, re.DOTALL)[number]
    return [
        (
            re.findall(r'"bar-of">(.*?)<', each)[0],
            re.findall(r'"value figures">(.*?)<', each)[0].split(" · "),
            [
                float(n)
                for n in re.findall(
                    r'"part-\d".*?(?:width|height)="([\d.]+)%" ?(?:height="100%"|/>)', each
                )
            ],
        )
        for each in re.findall(r"<li>(.*?)</li>", chart, re.DOTALL)
    ]


def test_this_month_is_shown_where_no_other_is_asked_for(house: House) -> None:
    assert page(house).status_code == 200
    assert ASKED[-1] == ("qinghe", "2026-11-01", "2026-11-30")
    assert page(house, "?from=2026-09&to=2027-01").status_code == 200
    assert ASKED[-1] == ("qinghe", "2026-09-01", "2027-01-31")
    page(house, "?from=2028-02")
    assert ASKED[-1] == ("qinghe", "2028-02-01", "2028-02-29")


def test_months_and_terms_are_at_hand(house: House) -> None:
    county, term = house.client(OFFICERS["county"]), {"name": "秋季学期", "action": "add"}
    sent = {**term, "from": "2026-09-01", "to": "2027-01-22"}
    token = re.findall(
        r'name="csrf_token" value="([^"]+)"', county.get("/qinghe/calendar/terms/").text
    )
    county.post("/qinghe/calendar/terms/", data={**sent, "csrf_token": token[0]})
    html = page(house, "?from=2026-10&to=2026-10").text
    chips = re.findall(
        r'class="chip" lang="zh-CN" href="[^"]*\?from=([\d-]+)&amp;to=([\d-]+)"([^>]*)>(.*?)<', html
    )
    assert chips == [
        ("2026-11", "2026-11", "", "本月"),
        ("2026-10", "2026-10", ' aria-current="true"', "上个月"),
        ("2026-09", "2027-01", "", "秋季学期"),
    ]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("?from=2026-12&to=2026-09", "开始的月份晚于结束的月份"),
        ("?from=2026-01&to=2027-02", "一次最多看 13 个月"),
        ("?from=x&to=2026-09", "例如 2026-09"),
        ("?from=2026-13&to=2026-13", "例如 2026-09"),
        ("?to=2026-09", "例如 2026-09"),
        ("?from=1999-09&to=1999-09", "前后 5 年以内"),
        ("?from=9999-12&to=9999-12", "前后 5 年以内"),
    ],
)
def test_a_span_that_cannot_be_is_refused_with_what_would_do(
    house: House, asked: str, words: str
) -> None:
    before, answer = len(ASKED), page(house, asked)
    assert answer.status_code == 422
    assert words in answer.text
    typed = dict(re.findall(r'name="(from|to)" value="([^"]*)"', answer.text))
    assert f"?{urlencode({name: each for name, each in typed.items() if each})}" == asked
    assert len(ASKED) == before
    workbook = house.client(OFFICERS["county"]).get(WORKBOOK + asked)
    assert workbook.location == PAGE + asked
    assert page(house, "?from=2026-01&to=2027-01").status_code == 200


def test_the_chart_says_what_the_table_says(house: House) -> None:
    html = page(house).text
    assert cells(html) == [
        ["=甲校", "3", "2"],
        ["乙校", "10", "1"],
        ["丙校", "1", "—"],
        ["合计", "14", "3"],
    ]
    assert [(name, words) for name, words, _ in bars(html)] == [
        (row[0], row[1:]) for row in cells(html)[:-1]
    ]
    assert [lengths for *_, lengths in bars(html)] == [[27.27, 18.18], [90.91, 9.09], [9.09, 0]]
    assert [lengths for *_, lengths in bars(html, 1)] == [[55.56], [100]]
    assert html.count("按提交的日子数。") == 1
    assert "这段时间还没有可以统计的" in html


def test_each_column_sorts_by_a_link_and_back(house: House) -> None:
    html = page(house, "?from=2026-10&to=2026-11").text
    links = re.findall(r'<th scope="col"[^>]*><a href="([^"]+)"', html)
    assert links[1] == "?from=2026-10&amp;to=2026-11&amp;sort=-0.1#table-0"
    falling = page(house, links[1].replace("&amp;", "&")).text
    assert [row[0] for row in cells(falling)] == ["乙校", "=甲校", "丙校", "合计"]
    assert [name for name, *_ in bars(falling)] == ["乙校", "=甲校", "丙校"]
    assert falling.count('aria-sort="descending"') == 1
    back = re.findall(r'aria-sort="descending"><a href="([^"]+)"', falling)[0]
    rising = page(house, back.replace("&amp;", "&")).text
    assert [row[0] for row in cells(rising)] == ["丙校", "=甲校", "乙校", "合计"]
    assert [row[0] for row in cells(page(house, "?sort=-0.2").text)][:3] == [
        "=甲校",
        "乙校",
        "丙校",
    ]


def test_a_series_keeps_its_order_however_the_table_is_sorted(house: House) -> None:
    html = page(house, "?sort=-1.1").text
    assert [row[0] for row in cells(html, 1)] == ["8月", "9月"]
    assert [name for name, *_ in bars(html, 1)] == ["9月", "8月"]


@pytest.mark.parametrize("sort", ["x", "0", "0.9", "-9.0", "--0.1", "0.1.1"])
def test_an_odd_sort_is_none(house: House, sort: str) -> None:
    html = page(house, f"?sort={sort}").text
    assert "aria-sort" not in html


def test_the_workbook_says_the_same_and_has_a_chinese_name(house: House) -> None:
    county = house.client(OFFICERS["county"])
    sheets, name = saved(county, WORKBOOK + "?from=2026-09&to=2026-12")
    assert name == "意见数 青禾县 2026年9月至2026年12月.xlsx"
    assert [sheet.title for sheet in sheets] == ["各校", "各月", "空的"]
    assert header_of(sheets[0]) == ["学校", "收到", "答复"]
    assert rows_of(sheets[0]) == [
        ("=甲校", 3, 2),
        ("乙校", 10, 1),
        ("丙校", 1, None),
        ("合计", 14, 3),
    ]
    county.set_cookie("lang", "en")
    sheets, name = saved(county, WORKBOOK)
    assert name == "Tally Qinghe County 11-2026.xlsx"
    assert header_of(sheets[0]) == ["School", "Got", "Answered"]


def test_a_plugin_that_raises_costs_its_figures_and_not_the_page(house: House) -> None:
    answer = page(house, "?from=2025-01")
    assert answer.status_code == 200
    assert "现在算不出来" in answer.text
    assert house.client(OFFICERS["county"]).get(WORKBOOK + "?from=2025-01").status_code == 503
    assert "这里还没有可以统计的" in page(house, "?from=2024-01").text


def test_they_are_for_the_roles_that_the_menu_names_here_or_above(house: House) -> None:
    def status(who: str, place: str) -> set[int]:
        client = house.client(OFFICERS.get(who, who))
        paths = (PAGE, WORKBOOK)
        return {client.get(path.replace("qinghe", place)).status_code for path in paths}

    for place in ("qinghe", "hexi-zhen", "hexi-1", "library"):
        assert status("county", place) == {200}
        assert status("", place) == {302}
        assert status("city", place) == {200}
        for who in ("other_county", "other_school", COLLEAGUE, "00000000112"):
            assert status(who, place) == {403}, (who, place)
    assert status("school", "hexi-1") == {200}
    assert status("school", "hexi-zhen") == {403}
    assert status("county", "nowhere") == {404}


def test_a_service_that_is_not_there_has_no_such_page(house: House) -> None:
    county = house.client(OFFICERS["county"])
    for path in ("figures/", "figures.xlsx"):
        assert county.get(f"/qinghe/nothing/{path}").status_code == 404


def test_the_desk_leads_there(house: House) -> None:
    tray = "/desk/?tray=D%23hexi-1%23school_officer%23tallies"
    assert "/hexi-1/tallies/figures/" in house.client(OFFICERS["school"]).get(tray).text
