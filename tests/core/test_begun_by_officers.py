"""A service without Python whose cases an officer begins: form, case and rights are the core's."""

import re
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from core.web.app import BUNDLED
from tests.core.conftest import MakeHouse
from tests.core.house import OFFICERS, House, case_id_of
from tests.core.plugin_folder import GUIDE, blocks, write
from tests.pages import hidden

START = "/hexi-1/notes/new/answering/"
_PAGES = """menu:
  - {path: work, label: 待办, officers: true}
  - {path: tips, label: 怎样提建议}
  - {path: answers, label: 答复摘要}
"""


@pytest.fixture
def more(tmp_path: Path) -> Path:
    """Return the folder of a service in which officers note down what parents suggest to them."""
    told = blocks(GUIDE)
    flow = told["workflows/answering.yaml"].replace(
        "{from: draft, to: waiting, by: applicant}",
        "{from: draft, to: waiting, by: school_officer, label: 记下建议, allow_self: true}",
    )
    return write(tmp_path / "more", "notes", workflows__answering=flow)


@pytest.fixture
def house(make_house: MakeHouse, more: Path) -> House:
    """Return a county with that service."""
    return opened(make_house, more)


def opened(make_house: MakeHouse, more: Path) -> House:
    house = make_house(folders=[BUNDLED, more])
    house.office.places.switch("hexi-zhen", "notes", "on", "某人", "2026")
    return house


def noted(house: House, phone: str = "00000000112") -> TestResponse:
    client = house.client(OFFICERS["school"])
    sent = {**hidden(client.get(START).text), "school": "hexi-1", "about": "safety"}
    return client.post(
        START, data={**sent, "words": "门口要一盏灯", "phone": phone, "action": "submit"}
    )


def test_the_case_is_theirs_whose_phone_was_given(house: House) -> None:
    case = house.office.cases.get(case_id_of(noted(house)))
    assert case is not None
    assert case.item["holder"] == house.person("00000000112").holder
    [begun] = house.office.cases.events(case)
    assert (begun["by"], begun["role"]) == (house.person("school").id, "school_officer")
    page = house.client(OFFICERS["school"]).get(f"/hexi-1/case/{case.id}/").text
    assert "记下建议" in page
    assert "申请人提交" not in page


def test_nobody_without_the_role_is_led_to_it_or_let_in(house: House) -> None:
    assert "/notes/" not in house.client().get("/hexi-zhen/").text
    assert house.client().get("/hexi-zhen/notes/").status_code == 403
    for phone in ("00000000112", OFFICERS["other_school"]):
        assert house.client(phone).get(START).status_code == 403
    assert (
        START
        in house.client(OFFICERS["school"])
        .get("/desk/?tray=D%23hexi-1%23school_officer%23notes")
        .text
    )


def test_the_public_is_led_to_the_first_page_there_is_for_it(
    make_house: MakeHouse, more: Path
) -> None:
    manifest = more / "notes/plugin.yaml"
    manifest.write_text(manifest.read_text() + _PAGES)
    led = opened(make_house, more)
    portal = led.client().get("/hexi-zhen/").text
    [first, second] = re.findall(r'href="(/hexi-zhen/notes/[^"]*)"><strong>([^<]*)', portal)
    assert first == ("/hexi-zhen/notes/tips/", "我要提意见")
    assert second == ("/hexi-zhen/notes/answers/", "答复摘要")
    for phone in ("", OFFICERS["school"]):
        answer = led.client(phone).get("/hexi-zhen/notes/")
        assert (answer.status_code, answer.location) == (302, "/hexi-zhen/notes/tips/")
    assert led.client(OFFICERS["school"]).get(START).status_code == 200
    assert led.client().get("/hexi-zhen/volunteers/").status_code == 200


def test_whoever_loses_the_role_while_filling_it_in_hands_nothing_in(house: House) -> None:
    client = house.client(OFFICERS["school"])
    sent = {**hidden(client.get(START).text), "school": "hexi-1", "about": "safety"}
    person = house.person("school")
    house.office.people.take(person.id, person.roles[0])
    answer = client.post(START, data={**sent, "words": "门口要一盏灯", "phone": "00000000112"})
    assert answer.status_code == 403


def test_a_draft_of_it_opens_for_its_officer_alone(house: House) -> None:
    client = house.client(OFFICERS["school"])
    sent = {**hidden(client.get(START).text), "about": "safety", "action": "next"}
    answer = client.post(START, data=sent)
    assert answer.status_code == 303
    assert client.get(answer.location).status_code == 200
    assert house.client("00000000112").get(answer.location).status_code in (403, 404)
    assert house.client().get(answer.location).status_code in (403, 404)
