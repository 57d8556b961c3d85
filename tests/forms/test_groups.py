"""Groups: rows with rules of their own, and what the rest of the form reads of them."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.definition import Form
from forms.evaluation import Outcome, evaluate, evaluate_page
from forms.loading import load_form
from forms.problems import DefinitionError
from forms.source import read_yaml
from forms.surroundings import Surroundings

AROUND = Surroundings(today=date(2026, 11, 23))
HOUSEHOLD = """
id: household
title: 家庭
pages:
  - fields:
      - {name: town, type: text, label: 乡镇}
      - name: members
        type: group
        label: 家庭成员
        row_label: 成员
        min_rows: 1
        max_rows: 3
        fields:
          - {name: name, type: text, label: 姓名, required: true}
          - {name: born, type: date, label: 出生日期}
          - {name: age, type: integer, label: 年龄, compute: 'age_on(row.born, today)'}
          - {name: school, type: text, label: 学校, show_if: 'row.age < 18', required: true}
          - name: bus
            type: yes_no
            label: 坐校车
            show_if: 'row.school != None and town == "松岚乡"'
          - {name: note, type: text, label: 备注, show_if: has_child, when_hidden: keep}
          - {name: id_number, type: cn_id, label: 身份证号, privacy: {class: identity}}
        checks:
          - expr: 'is_empty(row.born) or row.born <= today'
            message: 不能晚于今天
            field: born
            code: future
          - {expr: 'town == None or row.name != town', message: 姓名不能与乡镇相同, code: same}
  - fields:
      - {name: children, type: integer, label: 孩子, compute: 'count(members, row.age < 18)'}
      - {name: years, type: integer, label: 总年龄, compute: 'sum(members, row.age)'}
      - {name: eldest, type: date, label: 最早, compute: 'min(members, row.born)'}
      - name: thanks
        type: note
        text: 谢谢
        show_if: 'any(members, row.bus) or count(members) == 3'
    checks:
      - {expr: 'all_different(members, row.name)', message: 姓名重复了, field: members, code: twice}
