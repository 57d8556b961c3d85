"""The page of a move that changes answers: what it shows, refuses, keeps and records."""

from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.case_items import Case
from tests.core.conftest import MakeHouse
from tests.core.house import OFFICERS, House, everything
from tests.core.outings import DISTRICT, PHONE, asked, offer, outings_house
from tests.pages import hidden, words_of

COUNTY = OFFICERS["county"]


@pytest.fixture
def house(make_house: MakeHouse, tmp_path: Path) -> House:
    return outings_house(make_house, tmp_path / "plugins")


def address(case: Case, move: str = "") -> str:
    return f"/{DISTRICT}/case/{case.id}/" + (f"do/{move}/" if move else "")


def filled(**other: Any) -> dict[str, Any]:
    """Return what a browser sends where nothing was changed, but for this."""
    return {
        "date": "2026-12-02",
        "slot": "9",
        "code": "",
        "phone": PHONE,
        "classes.row": "0",
        "classes.0.name": "一班",
        "classes.0.heads": "30",
        **other,
    }


def sent(client: FlaskClient, case: Case, move: str = "change", **given: Any) -> TestResponse:
    carried = hidden(client.get(address(case, move)).text)
    return client.post(address(case, move), data={**carried, "action": "", **given})


def looks(house: House) -> list[tuple[str, str]]:
    return [(each["look"], each["by"]) for each in everything(house, "A#") if "look" in each]


def test_the_page_shows_just_these_fields_filled_in_with_what_stands(house: House) -> None:
    page = house.client(COUNTY).get(address(asked(house, plan=None), "change")).text
    for shown in ('value="2026-12-02"', 'value="9" checked', f'value="{PHONE}"', 'value="一班"'):
        assert shown in page, shown
    assert 'name="classes.0.heads" value="30"' in page
    assert 'id="f-comment"' in page
    for other in ("bus", "company", "heads", "plan"):
        assert f'id="f-{other}"' not in page, other


@pytest.mark.parametrize("phone", [COUNTY, PHONE])
def test_what_was_changed_is_done_and_told_in_words_to_both_sides(house: House, phone: str) -> None:
    case = asked(house)
    given = filled(date="2026-12-03", **{"classes.0.heads": "20"})
    assert sent(house.client(phone), case, **given).status_code == 302
    assert house.now(case).answers["heads"] == 20
    for reader in (COUNTY, PHONE):
        page = house.client(reader).get(address(case)).text
        assert "改了：日期、班级、总人数" in words_of(page)
    english = house.client(COUNTY)
    english.set_cookie("lang", "en")
    assert "Changed: 日期, 班级, 总人数" in words_of(english.get(address(case)).text)


def test_what_is_refused_stands_at_its_field_and_everything_typed_is_kept(house: House) -> None:
    case, client = asked(house), house.client(COUNTY)
    given = filled(date="三号", comment="路上堵", **{"classes.0.heads": "0"})
    back = sent(client, case, **given)
    assert back.status_code == 422
    assert 'href="#f-date">日期：' in back.text
    assert 'href="#f-classes.0.heads">班级 1 · 人数：' in back.text
    assert 'id="e-date"' in back.text
    assert 'value="三号"' in back.text
    assert "路上堵" in back.text
    assert house.now(case).v == case.v


def test_python_and_guard_refuse_in_words_and_the_version_is_kept(house: House) -> None:
    case, client = asked(house), house.client(PHONE)
    back = sent(client, case, **filled(date="2026-12-25"))
    assert (back.status_code, 'href="#f-date">日期：这一天不开放' in back.text) == (422, True)
    back = sent(client, case, **filled(**{"classes.0.heads": "13"}))
    assert (back.status_code, "不能是 13 人" in back.text) == (422, True)
    assert hidden(back.text)["seen"] == "1"


def test_both_forms_of_a_move_tell_their_problems_at_once(house: House) -> None:
    case, client = asked(house), house.client(COUNTY)
    back = sent(client, case, "counter", date="", slot="9", comment="改天")
    assert back.status_code == 422
    assert 'href="#f-date">日期：' in back.text
    assert 'href="#f-guide">讲解员：' in back.text
    done = sent(client, case, "counter", date="2026-12-04", slot="10", guide="李", comment="改天")
    assert done.status_code == 302
    now = house.now(case)
    assert (now.state, now.answers["slot"]["value"]) == ("countered", "10")


def test_a_field_that_the_page_does_not_ask_is_named_in_what_is_missing(house: House) -> None:
    client = house.client(COUNTY)
    case = house.do(asked(house), "counter", "county", step={"guide": "李"}, comment="改")
    back = sent(client, case, bus="true", **{"classes.row": "0", "classes.0.name": "一班"})
    assert "<li>车队：" in " ".join(back.text.split()).replace("> ", ">")
    assert "#f-company" not in back.text


