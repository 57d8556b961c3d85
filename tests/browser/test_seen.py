"""What somebody was sent counts as seen when they move on its page, or press the button there."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from core.store import Item
from tests.browser.test_every_type import _Quiet, _Server, make_server
from tests.browser.visitor import PHONE, WITHOUT_SCRIPTS
from tests.core.house import House, build, open_house
from tests.plugins.notices.writing import link, sent, volunteers

NOTED = "已记下看过了"
Folders = pytest.TempPathFactory


@pytest.fixture(scope="module")
def sending(tmp_path_factory: Folders) -> Iterator[tuple[House, str]]:
    """Serve a county in which four volunteers were sent a notice."""
    folder = tmp_path_factory.mktemp("seen")
    build(folder / "built")
    house = open_house(folder / "built", folder / "var")
    volunteers(house, 1, 2, 3, 4)
    sent(house)
    with make_server("127.0.0.1", 0, house.app, _Server, _Quiet) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield house, f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
    house.close()


def opened(browser: Browser, sending: tuple[House, str], n: int, device: dict[str, Any]) -> Page:
    house, address = sending
    page = browser.new_context(locale="zh-CN", **device).new_page()
    page.goto(address + link(house, n))
    expect(page.get_by_role("heading", level=1)).to_contain_text("下周三志愿者备课会")
    expect(page.get_by_role("button", name="我已看到")).to_be_visible()
    return page


def recipient(sending: tuple[House, str], n: int) -> Item:
    house, _ = sending
    found = house.office.circulations.recipients.found(link(house, n).split("/")[2])
    assert found
    return found


def test_a_page_that_is_only_shown_counts_as_nobody(
    browser: Browser, sending: tuple[House, str]
) -> None:
    page = opened(browser, sending, 1, PHONE)
    page.evaluate("window.dispatchEvent(new Event('pointerdown')); window.scrollTo(0, 500)")
    page.wait_for_timeout(1500)
    assert "opened" not in recipient(sending, 1)
    expect(page.get_by_role("button", name="我已看到")).to_be_visible()


@pytest.mark.parametrize(("n", "act"), [(2, "touch"), (3, "key")])
def test_who_moves_on_it_has_seen_it(
    browser: Browser, sending: tuple[House, str], n: int, act: str
) -> None:
    page = opened(browser, sending, n, PHONE)
    if act == "touch":
        page.get_by_role("heading", level=1).tap()
    else:
        page.keyboard.press("ArrowDown")
    expect(page.get_by_role("status").filter(has_text=NOTED)).to_be_visible()
    assert "opened" in recipient(sending, n)
    assert not Axe().run(page).response["violations"]
    page.reload()
    expect(page.get_by_role("status").filter(has_text=NOTED)).to_be_visible()


def test_without_scripts_the_button_says_it(browser: Browser, sending: tuple[House, str]) -> None:
    page = opened(browser, sending, 4, WITHOUT_SCRIPTS)
    assert "opened" not in recipient(sending, 4)
    page.get_by_role("button", name="我已看到").click()
    expect(page.get_by_role("status").filter(has_text=NOTED)).to_be_visible()
    assert "opened" in recipient(sending, 4)
