"""The large form of the bench is what it says, and both sides work on it."""

from playwright.sync_api import Browser

from forms.definition import form_from_data
from forms.evaluation import evaluate
from forms.loading import load_form
from forms.source import Source
from tests.bench.large_form import AROUND, FIELDS, RULES, answers, definition, on_one_page


def test_it_has_seven_hundred_fields_and_a_hundred_rules_and_is_sound() -> None:
    form = load_form(Source("large.yaml", definition()))
    ruled = [one for one in form.fields.values() if one.show_if]
    assert (len(form.fields), len(ruled)) == (FIELDS, RULES)
    outcome = evaluate(form, answers(form), AROUND)
    assert len(outcome.visible) == FIELDS
    assert len(evaluate(form, {}, AROUND).visible) == FIELDS - RULES


def test_the_page_follows_the_rule_that_is_measured(browser: Browser) -> None:
    page = browser.new_page()
    on_one_page(page, definition())
    assert form_from_data(definition()).fields["f35"].show_if is not None
    field = page.locator('[data-field="f35"]')
    assert not field.is_visible()
    page.fill('[name="f25"]', "x")
    assert field.is_visible()
    page.close()
