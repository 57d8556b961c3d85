"""The pages of an invitation: the school's form, the volunteer's tap, the lists of both."""

import re

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.core.house import OFFICERS, House, case_id_of
from tests.pages import fictional_phone, hidden
from tests.plugins.volunteers.inviting import FRIDAY, accepted, confirmed, invite

START = "/hexi-1/volunteers/new/inviting/"
FIRST = {
    "course": "晨读时光",
    "date": FRIDAY,
    "starts": "16:30",
    "ends": "17:20",
    "specialty": "reading",
    "room": "阅览室",
    "pupils": "24",
    "staff_present": "单老师",
}


def first_page(client: FlaskClient, **other: str) -> tuple[str, TestResponse]:
    """Fill in what and when; return the address of the next page and the page."""
    carried = hidden(client.get(START).text)
    answer = client.post(START, data={**carried, **FIRST, **other, "action": "next"})
    assert answer.status_code == 303, answer.text
    return answer.location, client.get(answer.location)


def hand_in(client: FlaskClient, volunteer: str, **other: str) -> TestResponse:
    address, page = first_page(client, **other)
    sent = {**hidden(page.text), "volunteer": volunteer, "action": "submit"}
    return client.post(address, data=sent)


def test_a_school_invites_on_two_pages_and_lands_on_the_case(house: House) -> None:
    volunteer = house.cleared(1)
    client = house.client(OFFICERS["school"])
    answer = hand_in(client, volunteer.id)
    case = house.office.cases.get(case_id_of(answer))
    assert case is not None
    assert (case.item["about"], case.state) == (volunteer.id, "invited")
    page = client.get(answer.location).text
    assert "待志愿者答复" in page
    assert "收回邀请" in page
    with client.session_transaction() as kept:
        assert not kept.get("receipts")


def test_the_same_page_sent_twice_is_one_invitation(house: House) -> None:
    volunteer = house.cleared(1)
    client = house.client(OFFICERS["school"])
    address, page = first_page(client)
    sent = {**hidden(page.text), "volunteer": volunteer.id, "action": "submit"}
    first, second = (client.post(address, data=sent) for _ in range(2))
    assert case_id_of(first) == case_id_of(second)


def test_the_second_page_lists_who_fits_and_says_of_how_many(house: House) -> None:
    house.cleared(1)
    house.cleared(2, times=["monday"])
    house.cleared(3, specialties=["opera"])
    _, page = first_page(house.client(OFFICERS["school"]))
    assert "测试1（阅读、体育；审核有效到2027年11月23日）" in page.text
    assert "测试2" not in page.text
    assert "测试3" not in page.text
    assert "共 3 个可选，符合“日期”“需要哪种特长”的有 1 个" in page.text or re.search(
        r"共 3 个可选，符合“[^<]+”的有 1 个", page.text
    )


def test_where_nobody_fits_the_page_says_why_and_what_to_do(house: House) -> None:
    house.cleared(1)
    _, page = first_page(house.client(OFFICERS["school"]), specialty="opera")
    assert "没有一个符合前面填的" in page.text
    assert "请回上一步换一换再看" in page.text


def test_who_does_not_fit_is_not_taken_either(house: House) -> None:
    volunteer = house.cleared(1)
    answer = hand_in(house.client(OFFICERS["school"]), volunteer.id, specialty="opera")
    assert answer.status_code == 303
    assert "check=all" in answer.location
    assert house.office.cases.get(answer.location.split("/")[4]) is None


def test_what_stands_against_it_is_said_on_the_page_and_in_english(house: House) -> None:
    volunteer = house.cleared(1)
    invite(house, volunteer)
    client = house.client(OFFICERS["school"])
    answer = hand_in(client, volunteer.id)
    assert answer.status_code == 422
    assert "这段时间已有安排" in answer.text
    client.set_cookie("lang", "en")
    answer = hand_in(client, volunteer.id)
    assert "busy at that time" in answer.text


@pytest.mark.parametrize(
    ("who", "status"),
    [("", 302), ("00000000112", 403), (OFFICERS["other_school"], 403), (OFFICERS["school"], 200)],
)
@pytest.mark.parametrize("way", ["get", "post"])
def test_only_who_holds_the_role_there_opens_the_form(
    house: House, who: str, status: int, way: str
) -> None:
    client = house.client(who)
    if way == "get":
        answer = client.get(START)
    else:
        opener = client if status == 200 else house.client(OFFICERS["school"])
        own = hidden(opener.get(START).text)
        token = hidden(client.get("/receipt/").text)["csrf_token"]
        answer = client.post(START, data={**own, **FIRST, "csrf_token": token, "action": "next"})
        status = 303 if status == 200 else status
    assert answer.status_code == status


