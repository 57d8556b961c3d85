"""候办与提醒: who has not done it, by name; one click reminds each once a day."""

import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.case_items import Case
from core.effects import RETRIES
from core.numbers import spoken
from core.reminders import Asking, Target
from core.store import Write
from core.web.app import BUNDLED
from core.web.waited_for import surname
from tests.core.conftest import MakeHouse
from tests.core.house import OFFICERS, House, case_id_of, everything, open_house
from tests.core.plugin_folder import GUIDE, blocks, suggest, write
from tests.core.test_cases import Unconditional
from tests.pages import fictional_phone, hidden
from tests.plugins.publication.test_publishing import written

PAGES, VETTING = "/qinghe/publication/waiting/", "/qinghe/volunteers/waiting/"
SCHOOL = OFFICERS["school"]


def counted(house: House) -> House:
    house.office.counting.work_off_due()
    return house


def section(page: TestResponse | str, name: str) -> str:
    text = page if isinstance(page, str) else page.text
    found = re.search(rf'<section aria-labelledby="{name}">.*?</section>', text, re.DOTALL)
    return found[0] if found else ""


def names(part: str) -> list[str]:
    return [
        re.sub("<.*?>", "", each) for each in re.findall(r"<strong.*?</strong>", part, re.DOTALL)
    ]


def text_of(part: str) -> str:
    found = re.search(r"<textarea[^>]*>(.*?)</textarea>", part, re.DOTALL)
    return found[1] if found else ""


def click(
    client: FlaskClient, address: str, group: str, *, targets: list[str] | None = None
) -> TestResponse:
    """Press the button of a group, as the page offers it."""
    page = client.get(address).text
    part = section(page, group)
    shown = re.findall(r'name="target" value="([^"]*)"', part)
    sent: dict[str, Any] = {"csrf_token": hidden(page)["csrf_token"], "group": group}
    for name in ("since", "workflow", "from"):
        given = re.search(rf'type="hidden" name="{name}" value="([^"]*)"', part)
        sent[name] = given[1] if given else ""
    return client.post(address, data={**sent, "target": shown if targets is None else targets})


def late(house: House, n: int = 2) -> list[Case]:
    """Hand in registrations at the first school and let them be overdue."""
    cases = [house.submit(each) for each in range(1, n + 1)]
    house.office.effects.work_off_due()
    counted(house).clock.move(days=8)
    house.letters.sent.clear()
    return cases


def returned(house: House, n: int = 1) -> Case:
    case = house.do(house.submit(n), "return", "school", comment="请补签", marks=("signature",))
    house.office.effects.work_off_due()
    counted(house).letters.sent.clear()
    return case


def test_schools_that_have_not_begun_stand_by_name_with_who_should(house: House) -> None:
    county = house.client(OFFICERS["county"])
    part = section(county.get(PAGES), "begin")
    assert "：6 处" in part
    assert names(part)[:2] == ["青禾县禾溪第一小学", "青禾县第二中学"]
    assert "赵明" in part
    assert "还没有人担任课后服务管理员" in part, "nobody looks after the teaching point"
    written(house)
    part = section(counted(house) and county.get(PAGES), "begin")
    assert "禾溪第一小学" not in part
    assert "：5 处" in part


def test_a_day_to_count_from_decides_and_a_wrong_one_is_refused(house: House) -> None:
    written(house)
    counted(house).clock.move(days=10)
    county = house.client(OFFICERS["county"])
    assert "禾溪第一小学" not in section(county.get(f"{PAGES}?since=2026-11-23"), "begin")
    assert "禾溪第一小学" in section(county.get(f"{PAGES}?since=2026-11-24"), "begin")
    assert "禾溪第一小学" in section(county.get(PAGES), "begin"), "this month, without a term"
    for wrong in ("2026-12-24", "2024-01-01", "x"):
        answer = county.get(f"{PAGES}?since={wrong}")
        assert answer.status_code == 422
        assert 'href="#f-since"' in answer.text


