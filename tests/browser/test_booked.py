"""What a venue and a school look at every day, with visits on it: both languages, and paper."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.cast import LOOKS, officer
from tests.browser.served import served
from tests.browser.visitor import DESKTOP, PHONE, Atlas, House
from tests.core.conftest import built, house, make_house
from tests.plugins.bookings.conftest import visiting
from tests.plugins.bookings.visiting import CONTACT, WEDNESDAY, Visiting

__all__ = ["built", "house", "make_house", "visiting"]
DAY = f"/museum/bookings/day/?date={WEDNESDAY}"
A4 = {"width": "210mm", "height": "297mm"}


@pytest.fixture
def busy(visiting: Visiting, browser: Browser, atlas: Atlas, tmp_path: Path) -> Iterator[House]:
    """The sample county with visits of two schools to the museum."""
    visiting.do(visiting.book(12, guide=True, slot="16:30-17:30"), "confirm", CONTACT)
    other = {"school": "yunting", "escort": "阿依努尔·买买提江", "class_name": "七年级3班"}
    visiting.book(20, "00000000106", "yunting", **other)
    shutil.copytree(visiting.house.folder, tmp_path / "served" / "var")
    with served(tmp_path / "served", "--demo") as address:
        yield House(address, browser, atlas)


@pytest.mark.parametrize("device", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_venue_reads_its_day(busy: House, device: dict[str, object]) -> None:
    contact = officer(busy, "秦岚", device).go(DAY)
    contact.reads("2 个团队，32 名学生，要讲解员的团队 1 个")
    contact.reads("阿依努尔·买买提江")
    contact.follow("后一天").reads("这一天没有学校来")
    contact.go("/language/en?next=" + DAY).reads("2 groups, 32 pupils, 1 with a guide")


@pytest.mark.parametrize("device", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_school_reads_its_month(busy: House, device: dict[str, object]) -> None:
    agenda = "/hexi-1/bookings/agenda/"
    school = officer(busy, "赵明", device).go(f"{agenda}?month=2026-12")
    school.reads("共 1 次，12 人次")
    school.go(f"/language/en?next={agenda}?month=2026-12").reads("1 visits, 12 pupils")
    school.go(f"/language/zh?next={agenda}?month=2026-10").reads("这个月还没有安排")
    school.follow("看看场馆哪天有空").reads("青禾县博物馆")


@pytest.mark.parametrize("device", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_venue_puts_its_month_into_its_own_calendar(
    busy: House, device: dict[str, object]
) -> None:
    agenda = "/museum/bookings/agenda/?month=2026-12"
    contact = officer(busy, "秦岚", device).go(agenda)
    contact.reads("共 2 次，32 人次")
    contact.follow("放进自己的日历").reads("还没有地址")
    contact.press("做一个地址").reads("只显示这一次")
    address = contact.page.get_by_label("长按或点进去全选，复制下来").input_value()
    anybody = busy.visitor(device).page.request
    calendar = anybody.get(address)
    assert calendar.headers["content-type"] == "text/calendar; charset=utf-8"
    assert "七年级3班" in calendar.text()
    addresses = "/museum/bookings/agenda/addresses/"
    contact.go(f"/language/en?next={addresses}").reads("Addresses that hold")
    contact.go(f"/language/zh?next={addresses}").press("停用").reads("停用了一个地址")
    assert anybody.get(address).status == 404


def test_a_month_prints_without_what_is_to_be_pressed(busy: House) -> None:
    page = officer(busy, "赵明", DESKTOP).go("/hexi-1/bookings/agenda/?month=2026-12").page
    page.emulate_media(media="print")
    for gone in (".bar", ".foot", "main .buttons", "main .hint", "main .btn-primary"):
        assert not page.locator(gone).first.is_visible(), gone
    assert page.locator(".agenda .cards").is_visible()
    assert page.pdf(**A4).count(b"/Type /Page\n") == 1


def test_a_venue_reads_what_its_change_touches(busy: House) -> None:
    contact = officer(busy, "秦岚", PHONE).go("/museum/bookings/touched/")
    contact.reads("不用办什么")
    contact.go("/museum/bookings/calendar/").follow("查看和修改场馆档案").follow("修改场馆情况")
    contact.press("继续").press("继续").fill("一场最多接待多少名学生", "19")
    contact.press("保存修改").go(DAY)
    for _ in range(LOOKS):  # what follows from a change comes after its page
        if "对不上了" in contact.text():
            break
        contact.page.reload()
    contact.follow("场馆情况改过以后").reads("现在一场最多 19 人")
    contact.go("/language/en?next=/museum/bookings/touched/").reads("now at most 19 pupils")


@pytest.mark.parametrize("device", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_visit_prints_with_a_code_that_leads_back_to_it(
    busy: House, device: dict[str, object]
) -> None:
    school = officer(busy, "赵明", device).go("/hexi-1/bookings/agenda/?month=2026-12")
    case = school.follow("青禾县博物馆").page.url
    school.follow("打印一份").reads("（盖章）")
    assert school.page.locator(".sheet-code svg").is_visible()
    assert school.page.pdf(**A4).count(b"/Type /Page\n") == 1
    anybody = busy.visitor(device).go(case)
    anybody.reads("工作人员扫码来的，请先登录")
    school.go("/language/en?next=" + school.page.url.removeprefix(busy.address)).reads("(Seal)")
    number = case.split("/")[-2]
    venue = officer(busy, "秦岚", device).go("/desk/")
    venue.page.get_by_placeholder("这一列的查询码或姓名").fill(number)
    venue.press("找", venue.page.locator(".find")).reads("预约参观")


def test_a_day_prints_on_one_sheet_without_what_is_to_be_pressed(busy: House) -> None:
    page = officer(busy, "秦岚", DESKTOP).go(DAY).page
    page.emulate_media(media="print")
    for gone in (".bar", ".foot", "main .buttons", "main .hint"):
        assert not page.locator(gone).first.is_visible(), gone
    assert page.locator(".day-list .box").first.is_visible()
    sheet = page.pdf(**A4)
    assert sheet.count(b"/Type /Page\n") == 1
