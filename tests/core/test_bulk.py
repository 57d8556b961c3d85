"""Several cases moved at once from the desk: each its own commit, nothing done twice."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.case_items import Case
from core.numbers import fresh_number
from tests.core.conftest import MakeHouse
from tests.core.grants import SECOND, county_of_three, grants_house, request
from tests.core.house import OFFICERS, House
from tests.pages import FORM, hidden, words_of

TRAY = "D#hexi-1#school_officer#grants"


@pytest.fixture
def house(make_house: MakeHouse) -> House:
    return grants_house(make_house)


@pytest.fixture
def cases(house: House) -> list[Case]:
    return [request(house, phone=f"0000000090{n}") for n in range(4)]


def ticked(cases: list[Case]) -> list[str]:
    return [f"{case.id}-{case.v}" for case in cases]


def send(client: FlaskClient, cases: list[str], move: str, **more: Any) -> TestResponse:
    token = hidden(client.get(FORM).text)["csrf_token"]
    sent = {"csrf_token": token, "tray": TRAY, "case": cases, "move": move, **more}
    return client.post("/desk/bulk/", data=sent)


def states(house: House, cases: list[Case]) -> list[str]:
    return [house.now(case).state for case in cases]


def test_the_desk_offers_to_tick_and_the_next_page_what_all_allow(
    house: House, cases: list[Case]
) -> None:
    client = house.client(OFFICERS["school"])
    desk = client.get("/desk/", query_string={"tray": TRAY}).text
    assert f'name="case" value="{cases[0].id}-1"' in desk
    page = client.get("/desk/bulk/", query_string={"tray": TRAY, "case": ticked(cases)}).text
    assert 'value="forward"' in page
    assert 'value="reject"' in page
    assert "成批办理 4 件" in page


def test_each_is_named_with_what_it_is_about_and_the_day_it_was_handed_in(
    house: House, cases: list[Case]
) -> None:
    house.clock.move(days=1)
    cases = [*cases[:1], request(house, phone="00000000909")]
    client = house.client(OFFICERS["school"])
    days = ("11月23日（周一）提交", "11月24日（周二）提交")
    chosen = client.get("/desk/bulk/", query_string={"tray": TRAY, "case": ticked(cases)}).text
    done = send(client, ticked(cases), "forward").text
    for page in (chosen, done):
        assert [words_of(page).count(day) for day in days] == [1, 1]
    other = "D%23hexi-1%23school_officer%23volunteers"
    case = house.submit(1)
    page = client.get(f"/desk/bulk/?tray={other}&case={case.id}-{case.v}").text
    assert "家长 · 阅读、体育 · 11月24日（周二）提交" in words_of(page)


def test_what_needs_a_form_is_not_offered(house: House, cases: list[Case]) -> None:
    moved = [house.do(case, "forward", "school") for case in cases]
    page = house.client(OFFICERS["county"]).get("/desk/bulk/", query_string={"case": ticked(moved)})
    assert 'value="reject"' in page.text
    assert 'value="grant"' not in page.text


def test_what_needs_a_form_or_votes_is_not_done_unasked_for(
    house: House, cases: list[Case]
) -> None:
    moved = [house.do(case, "forward", "school") for case in cases]
    client = house.client(OFFICERS["county"])
    told = send(client, ticked(moved), "grant", comment="同意").text
    assert told.count("这一步要单独办理") == len(moved)
    assert states(house, moved) == [case.state for case in moved]


def test_what_not_all_allow_is_not_offered(house: House, cases: list[Case]) -> None:
    cases[0] = house.do(cases[0], "forward", "school")
    client = house.client(OFFICERS["school"])
    page = client.get("/desk/bulk/", query_string={"case": ticked(cases)}).text
    assert 'value="forward"' not in page


def test_each_is_moved_with_the_comment_and_told_of(house: House, cases: list[Case]) -> None:
    page = send(house.client(OFFICERS["school"]), ticked(cases), "reject", comment="都不符")
    assert "办好 4 件" in page.text
    assert states(house, cases) == ["rejected"] * 4
    for case in cases:
        event = house.office.cases.events(house.now(case))[-1]
        assert case.unseal("comment|2", event["comment"]) == "都不符"


def test_those_that_refuse_say_why_and_keep_no_other_from_its_move(
    house: House, cases: list[Case]
) -> None:
    seen = ticked(cases)
    house.do(cases[1], "withdraw", "00000000901")
    page = send(house.client(OFFICERS["school"]), seen, "reject", comment="不符").text
    assert "办好 3 件，没办成 1 件" in page
    assert "刚刚有人办过这一件" in page
    assert states(house, cases) == ["rejected", "withdrawn", "rejected", "rejected"]
    page = send(house.client(OFFICERS["school"]), ticked(cases), "forward").text
    assert "没办成 4 件" in page


def test_a_missing_comment_refuses_each_in_words(house: House, cases: list[Case]) -> None:
    page = send(house.client(OFFICERS["school"]), ticked(cases), "reject").text
    assert page.count("请写明原因") == 4
    assert states(house, cases) == ["waiting"] * 4


def test_sent_again_it_says_the_same_and_does_nothing(house: House, cases: list[Case]) -> None:
    client, seen = house.client(OFFICERS["school"]), ticked(cases)
    first = send(client, seen, "forward").text
    again = send(client, seen, "forward").text
    assert "办好 4 件" in first
    assert "办好 4 件" in again
    assert [house.now(case).v for case in cases] == [2] * 4


def test_what_a_colleague_did_is_not_told_as_ones_own(house: House, cases: list[Case]) -> None:
    county_of_three(house)
    moved = [house.do(case, "forward", "school") for case in cases]
    seen = ticked(moved)
    send(house.client(SECOND), seen, "reject", comment="不符")
    page = send(house.client(OFFICERS["county"]), seen, "reject", comment="不符").text
    assert "没办成 4 件" in page


def test_cases_of_elsewhere_and_nonsense_are_left_out(house: House, cases: list[Case]) -> None:
    wild = ["", "x", "1-1", f"{fresh_number()}-1", f"{cases[0].id}-x", f"{cases[0].id}-{'9' * 99}"]
    client = house.client(OFFICERS["other_school"])
    assert "办好 0 件" in send(client, [*wild, *ticked(cases)], "forward").text
    assert states(house, cases) == ["waiting"] * 4
    assert send(house.client("00000000112"), ticked(cases), "forward").status_code == 403


def test_at_most_a_hundred_are_taken(house: House) -> None:
    seen = [f"{fresh_number()}-1" for _ in range(150)]
    client = house.client(OFFICERS["school"])
    assert client.get("/desk/bulk/", query_string={"case": seen}).status_code == 200
