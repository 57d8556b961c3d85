"""A lookup is told the answers that narrow it, on whatever page they stand."""

import re
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.core.conftest import MakeHouse
from tests.core.house import OFFICERS, House, case_id_of
from tests.core.lending import ASK, ASKED, halls_house
from tests.pages import hidden, send, sent_back

DAY = {"hall": "big", "day": "2026-12-02"}
LOOK = {"action": "look:hour"}


@pytest.fixture
def house(make_house: MakeHouse, tmp_path: Path) -> House:
    return halls_house(make_house, tmp_path / "more")


def offered(page: TestResponse) -> list[str]:
    """Return the hours that a page offers."""
    return re.findall(r'name="hour" value="([^"]+)"', page.text)


def looked(client: FlaskClient, **given: Any) -> TestResponse:
    """Fill in the first page and ask what can be chosen."""
    page: TestResponse = send(client, client.get(ASK), {**given, **LOOK})
    return page


def test_nothing_is_offered_before_it_is_known_what_is_asked(house: House) -> None:
    page = house.client().get(ASK)
    assert offered(page) == []
    assert "请先填“哪个礼堂”“哪一天”，再看有哪些可选" in page.text
    assert "看看有哪些可选" in page.text
    assert {} in ASKED


def test_the_lookup_is_told_each_clean_answer_by_the_name_of_its_fact(house: House) -> None:
    looked(house.client(), hall="big", day="2026年12月2日")
    assert ASKED[-1] == {"hall": "big", "day": "2026-12-02"}


def test_what_is_still_unanswered_or_wrong_is_absent(house: House) -> None:
    looked(house.client(), hall="cellar", day="2026-12-02")
    assert ASKED[-1] == {"day": "2026-12-02"}


def test_a_look_comes_back_to_the_same_page_with_what_was_typed(house: House) -> None:
    client = house.client()
    first = client.get(ASK)
    sent = {**hidden(first.text), **DAY, "heads": "二十", "phone": "00000000112", **LOOK}
    answer = client.post(ASK, data=sent)
    assert answer.status_code == 303
    assert answer.location.endswith("#f-hour")
    page = client.get(answer.location)
    assert offered(page) == ["09:00", "10:30"]
    assert "符合“哪个礼堂”“哪一天”的有 2 个" in page.text
    assert 'value="二十"' in page.text
    assert 'value="00000000112"' in page.text
    assert "data-error-summary" not in page.text


def test_a_page_asks_a_lookup_once_for_the_same_answers(house: House) -> None:
    client = house.client()
    page = looked(client, **DAY)
    ASKED.clear()
    client.get(page.request.path)
    assert ASKED == [{"hall": "big", "day": "2026-12-02"}]


def test_a_day_on_which_nothing_is_offered_says_so(house: House) -> None:
    page = looked(house.client(), hall="small", day="2026-12-03")
    assert offered(page) == []
    assert "没有符合“哪个礼堂”“哪一天”的。请换一换再看" in page.text


def test_what_was_offered_is_taken(house: House) -> None:
    client = house.client()
    page = looked(client, **DAY)
    given = {**DAY, "hour": "10:30", "heads": "20", "phone": "00000000112", "agreed": "true"}
    done = send(client, send(client, page, given), {"purpose": "排练", "action": "submit"})
    case = house.office.cases.get(case_id_of(done))
    assert case is not None
    assert (case.answers["day"], case.answers["hour"]) == ("2026-12-02", "10:30")


def test_a_choice_that_no_longer_fits_is_refused_and_said(house: House) -> None:
    client = house.client()
    page = looked(client, **DAY, hour="10:30")
    for action in ("next", "look:hour"):
        given = {**DAY, "day": "2026-12-03", "hour": "10:30", "action": action}
        said = sent_back(send(client, page, given))
        assert "您选的这一项和“哪个礼堂”“哪一天”对不上，请重新选一项" in said


def test_one_that_fits_after_the_change_as_well_stands(house: House) -> None:
    client = house.client()
    page = looked(client, **DAY, hour="09:00")
    page = send(client, page, {"hall": "big", "day": "2026-12-03", "hour": "09:00", **LOOK})
    assert 'value="09:00" checked' in page.text
    assert "data-error-summary" not in page.text


def test_what_the_browser_follows_by_itself_follows_a_narrowed_choice(house: House) -> None:
    page = looked(house.client(), **DAY, hour="09:00")
    early = page.text.split('data-field="early"')[1]
    assert "hidden" not in early.split(">")[0]
    page = looked(house.client(), **DAY, hour="10:30")
    early = page.text.split('data-field="early"')[1]
    assert "hidden" in early.split(">")[0]


def test_an_officers_step_is_narrowed_and_looks_alike(house: House) -> None:
    client = house.client()
    given = {**DAY, "hour": "10:30", "phone": "00000000112"}
    page = send(client, looked(client, **DAY), given)
    case_id = case_id_of(send(client, page, {"purpose": "排练", "action": "submit"}))
    officer, path = house.client(OFFICERS["school"]), f"/hexi-1/case/{case_id}/do/change_time/"
    step = officer.get(path)
    assert offered(step) == []
    small = {**hidden(step.text), "hall": "small", "day": "2026-12-02"}
    step = officer.post(path, data={**small, "hour": "10:30", "comment": "抱歉", **LOOK})
    assert offered(step) == ["14:00"]
    assert "您选的这一项和“换哪个礼堂”“换哪一天”对不上" in step.text
    assert "抱歉" in step.text
    refused = officer.post(path, data={**small, "hour": "10:30"})
    assert refused.status_code == 422
    assert officer.post(path, data={**small, "hour": "14:00"}).status_code == 302
