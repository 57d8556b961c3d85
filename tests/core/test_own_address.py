"""Links that leave the site lead to the address its operator named, whatever a request says."""

import pytest

from tests.core.conftest import MakeHouse
from tests.core.house import OFFICERS, House
from tests.core.test_public_pages import PUBLIC
from tests.core.workbooks_made import made, pressed, uploaded
from tests.pages import PLACE, fictional_phone, identity

OURS, EVIL = "https://kehou.example.cn", "http://evil.example"
AT = "/hexi-1/volunteers/import/"


@pytest.fixture
def named(make_house: MakeHouse) -> House:
    return make_house(config={"ADDRESS": OURS})


def test_a_page_for_chats_names_the_site_not_whoever_asked(named: House) -> None:
    page = named.client().get(f"/{PLACE}/", base_url=EVIL)
    assert page.status_code == 200
    assert f'content="{OURS}/{PLACE}/"' in page.text
    assert "evil.example" not in page.text


def test_a_poster_and_a_message_lead_to_the_site(named: House) -> None:
    client = named.client(OFFICERS["county"])
    poster = client.get(f"/{PLACE}/volunteers/poster/", base_url=EVIL)
    assert "evil.example" not in poster.text
    assert "kehou.example.cn" in poster.text


def test_what_is_entered_for_somebody_leads_to_the_site(make_house: MakeHouse) -> None:
    named = make_house(config={"ADDRESS": "http://kehou.example.cn"})  # no TLS in this test
    client, phone = named.client(OFFICERS["school"]), fictional_phone(1)
    labels = ["您是", "姓名", "身份证号", "手机号", "您的特长", "哪几天方便", "最想去的学校"]
    row = ["家长", "测试1", identity(1), phone, "阅读", "周五", "青禾县禾溪第一小学"]
    pressed(client, uploaded(client, AT, made(labels, row)), "confirm")
    named.later.run()
    [letter] = named.letters.to(phone)
    assert "http://kehou.example.cn/my/" in letter


def test_control_without_an_address_the_request_says_where(house: House) -> None:
    client = house.client(OFFICERS["county"])
    poster = client.get(f"/{PLACE}/volunteers/poster/", base_url=EVIL)
    assert "evil.example" in poster.text
    assert poster.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", [*PUBLIC, f"/{PLACE}/volunteers/"])
def test_what_caches_keep_never_says_which_host_was_asked_for(house: House, path: str) -> None:
    page = house.client().get(path, base_url=EVIL)
    assert page.status_code == 200
    assert "evil.example" not in page.text


@pytest.mark.parametrize("wrong", ["kehou.example.cn", "ftp://x", "https://x.cn/path", "//x"])
def test_what_is_no_address_is_refused_at_the_start(make_house: MakeHouse, wrong: str) -> None:
    with pytest.raises(ValueError, match="no address"):
        make_house(config={"ADDRESS": wrong})
