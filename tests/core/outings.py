"""约时间, a small service in which both sides may change what was asked for."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from core.case_items import Case
from core.filings import Filing
from core.numbers import fresh_number
from core.store import Item, Put
from core.web.app import BUNDLED
from tests.core.conftest import MakeHouse
from tests.core.house import House

OUTINGS = "outings"
DISTRICT = "hexi-zhen"
PHONE = "00000000711"
_OFFERED = ("X#outings#offered", "-")
_MANIFEST = """
id: outings
api: 1
name: 约时间
summary: 约一个时间
forms: [outing, reply]
workflows: [agreeing]
hooks: [provide_choices, check_submission, claim_submission, claim_transition]
lookups: [{name: slots, label: 时段}]
roles:
  - {id: school_officer, name: 课后服务管理员, at: school}
  - {id: county_officer, name: 县教育局经办人, at: county}
personal_data: [phone]
"""
_FORM = """
id: outing
title: 约时间
pages:
  - title: 时间
    fields:
      - {name: date, type: date, label: 日期, required: true, min: today}
      - {name: slot, type: lookup, label: 时段, required: true, choices_from: outings.slots}
      - {name: code, type: text, label: 编号, unique: county}
      - {name: bus, type: yes_no, label: 坐车}
      - {name: company, type: text, label: 车队, show_if: bus, required: true}
  - title: 人
    fields:
      - {name: phone, type: phone, label: 联系电话, required: true, privacy: {class: contact}}
      - name: classes
        type: group
        label: 班级
        fields:
          - {name: name, type: text, label: 名称, required: true}
          - {name: heads, type: integer, label: 人数, min: 1, required: true}
      - {name: heads, type: integer, label: 总人数, compute: 'sum(classes, row.heads)'}
      - {name: plan, type: file, label: 方案}
    checks:
      - {expr: 'is_empty(heads) or heads <= 60', message: 最多 60 人, field: classes, code: many}
      - {expr: 'is_empty(heads) or heads != 50', message: 为什么是 50 人, level: explain, code: odd}
"""
_REPLY = """
id: reply
title: 答复
pages: [{fields: [{name: guide, type: text, label: 讲解员, required: true}]}]
"""
_WORKFLOW = """
id: agreeing
form: outing
states:
  draft: {kind: draft}
  asked: {kind: open, label: 待确认, assign: {role: county_officer, at: county}}
  countered: {kind: open, label: 待学校同意, assign: {role: county_officer, at: county}}
  over: {kind: final, label: 结束}
transitions:
  submit: {from: draft, to: asked, by: applicant}
  change:
    - from: asked
      to: asked
      by: [applicant, county_officer]
      label: 改一改
      undo: true
      amend: [date, slot, code, phone, classes]
      guard: 'is_empty(heads) or heads != 13'
      message: 不能是 13 人
    - {from: countered, to: countered, by: [applicant, county_officer], amend: [bus, classes]}
  counter:
    from: asked
    to: countered
    by: county_officer
    label: 另约时间
    form: reply
    amend: [date, slot]
    require: [comment]
    notify: {to: applicant, template: countered}
  agree: {from: countered, to: asked, by: applicant, label: 同意, undo: true}
  close: {from: [asked, countered], to: over, by: county_officer, label: 办结, amend: [code]}
  expire: {from: asked, to: over, by: system, notify: {to: applicant, template: expired}}
messages:
  countered: '{comment}'
  expired: '不办了：{comment}'
"""
_PYTHON = """
from core.api import Change, Put
from core.hooks import hookimpl
from forms.problems import Problem
from forms.surroundings import Choice
from forms.text import Text


class Plugin:
    @hookimpl
    def provide_choices(self, context, lookup):
        [item] = context.get(("X#outings#offered", "-"))
        return [Choice(each, Text(f"{each}点")) for each in item["slots"]]

    @hookimpl
    def check_submission(self, context, case):
        if case.answers["date"] == "2026-12-25":
            yield Problem("closed", "这一天不开放", "date")

    @hookimpl
    def claim_submission(self, context, case):
        return [Put({"pk": "X#outings#days", "sk": case.id, "date": case.answers["date"]})]

    @hookimpl
    def claim_transition(self, context, case, before):
        told = {"date": case.answers["date"], "before": before.answers["date"]}
        return [Change(context.key("days", case.id), set=told)]
"""


def outings_house(make_house: MakeHouse, folder: Path) -> House:
    """Return the sample county with this service open in one district, at nine and at ten."""
    home = folder / OUTINGS
    (home / "forms").mkdir(parents=True)
    (home / "workflows").mkdir()
    for name, text in {
        "plugin.yaml": _MANIFEST,
        "plugin.py": _PYTHON,
        "forms/outing.yaml": _FORM,
        "forms/reply.yaml": _REPLY,
        "workflows/agreeing.yaml": _WORKFLOW,
    }.items():
        (home / name).write_text(text)
    house = make_house(folders=[BUNDLED, folder])
    house.office.places.switch(DISTRICT, OUTINGS, "on", "", "2026-11-01T00:00:00.000Z")
    offer(house, "9", "10")
    return house


def offer(house: House, *slots: str) -> None:
    """Have the lookup offer these slots from now on."""
    pk, sk = _OFFERED
    house.store.commit(Put({"pk": pk, "sk": sk, "slots": list(slots)}))


def asked(house: House, **other: Any) -> Case:
    """Hand in a case for one class of 30 on 2 December at nine."""
    where = house.office.places.get(DISTRICT)
    plugin = house.office.catalogue.plugins[OUTINGS]
    data: dict[str, Any] = {
        "date": "2026-12-02",
        "slot": {"value": "9", "label": "9点"},
        "phone": PHONE,
        "classes": [{"name": "一班", "heads": 30}],
        "heads": 30,
        **other,
    }
    data = {name: each for name, each in data.items() if each is not None}
    filing = Filing(fresh_number(), OUTINGS, where, plugin.form, plugin.workflow, data)
    return house.office.cases.submit(filing, None, house.office.around("zh", where))


def day_of(house: House, case: Case) -> Item:
    """Return what the plugin wrote down of a case."""
    [item] = house.store.get(("X#outings#days", case.id))
    assert item is not None
    return item


def changes_of(events: Iterable[Item]) -> list[list[str]]:
    """Return what each event says has changed."""
    return [each.get("changed", []) for each in events]
