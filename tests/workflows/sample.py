"""A small service with every kind of state."""

from collections.abc import Mapping
from typing import Any

from forms.definition import Form
from forms.loading import load_form
from forms.source import read_yaml
from workflows.definition import Workflow
from workflows.loading import load_workflow

FORM = """
id: request
title: 申请
pages:
  - fields:
      - {name: title, type: text, label: 题目, required: true}
      - {name: people, type: integer, label: 人数}
      - {name: day, type: date, label: 日期}
      - {name: hosting, type: text, label: 学校}
"""
DECISION = """
id: decision
title: 决定
pages:
  - fields:
      - {name: fine, type: yes_no, label: 可以}
      - {name: checked_on, type: date, label: 日期}
"""
WORKFLOW = """
id: flow
form: request
path: [waiting, valid]
states:
  draft: {kind: draft}
  waiting:
    kind: open
    label: 待审
    words: 学校审核中，无需您操作
    step: 学校审核
    assign: {role: officer, at: hosting}
    due: 5wd
    overdue:
      - {after: 0wd, notify: {to: boss, template: late}}
      - {after: 2d, move: escalate}
  upstairs:
    kind: open
    assign: {role: boss, at: county}
    due: 10d
    overdue: {after: 0d, move: lapse}
  returned: {kind: returned, due: 10d, overdue: [{after: 0d, move: lapse}]}
  valid:
    kind: standing
    step: 有效
    expires: 'step.checked_on + 365d'
    remind: [{before: 30d, notify: {to: applicant, template: ending}}]
    overdue: [{after: 0d, move: lapse}]
  refused: {kind: final_bad}
  done: {kind: final}
transitions:
  submit: {from: [draft, returned], to: waiting, by: applicant}
  return:
    from: [waiting, upstairs]
    to: returned
    by: [officer, boss]
    require: [comment]
    marks: fields
    notify: {to: applicant, template: back}
  approve:
    from: [waiting, upstairs]
    to: valid
    by: [officer, boss]
    form: decision
    guard: 'step.fine'
    message: 没有勾选可以
    basis: changzhi-2021/三(四)2
    do: [certify]
    notify: [{to: applicant, template: ok}]
  refuse:
    from: upstairs
    to: [{when: 'people > 100', to: refused}, {to: done}]
    by: boss
    require: [comment]
  hurry: {from: waiting, to: upstairs, by: officer, guard: 'people >= 50'}
  escalate: {from: waiting, to: upstairs, by: system}
  lapse: {from: [upstairs, returned, valid], to: done, by: system}
  withdraw: {from: [waiting, upstairs, returned, valid], to: done, by: applicant}
messages:
  late: '{service} {number} 逾期 {due}'
  back: {zh: '请补充：{comment}', en: 'Please complete: {comment}'}
  ok: 好
  ending: '{place}'
"""
ANSWERS: Mapping[str, Any] = {"title": "参观", "people": 40, "hosting": "liuting"}


def read_form(text: str) -> Form:
    return load_form(read_yaml(text, "form.yaml"))


FORMS = {form.id: form for form in (read_form(FORM), read_form(DECISION))}


def read_workflow(text: str = WORKFLOW) -> Workflow:
    return load_workflow(read_yaml(text, "flow.yaml"), FORMS, ["certify"], ["officer", "boss"])
