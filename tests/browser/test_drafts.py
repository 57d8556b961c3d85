"""A form that is not finished at once: saved as typed, found again, with whatever goes wrong."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator

from tests.browser.cast import choose_school, citizen, code_for
from tests.browser.visitor import DESKTOP, PHONE, WITHOUT_SCRIPTS, House, Visitor

FORM = "/hexi-zhen/volunteers/"
NUMBER = "149999195803151017"
SAVED = re.compile("已保存")


def begun(house: House, name: str, device: dict[str, Any] | None = None) -> Visitor:
    """Return somebody who has typed a name, at the first page."""
    person = house.visitor(device).go(FORM)
    person.tick("有一技之长的热心人")
    person.fill("姓名", name)
    return person


def saved(person: Visitor, words: re.Pattern[str] = SAVED) -> None:
    """Wait until the page says so."""
    said(person).filter(has_text=words).wait_for()


def said(person: Visitor) -> Locator:
    return person.page.locator("[data-saved]")


def name_on(person: Visitor) -> str:
    return person.page.locator("#f-name").input_value()


def turned(person: Visitor, phone: str) -> Visitor:
    """Fill in the rest of the first page and turn it."""
    person.fill("身份证号", NUMBER)
    person.fill("手机号", phone)
    return person.press("继续")


def signed_in(person: Visitor, phone: str) -> Visitor:
    """Sign in from where the draft's foot leads."""
    person.follow("想换一台设备接着填，请先登录")
    person.fill("手机号", phone)
    person.press("获取验证码")
    person.fill("6 位验证码", code_for(person.house, phone))
    return person.press("登录")


def test_what_is_typed_is_saved_and_is_there_after_a_reload(house: House) -> None:
    person = begun(house, "梁韵声")
    saved(person)
    person.page.reload()
    person.look()
    assert name_on(person) == "梁韵声"
    person.reads("30 天内可以接着填")


def test_what_was_typed_just_before_leaving_is_saved_too(house: House) -> None:
    person = begun(house, "段巧云")
    saved(person)
    person.fill("姓名", "段巧云二")
    person.go("/receipt/").go(FORM).follow("您有一份没填完的，接着填")
    assert name_on(person) == "段巧云二"


@pytest.mark.parametrize("device", [PHONE, WITHOUT_SCRIPTS], ids=["phone", "without JavaScript"])
def test_back_shows_the_page_before_as_it_was_left(house: House, device: dict[str, Any]) -> None:
    person = turned(begun(house, "查青岚", device), "00000000931")
    assert "?page=1" in person.page.url
    person.tick("阅读", "周二")
    choose_school(person.page, "青禾县禾溪第一小学")
    person.press("继续")
    assert "?page=2" in person.page.url
    person.page.go_back()
    person.look()
    assert person.page.get_by_label("阅读", exact=True).is_checked()
    person.page.go_back()
    person.look()
    assert name_on(person) == "查青岚"
    person.page.go_forward()
    person.look()
    assert person.page.get_by_label("周二", exact=True).is_checked()
    person.press("继续")
    person.reads("签名")


def test_a_broken_connection_is_told_and_made_good(house: House) -> None:
    person = begun(house, "解陶然")
    saved(person)
    person.context.set_offline(True)
    person.fill("姓名", "解陶然二")
    saved(person, re.compile("网络不稳定，暂时没有保存"))
    assert name_on(person) == "解陶然二"
    person.look()
    person.context.set_offline(False)
    saved(person)
    person.page.reload()
    assert name_on(person) == "解陶然二"


def test_another_device_goes_on_after_signing_in(house: House) -> None:
    phone = "00000000932"
    person = turned(begun(house, "仇锦绣"), phone)
    signed_in(person, phone)
    other = citizen(house, phone, DESKTOP)
    other.reads("没填完的")
    other.follow("志愿者登记")
    other.press("上一步")
    assert name_on(other) == "仇锦绣"
    assert other.page.get_by_label("身份证号").input_value() == NUMBER


def test_of_two_devices_on_one_page_the_second_reads_both(house: House) -> None:
    phone = "00000000933"
    person = signed_in(turned(begun(house, "曾乐平"), phone), phone)
    person.press("上一步")
    other = citizen(house, phone, DESKTOP).follow("志愿者登记")
    assert name_on(other) == "曾乐平"
    with person.page.expect_response(lambda answer: answer.request.method == "POST"):
        person.fill("姓名", "曾乐平甲")
    other.fill("姓名", "曾乐平乙")
    saved(other, re.compile("另一台设备上改过"))
    other.press("继续")
    other.reads("这一项在另一台设备上填的是“曾乐平甲”")
    assert name_on(other) == "曾乐平乙"
    other.press("继续").press("上一步")
    assert name_on(other) == "曾乐平乙"


def test_a_draft_is_thrown_away_when_its_owner_asks(house: House) -> None:
    person = turned(begun(house, "单墨林"), "00000000934")
    address = person.page.url
    person.page.get_by_text("不填了，删掉这份草稿").click()
    person.reads("找不回来")
    person.look().press("确定删掉")
    person.go(FORM).does_not_read("接着填")
    assert name_on(person) == ""
    person.page.goto(address)
    person.look().reads("没有找到这份草稿")


def test_a_draft_opens_in_the_browser_it_was_begun_in_and_no_other(house: House) -> None:
    person = turned(begun(house, "周喆"), "00000000935")
    stranger = house.visitor()
    stranger.page.goto(person.page.url)
    stranger.look().reads("没有找到这份草稿")
    stranger.does_not_read("周喆")
