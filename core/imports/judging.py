"""The dry run: what would become of each row, by the form engine's own word. Nothing is written."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from core.answer_cells import asked_in
from core.imports.reading import Row, Wrong
from core.numbers import keyed_number
from core.places import Place
from core.privacy import Vault
from core.subjects import phone_in
from forms.canonical import canonical
from forms.definition import Form
from forms.evaluation import evaluate
from forms.problems import Problem
from forms.surroundings import Surroundings
from workflows.definition import APPLICANT, Workflow

State = Literal["ready", "part", "wrong", "already", "registered"]
"""`ready`: nothing is missing; `part`: somebody has to complete it; `already`: taken in before;
`registered`: what must be unique is another case's already, so that it would only be set aside."""
_MISSING = "required"


@dataclass(frozen=True)
class Plan:
    """What a workbook is taken in for: a service's form at a place, with these columns.

    Where officers begin the cases, what is missing is left to the officer; else the person the row
    is about completes what no column asks for.
    """

    plugin: str
    place: Place
    form: Form
    workflow: Workflow
    columns: Mapping[str, str]
    """The letter of each field's column."""

    @property
    def by_officers(self) -> bool:
        """Whether officers begin these cases."""
        return APPLICANT not in self.workflow.starters

    @cached_property
    def later(self) -> frozenset[str]:
        """The fields that are answered later: those without a column."""
        return frozenset(self.form.fields) - frozenset(self.columns)

    @cached_property
    def waiting(self) -> frozenset[tuple[str, str | None]]:
        """The checks, by code and field, that rest on what is answered later."""
        asked = frozenset(one.name for one in asked_in(self.form).left_out) | self.later
        return frozenset(
            (check.code, check.field)
            for page in self.form.pages
            for check in page.checks
            if check.reads & asked & self.later
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """What would become of a row.

    `answers` are what its draft would hold, `data` what the engine accepted of them. `number` is
    the receipt number it would have, the same for the same answers wherever they come from.
    """

    n: int
    state: State
    wrong: tuple[Wrong, ...]
    answers: Mapping[str, Any]
    data: Mapping[str, Any]
    number: str = ""
    case: str = ""
    """The case of whoever is registered already."""


def judged(row: Row, plan: Plan, around: Surroundings, vault: Vault) -> Verdict:
    """Judge one row by itself."""
    outcome = evaluate(plan.form, row.answers, around)
    unread = {one.field for one in row.misread}
    stands = [one for one in outcome.problems if _top(one) not in unread]
    missing = [one for one in stands if _is_left(one, plan)]
    wrong = [*row.misread, *(_placed(one, row.n, plan) for one in stands if one not in missing)]
    wrong += _phone_missing(row, plan, outcome.data, {one.field for one in wrong})
    answers = {name: outcome.data.get(name, raw) for name, raw in row.answers.items()}
    if wrong:
        return Verdict(row.n, "wrong", tuple(wrong), answers, outcome.data)
    told = ["import", plan.plugin, plan.place.slug, plan.form.id, answers]
    number = keyed_number(vault.fingerprint(plan.place.county, canonical(told)))
    state: State = "ready" if not outcome.problems else "part"
    return Verdict(row.n, state, (), answers, outcome.data, number)


def judged_all(
    rows: Sequence[Row], plan: Plan, around: Surroundings, vault: Vault
) -> Iterator[Verdict]:
    """Judge every row, also against those before it: none twice, nothing unique twice."""
    numbers, claimed = dict[str, int](), dict[tuple[str, str], int]()
    for row in rows:
        verdict = judged(row, plan, around, vault)
        again = [*_again(verdict, numbers), *_claimed(verdict, plan, claimed)]
        if again and verdict.state != "wrong":
            verdict = Verdict(row.n, "wrong", tuple(again), verdict.answers, verdict.data)
        yield verdict


def _again(verdict: Verdict, numbers: dict[str, int]) -> list[Wrong]:
    first = numbers.setdefault(verdict.number, verdict.n) if verdict.number else verdict.n
    return [Wrong("", "", "same_row", str(first))] if first != verdict.n else []


def _claimed(verdict: Verdict, plan: Plan, claimed: dict[tuple[str, str], int]) -> Iterator[Wrong]:
    """Yield what must be unique and stands in a row above as well."""
    for name, spec in plan.form.fields.items():
        value = verdict.data.get(name) if spec.unique else None
        if value not in (None, ""):
            first = claimed.setdefault((name, str(value)), verdict.n)
            if first != verdict.n:
                yield Wrong(_cell(name, verdict.n, plan), name, "same_value", str(first))


def _is_left(problem: Problem, plan: Plan) -> bool:
    """Tell whether a problem is none yet: who completes the form answers it, or explains it."""
    if problem.level == "explain":
        return True
    if problem.code == _MISSING and plan.by_officers:
        return True
    if problem.code == _MISSING:
        return _top(problem) in plan.later
    return (problem.code, problem.field) in plan.waiting


def _placed(problem: Problem, n: int, plan: Plan) -> Wrong:
    name = _top(problem)
    return Wrong(_cell(name, n, plan), name, "form", problem.message)


def _phone_missing(
    row: Row, plan: Plan, data: Mapping[str, Any], known: set[str]
) -> Iterator[Wrong]:
    """Yield a problem where nobody could be told, for the row has no telephone."""
    name = phone_field(plan.form)
    if not plan.by_officers and not phone_in(plan.form, data) and name not in known:
        yield Wrong(_cell(name, row.n, plan), name, "no_phone")


def phone_field(form: Form) -> str:
    """Return the field whose telephone tells whose a case is, "" where the form asks for none."""
    return next((one.name for one in form.fields.values() if one.type.name == "phone"), "")


def _cell(name: str, n: int, plan: Plan) -> str:
    return f"{plan.columns[name]}{n}" if name in plan.columns else ""


def _top(problem: Problem) -> str:
    return (problem.field or "").partition(".")[0]