conditions: {has_child: 'town != None'}
"""


@pytest.fixture(scope="module")
def household() -> Form:
    return load_form(read_yaml(HOUSEHOLD, "household.yaml"))


def outcome(form: Form, *rows: dict[str, Any], **answers: Any) -> Outcome:
    return evaluate(form, {"members": list(rows), **answers}, AROUND)


def found(result: Outcome) -> list[str]:
    return [f"{one.field}/{one.code}" for one in result.problems]


ADULT = {"name": "梁韵声", "born": "1958-03-15"}
CHILD = {"name": "小梁", "born": "2015-09-01", "school": "一小"}


def test_each_row_shows_and_computes_by_its_own_answers(household: Form) -> None:
    result = outcome(household, ADULT, CHILD)
    assert [row.visible for row in result.rows["members"]] == [
        ("name", "born", "age", "id_number"),
        ("name", "born", "age", "school", "id_number"),
    ]
    assert [row.computed for row in result.rows["members"]] == [{"age": 68}, {"age": 11}]
    assert result.data["members"] == [{**ADULT, "age": 68}, {**CHILD, "age": 11}]
    assert found(result) == []


def test_a_rule_in_a_row_reads_the_rest_of_the_form_bare(household: Form) -> None:
    result = outcome(household, CHILD, town="松岚乡")
    assert "bus" in result.rows["members"][0].visible


def test_functions_go_through_the_rows(household: Form) -> None:
    result = outcome(household, ADULT, CHILD)
    assert result.computed == {"children": 1, "years": 79, "eldest": "1958-03-15"}
    assert "thanks" not in result.visible
    assert "thanks" in outcome(household, {**CHILD, "bus": True}, town="松岚乡").visible


def test_of_no_rows_the_sum_is_null_and_the_count_nothing(household: Form) -> None:
    assert outcome(household).computed == {"children": 0}


def test_a_problem_stands_at_its_row_and_field(household: Form) -> None:
    result = outcome(household, ADULT, {"born": "2015-09-01"})
    assert found(result) == ["members.1.name/required", "members.1.school/required"]


def test_a_rows_check_names_the_row_or_its_field(household: Form) -> None:
    future = {"name": "未来", "born": "2027-01-01"}
    result = outcome(
        household, ADULT, future, {"name": "松岚乡", "born": "1990-01-01"}, town="松岚乡"
    )
    assert found(result) == ["members.1.born/future", "members.2/same"]


def test_a_rows_check_waits_while_what_it_reads_is_wrong(household: Form) -> None:
    assert found(outcome(household, {"name": "梁", "born": "明天"})) == ["members.0.born/not_date"]


def test_a_blank_row_counts_for_nothing_and_is_not_kept(household: Form) -> None:
    blank: dict[str, Any] = {"name": "", "born": None}
    result = outcome(household, blank, ADULT, blank)
    assert result.data["members"] == [{**ADULT, "age": 68}]
    assert [row.blank for row in result.rows["members"]] == [True, False, True]
    assert found(result) == []


def test_rows_are_counted_against_the_bounds(household: Form) -> None:
    many = [{"name": f"甲{n}"} for n in range(4)]
    assert found(outcome(household, *many)) == ["members/too_many_rows"]
    required = HOUSEHOLD.replace("min_rows: 1", "min_rows: 2\n        required: true")
    form = load_form(read_yaml(required, "f.yaml"))
    assert found(outcome(form)) == ["members/required"]
    assert found(outcome(form, ADULT)) == ["members/too_few_rows"]
    assert found(outcome(form, ADULT, CHILD)) == []


def test_a_check_over_all_rows_stands_at_the_group(household: Form) -> None:
    assert found(outcome(household, ADULT, ADULT)) == ["members/twice"]


def test_what_nobody_asked_for_in_a_row_is_refused(household: Form) -> None:
    assert found(outcome(household, {**ADULT, "salary": 1})) == ["members.0.salary/unknown_field"]


@pytest.mark.parametrize("sent", ["x", 5, {"a": 1}, [1], ["x"], [[]]])
def test_rows_that_are_no_rows_are_refused(household: Form, sent: Any) -> None:
    assert found(evaluate(household, {"members": sent}, AROUND)) == ["members/rows_shape"]


def test_a_row_is_judged_on_its_groups_page(household: Form) -> None:
    bad = {"members": [{"born": "2027-01-01"}]}
    assert [one.field for one in evaluate_page(household, 0, bad, AROUND).problems] == [
        "members.0.name",
        "members.0.born",
    ]
    assert evaluate_page(household, 1, bad, AROUND).problems == ()


def test_a_hidden_field_of_a_row_is_dropped_unless_it_says_keep(household: Form) -> None:
    row = {"name": "梁", "school": "一小", "note": "记得"}
    assert outcome(household, row).data["members"] == [{"name": "梁", "note": "记得"}]


def test_a_group_with_a_personal_column_is_personal(household: Form) -> None:
    assert household.fields["members"].is_personal
    assert not household.fields["town"].is_personal


def test_a_hidden_group_reads_as_null_and_is_kept_where_it_says_so() -> None:
    text = """
id: f
title: 表
pages:
  - fields:
      - {name: more, type: yes_no, label: 有}
      - name: a
        type: group
        label: 甲
        show_if: more
        fields: [{name: n, type: integer, label: 数}]
      - name: b
        type: group
        label: 乙
        show_if: more
        when_hidden: keep
        fields: [{name: n, type: integer, label: 数}]
      - {name: sum_a, type: integer, label: 和, compute: 'sum(a, row.n)'}
      - {name: sum_b, type: integer, label: 和, compute: 'sum(b, row.n)'}
