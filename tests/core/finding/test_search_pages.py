"""The search page: who finds what, how it reads, what it costs and what is written down of it."""

import re
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from core.moments import local_date
from core.numbers import spoken
from core.people import Role
from core.store import Change
from core.web import search
from core.web.app import BUNDLED
from core.web.visit import COOKIE
from tests.core.conftest import MakeHouse
from tests.core.finding.seekers import (
    ABOUT,
    NAME,
    complaints,
    follow,
    found,
    handed_in,
    index_of,
    sought,
)
from tests.core.house import OFFICERS, House, everything
from tests.core.test_readers import suggested, suggestions
from tests.pages import hidden, identity, narrowed, words_of
from tests.plugins.feedback.telling import ACCOUNT, MEALS, PHONE, URGENT, told
from tests.plugins.feedback.telling import NAME as COMPLAINER


def test_the_page_says_what_can_be_looked_for(house: House) -> None:
    page = house.client(OFFICERS["school"]).get("/search/")
    assert page.status_code == 200
    for said in ("可以这样找", "查询码：16 位", "姓名：要写全", "查找会留下记录"):
        assert said in page.text


def test_the_desk_leads_there_and_has_the_box_on_top(house: House) -> None:
    page = house.client(OFFICERS["school"]).get("/desk/").text
    assert page.index('action="/search/"') < page.index('<div class="desk-in">')
    assert '<a href="/search/">查找</a>' in page


@pytest.mark.parametrize("typed", ["{}", " {} ", "{0[0]}"])
def test_a_receipt_number_leads_to_its_case(house: House, typed: str) -> None:
    case = house.submit(1)
    number = typed.replace("{0[0]}", spoken(case.id).replace(" ", "－")).format(spoken(case.id))
    answer = sought(house.client(OFFICERS["school"]), number)
    assert answer.status_code == 303
    assert answer.location == f"/hexi-zhen/case/{case.id}/"


def test_a_wrong_check_digit_is_said(house: House) -> None:
    case = house.submit(1)
    wrong = f"{case.id[:-1]}{(int(case.id[-1]) + 1) % 10}"
    answer = sought(house.client(OFFICERS["school"]), spoken(wrong))
    assert answer.status_code == 422
    assert "这个查询码有一位不对" in answer.text
    assert f'value="{spoken(wrong)}"' in answer.text


def test_a_number_of_somebody_elses_is_found_as_little_as_one_of_nobodys(house: House) -> None:
    case = house.submit(1)
    answer = sought(house.client(OFFICERS["other_county"]), case.id)
    assert answer.status_code == 200
    assert "没有找到" in answer.text
    assert "/case/" not in answer.text


@pytest.mark.parametrize("text", ["", " - ", "欧"])
def test_what_is_too_short_is_refused_with_what_would_do(house: House, text: str) -> None:
    answer = sought(house.client(OFFICERS["school"]), text)
    assert answer.status_code == 422
    assert "请至少写 2 个字" in answer.text


@pytest.mark.parametrize(
    "text",
    [
        NAME,
        f" {NAME[0]} {NAME[1:]}",
        "00000000021",
        "000-0000 0021",
        identity(21),
        "孔雀",
        "古籍 灯笼",
    ],
)
def test_a_case_is_found_by_what_it_says(house: House, text: str) -> None:
    case, _ = handed_in(house, 21, name=NAME, about=ABOUT), house.submit(22)
    follow(house)
    for who in ("school", "county", "city"):
        assert found(house, who, text) == {case.id}, who


@pytest.mark.parametrize("text", [NAME[:2], "0000000002", identity(21)[:-1], "孔雀翎", "籍古"])
def test_part_of_a_name_or_number_finds_nothing_and_the_page_says_what_was_sought(
    house: House, text: str
) -> None:
    handed_in(house, 21, name=NAME, about=ABOUT)
    follow(house)
    answer = sought(house.client(OFFICERS["school"]), text)
    assert f"没有找到“{text}”" in words_of(answer.text)
    assert "可以这样找" in answer.text


