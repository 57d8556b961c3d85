"""Choices that depend on other answers of the same page, in a real browser."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from core.web.app import BUNDLED
from tests.browser.test_every_type import _Quiet, _Server, focused, make_server
from tests.browser.visitor import PHONE, WITHOUT_SCRIPTS
from tests.core.house import build, open_house
from tests.core.lending import ASK, HALLS, write_halls


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the sample county with halls lent in 禾溪镇."""
    folder = tmp_path_factory.mktemp("halls")
    build(folder / "built")
    plugins = (BUNDLED, write_halls(folder / "plugins"))
    house = open_house(folder / "built", folder / "var", folders=plugins)
    house.office.places.switch("hexi-zhen", HALLS, "on", "某人", "2026")
    with make_server("127.0.0.1", 0, house.app, _Server, _Quiet) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}{ASK}"
        server.shutdown()
    house.close()


def opened(browser: Browser, address: str, device: dict[str, Any]) -> Page:
    page = browser.new_context(locale="zh-CN", **device).new_page()
    page.goto(address)
    return page


def hours(page: Page) -> list[str]:
    return [str(one.input_value()) for one in page.locator("[name=hour]").all()]


def test_the_choices_are_renewed_in_place_while_one_goes_on(browser: Browser, address: str) -> None:
    page = opened(browser, address, PHONE)
    look = page.get_by_role("button", name="看看有哪些可选")
    expect(look).to_be_hidden()
    page.evaluate("window.same = true")
    page.get_by_label("大礼堂").check()
    page.locator("#f-day").fill("2026-12-02")
    page.locator("#f-day").blur()
    expect(page.locator("[name=hour]")).to_have_count(2)
    page.locator("#f-heads").fill("20")
    page.get_by_label("09:00").check()
    expect(page.get_by_text("请提前半小时到")).to_be_visible()
    page.get_by_label("09:00").focus()
    page.locator("#f-day").evaluate("(day) => { day.value = '2026-12-03'; }")
    page.locator("#f-day").dispatch_event("change")
    expect(page.locator("[name=hour]")).to_have_count(1)
    assert page.get_by_label("09:00").is_checked()
    assert focused(page) == "hour"
    assert page.locator("#f-heads").input_value() == "20"
    assert page.evaluate("window.same")
    expect(look).to_be_hidden()
    assert Axe().run(page).response["violations"] == []
    page.reload()
    assert page.locator("#f-heads").input_value() == "20"
    assert hours(page) == ["09:00"]
    page.context.close()


def test_what_no_longer_fits_is_said_beside_it(browser: Browser, address: str) -> None:
    page = opened(browser, address, PHONE)
    page.get_by_label("大礼堂").check()
    page.locator("#f-day").fill("2026-12-02")
    page.locator("#f-day").blur()
    page.get_by_label("10:30").check()
    page.get_by_label("小礼堂").check()
    expect(page.locator("[data-field=hour]")).to_contain_text("对不上，请重新选一项")
    assert hours(page) == ["14:00"]
    page.context.close()


def test_on_a_slow_line_what_is_sent_goes_one_after_the_other(
    browser: Browser, address: str
) -> None:
    page = opened(browser, address, PHONE)
    line = page.context.new_cdp_session(page)
    slow = {"offline": False, "latency": 700, "downloadThroughput": -1, "uploadThroughput": -1}
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", slow)
    under_way, at_once = set[Any](), list[int]()

    def sent(request: Any) -> None:
        if request.method == "POST":
            under_way.add(request)
            at_once.append(len(under_way))

    def ended(request: Any) -> None:
        under_way.discard(request)

    page.on("request", sent)
    page.on("requestfinished", ended)
    page.get_by_label("大礼堂").check()
    page.locator("#f-day").fill("2026-12-02")
    page.locator("#f-day").blur()
    expect(page.locator("[name=hour]")).to_have_count(2)
    page.locator("#f-heads").fill("20")
    expect(page.locator("[data-saved]")).to_contain_text("已保存")
    assert len(at_once) >= 2
    assert max(at_once) == 1
    page.context.close()


def test_without_a_connection_the_button_is_there_and_works_later(
    browser: Browser, address: str
) -> None:
    page = opened(browser, address, PHONE)
    look = page.get_by_role("button", name="看看有哪些可选")
    page.context.set_offline(True)
    page.get_by_label("小礼堂").check()
    expect(look).to_be_visible()
    page.context.set_offline(False)
    page.locator("#f-day").evaluate("(day) => { day.value = '2026-12-02'; }")
    look.click()
    expect(page.locator("[name=hour]")).to_have_count(1)  # saving by itself is a navigation too
    assert hours(page) == ["14:00"]
    page.context.close()


def test_without_scripts_the_button_brings_the_page_back_as_it_was(
    browser: Browser, address: str
) -> None:
    page = opened(browser, address, WITHOUT_SCRIPTS)
    page.get_by_label("大礼堂").check()
    page.locator("#f-day").fill("2026-12-03")
    page.locator("#f-heads").fill("20")
    with page.expect_navigation():
        page.get_by_role("button", name="看看有哪些可选").click()
    assert hours(page) == ["09:00"]
    assert page.locator("#f-heads").input_value() == "20"
    page.context.close()
