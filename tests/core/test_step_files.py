"""Files that come with an officer's move: kept, shown to those who may see the case."""

from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.core.conftest import MakeHouse
from tests.core.house import OFFICERS, House, case_id_of
from tests.core.sampler import PAGES, PDF, PNG, sampler_house, sent, turned_to, upload
from tests.pages import PLACE, hidden, words_of

APPLICANT = "00000000001"


@pytest.fixture
def house(make_house: MakeHouse, tmp_path: Path) -> House:
    return sampler_house(make_house, tmp_path)


@pytest.fixture
def case(house: House) -> str:
    """The address of a case that waits for the county officer."""
    client = house.client(APPLICANT)
    filed = sent(client, turned_to(client, 2), {**PAGES[2], "action": "submit"})
    return f"/{PLACE}/case/{case_id_of(filed)}/"


@pytest.fixture
def officer(house: House) -> FlaskClient:
    return house.client(OFFICERS["county"])


def posted(
    client: FlaskClient, case: str, page: TestResponse | None = None, **given: Any
) -> TestResponse:
    """Send the move's page with what it carries, its files' tokens too, and what is given."""
    shown = page or client.get(f"{case}do/see/")
    data = {**hidden(shown.text), "action": "", **given}
    return client.post(f"{case}do/see/", data=data, content_type="multipart/form-data")


def addresses(html: str) -> list[str]:
    return [part.partition('"')[0] for part in html.split('href="') if "/step/" in part[:60]]


def test_files_come_with_a_move_and_open_from_the_timeline(case: str, officer: FlaskClient) -> None:
    done = posted(
        officer,
        case,
        proof=upload(PNG, "现场.png"),
        papers=[upload(PDF, "一.pdf"), upload(PDF, "二.pdf")],
        **{"points.row": "0", "points.0.about": "材料", "points.0.slip": upload(PNG, "发票.png")},
    )
    assert done.status_code == 302
    page = officer.get(case).text
    assert "现场照片：现场.png" in words_of(page)
    assert "其他材料：一.pdf、二.pdf" in words_of(page)
    found = addresses(page)
    assert [one.partition("/step/")[2].partition("/")[2] for one in found] == [
        "points.0.slip",
        "proof",
        "papers.0",
        "papers.1",
    ]
    assert [officer.get(one).data for one in found] == [PNG, PNG, PDF, PDF]


def test_only_who_has_to_do_with_the_case_may_open_them(
    house: House, case: str, officer: FlaskClient
) -> None:
    posted(officer, case, proof=upload(PNG, "现场.png"))
    [address] = addresses(officer.get(case).text)
    assert officer.get(address).status_code == 200
    assert house.client(APPLICANT).get(address).status_code == 404
    assert house.client("00000000099").get(address).status_code == 404
    assert house.client(OFFICERS["other_county"]).get(address).status_code == 404
    assert house.client().get(address).status_code == 302
    assert "/step/" not in house.client(APPLICANT).get(case).text


def test_a_file_outlives_a_refused_move(case: str, officer: FlaskClient) -> None:
    wrong = {"points.row": "0", "points.0.cost": "3元"}
    back = posted(officer, case, proof=upload(PNG, "现场.png"), **wrong)
    assert back.status_code == 422
    assert "已收到：现场.png" in words_of(back.text)
    assert posted(officer, case, back, **{**wrong, "points.0.about": "好"}).status_code == 302
    assert officer.get(addresses(officer.get(case).text)[0]).data == PNG


def test_files_are_sent_before_more_are_chosen_and_taken_away(
    case: str, officer: FlaskClient
) -> None:
    page = posted(officer, case, action="keep", papers=upload(PDF, "一.pdf"))
    assert page.status_code == 200
    assert "已收到：一.pdf" in words_of(page.text)
    page = posted(officer, case, page, action="drop:papers.0")
    assert "已收到" not in page.text
    posted(officer, case, page)
    assert addresses(officer.get(case).text) == []


def test_what_is_no_picture_is_refused_in_words(case: str, officer: FlaskClient) -> None:
    back = posted(officer, case, proof=upload(b"MZ program", "照片.png"))
    assert back.status_code == 422
    assert "只收照片" in back.text


def test_a_made_up_token_brings_no_file_of_another_case(
    house: House, case: str, officer: FlaskClient
) -> None:
    page = posted(officer, case, action="keep", papers=upload(PDF, "一.pdf"))
    token = hidden(page.text)["papers-kept"]
    client = house.client("00000000002")
    given = {**PAGES[0], "id_number": "149999196211022048", "phone": "00000000002"}
    first = sent(client, client.get(f"/{PLACE}/samples/"), given)
    filed = sent(client, sent(client, first, PAGES[1]), {**PAGES[2], "action": "submit"})
    other = f"/{PLACE}/case/{case_id_of(filed)}/"
    done = posted(officer, other, **{"papers-kept": token})
    assert done.status_code == 302
    assert addresses(officer.get(other).text) == []
