"""Settling fields in their order: what shows, what it holds, what is wrong; rows within."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from itertools import islice
from typing import Any

from forms.checks import Check
from forms.fields import Field, Rows
from forms.messages import problem
from forms.problems import Problem
from forms.row_types import is_blank
from forms.surroundings import Surroundings

MAX_UNKNOWN = 20
MAX_NAME = 60
UNKNOWN_CHOICE = "choice_unknown"
_NOT_OFFERED = (UNKNOWN_CHOICE, "address_region", "address_deeper")
_PLACES = {"integer": Decimal(1), "money": Decimal("0.01")}


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """One row of a group: what shows in it, what is computed, what is kept (JSON-ready).

    A `blank` row is on the page and counts for nothing.
    """

    visible: tuple[str, ...]
    computed: Mapping[str, Any]
    data: Mapping[str, Any]
    blank: bool


@dataclass
class Settling:
    """One evaluation in progress, of a form or of one row.

    `scope` is what expressions read, `values` where the values of these fields go: the scope
    itself, or its "row". `path` stands before the names in problems, e.g. `members.0.`.
    The answers to `kept` fields are clean already, as JSON keeps them.
    """

    fields: Mapping[str, Field]
    answers: Mapping[str, Any]
    around: Surroundings
    scope: dict[str, Any]
    values: dict[str, Any]
    path: str = ""
    kept: frozenset[str] = frozenset()
    visible: set[str] = field(default_factory=set)
    wrong: dict[str, Problem] = field(default_factory=dict)
    within: "dict[str, list[Settling]]" = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)
    computed: dict[str, Any] = field(default_factory=dict)

    def settle(self, spec: Field) -> None:
        """Settle one field; all it reads must have been settled before."""
        shown = spec.show_if is None or spec.show_if.holds(self.scope, self.around)
        if shown:
            self.visible.add(spec.name)
        if not spec.type.answerable or (not shown and spec.when_hidden == "drop"):
            return
        value = self._value(spec)
        if spec.rows and not isinstance(value, Problem):
            self._settle_rows(spec, spec.rows, value or [], shown=shown)
            return
        if not shown:
            self._keep(spec, value)
            return
        if value is None and spec.required:
            bare = spec.type.name == "consent" and not spec.text
            wording = "tick" if bare else spec.type.name
            value = problem("required", self.around.language, wording)
        if isinstance(value, Problem):
            self._refuse(spec, value)
            return
        self.values[spec.name] = value
        self._keep(spec, value)

    def unknown(self) -> Iterator[Problem]:
        """Yield a problem for each answer that nobody asked for."""
        asked = self.fields
        strange = (
            name for name in self.answers if name not in asked or not asked[name].type.answerable
        )
        for name in islice(strange, MAX_UNKNOWN):
            shown = f"{self.path}{str(name)[:MAX_NAME]}"
            one = problem("unknown_field", self.around.language, name=shown)
            yield replace(one, field=shown)
        for rows in self.within.values():
            for row in rows:
                yield from row.unknown()

    def problems_at(self, name: str) -> Iterator[Problem]:
        """Yield the problems of one field's answer and of what stands in its rows."""
        if name in self.wrong:
            yield self.wrong[name]
        for row in self.within.get(name, ()):
            for inner in row.fields:
                yield from row.problems_at(inner)

    def is_wrong(self, name: str) -> bool:
        """Tell whether something is wrong with a field or in its rows."""
        return name in self.wrong or any(row.wrong for row in self.within.get(name, ()))

    def rows_of(self, name: str) -> tuple[RowOutcome, ...]:
        """Return how each row of a group came out."""
        return tuple(
            RowOutcome(
                tuple(one for one in row.fields if one in row.visible),
                row.in_order(row.computed),
                row.in_order(row.data),
                is_blank(row.answers),
            )
            for row in self.within.get(name, ())
        )

    def in_order(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return values by name in the order of the definition."""
        return {name: values[name] for name in self.fields if name in values}

    def broken(self, check: Check, group: str) -> Iterator[Problem]:
        """Yield a problem for each row of a group that breaks one of its checks."""
        for row in () if group in self.wrong else self.within.get(group, ()):
            if is_blank(row.answers) or not row.applies(check):
                continue
            row.scope["row"] = row.values
            if not check.expr.holds(row.scope, self.around):
                at = f"{row.path}{check.field}" if check.field else row.path.rstrip(".")
                yield check.refused(self.around.language, at)

    def applies(self, check: Check) -> bool:
        """Tell whether a row's check is to be judged: nothing wrong, something of it showing."""
        if check.field and check.field not in self.visible:
            return False
        read = check.expr.row_names
        return not read & self.wrong.keys() and (not read or bool(read & self.visible))

    def _settle_rows(self, spec: Field, rows: Rows, given: list[Any], *, shown: bool) -> None:
        inner, within = {**self.scope}, frozenset(rows.fields if spec.name in self.kept else ())
        settled = []
        for at, answers in enumerate(given):
            values: dict[str, Any] = {}
            inner["row"] = values
            path = f"{self.path}{spec.name}.{at}."
            row = Settling(rows.fields, answers, self.around, inner, values, path, within)
            for name in rows.order:
                row.settle(rows.fields[name])
            if is_blank(answers):
                row.wrong.clear()
            settled.append(row)
        filled = [row for row in settled if not is_blank(row.answers)]
        kept = [row.in_order(row.data) for row in filled]
        if shown:
            self.within[spec.name] = settled
            self.values[spec.name] = [row.values for row in filled]
            refused = self._counted(spec, rows, len(filled))
            if refused:
                self._refuse(spec, refused)
                return
        if kept:
            self.data[spec.name] = kept

    def _clean(self, spec: Field) -> Any:
        """Return an answer's value, None, or a Problem, which names what a choice does not fit.

        It says as well what would have been accepted.
        """
        near = spec.narrowed(self.data, self.around)
        value = spec.type.clean(self._raw(spec), spec, near)
        if not isinstance(value, Problem) or value.code not in _NOT_OFFERED:
            return value
        by = [self.fields[name].label for name in spec.choices_where.values() if name in self.data]
        if value.code == UNKNOWN_CHOICE and by and spec.choices_from in near.choices:
            language = self.around.language
            told = "".join(f"“{one.get(language)}”" for one in by)
            value = problem(UNKNOWN_CHOICE, language, "narrowed", by=told)
        offered = spec.options(near)
        above = {one.parent for one in offered}
        accepted = tuple(one.value for one in offered if one.value not in above)
        return replace(value, accepted=accepted)

    def _counted(self, spec: Field, rows: Rows, count: int) -> Problem | None:
        language = self.around.language
        if not count:
            return problem("required", language, "group") if spec.required else None
        if count < rows.least:
            return problem("too_few_rows", language, limit=rows.least)
        return problem("too_many_rows", language, limit=rows.most) if count > rows.most else None

    def _refuse(self, spec: Field, refused: Problem) -> None:
        self.wrong[spec.name] = replace(refused, field=self.path + spec.name, basis=spec.basis)

    def _keep(self, spec: Field, value: Any) -> None:
        if value is None or isinstance(value, Problem):
            return
        self.data[spec.name] = value if self._stands(spec) else spec.type.to_json(value)
        if spec.compute and spec.name in self.visible:
            self.computed[spec.name] = self.data[spec.name]

    def _stands(self, spec: Field) -> bool:
        """Tell whether a field's answer was accepted before; a computed one follows anew."""
        return spec.name in self.kept and spec.compute is None

    def _value(self, spec: Field) -> Any:
        if self._stands(spec):
            return self.answers.get(spec.name)
        return self._clean(spec)

    def _raw(self, spec: Field) -> Any:
        if spec.compute is None:
            return self.answers.get(spec.name)
        value = spec.compute.value(self.scope, self.around)
        unit = _PLACES.get(spec.type.name)
        if unit is None or not isinstance(value, Decimal):
            return value
        try:
            return value.quantize(unit, ROUND_HALF_EVEN)
        except InvalidOperation:  # more digits than we count with
            return None
