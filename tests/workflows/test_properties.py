"""What holds for every workflow and every story."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from forms.calendar import national_calendar
from forms.problems import DefinitionError, Flaw, Problem
from forms.source import Source
from forms.surroundings import Surroundings
from tests.workflows.sample import FORMS, read_workflow
from tests.workflows.wild import DEFINITIONS, JSON, sound_definitions
from workflows.case import Actor, Case, Move, Moved, Notices, Refused
from workflows.definition import Workflow
from workflows.engine import allowed, begin, fire, may, move
from workflows.loading import load_workflow
from workflows.schedule import timers_of
from workflows.spans import Span, local_day
from workflows.trial import try_workflow

CN = national_calendar()
AROUND = Surroundings(date(2026, 11, 23), CN)
SAMPLE = read_workflow()

STEP = st.fixed_dictionaries(
    {},
    optional={
        "fine": st.none() | st.booleans() | st.text(max_size=3),
        "checked_on": st.none() | st.dates().map(date.isoformat) | st.text(max_size=12),
        "other": st.integers(),
    },
)
ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "people": st.none() | st.integers() | st.text(max_size=3),
        "day": st.dates().map(date.isoformat) | st.booleans(),
        "hosting": st.none() | st.text(max_size=5) | st.integers(),
    },
)
INSTANTS = st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
ROLES = st.frozensets(st.sampled_from(["officer", "boss", "applicant", "system"]))
MOVES = st.builds(
    Move,
    transition=st.sampled_from([*sorted({each.name for each in SAMPLE.transitions}), "none"]),
    actor=st.builds(Actor, roles=ROLES, is_self=st.booleans()),
    at=INSTANTS,
    step=STEP,
    comment=st.sampled_from(["", " ", "因为"]),
    marks=st.sampled_from([(), ("people",), ("nobody",)]),
)


def step_on(workflow: Workflow, case: Case, event: Move | str, around: Surroundings) -> Case:
    """Make one move or run one timer; check what must hold between before and after."""
    if isinstance(event, str):
        outcome = fire(workflow, case, event, case.since + timedelta(days=999), around)
    else:
        hidden = event.transition not in {
            each.name for each in workflow.leaving(case.state) if may(each, event.actor)
        }
        outcome = moved_or_refused(workflow, case, event, around)
        assert not (hidden and outcome)
    if outcome is None or isinstance(outcome, Notices):
        return case
    check_moved(workflow, case, outcome)
    return outcome.case


def moved_or_refused(
    workflow: Workflow, case: Case, wish: Move, around: Surroundings
) -> Moved | None:
    """Return None for a refusal, which must say why."""
    problems: tuple[Problem, ...] = ()
    try:
        return move(workflow, case, wish, around)
    except Refused as refused:
        problems = refused.problems
    assert problems
    assert all(each.message for each in problems)
    return None


def check_moved(workflow: Workflow, before: Case, moved: Moved) -> None:
    after = moved.case
    assert not workflow.states[before.state].is_final
    assert before.state in moved.transition.sources
    assert after.state in {branch.to for branch in moved.transition.to}
    assert after.entry == before.entry + 1
    assert moved.release == workflow.states[after.state].is_final
    assert before.steps.keys() <= after.steps.keys()
    assert [timer.at for timer in moved.timers] == sorted(timer.at for timer in moved.timers)
    if moved.release:
        assert (after.due, moved.timers, moved.assign) == (None, (), None)


@given(ANSWERS, st.lists(MOVES | st.sampled_from(["waiting.overdue.1", "valid.overdue.0", "x"])))
@settings(max_examples=300)
def test_no_story_breaks_the_engine_and_a_final_state_is_never_left(
    answers: Mapping[str, Any], events: list[Move | str]
) -> None:
    case = begin(SAMPLE, answers, datetime(2024, 1, 1, tzinfo=UTC), AROUND).case
    for event in events:
        case = step_on(SAMPLE, case, event, AROUND)
        if SAMPLE.states[case.state].is_final:
            everybody = Actor(frozenset({"officer", "boss", "applicant", "system"}))
            assert allowed(SAMPLE, case, everybody, AROUND) == ()


@given(ANSWERS, st.lists(MOVES, max_size=8), INSTANTS)
def test_the_same_story_told_twice_is_the_same(
    answers: Mapping[str, Any], events: list[Move], at: datetime
) -> None:
    def told() -> Case:
        case = begin(SAMPLE, answers, at, AROUND).case
        for event in events:
            case = step_on(SAMPLE, case, event, AROUND)
        return case

    assert told() == told()


@given(INSTANTS, st.integers(0, 40))
def test_a_due_date_in_working_days_is_a_working_day_that_many_on_or_open(
    at: datetime, days: int
) -> None:
    waiting = replace(SAMPLE.states["waiting"], due=Span(days, working=True))
    workflow = replace(SAMPLE, states={**SAMPLE.states, "waiting": waiting})
    due = begin(workflow, {}, at, AROUND).case.due
    if due is None:
        assert CN.add_working_days(local_day(at), days) is None
    else:
        assert CN.working_days_between(local_day(at), local_day(due)) == days


@given(INSTANTS)
def test_a_case_that_nobody_touches_comes_to_an_end_by_the_clock(at: datetime) -> None:
    case = begin(SAMPLE, {}, at, AROUND).case
    for _ in range(10):
        state = SAMPLE.states[case.state]
        for name in timers_of(state):
            case = step_on(SAMPLE, case, name, AROUND)
    undecided = CN.add_working_days(local_day(at), 5) is None
    assert undecided or SAMPLE.states[case.state].is_final


@given(DEFINITIONS | JSON)
@settings(max_examples=500)
def test_any_data_is_a_workflow_or_refused_as_a_definition(data: Any) -> None:
    flaws: tuple[Flaw, ...] = ()
    try:
        workflow = load_workflow(Source("wild.yaml", data), FORMS)
    except DefinitionError as error:
        flaws = error.flaws
    else:
        assert set(try_workflow(workflow, [{"submit": {}}], AROUND)) >= {"states", "refused"}
        return
    assert flaws
    assert all(flaw.message for flaw in flaws)


@given(sound_definitions(), st.data())
@settings(max_examples=150)
def test_no_story_breaks_any_sound_workflow(
    definition: dict[str, Any], data: st.DataObject
) -> None:
    workflow = load_workflow(Source("made.yaml", definition), FORMS)
    answers = {"day": "2026-11-23"}
    case = begin(workflow, answers, datetime(2026, 9, 1, tzinfo=UTC), AROUND).case
    names = st.sampled_from([each.name for each in workflow.transitions])
    everybody = Actor(frozenset({"boss", "applicant"}))
    for _ in range(data.draw(st.integers(0, 12))):
        timers = [*timers_of(workflow.states[case.state]), "gone.overdue.0"]
        wish = st.builds(Move, names, st.just(everybody), INSTANTS, STEP)
        case = step_on(workflow, case, data.draw(wish | st.sampled_from(timers)), AROUND)


EVENTS = st.dictionaries(st.sampled_from(["submit", "move", "by", "at", "tick", "step"]), JSON)


@given(st.lists(JSON | EVENTS))
def test_no_list_of_events_breaks_a_trial(events: list[Any]) -> None:
    told = try_workflow(SAMPLE, events, AROUND)
    assert set(told) == {"states", "effects", "refused", "due", "votes"}