"""
    form = load_form(read_yaml(text, "f.yaml"))
    rows = {"a": [{"n": 1}], "b": [{"n": "2"}]}
    shown = evaluate(form, {**rows, "more": True}, AROUND)
    assert shown.computed == {"sum_a": 1, "sum_b": 2}
    hidden = evaluate(form, {**rows, "more": False}, AROUND)
    assert (hidden.computed, hidden.rows) == ({}, {})
    assert hidden.data == {"more": False, "b": [{"n": 2}]}


@given(st.lists(st.fixed_dictionaries({"name": st.text("甲乙", max_size=2), "born": st.dates()})))
def test_accepted_rows_evaluate_to_themselves(rows: list[dict[str, Any]]) -> None:
    form = load_form(read_yaml(HOUSEHOLD, "household.yaml"))
    given_rows = [{**row, "born": row["born"].isoformat()} for row in rows]
    once = outcome(form, *given_rows)
    asked = [
        {name: value for name, value in row.items() if name != "age"}
        for row in once.data.get("members", ())
    ]
    if not once.problems:
        assert outcome(form, *asked).data == once.data


def flaws(group: str, more: str = "") -> list[str]:
    """Return the flaws of a form with one group of this text, and fields after it."""
    head = "id: f\ntitle: 表\npages:\n  - fields:\n"
    text = f"{head}      - {{name: g, type: group, label: 组, {group}}}\n{more}"
    try:
        load_form(read_yaml(text, "f.yaml"))
    except DefinitionError as error:
        return [flaw.message + "|" + flaw.suggestion for flaw in error.flaws]
    return []


N = "{name: n, type: integer, label: 数}"


@pytest.mark.parametrize(
    ("said", "group", "more"),
    [
        ("needs “fields”", "min_rows: 1", ""),
        ("more than “max_rows”", f"min_rows: 3, max_rows: 2, fields: [{N}]", ""),
        (
            "stands in no other group",
            "fields: [{name: x, type: group, label: 乙, required: true}]",
            "",
        ),
        ("twice in this group", f"fields: [{N}, {N}]", ""),
        (
            "row has no “nr”|row.n",
            f"fields: [{N}, {{name: b, type: text, label: 乙, show_if: 'row.nr > 1'}}]",
            "",
        ),
        (
            "“n” is not known here",
            f"fields: [{N}, {{name: b, type: text, label: 乙, show_if: 'n > 1'}}]",
            "",
        ),
        (
            "depend on each other: g.a → g.a",
            "fields: [{name: a, type: integer, label: 甲, compute: 'row.a + 1'}]",
            "",
        ),
        (
            "depend on each other",
            f"fields: [{N}, {{name: b, type: integer, label: 乙, compute: 'count(g)'}}]",
            "",
        ),
        (
            "the rows have no field “nr”|n",
            f"fields: [{N}], checks: [{{expr: 'row.n > 1', message: 错, field: nr}}]",
            "",
        ),
        (
            "a number where yes or no",
            f"fields: [{N}], checks: [{{expr: 'row.n', message: 错}}]",
            "",
        ),
        (
            "the key “unique” is not known",
            "fields: [{name: a, type: text, label: 甲, unique: county}]",
            "",
        ),
        ("is given, never computed|", f"fields: [{N}], compute: '1'", ""),
        (
            "asked of each row must be a number",
            "fields: [{name: a, type: text, label: 甲}]",
            "      - {name: s, type: integer, label: 和, compute: 'sum(g, row.a)'}\n",
        ),
        (
            "expression with row.…",
            f"fields: [{N}]",
            "      - {name: s, type: integer, label: 和, compute: 'sum(g)'}\n",
        ),
        (
            "no names with a dot",
            f"fields: [{N}]",
            "      - {name: s, type: text, label: 和, show_if: 'row.n > 1'}\n",
        ),
        (
            "“x” is not among the choices of c|",
            "fields: [{name: c, type: choice, label: 选, choices: [{value: y, label: 一}]}]",
            "      - {name: s, type: text, label: 和, show_if: 'any(g, row.c == \"x\")'}\n",
        ),
        (
            "repeated rows cannot be compared",
            f"fields: [{N}]",
            "      - {name: s, type: text, label: 和, show_if: 'g == g'}\n",
        ),
    ],
)
def test_a_flaw_of_a_group_is_named(said: str, group: str, more: str) -> None:
    assert any(said in one for one in flaws(group, more)), flaws(group, more)


@pytest.mark.parametrize("rule", ["count(a, b, 3 > 2)", "max(b, 3)", "count(a, true_one)"])
def test_a_function_of_plain_fields_goes_through_no_rows(rule: str) -> None:
    fields = "{name: a, type: text, label: 甲}, {name: b, type: integer, label: 乙}"
    last = f"{{name: c, type: integer, label: 丙, compute: '{rule}'}}"
    pages = f"conditions: {{true_one: 'b > 0'}}, pages: [{{fields: [{fields}, {last}]}}]"
    text = f"{{id: f, title: 表, {pages}}}"
    form = load_form(read_yaml(text, "form.yaml"))
    result = evaluate(form, {"a": "x", "b": 3}, Surroundings(date(2026, 11, 23)))
    assert result.computed["c"] in (2, 3)
