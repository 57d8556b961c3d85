"""What a form and a state make public, everybody may look through; and nothing beside it."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from core.listings import public_fields
from tests.core.conftest import MakeHouse
from tests.core.house import House, everything
from tests.core.tips import shown, tell, tips_house

LIST = "/hexi-zhen/tips/list/"


@pytest.fixture
def house(make_house: MakeHouse, tmp_path: Path) -> House:
    """Return the sample county with a service that lists what it was told."""
    return tips_house(make_house, tmp_path / "plugins")


def titles(house: House, path: str = LIST) -> list[str]:
    """Return what a list names, in its order."""
    page = house.client().get(path)
    assert page.status_code == 200, path
    return re.findall(r'class="row-link"[^>]*><strong lang="zh-CN">([^<]*)<', page.text)


def entries(house: House) -> list[str]:
    return [item["answers"]["title"] for item in everything(house, "PB#")]


def test_only_what_is_in_a_public_state_is_listed_the_latest_first(house: House) -> None:
    tell(house, "还没看过")
    shown(house, "折纸")
    shown(house, "跳绳", kind="sport")
    assert titles(house) == ["跳绳", "折纸"]


def test_an_entry_tells_what_is_public_and_nothing_else(house: House) -> None:
    case = shown(house, "折纸", site="https://basic.smartedu.cn/a", phone="00000000112")
    page = house.client().get(f"{LIST}{house.public(case.id)}/")
    assert page.status_code == 200
    assert 'href="https://basic.smartedu.cn/a"' in page.text
    assert "手工" in page.text
    every = page.text + house.client().get(LIST).text + repr(list(everything(house, "PB#")))
    for private in ("不外传", "尹老师", "00000000112"):
        assert private not in every


def test_a_case_that_leaves_the_public_state_leaves_the_list(house: House) -> None:
    case = shown(house, "折纸")
    house.do(case, "hide", "county")
    assert titles(house) == []
    assert entries(house) == []
    assert house.client().get(f"{LIST}{house.public(case.id)}/").status_code == 404


def test_a_move_taken_back_takes_its_entry_back(house: House) -> None:
    case = shown(house, "折纸")
    assert entries(house) == ["折纸"]
    person = house.person("county")
    house.office.reversals.take_back(case, person, case.v, house.office.around("zh"))
    assert entries(house) == []


def test_changed_answers_change_the_entry(house: House) -> None:
    case = shown(house, "折纸")
    house.do(case, "mend", "county", amend={"title": "折纸鹤"})
    assert titles(house) == ["折纸鹤"]


def test_words_are_found_wherever_they_stand_and_all_of_them(house: House) -> None:
    shown(house, "二十四节气剪纸")
    shown(house, "剪纸入门")
    shown(house, "上党梆子", kind="song")
    assert titles(house, f"{LIST}?q=剪纸") == ["剪纸入门", "二十四节气剪纸"]
    assert titles(house, f"{LIST}?q=节气 剪纸") == ["二十四节气剪纸"]
    assert titles(house, f"{LIST}?q=唱歌") == ["上党梆子"]
    assert titles(house, f"{LIST}?q=不外传") == []
    assert titles(house, f"{LIST}?q=%25") == []


def test_choices_narrow_the_list_and_only_those_there_are_offered(house: House) -> None:
    shown(house, "折纸")
    shown(house, "跳绳", kind="sport")
    assert titles(house, f"{LIST}?kind=sport") == ["跳绳"]
    assert titles(house, f"{LIST}?kind=nothing") == []
    page = house.client().get(LIST).text
    assert 'value="craft"' in page
    assert 'value="song"' not in page


def test_a_district_lists_its_own_and_what_was_filed_above_it(house: House) -> None:
    shown(house, "城里的", place="hexi-1")
    shown(house, "柳汀的", place="liuting-zhen")
    shown(house, "全县的", place="qinghe")
    assert titles(house) == ["全县的", "城里的"]
    assert titles(house, "/liuting-zhen/tips/list/") == ["全县的", "柳汀的"]
    assert titles(house, "/qinghe/tips/list/") == ["全县的", "柳汀的", "城里的"]


def test_a_long_list_is_turned_by_the_page(house: House) -> None:
    for n in range(31):
        shown(house, f"点子{n}")
    assert len(titles(house)) == 30
    assert titles(house, f"{LIST}?page=2") == ["点子0"]
    for strange in ("-1", "x", "99"):
        assert house.client().get(f"{LIST}?page={strange}").status_code == 200


def test_a_list_costs_a_query_for_its_county_and_one_for_the_city_above(house: House) -> None:
    shown(house, "折纸")
    client = house.client()
    client.get(LIST)
    with house.store.expect(query=2):
        assert client.get(LIST).status_code == 200


def test_every_row_names_its_place_by_one_more_read_and_then_by_none(house: House) -> None:
    for place in ("hexi-1", "no2", "hexi-1"):
        shown(house, "折纸", place=place)
    client, at = house.client(), "/qinghe/tips/list/"
    house.office.places._cache.clear()  # noqa: SLF001 — what 30 seconds would do
    with house.store.expect(get=2, query=2):
        page = client.get(at).text
    said = re.findall(r'<span class="when">([^<]*) · ', page)
    assert said == ["青禾县禾溪第一小学", "青禾县第二中学", "青禾县禾溪第一小学"]
    with house.store.expect(query=2):
        client.get(at)


def test_an_entry_names_the_place_where_it_was_filed(house: House) -> None:
    name = house.public(shown(house, "折纸", place="hexi-1").id)
    page = house.client().get(f"/qinghe/tips/list/{name}/").text
    assert '<p class="lead-in">青禾县禾溪第一小学</p>' in page


def test_where_the_service_is_closed_or_lists_nothing_there_is_no_list(house: House) -> None:
    shown(house, "折纸")
    assert house.client().get("/yunhe/tips/list/").status_code == 404
    assert house.client().get("/hexi-zhen/volunteers/list/").status_code == 404


def test_no_public_address_holds_a_receipt_number_and_none_can_be_made_up(house: House) -> None:
    case = shown(house, "折纸")
    name = house.public(case.id)
    entry = house.client().get(f"{LIST}{name}/")
    assert entry.status_code == 200
    for page in (entry, house.client().get(LIST)):
        assert case.id not in page.text
        assert name in page.text
    swapped = name[:-1] + ("a" if name[-1] != "a" else "b")
    for wrong in (case.id, swapped, name[:-2], name.upper(), "a" * 52, "a" * 24, name + "a"):
        assert house.client().get(f"{LIST}{wrong}/").status_code == 404, wrong


def test_the_portal_leads_to_the_list(house: House) -> None:
    assert f'href="{LIST}"' in house.client().get("/hexi-zhen/").text


def test_what_officers_fill_in_is_public_where_every_form_that_asks_it_says_so(
    house: House,
) -> None:
    workflow = house.office.catalogue.plugins["feedback"].workflow
    passing, asked = workflow.forms["passing"], workflow.forms["reply"].fields["asked"]
    assert {"topic", "school", "asked", "outcome", "mended"} == public_fields(workflow).keys()
    other = replace(passing, fields={**passing.fields, "asked": replace(asked, public=False)})
    both = replace(workflow, forms={**workflow.forms, "passing": other})
    assert {"topic", "school", "outcome", "mended"} == public_fields(both).keys()
