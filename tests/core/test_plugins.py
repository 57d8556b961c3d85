"""Plugins: found in folders, loaded, set aside when broken, and a tier-0 one from end to end."""

import logging
import re
from pathlib import Path

import pytest

from core.plugins import Catalogue, PluginFailed
from core.web.app import BUNDLED
from tests.core.conftest import MakeHouse
from tests.core.house import OFFICERS, House, case_id_of, open_house
from tests.core.plugin_folder import hook, write
from tests.pages import FORM, hidden


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)


def test_a_folder_of_yaml_dropped_in_works_from_page_to_desk(
    make_house: MakeHouse, tmp_path: Path
) -> None:
    house = make_house(folders=[BUNDLED, write(tmp_path / "more", "suggestions")])
    county = house.client(OFFICERS["county"])
    token = {"csrf_token": hidden(county.get(FORM).text)["csrf_token"]}
    assert house.client().get("/hexi-zhen/suggestions/").status_code == 404
    opened = county.post("/hexi-zhen/services/suggestions/open/", data=token)
    assert opened.status_code == 302
    assert "我要提意见" in house.client().get("/hexi-zhen/").text

    client = house.client("00000000112")
    sent = {**hidden(client.get("/hexi-zhen/suggestions/").text), "school": "hexi-1"}
    sent |= {"about": "safety", "words": "校门口要一盏灯", "phone": "00000000112"}
    answer = client.post("/hexi-zhen/suggestions/", data={**sent, "action": "submit"})
    assert answer.status_code == 302
    assert client.get(answer.location).status_code == 200
    school = house.client(OFFICERS["school"])
    assert "关于" in school.get(answer.location).text
    desk = re.search(r"tray=([^\"&]*suggestions)", school.get("/desk/").text)
    assert desk
    tray = {"tray": "D#hexi-1#school_officer#suggestions"}
    assert answer.location in school.get("/desk/", query_string=tray).text
    case = house.office.cases.get(case_id_of(answer))
    assert case is not None
    assert (
        house.do(case, "reply", "school", step={"settled": True}, comment="灯装好了").state
        == "answered"
    )
    house.office.effects.work_off_due()
    assert "有答复了：灯装好了" in house.letters.to("00000000112")[-1]


def test_one_that_raises_in_register_is_set_aside_and_the_rest_start(
    make_house: MakeHouse, tmp_path: Path
) -> None:
    more = write(tmp_path, "broken", hook("register_blueprints(self)", "raise OSError('no')"))
    house = make_house(folders=[more, BUNDLED])
    assert "OSError" in house.office.catalogue.broken["broken"]
    assert house.client().get(FORM).status_code == 200
    page = house.client(OFFICERS["county"]).get("/services/").text
    assert "broken" in page
    assert "因故障停用" in page


@pytest.mark.parametrize(
    "body",
    [
        "return None",
        "return [1]",
        "return 7",
        "from flask import Blueprint; return [Blueprint('filing', 'x')]",
    ],
)
def test_one_that_registers_nonsense_is_set_aside_too(
    make_house: MakeHouse, tmp_path: Path, body: str
) -> None:
    more = write(tmp_path, "broken", hook("register_blueprints(self)", body))
    house = make_house(folders=[more, BUNDLED])
    assert "broken" in house.office.catalogue.broken
    assert house.client().get(FORM).status_code == 200


def test_one_that_raises_in_a_claim_refuses_the_move_and_keeps_the_page(
    make_house: MakeHouse, tmp_path: Path
) -> None:
    python = hook("claim_submission(self, case)", "raise ValueError(case.state)")
    house = make_house(folders=[BUNDLED, write(tmp_path, "moody", python)])
    house.office.places.switch("hexi-zhen", "moody", "on", "某人", "2026")
    client = house.client()
    sent = {**hidden(client.get("/hexi-zhen/moody/").text), "school": "hexi-1", "about": "other"}
    sent |= {"words": "什么都行吧", "phone": "00000000112", "action": "submit"}
    answer = client.post("/hexi-zhen/moody/", data=sent)
    assert answer.status_code == 503
    assert "这项服务出了故障" in answer.text
    assert "什么都行吧" in answer.text
    assert house.store.query("R#hexi-zhen#moody#202611", index="register").items == ()


def test_moves_of_a_plugin_set_aside_are_refused_not_made_without_its_claims(house: House) -> None:
    case = house.submit(1)
    house.office.catalogue.quarantine("volunteers", "on purpose")
    with pytest.raises(PluginFailed):
        house.do(case, "withdraw", "00000000001")
    assert house.now(case).v == 1


