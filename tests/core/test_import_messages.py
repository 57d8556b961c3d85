"""Whom an import tells, how often, and who comes near what it holds."""

import pytest

from core.imports import entering, telling
from core.ports import Message
from tests.core.house import OFFICERS, House, Letters, everything
from tests.core.importing import (
    AT,
    LABELS,
    PHONE,
    drafts,
    row,
)
from tests.core.workbooks_made import made, pressed, uploaded
from tests.pages import fictional_phone, hidden, identity


def test_who_cannot_be_told_now_is_told_by_the_tick(house: House) -> None:
    client = house.client(OFFICERS["school"])
    house.letters.down = True
    page = pressed(client, uploaded(client, AT, made(LABELS, row(1))), "confirm")
    house.later.run()
    assert "正在发短信" in client.get(page.request.path).text
    house.letters.down = False
    house.clock.move(hours=2)
    house.office.ticks.tick()
    assert len(house.letters.to(fictional_phone(1))) == 1
    house.clock.move(hours=2)
    house.office.ticks.tick()
    assert len(house.letters.to(fictional_phone(1))) == 1
    assert "短信已发" in client.get(page.request.path).text


BACK = "已经撤回，您不用再办"


def back(house: House, n: int) -> int:
    """Return how often somebody was told that what was entered for them was taken back."""
    return sum(BACK in each for each in house.letters.to(fictional_phone(n)))


def test_who_was_told_is_told_once_that_it_was_taken_back(house: House) -> None:
    client = house.client(OFFICERS["school"])
    page = pressed(client, uploaded(client, AT, made(LABELS, row(1), row(2))), "confirm")
    house.later.run()
    assert "会再收到一条短信" in client.get(page.request.path).text
    page = pressed(client, page, "withdraw")
    house.later.run()
    pressed(client, page, "withdraw")
    house.later.run()
    house.clock.move(hours=2)
    house.office.ticks.tick()
    assert [back(house, n) for n in (1, 2)] == [1, 1]
    assert len(house.letters.sent) == 4
    assert "已撤回，已发短信告诉本人" in client.get(page.request.path).text
    assert not [each for each in everything(house, "I#") if "phone" in each]


def test_who_was_not_told_yet_hears_of_nothing(house: House) -> None:
    client = house.client(OFFICERS["school"])
    page = pressed(client, uploaded(client, AT, made(LABELS, row(1))), "confirm")
    pressed(client, page, "withdraw")
    house.later.run()
    house.clock.move(hours=2)
    house.office.ticks.tick()
    assert house.letters.to(fictional_phone(1)) == []


