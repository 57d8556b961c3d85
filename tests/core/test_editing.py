"""An entry that its officers keep up to date: edited from a state that did not ask for it."""

from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.case_items import Case, chain_holds
from core.people import Role
from tests.core.conftest import MakeHouse
from tests.core.house import OFFICERS, House, case_id_of, everything
from tests.core.lending import ASK, ENTER, HALLS, TOLD, halls_house
from tests.pages import FORM, PLACE, answers, fictional_phone, hidden, send, sent_back, words_of

CONTACT = fictional_phone(77)
COLLEAGUE = fictional_phone(78)
ENTRY: list[dict[str, str]] = [
    {"title": "大礼堂", "capacity": "200", "contact": CONTACT},
    {"opens": "09:00", "closes": "17:00"},
    {"rules": "请勿饮食"},
]


@pytest.fixture
def house(make_house: MakeHouse, tmp_path: Path) -> House:
    house = halls_house(make_house, tmp_path / "more")
    house.office.people.give(COLLEAGUE, "林静", Role("school_officer", "hexi-1"))
    return house


@pytest.fixture
def officer(house: House) -> FlaskClient:
    return house.client(OFFICERS["school"])


@pytest.fixture
def case(house: House, officer: FlaskClient) -> Case:
    """Return the entry of a hall, open."""
    page = officer.get(ENTER)
    for given in ENTRY:
        page = send(officer, page, given)
    found = house.office.cases.get(case_id_of(page))
    assert found is not None
    assert found.state == "open"
    return found


def path(case: Case, tail: str = "") -> str:
    return f"/hexi-1/case/{case.id}/{tail}"


def saved(client: FlaskClient, page: TestResponse, at: int = 0, **given: str) -> TestResponse:
    """Save the changes of a page, from that page."""
    done: TestResponse = send(client, page, {**ENTRY[at], **given, "action": "hand_in"})
    return done


def events(house: House, case: Case) -> list[dict[str, Any]]:
    return [dict(each) for each in house.office.cases.events(case)]


def own_item(house: House, case: Case) -> dict[str, Any]:
    """Return what the plugin keeps of an entry."""
    [item] = [each for each in everything(house, f"X#{HALLS}#entry") if each["sk"] == case.id]
    return dict(item)


def test_the_case_page_offers_it_by_its_own_label_and_leads_there(
    officer: FlaskClient, case: Case
) -> None:
    page = officer.get(path(case)).text
    assert "修改礼堂信息" in page
    assert "重新提交" not in page
    led = officer.get(path(case, "do/submit/"), follow_redirects=True)
    assert led.status_code == 200
    assert led.request.path == path(case, "edit/")
    assert 'value="大礼堂"' in led.text


@pytest.mark.parametrize("at", range(3))
def test_it_is_handed_in_from_any_of_its_pages(
    house: House, officer: FlaskClient, case: Case, at: int
) -> None:
    page = officer.get(path(case, f"edit/?page={at}"))
    assert "保存修改</button>" in page.text
    assert ("继续</button>" in page.text) == (at < 2)
    change = [{"title": "小礼堂"}, {"opens": "08:30"}, {"rules": "保持安静"}][at]
    done = saved(officer, page, at, **change)
    assert done.request.path == path(case)
    after = house.now(case)
    assert after.state == "open"
    assert after.answers == {**case.answers, **change}
    assert house.office.drafts.get(case.id) is None


def test_pages_turned_on_the_way_are_handed_in_with_it(
    house: House, officer: FlaskClient, case: Case
) -> None:
    page = send(officer, officer.get(path(case, "edit/")), {**ENTRY[0], "capacity": "300"})
    assert "closes" in page.text
    assert house.now(case).answers["capacity"] == 200
    saved(officer, page, 1, closes="18:00")
    told = house.now(case).answers
    assert (told["capacity"], told["closes"], told["spare"]) == (300, "18:00", 150)


def test_what_is_wrong_on_another_page_is_shown_there(
    house: House, officer: FlaskClient, case: Case
) -> None:
    page = send(
        officer,
        officer.get(path(case, "edit/?page=1")),
        {**ENTRY[1], "closes": "8:00", "action": "stay"},
    )
    page = officer.get(path(case, "edit/?page=2"))
    said = sent_back(saved(officer, page, 2, rules="保持安静"))
    assert "关门要比开门晚" in said
    assert "保持安静" in officer.get(path(case, "edit/?page=2")).text
    assert house.now(case).v == case.v


