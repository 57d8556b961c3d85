"""Every service has statistics, charts and their workbook, from its definitions alone."""

from pathlib import Path

import pytest

from core.statistics.counting import Counting
from tests.core.conftest import MakeHouse
from tests.core.house import OFFICERS, House
from tests.core.reading import rows_of, saved
from tests.core.test_figures import bars, cells
from tests.core.tips import shown, tell, tips_house

PAGE = "/qinghe/tips/figures/"
MONTH = "?from=2026-11&to=2026-11"


@pytest.fixture
def house(make_house: MakeHouse, tmp_path: Path) -> House:
    """Return the sample county with three tips, one of them shown, and one of 柳汀镇."""
    house = tips_house(make_house, tmp_path / "plugins")
    shown(house, "折纸")
    tell(house, "剪纸")
    tell(house, "跳绳", kind="sport")
    tell(house, "唱歌", kind="song", place="liuting-zhen")
    house.clock.move(minutes=11)
    count(house)
    return house


def count(house: House) -> None:
    counting: Counting = house.office.counting
    counting.work_off_due()


def test_a_county_reads_where_cases_stand_and_what_was_answered(house: House) -> None:
    page = house.client(OFFICERS["county"]).get(PAGE + MONTH)
    assert page.status_code == 200
    standing, months, _, answers = (cells(page.text, n) for n in range(4))
    assert standing == [["told", "3"], ["shown", "1"]]
    assert months == [["2026-11", "4", "0"]]
    assert answers == [["手工", "2", "50%"], ["体育", "1", "25%"], ["唱歌", "1", "25%"]]
    assert [name for name, _, _ in bars(page.text, 0)] == ["told", "shown"]


def test_the_workbook_says_the_same(house: House) -> None:
    client = house.client(OFFICERS["county"])
    sheets, name = saved(client, f"{PAGE[:-1]}.xlsx{MONTH}")
    assert "统计" in name
    tables = {each.title: [tuple(row) for row in rows_of(each)] for each in sheets}
    assert tables["种类"] == [("手工", 2, "50%"), ("体育", 1, "25%"), ("唱歌", 1, "25%")]


def test_a_school_reads_its_own_alone(house: House) -> None:
    page = house.client(OFFICERS["county"]).get(PAGE.replace("qinghe", "liuting-zhen") + MONTH)
    assert cells(page.text, 0) == [["told", "1"]]
    assert house.client(OFFICERS["school"]).get(PAGE).status_code == 403
    assert house.client().get(PAGE).status_code == 302


def test_the_desk_leads_there_and_before_anything_was_counted_it_says_so(house: House) -> None:
    county = house.client(OFFICERS["county"])
    assert PAGE in county.get("/desk/?tray=D%23qinghe%23county_officer%23tips").text
    assert "还没有可以统计的" in county.get(PAGE.replace("qinghe", "songlan-xiang")).text


def test_a_page_costs_one_trip_more_than_any(house: House) -> None:
    client = house.client(OFFICERS["county"])
    client.get(PAGE + MONTH)
    with house.store.expect(get=2):
        assert client.get(PAGE + MONTH).status_code == 200
