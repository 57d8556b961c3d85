"""A county's other systems are told of events: signed, once or more, nothing personal, in sight."""

import hashlib
import hmac
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

import infra.local.app
from core.case_items import Case, chain_holds, event_key
from core.deliveries import WAITS
from core.webhooks import MOST, Wish
from infra.cli import main
from infra.fetching import PublicFetch
from infra.public_addresses import is_public
from tests.core.conftest import MakeHouse
from tests.core.grants import grants_house, request
from tests.core.house import OFFICERS, House, everything, hand_in, last_page
from tests.local.far import Far, far
from tests.pages import PLACE, SERVICE, fictional_phone, hidden

HERE, PAGE = "127.0.0.1", "/qinghe/webhooks/"
WISH = {"services": [SERVICE], "kinds": ["filed", "moved", "finished"]}


@pytest.fixture
def receiver() -> Iterator[Far]:
    with far() as server:
        yield server


def reaching(receiver: Far) -> PublicFetch:
    """Return a Fetch to which every name is the receiver, but `inner` one of the inside."""
    return PublicFetch(
        allowed=lambda address: str(address) == HERE or is_public(address),
        resolve=lambda host: ["10.0.0.1"] if host.startswith("inner") else [HERE],
        doors={"http": receiver.server_port, "https": 443},
        seconds=5.0,
    )


@pytest.fixture
def house(make_house: MakeHouse, receiver: Far) -> House:
    return make_house(fetch=reaching(receiver))


