"""Who was sent a notice reads it without signing in; seen it counts once, of nobody by name."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from core.case_items import Case
from core.commands.seed import _PICTURE as PNG
from core.effects import RETRIES
from core.numbers import fresh_number
from core.store import Write
from tests.core.conftest import MakeHouse
from tests.core.house import OFFICERS, House
from tests.core.test_cases import Unconditional
from tests.pages import hidden
from tests.plugins.notices.test_sending import counts
from tests.plugins.notices.writing import (
    link,
    past_taking_back,
    press,
    progress,
    sent,
    tick,
    told,
    volunteers,
    written,
)

MANY = range(1, 7)


class Careless(Unconditional):
    """Drops the conditions on recipients: the control of what they are for."""

    def _loosened(self, write: Write) -> Write:
        return replace(write, when=()) if write.key[0].startswith("N#") else write


def notice(house: House, *numbers: int) -> Case:
    volunteers(house, *numbers)
    return sent(house)


def test_it_reads_without_signing_in_and_tells_of_nobody_else(house: House) -> None:
    notice(house, 1, 2)
    page = house.client().get(link(house, 1))
    assert page.status_code == 200
    assert "下周三志愿者备课会" in page.text
    assert "少年宫二楼" in page.text
    assert "青禾县" in page.text
    assert "测试" not in page.text
    assert "0000000" not in page.text.replace("0355-0000000", "")


@pytest.mark.parametrize("token", ["a" * 16, "x", "A" * 16, "1" * 16, "%2e%2e"])
def test_an_address_of_nobody_is_not_found(house: House, token: str) -> None:
    notice(house, 1)
    assert house.client().get(f"/n/{token}/").status_code == 404
    assert house.client().get(f"/n/{token}/file/enclosed.0").status_code == 404
    csrf = hidden(house.client().get("/hexi-zhen/volunteers/").text)["csrf_token"]
    assert house.client().post(f"/n/{token}/decline", data={"csrf_token": csrf}).status_code != 303


def see(house: House, n: int) -> FlaskClient:
    """Say as the n-th volunteer that they have seen what they were sent."""
    client, address = house.client(), link(house, n)
    csrf = hidden(client.get(address).text)["csrf_token"]
    assert client.post(f"{address}seen", data={"csrf_token": csrf}).location == address
    return client


def test_having_seen_it_counts_once_for_each(house: House) -> None:
    case = notice(house, *MANY)
    for _ in range(3):
        see(house, 1)
    assert "已记下看过了" in see(house, 2).get(link(house, 2)).text
    tick(house)
    assert counts(house, case.id) == {"reached": 6, "sent": 6, "opened": 2}
    said = progress(house, case)
    assert "已发给 6 人 · 2 人看过" in said
    assert "聊天软件和邮箱自动预览链接不算" in said
    see(house, 1)
    tick(house)
    assert counts(house, case.id)["opened"] == 2


@pytest.mark.parametrize(
    "program",
    [
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36",
        "WhatsApp/2.23.20.0",
        "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
        "Mozilla/5.0 facebookexternalhit/1.1 Facebot Twitterbot/1.0",
        "",
    ],
)
def test_what_fetches_the_link_for_a_preview_counts_as_nobody(house: House, program: str) -> None:
    case = notice(house, *MANY)
    for n in MANY:
        client = house.client()
        for look in (client.head, client.get):
            assert look(link(house, n), headers={"User-Agent": program}).status_code == 200
        assert client.get(f"{link(house, n)}seen").status_code == 405
        assert client.post(f"{link(house, n)}seen").status_code == 400
    tick(house)
    assert "opened" not in counts(house, case.id)
    assert "已发给 6 人 · 0 人看过" in progress(house, case)


def test_what_was_withdrawn_is_not_seen_any_more(house: House) -> None:
    case = notice(house, *MANY)
    client, address = house.client(), link(house, 1)
    csrf = hidden(client.get(address).text)["csrf_token"]
    press(house, case, "withdraw", tell="false")
    assert client.post(f"{address}seen", data={"csrf_token": csrf}).status_code == 303
    tick(house)
    assert "opened" not in counts(house, case.id)


def opened_by_many(house: House) -> int:
    """Let one person's address be opened by many at once, again and again."""
    case = notice(house, 1)
    recipients, token = house.office.circulations.recipients, link(house, 1).split("/")[2]
    stale = recipients.found(token)
    assert stale

    def reading(_: int) -> None:
        recipients.mark_opened(token, stale)
        recipients.count_due()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(reading, range(4)))
    recipients.mark_opened(token, stale)
    recipients.count_due()
    return counts(house, case.id).get("opened", 0)


def test_opened_by_many_at_once_it_counts_once(house: House) -> None:
    assert opened_by_many(house) == 1


