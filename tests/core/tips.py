"""活动点子, a service whose cases everybody may read once the county has let them through."""

from pathlib import Path
from typing import Any

from core.case_items import Case
from core.filings import Filing
from core.moments import stamp
from core.numbers import fresh_number
from core.web.app import BUNDLED
from tests.core.conftest import MakeHouse
from tests.core.house import House

_FILES = {
    "plugin.yaml": """
id: tips
api: 1
name: 活动点子
summary: 课后可以做的活动
forms: [tip]
workflows: [telling]
roles:
  - {id: county_officer, name: 县教育局经办人, at: county}
desk: {who: name, gist: [title]}
personal_data: [name, phone]
listing: {label: 活动点子, title: title, gist: [kind], by: [kind]}
""",
    "forms/tip.yaml": """
id: tip
title: 活动点子
pages:
  - fields:
      - {name: title, type: text, label: 叫什么, required: true, public: true}
      - name: kind
        type: choice
        label: 种类
        required: true
        public: true
        choices:
          - {value: craft, label: 手工}
          - {value: sport, label: 体育}
          - {value: song, label: 唱歌}
      - {name: site, type: url, label: 网页, public: true}
      - {name: inside, type: text, label: 内部说明}
      - {name: name, type: text, label: 姓名, privacy: {class: contact}}
      - {name: phone, type: phone, label: 手机号, privacy: {class: contact}}
""",
    "workflows/telling.yaml": """
id: telling
form: tip
states:
  draft: {kind: draft}
  told: {kind: open, assign: {role: county_officer, at: county}}
  shown: {kind: open, public: true}
  gone: {kind: final}
transitions:
  submit: {from: draft, to: told, by: applicant}
  show: {from: told, to: shown, by: county_officer, undo: true}
  mend: {from: shown, to: shown, by: county_officer, amend: [title]}
  hide: {from: shown, to: gone, by: county_officer}
""",
}


def tips_house(make_house: MakeHouse, folder: Path) -> House:
    """Return the sample county with this service open everywhere in 青禾县."""
    for name, text in _FILES.items():
        at = folder / "tips" / name
        at.parent.mkdir(parents=True, exist_ok=True)
        at.write_text(text)
    house = make_house(folders=(BUNDLED, folder))
    house.office.places.switch("qinghe", "tips", "required", "某人", stamp(house.clock.now()))
    return house


def tell(house: House, title: str, kind: str = "craft", place: str = "hexi-1", **more: Any) -> Case:
    """Hand in a tip at a place; its clock goes on by a minute."""
    where, plugin = house.office.places.get(place), house.office.catalogue.plugins["tips"]
    data = {"title": title, "kind": kind, "inside": "不外传", "name": "尹老师", **more}
    filing = Filing(fresh_number(), "tips", where, plugin.form, plugin.workflow, data)
    house.clock.move(minutes=1)
    return house.office.cases.submit(filing, None, house.office.around("zh", where))


def shown(house: House, title: str, **more: Any) -> Case:
    """Hand in a tip and let the county show it."""
    return house.do(tell(house, title, **more), "show", "county")
