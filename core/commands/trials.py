"""Trying definitions out: `kehou form try`, `kehou workflow try`, `kehou check`."""

import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from core.office import place_choices
from core.plugins import Catalogue, Plugin
from core.policy import Policy
from forms.calendar import national_calendar
from forms.definition import Form
from forms.loading import load_form
from forms.problems import DefinitionError, Flaw, Position
from forms.source import Source, read_yaml
from forms.surroundings import Choice, Surroundings
from forms.text import Text
from forms.trial import run_tests, try_form
from workflows.loading import load_workflow
from workflows.trial import try_workflow

_SAMPLE_CHOICES = 20


def form_trial(form: Path, answers: Path, today: date) -> dict[str, Any]:
    """Evaluate the answers in a JSON file; raise DefinitionError for either file."""
    loaded, given = load_form(_yaml(form)), _json(answers)
    if not isinstance(given, dict):
        raise DefinitionError([Flaw(Position(str(answers)), "an object of answers is expected")])
    return try_form(loaded, given, _around(today, loaded, given))


def workflow_trial(workflow: Path, events: Path, today: date) -> dict[str, Any]:
    """Replay the events in a JSON file; forms are looked for in `../forms` beside the workflow."""
    given, flaws = _json(events), list[Flaw]()
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
    loaded = load_workflow(_yaml(workflow), forms, None, None)
    around = Surroundings(today, national_calendar(), demo=True)
    return try_workflow(loaded, given if isinstance(given, list) else [given], around)


def check(folders: Iterable[Path]) -> list[Flaw]:
    """Return every flaw of every plugin found in `folders`, forms' own tests included."""
    folders = list(folders)
    catalogue, policy = Catalogue.load(folders), Policy.bundled()
    flaws = [*catalogue.flaws, *map(_no_plugins, filter(_is_bare, folders))]
    for plugin in catalogue.plugins.values():
        for form_id, form in plugin.forms.items():
            source = _yaml(plugin.folder / "forms" / f"{form_id}.yaml")
            flaws += run_tests(form, source)
            flaws += _unknown_clauses(form, source, policy)
        flaws += _unknown_desk(plugin)
    return flaws


def _is_bare(folder: Path) -> bool:
    return not any(folder.glob("*/plugin.yaml"))


def _no_plugins(folder: Path) -> Flaw:
    own = (folder / "plugin.yaml").exists()
    meant = str(folder.parent) if own else ""
    return Flaw(Position(str(folder)), "no folder with plugins in it", meant)


def _unknown_clauses(form: Form, source: Source, policy: Policy) -> list[Flaw]:
    cited = [(spec.basis, spec.name) for spec in form.fields.values()]
    cited += [(each.basis, each.field or "") for page in form.pages for each in page.checks]
    return [
        Flaw(source.at(), f"“{basis}” (cited at {where or 'a check'}) is no clause we know")
        for basis, where in cited
        if basis and basis not in policy
    ]


def _unknown_desk(plugin: Plugin) -> list[Flaw]:
    manifest = plugin.manifest
    return [
        manifest.source.flaw(f"the form {plugin.form.id} has no field “{name}”", "desk")
        for name in (manifest.who, *manifest.gist)
        if name and name not in plugin.form.fields
    ]


def _around(today: date, form: Form, answers: dict[str, Any]) -> Surroundings:
    """Return surroundings in which a lookup holds whatever is answered, as a trial has no place."""
    choices = dict(place_choices(None))
    for spec in form.fields.values():
        if spec.choices_from:
            given = answers.get(spec.name)
            values = given if isinstance(given, list) else [given]
            known = [each for each in values if isinstance(each, str)][:_SAMPLE_CHOICES]
            choices[spec.choices_from] = [Choice(each, Text(each)) for each in known]
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
