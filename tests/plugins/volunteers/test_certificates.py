"""The certificate of service: exact, of one volunteer, verifiable by its number alone."""

import re

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.case_items import Case
from core.numbers import fresh_number
from tests.core.house import OFFICERS, House, everything
from tests.pages import fictional_phone, hidden
from tests.plugins.volunteers.inviting import (
    FRIDAY,
    NEXT_FRIDAY,
    RECORD,
    accepted,
    confirmed,
    on_the_day,
)

HOURS, VERIFY = "/hexi-zhen/volunteers/hours/", "/hexi-zhen/volunteers/certificate/"
PERIOD = {"first": "2026-12-01", "last": "2026-12-31"}


def certified(client: FlaskClient, volunteer: Case, **other: str) -> TestResponse:
    token = hidden(client.get(HOURS).text)["csrf_token"]
    sent = {"csrf_token": token, "volunteer": volunteer.id, **PERIOD, **other}
    return client.post(HOURS, data=sent)


def number_of(answer: TestResponse) -> str:
    found = re.search(r"/certificate/(\d{16})/", answer.location)
    assert found, answer.location
    return found[1]


def verified(house: House, number: str, client: FlaskClient | None = None) -> TestResponse:
    client = client or house.client()
    token = hidden(client.get(VERIFY).text)["csrf_token"]
    return client.post(VERIFY, data={"csrf_token": token, "number": number})


def served(house: House) -> tuple[Case, FlaskClient, str]:
    """Return a volunteer with one confirmed session, their browser and their certificate."""
    volunteer = house.cleared(1)
    confirmed(house, volunteer, 1)
    client = house.client(fictional_phone(1))
    return volunteer, client, number_of(certified(client, volunteer))


def test_it_names_volunteer_school_period_and_every_session(house: House) -> None:
    _, client, number = served(house)
    page = client.get(f"{VERIFY}{number}/").text
    spoken = f"{number[:4]} {number[4:8]} {number[8:12]} {number[12:]}"
    for words in (
        "测试1",
        "青禾县禾溪第一小学",
        "2026年12月4日",
        "1 次",
        "50 分钟",
        spoken,
        VERIFY,
    ):
        assert words in page, page


def test_asked_for_twice_it_is_the_same_one(house: House) -> None:
    volunteer, client, number = served(house)
    house.clock.move(days=1)
    assert number_of(certified(client, volunteer)) == number
    assert "2026年12月4日" in client.get(f"{VERIFY}{number}/").text.partition("seal")[2]


def test_anybody_verifies_it_and_reads_the_surname_alone(house: House) -> None:
    _, _, number = served(house)
    for typed in (number, f" {number[:4]} {number[4:8]}-{number[8:]}", number.translate(WIDE)):
        answer = verified(house, typed)
        assert answer.status_code == 200
        assert "这份证明是真的" in answer.text
        assert "测**" in answer.text
        assert "50 分钟" in answer.text
        assert "开出以后没有更正过" in answer.text
        for hidden_words in ("测试1", fictional_phone(1), "禾溪第一小学", "晨读时光"):
            assert hidden_words not in answer.text


WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


def test_it_tells_when_hours_were_corrected_since(house: House) -> None:
    volunteer, client, number = served(house)
    [entry] = everything(house, f"X#volunteers#sessions#{volunteer.id}")
    case = house.office.cases.get(entry["case"])
    assert case is not None
    case = house.do(case, "reopen", "school", comment="写错了")
    shorter = {**RECORD, "ended": "17:00", "taught_minutes": 30}
    house.do(case, "confirm", "school", step=shorter)
    answer = verified(house, number)
    assert "请以“更正后”的为准" in answer.text
    assert "30 分钟" in answer.text
    assert "50 分钟" in answer.text
    assert number_of(certified(client, volunteer)) != number


@pytest.mark.parametrize(
    ("number", "status", "words"),
    [
        (fresh_number(), 404, "没有这份证明"),
        ("1234567890123456", 422, "16 位数字"),
        ("", 422, "16 位数字"),
        ("x" * 5000, 422, "16 位数字"),
        ("²" * 16, 422, "16 位数字"),
    ],
    ids=["unknown", "mistyped", "empty", "endless", "no digits"],
)
def test_a_number_that_is_none_says_what_to_do(
    house: House, number: str, status: int, words: str
) -> None:
    answer = verified(house, number)
    assert answer.status_code == status
    assert words in answer.text
    assert "这份证明是真的" not in answer.text


def test_guessing_numbers_stops_after_thirty_tries_an_hour(house: House) -> None:
    _, _, number = served(house)
    client = house.client()
    codes = [verified(house, fresh_number(), client).status_code for _ in range(31)]
    assert codes == [404] * 30 + [429]
    assert verified(house, number, client).status_code == 429
    house.clock.move(hours=1)
    assert verified(house, number, client).status_code == 200


def test_it_is_printed_by_its_volunteer_and_by_officers_only(house: House) -> None:
    volunteer, _, number = served(house)
    house.cleared(2)
    path = f"{VERIFY}{number}/"
    assert house.client().get(path).location.startswith("/sign-in/?next=")
    for phone in (fictional_phone(2), "00000000112"):
        assert house.client(phone).get(path).status_code == 404
        assert certified(house.client(phone), volunteer).status_code == 403
    school = house.client(OFFICERS["school"])
    assert school.get(path.replace("hexi-zhen", "hexi-1")).status_code == 200
    assert school.get(f"/hexi-1/volunteers/hours/?volunteer={volunteer.id}").status_code == 200


def test_another_countys_officer_gets_none(house: House) -> None:
    volunteer, _, number = served(house)
    house.office.places.add(
        "x-zhen", house.office.places.get("hexi-zhen").name, "district", "baiting", {}
    )
    house.office.places.switch("x-zhen", "volunteers", "on", "某人", "2026")
    client = house.client(OFFICERS["other_county"])
    assert client.get(f"/x-zhen/volunteers/certificate/{number}/").status_code == 404
    found = client.get(f"/x-zhen/volunteers/hours/?volunteer={volunteer.id}").text
    assert "测试1" not in found


@pytest.mark.parametrize(
    "period", [{"first": "2025-01-01", "last": "2025-12-31"}, {"first": "", "last": "x"}]
)
def test_a_period_without_hours_gives_no_certificate(house: House, period: dict[str, str]) -> None:
    volunteer, client, _ = served(house)
    answer = certified(client, volunteer, **period)
    assert "没有已确认的服务时长" in client.get(answer.location).text


def test_only_confirmed_hours_within_the_period_count(house: House) -> None:
    volunteer = house.cleared(1)
    accepted(house, volunteer, 1, date="2026-12-18")
    confirmed(house, volunteer, 1, date=FRIDAY)
    later = accepted(house, volunteer, 1, date=NEXT_FRIDAY)
    house.do(on_the_day(house, later), "confirm", "school", step=RECORD)
    client = house.client(fictional_phone(1))
    number = number_of(certified(client, volunteer, first=NEXT_FRIDAY))
    page = client.get(f"{VERIFY}{number}/").text
    assert "2026年12月11日" in page
    assert "2026年12月18日" not in page
    assert "1 次" in page
