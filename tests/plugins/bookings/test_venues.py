"""A venue's record is a case; its entry stands while the case is open, and in step with it."""

from typing import Any

import pytest

from core.store import Conflict
from tests.core.house import OFFICERS, House, everything
from tests.plugins.bookings.hosting import (
    AFTERNOON,
    ANSWERS,
    CONTACT,
    LIBRARY,
    MUSEUM,
    change,
    context,
    enter,
    filing,
    open_bookings,
    outcome,
    running,
    seat_contact,
)
from workflows.case import Refused


@pytest.fixture
def house(house: House) -> House:
    """Return the sample county with the service on and no venue entered."""
    return open_bookings(house)


def entry(house: House, place: str = MUSEUM) -> Any:
    return running("venues").venue(context(house, place), place)


def refused(house: House, place: str = MUSEUM, who: str = CONTACT, **other: Any) -> list[str]:
    """Return what the plugin says against a venue that the form has accepted."""
    with pytest.raises(Refused) as error:
        enter(house, place, who, **other)
    return [f"{each.field}/{each.code}" for each in error.value.problems]


def test_an_entry_says_all_but_what_is_personal(house: House) -> None:
    case = enter(house)
    found = entry(house)
    assert (found["case"], found["sk"]) == (case.id, MUSEUM)
    assert found["name"] == {"zh": "青禾县博物馆", "en": "Qinghe Museum"}
    assert (found["capacity"], found["groups"]) == (60, 2)
    assert found["openings"][0]["weekdays"] == AFTERNOON["weekdays"]
    form = house.office.catalogue.plugins["bookings"].begun_in("hosting").form
    personal = {field.name for field in form.fields.values() if field.is_personal}
    assert personal == running("venues").PERSONAL == {"contact", "phone"}
    assert not personal & set(found)
    assert CONTACT not in repr(everything(house, "X#bookings"))
    assert "秦岚" not in repr(everything(house, "X#bookings"))


def test_what_a_venue_leaves_out_has_its_usual_value(house: House) -> None:
    enter(house, term_limit=4)
    found = entry(house)
    assert (found["lead_days"], found["ahead_days"], found["escort_ratio"]) == (1, 60, 20)
    assert (found["ahead_days"], found["guides"], found["auto_heads"]) == (60, 0, 0)
    assert found["term_limit"] == 4


def test_a_change_of_the_record_changes_the_entry_in_the_same_commit(house: House) -> None:
    case = enter(house, lead_days=7)
    changed = change(house, case, capacity=45)
    commit = [asked for kind, *asked in house.store.asked if kind == "commit"][-1]
    assert {(f"C#{case.id}", "H"), ("X#bookings#venues#qinghe", MUSEUM)} <= set(commit)
    found = entry(house)
    assert (changed.state, found["capacity"], found["lead_days"]) == ("open", 45, 1)
    assert found["v"] == 2


def test_a_venue_that_is_shut_has_no_entry_and_may_be_entered_anew(house: House) -> None:
    first = enter(house)
    house.do(first, "shut", CONTACT, comment="闭馆装修")
    assert entry(house) is None
    second = enter(house, capacity=30)
    assert entry(house)["case"] == second.id


def test_a_county_officer_enters_and_changes_a_venue_too(house: House) -> None:
    case = enter(house, LIBRARY, OFFICERS["county"])
    assert change(house, case, OFFICERS["county"], groups=3).state == "open"
    assert entry(house, LIBRARY)["groups"] == 3


@pytest.mark.parametrize("who", [OFFICERS["school"], "00000000133", OFFICERS["other_county"]])
def test_nobody_else_enters_or_changes_it(house: House, who: str) -> None:
    with pytest.raises(Refused):
        enter(house, who=who)
    case = enter(house)
    with pytest.raises(Refused):
        change(house, case, who, capacity=1)
    with pytest.raises(Refused):
        house.do(case, "shut", who, comment="不开了")
    assert entry(house)["capacity"] == 60


