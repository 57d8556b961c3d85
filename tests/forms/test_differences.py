"""A changed form says every difference, weighs it, and carries answers without losing any."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.carrying import AnswerMap, carry, uncovered
from forms.definition import Form, form_from_data
from forms.differences import fields_by_name, form_differences
from forms.surroundings import Choice, Surroundings
from forms.text import Text
from tests.forms.changed import ANY, COMPATIBLE, changed, edits

AROUND = Surroundings(
    today=date(2026, 9, 1), demo=True, choices={"places.schools": [Choice("s1", Text("一小"))]}
)
ANSWERS: dict[str, Any] = {
    "kind": "parent",
    "full_name": "周喆",
    "id_number": "149999195803151017",
    "specialties": ["opera", "crafts"],
    "school": "s1",
    "since": "2026-09-10",
    "agreed": True,
    "letter": {"typed": "周喆"},
}


def after(form: Form, **fields: Any) -> Form:
    """Return the form with keys of its fields changed; None removes a key, `...` the field."""
    data = json.loads(json.dumps(form.data))
    for name, keys in fields.items():
        for page in data["pages"]:
            for field in list(page["fields"]):
                if field["name"] == name and keys is ...:
                    page["fields"].remove(field)
                elif field["name"] == name:
                    field.update(keys)
    return form_from_data(data)


def said(before: Form, now: Form) -> dict[str, str]:
    return {each.words.zh: each.weight for each in form_differences(before.data, now.data)}


def test_an_unchanged_form_has_no_differences(form: Form) -> None:
    assert form_differences(form.data, json.loads(json.dumps(form.data))) == ()
    assert carry(form, form, ANSWERS, AROUND).answers == ANSWERS


@pytest.mark.parametrize(
    ("name", "keys", "words", "weight"),
    [
        ("full_name", {"label": "您的姓名"}, "“姓名”改称“您的姓名”", "compatible"),
        ("full_name", {"required": False}, "“姓名”改为选填", "compatible"),
        ("full_name", {"type": "long_text"}, "“姓名”的填写方式改了", "compatible"),
        ("full_name", {"type": "integer", "max_length": None}, "“姓名”的填写方式改了", "mapping"),
        ("full_name", ..., "取消“姓名”", "mapping"),
        ("rules", ..., "取消“请阅读承诺书”", "compatible"),
        ("id_number", {"unique": None}, "“身份证号”是否允许重复改了", "refused"),
        ("id_number", {"privacy": None}, "“身份证号”不再加密保护", "refused"),
        ("agreed", {"text": "我同意每年查一次"}, "“我同意从业查询”改了文字", "mapping"),
        ("reason", {"show_if": "kind == 'parent'"}, "“想说的话”改了出现的条件", "compatible"),
    ],
)
def test_each_change_is_said_and_weighed(
    form: Form, name: str, keys: Any, words: str, weight: str
) -> None:
    assert said(form, after(form, **{name: keys}))[words] == weight


def test_choices_are_compared_one_by_one(form: Form) -> None:
    choices = [{"value": "opera", "label": "上党梆子"}, {"value": "chess", "label": "象棋"}]
    words = said(form, after(form, specialties={"choices": choices}))
    assert words == {
        "“特长”取消选项“书法”": "mapping",
        "“特长”的选项“戏曲”改称“上党梆子”": "compatible",
        "“特长”取消选项“手工”": "mapping",
        "“特长”新增选项“象棋”": "compatible",
    }


def test_an_answer_without_a_place_is_left_behind_and_named(form: Form) -> None:
    now = after(
        form, full_name=..., agreed={"text": "另一段文字"}, since={"type": "integer", "min": None}
    )
    carried = carry(form, now, ANSWERS, AROUND)
    assert set(ANSWERS) - set(carried.answers) == {"full_name", "agreed", "since"}
    assert {each.name: each.value for each in carried.left} == {
        "full_name": "周喆", "agreed": True, "since": "2026-09-10",
    }  # fmt: skip


def test_a_declared_mapping_carries_renamed_fields_and_choices(form: Form) -> None:
    data = json.loads(json.dumps(form.data).replace('"full_name"', '"name_on_card"'))
    data["pages"][1]["fields"][0]["choices"] = [{"value": "stage", "label": "戏曲曲艺"}]
    now = form_from_data(data)
    mapping = AnswerMap({"full_name": "name_on_card"}, {"specialties": {"opera": "stage"}})
    assert [each.choice for each in uncovered(form, now, mapping)] == ["calligraphy", "crafts"]
    carried = carry(form, now, ANSWERS, AROUND, mapping)
    assert carried.answers["name_on_card"] == "周喆"
    assert carried.answers["specialties"] == ["stage"]
    assert [each.value for each in carried.left] == [["crafts"]]


ANSWERED = st.fixed_dictionaries(
    {},
    optional={
        "kind": st.sampled_from(["retired_teacher", "parent", "citizen"]),
        "full_name": st.text("甲乙丙12", min_size=1, max_size=8),
        "specialties": st.lists(
            st.sampled_from(["calligraphy", "opera", "crafts"]), unique=True, min_size=1
        ),
        "school": st.just("s1"),
        "since": st.just("2026-10-01"),
        "reason": st.text("愿意", min_size=1, max_size=60),
        "agreed": st.just(True),
        "letter": st.just({"typed": "周喆"}),
    },
)


def meaning(form: Form, name: str, value: Any) -> Any:
    """Return what an answer says to its reader: the question's words and the answer's."""
    field = fields_by_name(form.data)[name]
    labels = {one["value"]: one["label"] for one in field.get("choices") or ()}
    words = [labels.get(each, each) for each in value] if isinstance(value, list) else value
    said_so = (
        words
        if isinstance(value, list)
        else labels.get(value, value)
        if isinstance(value, str)
        else value
    )
    agreed = field.get("text") if field["type"] in ("consent", "signature") else None
    return [field.get("label"), said_so, agreed]


@given(edits(ANY), ANSWERED)
@settings(max_examples=300, deadline=None)
def test_nothing_changes_its_meaning_or_is_dropped_unsaid(
    form: Form, made: list[Any], answers: dict[str, Any]
) -> None:
    now = form_from_data(changed(dict(form.data), made))
    carried = carry(form, now, answers, AROUND)
    told = {each.field for each in carried.changes}
    left = {each.name for each in carried.left}
    for name, value in answers.items():
        if name not in carried.answers:
            assert name in left
        elif meaning(form, name, value) != meaning(now, name, carried.answers[name]):
            assert name in left | told


@given(edits(COMPATIBLE), ANSWERED)
@settings(max_examples=200, deadline=None)
def test_a_compatible_change_keeps_every_answer(
    form: Form, made: list[Any], answers: dict[str, Any]
) -> None:
    now = form_from_data(changed(dict(form.data), made))
    differences = form_differences(form.data, now.data)
    assert all(each.weight == "compatible" for each in differences)
    carried = carry(form, now, answers, AROUND)
    assert (dict(carried.answers), carried.left) == (answers, ())
    assert bool(differences) == (form.hash != now.hash)
