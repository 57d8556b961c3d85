"""What an officer fills in with a move, beside a comment and marks."""

from collections.abc import Mapping
from typing import Any

from core.case_items import Case
from core.places import Place
from core.plugins import Plugin
from core.web.attachments import Attachments, is_file_move
from core.web.language import chooses_look, language
from core.web.narrowing import is_look, narrowing_of
from core.web.row_moves import is_row_move, move_row
from core.web.visit import office, visit
from core.web.words import path_words, words
from forms.definition import Form
from forms.evaluation import evaluate
from forms.fields import Field
from forms.problems import Problem
from forms.settling import UNKNOWN_CHOICE
from forms.surroundings import Surroundings
from forms.wtf import bind, raw_answers
from workflows.definition import Transition, Workflow


class StepForm:
    """The form of a transition, all its pages on one; empty where the transition has none.

    Files are stored at once, bound to the case; the page names them by signed tokens.
    """

    _attachments: Attachments | None = None

    def __init__(
        self, workflow: Workflow, transition: Transition, place: Place, case: Case
    ) -> None:
        self.form: Form | None = workflow.forms[transition.form] if transition.form else None
        self.around = office().around(language(), place, visit().person)
        self._answers: dict[str, Any] = {}
        self._problems: list[Problem] = []
        self._attachments = Attachments(case.item["county"], case.id)

    def read(self, given: Any) -> tuple[dict[str, Any], list[Problem]]:
        """Return the clean answers and the problems of what was posted."""
        if self.form is None:
            return {}, []
        for index in range(len(self.form.pages)):
            bound = bind(self.form, index, self.around, given)
            self._answers |= raw_answers(bound)
            self._problems += self._attached(bound)
        action = given.get("action", "")
        move_row(self.form.fields.values(), self._answers, action)
        if is_file_move(action) or is_row_move(action) or chooses_look(action):
            return {}, self._problems
        outcome = evaluate(self.form, self._answers, self.around)
        refused = {each.field for each in self._problems}
        self._problems += [
            each
            for each in outcome.problems
            if each.level == "block"
            and each.field not in refused
            and (each.code == UNKNOWN_CHOICE or not is_look(action))
        ]
        return dict(outcome.data), self._problems

    def _attached(self, bound: Any) -> list[Problem]:
        """Take in the files and signatures of some fields; return why any was not kept."""
        if self._attachments is None:
            return []
        before = len(self._attachments.refused)
        for one in bound:
            self._attachments.take(one, self._answers)
        return self._attachments.refused[before:]

    @property
    def labels(self) -> dict[str, str]:
        """The label of every field, for the list of problems; in rows, with the row's number."""
        if self.form is None:
            return {}
        places = (problem.field for problem in self._problems if problem.field)
        within = {place: path_words(self.form, place) for place in places if "." in place}
        return {name: words(spec.label) for name, spec in self.form.fields.items()} | within

    def pages(self) -> list[Any]:
        """Return each page's fields with answers and problems, for the template."""
        if self.form is None:
            return []
        bound, data = [], self._data()
        asked = [one.name for page in self.form.pages for one in page.fields]
        for index in range(len(self.form.pages)):
            fields = bind(self.form, index, self.around, None, self._answers)
            for one in fields:
                one.narrowing = narrowing_of(one.spec, self.form, data, self.around, asked)
                self._dress(one, self._answers.get(one.spec.name))
            bound.append(fields)
        return bound

    def offering(self, spec: Field) -> Surroundings:
        """Return the surroundings with what a field offers, narrowed by the answers so far."""
        return spec.narrowed(self._data(), self.around) if spec.choices_where else self.around

    def _data(self) -> Mapping[str, Any]:
        """Return the clean answers so far, where one of them narrows what another offers."""
        if self.form is None or not any(each.choices_where for each in self.form.fields.values()):
            return {}
        return evaluate(self.form, self._answers, self.around).data

    def _dress(self, one: Any, answer: Any) -> None:
        """Give a field, and those of its rows, their problems and stored files."""
        if self._attachments:
            self._attachments.show(one, answer)
        wrong = [p for p in self._problems if p.level == "block" and p.field]
        one.errors = [p.message for p in wrong if p.field == one.name]
        one.row_errors = {p.field: [p.message] for p in wrong}
        answers = answer if one.spec.rows and isinstance(answer, list) else []
        for at, (_, row) in enumerate(getattr(one, "rows", ())):
            given = answers[at] if at < len(answers) else {}
            for inner in row:
                self._dress(inner, given.get(inner.spec.name))


class SettingsForm(StepForm):
    """A service's settings at one place, with what is set there now."""

    def __init__(self, plugin: Plugin, place: Place) -> None:
        self.form = plugin.forms.get(plugin.manifest.settings)
        self.around = office().around(language(), place, visit().person)
        self._answers = dict(place.own_settings.get(plugin.id, {}))
        self._problems = []
