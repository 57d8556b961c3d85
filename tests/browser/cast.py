"""Who takes part in the story, and what each of them does at a browser."""

import re
import struct
import zlib
from dataclasses import dataclass

from playwright.sync_api import Page

from forms.identity_types import check_character
from tests.browser.visitor import House, Visitor

LOOKS = 300
"""How often the outbox is looked at before a message is given up: each look is a page load."""


@dataclass(frozen=True)
class Applicant:
    """Somebody who registers: all invented."""

    name: str
    number: str
    phone: str
    school: str

    @property
    def id_number(self) -> str:
        """An identity number of no real region, its check digit right."""
        return self.number + check_character(self.number)

    @property
    def mistyped(self) -> str:
        """The same number with a wrong last digit."""
        right = check_character(self.number)
        return self.number + ("1" if right != "1" else "2")


def photograph() -> dict[str, str | bytes]:
    """Return a small picture to hand in."""
    rows = b"".join(b"\0" + b"\xf6\xf5\xf1" * 40 for _ in range(30))
    body = b"\x89PNG\r\n\x1a\n"
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", 40, 30, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    )
    for kind, data in parts:
        check = struct.pack(">I", zlib.crc32(kind + data))
        body += struct.pack(">I", len(data)) + kind + data + check
    return {"name": "教师资格证.png", "mimeType": "image/png", "buffer": body}


def officer(house: House, name: str, device: dict[str, object] | None = None) -> Visitor:
    """Return one of the sample county's people, signed in by one click."""
    return house.visitor(device).go("/sign-in/?next=/desk/").press(name)


def citizen(house: House, phone: str, device: dict[str, object] | None = None) -> Visitor:
    """Return somebody signed in with a code that the outbox page holds."""
    visitor = house.visitor(device).go("/sign-in/?next=/my/")
    visitor.fill("手机号", phone)
    visitor.press("获取验证码")
    visitor.fill("6 位验证码", code_for(house, phone))
    return visitor.press("登录")


def code_for(house: House, phone: str) -> str:
    """Return the latest code that went to a phone."""
    [code] = re.findall(r"\b\d{6}\b", messages_to(house, phone, "您的验证码是")[0])
    return code


def messages_to(house: House, phone: str, words: str) -> list[str]:
    """Return the messages to a phone that hold these words, the latest first, once there is one."""
    reader = house.visitor()
    reader.go("/outbox/")
    for _ in range(LOOKS):
        rows = reader.page.locator("main li").all_inner_texts()
        found = [row for row in rows if phone in row and words in row]
        if found:
            reader.close()
            return found
        reader.page.reload()
    raise AssertionError(f"no {words!r} to {phone} in the outbox")


def fill_first_page(visitor: Visitor, who: Applicant) -> None:
    """Say who one is: a wrong number first, which the page explains and leads to."""
    visitor.tick("退休教师")
    visitor.fill("姓名", who.name)
    visitor.fill("身份证号", who.mistyped)
    visitor.fill("手机号", who.phone)
    visitor.press("继续")
    visitor.page.get_by_role("alert").get_by_role("link", name=re.compile("身份证号")).click()
    assert visitor.page.url.endswith("#f-id_number")
    visitor.reads("最后一位")
    visitor.fill("身份证号", who.id_number)
    visitor.page.get_by_label(re.compile("^教师资格证")).set_input_files([photograph()])
    visitor.press("继续")


def fill_second_page(visitor: Visitor, who: Applicant) -> None:
    """Say what one would teach, when and where."""
    visitor.tick("戏曲", "阅读", "周二", "周四")
    visitor.fill("简单说说您的经历", "教了三十年音乐。")
    choose_school(visitor.page, who.school)
    visitor.press("继续")


def choose_school(page: Page, school: str) -> None:
    """Choose the school one would like best, from buttons or from a menu."""
    group = page.locator('[data-field="preferred_school"]')
    if group.locator("select").count():
        group.locator("select").select_option(label=school)
    else:
        group.get_by_label(school, exact=True).check()


def sign_and_submit(visitor: Visitor, who: Applicant, *, draws: bool) -> str:
    """Sign, consent and hand in; return the receipt number that the next page shows."""
    if draws:
        draw(visitor.page)
    else:
        visitor.page.locator("#i-signature").fill(who.name)
    visitor.tick("我已阅读并同意")
    visitor.press("提交")
    return receipt_on(visitor)


def draw(page: Page) -> None:
    """Draw a line on the signature pad."""
    canvas = page.locator("canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    x, y = box["x"], box["y"]
    page.mouse.move(x + 20, y + 20)
    page.mouse.down()
    page.mouse.move(x + 90, y + 60, steps=5)
    page.mouse.move(x + 160, y + 30, steps=5)
    page.mouse.up()


def receipt_on(visitor: Visitor) -> str:
    """Return the receipt number on a page, in groups of four."""
    found = re.search(r"\d{4} \d{4} \d{4} \d{4}", visitor.text())
    assert found, visitor.text()
    return found[0]


def register(visitor: Visitor, address: str, who: Applicant, *, draws: bool = False) -> str:
    """Fill in the whole registration and hand it in; return the receipt number."""
    visitor.go(address)
    fill_first_page(visitor, who)
    fill_second_page(visitor, who)
    return sign_and_submit(visitor, who, draws=draws)


def take_up(worker: Visitor, who: Applicant) -> Visitor:
    """Find an applicant on the desk and open the case."""
    worker.go("/desk/")
    trays = worker.page.get_by_role("navigation", name="我的工作").get_by_role("link")
    for tray in range(trays.count()):
        link = worker.page.get_by_role("link", name=f"办理 {who.name}")
        if link.count():
            break
        worker.go(trays.nth(tray).get_attribute("href") or "/desk/")
    return worker.follow(f"办理 {who.name}")


def confirm_identity(worker: Visitor, who: Applicant, today: str) -> None:
    """The school has seen the person and the originals."""
    take_up(worker, who).follow("身份核对无误")
    worker.fill("核对日期", today)
    worker.tick("已看过身份证原件，与登记一致，是本人", "承诺书由本人签名", "是")
    worker.press("身份核对无误")


def record_query(worker: Visitor, who: Applicant, today: str) -> None:
    """The county has asked, and there is no record."""
    take_up(worker, who).follow("登记查询结果")
    worker.tick("未查到记录")
    worker.fill("查询日期", today)
    worker.fill("查询机关", "青禾县公安局")
    worker.press("登记查询结果")


def record_training(worker: Visitor, who: Applicant, today: str) -> None:
    """The school has trained the person."""
    take_up(worker, who).follow("培训合格，可以排课")
    worker.fill("培训日期", today)
    worker.tick("到校", "已学完安全、交接、师德和未成年人保护的内容，合格")
    worker.fill("培训时长（分钟）", "40")
    worker.press("培训合格，可以排课")