def test_all_venues_of_a_county_are_one_query_and_one_venue_one_read(house: House) -> None:
    seat_contact(house, "00000000133", LIBRARY)
    enter(house)
    enter(house, LIBRARY, "00000000133")
    here = context(house)
    with house.store.expect(query=1):
        found = running("venues").venues(here)
    assert [each["sk"] for each in found] == [LIBRARY, MUSEUM]
    with house.store.expect(get=1):
        assert running("venues").venue(here, LIBRARY)["sk"] == LIBRARY
    abroad = context(house, "baiting", OFFICERS["other_county"])
    assert running("venues").venues(abroad) == []
    assert running("venues").venue(abroad, MUSEUM) is None


def test_a_second_record_for_the_same_place_is_refused(house: House) -> None:
    enter(house)
    assert refused(house) == ["kind/entered_already"]


def test_of_two_records_handed_in_at_once_one_is_refused(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = filing(house)
    around = house.office.around("zh", asked.place)
    commit, held = house.office.ports.store.commit, []

    def late(*writes: Any) -> None:
        if not held:
            held.append(True)
            enter(house)
        commit(*writes)

    monkeypatch.setattr(house.store, "commit", late)
    with pytest.raises(Refused) as error:
        house.office.cases.submit(asked, None, around)
    assert [each.code for each in error.value.problems] == ["entered_already"]
    assert house.office.cases.get(asked.id) is None


def test_taking_back_that_a_venue_is_shut_does_not_push_its_successor_out(house: House) -> None:
    first = house.do(enter(house), "shut", CONTACT, comment="闭馆装修")
    second = enter(house, capacity=30)
    reopened = running("venues").kept
    view = next(iter(context(house).cases([first.id])))
    writes = reopened(context(house), _as_open(view))
    with pytest.raises(Conflict):
        context(house).commit(*writes)
    assert entry(house)["case"] == second.id


def _as_open(view: Any) -> Any:
    return type(view)(view.id, view.place, "open", view._case, view.about)  # noqa: SLF001 — ours


def test_only_a_venue_is_entered(house: House) -> None:
    assert refused(house, "hexi-1", OFFICERS["county"]) == ["kind/not_a_venue"]


def test_openings_that_overlap_are_named_at_the_row(house: House) -> None:
    later = {**AFTERNOON, "weekdays": ["friday"], "starts": "17:00", "ends": "19:00"}
    assert refused(house, openings=[AFTERNOON, later]) == ["openings.1.starts/overlap"]
    special = [{**AFTERNOON, "date": "2026-12-06"}] * 2
    told = [{k: v for k, v in each.items() if k != "weekdays"} for each in special]
    assert refused(house, special=told) == ["special.1.starts/overlap"]


@pytest.mark.parametrize(
    ("row", "field", "code"),
    [
        ({"ends": "15:00"}, "ends", "backwards"),
        ({"ends": "15:30"}, "ends", "backwards"),
        ({"stay": 121}, "stay", "too_long"),
        ({"stay": 0}, "stay", "too_small"),
        ({"first": "2026-12-02", "last": "2026-12-01"}, "last", "season_backwards"),
        ({"buffer": -1}, "buffer", "too_small"),
        ({"ends": "24:00"}, "ends", "not_time"),
        ({"first": "2027-02-29"}, "first", "not_date"),
    ],
)
def test_the_form_refuses_an_opening_that_cannot_be(
    house: House, row: dict[str, Any], field: str, code: str
) -> None:
    [problem] = outcome(house, openings=[{**AFTERNOON, **row}]).problems
    assert (problem.field, problem.code) == (f"openings.0.{field}", code)
    assert problem.level == "block"


def test_high_risk_is_refused_by_its_clause_and_nothing_goes_without_a_safety_file(
    house: House,
) -> None:
    [high] = outcome(house, risk="high").problems
    assert (high.field, high.level, high.basis) == ("risk", "block", "changzhi-2021/三(三)")
    missing = {name: each for name, each in ANSWERS.items() if name != "safety_file"}
    [none] = outcome(house, **{**missing, "safety_file": None}).problems
    assert (none.field, none.code) == ("safety_file", "required")


@pytest.mark.parametrize("name", ["capacity", "groups"])
@pytest.mark.parametrize("number", [0, -1, "", "一些"])
def test_a_venue_for_nobody_is_refused(house: House, name: str, number: Any) -> None:
    [problem] = outcome(house, **{name: number}).problems
    assert problem.field == name
