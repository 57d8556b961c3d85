"""What must hold for a move is said with its figures; who is told depends on where it leads."""

from typing import Any

import pytest

from forms.problems import DefinitionError
from tests.workflows.conftest import read_workflow
from tests.workflows.sample import ANSWERS, WORKFLOW
from tests.workflows.test_engine import BOSS, GOOD, NOW, Around, wish
from workflows.case import Moved, Refused
from workflows.definition import Notify, Workflow
from workflows.engine import begin, move

CHECKS = """    checks:
      - {expr: 'people <= 30', message: '共 {people} 人，最多 30 人', level: explain, basis: a/1}
      - {expr: 'step.fine', message: 没有勾选可以}
"""
REFUSE = "  refuse:\n    from: upstairs\n"


GUARD = """    guard: 'step.fine'
    message: 没有勾选可以
    basis: changzhi-2021/三(四)2
"""


def checked(checks: str = CHECKS) -> Workflow:
    return read_workflow(WORKFLOW.replace(GUARD, checks))


def approved(around: Around, **given: Any) -> Any:
    flow = checked()
    case = begin(flow, ANSWERS, NOW, around()).case
    return move(flow, case, wish("approve", **given), around())


def test_a_check_says_the_figures_and_everything_else_that_fails(around: Around) -> None:
    with pytest.raises(Refused) as refused:
        approved(around, step={**GOOD, "fine": False})
    assert [(each.message, each.level, each.basis) for each in refused.value.problems] == [
        ("共 40 人，最多 30 人", "explain", "a/1"),
        ("没有勾选可以", "block", None),
    ]


def test_what_only_needs_explaining_goes_with_a_comment_and_what_blocks_does_not(
    around: Around,
) -> None:
    with pytest.raises(Refused, match="最多 30 人"):
        approved(around, step=GOOD)
    with pytest.raises(Refused, match="最多 30 人"):
        approved(around, step=GOOD, comment="  ")
    assert approved(around, step=GOOD, comment="分两批").case.state == "valid"
    with pytest.raises(Refused, match="没有勾选可以"):
        approved(around, step={**GOOD, "fine": False}, comment="分两批")


def test_a_check_names_only_what_there_is(around: Around) -> None:  # noqa: ARG001
    with pytest.raises(DefinitionError, match="there is no field “peple” to be named"):
        checked(CHECKS.replace("{people}", "{peple}"))


def told(people: int, around: Around) -> tuple[Notify, ...]:
    """Return who is told of a refusal that leads here or there by the number of people."""
    into = (
        "    notify:\n"
        "      - {to: applicant, template: ok, into: done}\n"
        "      - {to: applicant, template: back, into: refused}\n"
        "      - {to: officer, template: late}\n"
    )
    flow = read_workflow(WORKFLOW.replace(REFUSE, REFUSE + into))
    case = begin(flow, {**ANSWERS, "people": people}, NOW, around()).case
    moved: Moved | Any = move(flow, case, wish("hurry"), around())
    moved = move(flow, moved.case, wish("refuse", BOSS, comment="不行"), around())
    return tuple(each for each in moved.effects if isinstance(each, Notify))


@pytest.mark.parametrize(("people", "template"), [(60, "ok"), (160, "back")])
def test_a_message_goes_only_where_the_move_leads_to_its_state(
    around: Around, people: int, template: str
) -> None:
    assert [each.template for each in told(people, around)] == [template, "late"]
    strange = WORKFLOW.replace(
        REFUSE, REFUSE + "    notify: {to: boss, template: ok, into: dune}\n"
    )
    with pytest.raises(DefinitionError, match="dune"):
        read_workflow(strange)
