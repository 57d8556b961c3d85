"""The officer's further pages: deputies, finished cases, what is overdue beneath."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.web import finished, overdue
from tests.core.conftest import MakeHouse
from tests.core.grants import grants_house, request
from tests.core.house import OFFICERS, House
from tests.pages import FORM, fictional_phone, hidden, narrowed, words_of

COLLEAGUE = "00000000109"


@pytest.fixture
def house(make_house: MakeHouse) -> House:
    return grants_house(make_house)


def post(client: FlaskClient, address: str, **sent: Any) -> TestResponse:
    token = hidden(client.get(FORM).text)["csrf_token"]
    return client.post(address, data={"csrf_token": token, **sent})


def name(house: House, phone: str = COLLEAGUE, **days: str) -> TestResponse:
    sent = {"phone": phone, "first": "2026-11-23", "last": "2026-11-27", **days}
    return post(house.client(OFFICERS["school"]), "/desk/deputies/", **sent)


def test_a_deputy_is_named_on_a_page_and_works_on_the_same_desk(house: House) -> None:
    case = request(house)
    assert name(house).status_code == 302
    assert "单老师" in house.client(OFFICERS["school"]).get("/desk/deputies/").text
    deputy = house.client(COLLEAGUE)
    desk = deputy.get("/desk/?tray=D%23hexi-1%23school_officer%23grants").text
    assert "代赵明" in words_of(desk)
    assert case.id in desk
    page = words_of(deputy.get(f"/hexi-zhen/case/{case.id}/").text)
    assert "您正在代赵明办理" in page
    path = f"/hexi-zhen/case/{case.id}/do/forward/"
    sent = hidden(deputy.get(path).text)
    assert deputy.post(path, data=sent).status_code == 302
    timeline = deputy.get(f"/hexi-zhen/case/{case.id}/").text
    assert "单老师代赵明办理" in timeline


def test_a_deputys_page_is_one_read_and_one_query(house: House) -> None:
    case = request(house)
    name(house)
    deputy = house.client(COLLEAGUE)
    deputy.get("/desk/")
    for path in ("/desk/?tray=D%23hexi-1%23school_officer%23grants", f"/hexi-zhen/case/{case.id}/"):
        with house.store.expect(get=1, query=1):
            assert deputy.get(path).status_code == 200


def test_the_county_sees_and_ends_it(house: House) -> None:
    name(house)
    county = house.client(OFFICERS["county"])
    assert "单老师代赵明办理" in words_of(county.get("/desk/deputies/").text)
    whose = {"officer": house.person("school").id, "deputy": house.person(COLLEAGUE).id}
    for phone in (OFFICERS["other_county"], OFFICERS["other_school"]):
        assert post(house.client(phone), "/desk/deputies/end", **whose).status_code == 403
    assert post(county, "/desk/deputies/end", **whose).status_code == 302
    assert "现在没有人委托代办" in county.get("/desk/deputies/").text
    assert house.person(COLLEAGUE).lent == ()


@pytest.mark.parametrize(
    ("phone", "days", "words"),
    [
        ("123", {}, "11 位数字"),
        (COLLEAGUE, {"first": ""}, "请填起止日期"),
        (COLLEAGUE, {"last": "2026-11-20"}, "日期不对"),
        (COLLEAGUE, {"first": "x"}, "请填起止日期"),
        ("00000000112", {}, "还没有岗位"),
        (OFFICERS["school"], {}, "不能委托自己"),
        (OFFICERS["other_county"], {}, "只能委托本县"),
    ],
)
def test_a_refusal_says_what_would_do(
    house: House, phone: str, days: dict[str, str], words: str
) -> None:
    answer = name(house, phone, **days)
    assert answer.status_code == 422
    assert words in answer.text


def test_finished_cases_are_found_by_month_result_and_words(house: House) -> None:
    for n in range(1, 4):
        house.do(house.submit(n), "withdraw", fictional_phone(n))
    house.cleared(4)
    house.submit(5)
    officer = house.client(OFFICERS["school"])
    tray = "/desk/finished/?tray=D%23hexi-1%23school_officer%23volunteers"
    shown = officer.get(tray).text
    assert [f"测试{n}<" in shown for n in range(1, 6)] == [True] * 4 + [False]
    assert shown.count("row-link") == 4
    assert officer.get(f"{tray}&state=cleared").text.count("row-link") == 1
    assert officer.get(narrowed(officer, tray, "测试2")).text.count("row-link") == 1
    assert "这个月没有已办结的" in officer.get(f"{tray}&month=202610").text
    assert officer.get(f"{tray}&after=x").status_code == 404
    assert officer.get(f"{tray}&at=nowhere&month=x").status_code == 200


def test_what_waits_for_somebody_else_stands_there_until_it_is_back_on_the_desk(
    house: House,
) -> None:
    back = house.do(house.submit(1), "return", "school", comment="请补", marks=("name",))
    today = house.office.around().today.isoformat()
    onward = house.do(house.submit(2), "verify", "school", step={"identity_checked_on": today})
    here = house.submit(3)
    page = house.client(OFFICERS["school"]).get(FINISHED).text
    assert {*re.findall(r"/case/(\d{16})/", page)} == {back.id, onward.id}
    assert [label in page for label in ("待补充", "待核验")] == [True, False]
    assert "阅读、体育" in words_of(page)
    assert fictional_phone(1) not in page
    county = "/desk/finished/?tray=D%23qinghe%23county_officer%23volunteers&at=hexi-zhen"
    page = house.client(OFFICERS["county"]).get(county).text
    assert {*re.findall(r"/case/(\d{16})/", page)} == {back.id, here.id}


def test_a_county_opens_on_the_first_place_that_has_any(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    county, path = house.client(OFFICERS["county"]), "/desk/finished/?tray=D%23qinghe%23"
    path += "county_officer%23volunteers"
    with house.store.expect(get=1, query=4):
        assert "这个月没有已办结的" in county.get(path).text
    case = house.submit(1, place="liuting-zhen", preferred_school="liuting")
    page = county.get(path).text
    assert f"/case/{case.id}/" in page
    assert '<option value="liuting-zhen" selected>' in page
    with house.store.expect(get=1, query=1):
        assert case.id not in county.get(f"{path}&at=hexi-zhen").text
    monkeypatch.setattr(finished, "_TRIED", 1)
    with house.store.expect(get=1, query=1):
        assert case.id not in county.get(path).text


def test_another_schools_officer_finds_none_of_them(house: House) -> None:
    house.do(house.submit(1), "withdraw", fictional_phone(1))
    other = house.client(OFFICERS["other_school"])
    assert "测试1" not in other.get("/desk/finished/").text
    assert house.client("00000000112").get("/desk/finished/").status_code == 403


def test_finished_cases_come_page_by_page(house: House) -> None:
    for n in range(1, 61):
        house.do(house.submit(n), "withdraw", fictional_phone(n))
    officer = house.client(OFFICERS["school"])
    first = officer.get("/desk/finished/?tray=D%23hexi-1%23school_officer%23volunteers").text
    assert first.count("row-link") == 50
    onward = first.split('<p><a href="')[1].split('"')[0].replace("&amp;", "&")
    assert officer.get(onward).text.count("row-link") == 10


@pytest.fixture
def withdrawn(house: House) -> list[str]:
    """Return the numbers of what the school has done with, the latest first; half filed there."""
    numbers = []
    for n in range(1, 7):
        house.clock.move(minutes=1)
        case = house.submit(n, place="hexi-1" if n % 2 else "hexi-zhen")
        house.do(case, "withdraw", fictional_phone(n))
        numbers.append(case.id)
    return numbers[::-1]


FINISHED = "/desk/finished/?tray=D%23hexi-1%23school_officer%23volunteers"


def test_a_school_finds_what_it_did_wherever_that_was_filed_and_the_district_a_tap_away(
    house: House, withdrawn: list[str]
) -> None:
    officer = house.client(OFFICERS["school"])
    with house.store.expect(get=1, query=2):
        page = officer.get(FINISHED).text
    assert re.findall(r"/case/(\d{16})/", page) == withdrawn
    assert '<a class="chip" href="/desk/finished/?tray=' in page
    assert "向禾溪镇提交的" in page
    district = re.findall(r"/case/(\d{16})/", officer.get(f"{FINISHED}&at=hexi-zhen").text)
    assert district == withdrawn[::2]


def test_both_are_leafed_through_to_the_end(
    house: House, withdrawn: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finished, "_PAGE", 2)
    last = house.submit(9, place="hexi-1")
    house.do(last, "withdraw", fictional_phone(9))
    officer, path, found = house.client(OFFICERS["school"]), FINISHED, list[str]()
    while path:
        page = officer.get(path).text
        found += re.findall(r"/case/(\d{16})/", page)
        onward = page.split('<p><a href="')
        path = onward[1].split('"')[0].replace("&amp;", "&") if len(onward) > 1 else ""
    assert sorted(found) == sorted([last.id, *withdrawn])
    for wrong in ("x", "x,y", "-,x", "-"):
        assert officer.get(f"{FINISHED}&after={wrong}").status_code == 404


def test_the_county_sees_what_is_overdue_in_its_schools(house: House) -> None:
    county = house.client(OFFICERS["county"])
    late = [house.submit(n) for n in range(1, 8)]
    house.office.counting.work_off_due()
    assert "这些岗位都没有逾期的" in county.get("/desk/overdue/").text
    house.clock.move(days=8)
    page = house.client(OFFICERS["county"]).get("/desk/overdue/").text
    assert "青禾县禾溪第一小学" in page
    assert "逾期 5 件以上" in page
    assert sum(case.id in page for case in late) == 5
    assert house.client(OFFICERS["school"]).get("/desk/overdue/").status_code == 403
    other = house.client(OFFICERS["other_county"])
    assert not any(case.id in other.get("/desk/overdue/").text for case in late)


def test_who_manages_finds_it_on_the_desk(house: House) -> None:
    link = '<a href="/qinghe/manage/"><strong>管理青禾县</strong>'
    assert link in house.client(OFFICERS["county"]).get("/desk/").text
    assert "/manage/" not in house.client(OFFICERS["school"]).get("/desk/").text


def test_the_overview_looks_only_at_desks_on_which_something_lies(house: House) -> None:
    county = house.client(OFFICERS["county"])
    house.do(
        house.submit(1, place="liuting-zhen", preferred_school="liuting"),
        "withdraw",
        fictional_phone(1),
    )
    house.submit(2)
    house.office.counting.work_off_due()
    county.get("/desk/overdue/")
    with house.store.expect(get=3, query=2):
        county.get("/desk/overdue/")


@pytest.mark.parametrize("most", ["SEATS_A_PAGE", "_TOLD_A_PAGE"])
def test_the_overview_leaves_no_desk_out_from_page_to_page(
    house: House, monkeypatch: pytest.MonkeyPatch, most: str
) -> None:
    monkeypatch.setattr(overdue, most, 1)
    late = [house.submit(1), house.submit(2, place="liuting-zhen", preferred_school="liuting")]
    house.office.counting.work_off_due()
    house.clock.move(days=8)
    county, path, pages = house.client(OFFICERS["county"]), "/desk/overdue/", []
    while path:
        pages.append(county.get(path).text)
        onward = re.search(r'href="(/desk/overdue/\?from=\d+)"', pages[-1])
        path = onward[1] if onward else ""
    assert [sum(case.id in page for page in pages) for case in late] == [1, 1]


def test_the_overview_looks_at_no_more_than_forty_desks_a_page(house: House) -> None:
    county = house.client(OFFICERS["county"])
    county.get("/desk/overdue/")
    before = house.store.counts["query"]
    county.get("/desk/overdue/")
    assert house.store.counts["query"] - before <= 41
    for start in ("-5", "9999", "x"):
        assert county.get(f"/desk/overdue/?from={start}").status_code == 200
