"""Nothing is lost on the way back: what was found, and what was typed before a switch of looks."""

import re
from typing import Any

import pytest

from tests.browser.tour import as_one_click
from tests.browser.visitor import PHONE, WITHOUT_SCRIPTS, House, Visitor

DEVICES = pytest.mark.parametrize("device", [PHONE, WITHOUT_SCRIPTS], ids=["scripts", "none"])
SOUGHT, SCHOOL = "梁韵声", "00000000103"


def officer(house: House, device: dict[str, Any]) -> Visitor:
    visitor = house.visitor(device)
    as_one_click(visitor, SCHOOL)
    return visitor


@DEVICES
def test_what_was_found_is_there_again_on_back(house: House, device: dict[str, Any]) -> None:
    visitor = officer(house, device)
    page = visitor.go("/desk/").page
    page.locator(".seek #f-q").fill(SOUGHT)
    with page.expect_navigation():
        page.locator(".seek button").click()
    found = page.url
    assert re.search(r"/search/\?seek=[\w-]{8}$", found)
    with page.expect_navigation():
        page.locator("main .row-link").first.click()
    assert "/case/" in page.url
    page.go_back()
    assert page.url == found
    assert page.locator("main .row-link", has_text=SOUGHT).count()
    page.reload()
    assert page.locator("main .row-link", has_text=SOUGHT).count()
    visitor.look()


@DEVICES
@pytest.mark.parametrize("switch", ["大字版", "English"], ids=["size", "language"])
def test_a_switch_of_looks_keeps_what_was_typed_on_a_moves_page(
    house: House, device: dict[str, Any], switch: str
) -> None:
    visitor = officer(house, device)
    page = visitor.go("/desk/?tray=D%23hexi-1%23school_officer%23volunteers").page
    with page.expect_navigation():
        page.locator("table.work .btn").first.click()
    visitor.go(page.url + "do/return/")
    page.locator("#f-comment").fill("请补一张照片")
    page.locator('[name="marks"]').first.check()
    with page.expect_navigation():
        page.get_by_role("button", name=switch).click()
    visitor.look()
    assert page.locator("#f-comment").input_value() == "请补一张照片"
    assert page.locator('[name="marks"]').first.is_checked()
    assert page.locator("html.large" if switch == "大字版" else 'html[lang="en"]').count()
