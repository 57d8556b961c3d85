"""Opinions are answered in time, by whom they concern, and by code where there is no telephone."""

import re

import pytest
from flask.testing import FlaskClient

from core.case_items import Case
from tests.core.house import OFFICERS, House, case_id_of
from tests.pages import hidden, send
from tests.plugins.feedback.telling import FORM, MEALS, PLACE, REPLY, URGENT, hand_in

SURVEY = {"kind": "survey", "grades": "lower", "score": "4"}
LIST = f"/{PLACE}/feedback/list/"


def filed(house: House, what: dict[str, str], **other: str) -> Case:
    case = house.office.cases.get(case_id_of(hand_in(house.client(), what, **other)))
    assert case is not None
    return case


def named(house: House, what: dict[str, str]) -> Case:
    return filed(house, what, named="true", phone="00000000112")


def answered(house: House, case: Case, who: str = "school", **step: str) -> Case:
    return house.do(case, "reply", who, step={**REPLY, **step}, comment="没有任何收费。")


def code_on(page: str) -> str:
    found = re.search(r"查询密码</h2><p class=\"figures big\">(\d{4}) (\d{4})<", page)
    assert found, page[:3000]
    return found[1] + found[2]


@pytest.mark.parametrize("topic", ["coercion", "fees", "safety", "refusal"])
@pytest.mark.parametrize("kind", ["opinion", "complaint"])
def test_what_is_forbidden_goes_to_the_county_at_once(house: House, kind: str, topic: str) -> None:
    case = filed(house, URGENT, kind=kind, topic=topic)
    assert (case.state, case.item["desk"]) == ("county", ["county_officer", "qinghe"])
    assert case.item["due"][:10] == "2026-11-24"


def test_all_else_goes_to_the_school_that_has_five_working_days(house: House) -> None:
    case = filed(house, MEALS)
    assert (case.state, case.item["desk"]) == ("school", ["school_officer", "hexi-1"])
    assert case.item["due"][:10] == "2026-11-30"


def test_what_a_school_leaves_late_comes_to_the_county_which_is_told(house: House) -> None:
    case = filed(house, MEALS)
    house.clock.move(days=8)
    house.office.ticks.tick()
    now = house.now(case)
    assert (now.state, now.item["desk"]) == ("escalated", ["county_officer", "qinghe"])
    assert any("逾期" in text for text in house.letters.to(OFFICERS["county"]))
    passed = house.do(now, "pass_on", "county", step={"matter": "请三天内答复家长。"})
    assert passed.state == "mending"


def test_what_the_county_leaves_late_it_is_reminded_of(house: House) -> None:
    filed(house, URGENT)
    house.clock.move(days=3)
    house.office.ticks.tick()
    assert any("已超过期限" in text for text in house.letters.to(OFFICERS["county"]))


def test_who_leaves_no_telephone_follows_up_by_number_and_code(house: House) -> None:
    mine = house.client()
    page = hand_in(mine, MEALS)
    number, code = case_id_of(page), code_on(page.text)
    case = house.office.cases.get(number)
    assert case is not None
    answered(house, case)
    house.clock.move(minutes=11)
    house.later.run()
    house.office.effects.work_off_due()
    assert not [event for event in house.office.cases.events(case) if event.get("parked")]
    other = house.client()
    assert by_code(other, number, code[:4]).status_code == 404
    shown = by_code(other, number, code)
    assert "没有任何收费。" in shown.text
    assert "已答复" in shown.text
    assert "已结束" not in shown.text  # she can still ask for a second look
    assert "饭菜有点凉" not in other.get(f"/{PLACE}/case/{number}/sheet/").text


def by_code(client: FlaskClient, number: str, code: str) -> object:
    token = hidden(client.get("/receipt/").text)["csrf_token"]
    sent = {"number": number, "tail": code, "csrf_token": token}
    return client.post("/receipt/", data=sent, follow_redirects=True)


