"""What holds for every page: narrow, large, dark and light in weight; and where the focus goes."""

from dataclasses import replace

import pytest
from playwright.sync_api import Page

from tests.browser.keyboard import focused
from tests.browser.tour import walk
from tests.browser.visitor import CONTRAST, DESKTOP, PHONE, House

FIRST_PAGE = 100_000
ZOOMED = {"viewport": {"width": 320, "height": 256}}
"""What is left of 1280 × 1024 at 400 %."""


@pytest.mark.parametrize(
    ("device", "rules", "first"),
    [
        (ZOOMED, None, ()),
        ({**ZOOMED, "viewport": {"width": 320, "height": 640}}, None, ("/size/large",)),
        ({**PHONE, "color_scheme": "dark"}, CONTRAST, ()),
    ],
    ids=["at 400 %", "in large type", "in the dark scheme"],
)
def test_every_page_is_whole(
    house: House, device: dict, rules: dict | None, first: tuple[str, ...]
) -> None:
    for visitor in walk(replace(house, rules=rules), device, *first):
        visitor.close()


def test_large_type_is_larger_and_stays(house: House) -> None:
    visitor = house.visitor().go("/hexi-zhen/")
    before, elsewhere = _size(visitor.page), _size(house.visitor().go("/receipt/").page)
    visitor.follow("大字版")
    assert _size(visitor.page) >= before * 1.4
    visitor.go("/receipt/")
    assert _size(visitor.page) >= elsewhere * 1.4


def test_the_first_page_comes_in_100_kilobytes(house: House) -> None:
    visitor = house.visitor()
    wire = visitor.context.new_cdp_session(visitor.page)
    wire.send("Network.enable")
    sizes: list[float] = []
    wire.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    visitor.page.goto(house.address + "/hexi-zhen/", wait_until="networkidle")
    assert len(sizes) >= 3
    assert sum(sizes) <= FIRST_PAGE


def test_the_skip_link_leads_past_the_bar(house: House) -> None:
    visitor = house.visitor(DESKTOP).go("/hexi-zhen/")
    visitor.page.keyboard.press("Tab")
    assert focused(visitor.page, ".skip")
    visitor.page.keyboard.press("Enter")
    assert focused(visitor.page, "main")
    visitor.page.keyboard.press("Tab")
    assert visitor.page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_the_focus_goes_to_the_list_of_errors_and_on_to_the_field(house: House) -> None:
    visitor = house.visitor(DESKTOP).go("/hexi-zhen/volunteers/")
    visitor.press("继续")
    assert focused(visitor.page, "[data-error-summary]")
    visitor.page.keyboard.press("Tab")
    visitor.page.keyboard.press("Enter")
    assert focused(visitor.page, "#f-kind")


def _size(page: Page) -> float:
    return float(
        page.evaluate("parseFloat(getComputedStyle(document.querySelector('p')).fontSize)")
    )
