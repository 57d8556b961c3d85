"""People who give an opinion or complain, in a browser; and what a school must never learn."""

import io
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.case_items import Case
from core.privacy import mask
from tests.core.house import House, case_id_of
from tests.pages import send

PLACE = "hexi-zhen"
FORM = f"/{PLACE}/feedback/"
NAME, PHONE, ACCOUNT = "欧阳䶮明", "13800138000", "孔雀蓝书包那件事"
FILE, AGAIN = "孔雀蓝收据", "孔雀蓝又来了"
SECRETS = (NAME, PHONE, ACCOUNT, FILE, AGAIN, mask(PHONE))
PICTURE = b"\x89PNG\r\n\x1a\n" + b"a receipt" * 20
URGENT = {"kind": "complaint", "topic": "fees", "account": f"{ACCOUNT}：要交八十元。"}
MEALS = {"kind": "opinion", "topic": "food", "words": "饭菜有点凉，能不能加保温箱。"}
REPLY = {"outcome": "improved", "asked": "要不要交钱", "mended": "没有任何收费，已经说明。"}


def hand_in(client: FlaskClient, told: dict[str, str], **other: str) -> TestResponse:
    """Fill in the form page by page and hand it in, with a receipt where it is urgent."""
    told = {"school": "hexi-1", **told, **other}
    page = send(client, client.get(FORM), {"kind": told["kind"], "school": told["school"]})
    middle: dict[str, Any] = {
        name: value
        for name, value in told.items()
        if name not in ("kind", "school", "named", "name", "phone")
    }
    if "account" in told:
        middle["evidence"] = (io.BytesIO(PICTURE), f"{FILE}.png")
    page = send(client, page, middle, content_type="multipart/form-data")
    if told["kind"] == "survey":
        page = send(client, page, {"action": "submit"})
    else:
        last = {name: told[name] for name in ("named", "name", "phone") if name in told}
        page = send(client, page, {"named": "false", **last, "action": "submit"})
    assert page.status_code == 200, page.text[:1000]
    return page


def told(house: House, what: dict[str, str], **other: str) -> Case:
    """Hand something in as the person whom nobody at the school may know."""
    client = house.client()
    signed = {"named": "true", "name": NAME, "phone": PHONE}
    found = house.office.cases.get(case_id_of(hand_in(client, what, **{**signed, **other})))
    assert found is not None
    return found


def every_stage(house: House) -> list[Case]:
    """Return a case of that person in each state in which a school's officer may come upon it."""
    do, reason = house.do, {"again_reason": f"{AGAIN}，还是要交。"}
    passed = {"matter": "请核查有没有收费，当天整改。"}

    def complaint() -> Case:
        return told(house, URGENT)

    mending = do(complaint(), "pass_on", "county", step=passed)
    answered = do(
        do(complaint(), "pass_on", "county", step=passed),
        "reply",
        "school",
        step=REPLY,
        comment="学校没有收费。",
    )
    reopened = do(
        do(complaint(), "reply", "county", step=REPLY, comment="已约谈学校。"),
        "reopen",
        PHONE,
        step=reason,
    )
    again = do(
        do(complaint(), "reply", "county", step=REPLY, comment="已约谈学校。"),
        "reopen",
        PHONE,
        step=reason,
    )
    settled = do(again, "settle", "county", step=REPLY, comment="已退还。")
    withdrawn = do(told(house, MEALS), "withdraw", PHONE)
    return [complaint(), told(house, MEALS), mending, answered, reopened, settled, withdrawn]
