"""Moving a case."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from forms.problems import Problem
from forms.surroundings import Surroundings
from tests.workflows.sample import ANSWERS
from workflows.case import Actor, Assignment, Case, Move, Moved, Refused
from workflows.definition import Do, Notify, Workflow
from workflows.engine import allowed, begin, move

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
OFFICER = Actor(frozenset({"officer"}))
BOSS = Actor(frozenset({"boss"}))
CITIZEN = Actor(frozenset({"applicant"}), is_self=True)
GOOD = {"fine": True, "checked_on": "2026-11-20"}

Around = Callable[..., Surroundings]


@pytest.fixture
def submitted(workflow: Workflow, around: Around) -> Moved:
    return begin(workflow, ANSWERS, NOW, around())


def refusal(workflow: Workflow, case: Case, wish: Move, around: Surroundings) -> Problem:
    with pytest.raises(Refused) as caught:
        move(workflow, case, wish, around)
    assert caught.value.problems
    return caught.value.problems[0]


def wish(name: str, actor: Actor = OFFICER, **given: Any) -> Move:
    return Move(name, actor, NOW, **given)


def test_a_submission_lands_on_the_desk_that_the_answer_names(submitted: Moved) -> None:
    assert submitted.case.state == "waiting"
    assert submitted.case.entry == 1
    assert submitted.assign == Assignment("officer", ("place", "liuting"))
    assert not submitted.release


def test_without_the_answer_it_lands_where_it_was_filed(workflow: Workflow, around: Around) -> None:
    moved = begin(workflow, {"title": "参观"}, NOW, around())
    assert moved.assign == Assignment("officer", ("kind", "place"))


def test_a_step_is_kept_and_its_effects_follow(
    workflow: Workflow, submitted: Moved, around: Around
) -> None:
    moved = move(workflow, submitted.case, wish("approve", step=GOOD), around())
    assert moved.case.state == "valid"
    assert moved.case.entry == 2
    assert moved.case.steps == GOOD
    assert moved.effects == (Notify("applicant", "ok"), Do("certify"))
    assert moved.assign is None


def test_the_latest_step_with_a_field_wins(workflow: Workflow, around: Around) -> None:
    case = Case("waiting", 3, NOW, ANSWERS, {"checked_on": "2025-01-01", "other": 1})
    moved = move(workflow, case, wish("approve", step=GOOD), around())
    assert moved.case.steps == {**GOOD, "other": 1}


def test_a_false_guard_refuses_in_the_words_of_the_file(
    workflow: Workflow, submitted: Moved, around: Around
) -> None:
    problem = refusal(workflow, submitted.case, wish("approve", step={"fine": False}), around())
    assert problem.message == "没有勾选可以"
    assert problem.basis == "changzhi-2021/三(四)2"


def test_a_required_comment_of_spaces_is_no_comment(
    workflow: Workflow, submitted: Moved, around: Around
) -> None:
    problem = refusal(workflow, submitted.case, wish("return", comment=" \n"), around())
    assert (problem.code, problem.field) == ("comment_required", "comment")


def test_marks_must_be_fields_of_the_form(
    workflow: Workflow, submitted: Moved, around: Around
) -> None:
    bad = wish("return", comment="请改", marks=("people", "pepole"))
    assert refusal(workflow, submitted.case, bad, around()).code == "unknown_mark"
    good = wish("return", comment="请改", marks=("people",))
    assert move(workflow, submitted.case, good, around()).case.state == "returned"


def test_answers_that_no_step_asks_for_are_refused(
    workflow: Workflow, submitted: Moved, around: Around
) -> None:
    strange = wish("approve", step={**GOOD, "state": "done"})
    assert refusal(workflow, submitted.case, strange, around()).code == "unknown_step"


def test_a_move_from_elsewhere_names_the_state_to_an_officer_and_the_words_to_a_citizen(
    workflow: Workflow, submitted: Moved, around: Around
) -> None:
    officers = refusal(workflow, submitted.case, wish("refuse", BOSS, comment="否"), around())
    assert officers.code == "wrong_state"
    assert "待审" in officers.message
    citizens = refusal(workflow, submitted.case, wish("submit", CITIZEN), around())
    assert "学校审核中" in citizens.message


def test_who_lacks_the_role_may_not(workflow: Workflow, submitted: Moved, around: Around) -> None:
    for actor in (CITIZEN, Actor(frozenset()), Actor(frozenset({"system"}))):
        problem = refusal(workflow, submitted.case, wish("approve", actor, step=GOOD), around())
        assert problem.code == "not_allowed"


def test_nobody_decides_on_their_own_case(
    workflow: Workflow, submitted: Moved, around: Around
) -> None:
    both = Actor(frozenset({"officer", "applicant"}), is_self=True)
    problem = refusal(workflow, submitted.case, wish("approve", both, step=GOOD), around())
    assert problem.code == "own_case"
    assert [each.name for each in allowed(workflow, submitted.case, both, around())] == ["withdraw"]


def test_a_guard_on_answers_hides_a_move_and_one_on_the_coming_step_does_not(
    workflow: Workflow, submitted: Moved, around: Around
) -> None:
    names = [each.name for each in allowed(workflow, submitted.case, OFFICER, around())]
    assert names == ["return", "approve"]
    many = replace(submitted.case, answers={**ANSWERS, "people": 50})
    names = [each.name for each in allowed(workflow, many, OFFICER, around())]
    assert names == ["return", "approve", "hurry"]


@pytest.mark.parametrize(("people", "state"), [(101, "refused"), (100, "done"), (None, "done")])
def test_the_first_target_whose_condition_holds_is_taken(
    workflow: Workflow, around: Around, people: int | None, state: str
) -> None:
    case = Case("upstairs", 2, NOW, {**ANSWERS, "people": people})
    moved = move(workflow, case, wish("refuse", BOSS, comment="否"), around())
    assert (moved.case.state, moved.release) == (state, True)


def test_a_returned_case_is_submitted_again_with_the_new_answers(
    workflow: Workflow, around: Around
) -> None:
    case = Case("returned", 2, NOW, {**ANSWERS, "hosting": "songlan"})
    moved = move(workflow, case, wish("submit", CITIZEN), around())
    assert moved.assign == Assignment("officer", ("place", "songlan"))


def test_what_has_no_expiry_date_cannot_stand(
    workflow: Workflow, submitted: Moved, around: Around
) -> None:
    undated = wish("approve", step={"fine": True})
    assert refusal(workflow, submitted.case, undated, around()).code == "no_expiry"


def test_an_unknown_move_is_refused_in_words(
    workflow: Workflow, submitted: Moved, around: Around
) -> None:
    problem = refusal(workflow, submitted.case, wish("{explode}"), around())
    assert problem.code == "unknown_move"
    assert "{explode}" in problem.message


def test_refusals_are_there_in_english(
    workflow: Workflow, submitted: Moved, around: Around
) -> None:
    english = replace(around(), language="en")
    problem = refusal(workflow, submitted.case, wish("return"), english)
    assert problem.message == "Please give the reason; the other side will read it."