def test_nobody_finds_what_they_may_not_open(house: House) -> None:
    house.submit(1, name=NAME)
    house.office.people.give("00000000901", "某教师", Role("teacher", "hexi-1"))
    follow(house)
    for who in ("other_school", "other_county", "00000000110", "00000000901"):
        answer = sought(house.client(OFFICERS.get(who, who)), NAME)
        assert "没有找到" in answer.text, who
        assert "志愿者" not in words_of(answer.text.partition("<main")[2]), who


def test_neither_filters_nor_counts_tell_of_what_somebody_may_not_open(house: House) -> None:
    house.submit(1, name=NAME)
    house.office.people.give("00000000901", "某教师", Role("teacher", "hexi-1"))
    follow(house)
    for who, open_to in (("school", True), ("00000000901", False), ("other_school", False)):
        page = sought(house.client(OFFICERS.get(who, who)), NAME, service="bookings").text
        assert ('<option value="volunteers"' in page) == open_to, who
        assert ('<option value="hexi-zhen"' in page) == open_to, who


def test_an_index_that_is_wrong_about_who_may_open_a_case_shows_it_to_nobody(
    house: House,
) -> None:
    house.submit(1, name=NAME)
    follow(house)
    for item in index_of(house):
        key = (item["pk"], item["sk"])
        house.store.commit(Change(key, set={"reach": [*item["reach"], "no2"]}))
    assert found(house, "other_school", NAME) == set()


def test_parents_and_the_public_cannot_search(house: House) -> None:
    assert house.client("00000000112").get("/search/").status_code == 403
    assert house.client().get("/search/").status_code == 302


def test_a_deputy_finds_what_the_absent_officer_would(house: House) -> None:
    case = house.submit(1, name=NAME)
    follow(house)
    assert found(house, "other_school", NAME) == set()
    today = local_date(house.clock.now())
    school, other = house.person("school"), house.person("other_school")
    house.office.deputies.name(school, other.phone, today, today)
    assert found(house, "other_school", NAME) == {case.id}


def test_a_city_chooses_the_county(house: House) -> None:
    case = house.submit(1, name=NAME)
    follow(house)
    page = house.client(OFFICERS["city"]).get("/search/").text
    assert re.findall(r'<option value="(\w+)"', page) == ["qinghe", "baiting", "yunhe"]
    assert found(house, "city", NAME, county="qinghe") == {case.id}
    assert found(house, "city", NAME, county="baiting") == set()
    assert found(house, "county", NAME, county="baiting") == {case.id}, "not theirs to choose"


def test_a_person_stands_masked_as_on_lists_with_what_fits(house: House) -> None:
    handed_in(house, 21, name=NAME, about=ABOUT)
    follow(house)
    page = words_of(sought(house.client(OFFICERS["school"]), "00000000021").text)
    assert "相符：手机" in page
    assert "待核验" in page
    assert "志愿者登记 · 禾溪镇" in page
    assert NAME in page, "as on the desk"
    for secret in ("00000000021", identity(21), ABOUT):
        assert secret not in page.replace('value="00000000021"', "")


def test_a_complaints_name_is_found_by_nobody_in_any_way(house: House) -> None:
    told(house, URGENT)
    opinion = told(house, MEALS)
    follow(house)
    for who in ("school", "county", "city"):
        for text in (COMPLAINER, PHONE, ACCOUNT, ACCOUNT[:4]):
            assert found(house, who, text) == set(), (who, text)
    assert found(house, "school", "保温箱") == {opinion.id}


