"""Definitions by their hash: the bundled ones, and those that cases were accepted under.

Kept for ever at `DEF#hash`, so a case keeps its form and workflow when the files change.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from core.store import Absent, Conflict, Put, Store
from forms.canonical import canonical
from forms.definition import Form, form_from_data
from forms.source import Source
from workflows.definition import Workflow
from workflows.loading import load_workflow


class UnknownDefinition(LookupError):  # noqa: N818 — names what was asked for
    """No definition with this hash was ever published here."""


@dataclass
class Definitions:
    """Finds forms and workflows by hash, in memory first and then in the store."""

    store: Store
    _forms: dict[str, Form] = field(default_factory=dict)
    _workflows: dict[str, Workflow] = field(default_factory=dict)

    def publish(self, forms: Iterable[Form], workflows: Iterable[Workflow]) -> None:
        """Keep these for ever; what is already kept is not written again."""
        fresh: dict[str, Mapping[str, Any]] = {}
        for form in forms:
            self._forms[form.hash] = form
            fresh[form.hash] = {"kind": "form", "data": form.data}
        for workflow in workflows:
            self._workflows[workflow.hash] = workflow
            about = {form_id: form.hash for form_id, form in workflow.forms.items()}
            fresh[workflow.hash] = {"kind": "workflow", "data": workflow.data, "forms": about}
        for name in self._missing(list(fresh)):
            body = {"pk": f"DEF#{name}", "sk": "-", "body": canonical(fresh[name])}
            try:
                self.store.commit(Put(body, (Absent(),)))
            except Conflict:
                continue

    def form(self, name: str) -> Form:
        """Return the form with this hash; raise UnknownDefinition."""
        if name not in self._forms:
            self._forms[name] = form_from_data(self._body(name)["data"])
        return self._forms[name]

    def workflow(self, name: str) -> Workflow:
        """Return the workflow with this hash, with the forms it was published with."""
        if name not in self._workflows:
            body = self._body(name)
            about = {form_id: self.form(each) for form_id, each in body["forms"].items()}
            self._workflows[name] = load_workflow(
                Source(f"DEF#{name}", body["data"]), about, None, None
            )
        return self._workflows[name]

    def _body(self, name: str) -> Mapping[str, Any]:
        [item] = self.store.get((f"DEF#{name}", "-"))
        if item is None:
            raise UnknownDefinition(name)
        body: Mapping[str, Any] = json.loads(item["body"])
        return body

    def _missing(self, names: list[str]) -> list[str]:
        found = self.store.get(*((f"DEF#{name}", "-") for name in names)) if names else []
        return [name for name, item in zip(names, found, strict=True) if item is None]
