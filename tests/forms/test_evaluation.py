"""What a form shows, computes, refuses and keeps."""

from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from forms.definition import Form
from forms.evaluation import evaluate, evaluate_page, visible_pages
from forms.loading import load_form
from forms.source import read_yaml
from forms.surroundings import Choice, Surroundings
from forms.text import Text
from forms.trial import try_form

AROUND = Surroundings(
    today=date(2026, 11, 23), choices={"places.schools": [Choice("s1", Text("一小"))]}
)
FILE = {"ref": "f1", "name": "证.jpg", "size": 12, "type": "image/jpeg"}
GOOD: dict[str, Any] = {
    "kind": "retired_teacher",
    "full_name": " 梁韵声 ",
    "id_number": "149999195803151017",
    "certificate": FILE,
    "specialties": ["opera"],
    "school": "s1",
    "since": "2026年12月1日",
    "agreed": True,
    "letter": {"typed": "梁韵声"},
}


def codes(form: Form, answers: dict[str, Any], page: int | None = None) -> set[str]:
    """Return the problems as `field/code`."""
    outcome = (
        evaluate(form, answers, AROUND)
        if page is None
        else evaluate_page(form, page, answers, AROUND)
    )
    return {f"{one.field}/{one.code}" for one in outcome.problems}


def made(fields: str, more: str = "") -> Form:
    """Make a form of one page with these fields."""
    lines = "".join(f"      - {line}\n" for line in fields.strip().split("\n"))
    text = f"id: f\ntitle: 表\npages:\n  - fields:\n{lines}{more}"
    return load_form(read_yaml(text, "f.yaml"))


def test_good_answers_are_kept_clean_and_json_ready(form: Form) -> None:
    assert try_form(form, GOOD, AROUND) == {
        "visible": [name for name in form.fields if name != "reason"],
        "computed": {"age": 68},
        "problems": [],
        "data": {**GOOD, "full_name": "梁韵声", "since": "2026-12-01", "age": 68},
    }


def test_kept_data_evaluate_to_themselves(form: Form) -> None:
    once = evaluate(form, GOOD, AROUND)
    assert evaluate(form, once.data, AROUND) == once


def test_what_is_hidden_reads_as_null_is_not_required_and_is_dropped(form: Form) -> None:
    outcome = evaluate(form, {**GOOD, "kind": "parent", "reason": "无"}, AROUND)
    assert "certificate" not in outcome.visible
    assert "certificate" not in outcome.data
    assert outcome.accepted


def test_hidden_answers_are_kept_where_the_field_says_so() -> None:
    form = made(
        "{name: a, type: yes_no, label: 甲}\n"
        "{name: b, type: text, label: 乙, show_if: a, when_hidden: keep}\n"
        "{name: c, type: text, label: 丙, show_if: 'b != None'}"
    )
    outcome = evaluate(form, {"b": "x", "c": "y"}, AROUND)
    assert (outcome.visible, outcome.data) == (("a",), {"b": "x"})


def test_visibility_and_computation_follow_the_graph_not_the_page() -> None:
    form = made(
        "{name: c, type: text, label: 丙, show_if: 'b > 2'}\n"
        "{name: b, type: decimal, label: 乙, compute: 'a / 2'}\n"
        "{name: a, type: integer, label: 甲, show_if: 'd'}\n"
        "{name: d, type: yes_no, label: 丁}"
    )
    assert evaluate(form, {"a": 5, "d": True}, AROUND).visible == ("c", "b", "a", "d")
    assert evaluate(form, {"a": 5, "d": True}, AROUND).computed == {"b": "2.5"}
    assert evaluate(form, {"a": 5, "d": False}, AROUND).visible == ("b", "d")


def test_a_computed_answer_that_is_sent_is_ignored(form: Form) -> None:
    assert evaluate(form, {**GOOD, "age": 5}, AROUND).computed == {"age": 68}


def test_a_whole_number_computed_with_a_fraction_rounds_half_to_even() -> None:
    form = made("{name: a, type: integer, label: 甲, compute: '5 / 2'}")
    assert evaluate(form, {}, AROUND).computed == {"a": 2}


def test_what_is_missing_is_asked_for_once(form: Form) -> None:
    assert codes(form, {}) == {
        "kind/required",
        "full_name/required",
        "id_number/required",
        "agreed/required",
        "letter/required",
    }
    assert "agreed/required" in codes(form, {**GOOD, "agreed": False})


def test_a_broken_rule_names_its_clause(form: Form) -> None:
    (problem,) = evaluate(form, {**GOOD, "id_number": "14999920150901401X"}, AROUND).problems
    assert problem.as_dict() == {
        "field": "id_number",
        "level": "block",
        "code": "too_young",
        "message": "须年满18周岁",
        "basis": "changzhi-2021/三(四)2",
    }


def test_a_rule_over_a_wrong_answer_waits_until_the_answer_is_right(form: Form) -> None:
    assert codes(form, {**GOOD, "id_number": "149999195803151018"}) == {
        "id_number/cn_id_check_digit"
    }


