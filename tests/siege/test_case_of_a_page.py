"""The case id signed into a form page is worth nothing to who did not get the page."""

import time
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from itsdangerous import TimestampSigner
from werkzeug.test import TestResponse

from core.drafts import LIFE
from core.numbers import fresh_number
from core.web import signed_cases
from core.web.app import BUNDLED
from tests.core.conftest import MakeHouse
from tests.core.house import OFFICERS, House, case_id_of, everything
from tests.core.plugin_folder import write
from tests.pages import FORM, PLACE, answers, fictional_phone, hidden, send
from tests.plugins.feedback.telling import MEALS

SUGGEST = f"/{PLACE}/suggestions/"
COMPLAIN = f"/{PLACE}/feedback/"
WORDS = "门口要一盏灯"
GIVEN = {"school": "hexi-1", "about": "safety", "words": WORDS, "phone": fictional_phone(9)}
DAY = 24 * 60 * 60


@pytest.fixture
def house(make_house: MakeHouse, tmp_path: Path) -> House:
    made = make_house(folders=(BUNDLED, write(tmp_path / "more", "suggestions")))
    made.office.places.switch(PLACE, "suggestions", "on", "某人", "2026")
    return made


def suggestion(house: House) -> tuple[FlaskClient, dict[str, str], str]:
    """Hand in a form of one page; return the browser, the page's fields and the receipt number."""
    client = house.client()
    first = hidden(client.get(SUGGEST).text)
    return client, first, case_id_of(posted(client, SUGGEST, first["case"]))


def posted(client: FlaskClient, path: str, case: str, **given: str) -> TestResponse:
    """Send a page of a form with a case id from wherever, and this browser's own token."""
    token = hidden(client.get("/receipt/").text)["csrf_token"]
    told = GIVEN if path == SUGGEST else {}
    sent = {"csrf_token": token, "case": case, "action": "submit", **told, **given}
    return client.post(path, data=sent)


def asked_for_the_receipt(client: FlaskClient, answer: TestResponse, number: str) -> None:
    """Expect nothing but what somebody reads who knows no more than the number."""
    assert answer.status_code == 302
    assert WORDS not in answer.text
    seen = client.get(f"/{PLACE}/case/{number}/")
    assert seen.location == f"/receipt/?number={number}"


@pytest.mark.parametrize("words", ["门口还要一面镜子", WORDS])
@pytest.mark.parametrize("who", ["", fictional_phone(3), OFFICERS["school"]])
def test_another_browser_learns_nothing_by_it(house: House, who: str, words: str) -> None:
    """Neither what was handed in, nor whether a guess was right, nor the receipt."""
    _, first, number = suggestion(house)
    stranger = house.client(who)
    answer = posted(stranger, SUGGEST, first["case"], words=words)
    assert answer.location == f"/{PLACE}/case/{number}/"
    assert "已收下" not in answer.text
    with stranger.session_transaction() as session:
        assert "receipts" not in session
    if who != OFFICERS["school"]:
        asked_for_the_receipt(stranger, answer, number)


def test_it_is_the_browser_that_tells_them_apart(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: were all browsers one, whoever has the id would read the answer."""
    monkeypatch.setattr(signed_cases, "_browser", lambda: "any")
    _, first, _ = suggestion(house)
    answer = posted(house.client(), SUGGEST, first["case"], words="门口还要一面镜子")
    assert answer.status_code == 409
    assert WORDS in answer.text


def test_who_filled_it_in_is_told_what_differs_and_comes_to_it(house: House) -> None:
    client, first, number = suggestion(house)
    differs = posted(client, SUGGEST, first["case"], words="门口还要一面镜子")
    assert differs.status_code == 409
    assert WORDS in differs.text
    assert case_id_of(posted(client, SUGGEST, first["case"])) == number


def test_who_knows_the_receipt_or_has_signed_in_may_send_it_again(house: House) -> None:
    _, first, number = suggestion(house)
    mine = house.client(GIVEN["phone"])
    assert posted(mine, SUGGEST, first["case"], words="门口还要一面镜子").status_code == 409
    other = house.client()
    token = hidden(other.get("/receipt/").text)["csrf_token"]
    tail = GIVEN["phone"][-4:]
    other.post("/receipt/", data={"csrf_token": token, "number": number, "tail": tail})
    assert posted(other, SUGGEST, first["case"], words="门口还要一面镜子").status_code == 409


def test_an_answer_that_was_lost_is_had_by_sending_again(house: House) -> None:
    """The browser has neither heard of the receipt nor of the draft."""
    client = house.client()
    first = hidden(client.get(SUGGEST).text)
    before = client.get_cookie("kehou_page")
    assert before
    number = case_id_of(posted(client, SUGGEST, first["case"]))
    client.set_cookie("kehou_page", before.value)
    again = client.post(SUGGEST, data={**first, **GIVEN, "action": "submit"})
    assert case_id_of(again) == number
    assert client.get(again.location).status_code == 200


def complaint(house: House, **last: str) -> tuple[str, str]:
    """Hand in an opinion; return its page's signed id and the number, its draft cleared away."""
    client = house.client()
    page: Any = client.get(COMPLAIN)
    signed = hidden(page.text)["case"]
    middle = {name: MEALS[name] for name in ("topic", "words")}
    for given in ({"kind": MEALS["kind"], "school": "hexi-1"}, middle, last):
        page = send(client, page, {**given, "action": "submit" if given is last else "next"})
    number = case_id_of(page)
    house.clock.move(days=31)
    house.office.ticks.tick()
    assert "D" not in [each["sk"] for each in everything(house, f"C#{number}")]
    return signed, number


def test_a_right_guess_at_an_opinion_gives_no_code(house: House) -> None:
    signed, number = complaint(house, named="false")
    stranger = house.client()
    for given in ({"named": "false"}, {"named": "true", "phone": fictional_phone(3)}):
        answer = posted(stranger, COMPLAIN, signed, page="2", **given)
        asked_for_the_receipt(stranger, answer, number)


def test_the_first_page_of_a_draft_opens_it_to_no_other_browser(house: House) -> None:
    client = house.client()
    first = hidden(client.get(FORM).text)
    assert client.post(FORM, data={**first, **answers(1)[0], "action": "next"}).status_code == 303
    stranger = house.client()
    answer = posted(stranger, FORM, first["case"], page="2", action="save")
    assert answer.status_code == 400
    assert not stranger.get_cookie("kehou_drafts")


@pytest.mark.parametrize(("days", "status"), [(29, 303), (31, 400)])
def test_it_is_over_after_thirty_days(
    house: House, monkeypatch: pytest.MonkeyPatch, days: int, status: int
) -> None:
    assert LIFE.days == 30
    client = house.client()
    first = hidden(client.get(FORM).text)
    with house.app.app_context(), monkeypatch.context() as patched:
        signer = signed_cases.case_signer()
        place, name, _, browser = signer.loads(first["case"])
        then = int(time.time()) - days * DAY
        patched.setattr(TimestampSigner, "get_timestamp", lambda _: then)
        old = str(signer.dumps([place, name, fresh_number(), browser]))
    sent = {**first, **answers(1)[0], "case": old, "action": "next"}
    assert client.post(FORM, data=sent).status_code == status
