"""Guessing, flooding and racing at the door."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from core.limits import TooOften
from core.people import Role
from core.sign_in import CODES_AN_ADDRESS, CODES_AN_HOUR, NoCode, WrongCode
from core.store import Below, Change, Store, Write
from tests.core.house import House
from tests.pages import fictional_phone, hidden
from tests.siege.refusals import refused

PHONE = "00000000112"


class Unconditional:
    """A store whose counters have no limit: the control of what the conditions are for."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)

    def commit(self, *writes: Write) -> None:
        self.store.commit(*(replace(w, when=()) if _counts(w) else w for w in writes))


def _counts(write: Write) -> bool:
    return isinstance(write, Change) and any(isinstance(each, Below) for each in write.when)


def code_sent(house: House) -> str:
    house.office.door.send_code(PHONE, "10.0.0.1", "{code}")
    return house.letters.to(PHONE)[-1]


def wrong(code: str, n: int) -> str:
    return f"{(int(code) + n) % 10**6:06}"


def test_five_wrong_codes_kill_the_code(house: House) -> None:
    client = house.client()
    sent = {"csrf_token": hidden(client.get("/sign-in/").text)["csrf_token"], "phone": PHONE}
    client.post("/sign-in/", data=sent)
    [code] = re.findall(r"\d{6}", house.letters.to(PHONE)[-1])
    for left in (4, 3, 2, 1, 0):
        page = refused(client.post("/sign-in/code", data={**sent, "code": wrong(code, left + 1)}))
        assert f"还可以试 {left} 次" in page
    page = refused(client.post("/sign-in/code", data={**sent, "code": code}), 422)
    assert "验证码已失效" in page
    assert client.get("/my/").status_code == 302


def guess_all_at_once(house: House, code: str, crowd: int = 24) -> tuple[int, int]:
    """Return how many guesses were compared with the code, and how many were turned away."""

    def guess(n: int) -> bool:
        try:
            house.office.door.redeem(PHONE, wrong(code, n + 1))
        except WrongCode:
            return True
        except NoCode:
            return False
        raise AssertionError("a wrong code let somebody in")

    with ThreadPoolExecutor(8) as pool:
        compared = sum(pool.map(guess, range(crowd)))
    return compared, crowd - compared


def test_guesses_all_at_once_get_five_tries_together(house: House) -> None:
    code = code_sent(house)
    assert guess_all_at_once(house, code) == (5, 19)
    with pytest.raises(NoCode):
        house.office.door.redeem(PHONE, code)


def test_control_without_the_condition_guesses_have_no_end(make_house: Any) -> None:
    house = make_house(wrap=Unconditional)
    assert guess_all_at_once(house, code_sent(house)) == (24, 0)


def enter_all_at_once(house: House, code: str, crowd: int = 5) -> int:
    def enter(_: int) -> bool:
        try:
            house.office.door.redeem(PHONE, code)
        except NoCode:
            return False
        return True

    with ThreadPoolExecutor(crowd) as pool:
        return sum(pool.map(enter, range(crowd)))


def test_a_code_lets_in_once_however_many_send_it_at_once(house: House) -> None:
    assert enter_all_at_once(house, code_sent(house)) == 1
    for code in ("000000", code_sent(house)[::-1]):
        with pytest.raises((NoCode, WrongCode)):
            house.office.door.redeem(PHONE, code)


def test_control_without_the_condition_a_code_lets_several_in(make_house: Any) -> None:
    house = make_house(wrap=Unconditional)
    assert enter_all_at_once(house, code_sent(house)) == 5


def test_codes_are_limited_by_phone_and_by_address(house: House) -> None:
    door = house.office.door
    for _ in range(CODES_AN_HOUR):
        door.send_code(PHONE, "10.0.0.1", "{code}")
    with pytest.raises(TooOften):
        door.send_code(PHONE, "10.0.0.2", "{code}")
    for n in range(CODES_AN_ADDRESS - CODES_AN_HOUR):
        door.send_code(f"138000000{n:02}", "10.0.0.1", "{code}")
    with pytest.raises(TooOften):
        door.send_code("13900000000", "10.0.0.1", "{code}")
    house.clock.move(hours=1)
    door.send_code(PHONE, "10.0.0.1", "{code}")


def test_flooding_with_codes_is_refused_in_words(house: House) -> None:
    client = house.client()
    sent = {"csrf_token": hidden(client.get("/sign-in/").text)["csrf_token"], "phone": PHONE}
    codes = [client.post("/sign-in/", data=sent).status_code for _ in range(6)]
    assert codes == [200] * 5 + [429]
    refused(client.post("/sign-in/", data=sent), 429)
    assert len(house.letters.to(PHONE)) == 5


@pytest.mark.parametrize("phone", ["", "1", "1380000000x", "１３８", "\x00", "1" * 9999, "<b>"])
def test_what_is_no_phone_is_refused(house: House, phone: str) -> None:
    client = house.client()
    sent = {"csrf_token": hidden(client.get("/sign-in/").text)["csrf_token"], "phone": phone}
    refused(client.post("/sign-in/", data=sent), 422)
    assert client.post("/sign-in/code", data={**sent, "code": "1"}).status_code == 302


def test_a_channel_that_is_down_is_told_and_no_fault(house: House) -> None:
    house.letters.down = True
    client = house.client()
    sent = {"csrf_token": hidden(client.get("/sign-in/").text)["csrf_token"], "phone": PHONE}
    answer = client.post("/sign-in/", data=sent)
    assert answer.status_code == 503
    assert "短信没有发出去" in answer.text


def test_a_code_and_a_session_run_out(house: House) -> None:
    code = code_sent(house)
    house.clock.move(minutes=11)
    with pytest.raises(NoCode):
        house.office.door.redeem(PHONE, code)
    person, officer = house.client(PHONE), house.client("00000000103")
    house.clock.move(hours=13)
    assert officer.get("/desk/").status_code == 302
    assert person.get("/my/").status_code == 200
    house.clock.move(days=30)
    assert person.get("/my/").status_code == 302


def test_signing_out_ends_the_session_everywhere(house: House) -> None:
    client, thief = house.client(PHONE), house.app.test_client()
    stolen = client.get_cookie("kehou")
    assert stolen is not None
    thief.set_cookie("kehou", stolen.value)
    token = hidden(client.get("/my/").text)["csrf_token"]
    client.post("/sign-out/", data={"csrf_token": token})
    assert thief.get("/my/").status_code == 302


def test_whoever_is_named_an_officer_later_works_no_longer_on_one_sign_in_either(
    house: House,
) -> None:
    client = house.client(fictional_phone(7))
    role = Role("county_officer", "qinghe")
    house.office.people.give(fictional_phone(7), "常青", role)
    assert client.get("/services/").status_code == 200
    house.clock.move(hours=13)
    assert client.get("/services/").status_code == 302
    house.office.people.take(house.person(fictional_phone(7)).id, role)
    assert client.get("/my/").status_code == 200
