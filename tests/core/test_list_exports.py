"""What an officer's list shows goes into a workbook: all its pages, masked, nobody else's."""

from datetime import date
from pathlib import Path

import pytest

from core.web import case_lists
from tests.core.conftest import MakeHouse
from tests.core.house import OFFICERS, House, everything
from tests.core.plugin_folder import suggest
from tests.core.reading import header_of, rows_of, saved
from tests.core.tallies import tallies_house
from tests.pages import fictional_phone, identity, narrowed

TRAY = "tray=D%23hexi-1%23school_officer%23volunteers"
DESK, FINISHED = f"/desk/tray.xlsx?{TRAY}", f"/desk/finished.xlsx?{TRAY}"


def test_the_tray_goes_into_a_workbook_with_all_its_pages(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(case_lists, "_AT_ONCE", 40)
    cases = {house.submit(n).id for n in range(1, 106)}
    [sheet], name = saved(house.client(OFFICERS["school"]), DESK)
    assert name == "志愿者登记 青禾县禾溪第一小学 待我办理.xlsx"
    assert {row[0].replace(" ", "") for row in rows_of(sheet)} == cases
    assert sheet["A2"].value == "共 105 件"
    told = dict(zip(header_of(sheet), rows_of(sheet)[0], strict=True))
    assert list(told) == ["查询码", "谁", "您是", "您的特长", "电话", "现在", "提交日期", "期限"]
    assert told["谁"].startswith("测试")
    assert told["现在"] == "待核验"
    assert told["提交日期"].date() == date(2026, 11, 23)
    assert told["期限"].date() == date(2026, 11, 30)


def test_it_is_masked_as_the_list_is(house: House) -> None:
    house.submit(1)
    client = house.client(OFFICERS["school"])
    [sheet], _ = saved(client, DESK)
    shown = client.get(f"/desk/?{TRAY}").text
    [row] = rows_of(sheet)
    phone = row[header_of(sheet).index("电话")]
    assert "•" in phone
    assert phone in shown
    text = " ".join(map(str, row))
    assert fictional_phone(1) not in text
    assert identity(1) not in text
    assert not [each for each in everything(house, "A#") if "look" in each]


def test_what_is_personal_stays_masked_among_what_a_case_is_about(
    make_house: MakeHouse, tmp_path: Path
) -> None:
    house = tallies_house(make_house, tmp_path / "more")
    suggest(house.client(), plugin="tallies")
    tray = "/desk/tray.xlsx?tray=D%23hexi-1%23school_officer%23tallies"
    [sheet], _ = saved(house.client(OFFICERS["school"]), tray)
    [row] = rows_of(sheet)
    assert row[1:5] == ("0•••••••12", "安全", "0•••••••12", "0•••••••12")


def test_it_holds_what_the_filter_shows(house: House) -> None:
    for n in (1, 2, 3):
        house.submit(n)
    house.do(house.submit(4), "return", "school", comment="请补", marks=("name",))
    client = house.client(OFFICERS["school"])
    assert len(rows_of(saved(client, DESK)[0][0])) == 3
    assert len(rows_of(saved(client, f"{DESK}&state=submitted")[0][0])) == 3
    assert len(rows_of(saved(client, f"{DESK}&state=cleared")[0][0])) == 0
    found = client.get(narrowed(client, f"/desk/?{TRAY}", "测试2")).text
    link = found.split('href="/desk/tray.xlsx?')[1].split('"')[0].replace("&amp;", "&")
    [row] = rows_of(saved(client, f"/desk/tray.xlsx?{link}")[0][0])
    assert row[1] == "测试2"


def test_what_is_done_goes_into_a_workbook_too(house: House) -> None:
    for n in range(1, 61):
        house.do(house.submit(n), "withdraw", fictional_phone(n))
    house.cleared(61)
    house.submit(62)
    client = house.client(OFFICERS["school"])
    [sheet], name = saved(client, FINISHED)
    assert name == "志愿者登记 青禾县禾溪第一小学 202611 已办的.xlsx"
    assert header_of(sheet) == ["查询码", "谁", "现在", "提交日期", "期限"]
    assert len(rows_of(sheet)) == 61
    [row] = rows_of(saved(client, f"{FINISHED}&state=cleared")[0][0])
    assert row[1:3] == ("测试61", "可排课")
    assert rows_of(saved(client, f"{FINISHED}&month=202610")[0][0]) == []


def test_where_there_are_more_than_it_gives_it_says_so(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(case_lists, "MOST_ROWS", 3)
    for n in range(1, 5):
        house.submit(n)
    client = house.client(OFFICERS["school"])
    [sheet], _ = saved(client, DESK)
    assert sheet["A2"].value == "只列出了前 3 件，还有更多。请先筛选，再导出其余的"
    assert len(rows_of(sheet)) == 3
    monkeypatch.setattr(case_lists, "MOST_ROWS", 4)
    assert saved(client, DESK)[0][0]["A2"].value == "共 4 件"


def test_a_name_that_looks_like_a_formula_is_a_name(house: House) -> None:
    house.submit(1, name="=1+1")
    [row] = rows_of(saved(house.client(OFFICERS["school"]), DESK)[0][0])
    assert row[1] == "=1+1"


@pytest.mark.parametrize("path", [DESK, FINISHED])
def test_nobody_elses_tray_is_given(house: House, path: str) -> None:
    house.submit(1)
    house.do(house.submit(2), "withdraw", fictional_phone(2))
    assert house.client().get(path).location.startswith("/sign-in/")
    assert house.client("00000000112").get(path).status_code == 403
    for who in ("other_school", "other_county"):
        assert house.client(OFFICERS[who]).get(path).status_code == 404


def test_a_tray_costs_a_query_for_each_four_hundred(house: House) -> None:
    house.submit(1)
    client = house.client(OFFICERS["school"])
    client.get(DESK)
    with house.store.expect(get=1, query=1):
        client.get(DESK)