def test_with_the_code_one_asks_for_a_second_look_once(house: House) -> None:
    mine = house.client()
    case = house.office.cases.get(case_id_of(hand_in(mine, MEALS)))
    assert case is not None
    answered(house, case)
    again = f"/{PLACE}/case/{case.id}/do/reopen/"
    page = send(mine, mine.get(again), {"again_reason": "饭菜还是凉的。"})
    assert "县教育局正在再看一次" in page.text
    now = house.now(case)
    assert now.state == "reopened"
    assert mine.get(again).status_code == 409
    settled = house.do(now, "settle", "county", step=REPLY, comment="已装保温箱。")
    assert settled.state == "settled"
    assert mine.get(again).status_code == 409
    assert "已装保温箱。" in mine.get(f"/{PLACE}/case/{case.id}/").text


def test_without_the_code_nobody_makes_an_applicants_move(house: House) -> None:
    case = answered(house, filed(house, MEALS))
    again = f"/{PLACE}/case/{case.id}/do/reopen/"
    assert "/sign-in/" in house.client().get(again).location
    assert house.client("00000000112").get(again).status_code == 403
    assert house.client(OFFICERS["school"]).get(again).status_code == 409


def test_who_left_a_telephone_is_told_and_signs_in(house: House) -> None:
    case = answered(house, named(house, MEALS))
    house.clock.move(minutes=11)
    house.office.effects.work_off_due()
    assert any("没有任何收费" in text for text in house.letters.to("00000000112"))
    assert house.do(case, "reopen", "00000000112", step={"again_reason": "还没有解决呢"}).v


def test_everybody_reads_what_became_of_it_in_the_officers_words(house: House) -> None:
    case = answered(house, named(house, MEALS), asked="饭菜能不能热一点", mended="已配保温箱。")
    everybody = house.client()
    listed, entry = (everybody.get(path).text for path in (LIST, f"{LIST}{house.public(case.id)}/"))
    for text in ("饭菜能不能热一点", "已改进"):
        assert text in listed
        assert text in entry
    assert "已配保温箱。" in entry
    assert "加保温箱" not in listed + entry
    assert "没有任何收费" not in listed + entry
    assert "饭菜能不能热一点" in everybody.get(f"{LIST}?topic=food&outcome=improved").text
    assert "饭菜能不能热一点" not in everybody.get(f"{LIST}?outcome=adopted").text


def test_what_the_officer_does_not_summarise_stands_in_no_list(house: House) -> None:
    case = filed(house, MEALS)
    case = house.do(case, "reply", "school", step={"outcome": "explained"}, comment="已说明。")
    everybody = house.client()
    assert house.public(case.id) not in everybody.get(LIST).text
    assert everybody.get(f"{LIST}{house.public(case.id)}/").status_code == 404


def test_an_answer_that_is_taken_back_is_public_no_more(house: House) -> None:
    case = answered(house, filed(house, MEALS))
    assert house.public(case.id) in house.client().get(LIST).text
    person = house.person("school")
    house.office.reversals.take_back(case, person, case.v, house.office.around("zh"))
    assert house.public(case.id) not in house.client().get(LIST).text


def test_an_answer_nobody_objects_to_is_closed_and_stays_public(house: House) -> None:
    case = answered(house, filed(house, MEALS))
    house.clock.move(days=12)
    house.office.ticks.tick()
    assert house.now(case).state == "closed"
    assert house.public(case.id) in house.client().get(LIST).text


def test_a_rating_is_counted_and_belongs_to_nobody(house: House) -> None:
    case = filed(house, SURVEY)
    assert case.state == "counted"
    assert not case.item["desk"]
    assert set(case.answers) >= {"score", "grades"}
    assert not {name for name in ("name", "phone") if case.answers.get(name)}


def test_a_link_leads_to_a_rating_with_nothing_to_choose_first(house: House) -> None:
    page = house.client().get(f"{FORM}?kind=survey&school=hexi-1").text
    assert re.search(r'value="survey"[^>]* checked', page)
