"""Lookups across plugins: declared, per place, for whoever may ask; else null."""

import logging
from pathlib import Path

import pytest

from core.api import Context
from core.people import Role
from core.web.app import BUNDLED
from forms.surroundings import Choice
from tests.core.conftest import MakeHouse
from tests.core.house import OFFICERS, House, case_id_of
from tests.core.plugin_folder import GUIDE, HEAD, blocks, suggest, write
from tests.pages import hidden, sent_back

OFFER = f"""from forms.surroundings import Choice
from forms.text import Text
{HEAD}    @hookimpl
    def provide_choices(self, context, lookup):
        if lookup == 'sudden':
            raise ZeroDivisionError
        if lookup == 'odd':
            return ['no choice']
        words = f'{{lookup}} {{context.clock.now():%H:%M}}'
        return [Choice(f'{{lookup}}-{{context.place.slug}}', Text(words))]
"""
LOOKUPS = """lookups:
  - {name: rooms, label: 教室}
  - {name: sudden, label: 突然}
  - {name: odd, label: 怪}
  - {name: keys, label: 钥匙, roles: [school_officer]}
"""


STEP = """
      - {name: key, type: choice, label: 哪把钥匙, choices_from: halls.keys}
"""


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)


@pytest.fixture
def house(make_house: MakeHouse, tmp_path: Path) -> House:
    """Return a county in which `halls` offers lookups and `asks` has a form that uses one."""
    told = blocks(GUIDE)
    offered = {"plugin": told["plugin.yaml"] + LOOKUPS}
    more = write(tmp_path / "more", "halls", OFFER, **offered)
    form = told["forms/suggestion.yaml"].replace("places.schools", "halls.rooms")
    answer = told["forms/answer.yaml"].rstrip() + STEP
    write(tmp_path / "more", "asks", forms__suggestion=form, forms__answer=answer)
    house = make_house(folders=[BUNDLED, more])
    for name in ("halls", "asks"):
        house.office.places.switch("hexi-zhen", name, "on", "某人", "2026")
    return house


def lookup(house: House, name: str, who: str = "", place: str = "hexi-zhen") -> object:
    """Return what a plugin's Python gets for a lookup."""
    person = house.person(who) if who else None
    where = house.office.places.get(place)
    context: Context = house.office.contexts.of("asks", where, person)
    found = context.lookup(name)
    return None if found is None else [each.value for each in found]


def test_a_lookup_answers_for_the_place_it_is_asked_at(house: House) -> None:
    assert lookup(house, "halls.rooms") == ["rooms-hexi-zhen"]


@pytest.mark.parametrize(
    "name", ["halls.sudden", "halls.odd", "halls.secret", "nobody.rooms", "places.people", "halls"]
)
def test_one_that_fails_or_was_never_declared_is_null(house: House, name: str) -> None:
    assert lookup(house, name) is None


def test_one_whose_service_is_off_here_is_null(house: House) -> None:
    assert lookup(house, "halls.rooms", place="liuting-zhen") is None
    house.office.places.switch("hexi-zhen", "halls", "off", "某人", "2026")
    assert lookup(house, "halls.rooms") is None


def test_one_for_a_role_answers_only_to_who_holds_it_here(house: House) -> None:
    assert lookup(house, "halls.keys") is None
    assert lookup(house, "halls.keys", "00000000112") is None
    assert lookup(house, "halls.keys", "other_county") is None
    assert lookup(house, "halls.keys", "school") == ["keys-hexi-zhen"]


def test_a_form_offers_what_another_service_looks_up_and_accepts_nothing_else(
    house: House,
) -> None:
    client = house.client()
    page = client.get("/hexi-zhen/asks/").text
    assert 'value="rooms-hexi-zhen"' in page
    sent_back(suggest(client, plugin="asks", school="rooms-liuting-zhen"))
    answer = suggest(client, plugin="asks", school="rooms-hexi-zhen")
    assert case_id_of(answer)


def test_a_form_whose_lookup_is_not_open_here_says_so_and_stays_a_page(house: House) -> None:
    client, said = house.client(), "提供选项的服务在这里没有开通"
    assert said not in client.get("/hexi-zhen/asks/").text
    house.office.places.switch("hexi-zhen", "halls", "off", "某人", "2026")
    page = client.get("/hexi-zhen/asks/")
    assert page.status_code == 200
    assert said in page.text
    assert hidden(sent_back(suggest(client, plugin="asks", school="rooms-hexi-zhen")))


def test_an_officers_step_offers_what_their_role_may_ask(house: House) -> None:
    sent = suggest(house.client(), plugin="asks", school="rooms-hexi-zhen")
    path = f"/hexi-zhen/case/{case_id_of(sent)}/do/reply/"
    told = {"settled": "true", "comment": "好了", "key": "keys-hexi-zhen"}
    officer = house.client(OFFICERS["county"])
    house.office.people.give(OFFICERS["county"], "某人", Role("school_officer", "hexi-zhen"))
    page = officer.get(path)
    assert "keys-hexi-zhen" in page.text
    assert officer.post(path, data={**hidden(page.text), **told}).status_code == 302


def test_what_is_looked_up_is_never_read_off_a_page_kept_for_others(house: House) -> None:
    assert "rooms 02:00" in house.client().get("/hexi-zhen/asks/").text
    house.clock.move(minutes=1)
    assert "rooms 02:01" in house.client().get("/hexi-zhen/asks/").text


def test_the_cleared_volunteers_are_offered_to_officers_of_the_district(house: House) -> None:
    case = house.cleared(1)
    assert lookup(house, "volunteers.cleared") is None
    assert lookup(house, "volunteers.cleared", "00000000001") is None
    for who in ("school", "county"):
        assert lookup(house, "volunteers.cleared", who) == [case.id]
    assert lookup(house, "volunteers.cleared", "other_county") is None


def test_a_lookup_is_asked_once_for_a_page_and_only_where_it_is_used(house: House) -> None:
    around = house.office.around("zh", house.office.places.get("hexi-zhen"), house.person("school"))
    house.cleared(1)
    with house.store.expect():
        assert around.choices["places.schools"]
    with house.store.expect(query=1, get=1):
        assert around.choices["volunteers.cleared"]
        assert around.choices["volunteers.cleared"]
    assert all(isinstance(each, Choice) for name in around.choices for each in around.choices[name])


def test_one_that_does_not_ask_what_narrows_it_is_asked_once_for_all_answers(house: House) -> None:
    around = house.office.around("zh", house.office.places.get("hexi-zhen"), house.person("school"))
    house.cleared(1)
    with house.store.expect(query=1, get=1):
        for day in ("2026-12-02", "2026-12-03"):
            assert around.offered("volunteers.cleared", {"dates": day})
