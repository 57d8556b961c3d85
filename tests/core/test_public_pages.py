"""What everybody sees alike may be kept on the way; what is somebody's never is."""

import re
from collections.abc import Callable

import pytest

from core.case_items import Case
from tests.core.conftest import MakeHouse
from tests.core.grants import grants_house, request
from tests.core.house import OFFICERS, House
from tests.pages import PLACE, words_of

PUBLIC = (
    "/qinghe/",
    f"/{PLACE}/",
    f"/{PLACE}/cloud_classroom/list/",
    f"/{PLACE}/open-figures/",
    f"/{PLACE}/policy/",
    f"/{PLACE}/calendar/",
    "/policy/",
    "/yunhe/choose/feedback/",
)
OWN = (f"/{PLACE}/volunteers/", "/receipt/", "/sign-in/", f"/{PLACE}/feedback/")


@pytest.mark.parametrize("path", PUBLIC)
def test_a_page_for_everybody_is_kept_for_half_a_minute_and_asked_after_by_its_tag(
    house: House, path: str
) -> None:
    client = house.client()
    page = client.get(path)
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "public, max-age=30"
    assert "Cookie" in page.headers["Vary"]
    assert "Set-Cookie" not in page.headers
    again = client.get(path, headers={"If-None-Match": page.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Cache-Control"] == "public, max-age=30"


@pytest.mark.parametrize("path", PUBLIC)
def test_what_somebody_signed_in_sees_is_kept_nowhere(house: House, path: str) -> None:
    page = house.client(OFFICERS["county"]).get(path)
    assert "林静" in page.text
    assert page.headers["Cache-Control"] == "private, no-store"
    assert "ETag" not in page.headers


@pytest.mark.parametrize("path", OWN)
def test_a_page_with_a_token_in_it_is_kept_nowhere(house: House, path: str) -> None:
    page = house.client().get(path)
    assert "csrf_token" in page.text
    assert "no-store" in page.headers["Cache-Control"]


def test_control_a_public_page_that_reads_the_session_is_no_longer_public(house: House) -> None:
    template = house.app.jinja_env.from_string("{{ csrf_token() }}")
    house.app.jinja_env.globals["at_foot"] = lambda _: [template.render()][:0]
    client = house.client()
    for _ in range(2):  # the token is made, then read
        page = client.get(f"/{PLACE}/")
        assert page.headers["Cache-Control"] == "private, no-store"


def test_another_language_has_another_tag(house: House) -> None:
    client = house.client()
    before = client.get(f"/{PLACE}/").headers["ETag"]
    client.set_cookie("lang", "en")
    after = client.get(f"/{PLACE}/", headers={"If-None-Match": before})
    assert after.status_code == 200
    assert after.headers["ETag"] != before


def test_a_page_changes_its_tag_with_what_is_in_force(house: House) -> None:
    client = house.client()
    before = client.get(f"/{PLACE}/").headers["ETag"]
    house.office.places.switch(PLACE, "volunteers", "off", "某人", "2026-11-23T02:00:00.000Z")
    after = client.get(f"/{PLACE}/", headers={"If-None-Match": before})
    assert after.status_code == 200


def test_an_address_sent_to_a_chat_is_shown_with_its_title_a_line_and_a_picture(
    make_house: MakeHouse,
) -> None:
    house = make_house(config={"ADDRESS": "http://localhost"})
    for path, title in ((f"/{PLACE}/", "禾溪镇"), (f"/{PLACE}/volunteers/", "志愿者登记")):
        page = house.client().get(path).text
        told = dict(re.findall(r'property="og:(\w+)" content="([^"]*)"', page))
        assert title in told["title"]
        assert told["description"]
        assert told["url"] == f"http://localhost{path}"
        picture = house.client().get(told["image"].removeprefix("http://localhost"))
        assert picture.content_type.startswith("image/png")
        assert picture.data[:4] == b"\x89PNG"


def test_of_two_hosts_neither_is_told_of_in_the_others_page(house: House) -> None:
    path = f"/{PLACE}/volunteers/"
    house.client().get(path, base_url="http://evil.example")
    assert "evil.example" not in house.client().get(path).text


def test_where_people_complain_stands_at_the_foot_of_every_page_of_the_place(
    house: House,
) -> None:
    link = f'<a href="/{PLACE}/feedback/">'
    for path in (*PUBLIC[1:6], f"/{PLACE}/volunteers/", f"/{PLACE}/bookings/"):
        foot = house.client().get(path, follow_redirects=True).text.partition("<footer")[2]
        assert link in foot, path
    house.office.places.switch(PLACE, "feedback", "off", "某人", "2026-11-23T02:00:00.000Z")
    foot = house.client().get(f"/{PLACE}/").text.partition("<footer")[2]
    assert link not in foot


@pytest.fixture
def foot(house: House) -> Callable[[str], str]:
    return lambda path: house.client().get(path).text.partition("<footer")[2]


def test_a_county_and_a_city_lead_on_to_where_one_can_complain(
    house: House, foot: Callable[[str], str]
) -> None:
    for level in ("yunhe", "qinghe"):
        assert f'<a href="/{level}/choose/feedback/">我要提意见或投诉（先选您在哪里）' in foot(
            f"/{level}/"
        )
    city = house.client().get("/yunhe/choose/feedback/").text
    assert "/qinghe/choose/feedback/" in city
    assert "baiting" not in city.partition("<main")[2].partition("<footer")[0], "it has no district"
    county = house.client().get("/qinghe/choose/feedback/").text
    assert '<a class="row-link" href="/hexi-zhen/feedback/">' in county
    assert "choose" not in foot(f"/{PLACE}/")


def test_it_leads_nowhere_where_nobody_has_it(house: House, foot: Callable[[str], str]) -> None:
    at = "2026-11-23T02:00:00.000Z"
    for district in ("hexi-zhen", "liuting-zhen", "songlan-xiang"):
        house.office.places.switch(district, "feedback", "off", "某人", at)
    page = words_of(house.client().get("/qinghe/choose/feedback/").text)
    assert "青禾县的片区还没有开通这项服务。 请打监督电话 0355-0000000。" in page
    house.office.places.switch("qinghe", "feedback", "off", "某人", at)
    assert "choose" not in foot("/qinghe/")
    for path in ("/qinghe/choose/feedback/", "/qinghe/choose/volunteers/", "/qinghe/choose/x/"):
        assert house.client().get(path).status_code == 404
    house.office.places.switch("qinghe", "feedback", "required", "某人", at)
    assert '<a href="/qinghe/feedback/">' in foot("/qinghe/")
    assert "choose" not in foot("/qinghe/")
    answer = house.client().get("/qinghe/choose/feedback/")
    assert answer.location == "/qinghe/feedback/"


def filed(house: House, many: int) -> list[Case]:
    found = [house.submit(n) for n in range(1, many + 1)]
    house.office.ticks.tick()
    house.office.ticks.release()
    return found


def test_figures_for_everybody_say_nothing_of_fewer_than_five(make_house: MakeHouse) -> None:
    for many, told in ((4, False), (5, True)):
        house = make_house()
        filed(house, many)
        page = house.client().get(f"/{PLACE}/open-figures/").text
        assert ("志愿者登记" in page.partition("<main")[2]) == told
        assert ("不足 5 件" in page) is True
        assert (">5<" in page) == told


def test_figures_for_everybody_count_what_is_finished_and_in_time(
    make_house: MakeHouse,
) -> None:
    house = grants_house(make_house)
    cases = [request(house, phone=f"000000007{n:02}") for n in range(12)]
    for case in cases[:11]:
        house.do(case, "reject", "school", comment="联系不上")
    house.clock.move(minutes=11)
    house.office.ticks.tick()
    house.office.ticks.release()
    page = house.client().get(f"/{PLACE}/open-figures/").text
    row = re.search(r"<tr>(?:(?!</tr>).)*经费申请.*?</tr>", page, re.DOTALL)
    assert row
    assert re.findall(r">\s*([\d.]+%?)\s*<", row[0]) == ["10", "10", "100.0%"]
