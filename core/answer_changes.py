"""Answers of a case that change after it was handed in: what the form says of it, and which did."""

from collections.abc import Iterator, Mapping
from typing import Any

from forms.chosen_types import ELSEWHERE
from forms.definition import Form
from forms.evaluation import Outcome, evaluate
from forms.fields import Field
from forms.graph import all_following
from forms.problems import Problem
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
    asked = {name for name, one in spec.rows.fields.items() if not one.compute} if spec.rows else ()
    if _bare(given) == _bare(stood, asked):
        return True
    if spec.lookups or spec.rows:
        return False
    clean = spec.type.clean(given, spec, around)
    if clean is None or isinstance(clean, Problem):
        return False
    return bool(spec.type.to_json(clean) == stood)


def _bare(value: Any, asked: Any = None) -> Any:
    """Return an answer, raw or clean, without how it is written; None for nothing.

    Of a group's rows only what is `asked` counts.
    """
    if isinstance(value, Mapping):
        if "value" in value:
            return value["value"]
        return dict(_parts(value, asked)) or None
    if isinstance(value, list):
        return [bare for bare in (_bare(one, asked) for one in value) if bare is not None] or None
    if isinstance(value, bool) or value in (None, ""):
        return None if value == "" else value
    return str(value).removesuffix(_CHINA)


def _parts(value: Mapping[str, Any], asked: Any) -> Iterator[tuple[str, Any]]:
    for name, part in value.items():
        if name == "region" and isinstance(part, list):
            yield name, part[-1] if part else ELSEWHERE
        elif (not asked or name in asked) and _bare(part) is not None:
            yield name, _bare(part)
