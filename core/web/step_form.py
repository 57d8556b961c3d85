"""What an officer fills in with a move, beside a comment and marks."""

from typing import Any

from core.places import Place
from core.plugins import Plugin
from core.web.language import language
from core.web.visit import office
from core.web.words import words
from forms.definition import Form
from forms.evaluation import evaluate
from forms.problems import Problem
from forms.wtf import bind, raw_answers
from workflows.definition import Transition, Workflow


class StepForm:
    """The form of a transition, all its pages on one; empty where the transition has none."""

    def __init__(self, workflow: Workflow, transition: Transition, place: Place) -> None:
        self.form: Form | None = workflow.forms[transition.form] if transition.form else None
        self._around = office().around(language(), place)
        self._answers: dict[str, Any] = {}
        self._problems: list[Problem] = []

    def read(self, given: Any) -> tuple[dict[str, Any], list[Problem]]:
        """Return the clean answers and the problems of what was posted."""
        if self.form is None:
            return {}, []
        for index in range(len(self.form.pages)):
            self._answers |= raw_answers(bind(self.form, index, self._around, given))
        outcome = evaluate(self.form, self._answers, self._around)
        self._problems = [each for each in outcome.problems if each.level == "block"]
        return dict(outcome.data), self._problems

    @property
    def labels(self) -> dict[str, str]:
        """The label of every field, for the list of problems."""
        fields = self.form.fields if self.form else {}
        return {name: words(spec.label) for name, spec in fields.items()}

    def pages(self) -> list[Any]:
        """Return each page's fields with answers and problems, for the template."""
        if self.form is None:
            return []
        bound = []
        for index in range(len(self.form.pages)):
            fields = bind(self.form, index, self._around, None, self._answers)
            for one in fields:
                one.errors = [p.message for p in self._problems if p.field == one.name]
            bound.append(fields)
        return bound


class SettingsForm(StepForm):
    """A service's settings at one place, with what is set there now."""

    def __init__(self, plugin: Plugin, place: Place) -> None:
        self.form = plugin.forms.get(plugin.manifest.settings)
        self._around = office().around(language(), place)
        self._answers = dict(place.own_settings.get(plugin.id, {}))
        self._problems = []
