"""The rules a page takes along, and what the browser makes of them."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from core.web.assets import load
from forms.browser import rules_for_browser
from forms.definition import Form
from forms.loading import load_form
from forms.source import read_yaml
from forms.surroundings import Choice, ChoiceSource, Surroundings
from forms.text import Text

AROUND = Surroundings(today=date(2026, 11, 23))
HEAD = "id: f\ntitle: 表\npages:\n"


def made(*pages: str) -> Form:
    """Make a form; each page is its fields, one a line."""
    text = HEAD
    for page in pages:
        text += "  - fields:\n" + "".join(f"      - {one}\n" for one in page.split("\n"))
    return load_form(read_yaml(text, "f.yaml"))


def test_a_page_takes_only_the_rules_and_answers_it_needs(form: Form) -> None:
    rules = rules_for_browser(form, 0, {"reason": "secret", "kind": "parent"}, AROUND)
    names = [node["name"] for node in rules["order"]]
    assert set(names) == {"kind", "id_number", "age", "is_teacher", "certificate"}
    assert names.index("id_number") < names.index("age")
    assert names.index("kind") < names.index("is_teacher") < names.index("certificate")
    assert (rules["answers"], rules["today"]) == ({}, "2026-11-23")
    assert rules_for_browser(form, 2)["order"] == []


def test_other_pages_answers_come_along_where_a_rule_reads_them() -> None:
    form = made(
        "{name: a, type: text, label: 甲}\n{name: b, type: text, label: 乙}\n"
        "{name: f, type: file, label: 文件}",
        "{name: c, type: text, label: 丙, show_if: 'a == \"x\" and f != None'}",
    )
    stored = {"ref": "secret", "name": "x.pdf", "size": 1, "type": "application/pdf"}
    assert rules_for_browser(form, 1, {"a": "x", "b": "y", "f": stored})["answers"] == {
        "a": "x",
        "f": {"ref": "kept"},
    }


def test_a_narrowed_answer_of_another_page_is_told_as_the_server_takes_it() -> None:
    form = made(
        "{name: hall, type: text, label: 厅}\n"
        "{name: hour, type: choice, label: 几点, choices_from: a.b, choices_where: {hall: hall}}",
        "{name: c, type: text, label: 丙, show_if: 'hour == \"9\"'}",
    )

    class Halls(ChoiceSource):
        """Offers an hour of the big hall only."""

        def __getitem__(self, name: str) -> list[Choice]:
            return self.narrowed(name, {})

        def __iter__(self) -> Iterator[str]:
            return iter(())

        def __len__(self) -> int:
            return 0

        def narrowed(self, _: str, given: Mapping[str, Any]) -> list[Choice]:
            return [Choice("9", Text("九点"))] if given == {"hall": "big"} else []

    around = replace(AROUND, choices=Halls())
    told = rules_for_browser(form, 1, {"hall": "big", "hour": "9"}, around)["answers"]
    assert told == {"hall": "big", "hour": "9"}
    assert rules_for_browser(form, 1, {"hall": "x", "hour": "9"}, around)["answers"] == {
        "hall": "x"
    }


def test_what_needs_the_countys_calendar_is_left_to_the_server() -> None:
    form = made(
        "{name: a, type: date, label: 甲}\n"
        "{name: n, type: integer, label: 数, compute: 'working_days_between(today, a)'}\n"
        "{name: b, type: text, label: 乙, show_if: 'n > 3'}\n"
        "{name: c, type: text, label: 丙, show_if: 'a > today'}"
    )
    assert [node["name"] for node in rules_for_browser(form, 0)["order"]] == ["a", "c"]


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    yield page
    page.close()


def opened(page: Page, rules: dict[str, Any], body: str) -> None:
    """Show a page with these rules and the script."""
    data = f'<script type="application/json" id="form-rules">{json.dumps(rules)}</script>'
    page.set_content(f"<form>{body}</form>{data}")
    page.add_script_tag(content=load("forms.js").plain.decode())


BOXES = """
<div data-field="kind"><input type="radio" name="kind" value="retired_teacher" id="t">
<input type="radio" name="kind" value="parent" id="p"></div>
<div data-field="id_number"><input name="id_number" id="i"></div>
<div data-field="age"><output data-computed></output></div>
<div data-field="certificate"><input name="certificate" id="c" required></div>
"""


def test_fields_show_and_compute_while_people_type_and_keep_what_was_typed(
    page: Page, form: Form
) -> None:
    opened(page, rules_for_browser(form, 0, {}, AROUND), BOXES)
    certificate = page.locator("#c")
    assert not certificate.is_visible()
    assert certificate.get_attribute("required") is None
    page.check("#t")
    assert certificate.is_visible()
    assert certificate.get_attribute("required") is not None
    certificate.fill("kept")
    page.check("#p")
    assert not certificate.is_visible()
    assert certificate.input_value() == "kept"
    page.fill("#i", "１４９９９９ 19580315 1017")
    assert page.locator("output").text_content() == "68"


def test_a_rule_the_browser_cannot_follow_shows_the_field(page: Page, form: Form) -> None:
    rules = rules_for_browser(form, 0, {}, AROUND)
    rules["order"][-1]["show"] = ["new operator"]
    opened(page, rules, BOXES)
    assert page.locator("#c").is_visible()


def test_a_signature_is_a_small_picture_and_can_be_cleared(page: Page) -> None:
    pad = """<div data-signature hidden><canvas width="1200" height="400"
        style="width:300px;height:100px"></canvas><input type="hidden" id="drawn">
        <button type="button" data-clear>清除</button></div>"""
    opened(page, {"order": [], "answers": {}, "today": ""}, pad)
    box = page.locator("canvas").bounding_box()
    assert box
    page.mouse.move(box["x"] + 10, box["y"] + 10)
    page.mouse.down()
    for step in range(1, 60):
        page.mouse.move(box["x"] + 10 + step * 4, box["y"] + 50 + (step % 7) * 6)
    page.mouse.up()
    drawn = page.locator("#drawn").input_value()
    assert drawn.startswith("data:image/png;base64,")
    assert len(drawn) <= 40_000
    page.click("[data-clear]")
    assert page.locator("#drawn").input_value() == ""


def test_a_form_is_sent_once_and_the_error_summary_has_the_focus(page: Page) -> None:
    page.set_content(
        "<div data-error-summary>还差一处</div>"
        "<iframe name='away'></iframe><form target='away' action='about:blank'>"
        "<button id='go'>提交</button></form>"
    )
    page.evaluate("window.passed = 0")
    page.add_script_tag(content=load("forms.js").plain.decode())
    page.evaluate(
        "window.addEventListener('submit', (e) => { if (!e.defaultPrevented) window.passed++ })"
    )
    assert page.evaluate("document.activeElement.textContent") == "还差一处"
    page.click("#go")
    page.click("#go")
    assert page.evaluate("window.passed") == 1
