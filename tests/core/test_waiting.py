"""候办与提醒: who has not done it, by name; one click reminds each once a day."""

from contextlib import closing
from pathlib import Path

import pytest

from core.numbers import spoken
from core.web.app import BUNDLED
from core.web.waited_for import surname
from tests.core.conftest import MakeHouse
from tests.core.house import OFFICERS, House, case_id_of, open_house
from tests.core.plugin_folder import GUIDE, blocks, suggest, write
from tests.core.waiting_pages import (
    PAGES,
    RETURNED,
    SCHOOL,
    VETTING,
    click,
    counted,
    late,
    names,
    returned,
    section,
    text_of,
)
from tests.pages import fictional_phone
from tests.plugins.publication.test_publishing import written


def test_schools_that_have_not_begun_stand_by_name_with_who_should(house: House) -> None:
    county = house.client(OFFICERS["county"])
    part = section(county.get(PAGES), "begin")
    assert "：6 处" in part
    assert names(part)[:2] == ["青禾县禾溪第一小学", "青禾县第二中学"]
    assert "赵明" in part
    assert "还没有人担任课后服务管理员" in part, "nobody looks after the teaching point"
    written(house)
    part = section(counted(house) and county.get(PAGES), "begin")
    assert "禾溪第一小学" not in part
    assert "：5 处" in part


def test_a_day_to_count_from_decides_and_a_wrong_one_is_refused(house: House) -> None:
    written(house)
    counted(house).clock.move(days=10)
    county = house.client(OFFICERS["county"])
    assert "禾溪第一小学" not in section(county.get(f"{PAGES}?since=2026-11-23"), "begin")
    assert "禾溪第一小学" in section(county.get(f"{PAGES}?since=2026-11-24"), "begin")
    assert "禾溪第一小学" in section(county.get(PAGES), "begin"), "this month, without a term"
    for wrong in ("2026-12-24", "2024-01-01", "x"):
        answer = county.get(f"{PAGES}?since={wrong}")
        assert answer.status_code == 422
        assert 'href="#f-since"' in answer.text


def test_of_a_further_workflow_its_own_name_is_told_and_days_in_words(house: House) -> None:
    county = house.client(OFFICERS["county"])
    address = "/qinghe/volunteers/waiting/?workflow=inviting&since=2026-09-01"
    text = text_of(section(county.get(address), "begin"))
    assert text.startswith("【青禾县】邀请授课：从2026年9月1日算起还没有办的有")
    assert click(county, address, "begin").status_code == 303
    house.later.run()
    assert house.letters.to(SCHOOL) == ["青禾县禾溪第一小学：邀请授课还没有办，请登录工作台办理。"]
    first = text_of(section(county.get(f"{VETTING}?workflow=vetting"), "begin"))
    assert first.startswith("【青禾县】志愿者登记：")


def test_officers_with_overdue_cases_are_told_how_many(house: House) -> None:
    late(house, 2)
    county = house.client(OFFICERS["county"])
    part = section(county.get(VETTING), "late")
    assert names(part) == ["青禾县禾溪第一小学"]
    assert "赵明" in part
    assert "逾期 2 件" in part
    assert "禾溪第一小学课后服务管理员2件" in text_of(part)
    click(county, VETTING, "late")
    house.later.run()
    assert house.letters.to(SCHOOL) == [
        "青禾县禾溪第一小学：志愿者登记有2件超过了期限，请登录工作台尽快办理。"
    ]


def test_the_public_is_shown_as_lists_do_and_the_text_tells_a_surname_only(house: House) -> None:
    case = returned(house)
    county = house.client(OFFICERS["county"])
    part = section(county.get(VETTING), "case")
    assert "：1 件" in part
    assert names(part) == ["测试1"]
    text = text_of(part)
    assert f"测某（查询码末四位{case.id[-4:]}）" in text
    assert "测试1" not in text
    assert fictional_phone(1) not in part
    click(county, VETTING, "case")
    house.later.run()
    [letter] = house.letters.to(fictional_phone(1))
    assert letter.startswith("您的志愿者登记（查询码")
    assert letter.endswith("在等您：请您补充后重新提交。")
    assert section(house.client(SCHOOL).get("/hexi-1/volunteers/waiting/"), "case")


