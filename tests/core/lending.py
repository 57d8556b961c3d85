"""A service that lends halls: a lookup told what is asked, and entries edited while they are open.

The public asks for a hall, a day and an hour on one page; a school's officer keeps its entry.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from core.api import Happening
from core.web.app import BUNDLED
from tests.core.conftest import MakeHouse
from tests.core.house import House

HALLS = "halls"
ASK = "/hexi-1/halls/"
ENTER = "/hexi-1/halls/new/hosting/"
ASKED: list[dict[str, Any]] = []
"""What the lookup was told, each time it was asked."""
TOLD: list[Happening] = []
"""The events the plugin was told of."""
HOURS = {
    ("big", "2026-12-02"): ["09:00", "10:30"],
    ("big", "2026-12-03"): ["09:00"],
    ("small", "2026-12-02"): ["14:00"],
}


def hours(given: Mapping[str, Any]) -> list[str]:
    """Return the hours of a hall on a day, none where one is not told which."""
    ASKED.append(dict(given))
    return HOURS.get((given.get("hall", ""), given.get("day", "")), [])


_MANIFEST = """
id: halls
api: 1
name: 借礼堂
summary: 借学校的礼堂
action: 我要借礼堂
forms: [booking, hall, moving]
workflows: [asking, hosting]
roles:
  - {id: school_officer, name: 课后服务管理员, at: school}
hooks: [provide_choices, claim_submission, claim_transition, after_event]
lookups:
  - {name: hours, label: 时间}
personal_data: [phone, contact]
"""
_BOOKING = """
id: booking
title: 借礼堂
pages:
  - fields:
      - name: hall
        type: choice
        label: 哪个礼堂
        required: true
        choices: [{value: big, label: 大礼堂}, {value: small, label: 小礼堂}]
      - {name: day, type: date, label: 哪一天, required: true}
      - name: hour
        type: choice
        label: 几点
        required: true
        choices_from: halls.hours
        choices_where: {hall: hall, day: day}
      - {name: early, type: note, text: 请提前半小时到, show_if: 'hour == "09:00"'}
      - {name: heads, type: integer, label: 多少人, min: 1}
      - {name: twice, type: integer, label: 两倍, compute: 'heads * 2'}
      - {name: agreed, type: consent, label: 同意, text: 我会打扫干净}
      - {name: phone, type: phone, label: 手机号, privacy: {class: contact, retain: P1Y}}
      - name: helpers
        type: group
        label: 帮手
        fields:
          - {name: what, type: text, label: 做什么}
  - fields:
      - {name: purpose, type: text, label: 做什么用, max_length: 20}
"""
_MOVING = """
id: moving
title: 换时间
pages:
  - fields:
      - name: hall
        type: choice
        label: 换哪个礼堂
        required: true
        choices: [{value: big, label: 大礼堂}, {value: small, label: 小礼堂}]
      - {name: day, type: date, label: 换哪一天, required: true}
      - name: hour
        type: choice
        label: 换几点
        required: true
        choices_from: halls.hours
        choices_where: {hall: hall, day: day}
"""
_HALL = """
id: hall
title: 礼堂
pages:
  - title: 介绍
    fields:
      - {name: title, type: text, label: 名称, required: true}
      - {name: capacity, type: integer, label: 容量, required: true, min: 1}
      - {name: contact, type: phone, label: 联系电话, privacy: {class: contact, retain: P1Y}}
  - title: 开放时间
    fields:
      - {name: opens, type: time, label: 开门, required: true}
      - {name: closes, type: time, label: 关门, required: true}
      - {name: spare, type: integer, label: 机动, compute: 'capacity / 2'}
    checks:
      - {expr: 'opens < closes', message: 关门要比开门晚, field: closes}
  - title: 规则
    fields:
      - {name: rules, type: long_text, label: 规则}
"""
_ASKING = """
id: asking
form: booking
path: [waiting, lent]
states:
  draft: {kind: draft}
  waiting:
    kind: open
    label: 待答复
    words: 学校在看
    step: 学校答复
    assign: {role: school_officer, at: school}
  lent: {kind: final, label: 借出, words: 已借给您, step: 借给您}
transitions:
  submit:
    - {from: draft, to: waiting, by: applicant}
    - {from: waiting, to: waiting, by: applicant, label: 改一改}
  change_time: {from: waiting, to: waiting, by: school_officer, label: 换个时间, form: moving}
  lend: {from: waiting, to: lent, by: school_officer, label: 借出}
"""
_HOSTING = """
id: hosting
title: 礼堂的信息
form: hall
states:
  draft: {kind: draft}
  open: {kind: open, label: 开放, words: 正在开放}
  shut: {kind: final, label: 已关闭}
transitions:
  submit:
    - {from: draft, to: open, by: school_officer, label: 登记礼堂, allow_self: true}
    - from: open
      to: open
      by: school_officer
      label: 修改礼堂信息
      done: 学校改了礼堂信息
      allow_self: true
      undo: true
  shut: {from: open, to: shut, by: school_officer, label: 不再开放, allow_self: true}
"""
_PYTHON = """from core.api import Put
from core.hooks import hookimpl
from forms.surroundings import Choice
from forms.text import Text
from tests.core.lending import TOLD, hours


class Plugin:
    @hookimpl
    def provide_choices(self, context, lookup, given):
        return [Choice(one, Text(one)) for one in hours(given)]

    @hookimpl
    def claim_submission(self, context, case):
        return self.kept(context, case, '')

    @hookimpl
    def claim_transition(self, context, case, before):
        return self.kept(context, case, before.state)

    def kept(self, context, case, left):
        pk, sk = context.key('entry', case.id)
        told = {'title': case.answers.get('title', ''), 'left': left}
        return [Put({'pk': pk, 'sk': sk, 'state': case.state, **told})]

    @hookimpl
    def after_event(self, context, event, case):
        TOLD.append(event)
"""


def write_halls(folder: Path) -> Path:
    """Write the plugin into `folder`, which is returned: a place to find plugins in."""
    files = {
        "plugin.yaml": _MANIFEST,
        "plugin.py": _PYTHON,
        "forms/booking.yaml": _BOOKING,
        "forms/moving.yaml": _MOVING,
        "forms/hall.yaml": _HALL,
        "workflows/asking.yaml": _ASKING,
        "workflows/hosting.yaml": _HOSTING,
    }
    for path, text in files.items():
        at = folder / HALLS / path
        at.parent.mkdir(parents=True, exist_ok=True)
        at.write_text(text)
    return folder


def halls_house(make_house: MakeHouse, folder: Path) -> House:
    """Return the sample county with halls lent in 禾溪镇; nothing has been asked yet."""
    house = make_house(folders=[BUNDLED, write_halls(folder)])
    assert house.office.catalogue.broken == {}
    house.office.places.switch("hexi-zhen", HALLS, "on", "某人", "2026")
    ASKED.clear()
    TOLD.clear()
    return house
