"""Cases that officers begin, from a workbook; and confirmations that meet, with their control."""

from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from core.imports import judging
from core.imports.entering import Entering
from core.numbers import fresh_number
from core.web.app import BUNDLED
from tests.core.conftest import MakeHouse
from tests.core.house import OFFICERS, House, everything
from tests.core.plugin_folder import GUIDE, blocks, hook, write
from tests.core.test_imports import AT, LABELS, row
from tests.core.workbooks_made import made, pressed, uploaded

NOTES = "/hexi-1/notes/import/"
NOTED = ["哪所学校", "关于什么", "请说说您的意见", "手机号"]
SAFE = ["青禾县禾溪第一小学", "安全", "门口要一盏灯", "00000000112"]


@pytest.fixture
def house(make_house: MakeHouse, tmp_path: Path) -> House:
    """Return a county in which officers note down what parents suggest to them."""
    flow = blocks(GUIDE)["workflows/answering.yaml"].replace(
        "{from: draft, to: waiting, by: applicant}",
        "{from: draft, to: waiting, by: school_officer, label: 记下建议, allow_self: true}",
    )
    more = write(tmp_path / "more", "notes", workflows__answering=flow)
    opened = make_house(folders=[BUNDLED, more])
    opened.office.places.switch("hexi-zhen", "notes", "on", "某人", "2026")
    return opened


def standing(house: House, sk: str) -> list[Any]:
    return [each for each in everything(house, "C#") if each["sk"] == sk]


def test_whole_rows_are_handed_in_and_the_others_are_the_officers_drafts(house: House) -> None:
    client = house.client(OFFICERS["school"])
    page = uploaded(
        client, NOTES, made(NOTED, SAFE, [*SAFE[:2], None, SAFE[3]], [*SAFE[:2], "短", SAFE[3]])
    )
    assert "2 行可以导入，1 行要改" in page.text
    page = pressed(client, page, "confirm")
    [case] = standing(house, "H")
    [draft] = map(house.office.drafts.of_item, standing(house, "D"))
    assert draft is not None
    assert draft.holder == house.person("school").holder
    assert case["holder"] == house.person("00000000112").holder
    [begun] = house.office.cases.events(house.office.cases.get(case["id"]))  # type: ignore[arg-type]
    assert (begun["by"], begun["role"]) == (house.person("school").id, "school_officer")
    assert f"/case/{case['id']}/" in page.text
    assert client.get(f"/hexi-1/notes/draft/{draft.id}/").status_code == 200
    house.later.run()
    assert not [each for each in house.letters.sent if each.startswith("import-")]


def test_who_may_not_begin_one_by_hand_may_not_by_excel(house: House) -> None:
    assert house.client(OFFICERS["other_school"]).get(NOTES).status_code == 404
    assert house.client(OFFICERS["county"]).get(NOTES).status_code == 404


def test_a_case_handed_in_twice_from_two_copies_is_one(house: House) -> None:
    client = house.client(OFFICERS["school"])
    first = uploaded(client, NOTES, made(NOTED, SAFE))
    second = uploaded(client, NOTES, made(NOTED, SAFE))
    pressed(client, first, "confirm")
    page = pressed(client, second, "confirm")
    assert "以前导入过" in page.text
    assert len(standing(house, "H")) == 1


def meeting(
    house: House, monkeypatch: pytest.MonkeyPatch, path: str, content: bytes
) -> FlaskClient:
    """Confirm an import while a second confirmation of it passes by, after what stands was read."""
    client, other = house.client(OFFICERS["school"]), house.client(OFFICERS["school"])
    page = uploaded(client, path, content)
    seen = other.get(page.request.path)
    looked, waiting = Entering._stood, [True]  # noqa: SLF001 — where the two meet

    def stood(self: Entering, numbers: Any, claims: Any) -> Any:
        found = looked(self, numbers, claims)
        if waiting and waiting.pop():
            assert "已导入 1 行" in pressed(other, seen, "confirm").text
        return found

    monkeypatch.setattr(Entering, "_stood", stood)
    done = pressed(client, page, "confirm")
    assert done.status_code == 200
    assert "已导入 1 行" in done.text
    return client


def test_two_confirmations_at_once_make_one_case(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting(house, monkeypatch, NOTES, made(NOTED, SAFE))
    assert len(standing(house, "H")) == 1


def test_two_confirmations_at_once_make_one_draft_and_one_message(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting(house, monkeypatch, AT, made(LABELS, row(1)))
    assert len(standing(house, "D")) == 1
    house.later.run()
    assert len(house.letters.sent) == 1


@pytest.mark.parametrize(
    ("path", "content", "sk"),
    [(NOTES, made(NOTED, SAFE), "H"), (AT, made(LABELS, row(1)), "D")],
)
def test_without_a_number_of_its_own_for_each_row_there_would_be_two(
    house: House, monkeypatch: pytest.MonkeyPatch, path: str, content: bytes, sk: str
) -> None:
    """The control: it is the number worked out from the answers that keeps them one."""
    monkeypatch.setattr(judging, "keyed_number", lambda _: fresh_number())
    meeting(house, monkeypatch, path, content)
    assert len(standing(house, sk)) == 2


def test_a_plugin_that_stands_against_a_row_is_quoted(
    make_house: MakeHouse, tmp_path: Path
) -> None:
    flow = blocks(GUIDE)["workflows/answering.yaml"].replace(
        "by: applicant}", "by: school_officer, label: 记下建议, allow_self: true}"
    )
    python = hook("check_submission(self, case)", "return [Problem('no', '今天不收')]")
    python = "from forms.problems import Problem\n" + python
    more = write(tmp_path / "more", "notes", python, workflows__answering=flow)
    manifest = more / "notes/plugin.yaml"
    manifest.write_text(manifest.read_text() + "hooks: [check_submission]\n")
    opened = make_house(folders=[BUNDLED, more])
    opened.office.places.switch("hexi-zhen", "notes", "on", "某人", "2026")
    client = opened.client(OFFICERS["school"])
    page = pressed(client, uploaded(client, NOTES, made(NOTED, SAFE)), "confirm")
    assert "没有导入" in page.text
    assert "今天不收" in page.text
    assert not standing(opened, "H")
