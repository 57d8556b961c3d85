"""Definitions: every flaw at once, at its line, with what was meant."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.definition import Form, form_from_data
from forms.loading import load_form
from forms.problems import DefinitionError
from forms.source import Source, read_yaml
from forms.trial import run_tests

HERE = Path(__file__).parent
ONE_PAGE = "id: f\ntitle: 表\npages:\n  - fields:\n"


def flaws(fields: str, more: str = "") -> list[str]:
    """Return the flaws of a form with these fields, as `line: message`."""
    lines = "".join(f"      - {line}\n" for line in fields.strip().split("\n"))
    try:
        load_form(read_yaml(ONE_PAGE + lines + more, "f.yaml"))
    except DefinitionError as error:
        return [str(flaw).removeprefix("f.yaml:") for flaw in error.flaws]
    return []


def test_the_example_loads_and_its_own_tests_hold(form: Form, source: Source) -> None:
    assert list(form.fields)[:3] == ["kind", "full_name", "id_number"]
    assert run_tests(form, source) == []


def test_equal_data_make_equal_forms_named_by_one_hash(form: Form, source: Source) -> None:
    again = form_from_data(source.data)
    assert (again, hash(again), len(again.hash)) == (form, hash(form), 64)
    assert again != form_from_data({**source.data, "title": "别的"})


def test_all_flaws_are_reported_together_in_file_order() -> None:
    found = flaws(
        """
        {name: a, type: text, labels: 甲}
        {name: b, type: integr, label: 乙}
        {name: c, type: text, label: 丙, show_if: 'd == "x"'}
        """.replace("        ", "")
    )
    assert [one.split(":")[0] for one in found] == ["5", "5", "6", "7"]
    assert any("did you mean label?" in one for one in found)
    assert any("did you mean integer?" in one for one in found)


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        line.split(" | ")
        for line in (HERE / "flawed_fields.txt").read_text("utf-8").splitlines()
        if not line.startswith("#")
    ],
)
def test_a_field_that_cannot_be_meant_is_a_flaw(said: str, fields: str) -> None:
    found = flaws(fields.replace(" \\ ", "\n"))
    assert any(said in one for one in found), found


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("    checks: [{expr: 'a == \"x\"', message: 不行, field: bb}]", "there is no field “bb”"),
        ("    checks: [{expr: 'a == \"x\"'}]", "“message” is missing"),
        ("    checks: [{expr: 'c', message: 不行}]", "“c” is not known"),
        ("    checks: [{expr: 'a', message: 不行}]", "gives a text where yes or no"),
        ("    checks: [{expr: 'True', message: 不行, level: warn}]", "one of block, explain"),
        ("conditions: {a: 'True'}", "stands twice"),
        ("conditions: {c: 'd', d: 'c'}", "depend on each other"),
        ("conditions: [x]", "names with values are expected"),
        ("tests: [{answers: {}, hidden: [b]}]", "there is no field “b”"),
        ("tests: [{answers: {}, today: 2026-02-30}]", "a date as"),
        ("tests: [{}]", "“answers” is missing"),
        ("page: 1", "did you mean pages?"),
    ],
)
def test_a_rule_that_cannot_be_meant_is_a_flaw(more: str, said: str) -> None:
    found = flaws("{name: a, type: text, label: 甲}", more)
    assert any(said in one for one in found), found


def test_a_test_of_the_form_that_fails_is_told_at_its_line(source: Source) -> None:
    data = {**source.data, "tests": [{"answers": {"kind": "parent"}, "visible": ["certificate"]}]}
    found = run_tests(form_from_data(data), Source(source.file, data, source._marks))  # noqa: SLF001
    assert [one.message for one in found] == ["test 1: certificate should be visible"]
    assert found[0].position == source.at("tests", 0)


@pytest.mark.parametrize(
    ("expected", "said"),
    [
        ({"problems": ["full_name", "kind/required"]}, "the problem kind/required should be found"),
        ({"problems": []}, "the problem full_name/required should not be found"),
        ({"hidden": ["kind"]}, "kind should be hidden"),
        ({"computed": {"age": 5}}, "age should be 5, not None"),
    ],
)
def test_each_expectation_of_a_forms_test_can_fail(
    source: Source, expected: dict[str, Any], said: str
) -> None:
    test = {"name": "试", "answers": {"kind": "parent"}, **expected}
    found = run_tests(form_from_data({**source.data, "tests": [test]}))
    assert f"test 1 (试): {said}" in [one.message for one in found]


_JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


def _paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value)
    inner = [
        one
        for key, each in items
        for one in (_paths(each, (*path, key)) if isinstance(each, dict | list) else [(*path, key)])
    ]
    return [path, *inner] if path else inner


@settings(max_examples=300)
@given(junk=_JUNK, data=st.data())
def test_junk_anywhere_in_a_definition_is_a_definition_error_or_a_form(
    junk: Any, data: st.DataObject, source: Source
) -> None:
    spoiled = _spoiled(source.data, data.draw(st.sampled_from(_paths(source.data))), junk)
    try:
        loaded = load_form(Source("f.yaml", spoiled))
    except DefinitionError:
        return
    run_tests(loaded)


def _spoiled(value: Any, path: tuple[Any, ...], junk: Any) -> Any:
    if not path:
        return junk
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = _spoiled(value[path[0]], path[1:], junk)
    return copy
