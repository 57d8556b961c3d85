"""Answers of a case that change after it was handed in: what the form says of it, and which did."""

from collections.abc import Mapping
from typing import Any

from forms.chosen_types import ELSEWHERE
from forms.definition import Form
from forms.evaluation import Outcome, evaluate
from forms.fields import Field
from forms.graph import all_following
from forms.problems import Problem
from forms.row_types import is_blank
from forms.surroundings import Surroundings
from workflows.case import Refused

_CHINA = "+08:00"


def amended(
    form: Form, stood: Mapping[str, Any], given: Mapping[str, Any], around: Surroundings
) -> Outcome:
    """Evaluate a form with some answers given anew; all others stay as they were accepted.

    `stood` are the case's clean answers, `given` raw ones by field. One that is given as it stood
    stays too, so that a choice which has since disappeared is no hindrance; unless what narrows
    the choice has changed.
    """
    changed = frozenset(
        name
        for name, value in given.items()
        if name not in form.fields
        or not _is_same(form.fields[name], value, stood.get(name), around)
    )
    moving = all_following(form.graph, changed)
    asked = {name for name in given if name in changed or moving & _narrowing(form.fields[name])}
    answers = {**stood, **{name: given[name] for name in asked}}
    return evaluate(form, answers, around, kept=form.fields.keys() - asked)


def amended_data(
    form: Form,
    stood: Mapping[str, Any],
    given: Mapping[str, Any],
    reason: str,
    around: Surroundings,
) -> Mapping[str, Any]:
    """Return a form's clean answers with some given anew; raise Refused where something blocks.

    The `reason` answers problems of level `explain`.
    """
    outcome = amended(form, stood, given, around)
    if any(each.level == "block" or not reason for each in outcome.problems):
        raise Refused(*outcome.problems)
    return outcome.data


def changed_names(
    form: Form, before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[str, ...]:
    """Return the fields whose answers differ, computed and hidden ones too, in the form's order."""
    return tuple(name for name in form.fields if before.get(name) != after.get(name))


def _narrowing(spec: Field) -> frozenset[str]:
    return frozenset(spec.choices_where.values())


def _is_same(spec: Field, given: Any, stood: Any, around: Surroundings) -> bool:
    """Tell whether a raw answer says what stands already; asks no lookup."""
    if spec.rows and isinstance(stood, list):
        computed = {name for name, inner in spec.rows.fields.items() if inner.compute}
        stood = [{name: row[name] for name in row.keys() - computed} for row in stood]
    if _reads_alike(given, stood):
        return True
    if spec.lookups or spec.rows:
        return False
    clean = spec.type.clean(given, spec, around)
    if clean is None or isinstance(clean, Problem):
        return False
    return bool(spec.type.to_json(clean) == stood)


def _reads_alike(given: Any, stood: Any) -> bool:
    """Tell whether a raw answer is written as a clean one is shown on a page."""
    if isinstance(stood, Mapping) and "value" in stood:
        said = given.get("value") if isinstance(given, Mapping) else given
        return bool(said in (stood["value"], stood["label"]))
    if isinstance(given, Mapping) and isinstance(stood, Mapping):
        names = given.keys() | stood.keys()
        return all(_reads_alike(given.get(name), stood.get(name)) for name in names)
    if isinstance(given, list) and isinstance(stood, list):
        told = [one for one in given if not (isinstance(one, Mapping) and is_blank(one))]
        pairs = zip(told, stood, strict=False)
        return len(told) == len(stood) and all(_reads_alike(*pair) for pair in pairs)
    if isinstance(given, str) and isinstance(stood, list):  # of an address, the last place
        return bool(given == (stood[-1] if stood else ELSEWHERE))
    return bool(_written(given) == _written(stood))


def _written(value: Any) -> Any:
    if value in (None, "", []):
        return None
    return value if isinstance(value, bool) else str(value).removesuffix(_CHINA)
