"""A service is made known by an address that never changes: code, poster, text."""

from pathlib import Path

import pytest

from core.web.printed import qr_code
from tests.core.conftest import MakeHouse
from tests.core.house import OFFICERS, House
from tests.core.tips import tips_house
from tests.pages import words_of

ADDRESS = "http://localhost/hexi-zhen/volunteers/"


@pytest.mark.parametrize("who", ["", "00000000112", OFFICERS["county"]])
def test_anybody_sees_the_poster_of_a_service_that_is_open(house: House, who: str) -> None:
    page = house.client(who).get("/hexi-zhen/volunteers/poster/")
    assert page.status_code == 200
    assert qr_code(ADDRESS) in page.text
    said = words_of(page.text)
    assert "我想当志愿者" in said
    assert f"点开就能办：{ADDRESS}" in said
    assert house.client().get("/baiting/volunteers/poster/").status_code == 404


def test_its_address_leads_to_the_form_and_holds_nothing_of_it(house: House) -> None:
    form = house.office.catalogue.plugins["volunteers"].form
    assert form.hash not in ADDRESS
    assert house.client().get(ADDRESS).status_code == 200


def test_what_only_officers_begin_has_none(make_house: MakeHouse, tmp_path: Path) -> None:
    house = tips_house(make_house, tmp_path / "plugins")
    assert house.client().get("/hexi-zhen/tips/poster/").status_code == 200
    assert house.client().get("/hexi-zhen/tips/poster/?workflow=telling").status_code == 404
    assert house.client().get("/hexi-zhen/tips/poster/?workflow=x").status_code == 404


def test_another_workflow_of_the_public_has_its_own(house: House) -> None:
    house.office.places.switch("qinghe", "cloud_classroom", "required", "某人", "2026")
    page = house.client().get("/hexi-zhen/cloud_classroom/poster/?workflow=asking").text
    assert qr_code("http://localhost/hexi-zhen/cloud_classroom/new/asking/") in page
    assert "/hexi-zhen/cloud_classroom/poster/" in page


def test_the_desk_leads_there(house: House) -> None:
    tray = "/desk/?tray=D%23hexi-1%23school_officer%23volunteers"
    desk = house.client(OFFICERS["school"]).get(tray).text
    assert "/hexi-1/volunteers/poster/" in desk
