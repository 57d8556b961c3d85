"""Moves that change answers: what may be amended, what the guard reads, what is refused at load."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from forms.problems import DefinitionError
from forms.source import read_yaml
from forms.surroundings import Surroundings
from tests.workflows.sample import read_form
from workflows.case import Actor, Case, Move, Moved, Refused
from workflows.definition import Transition, Workflow
from workflows.differences import fields_rested_on, workflow_differences
from workflows.engine import allowed, move
from workflows.loading import load_workflow
from workflows.trial import try_workflow

Around = Callable[..., Surroundings]
FORM = """
id: visit
title: 参观
pages:
  - fields:
      - {name: intro, type: note, text: 请填}
      - {name: date, type: date, label: 日期, required: true}
      - {name: comment, type: text, label: 说明}
      - name: classes
        type: group
        label: 班级
        fields:
          - {name: heads, type: integer, label: 人数}
      - name: papers
        type: group
        label: 材料
        fields:
          - {name: paper, type: file, label: 材料}
      - {name: heads, type: integer, label: 总人数, compute: 'sum(classes, row.heads)'}
      - {name: plan, type: file, label: 方案}
      - {name: photos, type: files, label: 照片}
      - {name: agreed, type: consent, label: 同意}
      - {name: signed, type: signature, label: 签名}
      - {name: school, type: lookup, label: 学校, choices_from: places.schools}
"""
ASKED = """
id: answer
title: 答复
pages: [{fields: [{name: date, type: date, label: 日期}]}]
"""
WORKFLOW = """
id: visiting
form: visit
about: school
states:
  draft: {kind: draft}
  asked: {kind: open, overdue: {after: 5d, move: lapse}, due: 5d}
  kept: {kind: final}
transitions:
  submit: {from: draft, to: asked, by: applicant}
  change:
    from: asked
    to: [{when: 'heads > 40', to: asked}, {to: kept}]
    by: officer
    undo: true
    amend: [date, classes]
    guard: 'heads <= 60'
  lapse: {from: asked, to: kept, by: system}