def test_a_new_form_is_not_handed_in_from_its_first_page(officer: FlaskClient) -> None:
    page = officer.get(ENTER)
    assert "保存修改" not in page.text
    page = send(officer, page, {**ENTRY[0], "action": "hand_in"})
    assert f"/{HALLS}/draft/" in page.request.path
    assert "data-error-summary" not in page.text


def test_the_event_names_what_changed_and_is_bound_into_the_chain(
    house: House, officer: FlaskClient, case: Case
) -> None:
    page = send(officer, officer.get(path(case, "edit/")), {**ENTRY[0], "capacity": "300"})
    saved(officer, page, 1, opens="8:30")
    first, edit = events(house, case)
    assert "changed" not in first
    assert edit["changed"] == ["capacity", "opens", "spare"]
    assert (edit["transition"], edit["from"], edit["to"]) == ("submit", "open", "open")
    assert CONTACT not in str(edit)
    head = house.now(case).item["head"]
    assert chain_holds([first, edit], head)
    assert not chain_holds([first, {**edit, "changed": ["capacity"]}], head)


def test_the_timeline_says_what_changed_to_officers_and_to_whose_it_is(
    house: House, officer: FlaskClient, case: Case
) -> None:
    page = send(officer, officer.get(path(case, "edit/")), {**ENTRY[0], "capacity": "300"})
    saved(officer, page, 1, opens="8:30")
    for client, what in ((officer, "修改礼堂信息"), (house.client(CONTACT), "学校改了礼堂信息")):
        page = client.get(path(case))
        assert "改了：容量、开门" in words_of(page.text)
        assert what in page.text
        assert "再次提交" not in page.text
        client.set_cookie("lang", "en")
        assert "Changed: 容量, 开门" in words_of(client.get(path(case)).text)


def test_a_change_of_nothing_says_nothing_of_changes(
    house: House, officer: FlaskClient, case: Case
) -> None:
    saved(officer, officer.get(path(case, "edit/")))
    assert "changed" not in events(house, case)[-1]
    assert "改了：" not in officer.get(path(case)).text


def test_the_plugin_writes_in_the_commit_of_an_edit_and_when_it_is_taken_back(
    house: House, officer: FlaskClient, case: Case
) -> None:
    saved(officer, officer.get(path(case, "edit/")), title="小礼堂")
    assert own_item(house, case)["title"] == "小礼堂"
    assert own_item(house, case)["left"] == "open"
    page = officer.get(path(case))
    token = {"csrf_token": hidden(page.text)["csrf_token"], "seen": str(house.now(case).v)}
    assert officer.post(path(case, "act/take-back"), data=token).status_code == 302
    assert house.now(case).answers["title"] == "大礼堂"
    assert own_item(house, case)["title"] == "大礼堂"


def test_a_plugin_is_told_which_answers_changed(
    house: House, officer: FlaskClient, case: Case
) -> None:
    saved(officer, officer.get(path(case, "edit/")), title="小礼堂")
    house.later.run()
    house.clock.move(minutes=11)  # until then it could be taken back
    house.office.ticks.tick()
    assert [each.changed for each in TOLD] == [(), ("title",)]


def test_each_officer_changes_it_in_a_draft_of_their_own(
    house: House, officer: FlaskClient, case: Case
) -> None:
    send(officer, officer.get(path(case, "edit/")), {**ENTRY[0], "capacity": "300"})
    colleague = house.client(COLLEAGUE)
    page = colleague.get(path(case, "edit/"))
    assert 'value="200"' in page.text
    assert 'value="300"' in officer.get(path(case, "edit/?page=0")).text
    saved(colleague, page, title="礼堂")
    assert house.now(case).answers["capacity"] == 200


def test_what_a_colleague_handed_in_meanwhile_is_kept_and_both_are_said(
    house: House, officer: FlaskClient, case: Case
) -> None:
    send(officer, officer.get(path(case, "edit/")), {**ENTRY[0], "capacity": "300"})
    colleague = house.client(COLLEAGUE)
    saved(colleague, colleague.get(path(case, "edit/?page=1")), 1, opens="8:00")
    page = officer.get(path(case, "edit/?page=0"))
    assert "刚刚有别人改过这份内容" in page.text
    assert "容量：300" in words_of(page.text)
    assert 'value="200"' in page.text
    saved(officer, page, capacity="250")
    assert (house.now(case).answers["capacity"], house.now(case).answers["opens"]) == (250, "08:00")
    assert "刚刚有别人改过" not in officer.get(path(case, "edit/")).text