@pytest.mark.parametrize("who", ["other_school", "county"])
def test_of_a_school_is_shown_whom_it_waits_for_itself(house: House, who: str) -> None:
    returned(house)
    case = house.submit(2, preferred_school="no2")
    house.do(case, "return", "other_school", comment="请补签", marks=("signature",))
    counted(house)
    part = section(house.client(OFFICERS[who]).get("/no2/volunteers/waiting/"), "case")
    assert names(part) == ["测试2"]


def test_of_whom_only_some_may_read_a_list_shows_the_receipt_and_the_text_nothing(
    make_house: MakeHouse, tmp_path: Path
) -> None:
    form = blocks(GUIDE)["forms/suggestion.yaml"]
    closed = form.replace("retain: P1Y}", "retain: P1Y}\n        readers: [county_officer]")
    files = {"workflows__answering": RETURNED, "forms__suggestion": closed}
    write(tmp_path / "more", "walled", **files)
    house = make_house(folders=[BUNDLED, tmp_path / "more"])
    house.office.places.switch("hexi-zhen", "walled", "on", "某人", "2026")
    done = suggest(house.client(), plugin="walled")
    case = house.office.cases.get(case_id_of(done))
    assert case
    house.do(case, "send_back", "school")
    school = house.client(SCHOOL)
    part = section(counted(house) and school.get("/hexi-1/walled/waiting/"), "case")
    assert names(part) == [spoken(case.id)]
    assert "textarea" not in part
    part = section(house.client(OFFICERS["county"]).get("/qinghe/walled/waiting/"), "case")
    assert names(part) == ["0•••••••12"]
    assert "textarea" not in part


def test_the_page_says_when_all_is_done_and_a_city_chooses_a_county(house: House) -> None:
    house.submit(1)
    nothing = house.client(OFFICERS["county"]).get(
        "/songlan-xiang/volunteers/waiting/?workflow=vetting"
    )
    assert "还没有人来办的" in nothing.text
    written(house)
    page = counted(house).client(OFFICERS["county"]).get("/hexi-1/publication/waiting/")
    assert "都办完了" in page.text
    city = house.client(OFFICERS["city"]).get("/yunhe/publication/waiting/")
    assert "请先选一个县" in city.text
    assert PAGES in city.text


def test_desk_and_figures_lead_there(house: House) -> None:
    county = house.client(OFFICERS["county"])
    assert VETTING in county.get("/desk/?tray=D%23qinghe%23county_officer%23volunteers").text
    assert VETTING in county.get("/qinghe/volunteers/figures/").text


def test_it_takes_few_round_trips(house: House) -> None:
    """Visit, tree, statistics and holders twice each, a busy desk, two months of the register."""
    county = house.client(OFFICERS["county"])
    late(house, 3)
    returned(house, 5)
    county = house.client(OFFICERS["county"])
    county.get(VETTING)
    with house.store.expect(get=5, query=6):
        county.get(VETTING)


@pytest.mark.parametrize(
    ("name", "family"),
    [("李平", "李"), ("欧阳修文", "欧阳"), ("阿依努尔·买买提江", "阿"), ("东方", "东")],
)
def test_a_chat_group_is_told_a_family_name(name: str, family: str) -> None:
    assert surname(name) == family


def test_the_copy_is_of_a_house_that_was_closed(house: House, tmp_path: Path) -> None:
    click(house.client(OFFICERS["county"]), PAGES, "begin")
    with closing(open_house(house.folder, tmp_path / "later")) as later:
        later.office.ticks.tick()
        assert len(later.letters.to(SCHOOL)) == 1
