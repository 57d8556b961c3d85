"""All that the page of a move asks: answers to change, the move's own form, comment and marks."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from flask import request

from core.case_items import Case
from core.filings import Deed
from core.people import Person
from core.places import Place
from core.web.amend_form import AmendForm
from core.web.attachments import is_file_move
from core.web.language import chooses_look, translate
from core.web.narrowing import is_look
from core.web.row_moves import is_row_move
from core.web.step_form import StepForm
from core.web.words import path_words, words
from forms.problems import Problem
from workflows.definition import Transition, Workflow


def asks_more() -> bool:
    """Tell whether a button only changes the page: rows, files, what can be chosen, its look."""
    action = request.form.get("action", "")
    return is_row_move(action) or is_file_move(action) or is_look(action) or chooses_look(action)


@dataclass(frozen=True, slots=True)
class MoveForm:
    """The page of a move as it is filled in."""

    transition: Transition
    step: StepForm
    amend: AmendForm

    @classmethod
    def of(cls, workflow: Workflow, transition: Transition, place: Place, case: Case) -> "MoveForm":
        """Return the page of a transition for a case as it stands."""
        step = StepForm(workflow, transition, place, case)
        return cls(transition, step, AmendForm(transition, place, case))

    @property
    def parts(self) -> tuple[StepForm, ...]:
        """What is changed, then what is filled in."""
        return self.amend, self.step

    def read(self, person: Person) -> tuple[Deed, list[Problem]]:
        """Return what was posted as a deed, and the problems of what was filled in and changed."""
        amend, wrong = self.amend.read(request.form)
        step, more = self.step.read(request.form)
        deed = Deed(
            self.transition.name,
            request.form.get("seen", 0, int),
            person,
            step,
            request.form.get("comment", "").strip()[:2000],
            tuple(request.form.getlist("marks")),
            amend,
        )
        return deed, [*wrong, *more]

    @property
    def wants_comment(self) -> bool:
        """Whether a comment is asked for, or needed as a reason."""
        return "comment" in self.transition.require or self.amend.must_explain

    @property
    def labels(self) -> dict[str, str]:
        """The label of every field, for the list of problems; in rows, with the row's number."""
        return {name: label for part in self.parts for name, label in part.labels.items()}

    def told(self, problems: Iterable[Problem]) -> list[Problem]:
        """Return problems as the page lists them: one of a field that it does not ask names it."""
        return [self._told(each) for each in problems]

    def _told(self, problem: Problem) -> Problem:
        form, top = self.amend.form, (problem.field or "").partition(".")[0]
        asked = self.step.form.fields if self.step.form else {}
        if form is None or top not in form.fields or top in self.amend.names or top in asked:
            return problem
        label = path_words(form, problem.field or "") or words(form.fields[top].label)
        return replace(problem, field=None, message=f"{label}{translate('：')}{problem.message}")
