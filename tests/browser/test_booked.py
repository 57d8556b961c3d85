"""What a venue and a school look at every day, with visits on it: both languages, and paper."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.cast import officer
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
    contact.reads("2 批，32 名学生，要讲解员的 1 批")
    contact.reads("阿依努尔·买买提江")
    contact.follow("后一天").reads("这一天没有学校来")
    contact.go("/language/en?next=" + DAY).reads("2 groups, 32 pupils, 1 with a guide")


@pytest.mark.parametrize("device", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_school_reads_its_month(busy: House, device: dict[str, object]) -> None:
    visits = "/hexi-1/bookings/visits/"
    school = officer(busy, "赵明", device).go(f"{visits}?month=2026-12")
    school.reads("共 1 次，12 人次")
    school.go(f"/language/en?next={visits}?month=2026-12").reads("1 visits, 12 pupils")
    school.go(f"/language/zh?next={visits}?month=2026-11").reads("这个月没有预约参观")
    school.follow("预约参观").reads("青禾县博物馆")


def test_a_day_prints_on_one_sheet_without_what_is_to_be_pressed(busy: House) -> None:
    page = officer(busy, "秦岚", DESKTOP).go(DAY).page
    page.emulate_media(media="print")
    for gone in (".bar", ".foot", "main .buttons", "main .hint"):
        assert not page.locator(gone).first.is_visible(), gone
    assert page.locator(".day-list .box").first.is_visible()
    sheet = page.pdf(**A4)
    assert sheet.count(b"/Type /Page\n") == 1
