"""What is found, by what, and how it is compared."""

from typing import Any

import pytest

from core.finding.terms import (
    MOST_CHARACTERS,
    MOST_TERMS,
    asked_for,
    found_in,
    matching,
    pairs,
    plain,
    said_by,
    terms_of,
)
from forms.loading import load_form
from forms.problems import DefinitionError
from forms.source import read_yaml
from tests.core.house import House


def said(house: House, service: str, answers: dict[str, Any]) -> list[tuple[str, bool, bool]]:
    workflow = house.office.catalogue.plugins[service].workflow
    return [(each.value, each.exact, each.parts) for each in said_by(workflow, {}, answers)]


def test_numbers_and_names_are_found_whole_and_searchable_texts_by_parts_too(house: House) -> None:
    answers = {
        "kind": "parent",
        "name": "梁韵声",
        "id_number": "149999195803151017",
        "phone": "00000000112",
        "about": "会扎灯笼",
        "signature": {"typed": "梁韵声"},
        "age": 68,
    }
    assert sorted(said(house, "volunteers", answers)) == [
        ("00000000112", True, False),
        ("149999195803151017", True, False),
        ("会扎灯笼", True, True),
        ("梁韵声", True, False),
    ]


def test_names_in_rows_are_found(house: House) -> None:
    rows = [{"escort_name": "李老师"}, {"escort_name": "王老师"}]
    values = [value for value, *_ in said(house, "bookings", {"escorts": rows})]
    assert values == ["李老师", "王老师"]


def test_what_has_readers_is_never_found(house: House) -> None:
    workflow = house.office.catalogue.plugins["feedback"].workflow
    assert set(found_in(workflow)) == {"words"}


@pytest.mark.parametrize(
    ("typed", "compared"),
    [
        ("ＡＢ 12－3", "ab123"),
        (" 阿卜杜·热合曼 ", "阿卜杜热合曼"),
        ("Li  Ming", "liming"),
        ("138-0013 8000", "13800138000"),
    ],
)
def test_width_case_spaces_hyphens_and_dots_do_not_matter(typed: str, compared: str) -> None:
    assert plain(typed) == compared


@pytest.mark.parametrize("typed", ["+86 138 0013 8000", "008613800138000", "8613800138000"])
def test_a_telephone_is_sought_without_its_country(typed: str) -> None:
    assert asked_for(typed) == "13800138000"


def test_pairs_are_neighbours_each_once() -> None:
    assert pairs("哈哈哈笑") == ["哈哈", "哈笑"]
    assert pairs("一") == []


def test_all_words_must_stand_in_one_answer(house: House) -> None:
    workflow = house.office.catalogue.plugins["volunteers"].workflow
    answers = {"about": "会扎孔雀灯笼，也会修补古籍", "other_specialty": "书法"}

    def fits(text: str) -> list[str]:
        return [each.asked.name for each in matching(said_by(workflow, {}, answers), text)]

    assert fits("古籍 灯笼") == ["about"]
    assert fits("古籍 书法") == []
    assert fits("孔雀书") == []


def test_a_long_answer_is_bounded_and_never_crowds_out_a_name(house: House) -> None:
    workflow = house.office.catalogue.plugins["volunteers"].workflow
    long = "".join(chr(0x4E00 + n) for n in range(3000))
    answers = {"about": long, "other_specialty": long[::-1], "name": "梁韵声"}
    vault = house.office.vault
    terms = terms_of(vault, "qinghe", said_by(workflow, {}, answers))
    assert len(terms) <= min(MOST_TERMS, 2 * MOST_CHARACTERS + 3)
    [name] = terms_of(vault, "qinghe", said_by(workflow, {}, {"name": "梁韵声"}))
    assert name in terms


def test_counties_do_not_share_terms(house: House) -> None:
    workflow = house.office.catalogue.plugins["volunteers"].workflow

    def terms(county: str) -> set[str]:
        return set(terms_of(house.office.vault, county, said_by(workflow, {}, {"name": "王芳"})))

    assert not terms("qinghe") & terms("baiting")


@pytest.mark.parametrize("kind", ["choice", "yes_no", "file", "integer"])
def test_only_what_is_written_can_be_searchable(kind: str) -> None:
    more = ", choices: [{value: a, label: 甲}]" if kind == "choice" else ""
    text = (
        "id: f\ntitle: 表\npages:\n  - fields:\n"
        f"      - {{name: a, type: {kind}, label: 甲, searchable: true{more}}}\n"
    )
    with pytest.raises(DefinitionError, match="“searchable” is of what is written"):
        load_form(read_yaml(text, "f.yaml"))
