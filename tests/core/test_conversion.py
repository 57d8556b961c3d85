"""A change is published over open cases and drafts: nobody's answers change meaning unsaid."""

import copy
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from core.bundles import Bundle
from core.case_items import Case, chain_holds
from core.drafts import Draft
from core.filings import Filing
from core.loading import Plugin
from core.numbers import fresh_number
from core.people import Role
from core.web.answers import answer_words
from forms.carrying import carry
from forms.definition import Form
from forms.differences import form_differences
from forms.source import Source, read_yaml
from tests.core.conftest import MakeHouse
from tests.core.house import OFFICERS, House, everything, open_house
from tests.forms.changed import COMPATIBLE, changed, edits

COUNTY, PLACE, SERVICE = "qinghe", "hexi-zhen", "helpers"
FORM = read_yaml(
    (Path(__file__).parents[1] / "forms" / "volunteer.yaml").read_bytes(), "registration.yaml"
).data
DECISION = {
    "id": "decision",
    "title": "决定",
    "pages": [{"fields": [{"name": "fit", "type": "yes_no", "label": "合适"}]}],
}
FLOW: dict[str, Any] = {
    "id": "helping",
    "form": "registration",
    "states": {
        "draft": {"kind": "draft"},
        "asked": {
            "kind": "open",
            "assign": {"role": "school_officer", "at": "school"},
            "due": "5wd",
            "overdue": [{"after": "0wd", "notify": {"to": "school_officer", "template": "late"}}],
        },
        "seen": {"kind": "open", "assign": {"role": "county_officer", "at": "county"}, "due": "9d"},
        "done": {"kind": "final"},
    },
    "transitions": {
        "submit": {"from": "draft", "to": "asked", "by": "applicant"},
        "see": {"from": "asked", "to": "seen", "by": "school_officer", "form": "decision"},
        "finish": {"from": "seen", "to": "done", "by": "county_officer"},
    },
    "messages": {"late": "{number} 逾期"},
}
MANIFEST = {
    "id": SERVICE,
    "api": 1,
    "name": "帮手",
    "summary": "登记帮手",
    "forms": ["registration", "decision"],
    "workflows": ["helping"],
    "roles": [
        {"id": "school_officer", "at": "school"},
        {"id": "county_officer", "at": "county"},
    ],
}


def bundle(
    form: Any = FORM, flow: Any = FLOW, mapping: Any = None, decision: Any = DECISION
) -> Bundle:
    manifest = {**MANIFEST, **({"mapping": mapping} if mapping else {})}
    return Bundle(
        id=SERVICE,
        origin=SERVICE,
        manifest=Source("plugin.yaml", manifest),
        forms=(Source("registration.yaml", form), Source("decision.yaml", decision)),
        workflows=(Source("helping.yaml", flow),),
    )


def publish(house: House, made: Bundle) -> Plugin:
    office = house.office
    proposal = office.publishing.propose(office.places.fresh(COUNTY), made)
    office.publishing.put_in_force(proposal, "张敏")
    house.clock.move(seconds=1)
    return service(house)


def service(house: House) -> Plugin:
    found = house.office.offers.at(house.office.places.fresh(PLACE), SERVICE)
    assert found is not None
    return found


def answers(n: int) -> dict[str, Any]:
    """Return the n-th applicant's clean answers, of every kind in turn."""
    kinds = ("retired_teacher", "parent", "citizen")
    skills = (["calligraphy", "opera"], ["opera"], ["crafts", "calligraphy"])
    given: dict[str, Any] = {
        "kind": kinds[n % 3],
        "full_name": f"测试{n}",
        "specialties": skills[n % 3],
        "school": "hexi-1",
        "since": f"2026-12-{1 + n % 28:02}",
        "agreed": True,
        "letter": {"typed": f"测试{n}"},
    }
    return given


def submit(house: House, n: int, told: Plugin) -> Case:
    place = house.office.places.get(PLACE)
    filing = Filing(fresh_number(), SERVICE, place, told.form, told.workflow, answers(n))
    return house.office.cases.submit(filing, None, house.office.around("zh", place))