ODD = {
    "wrapper": hook("claim_transition(self, case)", "yield", "(wrapper=True)"),
    "old wrapper": hook("claim_transition(self, case)", "yield", "(hookwrapper=True)"),
    "specname": hook("mine(self, case)", "return []", "(specname='claim_transition')"),
    "default": hook("claim_transition(self, case, before='')", "return []"),
    "no such hook": hook("claim_nothing(self)", "return []"),
    "no such argument": hook("claim_transition(self, whatever)", "return []"),
    "no class": "x = 1\n",
    "no syntax": "class Plugin(:\n",
    "raises at import": "raise RuntimeError('no')\n",
    "exits": "raise SystemExit(1)\n",
    "raises when made": "class Plugin:\n    def __init__(self):\n        raise KeyError\n",
}


@pytest.mark.parametrize("name", ODD)
def test_odd_python_is_set_aside_and_named(tmp_path: Path, name: str) -> None:
    catalogue = Catalogue.load([write(tmp_path, "odd", ODD[name]), BUNDLED])
    assert set(catalogue.broken) == {"odd"}
    assert catalogue.flaws
    assert "volunteers" in catalogue.plugins


def test_two_plugins_of_one_id_are_one_and_the_other_is_named(tmp_path: Path) -> None:
    folders = [write(tmp_path / "a", "twice"), write(tmp_path / "b", "twice")]
    catalogue = Catalogue.load(folders)
    assert "twice" in catalogue.plugins
    assert "two plugins" in catalogue.broken["twice"]


def test_a_second_one_does_not_step_in_for_a_broken_first(tmp_path: Path) -> None:
    folders = [write(tmp_path / "a", "twice", plugin="id: [broken"), write(tmp_path / "b", "twice")]
    catalogue = Catalogue.load(folders)
    assert catalogue.plugins == {}
    assert "twice/plugin.yaml:" in catalogue.broken["twice"]
    assert any("another plugin of this id" in flaw.message for flaw in catalogue.flaws)


@pytest.mark.parametrize(
    "files",
    [
        {"forms__suggestion": "id: [broken"},
        {"forms__extra": "id: extra\ntitle: x\npages: []\n"},
        {"workflows__answering": "id: answering\nform: nothing\n"},
        {"plugin": "id: odd\napi: 99\n"},
    ],
)
def test_broken_yaml_is_set_aside_with_its_line(tmp_path: Path, files: dict[str, str]) -> None:
    catalogue = Catalogue.load([write(tmp_path, "odd", **files)])
    assert set(catalogue.broken) == {"odd"}
    assert all(flaw.position.line >= 1 for flaw in catalogue.flaws)


def test_a_service_that_is_switched_off_takes_no_new_case_and_finishes_the_old(
    house: House,
) -> None:
    case = house.submit(1)
    house.office.places.switch("hexi-zhen", "volunteers", "off", "某人", "2026")
    client = house.client()
    assert client.get(FORM).status_code == 404
    assert client.get("/hexi-zhen/volunteers/directory/").status_code == 404
    assert house.client("00000000001").get(f"/hexi-zhen/case/{case.id}/").status_code == 200
    assert house.do(case, "withdraw", "00000000001").state == "withdrawn"


def test_two_installations_in_one_process_have_their_own_gates(make_house: MakeHouse) -> None:
    first, second = make_house(), make_house()
    first.office.places.switch("hexi-zhen", "volunteers", "off", "某人", "2026")
    path = "/hexi-zhen/volunteers/directory/"
    assert [each.client().get(path).status_code for each in (first, second)] == [404, 200]


def test_a_case_keeps_the_definitions_it_was_accepted_under(
    make_house: MakeHouse, tmp_path: Path
) -> None:
    house = make_house(folders=[BUNDLED, write(tmp_path / "old", "suggestions")])
    house.office.places.switch("hexi-zhen", "suggestions", "on", "某人", "2026")
    client = house.client("00000000112")
    sent = {**hidden(client.get("/hexi-zhen/suggestions/").text), "school": "hexi-1"}
    sent |= {
        "about": "safety",
        "words": "旧的说法也要算数",
        "phone": "00000000112",
        "action": "submit",
    }
    location = client.post("/hexi-zhen/suggestions/", data=sent).location

    changed = write(tmp_path / "new", "suggestions")
    form = changed / "suggestions" / "forms" / "suggestion.yaml"
    form.write_text(form.read_text().replace("zh: 安全", "zh: 平安"))
    again = open_house(house.folder, tmp_path / "later", folders=[BUNDLED, changed])
    page = again.client(OFFICERS["school"]).get(location).text
    assert "安全" in page
    assert "平安" not in page
    assert "平安" in again.client().get("/hexi-zhen/suggestions/").text
    again.close()