"""
FORMS = {form.id: form for form in map(read_form, (FORM, ASKED))}
ANSWERS = {"date": "2026-12-02", "classes": [{"heads": 70}], "heads": 70}
OFFICER = Actor(frozenset({"officer"}))
AT = datetime(2026, 11, 23, 4, tzinfo=UTC)


def read(*changes: str) -> Workflow:
    text = WORKFLOW
    for old, new in zip(changes[::2], changes[1::2], strict=True):
        assert old in text
        text = text.replace(old, new)
    return load_workflow(read_yaml(text, "flow.yaml"), FORMS, (), ["officer"])


def flaws(*changes: str) -> list[tuple[str, str, int]]:
    with pytest.raises(DefinitionError) as refused:
        read(*changes)
    return [(each.message, each.suggestion, each.position.line) for each in refused.value.flaws]


def of(workflow: Workflow) -> Transition:
    found = workflow.find("change", "asked")
    assert found is not None
    return found


def test_a_transition_names_the_fields_that_come_with_it_and_is_never_one_tap() -> None:
    change = of(read())
    assert change.amend == ("date", "classes")
    assert change.asks
    assert not change.is_one_tap
    assert of(read("    amend: [date, classes]\n", "")).is_one_tap


def test_a_guard_over_what_may_change_hides_no_move_and_another_does(around: Around) -> None:
    case = Case("asked", 1, AT, ANSWERS)
    offered = allowed(read(), case, OFFICER, around())
    assert [each.name for each in offered] == ["change"]  # heads follow from classes
    assert allowed(read("[date, classes]", "[date]"), case, OFFICER, around()) == ()
    direct = read("'heads <= 60'", "'count(classes) > 1'")
    assert [each.name for each in allowed(direct, case, OFFICER, around())] == ["change"]


def test_guard_and_target_read_the_answers_as_they_would_be(around: Around) -> None:
    def moved(heads: int, *amended: str) -> str:
        case = Case("asked", 1, AT, {**ANSWERS, "heads": heads})
        outcome = move(read(), case, Move("change", OFFICER, AT, amended=amended), around())
        assert isinstance(outcome, Moved)
        return outcome.case.state

    assert moved(41, "classes") == "asked"
    assert moved(40, "classes") == "kept"
    with pytest.raises(Refused) as refused:
        moved(61, "classes")
    assert [each.code for each in refused.value.problems] == ["guard"]
    with pytest.raises(Refused) as refused:
        moved(41, "school", "date")
    assert [(each.code, each.field) for each in refused.value.problems] == [
        ("unknown_amend", "school")
    ]


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("heads", "“heads” is computed"),
        ("agreed", "“agreed” is a consent"),
        ("signed", "“signed” is a signature"),
        ("plan", "“plan” is a file"),
        ("photos", "“photos” is a files"),
        ("papers", "“papers” asks in its rows for a file"),
        ("intro", "“intro” only shows something"),
        ("school", "“school” says whose case it is"),
        ("comment", "the page of the move asks for another “comment”"),
    ],
)
def test_what_no_move_can_amend_is_refused_where_it_is_named(name: str, says: str) -> None:
    [(message, _, line)] = flaws("[date, classes]", f"[date, {name}]", "'heads <= 60'", "'True'")
    assert says in message
    assert line == WORKFLOW[: WORKFLOW.index("amend:")].count("\n") + 1


def test_a_misspelt_field_is_refused_with_the_one_that_was_meant() -> None:
    [(message, meant, _)] = flaws("[date, classes]", "[dat, classes]")
    assert ("“dat”" in message, meant) == (True, "date")


def test_a_field_that_the_moves_form_asks_as_well_is_refused() -> None:
    [(message, _, _)] = flaws("    undo: true", "    form: answer")
    assert "asks for another “date”" in message


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("to: asked, by: applicant", "to: asked, by: applicant, amend: [date]", "whole form"),
        ("    undo: true", "    quorum: 2", "2 people cannot make one change"),
        ("[date, classes]", "[date, date, classes]", "twice"),
        ("[date, classes]", "[]", ""),
        ("by: system", "by: system, amend: [date]", "the clock cannot fill in"),
    ],
)
def test_what_makes_no_sense_with_it_is_refused(old: str, new: str, says: str) -> None:
    [(message, _, _)] = flaws(old, new)
    assert says in message


def test_a_story_may_amend_what_the_move_allows(around: Around) -> None:
    told = try_workflow(
        read(),
        [
            {"submit": ANSWERS},
            {"move": "change", "by": "officer"},
            {"move": "change", "by": "officer", "amend": {"school": "hexi-1"}},
            {"move": "change", "by": "officer", "amend": ["date"]},
            {"move": "change", "by": "officer", "amend": {"classes": [], "heads": 50}},
            {"move": "change", "by": "officer", "amend": {"date": "2026-12-03"}},
        ],
        around(),
    )
    codes = {each["event"]: [p["code"] for p in each["problems"]] for each in told["refused"]}
    assert codes[1] == ["guard"]
    assert codes[2] == ["unknown_amend"]
    assert codes[3] == ["event"]
    assert told["states"][0] == "asked"


def test_a_copy_may_not_hide_what_is_amended_and_a_change_of_it_is_told() -> None:
    workflow, other = read(), read("[date, classes]", "[date]")
    assert {"date", "classes"} <= fields_rested_on(workflow)
    [difference] = workflow_differences(workflow.data, other.data)
    assert (difference.words.zh, difference.weight) == ("“change”改了可以改的内容", "compatible")


def test_a_change_cannot_be_required_of_what_amends_nothing() -> None:
    [(message, _, _)] = flaws("amend: [date, classes]\n", "require: [change]\n")
    assert message == "a change is required but nothing is amended; add “amend”"
