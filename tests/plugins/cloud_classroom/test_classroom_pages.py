"""A pupil finds, opens, reports in one tap, asks beforehand, and enters an hour when it begins."""

from datetime import UTC, datetime

from tests.core.house import OFFICERS, House, everything
from tests.pages import hidden
from tests.plugins.cloud_classroom.recommending import TEACHER, URL, looked_at, recommend

LIST = "/hexi-zhen/cloud_classroom/list/"
QA = "master_teacher_qa"


def entry(house: House, case_id: str) -> str:
    page = house.client().get(f"{LIST}{house.public(case_id)}/")
    assert page.status_code == 200
    return page.text


def report(house: House, case_id: str, times: int = 1) -> set[int]:
    """Tap so often; return what was answered."""
    client = house.client()
    token = hidden(client.get(f"{LIST}{house.public(case_id)}/").text)
    path = f"/hexi-zhen/cloud_classroom/broken/{house.public(case_id)}/"
    return {client.post(path, data=token).status_code for _ in range(times)}


def test_the_public_is_led_from_the_portal_to_the_list_and_out(house: House) -> None:
    house.net.answers[URL] = 200
    case = recommend(house, title="二十四节气剪纸", subject="arts")
    recommend(house, title="水的蒸发")
    assert LIST in house.client().get("/hexi-zhen/").text
    assert house.client().get("/hexi-zhen/cloud_classroom/").location == LIST
    found = house.client().get(f"{LIST}?q=剪纸&subject=arts").text
    assert "二十四节气剪纸" in found
    assert "水的蒸发" not in found
    assert f'href="{URL}"' in entry(house, case.id)


def test_a_broken_link_is_reported_in_one_tap_by_nobody_known(house: House) -> None:
    house.net.answers[URL] = 200
    case = looked_at(house, recommend(house))
    assert report(house, case.id) == {200}
    now = looked_at(house, case)
    assert (now.state, now.item["desk"]) == ("reported", ["county_officer", "qinghe"])
    assert "县教育局在查" in entry(house, case.id)
    assert house.do(now, "keep", "county").state == "published"


def test_what_is_reported_stays_until_the_county_has_looked(house: House) -> None:
    house.net.answers[URL] = 200
    case = looked_at(house, recommend(house))
    house.net.answers[URL] = 404
    report(house, case.id)
    assert looked_at(house, case).state == "reported"
    assert house.public(case.id) in house.client().get(LIST).text


def test_nothing_is_reported_or_shown_that_is_not_public(house: House) -> None:
    case = recommend(house, TEACHER, "hexi-1", title="还没公布的")
    client = house.client()
    token = hidden(client.get(LIST).text) or hidden(client.get("/receipt/").text)
    answer = client.post(f"/hexi-zhen/cloud_classroom/broken/{house.public(case.id)}/", data=token)
    assert answer.status_code == 404
    assert "还没公布的" not in answer.text


def test_a_number_that_is_public_opens_nothing_by_itself(house: House) -> None:
    house.net.answers[URL] = 200
    case, client = looked_at(house, recommend(house)), house.client()
    sent = {**hidden(client.get("/receipt/").text), "number": case.id}
    for tail in ("", "0000", "-"):
        assert client.post("/receipt/", data={**sent, "tail": tail}).status_code == 404


def test_reports_are_counted_by_address_and_hour(house: House) -> None:
    house.net.answers[URL] = 200
    case = looked_at(house, recommend(house))
    assert report(house, case.id, 20) == {200}
    assert report(house, recommend(house).id) == {429}


def test_the_room_of_an_hour_opens_fifteen_minutes_before_it(house: House) -> None:
    case = recommend(house, kind=QA)
    path, room = f"/hexi-zhen/cloud_classroom/join/{house.public(case.id)}/", case.answers["join"]
    times = [("10:44", False), ("10:45", True), ("11:59", True), ("12:01", False)]
    for clock, is_open in times:  # in UTC; it is from 19:00 to 20:00 in China
        hour, minute = map(int, clock.split(":"))
        house.clock.at = datetime(2026, 12, 2, hour, minute, tzinfo=UTC)
        assert (room in house.client().get(path).text) is is_open, clock
    pages = house.client().get(LIST).text + entry(house, case.id)
    assert room not in pages + repr(list(everything(house, "PB#")))


def test_a_question_is_handed_in_beforehand_without_a_name(house: House) -> None:
    case, client = recommend(house, kind=QA), house.client()
    start = "/hexi-zhen/cloud_classroom/new/asking/"
    page = client.get(f"{start}?session={house.public(case.id)}")
    assert page.status_code == 200
    assert "作文怎么开头（12月2日 19:00，查老师）" in page.text
    asked = {"session": house.public(case.id), "grade": "9", "question": "写景怎么开头"}
    answer = client.post(start, data={**hidden(page.text), **asked, "action": "submit"})
    assert answer.status_code == 302, answer.text
    county = house.client(OFFICERS["county"])
    desk = "/desk/?tray=D%23qinghe%23county_officer%23cloud_classroom"
    assert "写景怎么开头" in county.get(desk).text


def test_officers_begin_and_the_public_does_not(house: House) -> None:
    start = "/qinghe/cloud_classroom/new/sharing/"
    assert house.client().get(start).location.startswith("/sign-in/")
    assert house.client("00000000112").get(start).status_code == 403
    assert house.client(OFFICERS["county"]).get(start).status_code == 200
    desk = "/desk/?tray=D%23qinghe%23county_officer%23cloud_classroom"
    assert start in house.client(OFFICERS["county"]).get(desk).text


def test_a_list_is_light(house: House) -> None:
    """100 kB before pictures; what all pages share is held elsewhere."""
    for n in range(30):
        recommend(house, title=f"三年级科学：水的蒸发，第 {n} 讲", intro="一杯热水。" * 50)
    assert len(house.client().get(LIST).data) < 60_000