def test_one_click_reminds_who_holds_the_seat_and_once_a_day(house: House) -> None:
    county = house.client(OFFICERS["county"])
    answer = click(county, PAGES, "begin")
    assert answer.status_code == 303
    assert "已安排提醒 5 处" in county.get(answer.location).text
    house.later.run()
    [letter] = house.letters.to(SCHOOL)
    assert letter == "青禾县禾溪第一小学：课后服务公示还没有办，请登录工作台办理。"
    assert len(house.letters.sent) == 5
    page = section(county.get(PAGES), "begin")
    assert page.count("今天已提醒") == 5
    assert "林静" in page
    assert "<button class" not in page
    click(county, PAGES, "begin", targets=["begin#hexi-1#school_officer"])
    house.later.run()
    assert len(house.letters.sent) == 5
    house.clock.move(days=1)
    click(house.client(OFFICERS["county"]), PAGES, "begin")
    house.later.run()
    assert len(house.letters.to(SCHOOL)) == 2


def test_of_a_further_workflow_its_own_name_is_told_and_days_in_words(house: House) -> None:
    county = house.client(OFFICERS["county"])
    address = "/qinghe/volunteers/waiting/?workflow=inviting&since=2026-09-01"
    text = text_of(section(county.get(address), "begin"))
    assert text.startswith("【青禾县】邀请授课：从2026年9月1日算起还没有办的有")
    assert click(county, address, "begin").status_code == 303
    house.later.run()
    assert house.letters.to(SCHOOL) == ["青禾县禾溪第一小学：邀请授课还没有办，请登录工作台办理。"]
    first = text_of(section(county.get(f"{VETTING}?workflow=vetting"), "begin"))
    assert first.startswith("【青禾县】志愿者登记：")


def test_officers_with_overdue_cases_are_told_how_many(house: House) -> None:
    late(house, 2)
    county = house.client(OFFICERS["county"])
    part = section(county.get(VETTING), "late")
    assert names(part) == ["青禾县禾溪第一小学"]
    assert "赵明" in part
    assert "逾期 2 件" in part
    assert "禾溪第一小学课后服务管理员2件" in text_of(part)
    click(county, VETTING, "late")
    house.later.run()
    assert house.letters.to(SCHOOL) == [
        "青禾县禾溪第一小学：志愿者登记有2件超过了期限，请登录工作台尽快办理。"
    ]


def test_the_public_is_shown_as_lists_do_and_the_text_tells_a_surname_only(house: House) -> None:
    case = returned(house)
    county = house.client(OFFICERS["county"])
    part = section(county.get(VETTING), "case")
    assert "：1 件" in part
    assert names(part) == ["测试1"]
    text = text_of(part)
    assert f"测某（查询码末四位{case.id[-4:]}）" in text
    assert "测试1" not in text
    assert fictional_phone(1) not in part
    click(county, VETTING, "case")
    house.later.run()
    [letter] = house.letters.to(fictional_phone(1))
    assert letter.startswith("您的志愿者登记（查询码")
    assert letter.endswith("在等您：请您补充后重新提交。")
    assert section(house.client(SCHOOL).get("/hexi-1/volunteers/waiting/"), "case")


@pytest.mark.parametrize("who", ["other_school", "county"])
def test_of_a_school_is_shown_whom_it_waits_for_itself(house: House, who: str) -> None:
    returned(house)
    case = house.submit(2, preferred_school="no2")
    house.do(case, "return", "other_school", comment="请补签", marks=("signature",))
    counted(house)
    part = section(house.client(OFFICERS[who]).get("/no2/volunteers/waiting/"), "case")
    assert names(part) == ["测试2"]


RETURNED = """
id: answering
form: suggestion
states:
  draft: {kind: draft}
  waiting: {kind: open, label: 待答复, due: 5wd, assign: {role: school_officer, at: school}}
  back: {kind: returned, due: 5wd, overdue: {after: 0d, move: lapse}}
  over: {kind: final, label: 完}
transitions:
  submit: {from: [draft, back], to: waiting, by: applicant}
  send_back: {from: waiting, to: back, by: school_officer}
  lapse: {from: back, to: over, by: system}
"""


