"""A move that several people must make."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.problems import DefinitionError
from tests.workflows.sample import ANSWERS, WORKFLOW, read_workflow
from tests.workflows.test_properties import AROUND
from workflows.case import Actor, Case, Move, Moved, Refused, Voted
from workflows.engine import begin, move, withdraw_vote
from workflows.trial import try_workflow

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
TWO = WORKFLOW.replace("form: decision\n", "form: decision\n    quorum: 2\n")
GOOD = {"fine": True, "checked_on": "2026-11-20"}


def vote(who: str, case: Case, *, quorum: int = 2, **step: Any) -> Moved | Voted:
    workflow = read_workflow(TWO.replace("quorum: 2", f"quorum: {quorum}"))
    actor = Actor(frozenset({"officer"}), people=frozenset(who.split("+")))
    return move(workflow, case, Move("approve", actor, case.since, GOOD | step), AROUND)


def waiting() -> Case:
    return begin(read_workflow(TWO), dict(ANSWERS), NOW, AROUND).case


def test_the_case_stays_until_as_many_different_people_have_agreed() -> None:
    first = vote("mei", waiting())
    assert isinstance(first, Voted)
    assert (first.case.state, first.case.entry, first.case.steps) == ("waiting", 1, {})
    second = vote("lan", first.case, checked_on="2026-11-21")
    assert isinstance(second, Moved)
    assert (second.case.state, second.case.votes) == ("valid", {})
    assert second.case.steps["checked_on"] == "2026-11-21"


@pytest.mark.parametrize(
    ("first", "second"), [("mei", "mei"), ("lan+mei", "mei"), ("mei", "lan+mei")]
)
def test_one_person_counts_once_also_through_a_deputy(first: str, second: str) -> None:
    case = vote(first, waiting()).case
    with pytest.raises(Refused) as refused:
        vote(second, case)
    assert refused.value.problems[0].code == "voted"


def test_a_vote_is_held_to_the_guard_like_any_move() -> None:
    with pytest.raises(Refused):
        vote("mei", waiting(), fine=False)


def test_another_move_out_of_the_state_clears_the_votes() -> None:
    case = vote("mei", waiting()).case
    actor = Actor(frozenset({"officer"}), people=frozenset({"lan"}))
    wish = Move("return", actor, case.since, comment="请补")
    assert move(read_workflow(TWO), case, wish, AROUND).case.votes == {}


def test_a_vote_is_taken_back_by_who_gave_it() -> None:
    case = vote("mei", waiting()).case
    others = Actor(frozenset({"officer"}), people=frozenset({"lan"}))
    with pytest.raises(Refused):
        withdraw_vote(case, "approve", others, AROUND)
    mine = replace(others, people=frozenset({"mei"}))
    assert withdraw_vote(case, "approve", mine, AROUND).votes == {}
    assert isinstance(vote("mei", withdraw_vote(case, "approve", mine, AROUND)), Voted)


@given(st.lists(st.sampled_from("abcdef"), max_size=30), st.integers(2, 6))
def test_a_quorum_is_met_exactly_when_so_many_different_people_have_voted(
    order: list[str], quorum: int
) -> None:
    case, seen = waiting(), set[str]()
    for who in order:
        if who in seen:
            with pytest.raises(Refused):
                vote(who, case, quorum=quorum)
            continue
        seen.add(who)
        outcome = vote(who, case, quorum=quorum)
        assert isinstance(outcome, Moved) is (len(seen) == quorum)
        if isinstance(outcome, Moved):
            return
        case = outcome.case


@pytest.mark.parametrize(
    ("by", "said"),
    [
        ("applicant", "the applicant is one"),
        ("system", "the clock is none"),
        ("[officer, applicant]", "one"),
    ],
)
def test_a_quorum_that_nobody_can_meet_is_refused_at_load(by: str, said: str) -> None:
    text = WORKFLOW.replace("by: officer, guard: 'people >= 50'", f"by: {by}, quorum: 3")
    with pytest.raises(DefinitionError) as refused:
        read_workflow(text)
    [flaw] = refused.value.flaws
    assert said in flaw.message
    assert "hurry" in flaw.message


@pytest.mark.parametrize("quorum", ["0", "21", "two", "true"])
def test_a_quorum_is_a_number_of_people(quorum: str) -> None:
    with pytest.raises(DefinitionError):
        read_workflow(TWO.replace("quorum: 2", f"quorum: {quorum}"))


def test_a_trial_tells_people_apart_and_counts_the_votes() -> None:
    approve = {"move": "approve", "by": "officer", "step": GOOD}
    events = [{"submit": dict(ANSWERS)}, {**approve, "who": "mei"}, {**approve, "who": "mei"}]
    told = try_workflow(read_workflow(TWO), events, AROUND)
    assert (told["states"], told["votes"]) == (["waiting"], {"approve": 1})
    assert [each["event"] for each in told["refused"]] == [2]
    events += [{"unvote": "approve", "who": "mei"}]
    assert try_workflow(read_workflow(TWO), events, AROUND)["votes"] == {}
    events += [{**approve, "who": "mei"}, {**approve, "who": "lan"}]
    assert try_workflow(read_workflow(TWO), events, AROUND)["states"] == ["waiting", "valid"]


def test_undo_of_the_file_holds_for_every_move_that_does_not_say_otherwise() -> None:
    text = WORKFLOW.replace("form: request\n", "form: request\nundo: true\n").replace(
        "hurry: {from: waiting", "hurry: {undo: false, from: waiting"
    )
    undo = {each.name: each.undo for each in read_workflow(text).transitions}
    assert undo.pop("hurry") is False
    assert set(undo.values()) == {True}
    assert {each.undo for each in read_workflow().transitions} == {False}
