"""Large type and the other language, chosen in the middle of a form: nothing typed is lost."""

import re

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.core.conftest import MakeHouse
from tests.core.grants import grants_house, request
from tests.core.house import OFFICERS, House
from tests.core.test_bulk import send, ticked
from tests.pages import hidden

COMMENT = "原件已看过，还差签名"
TYPED = {"identity_checked_on": "2026-11-20", "original_seen": "true", "comment": COMMENT}


@pytest.fixture
def house(make_house: MakeHouse) -> House:
    return grants_house(make_house)


def chosen(client: FlaskClient, path: str, action: str) -> TestResponse:
    sent = {**hidden(client.get(path).text), **TYPED, "action": action}
    return client.post(path, data=sent)


@pytest.mark.parametrize("action", ["size:large", "language:en"])
def test_a_moves_page_comes_back_with_what_was_typed(house: House, action: str) -> None:
    case, officer = house.submit(1), house.client(OFFICERS["school"])
    path = f"/hexi-zhen/case/{case.id}/do/verify/"
    page = officer.get(path).text
    assert f'form="move" name="action" value="{action}"' in page
    answer = chosen(officer, path, action)
    assert answer.status_code == 200
    assert ('class="large"' in answer.text) == (action == "size:large")
    assert ('lang="en"' in answer.text.splitlines()[1]) == (action == "language:en")
    assert 'value="2026-11-20"' in answer.text
    assert COMMENT in answer.text
    assert "error-summary" not in answer.text
    assert re.search(r'name="original_seen"[^>]* checked', answer.text)
    assert house.now(case).state == "submitted"
    assert ('class="large"' in officer.get("/desk/").text) == (action == "size:large")


def test_marks_and_reason_come_back_too(house: House) -> None:
    case, officer = house.submit(1), house.client(OFFICERS["school"])
    path = f"/hexi-zhen/case/{case.id}/do/return/"
    sent = {**hidden(officer.get(path).text), "marks": ["name", "phone"], "comment": COMMENT}
    page = officer.post(path, data={**sent, "action": "size:large"}).text
    for name in ("name", "phone"):
        assert f'value="{name}" checked' in page
    assert COMMENT in page


def test_moving_several_keeps_the_move_and_the_comment(house: House) -> None:
    cases = [request(house, phone=f"0000000090{n}") for n in range(2)]
    client = house.client(OFFICERS["school"])
    page = send(client, ticked(cases), "reject", comment=COMMENT, action="size:large").text
    assert 'class="large"' in page
    assert COMMENT in page
    assert 'value="reject" checked' in page
    assert {house.now(case).state for case in cases} == {"waiting"}
    page = send(client, ticked(cases), "", comment=COMMENT).text
    assert COMMENT in page
