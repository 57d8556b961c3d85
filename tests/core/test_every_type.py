"""A form with every type of question, through the pages, without JavaScript."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from core.web.answers import answer_words
from forms.loading import load_form
from forms.source import read_yaml
from forms.surroundings import Choice, Surroundings
from forms.text import Text
from forms.trial import run_tests
from tests.core.conftest import MakeHouse
from tests.core.house import OFFICERS, House, case_id_of, everything
from tests.core.sampler import (
    FORM_FILE,
    JPEG,
    PAGES,
    PNG,
    sampler_house,
    sent,
    turned_to,
    upload,
)
from tests.pages import PLACE, hidden, sent_back


@pytest.fixture
def house(make_house: MakeHouse, tmp_path: Path) -> House:
    return sampler_house(make_house, tmp_path / "plugins")


def test_the_sample_forms_own_tests_hold() -> None:
    source = read_yaml(FORM_FILE.read_bytes(), "every_type.yaml")
    assert run_tests(load_form(source), source) == []


def test_every_type_is_taken_in_and_reads_well_on_the_case_page(house: House) -> None:
    client = house.client("00000000001")
    page = turned_to(client, 2)
    last = {**PAGES[2], "photos": [upload(PNG, "一.png"), upload(JPEG, "二.jpg")]}
    answer = sent(client, page, {**last, "action": "submit"})
    case = house.office.cases.get(case_id_of(answer))
    assert case is not None
    assert {name: case.answers[name] for name in ("materials", "total", "starts", "ends")} == {
        "materials": "12.50",
        "total": "250.00",
        "starts": "16:30",
        "ends": "18:00",
    }
    assert case.answers["home"] == {"region": ["liuting-zhen"], "detail": "杏花巷 1 号"}
    assert case.answers["school"] == {"value": "hexi-1", "label": "青禾县禾溪第一小学"}
    assert [row["name"] for row in case.answers["members"]] == ["梁韵声", "段巧云"]
    text = house.client(OFFICERS["county"]).get(f"/{PLACE}/case/{case.id}/").text
    for words in (
        "250.00 元",
        "16:30",
        "2026年12月7日 至 2027年1月18日",
        "2026年12月4日 19:00",
        "青禾县禾溪第一小学",
        "柳汀镇 杏",
        "<strong>接送人 1</strong>",
        '<span class="when">与孩子的关系</span> 祖父母或外祖父母',
        '<span class="when">年龄</span> 68',
        "一.png",
        "/file/photos.1",
    ):
        assert words in text, words
    for secret in ("00000000002", "杏花巷 1 号", "149999195803151017"):
        assert secret not in text, secret


def test_a_group_with_a_personal_column_is_sealed_as_a_whole(house: House) -> None:
    client = house.client("00000000001")
    case_id_of(sent(client, turned_to(client, 2), {**PAGES[2], "action": "submit"}))
    kept = str(everything(house, "C#"))
    assert "2027-01-18" in kept
    for secret in ("梁韵声", "段巧云", "00000000002", "杏花巷"):
        assert secret not in kept, secret


def test_rows_are_added_moved_and_removed_without_javascript(house: House) -> None:
    client = house.client()
    page = turned_to(client, 2)
    assert 'id="f-members.0"' not in page.text
    page = sent(client, page, {"action": "add:members"})
    assert 'id="f-members.0"' in page.text
    row = {"members.row": "0", "members.0.name": "甲"}
    page = sent(client, page, {**row, "action": "add:members"})
    assert 'id="f-members.1"' in page.text
    two = {"members.row": ["0", "1"], "members.0.name": "甲", "members.1.name": "乙"}
    page = sent(client, page, {**two, "action": "up:members.1"})
    assert page.text.index('value="乙"') < page.text.index('value="甲"')
    two = {"members.row": ["0", "1"], "members.0.name": "乙", "members.1.name": "甲"}
    page = sent(client, page, {**two, "action": "remove:members.0"})
    assert 'value="乙"' not in page.text
    assert 'value="甲"' in page.text
    assert page.status_code == 200


def test_no_more_rows_are_added_than_the_form_allows(house: House) -> None:
    client = house.client()
    rows = {
        "members.row": ["0", "1", "2", "3"],
        **{f"members.{n}.name": f"甲{n}" for n in range(4)},
    }
    page = sent(client, turned_to(client, 2), {**rows, "action": "add:members"})
    assert 'id="f-members.3"' in page.text
    assert 'id="f-members.4"' not in page.text


def test_a_problem_in_a_row_is_named_with_its_row_and_stands_at_its_field(house: House) -> None:
    client = house.client()
    bad = {**PAGES[2], "members.7.which": "", "members.0.born": "2015-01-01"}
    page = sent(client, turned_to(client, 2), {**bad, "action": "submit"})
    sent_back(page)
    assert 'href="#f-members.1.which">接送人 2 · 是什么关系：' in page.text
    assert 'href="#f-members.0.born">接送人 1 · 出生日期：接送人要年满 18 周岁' in page.text
    assert 'id="e-members.1.which"' in page.text


def test_a_file_in_a_row_is_carried_and_dropped(house: House) -> None:
    client = house.client()
    rows = {"members.row": "0", "members.0.name": "甲", "members.0.photo": upload(PNG, "甲.png")}
    page = sent(client, turned_to(client, 2), {**rows, "action": "add:members"})
    assert "甲.png" in page.text
    token = hidden(page.text)["members.0.photo-kept"]
    rows = {"members.row": ["0", "1"], "members.0.name": "甲", "members.0.photo-kept": token}
    page = sent(client, page, {**rows, "action": "back"})
    page = sent(client, page, {**PAGES[1], "action": "next"})
    assert "甲.png" in page.text
    rows["members.0.photo-kept"] = hidden(page.text)["members.0.photo-kept"]
    page = sent(client, page, {**rows, "action": "drop:members.0.photo"})
    assert "甲.png" not in page.text


def test_several_files_are_carried_one_is_dropped_and_too_many_refused(house: House) -> None:
    client = house.client()
    given = {**PAGES[2], "photos": [upload(PNG, f"{n}.png") for n in "一二"]}
    page = sent(client, turned_to(client, 2), {**given, "action": "keep"})
    assert page.text.count('name="photos-kept"') == 2
    kept = [one.split('"')[0] for one in page.text.split('name="photos-kept" value="')[1:]]
    page = sent(client, page, {**PAGES[2], "photos-kept": kept, "action": "drop:photos.0"})
    assert "一.png" not in page.text
    assert "二.png" in page.text
    more = {
        **PAGES[2],
        "photos-kept": kept,
        "photos": [upload(PNG, "三.png"), upload(PNG, "四.png")],
    }
    page = sent(client, page, {**more, "action": "submit"})
    assert "最多交 3 个文件" in sent_back(page)


def test_a_token_of_another_case_is_no_file(house: House) -> None:
    client, other = house.client(), house.client()
    given = {**PAGES[2], "photos": [upload(PNG, "一.png")], "action": "keep"}
    page = sent(other, turned_to(other, 2), given)
    token = hidden(page.text)["photos-kept"]
    page = sent(client, turned_to(client, 2), {**PAGES[2], "photos-kept": token, "action": "keep"})
    assert "一.png" not in page.text


def test_in_english_values_read_in_english(house: House) -> None:
    client = house.client()
    page = turned_to(client, 1)
    page = sent(client, page, {**PAGES[1], "action": "language:en"})
    assert "Liuting Town" in page.text
    assert "Elsewhere" in page.text


def test_an_old_answer_reads_with_the_label_it_had_then() -> None:
    form = load_form(read_yaml(FORM_FILE.read_bytes(), "every_type.yaml"))
    answer = {"value": "hexi-1", "label": "青禾县禾溪第一小学"}
    gone = Surroundings(date(2026, 11, 23))
    renamed = replace(gone, choices={"places.schools": [Choice("hexi-1", Text("新名小学"))]})
    school = form.fields["school"]
    assert answer_words(school, answer, gone) == "青禾县禾溪第一小学"
    assert answer_words(school, answer, renamed) == "青禾县禾溪第一小学"


def test_an_officers_form_has_rows_too(house: House) -> None:
    client = house.client("00000000001")
    case_id = case_id_of(sent(client, turned_to(client, 2), {**PAGES[2], "action": "submit"}))
    officer, path = house.client(OFFICERS["county"]), f"/{PLACE}/case/{case_id}/do/see/"
    page = officer.get(path)
    page = officer.post(path, data={**hidden(page.text), "action": "add:points"})
    assert (page.status_code, 'id="f-points.0"' in page.text) == (200, True)
    given = {**hidden(page.text), "points.row": "0", "points.0.cost": "3元"}
    page = officer.post(path, data=given)
    assert page.status_code == 422
    assert 'href="#f-points.0.about">意见 1 · 关于：' in page.text
    officer.post(path, data={**given, "points.0.about": "材料"})
    text = officer.get(f"/{PLACE}/case/{case_id}/").text
    assert "意见 1：关于 材料；费用 3.00 元" in text


def test_a_long_list_is_typed_into_and_takes_the_label(house: House) -> None:
    for n in range(20):
        house.office.places.add(f"extra-{n}", Text(f"禾溪第{n}小学"), "school", "hexi-zhen")
    client = house.client()
    page = turned_to(client, 1)
    assert '<datalist id="o-school">' in page.text
    assert '<option value="禾溪第7小学" data-value="extra-7">' in page.text
    bad = sent(client, page, {**PAGES[1], "school": "没有的小学"})
    assert 'value="没有的小学"' in sent_back(bad)
    good = sent(client, page, {**PAGES[1], "school": "禾溪第7小学"})
    assert good.status_code == 200
    back = sent(client, good, {**PAGES[2], "action": "back"})
    assert 'list="o-school" autocomplete="off" value="禾溪第7小学"' in back.text


def test_what_is_masked_in_rows_can_be_shown(house: House) -> None:
    client = house.client("00000000001")
    case_id = case_id_of(sent(client, turned_to(client, 2), {**PAGES[2], "action": "submit"}))
    officer = house.client(OFFICERS["county"])
    page = officer.get(f"/{PLACE}/case/{case_id}/")
    assert "00000000002" not in page.text
    shown = officer.post(
        f"/{PLACE}/case/{case_id}/show/members",
        data={"csrf_token": hidden(page.text)["csrf_token"]},
    )
    assert "00000000002" in shown.text
