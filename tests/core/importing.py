"""What the tests of imports from Excel fill in and look at."""

from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from core.web.app import BUNDLED
from tests.core.conftest import MakeHouse
from tests.core.house import House, everything
from tests.core.plugin_folder import write
from tests.pages import fictional_phone, identity

AT = "/hexi-1/volunteers/import/"


PHONE = fictional_phone(77)


TRAY = "/desk/?tray=D%23hexi-1%23school_officer%23volunteers"


LABELS = ["您是", "姓名", "身份证号", "手机号", "您的特长", "哪几天方便", "最想去的学校"]


def row(n: int, **other: Any) -> list[Any]:
    told = {
        "kind": "家长",
        "name": f"测试{n}",
        "id": identity(n),
        "phone": fictional_phone(n),
        "specialties": "阅读、体育",
        "times": "周五",
        "school": "青禾县禾溪第一小学",
    }
    return list({**told, **other}.values())


def blank_of(client: FlaskClient, path: str = AT) -> bytes:
    return client.get(f"{path}blank.xlsx").data


def drafts(house: House) -> list[Any]:
    items = (each for each in everything(house, "C#") if each["sk"] == "D")
    return [each for each in map(house.office.drafts.of_item, items) if each]


def cases(house: House) -> list[Any]:
    return [each for each in everything(house, "C#") if each["sk"] == "H"]


NOTES = "/hexi-1/notes/import/"


NOTED = ["哪天", "几点", "见面", "期间", "好不好", "多少钱", "住址", "手机号"]


_FORM = """
id: suggestion
title: 记录
pages:
  - fields:
      - {name: day, type: date, label: 哪天}
      - {name: starts, type: time, label: 几点}
      - {name: met, type: datetime, label: 见面}
      - {name: between, type: date_range, label: 期间}
      - {name: good, type: yes_no, label: 好不好}
      - {name: cost, type: money, label: 多少钱}
      - {name: home, type: address, label: 住址}
      - {name: school, type: choice, label: 哪所学校, choices_from: places.schools}
      - {name: about, type: choice, label: 关于, choices: [{value: other, label: 其他}]}
      - {name: agreed, type: consent, label: 同意, required: true}
      - {name: phone, type: phone, label: 手机号, privacy: {class: contact}}
"""


def _visits(make_house: MakeHouse, tmp_path: Path) -> House:
    more = write(tmp_path / "more", "notes", forms__suggestion=_FORM)
    house = make_house(folders=[BUNDLED, more])
    house.office.places.switch("hexi-zhen", "notes", "on", "某人", "2026")
    return house
