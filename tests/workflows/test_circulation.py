"""A message to a group: what a workflow may say of it, and when it follows from a move."""

from datetime import UTC, datetime
from typing import Any

import pytest

from forms.calendar import national_calendar
from forms.loading import load_form
from forms.problems import DefinitionError
from forms.source import read_yaml
from forms.surroundings import Choice, Surroundings
from forms.text import Text
from workflows.case import Actor, Case, Move, Moved
from workflows.definition import Circulation, Workflow
from workflows.differences import fields_rested_on, workflow_differences
from workflows.engine import begin, move
from workflows.loading import load_workflow

FORM = """
id: note
title: 通知
pages:
  - fields:
      - {name: title, type: text, label: 标题, required: true}
      - {name: whom, type: lookup, label: 谁, choices_from: audiences.people}
      - {name: where, type: lookup, label: 哪里, choices_from: places.around}
      - {name: phone, type: phone, label: 手机, privacy: {class: contact}}
"""
FLOW = """
id: telling
title: 发
form: note
circulate: {into: sent, to: whom, within: where, template: told, tells: [title], readable: [kept]}
states:
  draft: {kind: draft}
  ready: {kind: open, label: 待发, due: 5wd, assign: {role: clerk, at: place}}
  sent: {kind: open, label: 已发, due: 5wd, assign: {role: clerk, at: place}}
  kept: {kind: final, label: 存档}
transitions:
  submit: {from: draft, to: ready, by: clerk}
  send: {from: ready, to: sent, by: clerk}
  again: {from: sent, to: sent, by: clerk}
  keep: {from: sent, to: kept, by: clerk}
messages:
  told: '{place}：{title} {link}'
"""
NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
CLERK = Actor(frozenset({"clerk"}))
AROUND = Surroundings(
    NOW.date(), national_calendar(), choices={"audiences.people": [Choice("a.b", Text("甲"))]}
)
TO = {"value": "a.b", "label": "甲"}


def read(text: str = FLOW) -> Workflow:
    form = load_form(read_yaml(FORM, "note.yaml"))
    return load_workflow(read_yaml(text, "telling.yaml"), {"note": form}, (), ["clerk"])


def sent(**answers: Any) -> Moved:
    flow = read()
    case = begin(flow, {"title": "停课", **answers}, NOW, AROUND, CLERK).case
    after = move(flow, case, Move("send", CLERK, NOW), AROUND)
    assert isinstance(after, Moved)
    return after


def test_it_is_read_with_the_states_in_which_it_can_be_read() -> None:
    told = read().circulation
    assert told == Circulation("sent", "whom", "where", "told", ("title",), ("sent", "kept"))
    assert {"whom", "where", "title"} <= fields_rested_on(read())


def test_it_follows_from_the_move_into_the_state_and_from_no_other() -> None:
    after = sent(whom=TO)
    assert after.effects == (read().circulation,)
    again = move(read(), after.case, Move("again", CLERK, NOW), AROUND)
    assert isinstance(again, Moved)
    assert again.effects == ()
    first = begin(read(), {"title": "停课", "whom": TO}, NOW, AROUND, CLERK)
    assert first.effects == ()
    assert isinstance(first.case, Case)


def test_where_nobody_is_named_nothing_is_sent() -> None:
    assert sent().effects == ()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("into: sent", "into: snet", "there is no state “snet”"),
        ("to: whom", "to: title", "there is no lookup among the form's fields “title”"),
        ("within: where", "within: x", "there is no lookup among the form's fields “x”"),
        ("template: told", "template: tld", "there is no message “tld”"),
        ("tells: [title]", "tells: [tilte]", "there is no field “tilte”"),
        ("tells: [title]", "tells: [phone]", "“phone” is personal: a whole group would read it"),
        ("readable: [kept]", "readable: [lost]", "there is no state “lost”"),
        (
            "to: sent, by: clerk}",
            "to: sent, by: clerk, notify: {to: clerk, template: told}}",
            "told",
        ),
        ("told: '{place}", "more: '{link}'\n  told: '{place}", "there is no parameter {link}"),
    ],
)
def test_what_it_cannot_say_is_refused(old: str, new: str, message: str) -> None:
    assert old in FLOW
    with pytest.raises(DefinitionError) as refused:
        read(FLOW.replace(old, new, 1))
    assert any(message in flaw.message for flaw in refused.value.flaws)


def test_a_change_of_it_is_told_before_it_is_published() -> None:
    before, after = read(), read(FLOW.replace("tells: [title]", "tells: [title, where]"))
    found = workflow_differences(before.data, after.data)
    assert [each.code for each in found] == ["circulate"]
