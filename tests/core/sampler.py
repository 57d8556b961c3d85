"""A service whose form has every type of question, for pages to be tried with."""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.moments import stamp
from core.web.app import BUNDLED
from tests.core.conftest import MakeHouse
from tests.core.house import House
from tests.pages import PLACE, send

SAMPLER = "samples"
SAMPLE = f"/{PLACE}/{SAMPLER}/"
FORM_FILE = Path(__file__).parents[1] / "forms" / "every_type.yaml"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR" + (40).to_bytes(4) * 2 + b"0" * 100
JPEG = b"\xff\xd8\xff\xe0" + b"0" * 100
PDF = b"%PDF-1.7\n1 0 obj\n%%EOF"
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"0" * 50
_MANIFEST = """
id: samples
api: 1
name: 样表
summary: 每一种题目
action: 填样表
forms: [every_type, seen]
workflows: [reading]
roles:
  - {id: school_officer, name: 课后服务管理员, at: school}
  - {id: county_officer, name: 县教育局经办人, at: county}
desk: {who: full_name, gist: [kind, days]}
personal_data: [phone, id_number, home, members, proof]
"""
_WORKFLOW = """
id: reading
form: every_type
path: [waiting, read]
states:
  draft: {kind: draft}
  waiting:
    kind: open
    label: 待看
    words: 正在看，无需您操作
    step: 县教育局看
    assign: {role: county_officer, at: county}
    due: 5wd
  read: {kind: final, label: 看过, words: 已看过, step: 看过}
transitions:
  submit: {from: draft, to: waiting, by: applicant}
  see:
    from: waiting
    to: read
    by: county_officer
    label: 看过
    done: 看过了
    form: seen
"""
_SEEN = """
id: seen
title: 意见
pages:
  - fields:
      - name: points
        type: group
        label: 意见
        fields:
          - {name: about, type: text, label: 关于, required: true}
          - {name: cost, type: money, label: 费用}
          - {name: slip, type: file, label: 发票}
      - name: proof
        type: file
        label: 现场照片
        privacy: {class: sensitive, retain: P3Y}
      - {name: papers, type: files, label: 其他材料}
"""


def write_sampler(folder: Path) -> Path:
    """Write the plugin into `folder`, which is returned: a place to find plugins in."""
    home = folder / SAMPLER
    (home / "forms").mkdir(parents=True)
    (home / "workflows").mkdir()
    (home / "plugin.yaml").write_text(_MANIFEST)
    (home / "forms" / "every_type.yaml").write_bytes(FORM_FILE.read_bytes())
    (home / "forms" / "seen.yaml").write_text(_SEEN)
    (home / "workflows" / "reading.yaml").write_text(_WORKFLOW)
    return folder


def sampler_house(make_house: MakeHouse, folder: Path) -> House:
    """Return the sample county with the sampler switched on."""
    house = make_house(folders=(BUNDLED, write_sampler(folder)))
    house.office.places.switch("qinghe", SAMPLER, "required", "某人", stamp(house.clock.now()))
    return house


PAGES: list[dict[str, Any]] = [
    {
        "full_name": "阿依努尔·买买提江",
        "phone": "00000000001",
        "id_number": "149999195803151017",
        "credit": "12149999mb0000019d",
        "pupils": "20",
        "materials": "¥12.50元",
    },
    {
        "kind": "craft",
        "days": ["mon", "fri"],
        "starts": "16：30",
        "ends": "18点",
        "term.from": "2026-12-07",
        "term.to": "2027-01-18",
        "meeting": "2026-12-04T19:00",
        "school": "hexi-1",
        "home.region": "liuting-zhen",
        "home.detail": "杏花巷 1 号",
    },
    {
        "members.row": ["0", "7"],
        "members.0.name": "梁韵声",
        "members.0.relation": "grandparent",
        "members.0.born": "1958-03-15",
        "members.7.name": "段巧云",
        "members.7.relation": "other",
        "members.7.which": "邻居",
        "members.7.phone": "00000000002",
        "agreed": "true",
        "signature": "阿依努尔",
    },
]


def sent(client: FlaskClient, page: TestResponse, given: Mapping[str, Any]) -> TestResponse:
    """Send a page with what it carries and what is given, and follow where that leads."""
    answer: TestResponse = send(client, page, given, content_type="multipart/form-data")
    return answer


def turned_to(client: FlaskClient, index: int) -> TestResponse:
    """Fill in the pages before `index` (from 0) and return that page."""
    page = client.get(SAMPLE)
    for given in PAGES[:index]:
        page = sent(client, page, given)
    return page


def upload(content: bytes, name: str) -> tuple[io.BytesIO, str]:
    """Return a file as a form sends it."""
    return io.BytesIO(content), name
