"""A page used with the keyboard alone: what is reached with Tab, and done there."""

from datetime import date

from playwright.sync_api import Page

_FARTHEST = 120
"""How often Tab is pressed before a control counts as out of reach."""


def focused(page: Page, selector: str) -> bool:
    """Tell whether the focus is on such an element."""
    return bool(page.evaluate("(s) => document.activeElement.matches(s)", selector))


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is on such an element, which must then be seen."""
    for _ in range(_FARTHEST):
        if focused(page, selector):
            assert page.locator(":focus").is_visible()
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reaches {selector} on {page.url}")


def press(page: Page, selector: str, key: str = "Space") -> None:
    """Go to an element and press a key there."""
    tab_to(page, selector)
    page.keyboard.press(key)


def write(page: Page, selector: str, text: str) -> None:
    """Go to a field and write into it."""
    tab_to(page, selector)
    page.keyboard.type(text)


def write_day(page: Page, selector: str, day: date) -> None:
    """Write a day into the browser's own date field, whichever part it asks for first."""
    for order in ("%m%d%Y", "%Y%m%d", "%d%m%Y"):
        tab_to(page, selector)
        page.keyboard.type(day.strftime(order))
        if page.locator(selector).input_value() == day.isoformat():
            return
        page.locator("body").press("Escape")
        page.evaluate("document.activeElement.blur()")
    raise AssertionError(f"no way to write a day into {selector}")


def go_on(page: Page, selector: str) -> None:
    """Go to a link or button and press Enter; wait for the page it leads to."""
    tab_to(page, selector)
    with page.expect_navigation():
        page.keyboard.press("Enter")
