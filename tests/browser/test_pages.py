"""What holds for every page: narrow, large, dark and light in weight; and for a keyboard alone."""

import pytest
from playwright.sync_api import Page

from tests.browser.cast import Applicant, photograph, receipt_on
from tests.browser.tour import walk
from tests.browser.visitor import DESKTOP, PHONE, House

FIRST_PAGE = 100_000
ZOOMED = {"viewport": {"width": 320, "height": 256}}
"""What is left of 1280 × 1024 at 400 %."""


@pytest.mark.parametrize(
    ("device", "first"),
    [
        (ZOOMED, ()),
        ({**ZOOMED, "viewport": {"width": 320, "height": 640}}, ("/size/large",)),
        ({**PHONE, "color_scheme": "dark"}, ()),
    ],
    ids=["at 400 %", "in large type", "in the dark scheme"],
)
def test_every_page_is_whole(house: House, device: dict, first: tuple[str, ...]) -> None:
    for visitor in walk(house, device, *first):
        visitor.close()


def test_large_type_is_larger_and_stays(house: House) -> None:
    visitor = house.visitor().go("/hexi-zhen/")
    before = _size(visitor.page)
    visitor.follow("大字版")
    assert _size(visitor.page) >= before * 1.25
    visitor.go("/receipt/")
    assert _size(visitor.page) >= before * 1.25


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
    assert _focused(visitor.page, ".skip")
    visitor.page.keyboard.press("Enter")
    assert _focused(visitor.page, "main")
    visitor.page.keyboard.press("Tab")
    assert visitor.page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_the_focus_goes_to_the_list_of_errors_and_on_to_the_field(house: House) -> None:
    visitor = house.visitor(DESKTOP).go("/hexi-zhen/volunteers/")
    visitor.press("继续")
    assert _focused(visitor.page, "[data-error-summary]")
    visitor.page.keyboard.press("Tab")
    visitor.page.keyboard.press("Enter")
    assert _focused(visitor.page, "#f-kind")


def test_the_registration_can_be_made_with_the_keyboard_alone(house: House) -> None:
    who = Applicant("赫连春", "14999919650918303", "00000000908", "青禾县禾溪第一小学")
    visitor = house.visitor(DESKTOP).go("/hexi-zhen/volunteers/")
    page = visitor.page
    _press(page, 'input[name="kind"]', "Space")
    _type(page, "#f-name", who.name)
    _type(page, "#f-id_number", who.id_number)
    _type(page, "#f-phone", who.phone)
    _tab_to(page, "#i-certificate")
    page.locator(":focus").set_input_files([photograph()])  # what the system's own window does
    _go_on(page)
    _press(page, 'input[name="specialties"][value="opera"]', "Space")
    _press(page, 'input[name="times"][value="monday"]', "Space")
    _press(page, '[name="preferred_school"]', "Space")
    _go_on(page)
    _type(page, "#i-signature", who.name)
    _press(page, 'input[name="query_consent"]', "Space")
    _go_on(page)
    assert receipt_on(visitor)


def _size(page: Page) -> float:
    return float(
        page.evaluate("parseFloat(getComputedStyle(document.querySelector('p')).fontSize)")
    )


def _focused(page: Page, selector: str) -> bool:
    return bool(page.evaluate("(s) => document.activeElement.matches(s)", selector))


def _tab_to(page: Page, selector: str) -> None:
    for _ in range(60):
        if _focused(page, selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reaches {selector} on {page.url}")


def _press(page: Page, selector: str, key: str) -> None:
    _tab_to(page, selector)
    page.keyboard.press(key)


def _type(page: Page, selector: str, text: str) -> None:
    _tab_to(page, selector)
    page.keyboard.type(text)


def _go_on(page: Page) -> None:
    _tab_to(page, ".actions .btn-primary")
    before = page.locator("h1").inner_text()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator("h1").inner_text() != before, page.locator("main").inner_text()
