"""Evaluating a form: what shows, what is computed, what is wrong, what is kept (DESIGN §4)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_EVEN, Decimal
from itertools import islice
from typing import Any

from forms.definition import Check, Form
from forms.fields import Field
from forms.messages import problem
from forms.problems import Problem
from forms.surroundings import Surroundings

MAX_UNKNOWN = 20
MAX_NAME = 60


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of one evaluation.

    `visible` names the fields that show, in the form's order. `computed` and `data` are
    JSON-ready (dates ISO text, decimals text); `data` holds the accepted answers of visible
    fields (hidden ones only with `when_hidden: keep`) and computed values, nothing unanswered.
    """

    visible: tuple[str, ...]
    computed: Mapping[str, Any]
    problems: tuple[Problem, ...]
    data: Mapping[str, Any]

    @property
    def accepted(self) -> bool:
        """Tell whether nothing blocks; problems to be explained may remain."""
        return all(one.level != "block" for one in self.problems)


def evaluate(form: Form, answers: Mapping[str, Any], around: Surroundings) -> Outcome:
    """Evaluate raw, JSON-ready answers; what nobody declared is the problem `unknown_field`."""
    return _Run(form, answers, around).outcome()


def evaluate_page(
    form: Form, index: int, answers: Mapping[str, Any], around: Surroundings
) -> Outcome:
    """Evaluate, with the problems of page `index` (from 0) only.

    These are its fields' problems and those of checks that this page completes: checks of which
    it is the last page asked. `answers` may hold other pages' answers too.
    """
    return _Run(form, answers, around).outcome(index)


def visible_pages(form: Form, outcome: Outcome) -> tuple[int, ...]:
    """Return the pages (from 0) on which something shows; the first where nothing does at all."""
    return tuple(sorted({form.page_of[name] for name in outcome.visible})) or (0,)


@dataclass
class _Run:
    """One evaluation in progress; `scope` is what expressions read."""

    form: Form
    answers: Mapping[str, Any]
    around: Surroundings
    scope: dict[str, Any] = field(default_factory=dict)
    visible: set[str] = field(default_factory=set)
    wrong: dict[str, Problem] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)
    computed: dict[str, Any] = field(default_factory=dict)

    def outcome(self, page: int | None = None) -> Outcome:
        for name in self.form.order:
            if name in self.form.fields:
                self._field(self.form.fields[name])
            else:
                self.scope[name] = self.form.conditions[name].holds(self.scope, self.around)
        names = self.form.fields
        return Outcome(
            visible=tuple(name for name in names if name in self.visible),
            computed={name: self.computed[name] for name in names if name in self.computed},
            problems=tuple(self._problems(page)),
            data={name: self.data[name] for name in names if name in self.data},
        )

    def _field(self, spec: Field) -> None:
        shown = spec.show_if is None or spec.show_if.holds(self.scope, self.around)
        if shown:
            self.visible.add(spec.name)
        if not spec.type.answerable or (not shown and spec.when_hidden == "drop"):
            return
        value = spec.type.clean(self._raw(spec), spec, self.around)
        if not shown:
            self._keep(spec, value)
            return
        if value is None and spec.required:
            value = problem("required", self.around.language, spec.type.name)
        if isinstance(value, Problem):
            self.wrong[spec.name] = replace(value, field=spec.name, basis=spec.basis)
            return
        self.scope[spec.name] = value
        self._keep(spec, value)

    def _keep(self, spec: Field, value: Any) -> None:
        if value is None or isinstance(value, Problem):
            return
        self.data[spec.name] = spec.type.to_json(value)
        if spec.compute and spec.name in self.visible:
            self.computed[spec.name] = self.data[spec.name]

    def _raw(self, spec: Field) -> Any:
        if spec.compute is None:
            return self.answers.get(spec.name)
        value = spec.compute.value(self.scope, self.around)
        if isinstance(value, Decimal) and spec.type.name == "integer":
            value = value.to_integral_value(ROUND_HALF_EVEN)
        return value

    def _problems(self, page: int | None) -> Iterator[Problem]:
        yield from self._unknown()
        for name, one in ((name, self.wrong.get(name)) for name in self.form.fields):
            if one and page in (None, self.form.page_of[name]):
                yield one
        for each in self.form.pages:
            for check in each.checks:
                if page in (None, check.page) and self._fails(check):
                    yield self._refused(check)

    def _unknown(self) -> Iterator[Problem]:
        fields = self.form.fields
        unknown = (
            name for name in self.answers if name not in fields or not fields[name].type.answerable
        )
        for name in islice(unknown, MAX_UNKNOWN):
            shown = name[:MAX_NAME]
            one = problem("unknown_field", self.around.language, name=shown)
            yield replace(one, field=shown)

    def _fails(self, check: Check) -> bool:
        """Tell whether a check applies and is not true.

        It does not apply where its field or everything it reads is hidden, nor where something
        it reads has a problem already: one mistake is reported once.
        """
        if check.field and check.field not in self.visible:
            return False
        if any(name in self.wrong for name in check.reads):
            return False
        asked = [name for name in check.expr.names if name in self.form.fields]
        if asked and all(name not in self.visible for name in asked):
            return False
        return not check.expr.holds(self.scope, self.around)

    def _refused(self, check: Check) -> Problem:
        message = check.message.get(self.around.language)
        return Problem(check.code, message, check.field, check.level, check.basis)
