"""A visit as a school and a venue live it: asked for, moved, changed, counted out and home."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from core.moments import CHINA
from tests.browser.cast import officer
from tests.browser.keyboard import go_on
from tests.browser.visitor import DESKTOP, PHONE, WITHOUT_SCRIPTS, House, Visitor

TODAY = datetime.now(CHINA).date()
COMING = TODAY + timedelta(days=7)
"""The day that schools book; the venue opens it specially, whatever the calendar says of it."""
MORNING, NOON = "09:00–10:00", "10:00–11:00"
LATER = "11:59–23:58"
"""The later half of today: whatever the time, it is not over."""
PLAN = "走人行道，单老师在前，赵老师在后"


@dataclass(frozen=True)
class Setting:
    """Who visits whom, and on which device."""

    device: dict[str, Any]
    venue: str
    contact: str
    school: str
    head: str = ""


TELLINGS = {
    "phone": Setting(PHONE, "science-museum", "程宇", "冯丽"),
    "desktop": Setting(DESKTOP, "youth-centre", "姚远", "赵明", "马春生"),
    "phone without JavaScript": Setting(WITHOUT_SCRIPTS, "culture-station", "贺秀英", "郭晓燕"),
}


@pytest.mark.parametrize("told", TELLINGS.values(), ids=TELLINGS.keys())
def test_a_visit_from_the_calendar_to_the_feedback(house: House, told: Setting) -> None:
    contact, school = officer(house, told.contact, told.device), booker(house, told)
    opens_specially(contact, told.venue)
    follow_slot(school, told.venue, MORNING)
    path = booked(school, "五年级2班", 24)
    if told.head:
        school.reads("待校长同意")
        officer(house, told.head, told.device).go(path).follow("同意出行").press("同意出行")
        school.go(path)
    school.reads("待场馆确认")

    propose_today(contact.go(path))
    school.go(path).reads("场馆建议换时间")
    school.follow("就这个时间").press("就这个时间").reads("已确认")

    school.follow("改人数、时间或带队教师")
    school.page.locator('[name="classes.0.heads"]').fill("22")
    school.fill("已有多少位家长书面同意", "22")
    school.press("改人数、时间或带队教师").reads("已确认")
    school.reads("学生总数\n22")
    the_day(school, contact, path)


def test_who_waits_is_offered_what_another_school_gives_up(house: House) -> None:
    told = TELLINGS["phone"]
    contact, first = officer(house, told.contact, told.device), booker(house, told)
    second = officer(house, "田建国", told.device)
    opens_specially(contact, told.venue)
    follow_slot(first, told.venue, NOON)
    given_up = booked(first, "六年级1班", 24)
    follow_slot(second, told.venue, NOON)
    waits = booked(second, "七年级1班", 20)
    second.reads("候补")
    first.go(given_up).follow("取消预约").press("取消预约").reads("学校已取消")
    for _ in range(100):  # the offer follows the reply
        if "候补到了" in second.go(waits).text():
            break
    second.follow("要这个名额").press("要这个名额").reads("待场馆确认")


def test_a_clerk_enters_a_visit_by_telephone_and_closes_that_half_day(house: House) -> None:
    told = TELLINGS["phone"]
    contact = officer(house, told.contact, DESKTOP)
    opens_specially(contact, told.venue)
    follow_slot(contact, told.venue, NOON)
    path = booked(contact, "六年级3班", 10, "青禾县禾溪第一小学")
    contact.reads("已确认")

    contact.go(f"/{told.venue}/bookings/new/closing/")
    contact.fill("哪一天", COMING.isoformat())
    contact.page.get_by_label("上午", exact=True).check()
    contact.fill("为什么", "停电检修")
    contact.press("提交").reads("这段时间已约了")
    contact.reads("有一处要您确认")
    contact.press("提交").reads("临时闭馆")
    for _ in range(100):  # visits are called off one by one, after the reply
        if "停电检修" in contact.go(path).text():
            break
    contact.reads("场馆临时闭馆")
    public = house.visitor(DESKTOP).go(f"{calendar(told.venue)}?week={COMING:%G-W%V}")
    assert "不开放" in slot(public, MORNING)
    assert "不开放" in slot(public, NOON)


def test_a_free_slot_and_the_form_behind_it_are_reached_by_keyboard(house: House) -> None:
    told = TELLINGS["desktop"]
    opens_specially(officer(house, "秦岚", told.device), "museum")
    school = officer(house, told.school, told.device)
    school.go(f"{calendar('museum')}?week={COMING:%G-W%V}")
    go_on(school.page, f'.slots a[href*="date={COMING}&slot=09:00-10:00"]')
    go_on(school.page, "form .btn-primary")
    school.look().reads("班级名称")


def booker(house: House, told: Setting) -> Visitor:
    """Return the school's officer, who sees venues from there."""
    return officer(house, told.school, told.device)


def calendar(venue: str) -> str:
    return f"/{venue}/bookings/calendar/"


