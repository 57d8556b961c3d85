"""The definitions of the volunteers' service, and the ten of the sample county."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

import plugins
from forms.calendar import national_calendar
from forms.definition import Form
from forms.evaluation import evaluate
from forms.loading import load_form
from forms.problems import Problem
from forms.source import Source, read_yaml
from forms.surroundings import Choice, Surroundings
from forms.text import Text
from forms.trial import run_tests
from workflows.case import Actor, Case, Move, Moved, Notices, Refused
from workflows.definition import Notify, Workflow
from workflows.engine import allowed, begin, fire, move
from workflows.loading import load_workflow
from workflows.spans import CHINA

FOLDER = Path(plugins.__file__).parent / "volunteers"
SCHOOLS = ("hexi-1", "liuting", "xingtai", "songlan", "yunting", "no2")
ROLES = ("school_officer", "county_officer")
TODAY = date(2026, 11, 23)


def source(name: str) -> Source:
    return read_yaml((FOLDER / name).read_bytes(), name)


def form_files() -> list[str]:
    return [f"forms/{path.name}" for path in sorted(FOLDER.glob("forms/*.yaml"))]


FORMS: Mapping[str, Form] = {
    form.id: form for form in (load_form(source(name)) for name in form_files())
}
VETTING: Workflow = load_workflow(source("workflows/vetting.yaml"), FORMS, (), ROLES)
DEMO: list[dict[str, Any]] = [
    each for each in source("demo.yaml").data["cases"] if each["workflow"] == "vetting"
]


def around(day: date = TODAY) -> Surroundings:
    schools = [Choice(slug, Text(slug)) for slug in SCHOOLS]
    return Surroundings(day, national_calendar(), choices={"places.schools": schools}, demo=True)


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), CHINA).astimezone(UTC)


def dated(value: Any, today: date) -> Any:
    """Fill in the days counted back from today, and a stored file for each picture."""
    if isinstance(value, list):
        return [dated(each, today) for each in value]
    if not isinstance(value, dict):
        return value
    if "days_ago" in value:
        return (today - timedelta(days=value["days_ago"])).isoformat()
    if "file" in value:
        return {"ref": "f1", "name": value["file"], "size": 1000, "type": "image/png"}
    return {key: dated(each, today) for key, each in value.items()}


def clean(form: str, answers: Mapping[str, Any], surroundings: Surroundings) -> Mapping[str, Any]:
    outcome = evaluate(FORMS[form], answers, surroundings)
    assert outcome.problems == ()
    return outcome.data


def filed(demo: Mapping[str, Any], today: date) -> Moved:
    data = dated(demo, today)
    day = date.fromisoformat(data["at"])
    answers = clean("registration", data["answers"], around(day))
    return begin(VETTING, answers, noon(day), around(day))


def moved(case: Case, step: Mapping[str, Any]) -> Moved:
    day = date.fromisoformat(step["at"])
    transition = VETTING.find(step["move"], case.state)
    assert transition is not None
    form, answers = transition.form, step.get("step", {})
    wish = Move(
        step["move"],
        Actor(frozenset({step["by"]})),
        noon(day),
        clean(form, answers, around(day)) if form else answers,
        step.get("comment", ""),
        tuple(step.get("marks", ())),
    )
    return move(VETTING, case, wish, around(day))


def replayed(demo: Mapping[str, Any], today: date = TODAY) -> Moved:
    reached = filed(demo, today)
    for step in dated(demo["moves"], today):
        reached = moved(reached.case, step)
    for timer in reached.timers:
        outcome = fire(VETTING, reached.case, timer.name, min(timer.at, noon(today)), around(today))
        reached = outcome if isinstance(outcome, Moved) else reached
    return reached


def named(name: str) -> Mapping[str, Any]:
    return next(each for each in DEMO if each["name"] == name)


@pytest.mark.parametrize("name", form_files())
def test_the_tests_that_a_form_carries_hold(name: str) -> None:
    text = source(name)
    assert run_tests(load_form(text), text) == []


@pytest.mark.parametrize("today", [TODAY, date(2026, 12, 31), date(2027, 3, 1)])
@pytest.mark.parametrize("demo", DEMO, ids=[each["name"] for each in DEMO])
def test_each_of_the_ten_ends_in_the_state_listed(demo: Mapping[str, Any], today: date) -> None:
    assert replayed(demo, today).case.state == demo["state"]


def test_the_ten_stand_as_the_sample_county_lists_them() -> None:
    expected = ["cleared", "expired", "cleared", "training", "returned", *["cleared"] * 5]
    assert [each["state"] for each in DEMO] == expected


def test_the_ten_are_ten_different_people() -> None:
    for key in ("id_number", "phone"):
        assert len({each["answers"][key] for each in DEMO}) == 10


def test_the_applicant_reads_exactly_these_words() -> None:
    assert VETTING.states["checking"].words.zh == "县教育局核查中，无需您操作"
    assert VETTING.states["cleared"].words.zh == "审核通过，学校会与您联系"


def test_officers_read_the_labels_of_the_glossary() -> None:
    labels = [
        VETTING.states[name].label.zh
        for name in ("submitted", "checking", "training", "cleared", "expired", "refused")
    ]
    assert labels == ["待核验", "待查询", "待培训", "可排课", "已过期", "不予排课"]


def test_everything_people_read_is_there_in_english() -> None:
    texts = [
        text
        for state in VETTING.states.values()
        if state.kind != "draft"
        for text in (state.label, state.words, state.typical, state.step, state.note)
    ]
    texts += [text for each in VETTING.transitions for text in (each.label, each.done)]
    texts += [*VETTING.messages.values()]
    for form in FORMS.values():
        texts += [form.title, *(page.title for page in form.pages)]
        for field in form.fields.values():
            texts += [field.label, field.hint, field.text, field.placeholder]
            texts += [choice.label for choice in field.choices]
    assert [text.zh for text in texts if text.zh and not text.en] == []


def test_the_preferred_school_checks_and_the_county_queries() -> None:
    start = filed(named("查青岚"), TODAY)
    assert start.assign is not None
    assert (start.assign.role, start.assign.at) == ("school_officer", ("place", "xingtai"))
    checking = moved(start.case, dated(named("查青岚")["moves"][0], TODAY))
    assert checking.assign is not None
    assert (checking.assign.role, checking.assign.at) == ("county_officer", ("kind", "county"))


def checking_case() -> Case:
    demo = named("解陶然")
    return moved(filed(demo, TODAY).case, dated(demo["moves"][0], TODAY)).case


def query(name: str, result: str, comment: str = "") -> Moved:
    step = {"result": result, "query_date": "2026-11-20", "querying_body": "青禾县公安局"}
    officer = Actor(frozenset({"county_officer"}))
    wish = Move(name, officer, noon(TODAY), step, comment)
    return move(VETTING, checking_case(), wish, around())


def test_a_record_that_was_found_never_clears() -> None:
    with pytest.raises(Refused) as refused:
        query("clear_query", "found")
    problem = refused.value.problems[0]
    assert isinstance(problem, Problem)
    assert problem.basis == "changzhi-2021/四(1)"


def test_a_record_that_was_found_refuses_with_a_reason_and_a_fortnight_to_appeal() -> None:
    declined = query("refuse", "found", "查询未通过")
    assert declined.case.state == "declined"
    assert not declined.release
    assert declined.case.due == datetime(2026, 12, 8, 15, 59, 59, tzinfo=UTC)
    with pytest.raises(Refused):
        query("refuse", "found", "")


def test_who_lets_the_time_to_appeal_pass_is_refused_for_good() -> None:
    declined = query("refuse", "found", "查询未通过")
    [timer] = declined.timers
    closed = fire(VETTING, declined.case, timer.name, timer.at, around(date(2026, 12, 8)))
    assert isinstance(closed, Moved)
    assert (closed.case.state, closed.release) == ("refused", True)


@pytest.mark.parametrize(("decision", "state"), [("allow", "checking"), ("uphold", "refused")])
def test_the_county_decides_an_appeal(decision: str, state: str) -> None:
    declined = query("refuse", "found", "查询未通过").case
    applicant = Actor(frozenset({"applicant"}), is_self=True)
    reason = {"appeal_reason": "同名同姓，不是我"}
    appealed = move(VETTING, declined, Move("appeal", applicant, noon(TODAY), reason), around())
    officer = Actor(frozenset({"county_officer"}))
    wish = Move(decision, officer, noon(TODAY), comment="已复核")
    assert move(VETTING, appealed.case, wish, around()).case.state == state


def test_clearance_holds_a_year_from_the_query_and_reminds_thirty_and_seven_days_before() -> None:
    cleared = replayed(named("周喆"))
    assert cleared.case.steps["query_date"] == "2026-09-30"
    assert cleared.case.due == datetime(2027, 9, 30, 15, 59, 59, tzinfo=UTC)
    days = [timer.at.astimezone(CHINA).date() for timer in cleared.timers]
    assert days == [date(2027, 8, 31), date(2027, 9, 23), date(2027, 9, 30)]
    told = fire(VETTING, cleared.case, cleared.timers[0].name, cleared.timers[0].at, around())
    assert isinstance(told, Notices)
    assert Notify("applicant", "expiring") in told.effects


def test_an_expired_volunteer_is_cleared_again_by_a_new_query_without_new_training() -> None:
    expired = replayed(named("段巧云")).case
    step = {"result": "clear", "query_date": "2026-11-23", "querying_body": "青禾县公安局"}
    officer = Actor(frozenset({"county_officer"}))
    again = move(VETTING, expired, Move("requery", officer, noon(TODAY), step), around())
    assert again.case.state == "cleared"
    assert again.case.due == datetime(2027, 11, 23, 15, 59, 59, tzinfo=UTC)


def test_a_query_that_grew_old_during_the_training_does_not_clear() -> None:
    training = replayed(named("解陶然")).case
    late = date(2028, 1, 3)
    officer = Actor(frozenset({"school_officer"}))
    names = [each.name for each in allowed(VETTING, training, officer, around(late))]
    assert "approve" not in names
    county = Actor(frozenset({"county_officer"}))
    assert [each.name for each in allowed(VETTING, training, county, around(late))] == ["requery"]


def test_an_officer_who_volunteers_is_vetted_by_somebody_else() -> None:
    own = Actor(frozenset({"school_officer", "county_officer", "applicant"}), is_self=True)
    for name, state in VETTING.states.items():
        case = replace(checking_case(), state=name)
        moves = allowed(VETTING, case, own, around()) if state.kind != "draft" else ()
        assert {each.name for each in moves} <= {"submit", "appeal", "withdraw"}
