"""What officers see of how a case is handled, and do with one button."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.case_items import Case
from core.filings import Deed
from tests.core.conftest import MakeHouse
from tests.core.grants import (
    PHONE,
    SECOND,
    before_the_panel,
    county_of_three,
    grants_house,
    request,
    seat,
)
from tests.core.house import OFFICERS, House
from tests.pages import FORM, hidden, words_of

SCHOOL, COUNTY = OFFICERS["school"], OFFICERS["county"]
COLLEAGUE = "00000000811"


@pytest.fixture
def house(make_house: MakeHouse) -> House:
    house = grants_house(make_house)
    house.office.cases.ledger.seats.counts("qinghe")
    return house


def path(case: Case, tail: str = "") -> str:
    return f"/{case.item['place']}/case/{case.id}/{tail}"


def post(client: FlaskClient, address: str, **sent: Any) -> TestResponse:
    token = hidden(client.get(FORM).text)["csrf_token"]
    return client.post(address, data={"csrf_token": token, **sent})


def act(house: House, case: Case, phone: str, what: str, **sent: Any) -> TestResponse:
    sent = {"seen": str(case.v), **sent}
    return post(house.client(phone), path(case, f"act/{what}"), **sent)


def test_the_page_says_who_agreed_and_lets_one_take_it_back(house: House) -> None:
    county_of_three(house)
    case = house.do(before_the_panel(house), "grant", "county", step={"amount": 5})
    page = house.client(SECOND).get(path(case)).text
    assert '“同意拨付”要 2 人同意，已有 1 人：<span lang="zh-CN">林静</span>' in page
    assert "收回我的同意" not in page
    assert "收回我的同意" in house.client(COUNTY).get(path(case)).text
    assert act(house, case, COUNTY, "unvote", move="grant").status_code == 302
    assert house.now(case).item["votes"] == {}
    assert "收回了对“同意拨付”的同意" in house.client(COUNTY).get(path(case)).text
    citizen = house.client(PHONE).get(path(case)).text
    assert "同意拨付" not in citizen
    assert "林静" not in citizen


def test_the_page_warns_where_too_few_hold_the_role(house: House) -> None:
    case = before_the_panel(house)
    assert "还差 1 人" in house.client(COUNTY).get(path(case)).text
    county_of_three(house)
    house.office.cases.ledger.seats.forget()
    assert "还差" not in house.client(COUNTY).get(path(case)).text


def test_a_move_is_taken_back_from_the_page_while_it_says_so(house: House) -> None:
    case = house.do(request(house), "forward", "school")
    house.clock.move(minutes=2)
    assert "撤回上一步（还剩 8 分钟）" in house.client(SCHOOL).get(path(case)).text
    assert "撤回上一步" not in house.client(COUNTY).get(path(case)).text
    assert act(house, case, COUNTY, "take-back").status_code == 409
    assert act(house, case, SCHOOL, "take-back").status_code == 302
    assert house.now(case).state == "waiting"
    assert "撤回了“同意上报”" in house.client(SCHOOL).get(path(case)).text
    assert act(house, case, SCHOOL, "take-back").status_code == 409  # the same page again


def test_an_applicant_undoes_a_withdrawal(house: House) -> None:
    case = house.do(request(house), "withdraw", PHONE)
    assert "撤回上一步（还剩 10 分钟）" in house.client(PHONE).get(path(case)).text
    assert act(house, case, PHONE, "take-back").status_code == 302
    assert house.now(case).state == "waiting"


def test_what_cannot_be_taken_back_is_refused_in_words(house: House) -> None:
    case = house.do(before_the_panel(house), "reject", "county", comment="不符")
    request(house)  # takes the claim that was let go
    answer = act(house, case, COUNTY, "take-back")
    assert answer.status_code == 409
    assert "由别人登记，撤回不了" in answer.text


def test_taking_up_is_seen_by_colleagues_on_desk_and_page(house: House) -> None:
    seat(house, COLLEAGUE, "薄荷", "school_officer", "hexi-1")
    case = request(house)
    assert act(house, case, SCHOOL, "take").status_code == 302
    colleague = house.client(COLLEAGUE)
    desk = colleague.get("/desk/?tray=D%23hexi-1%23school_officer%23grants")
    assert "赵明在办" in words_of(desk.text)
    page = words_of(colleague.get(path(case)).text)
    assert "赵明已认领这一件" in page
    assert "放回" not in page
    assert "您已认领这一件" in house.client(SCHOOL).get(path(case)).text
    case = house.now(case)
    assert act(house, case, COLLEAGUE, "give-back").status_code == 409
    choice = house.client(SCHOOL).get(path(case, "hand/")).text
    assert "薄荷" in choice
    assert "赵明" not in choice.partition("<main")[2]
    to = house.person(COLLEAGUE).id
    assert act(house, case, SCHOOL, "hand", to=to).status_code == 302
    assert "赵明 → 薄荷" in house.client(SCHOOL).get(path(case)).text
    assert act(house, house.now(case), COUNTY, "give-back").status_code == 302
    assert house.now(case).item["taken"] == {}


def test_a_case_passed_up_says_for_whom(house: House) -> None:
    case = request(house, "xingtai")
    officer = house.client("00000000104")
    assert "柳汀镇杏台教学点暂无人办理，由青禾县柳汀镇中心小学代办" in officer.get(path(case)).text
    tray = "/desk/?tray=D%23liuting%23school_officer%23grants"
    assert "代办" in officer.get(tray).text.partition("<tbody")[2]


def test_naming_somebody_on_the_page_hangs_the_cases_after_the_reply(house: House) -> None:
    case = request(house, "xingtai")
    sent = {"role": "school_officer", "name": "新人", "phone": "00000000812"}
    assert post(house.client(COUNTY), "/xingtai/manage/people", **sent).status_code == 302
    house.later.run()
    assert house.now(case).item["desk"] == ["school_officer", "xingtai"]
    assert "转回柳汀镇杏台教学点办理" in house.client("00000000812").get(path(case)).text


def test_the_officers_page_is_one_read_and_one_query_also_with_votes(house: House) -> None:
    case = house.do(before_the_panel(house), "grant", "county", step={"amount": 5})
    client = house.client(COUNTY)
    client.get(path(case))
    with house.store.expect(get=1, query=1):
        assert client.get(path(case)).status_code == 200


@pytest.mark.parametrize("what", ["take-back", "unvote", "take", "give-back", "hand"])
@pytest.mark.parametrize("who", ["", "other_school", "other_county", "00000000112"])
def test_nobody_else_does_anything_to_a_case(house: House, what: str, who: str) -> None:
    case = house.do(request(house), "forward", "school")
    phone = OFFICERS.get(who, who)
    answer = act(house, case, phone, what, to=house.person("school").id, move="grant")
    assert answer.status_code == (403 if phone else 302)
    assert house.now(case).v == case.v


def test_an_unknown_act_and_a_case_without_desk_are_refused(house: House) -> None:
    case = house.do(request(house), "withdraw", PHONE)
    assert act(house, case, SCHOOL, "explode").status_code == 404
    assert house.client(SCHOOL).get(path(case, "hand/")).status_code == 403
    assert act(house, case, SCHOOL, "take").status_code == 409


def test_officers_see_the_diagram_with_the_present_state_and_applicants_do_not(
    house: House,
) -> None:
    case = request(house)
    page = house.client(SCHOOL).get(path(case, "flow/")).text
    assert 'class="state open here" data-state="waiting"' in page
    assert "<style" not in page
    assert "同意拨付 → 已批准 · 要 2 人同意" in page
    assert house.client(PHONE).get(path(case, "flow/")).status_code == 403
    english = house.client(SCHOOL)
    english.set_cookie("lang", "en")
    assert "School to check" in english.get(path(case, "flow/")).text


def test_each_reader_reads_the_submission_in_their_own_words(house: House) -> None:
    case = house.do(house.submit(1), "return", "school", comment="请改", marks=("name",))

    deed = Deed("submit", case.v, house.person("00000000001"))
    around = house.office.around("zh", house.office.places.get("hexi-zhen"))
    case = house.office.cases.edit(case, deed, case.answers, around)
    officers = house.client(SCHOOL).get(path(case)).text
    assert officers.index("申请人提交") < officers.index("申请人再次提交")
    assert "您已" not in officers.partition("办理经过")[2]
    own = house.client("00000000001").get(path(case)).text
    assert own.index("您已提交") < own.index("您已再次提交")


def test_who_may_still_appeal_does_not_read_that_it_is_being_worked_on(house: House) -> None:
    case = house.do(house.submit(1), "refuse", "school", comment="不符")
    page = house.client("00000000001").get(path(case)).text
    assert "未通过</span>" in page
    assert "办理中" not in page


def test_an_appeal_keeps_the_claim_until_the_final_state(house: House) -> None:
    case = house.do(house.submit(1), "refuse", "school", comment="不符")
    assert case.item["claims"]
    case = house.do(case, "appeal", "00000000001", step={"appeal_reason": "请复核"})
    assert (case.state, bool(case.item["claims"]), case.due is not None) == ("appealed", True, True)
    case = house.do(case, "uphold", "county", comment="维持")
    assert (case.state, case.item["claims"]) == ("refused", [])


def test_a_due_date_worked_out_anew_is_told_in_words(house: House) -> None:
    case = request(house)
    house.office.cases.ledger.note(case, "calendar", due="")
    assert "期限已重新计算" in house.client(SCHOOL).get(path(case)).text
    assert "期限已重新计算" in house.client(PHONE).get(path(case)).text
