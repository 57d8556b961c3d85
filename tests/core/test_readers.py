"""`readers`: what is refused at load, who reads what, and how such a case is followed up."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from core.case_items import Case
from core.commands.check import check
from core.filings import Filing
from core.moments import stamp
from core.numbers import fresh_number
from core.people import Person
from core.readers import closed_to, may_read
from core.web.app import BUNDLED
from forms.differences import form_differences
from forms.loading import load_form
from forms.problems import DefinitionError
from forms.source import read_yaml
from tests.core.conftest import MakeHouse
from tests.core.house import OFFICERS, House
from tests.core.plugin_folder import GUIDE, blocks, write

FIELDS = "id: f\ntitle: 表\npages:\n  - fields:\n"
PHONE = (
    "{name: phone, type: phone, label: 手机, privacy: {class: contact}, readers: [county_officer]}"
)
OWN = "{name: said, type: text, label: 乙, compute: 'phone', privacy: {class: contact},"
MEND = "mend: {from: waiting, to: waiting, by: school_officer, amend: [phone]}"
EDIT = """submit:
    - {from: draft, to: waiting, by: applicant}
    - {from: waiting, to: waiting, by: school_officer}"""
OWN_PHONE = "privacy: {class: contact, retain: P1Y}"
WALLED = f"{OWN_PHONE}\n        readers: [county_officer]"


def flaws(*fields: str) -> list[str]:
    lines = "".join(f"      - {line}\n" for line in fields)
    try:
        load_form(read_yaml(FIELDS + lines, "f.yaml"))
    except DefinitionError as error:
        return [flaw.message for flaw in error.flaws]
    return []


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (["{name: a, type: text, label: 甲, readers: [x]}"], "“readers” are of what is personal"),
        ([PHONE.replace("readers", "unique: county, readers")], "“unique” would tell others"),
        ([PHONE.replace("readers", "searchable: true, readers")], "“searchable” would tell"),
        ([PHONE.replace("readers", "public: true, readers")], "what is personal is never “public”"),
        ([PHONE.replace("[county_officer]", "[]")], "1 to 1000 items are expected"),
        (["{name: n, type: note, text: 说明, readers: [x]}"], "nothing is asked"),
        (
            [PHONE, "{name: said, type: text, label: 乙, compute: 'phone'}"],
            "“said” would tell of “phone” to others than its readers",
        ),
        (
            [
                PHONE,
                f"{OWN} readers: [county_officer, school_officer]}}",
            ],
            "“said” would tell of “phone” to others than its readers",
        ),
    ],
)
def test_what_would_tell_others_is_refused(fields: list[str], message: str) -> None:
    assert any(message in each for each in flaws(*fields)), flaws(*fields)


def test_what_its_readers_alone_may_read_may_be_computed() -> None:
    assert flaws(PHONE, f"{OWN} readers: [county_officer]}}") == []


def suggestions(folder: Path, **changes: tuple[str, str]) -> Path:
    """Write the guide's service with a telephone that the county alone reads, and changes to it."""
    told = blocks(GUIDE)
    county = "\n  - {id: county_officer, name: 县教育局经办人, at: county}\ndesk:"
    told["plugin.yaml"] = told["plugin.yaml"].replace("\ndesk:", county)
    told["forms/suggestion.yaml"] = told["forms/suggestion.yaml"].replace(OWN_PHONE, WALLED)
    for name, (old, new) in changes.items():
        path = {"form": "forms/suggestion.yaml", "flow": "workflows/answering.yaml"}[name]
        assert old in told[path]
        told[path] = told[path].replace(old, new)
    for path, text in told.items():
        at = folder / "suggestions" / path
        at.parent.mkdir(parents=True, exist_ok=True)
        at.write_text(text)
    return folder


def said_by_check(folder: Path) -> str:
    return "\n".join(f"{flaw}" for flaw in check([folder]))


def test_roles_that_the_service_does_not_have_are_named(tmp_path: Path) -> None:
    changed = {"form": ("readers: [county_officer]", "readers: [county_oficer]")}
    said = said_by_check(suggestions(tmp_path, **changed))
    assert "“county_oficer”, who is to read “phone”, is no role of this service" in said
    assert "did you mean county_officer" in said


@pytest.mark.parametrize("move", [MEND, EDIT])
def test_whoever_may_not_read_an_answer_may_not_be_given_it_to_change(
    tmp_path: Path, move: str
) -> None:
    old = "  submit: {from: draft, to: waiting, by: applicant}\n"
    new = f"  {move}\n" if move.startswith("submit") else f"{old}  {move}\n"
    said = said_by_check(suggestions(tmp_path, flow=(old, new)))
    assert "school_officer would be shown “phone”, and may not read it" in said


