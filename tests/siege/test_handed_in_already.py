"""A form that was taken in: its draft's address shows, keeps and throws away nothing of it."""

import base64
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.core.house import OFFICERS, House, case_id_of, everything, hand_in, last_page
from tests.pages import FORM, PLACE, answers, fictional_phone, hidden, identity, send

DRAWN = "data:image/png;base64," + base64.b64encode(b"\x89PNG\r\n\x1a\n drawn").decode()


def wrongly_again(client: FlaskClient, case_id: str) -> TestResponse:
    """Post the last page once more, without what it requires."""
    token = hidden(client.get("/receipt/").text)["csrf_token"]
    sent = {"csrf_token": token, "page": "2", "action": "submit"}
    return client.post(f"{FORM}draft/{case_id}/", data=sent)


def stored(house: House) -> list[Path]:
    return [each for each in (house.folder / "files").rglob("*") if each.is_file()]


@pytest.mark.parametrize("who", ["school", "applicant", "receipt"])
def test_the_address_of_its_draft_shows_nobody_its_answers(house: House, who: str) -> None:
    here = house.client()
    case_id = case_id_of(hand_in(here, 1))
    phones = {"school": OFFICERS["school"], "applicant": fictional_phone(1)}
    client = house.client(phones[who]) if who in phones else here
    again = wrongly_again(client, case_id)
    assert again.headers["Location"] == f"/{PLACE}/case/{case_id}/"
    for page in range(3):
        shown = client.get(f"{FORM}draft/{case_id}/?page={page}")
        assert shown.headers["Location"] == f"/{PLACE}/case/{case_id}/"
        assert identity(1) not in shown.text


def test_it_becomes_no_draft_of_somebody_else(house: House) -> None:
    case_id = case_id_of(hand_in(house.client(), 1))
    wrongly_again(house.client(OFFICERS["school"]), case_id)
    [draft] = [each for each in everything(house, f"C#{case_id}") if each["sk"] == "D"]
    assert not draft["blob"]


def test_the_signed_first_page_brings_no_answers_to_whoever_kept_it(house: House) -> None:
    here = house.client()
    first = hidden(here.get(FORM).text)
    hand_in_from(house, here, first)
    stranger = house.client(fictional_phone(2))
    token = hidden(stranger.get("/receipt/").text)["csrf_token"]
    sent = {"csrf_token": token, "case": first["case"], "page": "2", "action": "submit"}
    led = stranger.post(FORM, data=sent)
    number = led.headers["Location"].split("/case/")[-1].strip("/")
    assert number.isdigit()
    page = stranger.get(f"{FORM}draft/{number}/?page=0")
    assert page.status_code == 404
    assert identity(1) not in page.text


def test_its_files_cannot_be_thrown_away(house: House) -> None:
    client = house.client(fictional_phone(1))
    where, sent = last_page(client, 1)
    client.post(where, data={**sent, "signature-drawn": DRAWN, "action": "save"})
    page = send(client, client.get(where), {"signature": "测试1", "query_consent": "true"})
    case_id = case_id_of(page)
    [kept] = stored(house)
    again = wrongly_again(client, case_id)
    token = hidden(client.get("/receipt/").text)["csrf_token"]
    client.post(f"{again.request.path}discard", data={"csrf_token": token})
    assert stored(house) == [kept]


def test_what_is_sent_to_it_afterwards_is_not_stored(house: House) -> None:
    client = house.client(fictional_phone(1))
    case_id = case_id_of(hand_in(client, 1))
    token = hidden(client.get("/receipt/").text)["csrf_token"]
    sent = {"csrf_token": token, "page": "2", "action": "submit", "signature-drawn": DRAWN}
    client.post(f"{FORM}draft/{case_id}/", data=sent)
    assert stored(house) == []


def test_its_own_files_stay_when_it_is_sent_again(house: House) -> None:
    client = house.client(fictional_phone(1))
    where, sent = last_page(client, 1)
    whole = {**sent, "signature-drawn": DRAWN}
    first = client.post(where, data=whole)
    [kept] = stored(house)
    assert client.post(where, data=whole).headers["Location"] == first.headers["Location"]
    assert stored(house) == [kept]


def hand_in_from(house: House, client: FlaskClient, first: dict[str, str]) -> None:
    """Hand in the form whose first page carries these hidden fields."""
    page = client.post(FORM, data={**first, **answers(1)[0], "action": "next"})
    page = client.get(page.headers["Location"])
    for given in answers(1)[1:]:
        page = send(client, page, given)
    assert house.office.cases.get(case_id_of(page)) is not None
