"""A changed workflow says what it changes, and which open cases would have no place in it."""

import copy
from typing import Any

import pytest

from workflows.definition import Workflow
from workflows.differences import fields_rested_on, states_to_map, workflow_differences


def changed(workflow: Workflow, *path: str, **keys: Any) -> dict[str, Any]:
    """Return the workflow's data with keys changed at `path`; `...` removes one."""
    data: dict[str, Any] = copy.deepcopy(dict(workflow.data))
    node = data
    for step in path:
        node = node[step]
    for key, value in keys.items():
        if value is ...:
            del node[key]
        else:
            node[key] = value
    return data


def test_an_unchanged_workflow_has_no_differences(workflow: Workflow) -> None:
    assert workflow_differences(workflow.data, copy.deepcopy(dict(workflow.data))) == ()


@pytest.mark.parametrize(
    ("path", "keys", "words", "weight"),
    [
        (("states", "waiting"), {"due": "10wd"}, "“待审”改了办理期限", "compatible"),
        (("states", "waiting"), {"label": "待核"}, "“待核”改了办理人看到的名称", "compatible"),
        (("states", "waiting"), {"kind": "returned"}, "“待审”的性质改了", "mapping"),
        (("states",), {"upstairs": ...}, "取消“upstairs”这一步", "mapping"),
        (("states",), {"later": {"kind": "final"}}, "新增“later”这一步", "compatible"),
        (("transitions",), {"hurry": ...}, "取消“hurry”", "compatible"),
        (("transitions", "hurry"), {"by": "boss"}, "“hurry”改了由谁办理", "compatible"),
        (("messages",), {"ok": "好了"}, "消息的文字改了", "compatible"),
        ((), {"form": "decision"}, "办理的是另一张表", "refused"),
    ],
)
def test_each_change_is_said_and_weighed(
    workflow: Workflow, path: tuple[str, ...], keys: Any, words: str, weight: str
) -> None:
    found = workflow_differences(workflow.data, changed(workflow, *path, **keys))
    assert [(each.words.zh, each.weight) for each in found] == [(words, weight)]


def test_cases_in_a_state_that_is_gone_need_to_be_told_where_they_stand(
    workflow: Workflow,
) -> None:
    after = changed(workflow, "states", upstairs=...)
    assert [each.field for each in states_to_map(workflow.data, after, {})] == ["upstairs"]
    assert states_to_map(workflow.data, after, {"upstairs": "waiting"}) == []
    assert len(states_to_map(workflow.data, after, {"upstairs": "nowhere"})) == 1


def test_fields_that_the_workflow_reads_are_known(workflow: Workflow) -> None:
    assert fields_rested_on(workflow) == {"hosting", "people"}
