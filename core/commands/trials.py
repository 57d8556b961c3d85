"""Trying definitions out: `kehou form try`, `kehou workflow try` and `draw`, `kehou check`."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from forms.calendar import national_calendar
from forms.definition import Form
from forms.loading import load_form
from forms.problems import DefinitionError, Flaw, Position
from forms.source import Source, read_yaml
from forms.surroundings import Language, Surroundings
from forms.trial import lookups_answered, try_form
from workflows.definition import Workflow
from workflows.drawing import draw
from workflows.loading import load_workflow
from workflows.trial import try_workflow


def form_trial(form: Path, answers: Path, today: date) -> dict[str, Any]:
    """Evaluate the answers in a JSON file; raise DefinitionError for either file."""
    loaded, given = load_form(_yaml(form)), _json(answers)
    if not isinstance(given, dict):
        raise DefinitionError([Flaw(Position(str(answers)), "an object of answers is expected")])
    return try_form(loaded, given, _around(today, loaded, given))


def workflow_trial(workflow: Path, events: Path, today: date) -> dict[str, Any]:
    """Replay the events in a JSON file; forms are looked for in `../forms` beside the workflow."""
    given, loaded = _json(events), _workflow(workflow)
    around = Surroundings(today, national_calendar(), demo=True)
    return try_workflow(loaded, given if isinstance(given, list) else [given], around)


def workflow_picture(workflow: Path, language: Language) -> str:
    """Return a workflow's picture as SVG; raise DefinitionError for the file or its forms."""
    return draw(_workflow(workflow), language)


def _workflow(workflow: Path) -> Workflow:
    flaws = list[Flaw]()
    forms: dict[str, Form] = {}
    for path in sorted((workflow.resolve().parent.parent / "forms").glob("*.yaml")):
        try:
            form = load_form(_yaml(path))
        except DefinitionError as error:
            flaws += error.flaws
        else:
            forms[form.id] = form
    if flaws:
        raise DefinitionError(flaws)
    return load_workflow(_yaml(workflow), forms, None, None)


def _around(today: date, form: Form, answers: dict[str, Any]) -> Surroundings:
    """Return surroundings in which a lookup holds whatever is answered, as a trial has no place."""
    choices = lookups_answered(form, answers)
    return Surroundings(today, national_calendar(), choices=choices, demo=True)


def _yaml(path: Path) -> Source:
    try:
        return read_yaml(path.read_bytes(), str(path))
    except OSError as error:
        raise DefinitionError([Flaw(Position(str(path)), str(error.strerror))]) from None


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes(), parse_float=str)
    except OSError as error:
        raise DefinitionError([Flaw(Position(str(path)), str(error.strerror))]) from None
    except (ValueError, RecursionError) as error:
        line, column = getattr(error, "lineno", 1), getattr(error, "colno", 1)
        raise DefinitionError([Flaw(Position(str(path), line, column), str(error))]) from None