def test_control_without_conditions_it_counts_more_often(make_house: MakeHouse) -> None:
    assert opened_by_many(make_house(wrap=Careless)) > 1


def test_of_fewer_than_five_nobody_is_told_how_many_saw_it(house: House) -> None:
    case = notice(house, 1, 2)
    see(house, 1)
    tick(house)
    assert "不到 5 人，不显示几人看过" in progress(house, case)
    assert "1 人看过" not in progress(house, case)


def test_withdrawn_it_can_no_longer_be_read(house: House) -> None:
    case = notice(house, 1)
    address = link(house, 1)
    press(house, case, "withdraw", tell="false")
    page = house.client().get(address)
    assert page.status_code == 410
    assert "已经撤回或过期" in page.text
    assert "少年宫" not in page.text


def test_over_it_can_no_longer_be_read(house: House) -> None:
    case = notice(house, 1)
    address = link(house, 1)
    house.clock.move(days=60)
    tick(house)
    assert house.now(case).state == "ended"
    assert house.client().get(address).status_code == 410


def test_its_files_open_with_it_and_nothing_else_does(house: House) -> None:
    volunteers(house, 1)
    number = fresh_number()
    kept = house.office.uploads.keep("qinghe", number, "地图.png", PNG)
    case = press(house, written(house, number=number, enclosed=[kept]), "send")
    past_taking_back(house)
    address = link(house, 1)
    page = house.client().get(address)
    assert "地图.png" in page.text
    sent_file = house.client().get(f"{address}file/enclosed.0")
    assert (sent_file.status_code, sent_file.get_data()) == (200, PNG)
    for other in ("enclosed.1", "audience", "title", "x"):
        assert house.client().get(f"{address}file/{other}").status_code == 404
    press(house, house.now(case), "withdraw", tell="false")
    assert house.client().get(f"{address}file/enclosed.0").status_code == 404


def test_who_wants_no_more_gets_none_until_they_want_them_again(house: House) -> None:
    notice(house, 1, 2)
    client, address = house.client(), link(house, 1)
    page = client.get(address)
    csrf = hidden(page.text)["csrf_token"]
    done = client.post(f"{address}decline", data={"csrf_token": csrf, "on": "no"})
    assert done.status_code == 303
    assert "重新接收" in client.get(address).text
    house.letters.sent.clear()
    case = sent(house)
    assert (len(told(house, 1)), len(told(house, 2))) == (0, 1)
    assert counts(house, case.id) == {"reached": 1, "sent": 1, "declined": 1}
    assert "1 人说过不再接收，没有发" in progress(house, case)
    client.post(f"{address}decline", data={"csrf_token": csrf, "on": "yes"})
    house.letters.sent.clear()
    sent(house)
    assert len(told(house, 1)) == 1


def test_who_declines_while_a_message_waits_is_not_sent_it(house: House) -> None:
    notice(house, 1, 2)
    client, address = house.client(), link(house, 1)
    csrf = hidden(client.get(address).text)["csrf_token"]
    house.letters.down = True
    case = sent(house)
    assert counts(house, case.id) == {"reached": 2}
    client.post(f"{address}decline", data={"csrf_token": csrf, "on": "no"})
    house.letters.down = False
    house.letters.sent.clear()
    house.clock.move(seconds=RETRIES[0])
    for _ in range(3):
        tick(house)
    assert (len(told(house, 1)), len(told(house, 2))) == (0, 1)
    assert counts(house, case.id) == {"reached": 1, "sent": 1, "declined": 1}
    said = progress(house, case)
    assert "1 人说过不再接收，没有发" in said
    assert "正在发送" not in said


def test_it_cannot_be_declined_for_somebody_without_their_page(house: House) -> None:
    notice(house, 1)
    assert house.client().post(f"{link(house, 1)}decline", data={"on": "no"}).status_code == 400


def test_reading_it_is_three_round_trips_and_seeing_it_one_more_and_a_commit(house: House) -> None:
    notice(house, 1, 2)
    client, address = see(house, 2), link(house, 1)
    with house.store.expect(get=3):
        csrf = hidden(client.get(address).text)["csrf_token"]
    with house.store.expect(get=3, commit=1):
        client.post(f"{address}seen", data={"csrf_token": csrf})
    with house.store.expect(get=3):
        client.post(f"{address}seen", data={"csrf_token": csrf})


def test_officers_of_others_do_not_see_its_page(house: House) -> None:
    case = notice(house, 1)
    for who in ("other_county", "other_school"):
        answer = house.client(OFFICERS[who]).get(f"/qinghe/case/{case.id}/")
        assert answer.status_code == 302
        assert "/receipt/" in answer.location