@pytest.mark.parametrize("action", ["hand_in", "next", "save"])
def test_a_page_from_before_a_colleagues_change_overwrites_nothing(
    house: House, officer: FlaskClient, case: Case, action: str
) -> None:
    page = officer.get(path(case, "edit/"))
    colleague = house.client(COLLEAGUE)
    saved(colleague, colleague.get(path(case, "edit/")), title="礼堂")
    send(officer, page, {**ENTRY[0], "capacity": "300", "action": action})
    assert (house.now(case).answers["title"], house.now(case).answers["capacity"]) == ("礼堂", 200)
    there = officer.get(path(case, "edit/"))
    assert "名称：大礼堂" in words_of(there.text)
    assert "容量：300" in words_of(there.text)
    assert 'value="礼堂"' in there.text


def test_changes_are_given_up_when_one_asks(house: House, officer: FlaskClient, case: Case) -> None:
    page = send(officer, officer.get(path(case, "edit/")), {**ENTRY[0], "capacity": "300"})
    assert "放弃还没交的修改" in page.text
    done = send(officer, page, {"action": "forget"})
    assert done.request.path == path(case)
    assert 'value="200"' in officer.get(path(case, "edit/")).text
    assert house.now(case).v == case.v


def test_an_officers_draft_is_cleared_away_after_thirty_days(
    house: House, officer: FlaskClient, case: Case
) -> None:
    send(officer, officer.get(path(case, "edit/")), {**ENTRY[0], "capacity": "300"})
    person = house.person("school")

    def drafts() -> list[str]:
        return [each["sk"] for each in everything(house, f"C#{case.id}") if each["sk"] > "D#"]

    assert f"D#{person.id}" in drafts()
    house.clock.move(days=31)
    while house.office.ticks.tick():
        pass
    assert f"D#{person.id}" not in drafts()


def test_that_an_officer_sees_personal_answers_is_recorded(
    house: House, officer: FlaskClient, case: Case
) -> None:
    def looks() -> list[tuple[str, str]]:
        return [(each["look"], each["by"]) for each in everything(house, "A#qinghe")]

    officer.get(path(case, "edit/?page=1"))
    assert looks() == []
    assert CONTACT in officer.get(path(case, "edit/?page=0")).text
    assert looks() == [("contact", house.person("school").id)]


def test_nobody_else_edits_it(house: House, case: Case) -> None:
    for phone in (CONTACT, OFFICERS["other_school"], OFFICERS["other_county"], fictional_phone(1)):
        client = house.client(phone)
        token = hidden(client.get(FORM).text)["csrf_token"]
        assert client.get(path(case, "edit/")).status_code == 403
        assert client.post(path(case, "edit/"), data={"csrf_token": token}).status_code == 403
    assert "修改礼堂信息" not in house.client(CONTACT).get(path(case)).text


def test_a_page_sent_after_it_was_shut_says_so(
    house: House, officer: FlaskClient, case: Case
) -> None:
    page = officer.get(path(case, "edit/"))
    house.do(case, "shut", "school")
    answer = saved(officer, page, title="小礼堂")
    assert answer.status_code == 409
    assert "这件事刚刚有了变化" in answer.text
    assert officer.get(path(case, "edit/")).status_code == 403


def test_a_returned_case_is_handed_in_from_any_page_in_its_own_words(house: House) -> None:
    case = house.submit(1)
    house.do(case, "return", "school", comment="请补充", marks=("name",))
    client, edit = house.client(fictional_phone(1)), f"/{PLACE}/case/{case.id}/edit/"
    page = client.get(edit)
    assert "保存修改" not in page.text
    given = {**answers(1)[0], "name": "测试一", "action": "hand_in"}
    assert send(client, page, given).status_code == 200
    assert house.now(case).answers["name"] == "测试一"
    assert "name" in events(house, case)[-1]["changed"]
    assert (
        "申请人再次提交" in house.client(OFFICERS["school"]).get(f"/{PLACE}/case/{case.id}/").text
    )
    assert everything(house, "A#qinghe") == []


def test_an_applicants_edit_of_what_runs_is_told_by_its_own_label(house: House) -> None:
    given = {"hall": "big", "day": "2026-12-02", "hour": "10:30", "phone": CONTACT}
    client = house.client(CONTACT)
    page = send(
        client, send(client, client.get(ASK), given), {"purpose": "排练", "action": "submit"}
    )
    assert "改一改" in page.text
    address = page.request.path
    edit = client.get(f"{address}edit/")
    done = send(client, edit, {**given, "hour": "09:00", "action": "hand_in"})
    officers = house.client(OFFICERS["school"]).get(address).text
    for told in (done.text, officers):
        assert "改了：几点" in words_of(told)
        assert "再次提交" not in told
    assert "申请人：改一改" in officers
