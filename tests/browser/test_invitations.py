"""A school invites, a volunteer answers with one tap, hours become a verifiable certificate."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest

from core.moments import CHINA
from tests.browser.cast import citizen, officer
from tests.browser.visitor import DESKTOP, PHONE, WITHOUT_SCRIPTS, House, Visitor

TODAY = datetime.now(CHINA).date()
WEDNESDAY = 2
PAINTER, BOXER = "00000000007", "00000000009"
"""查青岚, who can come on Wednesdays, and 韩䶮, whose session of last week waits for its hours."""
DEVICES = {
    "phone": (PHONE, 2),
    "desktop": (DESKTOP, 3),
    "phone without JavaScript": (WITHOUT_SCRIPTS, 4),
}


def wednesday(weeks: int) -> str:
    """Return the Wednesday of the week that begins so many weeks after this one."""
    monday = TODAY - timedelta(days=TODAY.weekday()) + timedelta(weeks=weeks)
    return (monday + timedelta(days=WEDNESDAY)).isoformat()


def say_what_and_when(school: Visitor, day: str, specialty: str) -> None:
    school.fill("课程名称", "画一枝梅花")
    school.fill("日期", day)
    school.fill("开始时间", "16:30")
    school.fill("结束时间", "17:20")
    school.page.locator("#f-specialty").select_option(label=specialty)
    school.fill("上课地点", "二楼美术教室")
    school.fill("大约多少名学生", "25")
    school.fill("在场的本校老师", "单老师")
    school.press("继续")


@pytest.mark.parametrize(("device", "weeks"), DEVICES.values(), ids=DEVICES.keys())
def test_a_school_invites_and_the_volunteer_accepts_with_one_tap(
    house: House, device: dict[str, Any], weeks: int
) -> None:
    day = wednesday(weeks)
    school = officer(house, "赵明", device)
    school.go("/desk/?tray=D%23hexi-1%23school_officer%23volunteers").follow("邀请志愿者来上课")
    say_what_and_when(school, day, "武术")
    school.reads("没有一个符合前面填的")
    school.press("上一步")
    say_what_and_when(school, day, "国画")
    school.reads("的有 1 个")
    school.page.get_by_label(re.compile("^查青岚")).check()
    school.press("提交")
    school.reads("待志愿者答复")

    mine = citizen(house, PAINTER, device)
    card = mine.page.locator("li", has_text=re.compile("画一枝梅花")).first
    card.get_by_text("点一下就办好").wait_for()
    mine.press("接受邀请", within=card)
    mine.reads("现在：您已接受，到时候见")
    mine.reads("二楼美术教室")
    school.go("/hexi-1/volunteers/sessions/").reads("查青岚")
    school.go("/hexi-1/volunteers/sessions/").reads("已接受")


def test_a_slip_is_taken_back(house: House) -> None:
    mine = citizen(house, "00000000001")
    mine.press("这次来不了").reads("您说这次来不了，学校已知道")
    mine.press("撤回上一步").reads("请您答复")


def test_hours_are_confirmed_certified_printed_and_verified(house: House) -> None:
    school = officer(house, "武志强", PHONE)
    school.go("/songlan/volunteers/sessions/").reads("待确认时长")
    school.follow("武术基本功").follow("确认时长")
    school.fill("实际开始", "17:00")
    school.fill("实际结束", "18:20")
    school.fill("到课学生数", "38")
    school.fill("教了什么", "马步和冲拳")
    school.tick("全程有本校老师在场")
    school.press("确认时长").reads("请写明原因")
    school.fill("实际开始", "17:00")
    school.fill("实际结束", "18:20")
    school.fill("比约定的时间长", "学生还想再练一遍")
    school.press("确认时长").reads("时长已确认")

    mine = citizen(house, BOXER).go("/songlan-xiang/volunteers/hours/")
    mine.reads("上了 1 次课，共 1 小时 20 分钟")
    mine.fill("从哪天", (TODAY - timedelta(days=60)).isoformat())
    mine.fill("到哪天", TODAY.isoformat())
    mine.press("开证明")
    mine.reads("韩䶮")
    mine.reads("青禾县松岚寄宿制初级中学")
    found = re.search(r"\d{4} \d{4} \d{4} \d{4}", mine.text())
    assert found

    anybody = house.visitor(DESKTOP).go("/songlan-xiang/volunteers/certificate/")
    anybody.fill("证明编号", "1234 5678 9012 3456")
    anybody.press("核验").reads("16 位数字")
    anybody.fill("证明编号", found[0])
    anybody.press("核验").reads("这份证明是真的")
    anybody.reads("1 小时 20 分钟")
    anybody.reads("韩**")
    anybody.does_not_read("䶮")


def test_a_certificate_fits_a_sheet_of_paper(house: House) -> None:
    mine = citizen(house, "00000000001", DESKTOP).go("/hexi-zhen/volunteers/hours/")
    mine.fill("从哪天", (TODAY - timedelta(days=90)).isoformat())
    mine.fill("到哪天", TODAY.isoformat())
    mine.press("开证明").reads("兹证明")
    mine.page.emulate_media(media="print")
    shown = mine.page.locator("header.bar, footer, .actions")
    assert [shown.nth(n).is_visible() for n in range(shown.count())] == [False] * shown.count()
    mine.page.set_viewport_size({"width": 643, "height": 971})  # A4 less 20 mm on each side
    assert mine.page.evaluate("document.documentElement.scrollHeight") <= 971
    assert mine.page.evaluate("document.documentElement.scrollWidth") <= 643