@pytest.fixture
def house(make_house: MakeHouse) -> House:
    house = make_house()
    publish(house, bundle())
    house.office.places.switch(COUNTY, SERVICE, "required", "张敏", "2026-11-23T02:00:00.000Z")
    house.office.people.give(OFFICERS["school"], "赵明", Role("school_officer", "hexi-1"))
    return house


def reading(house: House, form: Form, given: Any) -> dict[str, tuple[str, str]]:
    """Return what each answer says to its reader: the question's words and the answer's."""
    around = house.office.around("zh", house.office.places.get(PLACE))
    return {
        name: (form.fields[name].label.zh, answer_words(form.fields[name], value, around))
        for name, value in given.items()
    }


def cases_of(house: House) -> Iterator[Case]:
    top = house.office.places.fresh(COUNTY)
    for item in house.office.publishing.open_cases(top, SERVICE):
        yield Case(item, house.office.vault)


def convert(house: House) -> Any:
    return house.office.conversion.convert(house.office.places.fresh(COUNTY), SERVICE)


def test_cases_stay_under_their_definitions_until_they_are_moved(house: House) -> None:
    case = submit(house, 1, service(house))
    form = changed(dict(FORM), [(COMPATIBLE[0], 1)])
    after = publish(house, bundle(form))
    assert house.office.cases.form(house.now(case)).hash != after.form.hash
    assert convert(house).moved == 1
    moved = house.now(case)
    assert house.office.cases.form(moved).hash == after.form.hash
    assert [each["transition"] for each in house.office.cases.events(moved)][-1] == "definition"
    assert chain_holds(house.office.cases.events(moved), moved.item["head"])
    assert convert(house).moved == 0


def renamed() -> tuple[dict[str, Any], dict[str, Any]]:
    """Return form and workflow in which a field, a choice and a state are called otherwise."""
    form = json.loads(
        json.dumps(FORM).replace('"full_name"', '"name_on_card"').replace('"opera"', '"stage"')
    )
    flow = json.loads(json.dumps(FLOW).replace('"asked"', '"waiting"'))
    return form, flow


def test_what_has_no_mapping_holds_a_case_where_it_is_with_the_reason(house: House) -> None:
    case = submit(house, 1, service(house))
    publish(house, bundle(*renamed()))
    done = convert(house)
    assert done.moved == 0
    [stayed] = done.stayed
    assert stayed.case == case.id
    said = {each.words.zh for each in stayed.because}
    assert {"取消“姓名”", "“特长”取消选项“戏曲”", "取消“asked”这一步"} <= said
    assert house.now(case).v == case.v


def test_a_declared_mapping_moves_answers_states_claims_dates_and_desks(house: House) -> None:
    seen = submit(house, 0, service(house))
    case = submit(house, 1, service(house))
    house.do(seen, "see", "school", step={"fit": True})
    mapping = {
        "forms": {
            "registration": {
                "fields": {"full_name": "name_on_card"},
                "values": {"specialties": {"opera": "stage"}},
            }
        },
        "states": {"helping": {"asked": "waiting"}},
    }
    form, flow = renamed()
    flow["states"]["waiting"] |= {
        "due": "8wd",
        "assign": {"role": "county_officer", "at": "county"},
    }
    publish(house, bundle(form, flow, mapping))
    assert convert(house).stayed == ()
    moved, other = house.now(case), house.now(seen)
    assert (moved.state, other.state) == ("waiting", "seen")
    assert moved.answers["name_on_card"] == "测试1"
    assert moved.answers["specialties"] == ["stage"]
    assert moved.item["desk"] == ["county_officer", COUNTY]
    assert other.steps == {"fit": True}
    assert moved.due is not None
    assert case.due is not None
    assert moved.due > case.due
    events = house.office.cases.events(moved)
    assert [(each["from"], each["to"]) for each in events][-1] == ("asked", "waiting")
    timers = [each for each in everything(house, "T#") if each.get("case") == case.id]
    assert {each["name"] for each in timers if each["entry"] == moved.v} == {"waiting.overdue.0"}
    house.clock.move(days=30)
    house.office.ticks.tick()
    assert house.letters.sent