def test_of_whom_only_some_may_read_a_list_shows_the_receipt_and_the_text_nothing(
    make_house: MakeHouse, tmp_path: Path
) -> None:
    form = blocks(GUIDE)["forms/suggestion.yaml"]
    closed = form.replace("retain: P1Y}", "retain: P1Y}\n        readers: [county_officer]")
    files = {"workflows__answering": RETURNED, "forms__suggestion": closed}
    write(tmp_path / "more", "walled", **files)
    house = make_house(folders=[BUNDLED, tmp_path / "more"])
    house.office.places.switch("hexi-zhen", "walled", "on", "某人", "2026")
    done = suggest(house.client(), plugin="walled")
    case = house.office.cases.get(case_id_of(done))
    assert case
    house.do(case, "send_back", "school")
    school = house.client(SCHOOL)
    part = section(counted(house) and school.get("/hexi-1/walled/waiting/"), "case")
    assert names(part) == [spoken(case.id)]
    assert "textarea" not in part
    part = section(house.client(OFFICERS["county"]).get("/qinghe/walled/waiting/"), "case")
    assert names(part) == ["0•••••••12"]
    assert "textarea" not in part


def test_what_was_done_before_it_went_out_is_not_reminded_of(house: House) -> None:
    case = returned(house)
    county = house.client(OFFICERS["county"])
    click(county, VETTING, "case")
    house.do(case, "withdraw", fictional_phone(1))
    house.later.run()
    assert house.letters.to(fictional_phone(1)) == []
    [item] = everything(house, "RM#")
    assert (item["stands"], "desk_pk" in item) == ("over", False)


def test_a_click_is_kept_when_the_process_dies_before_sending(house: House) -> None:
    click(house.client(OFFICERS["county"]), PAGES, "begin")
    house.later.waiting.clear()
    house.office.ticks.tick()
    assert len(house.letters.to(SCHOOL)) == 1


def test_a_channel_that_is_down_is_tried_again_and_then_parked_in_sight(house: House) -> None:
    late(house, 1)
    county = house.client(OFFICERS["county"])
    click(county, VETTING, "late")
    house.letters.down = True
    house.later.run()
    assert "正在发送" in county.get(VETTING).text
    house.letters.down = False
    house.clock.move(seconds=RETRIES[0])
    house.office.reminders.work_off_due()
    assert len(house.letters.to(SCHOOL)) == 1
    house.clock.move(days=1)
    click(house.client(OFFICERS["county"]), VETTING, "late")
    house.letters.down = True
    for wait in (0, *RETRIES):
        house.clock.move(seconds=wait)
        house.office.reminders.work_off_due()
    last = max(everything(house, "RM#"), key=lambda each: str(each["at"]))
    assert (last["stands"], "desk_pk" in last) == ("parked", False)


class Careless(Unconditional):
    """Drops the condition on reminders: the control of what it is for."""

    def _loosened(self, write: Write) -> Write:
        return replace(write, when=()) if write.key[0].startswith("RM#") else write


def asked_by_many(house: House, n: int = 6) -> int:
    """Let many have the same desk reminded at once; return how many letters went out."""
    target, person = Target("late", "hexi-1", "school_officer"), house.person("county")
    asking = Asking(
        person, {"by": person.id, "role": "county_officer", "office": "qinghe"}, ("林",)
    )
    reminders, county = house.office.reminders, house.office.places.get("qinghe")
    together = Barrier(n)

    def ask(_: int) -> int:
        together.wait()
        made = reminders.ask(county, "volunteers", [target], asking)
        return reminders.settle(made)

    with ThreadPoolExecutor(n) as pool:
        assert sum(pool.map(ask, range(n))) >= 1
    return len(house.letters.to(SCHOOL))


def test_many_clicks_at_once_send_one_reminder(house: House) -> None:
    late(house, 1)
    assert asked_by_many(house) == 1


def test_control_without_the_condition_they_send_several(make_house: MakeHouse) -> None:
    house = make_house(wrap=Careless)
    late(house, 1)
    assert asked_by_many(house) > 1


def test_two_officers_who_saw_the_same_page_remind_once(house: House) -> None:
    late(house, 1)
    first, second = house.client(OFFICERS["county"]), house.client(OFFICERS["city"])
    token = hidden(second.get(VETTING).text)["csrf_token"]
    click(first, VETTING, "late")
    sent = {"csrf_token": token, "group": "late", "target": "late#hexi-1#school_officer"}
    answer = second.post(VETTING, data=sent)
    assert "没有新的提醒" in second.get(answer.location).text
    house.later.run()
    assert len(house.letters.to(SCHOOL)) == 1


