"""An officer enters another system's address, tests it, pauses it and deletes it."""

import re
from typing import Any

import pytest

from tests.browser.cast import officer
from tests.browser.visitor import DESKTOP, PHONE, WITHOUT_SCRIPTS, House

DEVICES = {"phone": PHONE, "desktop": DESKTOP, "phone without JavaScript": WITHOUT_SCRIPTS}


@pytest.mark.parametrize("device", DEVICES.values(), ids=DEVICES.keys())
def test_an_address_from_entering_to_deleting(house: House, device: dict[str, Any]) -> None:
    county = officer(house, "林静", device).go("/qinghe/manage/").follow("推送到其他系统")
    county.fill("网址", "青禾")
    county.press("加上").reads("还差 2 处，改好就能继续")
    county.fill("网址", f"https://platform-{device['viewport']['width']}.invalid/kehou")
    county.tick("志愿者登记", "场馆预约")
    county.press("加上").reads("密钥做好了，只显示这一次")
    secret = county.page.get_by_label("请复制下来").input_value()
    assert re.fullmatch(r"[\w-]{43}", secret)
    county.press("试推送一次").reads("找不到这个网站，请核对地址")
    county.does_not_read(secret)
    county.press("暂停推送").reads("已暂停")
    county.press("恢复推送").reads("还没有推送过")
    county.press("删除这个地址").does_not_read("platform-" + str(device["viewport"]["width"]))
    county.reads("删除了一个地址")
