"""Guards that ask of every row of a group: in the form, and in what an officer fills in."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from forms.problems import DefinitionError
from forms.source import read_yaml
from forms.surroundings import Surroundings
from tests.workflows.sample import read_form
from workflows.case import Actor, Move, Refused
from workflows.definition import Workflow
from workflows.engine import begin, move
from workflows.loading import load_workflow

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
OFFICER = Actor(frozenset({"officer"}))
PUPILS = {"members": [{"name": "查青岚", "age": 9}, {"name": "韩䶮", "age": 12}]}
GROUP = """
      - name: {name}
        type: group
        label: 人员
        fields:
          - {{name: name, type: text, label: 姓名}}
          - {{name: age, type: {kind}, label: 年龄}}
"""
FLOW = """
id: flow
form: outing
states:
  draft: {{kind: draft}}
  waiting: {{kind: open, assign: {{role: officer, at: place}}}}
  small: {{kind: final}}
  large: {{kind: final}}
transitions:
  submit: {{from: draft, to: waiting, by: applicant}}
  approve:
    from: waiting
    to: [{{when: 'count(members) > 1', to: large}}, {{to: small}}]
    by: officer
    form: escort
    guard: '{guard}'
"""
TOGETHER = "all(members, row.age < 14) and sum(step.adults, row.age) >= 40"

Around = Callable[..., Surroundings]


def group(form: str, name: str, kind: str = "integer") -> Any:
    fields = GROUP.format(name=name, kind=kind)
    return read_form(f"id: {form}\ntitle: 表\npages:\n  - fields:{fields}")


def flow(guard: str = TOGETHER, more: str = "", **forms: Any) -> Workflow:
    known = {"outing": group("outing", "members"), "escort": group("escort", "adults"), **forms}
    source = read_yaml(FLOW.format(guard=guard) + more, "flow.yaml")
    return load_workflow(source, known, None, None)


def approved(workflow: Workflow, around: Surroundings, ages: list[int]) -> str:
    case = begin(workflow, PUPILS, NOW, around).case
    step = {"adults": [{"name": "梁韵声", "age": age} for age in ages]}
    moved = move(workflow, case, Move("approve", OFFICER, NOW, step), around)
    return str(moved.case.state)


def test_a_guard_asks_of_the_rows_of_the_form_and_of_the_step(around: Around) -> None:
    workflow = flow()
    assert approved(workflow, around(), [30, 35]) == "large"
    with pytest.raises(Refused):
        approved(workflow, around(), [30])


def test_a_guard_on_the_rows_of_the_form_alone_hides_the_move(around: Around) -> None:
    workflow = flow("any(members, row.age > 60)")
    with pytest.raises(Refused):
        approved(workflow, around(), [30, 35])


@pytest.mark.parametrize(
    ("guard", "says"),
    [
        ("any(members, row.agee > 3)", "row.age"),
        ("any(step.adults, row.agee > 3)", "row.age"),
        ("any(step.adult, row.age > 3)", "step.adults"),
        ('any(members, row.age == "a")', "number"),
    ],
)
def test_a_name_that_the_rows_do_not_have_is_refused_with_what_was_meant(
    guard: str, says: str
) -> None:
    with pytest.raises(DefinitionError, match=says):
        flow(guard)


def test_two_steps_that_ask_otherwise_in_rows_of_one_name_are_refused() -> None:
    more = "  refuse: {from: waiting, to: small, by: officer, form: second}\n"
    second = group("second", "adults", "text")
    with pytest.raises(DefinitionError, match="the rows of “adults” ask otherwise"):
        flow(more=more, second=second)
