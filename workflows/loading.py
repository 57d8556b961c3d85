"""From a workflow's file to a Workflow, with every flaw of the file at once."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from string import Formatter
from typing import Any

from forms.canonical import digest
from forms.definition import Form
from forms.functions import Kind
from forms.problems import DefinitionError, nearest
from forms.source import Source
from forms.text import Text
from workflows.definition import Circulation, Recall, State, Workflow
from workflows.lint import Linter, Placed
from workflows.reader import Kinds, Reader, Rows
from workflows.shapes import WORKFLOW
from workflows.states import read_state
from workflows.transitions import Forms, read_transition, transition_paths

PARAMETERS = frozenset({"number", "service", "place", "due", "comment"})
"""What a message may name in braces: receipt number, service, place, due date, comment.

Beside these, a field of the form that is not personal and reads in a few words.
"""
LINK = "link"
"""What the message to a group may name as well: the address that each of them has for it."""
_TOLD = ("text", "integer", "date", "time", "choice", "lookup")
"""The types of fields that a message may name."""


def load_workflow(
    source: Source,
    forms: Mapping[str, Form],
    actions: Collection[str] | None = (),
    roles: Collection[str] | None = None,
) -> Workflow:
    """Read a workflow; raise DefinitionError with every flaw.

    `forms` are the service's forms by id, `actions` the names its Python registers, `roles` those
    it declares beside `applicant` and `system`. None for `actions` or `roles`: not checked, as
    for a definition that was published before.
    """
    kinds = {name: _kinds(form) for name, form in forms.items()}
    rows = {name: form.rows for name, form in forms.items()}
    loading = _Loading(source, kinds, rows, actions, roles)
    loading.reader.form = forms.get(str(loading.data.get("form")))
    loading.told = {name: _told(form) for name, form in forms.items()}
    loading.lookups = {name: _lookups(form) for name, form in forms.items()}
    workflow = loading.workflow()
    used = {workflow.form, *(each.form for each in workflow.transitions)}
    own = {name: form for name, form in forms.items() if name in used}
    about = {name: form.hash for name, form in own.items()}
    return replace(workflow, forms=own, hash=digest([workflow.data, about]))


class _Loading:
    """One reading of one file."""

    def __init__(
        self,
        source: Source,
        forms: Forms,
        rows: Mapping[str, Rows],
        actions: Collection[str] | None,
        roles: Collection[str] | None,
    ) -> None:
        self.forms = forms
        self.lookups: Mapping[str, Collection[str]] = {}
        self.told: Mapping[str, Collection[str]] = {}
        self.rows = rows
        self.reader = Reader(source, actions=actions, roles=roles)
        self.data = self.reader.keys(WORKFLOW, required=["id", "form", "states", "transitions"])
        self.reader.states = list(self.data.get("states", ()))
        circulated = (self.data.get("circulate") or {}).get("template")
        self.reader.templates = [
            each for each in self.data.get("messages", ()) if each != circulated
        ]
        self.reader.undo = self.data.get("undo", False)

    def workflow(self) -> Workflow:
        reader, data = self.reader, self.data
        reader.fields = self._form()
        reader.steps = self._steps()
        reader.facts = self._facts()
        reader.rows = {**self.rows.get(str(data.get("form")), {}), **self._step_rows()}
        states = {name: read_state(reader, name) for name in reader.states}
        placed = [
            (path, read_transition(reader, self.forms, name, path))
            for name, path in transition_paths(data)
        ]
        path = self._path(states)
        messages = {name: Text.of(text) for name, text in data.get("messages", {}).items()}
        self._lint_messages(messages)
        about, circulation = self._about(), self._circulation(states)
        start = self._linted(states, placed)
        return Workflow(
            id=data["id"],
            form=data["form"],
            states=states,
            transitions=tuple(each for _, each in placed),
            start=start,
            path=path,
            messages=messages,
            title=Text.of(data.get("title")),
            about=about,
            parties=self._parties(),
            facts=tuple(reader.facts),
            circulation=circulation,
            fields=frozenset(reader.fields or ()),
            data=reader.source.data,
        )

    def _linted(self, states: Mapping[str, State], placed: list[Placed]) -> str:
        linter = Linter(self.reader.source, states, placed)
        flaws = [*self.reader.flaws, *linter.flaws()]
        if flaws:
            raise DefinitionError(dict.fromkeys(flaws))
        return linter.starts()[0]

    def _form(self) -> Kinds | None:
        if "form" not in self.data:
            return None
        return self.forms.get(self.reader.known("form", self.data["form"], self.forms, "form"))

    def _about(self) -> str:
        """Read which field names the case that a new one is about: a lookup of the form."""
        about, lookups = self.data.get("about", ""), self.lookups.get(self.data.get("form", ""))
        if about and lookups is not None:
            self.reader.known("lookup among the form's fields", about, lookups, "about")
        return str(about)

    def _parties(self) -> tuple[str, ...]:
        """Read which fields name the places that have to do with a case from its beginning."""
        parties, kinds = self.data.get("parties", ()), self.reader.fields
        for index, name in enumerate(parties if kinds is not None else ()):
            self.reader.known("field", name, kinds or (), "parties", index)
            if (kinds or {}).get(name, "text") not in ("text", "any"):
                self.reader.flaw(f"the field “{name}” holds no place", "parties", index)
        return tuple(parties)

    def _circulation(self, states: Mapping[str, State]) -> Circulation | None:
        """Read the message to a group: to whom, and what of the form they may read."""
        told, reader = self.data.get("circulate"), self.reader
        if told is None:
            return None
        fields, lookups = reader.form.fields if reader.form else {}, self.lookups
        asked = lookups.get(str(self.data.get("form")))
        several = [each.name for each in fields.values() if each.choices_from]
        for key, more in (("to", several), ("within", [])):
            if key in told and asked is not None:
                known = [*asked, *more]
                reader.known("lookup among the form's fields", told[key], known, "circulate", key)
        for index, name in enumerate(told["tells"] if fields else ()):
            found = fields.get(reader.known("field", name, fields, "circulate", "tells", index))
            if found and found.is_personal:
                message = f"“{name}” is personal: a whole group would read it"
                reader.flaw(message, "circulate", "tells", index)
        reader.known("message", told["template"], self.data.get("messages", ()), "circulate")
        readable = (told["into"], *told.get("readable", ()))
        for name in readable:
            reader.known("state", name, states, "circulate")
        words = (told["into"], told["to"], told.get("within", ""), told["template"])
        recall = self._recall(told.get("recall"), readable, states)
        return Circulation(*words, tuple(told["tells"]), tuple(dict.fromkeys(readable)), recall)

    def _recall(
        self, told: Any, readable: Collection[str], states: Mapping[str, State]
    ) -> Recall | None:
        """Read how those who were sent a message are told that it no longer holds."""
        if told is None:
            return None
        at, reader = ("circulate", "recall"), self.reader
        reader.known("message", told["template"], self.data.get("messages", ()), *at)
        reader.known("state", told["into"], states, *at)
        if told["into"] in readable:
            reader.flaw("what is recalled can no longer be read", *at, "into")
        return Recall(told["into"], told["template"])

    def _facts(self) -> list[str]:
        """Read what the service's Python tells, none of it named like a field."""
        facts = list(self.data.get("facts", ()))
        for index, name in enumerate(facts):
            if name in (self.reader.fields or ()):
                self.reader.flaw(f"“{name}” is a field of the form already", "facts", index)
        return facts

    def _steps(self) -> Kinds | None:
        """Return the kinds of all officers' forms together; None where one is missing."""
        steps = dict[str, Kind]()
        complete = True
        for _, path in transition_paths(self.data):
            value = self.reader.value(*path)
            form = value.get("form") if isinstance(value, dict) else None
            complete = complete and (form is None or form in self.forms)
            for name, kind in self.forms.get(str(form), {}).items():
                if steps.setdefault(name, kind) != kind:
                    message = f"“{name}” is a {steps[name]} in another step and a {kind} in this"
                    self.reader.flaw(message, *path, "form")
        return steps if complete else None

    def _step_rows(self) -> Rows:
        """Return the kinds in the rows of each group of an officer's form, under step.group."""
        rows = dict[str, Kinds]()
        for _, path in transition_paths(self.data):
            value = self.reader.value(*path)
            form = str(value.get("form")) if isinstance(value, dict) else ""
            for name, kinds in self.rows.get(form, {}).items():
                if rows.setdefault(f"step.{name}", kinds) != kinds:
                    message = f"the rows of “{name}” ask otherwise in another step than in this"
                    self.reader.flaw(message, *path, "form")
        return rows

    def _path(self, states: Mapping[str, State]) -> tuple[str, ...]:
        reader = self.reader
        for index, name in enumerate(self.data.get("path", ())):
            reader.known("state", name, reader.states, "path", index)
            if name in states and not states[name].step:
                message = f"the state “{name}” needs a “step” to stand in the path"
                reader.flaw(message, "path", index)
        return tuple(self.data.get("path", ()))

    def _lint_messages(self, messages: Mapping[str, Text]) -> None:
        for name, text in messages.items():
            for language, words in (("zh", text.zh), ("en", text.en)):
                told = self.told.get(self.data.get("form", ""), ())
                circulated = (self.data.get("circulate") or {}).get("template") == name
                known = PARAMETERS.union(told, [LINK] if circulated else ())
                for message, meant in _message_flaws(words, known):
                    self.reader.flaw(f"{message} ({language})", "messages", name, meant=meant)


def _message_flaws(words: str, known: Collection[str]) -> Iterator[tuple[str, str]]:
    try:
        parts = list(Formatter().parse(words))
    except ValueError:
        yield "a { or } stands alone", ""
        return
    for _, name, shape, conversion in parts:
        if name is not None and name not in known:
            yield f"there is no parameter {{{name}}}", nearest(name, sorted(known))
        if shape or conversion:
            yield f"write {{{name}}} without more", ""


def _told(form: Form) -> list[str]:
    fields = (each for each in form.fields.values() if not each.is_personal)
    return [each.name for each in fields if each.type.name in _TOLD]


def _lookups(form: Form) -> list[str]:
    return [field.name for field in form.fields.values() if field.type.name == "lookup"]


def _kinds(form: Form) -> Kinds:
    return {name: field.type.kind for name, field in form.fields.items() if field.type.answerable}