def test_taken_back_while_the_message_is_on_its_way_it_is_told_of_both(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = house.client(OFFICERS["school"])
    page = pressed(client, uploaded(client, AT, made(LABELS, row(1))), "confirm")
    send = type(house.letters).send

    def slow(self: Letters, message: Message) -> None:
        send(self, message)
        if len(self.sent) == 1:
            pressed(client, page, "withdraw")

    with monkeypatch.context() as patch:
        patch.setattr(Letters, "send", slow)
        house.later.run()
    for _ in range(2):
        house.clock.move(hours=2)
        house.office.ticks.tick()
        house.office.ticks.release()
    assert len(house.letters.to(fictional_phone(1))) == 2
    assert back(house, 1) == 1


def test_that_it_was_taken_back_is_tried_again_where_the_line_is_down(house: House) -> None:
    client = house.client(OFFICERS["school"])
    page = pressed(client, uploaded(client, AT, made(LABELS, row(1))), "confirm")
    house.later.run()
    house.letters.down = True
    page = pressed(client, page, "withdraw")
    house.later.run()
    assert "正在发短信告诉本人" in client.get(page.request.path).text
    house.letters.down = False
    house.clock.move(hours=2)
    house.office.ticks.tick()
    assert back(house, 1) == 1


def test_a_timer_that_rings_again_asks_for_no_second_message(house: House) -> None:
    client = house.client(OFFICERS["school"])
    pressed(client, uploaded(client, AT, made(LABELS, row(1))), "confirm")
    [timer] = [each for each in everything(house, "T#") if each.get("name") == entering.TOLD]
    for told in (True, False):
        assert house.office.telling.ring(timer["case"], (timer["pk"], timer["sk"])) == told
    assert house.letters.asked == 1


def test_a_line_that_stays_down_is_given_up_in_sight(house: House) -> None:
    client = house.client(OFFICERS["school"])
    house.letters.down = True
    page = pressed(client, uploaded(client, AT, made(LABELS, row(1))), "confirm")
    for _ in range(4):
        house.clock.move(days=1)
        house.office.ticks.tick()
        house.office.ticks.release()
    asked = house.letters.asked
    house.clock.move(days=1)
    house.office.ticks.tick()
    assert house.letters.asked == asked
    client = house.client(OFFICERS["school"])
    assert "请打电话告诉本人" in client.get(page.request.path).text


def test_nothing_personal_stands_open_and_the_rows_go_after_a_week(house: House) -> None:
    client = house.client(OFFICERS["school"])
    page = uploaded(client, AT, made(LABELS, row(1), row(2, kind="校长")))
    kept = [each for each in (house.folder / "files").rglob("*") if each.is_file()]
    assert len(kept) == 1
    assert identity(1).encode() not in kept[0].read_bytes()
    for item in everything(house, "I#"):
        assert identity(1) not in str(item)
        assert "测试1" not in str(item)
        assert "名单" not in str(item)
    house.clock.move(days=7, hours=1)
    house.office.ticks.tick()
    assert not [each for each in (house.folder / "files").rglob("*") if each.is_file()]
    client = house.client(OFFICERS["school"])
    assert "上传的内容只留 7 天" in client.get(page.request.path).text
    house.office.ticks.release()
    house.clock.move(days=24)
    house.office.ticks.tick()
    assert not everything(house, "I#")


@pytest.mark.parametrize("who", ["other_school", "other_county", "00000000112"])
def test_nobody_else_comes_near_it(house: House, who: str) -> None:
    page = uploaded(house.client(OFFICERS["school"]), AT, made(LABELS, row(1)))
    other = house.client(OFFICERS.get(who, who))
    for path in (AT, f"{AT}blank.xlsx", page.request.path, f"{page.request.path}problems.xlsx"):
        assert other.get(path).status_code == 404, path
    assert house.client().get(AT).location.startswith("/sign-in/")
    county = house.client(OFFICERS["county"])
    assert county.get(AT).status_code == 200
    assert county.get(page.request.path).status_code == 404


def test_who_lost_the_role_confirms_nothing(house: House) -> None:
    client = house.client(OFFICERS["school"])
    page = uploaded(client, AT, made(LABELS, row(1)))
    person = house.person("school")
    house.office.people.take(person.id, person.roles[0])
    token = hidden(page.text)["csrf_token"]
    for act in ("confirm", "withdraw", "discard"):
        answer = client.post(f"{page.request.path}{act}", data={"csrf_token": token})
        assert answer.status_code == 404, act
    assert not drafts(house)
    assert everything(house, "I#")


def test_a_phone_gets_two_such_messages_a_day_and_no_more(house: House) -> None:
    client = house.client(OFFICERS["school"])
    for n in range(1, 5):
        pressed(client, uploaded(client, AT, made(LABELS, row(n, phone=PHONE))), "confirm")
        house.later.run()
    assert len(house.letters.to(PHONE)) == 2
    assert len(drafts(house)) == 4
    house.clock.move(days=1)
    client = house.client(OFFICERS["school"])
    page = pressed(client, uploaded(client, AT, made(LABELS, row(9, phone=PHONE))), "confirm")
    house.later.run()
    assert len(house.letters.to(PHONE)) == 3
    assert "短信已发" in client.get(page.request.path).text


def test_an_officer_sends_so_many_a_day_and_the_page_says_who_was_not_told(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "AN_OFFICER", 1)
    client = house.client(OFFICERS["school"])
    page = pressed(client, uploaded(client, AT, made(LABELS, row(1), row(2))), "confirm")
    house.later.run()
    told = client.get(page.request.path).text
    assert told.count("短信已发") == 1
    assert told.count("今天的短信发满了") == 1
