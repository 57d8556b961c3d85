"""A county's changed copy: what it may change, and what happens when the form moves on."""

import json
from typing import Any

import pytest
from hypothesis import given, settings

from forms.copies import laid_over, load_copy
from forms.copy_conflicts import conflicts, copy_flaws
from forms.definition import Form, form_from_data
from forms.differences import fields_by_name
from forms.loading import load_form
from forms.problems import DefinitionError
from forms.source import Source, read_yaml
from tests.forms.changed import COMPATIBLE, changed, edits

COPY = """
of: registration
title: 青禾县志愿者登记
texts:
  full_name: {label: 您的姓名, hint: 和身份证上的一样}
choices:
  specialties:
    relabel: {opera: 上党梆子}
    add: [{value: stacked_brocade, label: 堆锦}]
    withdraw: [crafts]
add:
  - {after: full_name, field: {name: village, type: text, label: 所在村}}
hide: [since]
order: [school, specialties]
"""


@pytest.fixture
def changes() -> Any:
    return load_copy(read_yaml(COPY, "copy.yaml"))


def copied(form: Form, changes: Any) -> Form:
    return load_form(Source("copy", laid_over(form.data, changes)))


def test_a_copy_is_the_form_with_its_changes_and_loads(form: Form, changes: Any) -> None:
    own = copied(form, changes)
    fields = fields_by_name(own.data)
    assert own.title.zh == "青禾县志愿者登记"
    assert (fields["full_name"]["label"], fields["full_name"]["max_length"]) == ("您的姓名", 50)
    labels = {one["value"]: one["label"] for one in fields["specialties"]["choices"]}
    assert labels == {"calligraphy": "书法", "opera": "上党梆子", "stacked_brocade": "堆锦"}
    assert [one.name for one in own.pages[0].fields][:3] == ["kind", "full_name", "village"]
    assert [one.name for one in own.pages[1].fields][:2] == ["school", "specialties"]
    assert own.fields["since"].show_if is not None
    assert form.data == json.loads(json.dumps(form.data))  # the form itself stays as it was


def test_what_may_not_be_changed_is_refused_with_its_line(form: Form) -> None:
    data = json.loads(json.dumps(form.data))
    fields_by_name(data)["id_number"]["locked"] = True
    source = read_yaml(
        "of: registration\ntexts: {id_number: {label: 证件号}, fullname: {label: 名}}\n"
        "hide: [school, id_number]\nadd:\n  - field: {name: kind, type: text, label: 类}\n"
        "choices: {specialties: {withdraw: [singing]}}\n",
        "copy.yaml",
    )
    found = [str(each) for each in copy_flaws(data, load_copy(source), source, {"school"})]
    assert found == [
        "copy.yaml:2:9: “id_number” is locked: it cannot be changed here",
        "copy.yaml:2:34: there is no field “fullname”",
        "copy.yaml:3:8: the workflow rests on “school”; it cannot be hidden",
        "copy.yaml:3:16: “id_number” is locked: it cannot be changed here",
        "copy.yaml:5:13: the form has a field “kind” already",
        "copy.yaml:6:11: “singing” is not among the choices of specialties",
    ]


def test_a_misshapen_copy_says_what_was_meant() -> None:
    with pytest.raises(DefinitionError, match="did you mean texts"):
        load_copy(read_yaml("of: registration\ntextes: {}\n", "copy.yaml"))


@given(edits(COMPATIBLE))
@settings(max_examples=200, deadline=None)
def test_a_copy_inherits_a_later_version_or_says_the_conflict(form: Form, made: Any) -> None:
    changes = load_copy(read_yaml(COPY, "copy.yaml"))
    later = form_from_data(changed(dict(form.data), made))
    mine, theirs = fields_by_name(laid_over(later.data, changes)), fields_by_name(later.data)
    assert mine["full_name"]["label"] == "您的姓名"
    for name, field in theirs.items():
        if name not in ("full_name", "specialties", "since"):
            assert mine[name] == field  # everything the county did not touch is the later version's
    touched = {edit.__name__ for edit, _ in made}
    if not touched & {"relabel", "hint", "relabel_choice"}:
        assert conflicts(form.data, later.data, changes) == []


def test_what_both_sides_changed_is_a_conflict(form: Form, changes: Any) -> None:
    data = json.loads(json.dumps(form.data))
    fields = fields_by_name(data)
    fields["full_name"]["label"] = "姓名（与身份证一致）"
    fields["specialties"]["choices"][1]["label"] = "戏曲曲艺"
    fields["since"]["locked"] = True
    data["pages"][0]["fields"].append({"name": "village", "type": "text", "label": "村"})
    assert [each.zh for each in conflicts(form.data, data, changes)] == [
        "新版不许再改“从哪天起”",
        "新版和本级都改了“姓名（与身份证一致）”的文字",
        "新版和本级都改了“特长”的选项",
        "新版也新增了“村”",
    ]
