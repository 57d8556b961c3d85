"""A service without a line of Python gets everything generic, as a folder and as a wheel."""

import importlib
import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from openpyxl import load_workbook

from core.api_tokens import DAYS, SCOPES, Wish
from core.bundles import Bundle
from core.discovery import wheels
from core.numbers import fresh_number, spoken
from core.web.app import BUNDLED
from infra.cli import main
from tests.core.conftest import MakeHouse
from tests.core.house import OFFICERS, House, case_id_of
from tests.core.wheel import build_wheel, install
from tests.pages import hidden

PHONE, OTHER = "00000000731", "00000000732"
HERE, TRAY = "/hexi-zhen/study_trips/", "D#hexi-1#school_officer#study_trips"
SERVICE = Path(__file__).parent / "study_trips"


def write(folder: Path) -> Path:
    shutil.copytree(SERVICE, folder)
    assert {each.suffix for each in folder.rglob("*") if each.is_file()} == {".yaml"}
    return folder


@pytest.fixture(params=["folder", "wheel"])
def dropped_in(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[list[Path | Bundle]]:
    """Yield where the service is: in a folder beside the bundled ones, or installed by pip."""
    folder = write(tmp_path / "more" / "study_trips")
    assert main(["check", str(tmp_path / "more")]) == 0
    if request.param == "folder":
        yield [tmp_path / "more"]
        return
    package = tmp_path / "project" / "kehou_study_trips"
    package.parent.mkdir()
    folder.rename(package)
    (package / "__init__.py").touch()  # what makes a folder a package; it says nothing
    site = install(build_wheel(package.parent, "study_trips"), tmp_path / "site")
    monkeypatch.syspath_prepend(str(site))
    importlib.invalidate_caches()
    yield [each for each in wheels() if each.id == "study_trips"]


@pytest.fixture
def house(make_house: MakeHouse, dropped_in: list[Path | Bundle]) -> House:
    house = make_house(folders=[BUNDLED, *dropped_in])
    house.office.places.switch("hexi-zhen", "study_trips", "on", "某人", "2026")
    return house


def sign_up(house: House, phone: str = PHONE, name: str = "尹小满") -> str:
    client = house.client()
    sent = {**hidden(client.get(HERE).text), "name": name, "phone": phone, "school": "hexi-1"}
    return case_id_of(client.post(HERE, data={**sent, "trip": "farm", "action": "submit"}))


def count(house: House) -> None:
    house.office.ticks.tick()
    house.office.ticks.release()


def sheet(content: bytes) -> list[list[object]]:
    book = load_workbook(io.BytesIO(content))
    return [[cell.value for cell in row] for each in book for row in each.iter_rows()]


def test_the_portal_offers_it_and_it_has_an_address_a_code_and_a_poster(house: House) -> None:
    assert "我要报名研学" in house.client().get("/hexi-zhen/").text
    poster = house.client(OFFICERS["county"]).get(f"{HERE}poster/")
    assert poster.status_code == 200
    assert "<svg" in poster.text
    assert HERE in poster.text


def test_the_applicant_is_written_to_and_the_desk_decides(house: House) -> None:
    number = sign_up(house)
    count(house)
    assert house.letters.to(PHONE) == [f"{spoken(number)}收到了"]
    desk = house.client(OFFICERS["school"]).get(f"/desk/?tray={quote(TRAY)}").text
    assert "尹小满" in desk
    assert "农场" in desk
    assert PHONE not in desk
    case = house.office.cases.get(number)
    assert case is not None
    done = house.do(case, "confirm", "school")
    count(house)
    assert done.state == "going"
    assert "可以去了" in house.letters.to(PHONE)[-1]


def test_it_is_printed_listed_and_given_out_as_a_workbook(house: House) -> None:
    number = sign_up(house)
    officer = house.client(OFFICERS["school"])
    paper = officer.get(f"/hexi-zhen/case/{number}/sheet/").text
    assert "农场" in paper
    rows = sheet(officer.get(f"/desk/tray.xlsx?tray={quote(TRAY)}").data)
    assert any("农场" in row for row in rows)
    case = house.office.cases.get(number)
    assert case is not None
    house.do(case, "confirm", "school")
    public = house.client().get(f"{HERE}list/").text
    assert "农场" in public
    assert "尹小满" not in public


def test_it_is_counted_for_officers_and_for_everybody(house: House) -> None:
    for n in range(5):
        sign_up(house, f"0000000074{n}")
    count(house)
    officer = house.client(OFFICERS["county"])
    page = officer.get("/qinghe/study_trips/figures/").text
    assert "待学校确认" in page
    assert "去哪里" in page
    rows = sheet(officer.get("/qinghe/study_trips/figures.xlsx").data)
    assert ["待学校确认", 5] in [row[:2] for row in rows]
    assert "研学报名" in house.client().get("/hexi-zhen/open-figures/").text.partition("<main")[2]


def test_other_systems_hand_it_in_and_read_it(house: House) -> None:
    client = house.app.test_client()
    told = json.loads(client.get("/api/v1/hexi-zhen/openapi.json").text)
    assert "put" in told["paths"]["/study_trips/cases/{case_id}"]
    assert "post" in told["paths"]["/study_trips/cases/{case_id}/moves/confirm"]
    schema = told["components"]["schemas"]["study_trips.sign_up"]
    assert schema["properties"]["trip"]["enum"] == ["museum", "farm"]
    wish = Wish("x", SCOPES, ("study_trips",), DAYS[0])
    _, text = house.office.tokens.make("qinghe", wish, house.person("county"))
    bearer, number = {"Authorization": f"Bearer {text}"}, fresh_number()
    path = f"/api/v1/hexi-zhen/study_trips/cases/{number}"
    answers = {"name": "尹小满", "phone": OTHER, "school": "hexi-1", "trip": "museum"}
    assert client.put(path, headers=bearer, json={"answers": answers}).status_code == 201
    read = client.get(path, headers=bearer).json
    assert read
    assert read["answers"]["trip"] == "museum"
    count(house)
    assert number in house.letters.to(OTHER)[0].replace(" ", "")


def test_it_is_found_by_name_and_its_forms_come_from_excel(house: House) -> None:
    number = sign_up(house)
    count(house)
    officer = house.client(OFFICERS["school"])
    token = hidden(officer.get("/search/").text)
    sent = {**token, "q": "尹小满"}
    found = officer.post("/search/", data=sent, follow_redirects=True).text
    assert spoken(number) in found or number in found
    blank = officer.get("/hexi-1/study_trips/import/blank.xlsx")
    heads = [str(cell) for row in sheet(blank.data) for cell in row if cell]
    assert {"家长姓名", "手机号", "去哪里"} <= {head.rstrip("*") for head in heads}


def test_who_has_not_begun_it_is_told_by_name(house: House) -> None:
    sign_up(house)
    count(house)
    page = house.client(OFFICERS["county"]).get("/qinghe/study_trips/waiting/")
    assert page.status_code == 200
    assert "候办与提醒" in page.text


def test_its_figures_can_be_kept(house: House) -> None:
    sign_up(house)
    count(house)
    officer, path = house.client(OFFICERS["county"]), "/qinghe/study_trips/figures/kept/"
    page = officer.get(path)
    kept = officer.post(path, data={**hidden(page.text), "title": "期中", "as_of": "today"})
    assert kept.status_code in (200, 302, 303)
    assert "期中" in officer.get(path).text