def slot(visitor: Visitor, time: str) -> str:
    """Return what a calendar says of a time of the day that schools book."""
    day = visitor.page.locator(".slots > li").filter(has_text=f"{COMING.month}月{COMING.day}日")
    shown = time.removeprefix("0")
    return day.locator("li").filter(has_text=shown).inner_text()


def follow_slot(school: Visitor, venue: str, time: str) -> None:
    """Go from the venue's calendar to the form, by the link of a time of that day."""
    school.go(f"{calendar(venue)}?week={COMING:%G-W%V}")
    starts = time.partition("–")[0]
    link = school.page.locator(f'.slots a[href*="date={COMING}&slot={starts}"]')
    with school.page.expect_navigation():
        link.click()
    school.look()


def opens_specially(contact: Visitor, venue: str) -> None:
    """Let a venue take 30 pupils at once, today and on the day that schools book."""
    contact.go(calendar(venue)).follow("查看和修改场馆档案").follow("修改场馆情况")
    contact.press("继续").reads("什么时候开放")
    days = contact.page.locator('[name^="special."][name$=".date"]')
    known = {days.nth(n).input_value() for n in range(days.count())}
    for day, starts, ends, stay in (
        (TODAY, "00:00", "23:59", "719"),
        (COMING, "09:00", "11:00", "60"),
    ):
        if day.isoformat() in known:
            continue
        adds_special(contact, day, {"starts": starts, "ends": ends, "stay": stay})
    contact.press("继续").reads("预约规则")
    contact.fill("一场最多接待多少名学生", "30")
    contact.fill("少于多少人自动确认", "0")
    contact.press("保存修改").reads("一场最多接待多少名学生\n30")


def adds_special(contact: Visitor, day: date, told: dict[str, str]) -> None:
    """Add a row of special openings and fill it in."""
    dates = contact.page.locator('[name^="special."][name$=".date"]')
    n = dates.count()
    contact.page.get_by_role("button", name=re.compile("添加特别开放")).click()
    dates.nth(n).fill(day.isoformat())
    for name, value in told.items():
        contact.page.locator(f'[name^="special."][name$=".{name}"]').nth(n).fill(value)


def booked(school: Visitor, class_name: str, heads: int, where: str = "") -> str:
    """Fill in the form that a free slot leads to; return the address of the visit."""
    school.press("继续").reads("谁去")
    if where:
        school.page.get_by_label(where, exact=True).check()
    school.page.locator('[name="classes.0.class_name"]').fill(class_name)
    school.page.locator('[name="classes.0.heads"]').fill(str(heads))
    names = school.page.locator('[name$=".escort_name"]')
    names.first.fill(f"单老师{heads}")
    school.page.get_by_role("button", name=re.compile("添加带队教师")).click()
    names.nth(1).fill(f"赵老师{heads}")
    school.page.locator('[data-field="guide"]').get_by_label("否", exact=True).check()
    school.fill("带队负责人的手机号", "00000000109")
    school.press("继续").reads("怎么去")
    school.tick("步行")
    school.fill("安全方案", PLAN)
    school.page.get_by_label(re.compile("参加的学生都已投保")).check()
    school.fill("已有多少位家长书面同意", str(heads))
    school.press("提交")
    return re.sub(r"^\w+://[^/]+|#.*", "", school.page.url)


def propose_today(contact: Visitor) -> None:
    """Offer another time: today."""
    contact.follow("建议换个时间")
    contact.fill("哪一天", TODAY.isoformat())
    if not contact.scripted:
        contact.page.get_by_role("button", name=re.compile("看看有哪些可选")).click()
    contact.page.get_by_label(re.compile(LATER)).check()
    contact.fill("说明", "那天换展，今天可以")
    contact.press("建议换个时间").reads("场馆建议换时间")


def the_day(school: Visitor, contact: Visitor, path: str) -> None:
    """Set out, arrive, come home: not while a count differs."""
    school.go(path).follow("出发点名")
    school.fill("出发时有多少名学生", "22")
    school.fill("其中家长书面同意的", "21")
    school.press("出发点名").reads("还有学生的家长没有书面同意")
    school.fill("其中家长书面同意的", "22")
    school.press("出发点名").reads("已出发")
    contact.go(path).follow("到馆登记")
    contact.fill("到了多少名学生", "21")
    contact.press("到馆登记").reads("出发 22 人、到馆 21 人，对不上")
    contact.fill("说明", "一名学生在后面的车上")
    contact.press("到馆登记").reads("已到馆")
    school.go(path).follow("回校点名")
    school.fill("回来时有多少名学生", "22")
    school.press("回校点名").reads("出发 22 人、到馆 21 人、返回 22 人，对不上")
    contact.go(path).follow("更正到馆人数")
    contact.fill("到了多少名学生", "22")
    contact.press("更正到馆人数").reads("已到馆")
    school.go(path).follow("回校点名")
    school.fill("回来时有多少名学生", "22")
    school.press("回校点名").reads("已完成")
    school.follow("说说这次参观")
    school.page.get_by_label("很满意", exact=True).check()
    school.press("说说这次参观").reads("已归档")
