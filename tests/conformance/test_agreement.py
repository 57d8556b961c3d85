"""Server and browser agree on whole forms made up at random, row by row."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page

from core.web.assets import load
from forms.browser import rules_for_browser
from forms.definition import form_from_data
from forms.evaluation import evaluate
from forms.loading import load_form
from forms.source import Source
from forms.surroundings import Surroundings
from tests.conformance.forms_at_random import forms_and_answers

AROUND = Surroundings(today=date(2026, 11, 23))
RUNNER = """cases => cases.map(({ rules, answers }) => {
  const state = KehouForms.settle(rules.order, (node) => answers[node.name], rules.today);
  const rows = {};
  for (const name of Object.keys(state.rows)) {
    rows[name] = state.rows[name].map((row) => (
      { visible: row.visible, computed: row.computed, blank: row.blank }));
  }
  return { visible: state.visible, computed: state.computed, rows };
})"""
Case = tuple[dict[str, Any], dict[str, Any]]


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    page.set_content("<p>空</p>")
    page.add_script_tag(content=load("forms.js").plain.decode())
    yield page
    page.close()


def on_the_server(case: Case) -> dict[str, Any]:
    """Return what shows of the fields under rules, what is computed, and each row's."""
    form = form_from_data(case[0])
    outcome = evaluate(form, case[1], AROUND)
    ruled = [node["name"] for node in rules_for_browser(form, 0, {}, AROUND)["order"]]
    return {
        "visible": [name for name in ruled if name in outcome.visible],
        "computed": dict(outcome.computed),
        "rows": {
            name: [
                {"visible": sorted(row.visible), "computed": dict(row.computed), "blank": row.blank}
                for row in rows
            ]
            for name, rows in outcome.rows.items()
            if name in ruled
        },
    }


def in_the_browser(page: Page, cases: list[Case]) -> list[dict[str, Any]]:
    sent = [
        {"rules": rules_for_browser(form_from_data(data), 0, {}, AROUND), "answers": answers}
        for data, answers in cases
    ]
    found: list[dict[str, Any]] = page.evaluate(RUNNER, sent)
    for one in found:
        for row in (row for rows in one["rows"].values() for row in rows):
            row["visible"].sort()
    return found


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    phases=[Phase.generate],  # a whole form is small enough to read as it is
)
@given(cases=st.lists(forms_and_answers(), min_size=4, max_size=12))
def test_both_agree_on_what_shows_and_what_is_computed(page: Page, cases: list[Case]) -> None:
    for data, answers in cases:
        load_form(Source("random", data))
        problems = evaluate(form_from_data(data), answers, AROUND).problems
        assert [one for one in problems if one.code == "unknown_field"] == []
    for case, found in zip(cases, in_the_browser(page, cases), strict=True):
        assert found == on_the_server(case), case


def test_the_forms_made_up_are_not_all_alike() -> None:
    seen = {"hidden": 0, "computed": 0, "rows": 0, "shown row": 0}

    @settings(
        max_examples=200,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
        database=None,
    )
    @given(forms_and_answers())
    def look(case: Case) -> None:
        form = form_from_data(case[0])
        outcome = evaluate(form, case[1], AROUND)
        seen["hidden"] += len(outcome.visible) < len(form.fields)
        seen["computed"] += bool(outcome.computed)
        rows = [row for rows in outcome.rows.values() for row in rows]
        seen["rows"] += bool(rows)
        seen["shown row"] += any(row.computed for row in rows)

    look()
    assert min(seen.values()) >= 10, seen


def test_a_planted_difference_is_found(page: Page) -> None:
    """The control: one sign changed in the rules the browser gets, and the two differ."""
    n = {"name": "n", "type": "integer", "label": "数"}
    more = {"name": "m", "type": "text", "label": "多", "show_if": "n > 3"}
    case: Case = ({"id": "f", "title": "表", "pages": [{"fields": [n, more]}]}, {"n": 3})
    planted: Case = (
        {"id": "f", "title": "表", "pages": [{"fields": [n, {**more, "show_if": "n >= 3"}]}]},
        {"n": 3},
    )
    assert in_the_browser(page, [case]) == [on_the_server(case)]
    assert in_the_browser(page, [planted]) != [on_the_server(case)]
