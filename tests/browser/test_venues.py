"""A venue keeps its own record, and whoever looks sees when it is free."""

import re
from datetime import datetime
from typing import Any

import pytest
from playwright.sync_api import Locator

from core.moments import CHINA
from tests.browser.cast import officer, photograph
from tests.browser.visitor import DESKTOP, PHONE, WITHOUT_SCRIPTS, House, Visitor

DIRECTORY = "/songlan-xiang/bookings/venues/"
DEVICES = {
    "phone": (PHONE, "柳青", "library"),
    "desktop": (DESKTOP, "孟凡", "youth-palace"),
    "phone without JavaScript": (WITHOUT_SCRIPTS, "雷鸣", "gym"),
}


def next_month() -> str:
    today = datetime.now(CHINA).date()
    return f"{today.year + today.month // 12}-{today.month % 12 + 1:02}"


def columns(page: Locator) -> int:
    """Return in how many columns the days of a calendar stand."""
    days = page.locator(".slots > li")
    boxes = [days.nth(n).bounding_box() for n in range(days.count())]
    return len({round(box["x"]) for box in boxes if box})


@pytest.mark.parametrize(("device", "who", "slug"), DEVICES.values(), ids=DEVICES.keys())
def test_a_venue_changes_its_record_and_the_calendar_follows(
    house: House, device: dict[str, Any], who: str, slug: str
) -> None:
    calendar = f"/{slug}/bookings/calendar/"
    contact = officer(house, who, device).follow("场馆日历和档案")
    contact.follow("查看和修改场馆档案").follow("修改场馆情况")
    contact.press("继续").reads("什么时候开放")
    contact.page.locator('[name="openings.0.stay"]').fill("600")
    contact.press("继续").reads("一场的时间比开放的时间还长")
    contact.page.locator('[name="openings.0.stay"]').fill("40")
    contact.press("继续").reads("预约规则")
    contact.fill("一场最多接待多少名学生", "33")
    contact.press("保存修改").reads("一场最多接待多少名学生\n33")

    anybody = house.visitor(device).go("/hexi-zhen/").follow("看看场馆哪天有空")
    anybody.go(f"{calendar}?month={next_month()}")
    if next_month().startswith(str(datetime.now(CHINA).year)):
        anybody.reads("还剩 33 人")
        anybody.follow("按周看").follow("下一周").follow("‹ 上一周").follow("按月看")


def test_a_month_is_a_list_on_a_phone_and_a_table_on_a_desk(house: House) -> None:
    for device, wide in ((PHONE, 1), (DESKTOP, 7)):
        visitor = house.visitor(device).go("/youth-centre/bookings/calendar/?month=2026-12")
        assert columns(visitor.page.locator("main")) == wide


def test_a_venue_is_shut_and_entered_anew(house: House) -> None:
    contact = officer(house, "牛耕", PHONE).follow("场馆日历和档案")
    contact.follow("查看和修改场馆档案").follow("停止接受预约")
    contact.fill("说明", "修路，车进不来")
    contact.press("停止接受预约").reads("不再开放")
    house.visitor().go("/practice-base/bookings/calendar/").reads("还没有登记开放时间")
    house.visitor().go(DIRECTORY).does_not_read("松岚乡劳动实践基地")

    county = officer(house, "林静", DESKTOP).go(DIRECTORY).follow("登记松岚乡劳动实践基地")
    _introduce(county)
    _opens(county)
    county.page.get_by_label(re.compile("^高")).check()
    _terms(county)
    county.press("提交").reads("高风险的活动不能在课后服务里开展")
    county.page.get_by_label(re.compile("^中")).check()
    county.press("提交").reads("开放预约")
    house.visitor().go(DIRECTORY).reads("松岚乡劳动实践基地")


def _introduce(visitor: Visitor) -> None:
    visitor.page.locator("#f-kind").select_option(label="劳动实践基地")
    visitor.fill("地址", "松岚乡后沟村口")
    visitor.fill("联络人姓名", "牛耕")
    visitor.fill("联络人手机号", "00000000139")
    visitor.fill("学生来了能看什么", "种菜、喂羊、磨豆腐")
    visitor.press("继续")


def _opens(visitor: Visitor) -> None:
    visitor.page.get_by_role("button", name=re.compile("添加开放时间")).click()
    visitor.tick("周六")
    visitor.fill("几点开门", "09:00")
    visitor.fill("几点关门", "12:00")
    visitor.fill("一场多少分钟", "180")
    visitor.page.locator('[data-field="on_holidays"]').get_by_label("不开放").check()
    visitor.page.locator('[data-field="on_makeups"]').get_by_label("不开放").check()
    visitor.press("继续")


def _terms(visitor: Visitor) -> None:
    visitor.fill("一场最多接待多少名学生", "50")
    visitor.fill("一场最多接待几个团队", "2")
    visitor.page.get_by_label(re.compile("^安全材料")).set_input_files([photograph()])
    visitor.page.get_by_label(re.compile("接待学生不收任何费用")).check()