def test_a_reminder_says_who_for_whom_and_reaches_deputies(house: House) -> None:
    late(house, 1)
    people, day = house.office.people, date(2026, 12, 1)
    clerk, deputy = house.person("county"), "00000000108"
    house.office.deputies.name(clerk, deputy, day, day)
    house.office.deputies.name(house.person("school"), "00000000109", day, day)
    answer = click(house.client(deputy), VETTING, "late")
    assert answer.status_code == 303
    house.later.run()
    assert len(house.letters.to(SCHOOL)) == len(house.letters.to("00000000109")) == 1
    [item] = everything(house, "RM#")
    stood = people.enter(deputy)
    assert (item["by"], item["for"], item["role"]) == (stood.id, clerk.id, "county_officer")
    assert "马春生代林静" in re.sub("<.*?>", "", house.client(deputy).get(VETTING).text)
    [record] = [each for each in everything(house, "A#qinghe") if each.get("act") == "remind"]
    assert (record["by"], record["for"], record["count"]) == (stood.id, clerk.id, 1)


def test_nobody_else_looks_or_reminds(house: House) -> None:
    late(house, 1)
    for who in ("other_county", "other_school", fictional_phone(1)):
        client = house.client(OFFICERS.get(who, who))
        assert client.get(VETTING).status_code == 403
        token = hidden(client.get("/hexi-zhen/volunteers/").text)["csrf_token"]
        sent = {"csrf_token": token, "group": "late", "target": "late#hexi-1#school_officer"}
        assert client.post(VETTING, data=sent).status_code == 403
    assert house.client().get(VETTING).status_code == 302
    assert house.client(SCHOOL).get("/yunting/volunteers/waiting/").status_code == 403
    assert everything(house, "RM#") == []


def test_only_who_is_waited_for_is_reminded_whatever_a_page_sends(house: House) -> None:
    late(house, 1)
    case = house.submit(9)
    forged = [f"case#{case.id}", "late#qinghe#county_officer", "begin#no2#school_officer", "x"]
    answer = click(house.client(OFFICERS["county"]), VETTING, "late", targets=forged)
    assert "told=0" in answer.location
    assert everything(house, "RM#") == []


def test_an_hour_allows_thirty_clicks(house: House) -> None:
    county = house.client(OFFICERS["county"])
    answers = [click(county, PAGES, "begin", targets=["x"]).status_code for _ in range(31)]
    assert answers == [303] * 30 + [429]


def test_the_page_says_when_all_is_done_and_a_city_chooses_a_county(house: House) -> None:
    house.submit(1)
    nothing = house.client(OFFICERS["county"]).get(
        "/songlan-xiang/volunteers/waiting/?workflow=vetting"
    )
    assert "还没有人来办的" in nothing.text
    written(house)
    page = counted(house).client(OFFICERS["county"]).get("/hexi-1/publication/waiting/")
    assert "都办完了" in page.text
    city = house.client(OFFICERS["city"]).get("/yunhe/publication/waiting/")
    assert "请先选一个县" in city.text
    assert PAGES in city.text


def test_desk_and_figures_lead_there(house: House) -> None:
    county = house.client(OFFICERS["county"])
    assert VETTING in county.get("/desk/?tray=D%23qinghe%23county_officer%23volunteers").text
    assert VETTING in county.get("/qinghe/volunteers/figures/").text


def test_it_takes_few_round_trips(house: House) -> None:
    """Visit, tree, statistics and holders twice each, a busy desk, two months of the register."""
    county = house.client(OFFICERS["county"])
    late(house, 3)
    returned(house, 5)
    county = house.client(OFFICERS["county"])
    county.get(VETTING)
    with house.store.expect(get=5, query=6):
        county.get(VETTING)


@pytest.mark.parametrize(
    ("name", "family"),
    [("李平", "李"), ("欧阳修文", "欧阳"), ("阿依努尔·买买提江", "阿"), ("东方", "东")],
)
def test_a_chat_group_is_told_a_family_name(name: str, family: str) -> None:
    assert surname(name) == family


def test_the_copy_is_of_a_house_that_was_closed(house: House, tmp_path: Path) -> None:
    click(house.client(OFFICERS["county"]), PAGES, "begin")
    with closing(open_house(house.folder, tmp_path / "later")) as later:
        later.office.ticks.tick()
        assert len(later.letters.to(SCHOOL)) == 1
