"""Workflows that an officer begins, that are about another case, and moves that are one tap."""

from datetime import UTC, date, datetime

import pytest

from forms.calendar import national_calendar
from forms.loading import load_form
from forms.problems import DefinitionError
from forms.source import read_yaml
from forms.surroundings import Surroundings
from workflows.case import Actor, Refused
from workflows.definition import Workflow
from workflows.engine import begin, move_by_system
from workflows.loading import load_workflow

FORM = """
id: asking
title: 请人
pages:
  - fields:
      - {name: who, type: lookup, label: 谁, choices_from: people.all}
      - {name: word, type: text, label: 话}
      - {name: day, type: date, label: 哪天}
"""
WORKFLOW = """
id: flow
form: asking
about: who
states:
  draft: {kind: draft}
  asked: {kind: open, expires: 'day - 1d', overdue: {after: 0d, move: lapse}}
  done: {kind: final}
transitions:
  submit: {from: draft, to: asked, by: officer}
  yes: {from: asked, to: done, by: applicant, undo: true}
  no: {from: asked, to: done, by: applicant, undo: true, require: [comment]}
  lapse: {from: asked, to: done, by: system}
"""
OFFICER, PUBLIC = Actor(frozenset({"officer"})), Actor(frozenset({"applicant"}), is_self=True)
NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
ANSWERS = {"word": "请", "day": "2026-12-04"}


def around() -> Surroundings:
    return Surroundings(date(2026, 11, 23), national_calendar())


def read(text: str = WORKFLOW) -> Workflow:
    form = load_form(read_yaml(FORM, "asking.yaml"))
    return load_workflow(read_yaml(text, "flow.yaml"), {"asking": form}, (), ("officer",))


def flaws(old: str, new: str) -> str:
    with pytest.raises(DefinitionError) as refused:
        read(WORKFLOW.replace(old, new))
    return str(refused.value)


def test_it_says_who_begins_and_what_it_is_about() -> None:
    workflow = read()
    assert (workflow.about, workflow.starters) == ("who", ("officer",))


@pytest.mark.parametrize("actor", [PUBLIC, Actor(frozenset({"other"}))])
def test_only_that_role_begins_a_case(actor: Actor) -> None:
    assert begin(read(), ANSWERS, NOW, around(), OFFICER).case.state == "asked"
    with pytest.raises(Refused):
        begin(read(), ANSWERS, NOW, around(), actor)


def test_nobody_begins_one_about_themselves() -> None:
    own = Actor(OFFICER.roles | {"applicant"}, is_self=True)
    with pytest.raises(Refused):
        begin(read(), ANSWERS, NOW, around(), own)


def test_the_clock_begins_nothing() -> None:
    assert "by a person" in flaws("by: officer", "by: system")


def test_about_is_a_lookup_of_the_form() -> None:
    assert "did you mean who?" in flaws("about: who", "about: wo")
    assert "no lookup" in flaws("about: who", "about: word")


def test_an_open_state_may_end_before_a_day_of_the_answers() -> None:
    begun = begin(read(), ANSWERS, NOW, around(), OFFICER)
    assert begun.case.due is not None
    assert begun.case.due.isoformat() == "2026-12-03T15:59:59+00:00"


def test_one_tap_is_what_asks_for_nothing_and_can_be_taken_back() -> None:
    taps = {each.name for each in read().transitions if each.is_one_tap}
    assert taps == {"yes"}


def test_the_system_makes_only_its_own_moves() -> None:
    case = begin(read(), ANSWERS, NOW, around(), OFFICER).case
    assert move_by_system(read(), case, "yes", NOW, around()) is None
    moved = move_by_system(read(), case, "lapse", NOW, around())
    assert moved is not None
    assert moved.case.state == "done"
    assert move_by_system(read(), moved.case, "lapse", NOW, around()) is None
