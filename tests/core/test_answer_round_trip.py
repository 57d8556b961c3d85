"""What is given out in full can be taken in again, by the labels alone; and who may have it."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.answer_cells import Misread, read_cell, written
from core.people import Role
from core.web.app import BUNDLED
from forms.definition import form_from_data
from forms.evaluation import evaluate
from forms.fields import Field
from forms.surroundings import Choice, Surroundings
from forms.text import Text
from tests.core.conftest import MakeHouse
from tests.core.house import NOW, OFFICERS, House, case_id_of, everything
from tests.core.plugin_folder import GUIDE, blocks, suggest, write
from tests.core.reading import header_of, rows_of, sheets_of
from tests.core.test_imports import AT, drafts
from tests.core.workbooks_made import pressed, uploaded
from tests.pages import fictional_phone, hidden, identity

TRAY = "D#hexi-1#school_officer#volunteers"


def given_out(house: House, who: str = "school", tray: str = TRAY, **asked: str) -> bytes:
    client = house.client(OFFICERS[who])
    page = client.get(f"/desk/finished/?tray={tray.replace('#', '%23')}")
    token = hidden(page.text).get("csrf_token", "")
    answer = client.post(
        "/desk/finished/answers.xlsx", data={"csrf_token": token, "tray": tray, **asked}
    )
    assert answer.status_code == 200, answer.status_code
    return answer.data


def test_every_question_is_given_out_in_full_and_the_look_is_recorded(house: House) -> None:
    case = house.cleared(1, specialties=["sports", "reading"])
    [sheet] = sheets_of(given_out(house))
    told = dict(zip(header_of(sheet), rows_of(sheet)[0], strict=True))
    assert told["姓名"] == "测试1"
    assert told["身份证号"] == identity(1)
    assert told["手机号"] == fictional_phone(1)
    assert told["您的特长"] == "体育、阅读"
    assert told["最想去的学校"] == "青禾县禾溪第一小学"
    assert told["同意从业查询"] == "是"
    [look] = [each for each in everything(house, "A#") if "look" in each]
    assert (look["look"], look["cases"]) == ("volunteers.finished", [case.id])
    assert look["by"] == house.person("school").id


def test_what_was_given_out_is_taken_in_again(house: House) -> None:
    case = house.now(house.cleared(1, specialties=["sports", "reading"]))
    before, given = case.answers, given_out(house)
    house.do(case, "suspend", "county", comment="不再来了")
    house.clock.move(days=16)  # who is still registered would be passed over
    house.office.ticks.tick()
    client = house.client(OFFICERS["school"])
    page = uploaded(client, AT, given)
    assert "1 行可以导入" in page.text, page.text
    pressed(client, page, "confirm")
    [draft] = drafts(house)
    assert draft.answers == {
        name: value
        for name, value in before.items()
        if name not in ("age", "signature", "query_consent")
    }


def test_nobody_elses_cases_are_given(house: House) -> None:
    house.cleared(1)
    client = house.client(OFFICERS["other_school"])
    token = hidden(client.get("/desk/finished/").text).get("csrf_token", "")
    answer = client.post("/desk/finished/answers.xlsx", data={"csrf_token": token, "tray": TRAY})
    assert answer.status_code == 404
    assert client.get("/desk/finished/answers.xlsx").status_code in (404, 405)


def test_what_a_reader_alone_may_read_is_blank_to_others(
    make_house: MakeHouse, tmp_path: Path
) -> None:
    form = blocks(GUIDE)["forms/suggestion.yaml"].replace(
        "privacy: {class: contact, retain: P1Y}",
        "privacy: {class: contact, retain: P1Y}\n        readers: [county_officer]",
    )
    more = write(tmp_path / "more", "notes", forms__suggestion=form)
    house = make_house(folders=[BUNDLED, more])
    house.office.places.switch("hexi-zhen", "notes", "on", "某人", "2026")
    case = house.office.cases.get(case_id_of(suggest(house.client(), plugin="notes")))
    assert case is not None
    house.do(case, "reply", "school", comment="好", step={"settled": True})
    tray = "D#hexi-1#school_officer#notes"
    [sheet] = sheets_of(given_out(house, tray=tray))
    assert "手机号" not in header_of(sheet)
    assert "00000000112" not in str(rows_of(sheet))
    assert "门口要一盏灯" in str(rows_of(sheet))
    mine = suggest(house.client(), plugin="notes", phone=OFFICERS["school"])
    own = house.office.cases.get(case_id_of(mine))
    assert own is not None
    house.office.people.give("00000000150", "甲", Role("school_officer", "hexi-1"))
    house.do(own, "reply", "00000000150", comment="好", step={"settled": True})
    [sheet] = sheets_of(given_out(house, tray=tray))
    phones = [row[header_of(sheet).index("手机号")] for row in rows_of(sheet)]
    assert sorted(phones, key=str) == [OFFICERS["school"], None]


AROUND = Surroundings(
    NOW.date(),
    choices={
        "places.schools": [Choice("a", Text("甲校、分部", "A")), Choice("b", Text("乙校", "B"))],
        "places.regions": [
            Choice("x", Text("禾溪镇")),
            Choice("y", Text("东街村"), parent="x"),
            Choice("z", Text("松岚乡")),
        ],
    },
)
KINDS: dict[str, Any] = {
    "text": st.text("甲a =+-@、，1.", min_size=1, max_size=12),
    "integer": st.integers(-10_000, 10_000),
    "decimal": st.decimals(-1000, 1000, places=2).map(str),
    "money": st.decimals(0, 99_999, places=2).map(str),
    "date": st.dates().map(str),
    "time": st.times().map(lambda one: f"{one:%H:%M}"),
    "datetime": st.datetimes(min_value=NOW.replace(tzinfo=None)).map(
        lambda one: f"{one:%Y-%m-%d %H:%M}"
    ),
    "yes_no": st.booleans(),
    "lookup": st.sampled_from("ab"),
    "choices": st.lists(st.sampled_from("ab"), min_size=1),
    "address": st.fixed_dictionaries(
        {"region": st.sampled_from(["y", "z", "-"]), "detail": st.just("1号")}
    ),
}


@given(st.data())
@pytest.mark.parametrize("kind", KINDS)
def test_writing_and_reading_a_cell_undo_each_other(kind: str, data: st.DataObject) -> None:
    told: dict[str, Any] = {"name": "a", "type": kind, "label": "甲"}
    if kind in ("lookup", "choices"):
        told["choices_from"] = "places.schools"
    form = form_from_data({"id": "f", "title": "表", "pages": [{"fields": [told]}]})
    first = evaluate(form, {"a": data.draw(KINDS[kind])}, AROUND)
    if not first.data:
        return
    cell = written(form.fields["a"], first.data["a"], AROUND)
    again = evaluate(form, {"a": read_cell(form.fields["a"], cell, AROUND)}, AROUND)
    assert again.data == first.data


@pytest.mark.parametrize(
    ("kind", "cell", "code"),
    [
        ("cn_id", 149999195803151017, "digits"),
        ("cn_id", "1.49999E+17", "digits"),
        ("phone", 13812345678.5, "digits"),
        ("text", 10**15, "digits"),
        ("yes_no", "也许", "yes_no"),
        ("address", "河溪镇1号", "region"),
        ("lookup", "丙校", "unknown"),
    ],
)
def test_what_cannot_be_meant_is_not_guessed_at(kind: str, cell: Any, code: str) -> None:
    told = {"name": "a", "type": kind, "label": "甲"}
    told |= {"choices_from": "places.schools"} if kind == "lookup" else {}
    form = form_from_data({"id": "f", "title": "表", "pages": [{"fields": [told]}]})
    spec: Field = form.fields["a"]
    with pytest.raises(Misread) as why:
        read_cell(spec, cell, AROUND)
    assert why.value.code == code


def test_a_phone_that_excel_made_a_number_of_is_a_phone() -> None:
    form = form_from_data(
        {
            "id": "f",
            "title": "表",
            "pages": [{"fields": [{"name": "a", "type": "phone", "label": "甲"}]}],
        }
    )
    assert read_cell(form.fields["a"], 13812345678.0, AROUND) == "13812345678"