def test_what_was_open_when_it_was_indexed_is_not_told_to_who_may_not_read_it(
    make_house: MakeHouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even if an answer with readers came into the index, its others would not see it fit."""
    house = make_house(folders=(BUNDLED, suggestions(tmp_path)))
    house.office.places.switch("qinghe", "suggestions", "required", "某人", "2026")
    monkeypatch.setattr("core.finding.terms._is_found", lambda field: field.type.name == "phone")
    monkeypatch.setattr(
        "core.finding.terms.found_in", lambda flow: {**flow.forms[flow.form].fields}
    )
    case = suggested(house)
    follow(house)
    assert found(house, "county", "00000000112") == {case.id}
    assert found(house, "school", "00000000112") == set()


def test_filters_narrow_by_service_place_and_state(house: House) -> None:
    one = handed_in(house, 1, name=NAME, about=ABOUT)
    other = house.submit(2, name=NAME, place="liuting-zhen", preferred_school="liuting")
    house.do(other, "return", "00000000104", comment="请补")
    follow(house)
    assert found(house, "county", NAME) == {one.id, other.id}
    assert found(house, "county", NAME, at="liuting-zhen") == {other.id}
    assert found(house, "county", NAME, state="submitted") == {one.id}
    assert found(house, "county", NAME, service="bookings") == set()
    page = sought(house.client(OFFICERS["county"]), NAME, service="bookings").text
    assert '<option value="volunteers">' in page, "the way back is there"


def test_more_than_a_page_is_leafed_through(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "_PAGE", 2)
    cases = []
    for n in range(5):
        house.clock.move(minutes=1)
        cases.append(house.submit(n + 1, name=NAME).id)
    follow(house)
    client, pages = house.client(OFFICERS["school"]), []
    page = sought(client, NAME)
    for _ in range(3):
        pages.append(re.findall(r"/case/(\d{16})/", page.text))
        onward = re.search(r'name="from" value="(\d+)"', page.text)
        page = sought(client, NAME, **{"from": onward[1], "onward": "1"}) if onward else page
    assert pages == [cases[4:2:-1], cases[2:0:-1], cases[:1]]
    assert not onward


def test_only_the_latest_of_very_many_are_looked_at_and_that_is_said(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.finding.seeking.MOST", 2)
    monkeypatch.setattr(search, "MOST", 2)
    for n in range(3):
        house.submit(n + 1, name=NAME)
    follow(house)
    answer = sought(house.client(OFFICERS["school"]), NAME)
    assert len(set(re.findall(r"/case/(\d{16})/", answer.text))) == 2
    assert "只找了最近的 2 件" in answer.text


def test_a_search_is_recorded_with_what_was_shown_but_not_in_clear(house: House) -> None:
    case = house.submit(21, name=NAME)
    follow(house)
    sought(house.client(OFFICERS["school"]), NAME)
    sought(house.client(OFFICERS["school"]), "没有这个人")
    looks = [each for each in everything(house, "A#") if each.get("look") == "search"]
    assert sorted(each["cases"] for each in looks) == [[], [case.id]]
    assert {each["by"] for each in looks} == {house.person("school").id}
    assert NAME not in repr(looks)
    assert len({each["sought"] for each in looks}) == 2


def test_an_hour_allows_so_many_searches(make_house: MakeHouse) -> None:
    house = make_house(config={"SEARCHES_AN_HOUR": 2})
    client = house.client(OFFICERS["school"])
    codes = [sought(client, NAME).status_code for _ in range(3)]
    assert codes == [200, 200, 429]
    assert "最多 2 次" in sought(client, NAME).text
    assert sought(house.client(OFFICERS["county"]), NAME).status_code == 200
    house.clock.move(hours=1)
    assert sought(client, NAME).status_code == 200


def test_a_search_is_a_read_a_query_for_each_term_and_a_read_of_what_was_found(
    house: House,
) -> None:
    """Beside them what is counted and what is written down: a commit each; and who leads there."""
    cases = [handed_in(house, n, name=NAME, about=ABOUT) for n in (21, 22)]
    follow(house)
    client = house.client(OFFICERS["school"])
    page = sought(client, NAME)
    token = re.findall(r'name="csrf_token" value="([^"]+)"', page.text)[0]
    for text, terms in (("00000000021", 1 + 3), (NAME, 1 + 3), ("孔雀", 1 + 1), ("没有", 1 + 1)):
        reads = 1 if text == "没有" else 2
        with house.store.expect(get=1 + reads, query=terms, commit=2):
            client.post("/search/", data={"csrf_token": token, "q": text}, follow_redirects=True)
    with house.store.expect(get=2):
        client.post("/search/", data={"csrf_token": token, "q": cases[0].id})
    with house.store.expect(get=1):
        client.get("/search/")


def test_nothing_personal_stands_in_an_address(house: House) -> None:
    """The form is sent by POST: neither a log nor a browser remembers whom somebody looked for."""
    page = house.client(OFFICERS["school"]).get("/search/").text
    assert '<form class="seek" method="post"' in page
    assert house.client(OFFICERS["school"]).get(f"/search/?q={NAME}").text.count(NAME) == 0


def address_of(client: FlaskClient, text: str) -> str:
    token = hidden(client.get("/search/").text)["csrf_token"]
    answer = client.post("/search/", data={"csrf_token": token, "q": text, "state": "submitted"})
    assert answer.status_code == 303
    return answer.location


@pytest.mark.parametrize("text", [NAME, "00000000021", identity(21)])
def test_what_was_found_has_an_address_that_names_nobody(house: House, text: str) -> None:
    case = handed_in(house, 21, name=NAME)
    follow(house)
    client = house.client(OFFICERS["school"])
    where = address_of(client, text)
    assert re.fullmatch(r"/search/\?seek=[\w-]{8}&state=submitted", where)
    for _ in range(2):
        assert case.id in client.get(where).text
    assert address_of(client, text) == where, "once more, the same"
    with client.session_transaction() as kept:
        assert "sought" in kept
        assert text not in repr(dict(kept))


def test_it_is_shown_to_nobody_else_and_not_for_long(house: House) -> None:
    case = handed_in(house, 21, name=NAME)
    follow(house)
    client = house.client(OFFICERS["school"])
    where = address_of(client, NAME)
    assert NAME not in house.client(OFFICERS["school"]).get(where).text
    token = house.office.door.open_session(house.person("county"))
    mine = client.get_cookie(COOKIE)
    assert mine
    client.set_cookie(COOKIE, token)
    page = client.get(where).text
    assert "请再查一次" in page
    assert case.id not in page
    client.set_cookie(COOKIE, mine.value)
    assert case.id in client.get(where).text
    house.clock.move(minutes=31)
    assert "请再查一次" in client.get(where).text


def test_the_latest_few_are_kept(house: House) -> None:
    client = house.client(OFFICERS["school"])
    places = [address_of(client, text) for text in ("一二", "二三", "三四", "四五", "字" * 100)]
    said = ["请再查一次" in client.get(where).text for where in places]
    assert said == [True, False, False, False, False]
    cookie = client.get_cookie("kehou_page")
    assert cookie
    assert len(cookie.value) < 4000


def test_the_sample_stays_whole(house: House) -> None:
    house.submit(1, name=NAME)
    follow(house)
    assert not complaints(house)


def test_a_list_is_narrowed_without_its_words_in_an_address(house: House) -> None:
    handed_in(house, 1, name=NAME)
    client = house.client(OFFICERS["school"])
    for page in ("/desk/", "/desk/finished/"):
        leads = narrowed(client, page, NAME)
        assert re.fullmatch(page + r"\?seek=[\w-]{8}", leads), leads
        shown = client.get(leads).text
        assert {NAME, quote(NAME)}.isdisjoint(re.findall(r'(?:href|action)="([^"]*)"', shown))
        assert quote(NAME) not in shown
    assert NAME in client.get(narrowed(client, "/desk/", NAME)).text
    house.clock.move(minutes=31)  # by then the text is forgotten, and no list passes for it
    again = client.get(leads)
    assert (again.status_code, again.location) == (302, "/desk/finished/?tray=")
    assert client.get(leads.replace("finished/", "finished.xlsx")).status_code == 404
