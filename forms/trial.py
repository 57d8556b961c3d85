"""Trying a form out: one set of answers, or the tests its definition carries."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from forms.chosen_types import ELSEWHERE
from forms.definition import Form
from forms.evaluation import Outcome, evaluate
from forms.fields import Field
from forms.problems import Flaw, Position
from forms.source import Source
from forms.surroundings import Choice, Surroundings
from forms.text import Text

TEST_DAY = date(2026, 9, 1)
"""The day of a form's own tests that name no other."""


def try_form(form: Form, answers: Mapping[str, Any], around: Surroundings) -> dict[str, Any]:
    """Evaluate and return what `kehou form try` prints: visible, computed, problems, data."""
    outcome = evaluate(form, answers, around)
    return {
        "visible": list(outcome.visible),
        "computed": dict(outcome.computed),
        "problems": [one.as_dict() for one in outcome.problems],
        "data": dict(outcome.data),
    }


def run_tests(
    form: Form, source: Source | None = None, around: Surroundings | None = None
) -> list[Flaw]:
    """Run the form's own `tests:`; return a flaw for each expectation that fails.

    `source` gives them their lines. Unless `around` says otherwise the day is 2026-09-01, the
    sample county's phone numbers pass, and every lookup holds whatever a test answers.
    """
    flaws: list[Flaw] = []
    for at, test in enumerate(form.tests):
        position = source.at("tests", at) if source else Position(form.id)
        outcome = evaluate(form, test["answers"], _around(form, test, around))
        said = f" ({test['name']})" if test.get("name") else ""
        flaws += [
            Flaw(position, f"test {at + 1}{said}: {message}") for message in _unmet(test, outcome)
        ]
    return flaws


def _around(form: Form, test: Mapping[str, Any], given: Surroundings | None) -> Surroundings:
    around = given or Surroundings(today=TEST_DAY, demo=True, choices=_answered(form, test))
    return replace(around, today=date.fromisoformat(test["today"])) if test.get("today") else around


def _answered(form: Form, test: Mapping[str, Any]) -> dict[str, list[Choice]]:
    """Return lookups that hold just what the test answers."""
    return lookups_answered(form, test["answers"])


def lookups_answered(form: Form, answers: Mapping[str, Any]) -> dict[str, list[Choice]]:
    """Return lookups that hold just what is answered, rows included, for a trial without place."""
    choices: dict[str, list[Choice]] = {}
    for spec, answer in _asked(form, answers):
        known = choices.setdefault(spec.choices_from, [])
        values = [one for one in _looked_up(answer) if all(one != each.value for each in known)]
        known += [
            Choice(one, Text(one), parent=values[at - 1] if at and _is_way(answer) else "")
            for at, one in enumerate(values)
        ]
    return choices


def _asked(form: Form, answers: Mapping[str, Any]) -> Iterator[tuple[Field, Any]]:
    """Yield the fields with lookups and what was answered, those of rows for each row."""
    for spec in form.fields.values():
        answer = answers.get(spec.name)
        if spec.choices_from:
            yield spec, answer
        rows = answer if spec.rows and isinstance(answer, list) else ()
        for row in (each for each in rows if isinstance(each, Mapping)):
            within = spec.rows.fields.values() if spec.rows else ()
            yield from ((one, row.get(one.name)) for one in within if one.choices_from)


def _is_way(answer: Any) -> bool:
    return isinstance(answer, Mapping) and "region" in answer


def _looked_up(answer: Any) -> list[str]:
    """Return the values in an answer: text, a list, {value, label} or {region, detail}."""
    if isinstance(answer, Mapping):
        answer = answer.get("region") if "region" in answer else answer.get("value")
    values = answer if isinstance(answer, list) else [answer]
    return [one for one in values if isinstance(one, str) and one not in ("", ELSEWHERE)]


def _unmet(test: Mapping[str, Any], outcome: Outcome) -> Iterator[str]:
    for name in test.get("visible") or ():
        if name not in outcome.visible:
            yield f"{name} should be visible"
    for name in test.get("hidden") or ():
        if name in outcome.visible:
            yield f"{name} should be hidden"
    for name, value in (test.get("computed") or {}).items():
        if outcome.computed.get(name) != value:
            yield f"{name} should be {value}, not {outcome.computed.get(name)}"
    if test.get("problems") is not None:
        yield from _problems(test["problems"], outcome)


def _problems(expected: Sequence[str], outcome: Outcome) -> Iterator[str]:
    """Compare problems, each written `field` or `field/code`; a check without a field, `/code`."""
    found = [(f"{one.field or ''}", f"{one.field or ''}/{one.code}") for one in outcome.problems]
    for one in expected:
        if all(one not in names for names in found):
            yield f"the problem {one} should be found"
    for names in found:
        if not set(names) & set(expected):
            yield f"the problem {names[1]} should not be found"
