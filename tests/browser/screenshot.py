"""Makes docs/screenshot.png anew: portal and form on a phone beside the desk.

`python -m tests.browser.screenshot`, with a `kehou serve --demo` of its own.
"""

import base64
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from infra.local.app import local_app
from tests.browser import chromium
from tests.browser.cast import Applicant, register
from tests.browser.served import served
from tests.browser.visitor import DESKTOP, PHONE, Atlas, House

TARGET = Path(__file__).parents[2] / "docs/screenshot.png"
HEIGHT = 640
REGISTERING = {
    "苗秀兰": "14999919600214502",
    "尉迟敬": "14999919590827301",
    "薛桂芳": "14999919611105604",
    "康文秀": "14999919620630702",
}
_SHEET = """<!doctype html><style>
body {{ margin: 0; padding: 24px; display: flex; gap: 24px; width: fit-content;
  background: #cfd4cc }}
img {{ display: block; height: {height}px; border-radius: 10px }}
</style><body>{pictures}"""


def main() -> int:
    """Take the three pictures and lay them side by side."""
    with (
        tempfile.TemporaryDirectory() as folder,
        served(Path(folder), "--demo") as address,
        sync_playwright() as playwright,
    ):
        path = chromium.install()
        browser = playwright.chromium.launch(executable_path=path, args=chromium.arguments())
        _work_for_the_desk(browser, address, Path(folder) / "routes")
        pictures = [_portal(browser, address), _form(browser, address), _desk(browser, address)]
        TARGET.write_bytes(_side_by_side(browser, pictures))
        browser.close()
    sys.stdout.write(f"{TARGET.name}: {TARGET.stat().st_size // 1024} kB\n")
    return 0


def _work_for_the_desk(browser: Browser, address: str, folder: Path) -> None:
    routes = local_app(folder, demo=True).url_map.bind("localhost")
    house = House(address, browser, Atlas(routes))
    for n, (name, number) in enumerate(REGISTERING.items()):
        who = Applicant(name, number, f"0000000092{n}", "青禾县禾溪第一小学")
        register(house.visitor(), "/hexi-zhen/volunteers/", who)


def _portal(browser: Browser, address: str) -> bytes:
    page = _phone(browser)
    page.goto(f"{address}/hexi-zhen/")
    return page.screenshot()


def _form(browser: Browser, address: str) -> bytes:
    page = _phone(browser)
    page.goto(f"{address}/hexi-zhen/volunteers/")
    page.get_by_label("退休教师", exact=True).check()
    page.locator("#f-name").fill("梁韵声")
    page.locator("#f-name").blur()
    return page.screenshot()


def _desk(browser: Browser, address: str) -> bytes:
    page = browser.new_page(
        viewport={"width": DESKTOP["viewport"]["width"], "height": HEIGHT}, locale="zh-CN"
    )
    page.goto(f"{address}/sign-in/?next=/desk/")
    page.get_by_role("button", name="赵明").click()
    page.locator(".work").wait_for()
    return page.screenshot()


def _phone(browser: Browser) -> Page:
    size = {"width": PHONE["viewport"]["width"], "height": HEIGHT}
    return browser.new_page(viewport=size, locale="zh-CN", has_touch=True)


def _side_by_side(browser: Browser, pictures: list[bytes]) -> bytes:
    page = browser.new_page()
    shown = "".join(
        f'<img src="data:image/png;base64,{base64.b64encode(one).decode()}">' for one in pictures
    )
    page.set_content(_SHEET.format(height=HEIGHT, pictures=shown))
    return page.locator("body").screenshot()


if __name__ == "__main__":
    raise SystemExit(main())