@pytest.mark.parametrize("workflow", ["nothing", "vetting/x", "%00"])
def test_there_is_no_form_of_another_workflow(house: House, workflow: str) -> None:
    client = house.client(OFFICERS["school"])
    assert client.get(f"/hexi-1/volunteers/new/{workflow}/").status_code == 404


def test_a_case_id_signed_for_the_public_form_opens_no_officers_one(house: House) -> None:
    client = house.client(OFFICERS["school"])
    public = hidden(client.get("/hexi-1/volunteers/").text)
    answer = client.post(START, data={**public, **FIRST, "action": "next"})
    assert answer.status_code == 400


def test_the_desk_leads_to_the_form_and_to_the_sessions(house: House) -> None:
    client = house.client(OFFICERS["school"])
    desk = client.get("/desk/?tray=D%23hexi-1%23school_officer%23volunteers").text
    assert START in desk
    assert "/hexi-1/volunteers/sessions/" in desk
    county = "/desk/?tray=D%23qinghe%23county_officer%23volunteers"
    assert START not in house.client(OFFICERS["county"]).get(county).text
    assert START not in client.get("/hexi-zhen/").text


def test_one_tap_on_the_list_of_ones_own_cases_accepts(house: House) -> None:
    case = invite(house, house.cleared(1))
    client = house.client(fictional_phone(1))
    page = client.get("/my/").text
    tap = f"/hexi-1/case/{case.id}/do/accept/"
    assert f'formaction="{tap}"' in page
    assert f'formaction="{tap.replace("accept", "decline")}"' in page
    assert "withdraw" not in page
    token = hidden(page)["csrf_token"]
    answer = client.post(tap, data={"csrf_token": token, "seen": str(case.v)})
    assert answer.status_code == 302
    page = client.get(answer.location).text
    assert "您已接受，到时候见" in page
    assert "撤回上一步" in page


def test_the_volunteer_reads_what_it_is_about_and_may_say_a_word_with_a_no(house: House) -> None:
    case = invite(house, house.cleared(1), request="请带上剪刀")
    client = house.client(fictional_phone(1))
    page = client.get(f"/hexi-1/case/{case.id}/").text
    for words in ("晨读时光", "2026年12月4日", "16:30", "阅览室", "单老师", "请带上剪刀"):
        assert words in page
    sent = {"csrf_token": hidden(page)["csrf_token"], "seen": str(case.v), "comment": "出差"}
    client.post(f"/hexi-1/case/{case.id}/do/decline/", data=sent)
    assert house.now(case).state == "turned_down"
    assert "出差" in house.client(OFFICERS["school"]).get(f"/hexi-1/case/{case.id}/").text


def test_a_receipts_holder_does_not_read_whose_invitation_it_is(house: House) -> None:
    case = invite(house, house.cleared(1))
    client = house.client()
    page = client.get("/receipt/").text
    sent = {"csrf_token": hidden(page)["csrf_token"], "number": case.id, "tail": "0001"}
    answer = client.post("/receipt/", data=sent)
    assert answer.status_code == 302
    page = client.get(answer.location).text
    assert "单老师" not in page
    assert "测试1" not in page
    assert "do/accept" not in page


def test_the_schools_list_shows_what_lies_ahead_and_the_volunteers_what_was_done(
    house: House,
) -> None:
    volunteer, other = house.cleared(1), house.cleared(2)
    accepted(house, other, 2)
    officer, own = house.client(OFFICERS["school"]), house.client(fictional_phone(1))
    assert "测试2" in officer.get("/hexi-1/volunteers/sessions/").text
    confirmed(house, volunteer, 1)
    page = officer.get("/hexi-1/volunteers/sessions/").text
    assert "测试1" not in page
    hours = own.get("/hexi-zhen/volunteers/hours/").text
    assert "上了 1 次课，共 50 分钟" in hours
    assert "测试2" not in hours


@pytest.mark.parametrize("who", ["00000000112", OFFICERS["other_school"]])
def test_a_schools_list_is_for_its_own_officers(house: House, who: str) -> None:
    assert house.client(who).get("/hexi-1/volunteers/sessions/").status_code == 403


def test_an_invitation_costs_a_read_more_for_each_question_and_one_commit(house: House) -> None:
    first, second = house.cleared(1), house.cleared(2)
    client = house.client(OFFICERS["school"])
    hand_in(client, first.id)
    address, page = first_page(client)
    sent = {**hidden(page.text), "volunteer": second.id, "action": "submit"}
    with house.store.expect(get=6, query=1, commit=1):
        client.post(address, data=sent)
