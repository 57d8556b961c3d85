"""The fields of a case's own form that a move changes, filled in with what stands."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from core.answer_changes import amended
from core.case_items import Case
from core.places import Place
from core.web.attachments import is_file_move
from core.web.language import chooses_look, language
from core.web.narrowing import is_look
from core.web.row_moves import is_row_move, move_row
from core.web.step_form import StepForm
from core.web.visit import office, visit
from forms.definition import Form, Page
from forms.fields import Field
from forms.problems import Problem
from forms.settling import UNKNOWN_CHOICE
from forms.surroundings import Choice, Surroundings
from forms.text import Text
from forms.wtf import bind, raw_answers
from workflows.definition import Transition


class AmendForm(StepForm):
    """The amended fields, all on one page; empty where the transition amends nothing.

    The whole form is judged with them. `names` are those fields.
    """

    def __init__(self, transition: Transition, place: Place, case: Case) -> None:
        self.names = transition.amend
        self._whole = office().cases.form(case)
        self.form = _part(self._whole, self.names) if self.names else None
        self.around = office().around(language(), place, visit().person)
        self._stood = case.answers
        self._answers = {name: case.answers.get(name) for name in self.names}
        self._problems = []

    @property
    def personal(self) -> tuple[str, ...]:
        """The personal answers that it shows in full."""
        answered = (name for name in self.names if self._stood.get(name) is not None)
        return tuple(name for name in answered if self._whole.fields[name].is_personal)

    @property
    def must_explain(self) -> bool:
        """Whether something goes through with a reason only."""
        return any(each.level == "explain" for each in self._problems)

    def read(self, given: Any) -> tuple[dict[str, Any], list[Problem]]:
        """Return the raw answers that were posted, and what stands against them."""
        if self.form is None:
            return {}, []
        self._answers = raw_answers(bind(self.form, 0, self.around, given))
        action, reason = given.get("action", ""), given.get("comment", "").strip()
        move_row(self.form.pages[0].fields, self._answers, action)
        if not (is_row_move(action) or is_file_move(action) or chooses_look(action)):
            found = amended(self._whole, self._stood, self._answers, self.around).problems
            self._problems = [
                each
                for each in found
                if (each.level == "block" or not reason)
                and (each.code == UNKNOWN_CHOICE or not is_look(action))
            ]
        return self._answers, self._problems

    def offering(self, spec: Field) -> Surroundings:
        """Return the surroundings with what a field offers, and with what stands in it.

        What stands is offered while what narrows it does: it may stay, though it has gone from
        the lookup.
        """
        near, data = super().offering(spec), self._data()
        if any(data.get(name) != self._stood.get(name) for name in spec.choices_where.values()):
            return near
        for one, choice in _standing(spec, self._stood.get(spec.name)):
            near = _with(one, choice, near)
        return near

    def _data(self) -> Mapping[str, Any]:
        """Return the clean answers of the whole form as they would be."""
        return amended(self._whole, self._stood, self._answers, self.around).data


def _part(form: Form, names: tuple[str, ...]) -> Form:
    """Return a form that asks some fields of another on one page; it knows all of them."""
    page = Page(Text(""), Text(""), tuple(form.fields[name] for name in names), ())
    return replace(form, pages=(page,), hash=f"{form.hash}#{','.join(names)}")


def _standing(spec: Field, stood: Any) -> Iterator[tuple[Field, Choice]]:
    """Yield the looked-up choices that stand in an answer, or in its rows, each with its field."""
    if spec.rows:
        for row in stood or ():
            for name, inner in spec.rows.fields.items():
                yield from _standing(inner, row.get(name))
    elif spec.choices_from and spec.type.name != "address":
        for one in stood if isinstance(stood, list) else [stood]:
            if isinstance(one, Mapping):
                yield spec, Choice(str(one["value"]), Text(str(one["label"])))
            elif one is not None:
                yield spec, Choice(str(one), Text(str(one)))


def _with(spec: Field, choice: Choice, around: Surroundings) -> Surroundings:
    offered = spec.options(around)
    if any(one.value == choice.value for one in offered):
        return around
    return around.offering(spec.choices_from, [*offered, choice])