def test_a_rule_to_be_explained_does_not_block(form: Form) -> None:
    parent = {key: value for key, value in GOOD.items() if key != "specialties"}
    outcome = evaluate(form, {**parent, "kind": "parent"}, AROUND)
    assert [(one.code, one.level, one.field) for one in outcome.problems] == [
        ("check", "explain", None)
    ]
    assert outcome.accepted


def test_a_rule_about_hidden_fields_only_does_not_apply() -> None:
    form = made(
        "{name: a, type: yes_no, label: 甲}\n{name: b, type: integer, label: 乙, show_if: a}",
        "    checks: [{expr: 'b > 3', message: 太少}]",
    )
    assert codes(form, {"a": False}) == set()
    assert codes(form, {"a": True, "b": 2}) == {"None/check"}


def test_a_rule_that_points_at_a_hidden_field_does_not_apply() -> None:
    form = made(
        "{name: a, type: yes_no, label: 甲}\n{name: b, type: integer, label: 乙, show_if: a}",
        "    checks: [{expr: 'a == True and b > 3', message: 太少, field: b}]",
    )
    assert codes(form, {"a": False}) == set()
    assert codes(form, {"a": True, "b": 2}) == {"b/check"}


def test_a_hidden_value_is_never_shown_as_computed_even_where_it_is_kept() -> None:
    form = made(
        "{name: a, type: yes_no, label: 甲}\n"
        "{name: b, type: integer, label: 乙, show_if: a, compute: '1 + 1', when_hidden: keep}"
    )
    outcome = evaluate(form, {}, AROUND)
    assert (outcome.computed, outcome.data) == ({}, {"b": 2})


def test_a_flood_of_unknown_answers_is_reported_in_a_few_words(form: Form) -> None:
    flood = {f"x{n}" * 99: n for n in range(5000)}
    problems = evaluate(form, {**GOOD, **flood}, AROUND).problems
    assert len(problems) == 20
    assert all(len(one.message) < 120 for one in problems)


def test_an_unknown_answer_is_a_problem_and_notes_take_none(form: Form) -> None:
    assert codes(form, {**GOOD, "spy": 1, "rules": "x"}) == {
        "spy/unknown_field",
        "rules/unknown_field",
    }


def test_a_page_is_judged_by_itself_and_by_the_rules_it_completes(form: Form) -> None:
    assert codes(form, {}, page=0) == {"kind/required", "full_name/required", "id_number/required"}
    assert codes(form, {"kind": "parent"}, page=1) == {"None/check"}
    assert codes(form, {"since": "2026-01-01"}, page=1) == {"since/too_early"}
    assert codes(form, GOOD, page=2) == set()


def test_a_page_on_which_nothing_shows_is_passed_over() -> None:
    text = """
id: f
title: 表
pages:
  - {fields: [{name: a, type: yes_no, label: 甲}]}
  - {fields: [{name: b, type: text, label: 乙, show_if: a}]}
  - {fields: [{name: c, type: note, text: 完}]}
"""
    form = load_form(read_yaml(text, "f.yaml"))
    assert visible_pages(form, evaluate(form, {}, AROUND)) == (0, 2)
    assert visible_pages(form, evaluate(form, {"a": True}, AROUND)) == (0, 1, 2)
    nothing = made("{name: a, type: yes_no, label: 甲, show_if: 'False'}")
    assert visible_pages(nothing, evaluate(nothing, {}, AROUND)) == (0,)


def test_a_rule_waits_for_the_page_that_asks_the_last_thing_it_reads() -> None:
    text = """
id: f
title: 表
pages:
  - fields: [{name: a, type: integer, label: 甲}]
    checks: [{expr: 'a < double', message: 太大}]
  - fields: [{name: b, type: integer, label: 乙}]
conditions: {}
"""
    text = text.replace("label: 甲}]", "label: 甲}, {name: double, type: integer, label: 双, "
                        "compute: 'b * 2'}]")  # fmt: skip
    form = load_form(read_yaml(text, "f.yaml"))
    assert codes(form, {"a": 9, "b": 1}, page=0) == set()
    assert codes(form, {"a": 9, "b": 1}, page=1) == {"None/check"}


def test_messages_speak_the_callers_language(form: Form) -> None:
    english = evaluate(form, {}, replace(AROUND, language="en")).problems[0]
    assert (english.message, english.code) == ("Please choose one", "required")
    assert evaluate(form, {}, AROUND).problems[0].message == "请您选一项"


_ANSWER = (
    st.sampled_from([value for value in GOOD.values() if not isinstance(value, list | dict)])
    | st.none()
    | st.booleans()
    | st.text()
    | st.lists(st.text(max_size=9), max_size=2)
)


@given(answers=st.dictionaries(st.sampled_from([*GOOD, "age", "reason", "x"]), _ANSWER))
def test_any_answers_evaluate_and_what_is_kept_stays(form: Form, answers: dict[str, Any]) -> None:
    outcome = evaluate(form, answers, AROUND)
    assert set(outcome.data) <= set(outcome.visible)
    again = evaluate(form, outcome.data, AROUND)
    assert (again.data, again.visible) == (outcome.data, outcome.visible)
