"""A calendar program reads an agenda at a secret address, which the place's officers can end."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar
from werkzeug.test import TestResponse

from core.feeds import MOST
from tests.core.house import OFFICERS, everything
from tests.pages import hidden
from tests.plugins.bookings.visiting import CONTACT, FRIDAY, HEAD, SATURDAY, WEDNESDAY, Visiting
from tests.siege.refusals import refused

SCHOOL = "/hexi-1/bookings/agenda/addresses/"
MUSEUM = "/museum/bookings/agenda/addresses/"
PERSONAL = ("单老师", "解陶然", "秦岚", "00000000109", CONTACT, "赵明")
TOLD = ("uid", "summary", "location", "description", "status")
LOOKUPS_AN_HOUR = 30


def made(client: FlaskClient, path: str = SCHOOL) -> str:
    """Make an address; return its path."""
    page = client.post(path, data={"csrf_token": hidden(client.get(path).text)["csrf_token"]})
    [address] = re.findall(r"http://localhost(/\S+\.ics)", page.text)
    return str(address)


def end(client: FlaskClient, path: str = SCHOOL, **other: str) -> TestResponse:
    """End the address that stands first."""
    page = client.get(path).text
    [name, *_] = re.findall(r'name="name" value="(\w+)"', page)
    sent = {"csrf_token": hidden(page)["csrf_token"], "name": name, **other}
    return client.post(f"{path}end", data=sent)


def events(answer: TestResponse) -> list[dict[str, Any]]:
    """Return what a calendar program reads."""
    assert answer.status_code == 200
    return [
        {"start": each.start, "end": each.end, **{name: str(each[name]) for name in TOLD}}
        for each in Calendar.from_ical(answer.data).events
    ]


def test_a_feed_is_what_a_calendar_program_reads(visiting: Visiting) -> None:
    visiting.book(10)
    visiting.do(visiting.book(12, date=FRIDAY), "confirm", CONTACT)
    house = visiting.house
    answer = house.client().get(made(house.client(OFFICERS["school"])))
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert "禾溪第一小学 · 本校的参观" in str(Calendar.from_ical(answer.data)["X-WR-CALNAME"])
    first, second = events(answer)
    assert first["summary"] == "青禾县博物馆"
    assert first["location"] == "青禾县博物馆"
    assert first["description"] == "10 名学生 · 五年级10班 · 待场馆确认"
    assert first["start"] == datetime(2026, 12, 2, 7, 30, tzinfo=UTC)
    assert first["end"] - first["start"] == timedelta(hours=1)
    assert [each["status"] for each in (first, second)] == ["TENTATIVE", "CONFIRMED"]
    assert max(len(line) for line in answer.data.split(b"\r\n")) <= 75


def test_a_venue_has_a_feed_of_its_own(visiting: Visiting) -> None:
    visiting.book(10)
    visiting.book(20, "00000000106", "yunting", school="yunting", class_name="七年级3班")
    client = visiting.house.client(CONTACT)
    found = events(visiting.house.client().get(made(client, MUSEUM)))
    assert [each["summary"] for each in found] == ["hexi-1", "yunting"]
    assert {each["location"] for each in found} == {"青禾县博物馆"}


def test_a_feed_tells_nothing_personal_and_no_number_of_a_case(visiting: Visiting) -> None:
    cases = [visiting.book(10, escort="解陶然"), visiting.book(9, date=FRIDAY)]
    for phone, path in ((OFFICERS["school"], SCHOOL), (CONTACT, MUSEUM)):
        answer = visiting.house.client().get(made(visiting.house.client(phone), path))
        told = answer.data.replace(b"\r\n ", b"").decode()
        assert "五年级10班" in told
        for each in (*PERSONAL, *(case.id for case in cases)):
            assert each not in told, each


def test_an_event_is_known_by_the_same_name_when_it_moves_and_vanishes_when_cancelled(
    visiting: Visiting,
) -> None:
    case, other = visiting.book(10), visiting.book(9, date=FRIDAY)
    client = visiting.house.client()
    address = made(visiting.house.client(OFFICERS["school"]))
    before = events(client.get(address))
    assert len({each["uid"] for each in before}) == 2
    moved = {"date": SATURDAY, "slot": {"value": "09:00-11:00", "label": "09:00-11:00"}}
    visiting.do(case, "change", amend=moved)
    visiting.do(other, "cancel")
    [after] = events(client.get(address))
    assert after["uid"] == before[0]["uid"]
    assert after["start"] == datetime(2026, 12, 5, 1, 0, tzinfo=UTC)


def test_what_nobody_came_to_reads_as_cancelled(visiting: Visiting) -> None:
    case = visiting.do(visiting.book(10), "confirm", CONTACT)
    visiting.house.clock.at = datetime.fromisoformat(f"{WEDNESDAY}T18:00+08:00")
    address = made(visiting.house.client(OFFICERS["school"]))
    visiting.do(case, "not_come", CONTACT)
    [event] = events(visiting.house.client().get(address))
    assert event["status"] == "CANCELLED"
    assert event["description"].endswith("没有来")


def test_a_feed_reaches_from_30_days_ago_to_120_ahead(visiting: Visiting) -> None:
    visiting.book(10)
    address, client = made(visiting.house.client(HEAD)), visiting.house.client()
    for day, there in (
        ("2026-08-03", False),
        ("2026-08-04", True),
        ("2027-01-01", True),
        ("2027-01-02", False),
    ):
        visiting.house.clock.at = datetime.fromisoformat(f"{day}T12:00+08:00")
        assert bool(events(client.get(address))) == there, day


def test_a_program_that_has_it_already_is_told_so(visiting: Visiting) -> None:
    visiting.book(10)
    address, client = made(visiting.house.client(OFFICERS["school"])), visiting.house.client()
    tag = {"If-None-Match": client.get(address).headers["ETag"]}
    visiting.house.clock.move(minutes=90)
    again = client.get(address, headers=tag)
    assert (again.status_code, again.data) == (304, b"")
    visiting.book(9, date=FRIDAY)
    assert client.get(address, headers=tag).status_code == 200


def test_an_ended_address_is_not_found_and_others_still_hold(visiting: Visiting) -> None:
    house = visiting.house
    officer, head = house.client(OFFICERS["school"]), house.client(HEAD)
    first = made(officer)
    house.clock.move(minutes=1)
    second = made(head)
    assert end(officer).location == SCHOOL
    assert "没有找到这个页面" in refused(house.client().get(second), 404)
    assert house.client().get(first).status_code == 200
    page = officer.get(SCHOOL).text
    assert page.count("停用了一个地址") == 1
    assert page.count("做了一个地址") == 2
    assert page.count('name="name"') == 1


def test_only_the_keyed_hash_of_a_secret_is_kept_and_it_is_shown_once(visiting: Visiting) -> None:
    officer = visiting.house.client(OFFICERS["school"])
    secret = made(officer).rpartition("/")[2].removesuffix(".ics")
    assert re.fullmatch(r"[0-9a-f]{32}", secret)
    assert secret not in officer.get(SCHOOL).text
    assert secret not in str(everything(visiting.house, ""))
    [kept] = [each for each in everything(visiting.house, "PL#hexi-1") if each["sk"] > "FEED#"][:1]
    assert kept["sk"].startswith("FEED#bookings#")


def test_addresses_are_for_whom_the_agenda_is_for(visiting: Visiting) -> None:
    house = visiting.house
    token = hidden(house.client().get("/sign-in/").text)["csrf_token"]
    made(house.client(OFFICERS["county"]))
    [name] = re.findall(r'name="name" value="(\w+)"', house.client(HEAD).get(SCHOOL).text)
    for phone in ("", CONTACT, OFFICERS["other_school"], OFFICERS["other_county"], "00000000912"):
        client = house.client(phone)
        token = hidden(client.get("/sign-in/" if not phone else "/receipt/").text)["csrf_token"]
        for path, sent in ((SCHOOL, {}), (f"{SCHOOL}end", {"name": name})):
            answer = client.post(path, data={"csrf_token": token, **sent})
            if phone:
                refused(answer, 403)
            else:
                assert answer.location.startswith("/sign-in/?next=")
        if phone:
            refused(client.get(SCHOOL), 403)
    assert house.client(HEAD).get(SCHOOL).text.count('name="name"') == 1


def test_a_secret_is_good_for_its_own_place_and_service_alone(visiting: Visiting) -> None:
    address = made(visiting.house.client(OFFICERS["school"]))
    for other in ("/museum/", "/no2/", "/hexi-zhen/", "/yunhe/"):
        refused(visiting.house.client().get(address.replace("/hexi-1/", other)), 404)
    refused(visiting.house.client().get(address.replace("bookings", "volunteers")), 404)


def test_where_the_service_is_off_nothing_is_fed(visiting: Visiting) -> None:
    address = made(visiting.house.client(OFFICERS["school"]))
    for rule, code in (("off", 404), ("on", 200)):
        visiting.house.office.places.switch("hexi-zhen", "bookings", rule, "某人", "2026")  # type: ignore[arg-type]
        assert visiting.house.client().get(address).status_code == code


def test_wrong_secrets_are_limited_by_address_and_hour(visiting: Visiting) -> None:
    house = visiting.house
    right = made(house.client(OFFICERS["school"]))
    wrong = [f"/hexi-1/bookings/agenda/{n:032x}.ics" for n in range(LOOKUPS_AN_HOUR + 1)]
    codes = [house.client().get(each).status_code for each in wrong]
    assert codes == [404] * LOOKUPS_AN_HOUR + [429]
    assert "操作太频繁了" in refused(house.client().get(wrong[0]), 429)
    assert house.client().get(right).status_code == 200
    elsewhere = house.client().get(wrong[0], environ_base={"REMOTE_ADDR": "10.0.0.9"})
    assert elsewhere.status_code == 404
    house.clock.move(hours=1)
    assert house.client().get(wrong[0]).status_code == 404


@pytest.mark.parametrize(
    "secret", ["x", "0" * 31, "0" * 33, "A" * 32, "%00", "字" * 32, "0" * 4000]
)
def test_nonsense_is_no_secret(visiting: Visiting, secret: str) -> None:
    refused(visiting.house.client().get(f"/hexi-1/bookings/agenda/{secret}.ics"), 404)


def test_as_many_addresses_hold_as_may_and_the_refusal_says_what_to_do(visiting: Visiting) -> None:
    client = visiting.house.client(OFFICERS["school"])
    token = {"csrf_token": hidden(client.get(SCHOOL).text)["csrf_token"]}
    codes = [client.post(SCHOOL, data=token).status_code for _ in range(MOST + 1)]
    assert codes == [200] * MOST + [422]
    assert f"最多 {MOST} 个，请先停用不再用的" in client.post(SCHOOL, data=token).text
    assert end(client).status_code == 302
    assert client.post(SCHOOL, data=token).status_code == 200


@pytest.mark.parametrize("name", ["", "x", "0" * 32, "0" * 5000, "\x00", "字"])
def test_an_address_that_never_was_needs_no_ending(visiting: Visiting, name: str) -> None:
    client = visiting.house.client(OFFICERS["school"])
    made(client)
    assert end(client, name=name).location == SCHOOL
    assert client.get(SCHOOL).text.count('name="name"') == 1


def test_an_agenda_that_cannot_be_told_is_no_empty_calendar(
    visiting: Visiting, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = made(visiting.house.client(OFFICERS["school"]))
    monkeypatch.setattr(visiting.house.office.catalogue, "agenda", lambda *_, **__: None)
    assert visiting.house.client().get(address).status_code == 503


def test_a_feed_costs_one_read_beside_its_agenda(visiting: Visiting) -> None:
    """A query for each month from 24 October to 23 March, and one read of the cases in it."""
    visiting.book(10)
    visiting.book(9, date=FRIDAY)
    address, client = made(visiting.house.client(OFFICERS["school"])), visiting.house.client()
    client.get(address)
    with visiting.house.store.expect(get=2, query=6):
        assert client.get(address).status_code == 200
    with visiting.house.store.expect(get=1, commit=1):
        assert client.get(f"/hexi-1/bookings/agenda/{'0' * 32}.ics").status_code == 404
