"""What is pressed is seen when the focus is on it, is large enough, and stands where it belongs."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page

from tests.browser.keyboard import tab_to
from tests.browser.tour import CLERK, as_one_click, past_kept_figures, workbook
from tests.browser.visitor import DESKTOP, PHONE, House, Visitor

LEAST, RING, DIFFERENT = 24, 2, 3
"""CSS pixels of a target and of a ring, and the contrast of a ring (WCAG 2.5.8, 2.4.13)."""
_RING = """() => {
  const style = getComputedStyle(document.activeElement);
  const paper = getComputedStyle(document.body).backgroundColor;
  return [style.outlineStyle, parseFloat(style.outlineWidth), style.outlineColor, paper];
}"""


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def county(house: House, request: pytest.FixtureRequest) -> Visitor:
    visitor = house.visitor(request.param)
    as_one_click(visitor, CLERK)
    return visitor


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_plain_buttons_and_chips_have_a_ring_when_the_focus_is_on_them(
    house: House, scheme: str
) -> None:
    device: dict[str, Any] = {**DESKTOP, "color_scheme": scheme}
    visitor = house.visitor(device)
    as_one_click(visitor, CLERK)
    page = visitor.go("/qinghe/volunteers/waiting/").page
    for selector in (".chip", "main .btn-plain"):
        tab_to(page, selector)
        _has_ring(page)


def test_numbers_that_open_are_large_enough_to_hit(county: Visitor) -> None:
    past_kept_figures(county)
    county.page.go_back()
    links = county.page.locator("main table td a")
    assert links.count()
    for link in links.all():
        box = _box(link)
        assert box["width"] >= LEAST
        assert box["height"] >= LEAST


def test_a_badge_in_a_row_is_as_high_as_its_words(county: Visitor) -> None:
    """One row lacks so much that the words beside the badge take several lines."""
    page = county.go("/hexi-1/volunteers/import/").page
    content = workbook(["丙", "1"], ["丁" * 40, "00000000x"])
    page.locator("#f-workbook").set_input_files(
        {"name": "list.xlsx", "mimeType": "application/octet-stream", "buffer": content}
    )
    with page.expect_navigation():
        page.locator("form .btn-primary").click()
    county.look()
    badges = page.locator("main .row > [class^=badge-]")
    assert badges.count()
    for badge in badges.all():
        row = _box(badge.locator("xpath=.."))
        assert row["height"] > 60, "the row is higher than a line"
        assert _box(badge)["height"] < 45


def _has_ring(page: Page) -> None:
    style, width, colour, paper = page.evaluate(_RING)
    assert style == "solid"
    assert width >= RING
    light, dark = sorted((_light(colour), _light(paper)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= DIFFERENT


def _light(colour: str) -> float:
    """Return the relative luminance of rgb(…), as WCAG reckons it."""
    parts = [int(each) / 255 for each in colour[4:-1].split(",")[:3]]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(w * each for w, each in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def _box(one: Locator) -> Any:
    found = one.bounding_box()
    assert found
    return found
