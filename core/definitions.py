"""Definitions by their hash, kept for ever at `DEF#hash`.

A form and a workflow are found by the hash that a case was accepted under. A bundle is a whole
service: its manifest with the hashes of its forms and workflows.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from core.bundles import Bundle
from core.loading import Plugin, load_plugin
from core.store import Absent, Conflict, Item, Key, Put, Store
from forms.canonical import canonical, digest
from forms.definition import Form, form_from_data
from forms.source import Source
from workflows.definition import Workflow
from workflows.loading import load_workflow


class UnknownDefinition(LookupError):  # noqa: N818 — names what was asked for
    """No definition with this hash was ever published here."""


@dataclass
class Definitions:
    """Finds forms, workflows and whole services by hash, in memory first, then in the store."""

    store: Store
    _forms: dict[str, Form] = field(default_factory=dict)
    _workflows: dict[str, Workflow] = field(default_factory=dict)
    _services: dict[str, Plugin] = field(default_factory=dict)

    def keep(self, services: Iterable[Plugin]) -> None:
        """Keep these for ever; one read where all of them are kept already."""
        bundles = {bundle_hash(each): each for each in services}
        for service in bundles.values():
            self._forms |= {form.hash: form for form in service.forms.values()}
            self._workflows |= {each.hash: each for each in service.workflows.values()}
        for name in self._missing(bundles):
            self._keep(name, bundles[name])

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

    def service(self, name: str) -> Plugin:
        """Return the service whose bundle has this hash, without Python."""
        if name not in self._services:
            body = self._body(name)
            manifest = Source(f"DEF#{name}", body["manifest"])
            bundle = Bundle(
                id=body["manifest"]["id"],
                origin=f"DEF#{name}",
                manifest=manifest,
                forms=self._sources(body["forms"].values()),
                workflows=self._sources(body["workflows"].values()),
                sound=True,
                over=body["over"],
            )
            self._services[name] = load_plugin(bundle)
        return self._services[name]

    def _keep(self, name: str, service: Plugin) -> None:
        """Write a bundle after its parts, so that what stands in the store is complete."""
        bodies: dict[str, Mapping[str, Any]] = {}
        for form in service.forms.values():
            bodies[form.hash] = {"kind": "form", "data": form.data}
        for each in service.workflows.values():
            about = {form_id: form.hash for form_id, form in each.forms.items()}
            bodies[each.hash] = {"kind": "workflow", "data": each.data, "forms": about}
        for part in [*self._missing(bodies), name]:
            body = bodies.get(part) or _bundle_body(service)
            try:
                item = {"pk": f"DEF#{part}", "sk": "-", "body": canonical(body)}
                self.store.commit(Put(item, (Absent(),)))
            except Conflict:
                continue

    def _sources(self, names: Iterable[str]) -> tuple[Source, ...]:
        names = list(names)
        found = self._items(names)
        return tuple(
            Source(f"DEF#{name}", _read(name, item)["data"])
            for name, item in zip(names, found, strict=True)
        )

    def _body(self, name: str) -> Mapping[str, Any]:
        [item] = self._items([name])
        return _read(name, item)

    def _missing(self, names: Iterable[str]) -> list[str]:
        names = list(names)
        found = self._items(names)
        return [name for name, item in zip(names, found, strict=True) if item is None]

    def _items(self, names: Iterable[str]) -> list[Item | None]:
        keys = [_key(name) for name in names]
        return self.store.get(*keys) if keys else []


def bundle_hash(service: Plugin) -> str:
    """Return the hash that names a service as it stands, definitions and manifest together."""
    return digest(_bundle_body(service))


def _bundle_body(service: Plugin) -> dict[str, Any]:
    return {
        "kind": "bundle",
        "over": service.bundle.over,
        "manifest": service.manifest.source.data,
        "forms": {form_id: form.hash for form_id, form in service.forms.items()},
        "workflows": {name: each.hash for name, each in service.workflows.items()},
    }


def _key(name: str) -> Key:
    return (f"DEF#{name}", "-")


def _read(name: str, item: Item | None) -> Mapping[str, Any]:
    if item is None:
        raise UnknownDefinition(name)
    body: Mapping[str, Any] = json.loads(item["body"])
    return body