def test_rows_are_added_without_losing_what_was_typed_or_refusing_it_yet(house: House) -> None:
    client, case = house.client(PHONE), asked(house)
    page = sent(client, case, **filled(date="", action="add:classes"))
    assert page.status_code == 200
    assert 'id="f-classes.1"' in page.text
    assert 'id="e-date"' not in page.text
    assert 'name="classes.0.heads" value="30"' in page.text


def test_a_choice_that_has_gone_stays_on_the_page_and_may_stay(house: House) -> None:
    client, case = house.client(PHONE), asked(house)
    offer(house, "10")
    page = client.get(address(case, "change")).text
    assert 'name="slot" value="9" checked' in page
    assert 'name="slot" value="10"' in page
    assert sent(client, case, **filled(date="2026-12-03")).status_code == 302
    assert house.now(case).answers["slot"] == {"value": "9", "label": "9点"}
    back = sent(client, house.now(case), **filled(slot="11"))
    assert (back.status_code, 'href="#f-slot">' in back.text) == (422, True)


def test_a_reason_is_asked_for_where_one_would_do(house: House) -> None:
    client, case = house.client(PHONE), asked(house)
    fifty = filled(**{"classes.0.heads": "50"})
    assert 'id="f-comment"' not in client.get(address(case, "change")).text
    back = sent(client, case, **fifty)
    assert (back.status_code, 'id="f-comment"' in back.text) == (422, True)
    assert sent(client, case, **fifty, comment="拼车").status_code == 302


def test_an_officers_sight_of_personal_answers_is_recorded_and_ones_own_is_not(
    house: House,
) -> None:
    case = asked(house)
    house.client(PHONE).get(address(case, "change"))
    assert looks(house) == []
    assert PHONE in house.client(COUNTY).get(address(case, "change")).text
    assert looks(house) == [("phone", house.person("county").id)]
    house.client(COUNTY).get(address(case, "counter"))
    assert len(looks(house)) == 1


def test_nobody_else_sees_the_page_or_posts_to_it(house: House) -> None:
    case = asked(house)
    for phone in (OFFICERS["other_county"], "00000000799"):
        client = house.client(phone)
        assert client.get(address(case, "change")).status_code == 403
        token = hidden(client.get(f"/{DISTRICT}/outings/").text)["csrf_token"]
        data = {"csrf_token": token, "seen": "1", **filled(date="2026-12-03")}
        assert client.post(address(case, "change"), data=data).status_code == 403
    assert looks(house) == []


def test_a_page_from_before_another_move_says_so_and_keeps_the_words(house: House) -> None:
    client, case = house.client(COUNTY), asked(house)
    page = client.get(address(case, "change"))
    house.do(case, "change", PHONE, amend={"date": "2026-12-04"})
    given = {**hidden(page.text), **filled(date="2026-12-03", comment="路上堵")}
    late = client.post(address(case, "change"), data=given)
    assert (late.status_code, "路上堵" in late.text) == (409, True)
    assert house.now(case).answers["date"] == "2026-12-04"


def test_a_code_that_another_holds_is_refused_in_words(house: House) -> None:
    asked(house, code="A1")
    back = sent(house.client(COUNTY), asked(house), **filled(code="A1"))
    assert (back.status_code, "已由另一件登记" in back.text) == (422, True)


def test_it_is_taken_back_on_the_page_of_the_case(house: House) -> None:
    client, case = house.client(PHONE), asked(house)
    sent(client, case, **filled(date="2026-12-03"))
    page = client.get(address(case))
    assert "撤回上一步" in page.text
    data = {**hidden(page.text), "seen": "2"}
    assert client.post(f"{address(case)}act/take-back", data=data).status_code == 302
    assert house.now(case).answers["date"] == "2026-12-02"


def test_the_case_page_says_what_may_be_changed_and_no_tap_or_bulk_does_it(house: House) -> None:
    case = asked(house)
    page = words_of(house.client(COUNTY).get(address(case)).text)
    assert "可以改：日期、时段、编号、联系电话、班级" in page
    assert "formaction" not in house.client(PHONE).get(address(case)).text
    ticked = {"case": [f"{case.id}-{case.v}"]}
    client = house.client(COUNTY)
    bulk = client.get("/desk/bulk/", query_string=ticked).text
    assert 'value="change"' not in bulk
    token = hidden(client.get(address(case, "change")).text)["csrf_token"]
    told = client.post("/desk/bulk/", data={"csrf_token": token, "move": "change", **ticked})
    assert "这一步要单独办理" in told.text
    assert house.now(case).v == case.v
