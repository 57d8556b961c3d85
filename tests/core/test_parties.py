"""A case that concerns a place elsewhere in the county lies on that place's desk (`parties`)."""

from pathlib import Path

import pytest

from core.web.app import BUNDLED
from tests.core.conftest import MakeHouse
from tests.core.house import House
from tests.core.plugin_folder import GUIDE, blocks, write
from tests.pages import hidden

WORKFLOW = """id: answering
form: suggestion
parties: [venue]
states:
  draft: {kind: draft}
  waiting: {kind: open, assign: {role: venue_contact, at: venue}}
  answered: {kind: final}
transitions:
  submit: {from: draft, to: waiting, by: applicant}
  reply: {from: waiting, to: answered, by: venue_contact}
"""
VENUE = """      - name: venue
        type: text
        label: 场馆
        required: true
"""


@pytest.fixture
def house(make_house: MakeHouse, tmp_path: Path) -> House:
    told = blocks(GUIDE)
    form = told["forms/suggestion.yaml"].replace(
        "      - name: words\n", VENUE + "      - name: words\n"
    )
    form = form.partition("tests:")[0]
    roles = "  - {id: venue_contact, name: 场馆联络人, at: venue}\n"
    manifest = told["plugin.yaml"].replace("desk:", f"{roles}desk:")
    more = write(
        tmp_path / "more",
        "visits",
        workflows__answering=WORKFLOW,
        forms__suggestion=form,
        plugin=manifest,
    )
    made = make_house(folders=[BUNDLED, more])
    for district in ("hexi-zhen", "liuting-zhen"):
        made.office.places.switch(district, "visits", "on", "某人", "2026")
    return made


def visit(house: House, venue: str) -> str:
    """Suggest a visit from 柳汀镇; return the page that answers."""
    client, path = house.client(), "/liuting-zhen/visits/"
    sent = {**hidden(client.get(path).text), "school": "liuting", "about": "courses"}
    sent |= {"venue": venue, "words": "想去博物馆看看", "phone": "00000000112", "action": "submit"}
    answer = client.post(path, data=sent)
    return client.get(answer.location).text if answer.status_code == 303 else answer.text


def desk(house: House, place: str) -> list[str]:
    page = house.store.query(f"D#{place}#venue_contact#visits", index="desk")
    return [item["id"] for item in page.items]


def test_a_party_in_another_district_finds_the_case_on_its_desk(house: House) -> None:
    visit(house, "museum")
    [case] = desk(house, "museum")
    museum = house.client("00000000110")
    page = museum.get(f"/liuting-zhen/case/{case}/")
    assert page.status_code == 200
    assert "想去博物馆看看" in page.text


def test_an_empty_seat_of_a_party_passes_to_the_places_above_it(house: House) -> None:
    visit(house, "yunting")
    assert house.store.query("D#qinghe#county_officer#visits", index="desk").items


def test_another_countys_place_is_no_party(house: House) -> None:
    assert "您选的这一项现在不在名单里" in visit(house, "baiting")
    assert not house.store.query("D#baiting#county_officer#visits", index="desk").items
    assert not house.store.query("R#liuting-zhen#visits#202611", index="register").items