class Manager:
    """The county's officer at the page of its hooks."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.sign_in()

    def sign_in(self) -> None:
        self.client = self.house.client(OFFICERS["county"])
        self.token = {"csrf_token": hidden(self.client.get(PAGE).text)["csrf_token"]}

    def enter(self, url: str = "http://receiver.example/204", **other: Any) -> tuple[str, str]:
        """Enter a hook; return its id and its secret."""
        page = self.client.post(PAGE, data={**self.token, **WISH, "url": url, **other}).text
        found = re.search(r"webhooks/([0-9a-f]{16})/test.*", page)
        secret = re.search(r'id="f-secret"[^>]*>([^<]+)<', page)
        assert found
        assert secret
        return found[1], secret[1]

    def do(self, hook: str, act: str, **given: str) -> str:
        sent = {**self.token, **given}
        return self.client.post(f"{PAGE}{hook}/{act}", data=sent, follow_redirects=True).text

    def shown(self, hook: str) -> str:
        return self.client.get(f"{PAGE}{hook}/").text


@pytest.fixture
def manager(house: House) -> Manager:
    return Manager(house)


def tick(house: House, **by: float) -> int:
    """Let time pass and tick; return how many deliveries arrived."""
    house.clock.move(**by)
    done = house.office.ticks.tick()
    assert done is not None
    house.office.ticks.release()
    return done.delivered


def verified(house: House, case: Case) -> Case:
    today = house.office.around().today.isoformat()
    return house.do(case, "verify", "school", step={"identity_checked_on": today})


def test_what_happens_is_told_signed_and_says_nothing_personal(
    house: House, manager: Manager, receiver: Far
) -> None:
    _, secret = manager.enter()
    case = verified(house, house.submit(1))
    assert tick(house) == 2
    told = {each.headers["Kehou-Event"]: json.loads(each.body) for each in receiver.came}
    filed, moved = sorted(told.values(), key=lambda each: str(each["event"]))
    for came in receiver.came:
        signed = came.headers["Kehou-Timestamp"].encode() + b"." + came.body
        right = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
        assert came.headers["Kehou-Signature"] == f"sha256={right}"
        assert came.headers["Kehou-Timestamp"] == str(int(house.clock.now().timestamp()))
        assert json.loads(came.body)["id"] == came.headers["Kehou-Event"]
        for personal in (case.id, "测试1", fictional_phone(1), *case.item["pk"].split("#")[1:]):
            assert personal not in came.body.decode()
    assert (filed["event"], filed["transition"]) == ("filed", "submit")
    assert (filed["service"], filed["place"]) == (SERVICE, PLACE)
    assert (filed["from"], filed["to"]) == ("", "submitted")
    assert (moved["event"], moved["from"], moved["to"]) == ("moved", "submitted", case.state)
    assert moved["case"] == filed["case"]
    known = {"id", "event", "case", "service", "place", "transition", "from", "to", "at"}
    assert moved.keys() == filed.keys() == known


def test_a_submission_costs_no_further_read_and_is_told_by_the_next_tick(
    house: House, manager: Manager, receiver: Far
) -> None:
    manager.enter()
    hand_in(house.client(), 1)
    where, last = last_page(client := house.client(), 2)
    with house.store.expect(get=1, commit=2):
        client.post(where, data=last)
    house.later.run()
    assert tick(house) == 2
    assert len(receiver.came) == 2


def test_a_move_that_was_taken_back_unheard_is_not_told_one_that_was_heard_is(
    make_house: MakeHouse,
) -> None:
    house = grants_house(make_house)
    wish = Wish("http://receiver.example/", ("grants",), ("moved", "finished"))
    house.office.webhooks.make("qinghe", wish, house.person("county"))
    around = house.office.around("zh", house.office.places.get("hexi-zhen"))
    moved = house.do(request(house), "forward", "school")
    assert kinds_of(house, moved) == ["moved"]
    back = house.office.reversals.take_back(moved, house.person("school"), moved.v, around)
    assert kinds_of(house, back) == ["moved"]
    ended = house.do(house.do(back, "forward", "school"), "reject", "county", comment="不符")
    assert kinds_of(house, ended) == ["finished"]
    assert house.office.effects.work_off(ended) == 0, "it waits ten minutes"
    unheard = house.office.reversals.take_back(ended, house.person("county"), ended.v, around)
    assert kinds_of(house, unheard) == []


def kinds_of(house: House, case: Case) -> list[str]:
    """Return what the hooks are still to be told of the latest event."""
    [event] = house.office.ports.store.get(event_key(case.id, case.v))
    assert event
    return [each["kind"] for each in event["todo"] if "hook" in each]


def test_only_chosen_services_and_events_of_the_own_county_are_told(
    house: House, manager: Manager, receiver: Far
) -> None:
    manager.enter(kinds=["finished"])
    manager.enter(services=["bookings"])
    case = house.submit(1)
    verified(house, case)
    assert tick(house) == 0
    other = house.submit(3)
    house.do(other, "withdraw", fictional_phone(3))
    assert house.now(other).state == "withdrawn"
    assert tick(house) == 1
    [came] = receiver.came
    assert json.loads(came.body)["event"] == "finished"
    assert len(house.office.places.fresh("hexi-1").hooks) == 2
    assert house.office.places.fresh("baiting").hooks == {}


def test_a_county_without_hooks_writes_nothing_of_them(house: House) -> None:
    case = house.submit(1)
    [event] = house.office.ports.store.get(event_key(case.id, 1))
    assert event
    assert not any("hook" in each for each in event["todo"])
    tick(house)
    assert everything(house, "HOOK#") == []


def test_a_receiver_that_fails_is_tried_six_times_in_36_hours_then_parked_in_sight(
    house: House, manager: Manager, receiver: Far
) -> None:
    hook, _ = manager.enter("http://receiver.example/503")
    house.submit(1)
    assert tick(house) == 0
    for n, wait in enumerate(WAITS, 1):
        tick(house, seconds=wait * 0.89)
        assert len(receiver.came) == n
        tick(house, seconds=wait * 0.22)
        assert len(receiver.came) == n + 1
    assert sum(WAITS) == timedelta(hours=36).total_seconds()
    tick(house, days=30)
    assert len(receiver.came) == len(WAITS) + 1
    assert len({each.headers["Kehou-Event"] for each in receiver.came}) == 1
    manager.sign_in()
    page = manager.shown(hook)
    assert "没有送到的，待处理" in page
    assert "对方回答 503，送过 6 次" in page
    assert "有推送没送到，请处理" in manager.client.get(PAGE).text


def test_what_was_parked_is_sent_again_by_hand_with_the_same_words(
    house: House, manager: Manager, receiver: Far
) -> None:
    hook, _ = manager.enter("http://receiver.example/onward")
    house.submit(1)
    for wait in (0, *WAITS):
        tick(house, seconds=wait * 1.11)
    receiver.onward = "/204"
    manager.sign_in()
    delivery = hidden(manager.shown(hook))["delivery"]
    assert "对方回答 302" in manager.do(hook, "resend", delivery=delivery), (
        "a redirect is no success"
    )
    [item] = everything(house, "HOOK#")
    assert (item["stands"], item["tries"]) == ("waiting", 1)
    bodies = {(each.headers["Kehou-Event"], each.body) for each in receiver.came}
    assert len(bodies) == 1
    assert {each.method for each in receiver.came} == {"POST"}


def test_a_hook_that_leads_within_is_parked_at_once_with_a_plain_reason(
    house: House, manager: Manager, receiver: Far
) -> None:
    hook, _ = manager.enter("http://inner.example/")
    house.submit(1)
    assert tick(house) == 0
    assert "不是公网地址" in manager.shown(hook)
    assert "没有送到的，待处理" in manager.shown(hook)
    assert "不是公网地址" in manager.do(hook, "test")
    assert receiver.came == []


def test_a_test_says_what_the_other_side_answered(manager: Manager, receiver: Far) -> None:
    hook, _ = manager.enter("http://receiver.example/418")
    assert "对方回答 418" in manager.do(hook, "test")
    [came] = receiver.came
    assert json.loads(came.body)["event"] == "test"
    assert "还没有推送过" in manager.shown(hook)


def test_one_event_is_entered_once_however_often_it_is_worked_off(
    house: House, manager: Manager, receiver: Far
) -> None:
    hook, _ = manager.enter()
    case = house.submit(1)
    [event] = house.office.ports.store.get(event_key(case.id, 1))
    assert event
    for _ in range(3):
        house.office.deliveries.enter({"hook": hook, "kind": "filed"}, event, case)
    assert tick(house) == 1
    assert len(receiver.came) == 1
    assert chain_holds([event], case.item["head"])


def test_paused_nothing_is_sent_and_what_waited_can_be_sent_later(
    house: House, manager: Manager, receiver: Far
) -> None:
    hook, _ = manager.enter()
    house.submit(1)
    house.office.effects.work_off_due()
    assert "已暂停" in manager.do(hook, "off")
    tick(house)
    house.submit(2)
    tick(house)
    assert receiver.came == []
    [off] = everything(house, "HOOK#")
    assert "暂停期间没有送" in manager.shown(hook)
    assert "在用" in manager.do(hook, "on")
    house.submit(3)
    assert tick(house) == 1
    assert "暂停期间没有送" not in manager.do(hook, "resend", delivery=off["sk"])
    assert len(receiver.came) == 2
    assert "恢复了一个地址的推送" in manager.client.get(PAGE).text


def test_deleted_nothing_of_it_is_left_but_the_note(
    house: House, manager: Manager, receiver: Far
) -> None:
    hook, secret = manager.enter("http://receiver.example/500")
    house.submit(1)
    tick(house)
    house.submit(2)
    page = manager.do(hook, "delete")
    assert "还没有地址" in page
    assert "删除了一个地址" in page
    tick(house)
    assert everything(house, "HOOK#") == []
    assert len(receiver.came) == 1
    assert manager.client.get(f"{PAGE}{hook}/").status_code == 404
    assert secret not in str(everything(house, "PL#qinghe"))


def test_the_secret_is_shown_once_and_stands_nowhere_in_plain(
    house: House, manager: Manager
) -> None:
    hook, secret = manager.enter("http://receiver.example/key=abc")
    assert secret not in manager.shown(hook)
    kept = str(everything(house, ""))
    assert secret not in kept
    assert "key=abc" not in kept


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"url": ""}, "请填完整的公网网址"),
        ({"url": "http://127.0.0.1/"}, "请填完整的公网网址"),
        ({"url": "http://u:p@receiver.example/"}, "请填完整的公网网址"),
        ({"url": "ftp://receiver.example/"}, "请填完整的公网网址"),
        ({"services": []}, "请至少选一项服务"),
        ({"services": ["nothing"]}, "请至少选一项服务"),
        ({"kinds": ["all"]}, "请至少选一种事情"),
    ],
)
def test_what_cannot_be_entered_is_refused_in_words(
    manager: Manager, given: dict[str, Any], words: str
) -> None:
    sent = {**manager.token, **WISH, "url": "http://receiver.example/", **given}
    answer = manager.client.post(PAGE, data=sent)
    assert answer.status_code == 422
    assert words in answer.text
    assert "还没有地址" in answer.text


def test_a_county_has_so_many_hooks_and_no_more(manager: Manager) -> None:
    for _ in range(MOST):
        manager.enter()
    answer = manager.client.post(PAGE, data={**manager.token, **WISH, "url": "http://a.example/"})
    assert (answer.status_code, "最多填 10 个地址" in answer.text) == (422, True)


@pytest.mark.parametrize("who", ["school", "other_county"])
def test_nobody_else_sees_or_touches_a_countys_hooks(
    house: House, manager: Manager, who: str
) -> None:
    hook, _ = manager.enter()
    client: FlaskClient = house.client(OFFICERS[who])
    sent = {"csrf_token": hidden(client.get("/hexi-zhen/volunteers/").text)["csrf_token"]}
    assert client.get(PAGE).status_code == 403
    assert client.get(f"{PAGE}{hook}/").status_code == 403
    for act in ("test", "delete", "off", "resend"):
        assert client.post(f"{PAGE}{hook}/{act}", data=sent).status_code == 403
    assert house.client().get(PAGE).location.startswith("/sign-in/")
    assert manager.client.get("/hexi-zhen/webhooks/").status_code == 404
    assert manager.client.get(f"{PAGE}../x/").status_code == 404
    assert "在用" in manager.client.get(PAGE).text


def test_the_command_goes_on_where_the_process_ended(
    house: House, manager: Manager, receiver: Far, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    manager.enter()
    house.submit(1)
    monkeypatch.setattr(infra.local.app, "PublicFetch", lambda: reaching(receiver))
    folder: Path = house.folder
    assert main(["tick", "--folder", str(folder)]) == 0
    assert "1 delivered" in capsys.readouterr().out
    assert len(receiver.came) == 1


def test_the_pages_are_in_english_too(manager: Manager) -> None:
    hook, _ = manager.enter()
    manager.client.get("/language/en")
    assert "Tell other systems" in manager.client.get(PAGE).text
    assert "Send a test" in manager.shown(hook)
