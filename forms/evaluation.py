"""Evaluating a form: what shows, what is computed, what is wrong, what is kept (DESIGN §4)."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from forms.checks import Check
from forms.definition import Form
from forms.problems import Problem
from forms.settling import MAX_UNKNOWN, RowOutcome, Settling
from forms.surroundings import Surroundings

__all__ = ["MAX_UNKNOWN", "Outcome", "evaluate", "evaluate_page", "visible_pages"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of one evaluation.

    `visible` names the fields that show, in the form's order. `computed` and `data` are
    JSON-ready (dates ISO text, decimals text); `data` holds the accepted answers of visible
    fields (hidden ones only with `when_hidden: keep`) and computed values, nothing unanswered.
    `rows` tells of each group that shows how its rows came out, blank ones too. A problem in a
    row stands at `group.n.field`, n from 0 as the rows were given.
    """

    visible: tuple[str, ...]
    computed: Mapping[str, Any]
    problems: tuple[Problem, ...]
    data: Mapping[str, Any]
    rows: Mapping[str, tuple[RowOutcome, ...]] = field(default_factory=dict)

    @property
    def accepted(self) -> bool:
        """Tell whether nothing blocks; problems to be explained may remain."""
        return all(one.level != "block" for one in self.problems)


def evaluate(
    form: Form,
    answers: Mapping[str, Any],
    around: Surroundings,
    kept: Collection[str] = (),
) -> Outcome:
    """Evaluate raw, JSON-ready answers; what nobody declared is the problem `unknown_field`.

    The answers of fields in `kept` were accepted before: they are taken as they are, and no
    lookup is asked for them. Whether they show, what is computed and the checks follow as ever.
    """
    return _Run(form, answers, around, frozenset(kept)).outcome()


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


class _Run:
    """One evaluation in progress; `scope` is what expressions read."""

    def __init__(
        self,
        form: Form,
        answers: Mapping[str, Any],
        around: Surroundings,
        kept: frozenset[str] = frozenset(),
    ) -> None:
        self.form = form
        self.around = around
        self.scope: dict[str, Any] = {}
        self.sheet = Settling(form.fields, answers, around, self.scope, self.scope, kept=kept)

    def outcome(self, page: int | None = None) -> Outcome:
        sheet, fields = self.sheet, self.form.fields
        for name in self.form.order:
            if name in fields:
                sheet.settle(fields[name])
            else:
                self.scope[name] = self.form.conditions[name].holds(self.scope, self.around)
        return Outcome(
            visible=tuple(name for name in fields if name in sheet.visible),
            computed=sheet.in_order(sheet.computed),
            problems=tuple(self._problems(page)),
            data=sheet.in_order(sheet.data),
            rows={name: sheet.rows_of(name) for name in fields if name in sheet.within},
        )

    def _problems(self, page: int | None) -> Iterator[Problem]:
        yield from self.sheet.unknown()
        for name in self.form.fields:
            if page in (None, self.form.page_of[name]):
                yield from self.sheet.problems_at(name)
        yield from self._broken_rows(page)
        for each in self.form.pages:
            for check in each.checks:
                if page in (None, check.page) and self._fails(check):
                    yield check.refused(self.around.language, check.field)

    def _broken_rows(self, page: int | None) -> Iterator[Problem]:
        for name, spec in self.form.fields.items():
            for check in spec.rows.checks if spec.rows else ():
                if page in (None, check.page) and not self._waits(check):
                    yield from self.sheet.broken(check, name)

    def _waits(self, check: Check) -> bool:
        return any(self.sheet.is_wrong(name) for name in check.reads)

    def _fails(self, check: Check) -> bool:
        """Tell whether a check applies and is not true.

        It does not apply where its field or everything it reads is hidden, nor where something
        it reads has a problem already: one mistake is reported once.
        """
        if check.field and check.field not in self.sheet.visible:
            return False
        if self._waits(check):
            return False
        asked = [name for name in check.expr.names if name in self.form.fields]
        if asked and all(name not in self.sheet.visible for name in asked):
            return False
        return not check.expr.holds(self.scope, self.around)
