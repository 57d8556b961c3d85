"""A reminder goes out once a day to whom it concerns, whatever happens in between."""

import re
from datetime import date

from core.effects import RETRIES
from tests.core.conftest import MakeHouse
from tests.core.house import OFFICERS, House, everything
from tests.core.waiting_pages import (
    PAGES,
    SCHOOL,
    VETTING,
    Careless,
    asked_by_many,
    click,
    late,
    returned,
    section,
)
from tests.pages import fictional_phone, hidden


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
