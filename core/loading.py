"""From a bundle to a plugin that runs: its definitions loaded, its Python imported."""

import importlib
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.machinery import ModuleSpec
from importlib.util import module_from_spec
from pathlib import Path

from core.bundles import Bundle, collecting
from core.manifest import Manifest, load_manifest
from forms.definition import Form, form_from_data
from forms.loading import load_form
from forms.problems import DefinitionError, Flaw, Position
from forms.source import Source
from forms.text import Text
from workflows.definition import Workflow
from workflows.loading import load_workflow


@dataclass(frozen=True, slots=True)
class Plugin:
    """One service as loaded: its manifest, its definitions, and its Python if it has any."""

    manifest: Manifest
    bundle: Bundle
    forms: Mapping[str, Form]
    workflows: Mapping[str, Workflow]
    python: object | None = None
    entry: str = ""
    """The workflow that cases are begun in, where it is not the first of the manifest."""

    @property
    def id(self) -> str:
        """The folder's name, which never changes."""
        return self.manifest.id

    @property
    def folder(self) -> Path | None:
        """Where its templates and its part of the sample county lie; None in the store."""
        return self.bundle.folder

    @property
    def workflow(self) -> Workflow:
        """The workflow a new case of this service starts in."""
        return self.workflows[self.entry or self.manifest.workflows[0]]

    @property
    def form(self) -> Form:
        """The form a new case of this service is filled in with."""
        return self.forms[self.workflow.form]

    def begun_in(self, workflow: str) -> "Plugin":
        """Return the service as those see it who begin cases in another of its workflows."""
        return replace(self, entry=workflow)

    def begun_with(self, form: str) -> "Plugin":
        """Return the service as those see it who begin with this form; as it is for none."""
        found = (each.id for each in self.begun if each.form == form)
        return self.begun_in(next(found, ""))

    def begun_as(self, workflow: str) -> Text:
        """Return what those are told has not been begun: of the first workflow, the service."""
        flow = self.workflows.get(workflow)
        if flow is None or workflow == self.manifest.workflows[0]:
            return self.manifest.name
        return flow.title or self.manifest.name

    @property
    def begun(self) -> tuple[Workflow, ...]:
        """The workflows that cases can begin in, in the manifest's order."""
        return tuple(self.workflows[name] for name in self.manifest.workflows)


def load_plugin(bundle: Bundle) -> Plugin:
    """Load one plugin; raise DefinitionError with the flaws of all its files at once.

    Its Python may raise anything.
    """
    return replace(definitions_of(bundle), python=_python(bundle))


def definitions_of(bundle: Bundle) -> Plugin:
    """Load one plugin without its Python; raise DefinitionError with all its flaws."""
    flaws = list(bundle.flaws)
    manifest: Manifest | None = None
    if bundle.manifest is not None:
        with collecting(flaws):
            manifest = load_manifest(bundle.manifest, bundle.id)
    forms: dict[str, Form] = {}
    for source in bundle.forms:
        with collecting(flaws):
            form = form_from_data(source.data) if bundle.sound else load_form(source)
            forms[form.id] = form
    roles = [role.id for role in manifest.roles] if manifest else None
    workflows: dict[str, Workflow] = {}
    for source in bundle.workflows:
        with collecting(flaws):
            workflow = load_workflow(source, forms, (), roles)
            workflows[workflow.id] = workflow
    if manifest and not flaws:
        flaws += manifest.missing(forms, workflows)
        flaws += _untold(manifest, bundle.workflows, workflows)
        flaws += _unheard(manifest, workflows)
    if flaws or manifest is None:
        raise DefinitionError(flaws or [Flaw(Position(bundle.origin), "there is no manifest")])
    return Plugin(manifest, bundle, forms, workflows)


def _untold(
    manifest: Manifest, sources: Sequence[Source], workflows: Mapping[str, Workflow]
) -> Iterator[Flaw]:
    """Yield the workflows that rest on facts which no Python of the service tells."""
    for source, workflow in zip(sources, workflows.values(), strict=True):
        if workflow.facts and "check_facts" not in manifest.hooks:
            message = "facts are told by the hook check_facts: declare it in the manifest"
            yield source.flaw(message, "facts")


def _unheard(manifest: Manifest, workflows: Mapping[str, Workflow]) -> Iterator[Flaw]:
    """Yield what an audience names that is not there, or that tells of a person."""
    for index, each in enumerate(manifest.audiences):
        flow = workflows.get(each.workflow)
        unknown = [name for name in sorted(each.states) if flow and name not in flow.states]
        spec = flow.forms[flow.form].fields.get(each.by) if flow else None
        narrows = spec and not spec.is_personal and spec.type.name in ("choice", "choices")
        for message in (
            None if flow else f"there is no workflow “{each.workflow}”",
            f"{each.workflow} has no state “{unknown[0]}”" if unknown else None,
            f"“{each.by}” is no field with choices that is not personal"
            if flow and each.by and not narrows
            else None,
        ):
            if message:
                yield manifest.source.flaw(message, "audiences", index)


def _python(bundle: Bundle) -> object | None:
    if not bundle.has_python:
        return None
    if not bundle.installed:
        _place(bundle)
    plugin: object = importlib.import_module(f"{bundle.package}.plugin").Plugin()
    return plugin


def _place(bundle: Bundle) -> None:
    """Make the plugin's package what lies in its folder, wherever that is."""
    package, folder = bundle.package, str(bundle.folder)
    if list(getattr(sys.modules.get(package), "__path__", ())) != [folder]:
        for known in [each for each in sys.modules if each.startswith(f"{package}.")]:
            del sys.modules[known]
        spec = ModuleSpec(package, None, is_package=True)
        spec.submodule_search_locations = [folder]
        sys.modules[package] = module_from_spec(spec)