def test_more_readers_are_refused_to_open_cases_and_fewer_are_not() -> None:
    def form(readers: str) -> Mapping[str, Any]:
        text = FIELDS + "      - " + PHONE.replace("[county_officer]", readers) + "\n"
        return load_form(read_yaml(text, "f.yaml")).data

    one, two = form("[county_officer]"), form("[county_officer, school_officer]")
    assert [each.weight for each in form_differences(one, two)] == ["refused"]
    assert [each.weight for each in form_differences(two, one)] == ["compatible"]


@pytest.fixture
def house(make_house: MakeHouse, tmp_path: Path) -> House:
    house = make_house(folders=(BUNDLED, suggestions(tmp_path / "services")))
    now = stamp(house.clock.now())
    house.office.places.switch("qinghe", "suggestions", "required", "某人", now)
    return house


def suggested(house: House, phone: str = "00000000112") -> Case:
    plugin = house.office.catalogue.plugins["suggestions"]
    place = house.office.places.get("hexi-1")
    data = {"school": "hexi-1", "about": "other", "words": "门口太暗了，请加灯", "phone": phone}
    filing = Filing(fresh_number(), "suggestions", place, plugin.form, plugin.workflow, data)
    return house.office.cases.submit(filing, None, house.office.around("zh", place))


def may(house: House, case: Case, person: Person | None) -> bool:
    return may_read(house.office.cases.form(case).fields["phone"], case, person)


def test_readers_and_whose_it_is_read_it_and_nobody_else(house: House) -> None:
    case = suggested(house)
    told = {who: may(house, case, house.person(who)) for who in ("county", "00000000112")}
    assert told == {"county": True, "00000000112": True}
    for who in ("school", "other_school", "other_county", "city", "00000000108"):
        assert not may(house, case, house.person(who)), who
    assert not may(house, case, None)


def test_a_case_that_is_nobodys_is_not_theirs_who_have_no_telephone(house: House) -> None:
    case = suggested(house)
    nobody = Case({**case.item, "holder": ""}, case.vault)
    stranger = replace(house.person("00000000112"), holder="")
    assert not may(house, nobody, stranger)


def test_a_field_without_readers_is_read_as_before(house: House) -> None:
    form = house.office.cases.form(suggested(house))
    assert closed_to(form, suggested(house), house.person("school")) == {"phone"}


@pytest.mark.parametrize(("who", "there"), [("school", False), ("county", True), ("", False)])
def test_a_plugin_is_given_for_its_pages_what_the_person_may_read(
    house: House, *, who: str, there: bool
) -> None:
    case, place = suggested(house), house.office.places.get("hexi-1")
    person = house.person(who) if who else None
    context = house.office.context("suggestions", place, person, lambda _, value: str(value))
    [view] = context.cases([case.id], "county")
    assert ("phone" in view.answers) == there
    assert view.answers["about"] == "other"


def test_a_case_whose_telephone_is_nobodys_secret_is_followed_up_by_its_digits(
    make_house: MakeHouse, tmp_path: Path
) -> None:
    house = make_house(folders=(BUNDLED, write(tmp_path / "plain", "suggestions")))
    house.office.places.switch("qinghe", "suggestions", "required", "某人", "2026")
    assert "coded" not in suggested(house).item
    assert house.office.receipt_code(suggested(house)) == ""


def test_each_case_has_a_code_of_its_own(house: House) -> None:
    codes = {house.office.receipt_code(suggested(house)) for _ in range(5)}
    assert len(codes) == 5
    assert all(len(code) == 8 and code.isdigit() for code in codes)


@pytest.mark.parametrize("page", ["do/mend/", "edit/"])
def test_a_deputy_is_shown_nothing_to_change_that_they_may_not_read(
    make_house: MakeHouse, tmp_path: Path, page: str
) -> None:
    """The county's officer may change the telephone; the school's, who stands in, may not."""
    old = "  submit: {from: draft, to: waiting, by: applicant}\n"
    moves = f"  {MEND}\n  {EDIT}\n".replace("school_officer", "county_officer")
    house = make_house(folders=(BUNDLED, suggestions(tmp_path, flow=(old, moves))))
    house.office.places.switch("qinghe", "suggestions", "required", "某人", "2026")
    case, school = suggested(house), house.person("school")
    days = date(2026, 11, 23), date(2026, 11, 30)
    house.office.deputies.name(house.person("county"), school.phone, *days)
    address = f"/hexi-1/case/{case.id}/{page}"
    assert "00000000112" in house.client(OFFICERS["county"]).get(address).text
    assert house.client(school.phone).get(address).status_code == 403
