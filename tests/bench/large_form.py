"""A form of 700 fields with 100 rules: how long one evaluation takes, and reading its definition.

The browser's figure is of all 700 on one page, which is more than a page may have.
"""

import json
import sys
import time
from collections.abc import Callable
from datetime import date
from statistics import median
from typing import Any

import yaml
from playwright.sync_api import Page, sync_playwright

from core.web.assets import load
from forms.browser import rules_for_browser
from forms.definition import Form, form_from_data
from forms.evaluation import evaluate
from forms.loading import load_form
from forms.source import read_yaml
from forms.surroundings import Surroundings
from tests.browser import chromium

FIELDS, RULES, PAGES = 700, 100, 4
THROTTLING = 4
AROUND = Surroundings(today=date(2026, 11, 23))
_GOALS = {"server": 20.0, "browser": 16.0}
_TYPES = ("text", "integer", "choice", "date", "yes_no")
_ASKS = ('{} == "x"', "3 < {} < 100", '{} in ["a", "b"]', "{} < today", "{}")
_ANSWERS: dict[str, Any] = dict(zip(_TYPES, ("x", "12", "a", "2026-09-01", True), strict=True))
_MEASURE = """([name, value]) => {
  const input = document.querySelector('[name="' + name + '"]');
  input.value = value;
  const start = performance.now();
  input.dispatchEvent(new Event("input", { bubbles: true }));
  return performance.now() - start;
}"""


def definition() -> dict[str, Any]:
    """Return the form's data: every seventh field hangs on the one ten before it."""
    fields = []
    for at in range(FIELDS):
        type_ = _TYPES[at % len(_TYPES)]
        field: dict[str, Any] = {"name": f"f{at}", "type": type_, "label": f"第 {at} 题"}
        if type_ == "choice":
            field["choices"] = [{"value": one, "label": one} for one in "abc"]
        if at % 7 == 0:
            read = (at - 10) % FIELDS
            field["show_if"] = _ASKS[read % len(_TYPES)].format(f"f{read}") if at else "f4"
        fields.append(field)
    each = FIELDS // PAGES
    pages = [{"fields": fields[at : at + each]} for at in range(0, FIELDS, each)]
    return {"id": "large", "title": "大表", "pages": pages}


def answers(form: Form) -> dict[str, Any]:
    """Return an answer to every question."""
    return {name: _ANSWERS[spec.type.name] for name, spec in form.fields.items()}


def milliseconds(work: Callable[[], object], rounds: int) -> float:
    """Return the median time of doing `work`."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return median(times) * 1e3


def on_one_page(page: Page, data: dict[str, Any]) -> None:
    """Show all fields on one page, with their rules and the script."""
    fields = [field for each in data["pages"] for field in each["fields"]]
    form = form_from_data({**data, "pages": [{"fields": fields}]})
    rules = json.dumps(rules_for_browser(form, 0, {}, AROUND))
    boxes = "".join(
        f'<div data-field="{one["name"]}"><label>{one["label"]}<input name="{one["name"]}">'
        "</label></div>"
        for one in fields
    )
    page.set_content(f'<form>{boxes}</form><script type="application/json" id="form-rules">{rules}')
    page.add_script_tag(content=load("forms.js").plain.decode())


def in_browser(data: dict[str, Any], rounds: int) -> float:
    """Return the median time in which a page of all fields follows a key, throttled."""
    with sync_playwright() as playwright:
        path, how = chromium.install(), chromium.arguments()
        browser = playwright.chromium.launch(executable_path=path, args=how)
        page = browser.new_page()
        on_one_page(page, data)
        session = page.context.new_cdp_session(page)
        session.send("Emulation.setCPUThrottlingRate", {"rate": THROTTLING})
        times = [page.evaluate(_MEASURE, ["f25", "xy"[at % 2]]) for at in range(rounds)]
        browser.close()
    return float(median(times))


def report(rounds: int = 40) -> None:
    """Print the figures."""
    data = definition()
    text = yaml.safe_dump(data, allow_unicode=True, sort_keys=False)
    source, packed = read_yaml(text, "large.yaml"), json.dumps(data)
    form = load_form(source)
    given = answers(form)
    server = milliseconds(lambda: evaluate(form, given, AROUND), rounds)
    browser = in_browser(data, rounds)
    said = f"{FIELDS} fields, {RULES} rules, one evaluation:"
    sys.stdout.write(
        f"{said} {server:.1f} ms on the server (goal ≤ {_GOALS['server']:.0f} ms), "
        f"{browser:.1f} ms in the browser at {THROTTLING} × throttling "
        f"(goal ≤ {_GOALS['browser']:.0f} ms)\n"
    )
    plain = milliseconds(lambda: json.loads(packed), rounds)
    works: dict[str, Callable[[], object]] = {
        "YAML read, load and lint": lambda: load_form(read_yaml(text, "large.yaml")),
        "load and lint": lambda: load_form(source),
        "load of a published definition": lambda: form_from_data(data),
    }
    for what, work in works.items():
        taken = milliseconds(work, max(rounds // 10, 3))
        sys.stdout.write(f"{what:<31} {taken:7.1f} ms {taken / plain:6.0f} × json.loads\n")