def test_a_unique_answer_stays_claimed_under_its_new_name(make_house: MakeHouse) -> None:
    house = make_house()
    publish(house, bundle())
    house.office.places.switch(COUNTY, SERVICE, "required", "张敏", "2026-11-23T02:00:00.000Z")
    told = service(house)
    place = house.office.places.get(PLACE)
    given = {**answers(0), "id_number": "149999195803151017"}
    filing = Filing(fresh_number(), SERVICE, place, told.form, told.workflow, given)
    case = house.office.cases.submit(filing, None, house.office.around("zh", place))
    form = json.loads(json.dumps(FORM).replace("id_number", "card_number"))
    mapping = {"forms": {"registration": {"fields": {"id_number": "card_number"}}}}
    after = publish(house, bundle(form, mapping=mapping))
    assert convert(house).moved == 1
    [claim] = everything(house, "U#")
    assert claim["case"] == case.id
    assert "card_number" in claim["pk"]
    data = {**answers(1), "card_number": "149999195803151017"}
    again = replace(filing, id=fresh_number(), form=after.form, workflow=after.workflow, data=data)
    twin = house.office.cases.submit(again, None, house.office.around("zh", place))
    assert twin.item["twin"] == case.id


def test_a_conversion_cut_short_goes_on_where_it_stopped(house: House) -> None:
    cases = [submit(house, n, service(house)) for n in range(6)]
    publish(house, bundle(changed(dict(FORM), [(COMPATIBLE[0], 1)])))
    done: list[int] = []

    def tell(at: int) -> None:
        done.append(at)
        if len(done) == 3:
            raise KeyboardInterrupt

    top = house.office.places.fresh(COUNTY)
    with pytest.raises(KeyboardInterrupt):
        house.office.conversion.convert(top, SERVICE, tell)
    assert convert(house).moved == 3
    assert {house.now(case).v for case in cases} == {2}


def draft(house: House, n: int, told: Plugin) -> Draft:
    form = told.form.hash
    given = {name: each for name, each in answers(n).items() if n % 5 or name != "since"}
    return house.office.drafts.save(Draft(fresh_number(), SERVICE, PLACE, COUNTY, form, 1, given))


@pytest.fixture(scope="module")
def crowd(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Return a county with 700 open cases and 300 drafts of one form."""
    house = open_house(built, tmp_path_factory.mktemp("crowd") / "house")
    publish(house, bundle())
    house.office.places.switch(COUNTY, SERVICE, "required", "张敏", "2026-11-23T02:00:00.000Z")
    told = service(house)
    for n in range(700):
        submit(house, n, told)
    house.drafts = [draft(house, n, told) for n in range(300)]  # type: ignore[attr-defined]
    yield house
    house.close()


@given(made=edits(COMPATIBLE))
@settings(
    max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_over_a_thousand_cases_and_drafts_no_answer_changes_its_meaning_unsaid(
    crowd: House, made: Any
) -> None:
    first = service(crowd)
    before = {
        case.id: reading(crowd, crowd.office.cases.form(case), case.answers)
        for case in cases_of(crowd)
    }
    assert len(before) == 700
    form = changed(copy.deepcopy(dict(first.form.data)), made)
    after = publish(crowd, bundle(form))
    for case in cases_of(crowd):  # pinned: every word as it was
        assert reading(crowd, crowd.office.cases.form(case), case.answers) == before[case.id]
    assert convert(crowd).stayed == ()
    for case in cases_of(crowd):
        held = crowd.office.cases.form(case)
        assert held.hash == after.form.hash
        _same_or_said(crowd, first.form, held, before[case.id], case.answers)
    around = crowd.office.around("zh", crowd.office.places.get(PLACE))
    for each in crowd.drafts:  # type: ignore[attr-defined]
        there = crowd.office.drafts.get(each.id)
        assert there is not None
        typed = crowd.office.offers.definitions.form(there.form)
        carried = carry(typed, after.form, there.answers or {}, around)
        assert {*carried.answers, *(left.name for left in carried.left)} == set(there.answers or {})
        was = reading(crowd, typed, there.answers or {})
        _same_or_said(crowd, typed, after.form, was, carried.answers)


def _same_or_said(
    house: House, was: Form, now: Form, before: dict[str, tuple[str, str]], given: Any
) -> None:
    """Hold every answer to its meaning, or to a difference that was said of its field."""
    told = {each.field for each in form_differences(was.data, now.data)}
    after = reading(house, now, given)
    assert set(after) == set(before)
    assert [name for name in before if before[name] != after[name] and name not in told] == []
