"""The first officer's page, two officers at once, and at last whether every page was seen."""

import pytest

from tests.browser.cast import Applicant, officer, register, take_up
from tests.browser.visitor import DESKTOP, Atlas, House

REDIRECTS = {"portal.choose_language", "portal.choose_size"}
NO_PAGES = {
    "agenda.feed",
    "assets.asset",
    "case_pages.file",
    "case_pages.public_file",
    "case_pages.step_file",
    "circulated.file",
    "stencils.file",
}
WORKBOOKS = {
    "desk.workbook",
    "kept_figure.workbook",
    "finished.workbook",
    "figures.workbook",
    "imports.blank_workbook",
    "imports.problems_workbook",
    "bookings.venues_workbook",
    "booked.day_workbook",
}


def test_the_first_officer_sets_a_county_up(empty_house: tuple[House, str]) -> None:
    house, link = empty_house
    first = house.visitor().go("/")
    first.reads("还没有设置好")
    first.go(link).press("设置好了")
    first.reads("请填姓名")
    first.fill("您的姓名", "林静")
    first.fill("手机号", "13900000000")
    first.fill("名称", "云溪县")
    first.fill("短地址", "yunxi")
    first.press("设置好了")
    first.reads("管理云溪县")
    again = house.visitor().go(link)
    again.reads("没有找到这个页面")


def test_of_two_officers_at_once_the_second_is_told(house: House) -> None:
    who = Applicant("舒望", "14999919670523801", "00000000910", "青禾县禾溪第一小学")
    register(house.visitor(), "/hexi-zhen/volunteers/", who)
    one, other = officer(house, "赵明", DESKTOP), officer(house, "赵明", DESKTOP)
    for worker in (one, other):
        take_up(worker, who).follow("不予通过")
        worker.fill("说明", "联系不上本人")
    one.press("不予通过")
    other.press("不予通过").reads("这件事刚刚有了变化")
    other.reads("联系不上本人")


def test_every_page_was_seen(request: pytest.FixtureRequest, atlas: Atlas) -> None:
    told = {item.path.name for item in request.session.items}
    if (
        not {"test_booked.py", "test_story.py", "test_pages.py", "test_invitations.py"} <= told
        or request.config.option.keyword
    ):
        pytest.skip("only a part of the browser tests runs: not every page can have been seen")
    rules = [rule for rule in atlas.routes.map.iter_rules() if "GET" in (rule.methods or ())]
    pages = {rule.endpoint for rule in rules} - REDIRECTS - NO_PAGES - WORKBOOKS
    pages = {each for each in pages if not each.startswith("json_api.")}
    assert pages - atlas.seen == set()
