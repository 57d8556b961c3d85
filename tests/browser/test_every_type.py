"""A form with every type of question in a real browser: rows, photos, what is computed."""

import threading
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from core.moments import stamp
from core.web.app import BUNDLED
from tests.browser.visitor import DESKTOP, PHONE
from tests.core.house import build, open_house
from tests.core.sampler import SAMPLE, SAMPLER, write_sampler

WIDE = """() => {
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d");
  canvas.width = 3000; canvas.height = 1500;
  pen.fillStyle = "#a00"; pen.fillRect(0, 0, 1500, 1500);
  pen.fillStyle = "#00a"; pen.fillRect(1500, 0, 1500, 1500);
  return canvas.toDataURL("image/jpeg", 0.95).split(",")[1];
}"""
CHOSEN = """(name) => new Promise((resolve) => {
  const file = document.querySelector('[name="' + name + '"]').files[0];
  const image = new Image();
  image.onload = () => resolve([file.name, file.type, image.naturalWidth, image.naturalHeight]);
  image.onerror = () => resolve([file.name, file.type, 0, 0]);
  image.src = URL.createObjectURL(file);
})"""


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the sample county with the sampler switched on."""
    folder = tmp_path_factory.mktemp("sampler")
    build(folder / "built")
    plugins = (BUNDLED, write_sampler(folder / "plugins"))
    house = open_house(folder / "built", folder / "var", folders=plugins)
    house.office.places.switch("qinghe", SAMPLER, "required", "某人", stamp(house.clock.now()))
    with make_server("127.0.0.1", 0, house.app, _Server, _Quiet) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}{SAMPLE}"
        server.shutdown()
    house.close()


def opened(browser: Browser, address: str, **how: Any) -> Page:
    context = browser.new_context(locale="zh-CN", **{**PHONE, **how})
    page = context.new_page()
    page.goto(address)
    return page


def third_page(page: Page) -> Page:
    """Fill in the first two pages."""
    page.fill("#f-full_name", "阿依努尔·买买提江")
    page.click("button.btn-primary")
    page.get_by_label("手工").check()
    page.click("button.btn-primary")
    page.locator("#f-members").wait_for()
    return page


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.name || document.activeElement.id"))


@pytest.mark.parametrize("device", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_axe_finds_nothing_on_any_page_and_nothing_hangs_over(
    browser: Browser, address: str, device: dict[str, Any]
) -> None:
    page = opened(browser, address, **device)
    found = []
    for at in range(3):
        if at == 1:
            page.fill("#f-full_name", "查青岚")
        if at:
            page.click("button.btn-primary")
            page.locator(["", "#f-kind", "#f-members"][at]).wait_for()
        if at == 1:
            page.get_by_label("体育").check()
        if at == 2:
            page.click("[data-add]")
        found += [(at, one["id"]) for one in Axe().run(page).response["violations"]]
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), at
    assert found == []
    page.context.close()


def test_rows_are_added_moved_and_removed_without_a_round_trip(
    browser: Browser, address: str
) -> None:
    page = third_page(opened(browser, address))
    page.evaluate("window.same = true")
    page.locator("[data-add]").focus()
    page.keyboard.press("Enter")
    assert focused(page) == "members.0.name"
    page.keyboard.type("梁韵声")
    page.locator("[data-add]").focus()
    page.keyboard.press("Enter")
    assert focused(page) == "members.1.name"
    page.keyboard.type("段巧云")
    titles = page.locator("h2[data-row-name]")
    assert titles.all_text_contents() == ["接送人 1", "接送人 2"]
    assert page.locator("#f-how_many").text_content() == "2"
    page.locator('[value="up:members.1"]').focus()
    page.keyboard.press("Enter")
    names = page.locator('[name$=".name"]')
    assert [one.input_value() for one in names.all()] == ["段巧云", "梁韵声"]
    assert titles.all_text_contents() == ["接送人 1", "接送人 2"]
    page.locator('[value="remove:members.1"]').click()
    assert focused(page) == "f-members.0"
    assert page.locator("[data-said]").text_content() == "已删除接送人 1"
    assert page.locator("#f-how_many").text_content() == "1"
    assert page.evaluate("window.same")
    page.context.close()


def test_a_row_follows_its_own_rules_and_is_sent_as_it_stands(
    browser: Browser, address: str
) -> None:
    page = third_page(opened(browser, address))
    for _ in range(2):
        page.click("[data-add]")
    page.get_by_label("其他").nth(1).check()
    assert [one.is_visible() for one in page.locator('[data-name="which"]').all()] == [False, True]
    page.get_by_label("出生日期").nth(0).fill("1958-03-15")
    assert page.locator('[data-name="age"] output').all_text_contents() == ["68", "—"]
    page.get_by_label("姓名").nth(0).fill("梁韵声")
    page.locator('[value="up:members.1"]').click()
    page.click("button.btn-primary")
    page.locator("[data-error-summary]").wait_for()
    links = page.locator("[data-error-summary] a").all_text_contents()
    assert any(one.startswith("接送人 1 · 姓名：") for one in links)
    assert any(one.startswith("接送人 2 · 与孩子的关系：") for one in links)
    assert page.get_by_label("姓名").nth(1).input_value() == "梁韵声"
    page.context.close()


def test_no_row_beyond_the_most_can_be_added(browser: Browser, address: str) -> None:
    page = third_page(opened(browser, address))
    for _ in range(4):
        page.click("[data-add]")
    assert not page.locator("[data-add]").is_visible()
    page.locator('[value="remove:members.0"]').click()
    assert page.locator("[data-add]").is_visible()
    page.context.close()


def test_amounts_times_and_ranges_are_computed_while_people_type(
    browser: Browser, address: str
) -> None:
    page = opened(browser, address)
    page.fill("#f-full_name", "查青岚")
    page.fill("#f-pupils", "２００")
    page.fill("#f-materials", "¥1,012.505")
    assert page.locator("#f-total").text_content() == "—"
    page.fill("#f-materials", "¥１,012.50")
    assert page.locator("#f-total").text_content() == "202,500.00 元"
    page.fill("#f-materials", "12.50元")
    page.click("button.btn-primary")
    page.fill("#f-starts", "16:30")
    page.fill("#f-ends", "18:00")
    assert page.locator("#f-minutes").text_content() == "90"
    page.fill('[name="term.from"]', "2026-12-07")
    assert not page.locator("#f-meeting").is_visible()
    page.fill('[name="term.to"]', "2027-01-18")
    assert page.locator("#f-meeting").is_visible()
    page.context.close()


def photo(page: Page) -> bytes:
    """Return a JPEG of 3000 × 1500 with a place in its EXIF, lying on its side."""
    import base64  # noqa: PLC0415 — of this one picture

    plain = base64.b64decode(page.evaluate(WIDE))
    tags = BytesIO()
    tags.write(b"Exif\0\0MM\0*\0\0\0\x08\0\x02")
    tags.write(b"\x01\x12\0\x03\0\0\0\x01\0\x06\0\0")
    tags.write(b"\x88\x25\0\x04\0\0\0\x01\0\0\0\x26")
    tags.write(b"\0\0\0\0" + b"SECRET-PLACE")
    exif = tags.getvalue()
    return plain[:2] + b"\xff\xe1" + (len(exif) + 2).to_bytes(2) + exif + plain[2:]


def test_a_photo_is_made_small_upright_and_placeless_before_it_is_sent(
    browser: Browser, address: str, tmp_path: Path
) -> None:
    page = third_page(opened(browser, address))
    picture = tmp_path / "IMG_1.JPG"
    picture.write_bytes(photo(page))
    assert b"SECRET-PLACE" in picture.read_bytes()
    page.set_input_files('[name="certificate"]', picture)
    line = page.locator('[data-field="certificate"] [data-progress]')
    line.filter(has_text="照片已缩小").wait_for()
    assert page.evaluate(CHOSEN, "certificate") == ["IMG_1.jpg", "image/jpeg", 1000, 2000]
    sent = page.evaluate(
        "document.querySelector('[name=certificate]').files[0].arrayBuffer()"
        ".then((all) => new TextDecoder('latin1').decode(all))"
    )
    assert "SECRET-PLACE" not in sent
    page.click("button.btn-primary")
    page.locator(".kept").wait_for()
    assert "IMG_1.jpg" in page.locator(".kept").first.inner_text()
    page.context.close()


def test_a_photo_this_browser_cannot_read_goes_as_it_is(
    browser: Browser, address: str, tmp_path: Path
) -> None:
    page = third_page(opened(browser, address))
    picture = tmp_path / "IMG_2.HEIC"
    picture.write_bytes(b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"0" * 500)
    page.set_input_files('[name="certificate"]', picture)
    line = page.locator('[data-field="certificate"] [data-progress]')
    line.filter(has_text="可以继续").wait_for()
    assert page.evaluate(CHOSEN, "certificate")[0] == "IMG_2.HEIC"
    page.click("button.btn-primary")
    page.locator(".kept").wait_for()
    assert "IMG_2.HEIC" in page.locator(".kept").first.inner_text()
    page.context.close()


def test_without_javascript_rows_are_added_by_a_round_trip_that_leads_to_the_new_one(
    browser: Browser, address: str
) -> None:
    page = third_page(opened(browser, address, java_script_enabled=False))
    page.click("[data-add]")
    page.get_by_label("姓名").fill("梁韵声")
    page.click("[data-add]")
    assert page.url.endswith("#f-members.1")
    assert page.get_by_label("姓名").nth(0).input_value() == "梁韵声"
    page.context.close()
