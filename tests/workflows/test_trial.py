"""Replaying events."""

from collections.abc import Callable

import pytest

from forms.surroundings import Surroundings
from tests.workflows.sample import ANSWERS, WORKFLOW, read_workflow
from workflows.definition import Workflow
from workflows.trial import try_workflow

Around = Callable[..., Surroundings]
APPROVE = {"move": "approve", "by": ["officer"], "step": {"fine": True, "checked_on": "2026-11-20"}}


def test_a_story_is_told_in_states_effects_refusals_and_the_due_date(
    workflow: Workflow, around: Around
) -> None:
    told = try_workflow(
        workflow,
        [
            {"submit": dict(ANSWERS), "at": "2026-11-23"},
            {"move": "return", "by": "officer", "at": "2026-11-24"},
            {"move": "return", "by": ["officer"], "comment": "请写日期", "marks": ["day"]},
            {"submit": {**ANSWERS, "day": "2026-12-01"}, "at": "2026-11-25T08:00"},
            APPROVE,
        ],
        around(),
    )
    assert told["states"] == ["waiting", "returned", "waiting", "valid"]
    assert told["effects"] == [
        {"event": 2, "notify": "back", "to": "applicant"},
        {"event": 4, "notify": "ok", "to": "applicant"},
        {"event": 4, "do": "certify"},
    ]
    assert [each["event"] for each in told["refused"]] == [1]
    assert told["refused"][0]["problems"][0]["code"] == "comment_required"
    assert told["due"] == "2027-11-20T23:59:59+08:00"


def test_a_tick_runs_every_timer_that_has_come_due_in_order(
    workflow: Workflow, around: Around
) -> None:
    told = try_workflow(
        workflow,
        [{"submit": dict(ANSWERS)}, {"at": "2026-12-31", "tick": True}],
        around(),
    )
    assert told["states"] == ["waiting", "upstairs", "done"]
    assert told["effects"] == [{"event": 1, "notify": "late", "to": "boss"}]
    assert told["due"] is None


def test_a_tick_before_anything_is_due_does_nothing(workflow: Workflow, around: Around) -> None:
    events = [{"submit": dict(ANSWERS)}, {"at": "2026-11-30T23:59:58+08:00", "tick": True}]
    told = try_workflow(workflow, events, around())
    assert told["states"] == ["waiting"]
    assert told["effects"] == []


def test_a_timer_runs_in_the_second_it_is_set_for(workflow: Workflow, around: Around) -> None:
    events = [{"submit": dict(ANSWERS)}, {"at": "2026-11-30T23:59:59+08:00", "tick": True}]
    assert try_workflow(workflow, events, around())["effects"]


def test_today_is_the_day_of_the_event_in_china(around: Around) -> None:
    dated = read_workflow(WORKFLOW.replace("'people >= 50'", "'day == today'"))
    events = [
        {"submit": {**ANSWERS, "day": "2026-09-30"}, "at": "2026-09-29T18:00:00+00:00"},
        {"move": "hurry", "by": ["officer"]},
    ]
    assert try_workflow(dated, events, around())["states"] == ["waiting", "upstairs"]


@pytest.mark.parametrize(
    "event",
    [
        None,
        "submit",
        {},
        {"submit": []},
        {"move": "approve"},
        {"move": 3, "by": ["officer"]},
        {"move": "approve", "by": [3]},
        {"move": "approve", "by": 5},
        {"move": "approve", "by": ["officer"], "step": []},
        {"move": "approve", "by": ["officer"], "comment": 1},
        {"submit": {}, "tick": True},
        {"tick": True, "at": "soon"},
        {"tick": True, "at": 5},
        {"tick": True, "at": "2020-01-01"},
        {"submit": dict(ANSWERS)},
    ],
)
def test_an_event_that_makes_no_sense_is_refused_and_the_story_goes_on(
    workflow: Workflow, around: Around, event: object
) -> None:
    told = try_workflow(workflow, [{"submit": dict(ANSWERS)}, event, APPROVE], around())
    assert [each["event"] for each in told["refused"]] == [1]
    assert told["states"] == ["waiting", "valid"]


def test_nothing_moves_before_the_submission(workflow: Workflow, around: Around) -> None:
    told = try_workflow(workflow, [APPROVE], around())
    assert told["refused"][0]["problems"][0]["message"] == "还没有提交。"
