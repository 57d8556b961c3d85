"""Discover, load and quarantine plugins; dispatch hooks to those a place has enabled.

Dispatch is ours, over pluggy's `get_hookimpls()`: pluggy stops at the first exception and knows
no places.
"""

import importlib
import logging
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import pluggy

from core.hooks import PROJECT, Hooks
from core.manifest import Manifest, load_manifest
from forms.definition import Form
from forms.loading import load_form
from forms.problems import DefinitionError, Flaw, Position
from forms.source import Source, read_yaml
from workflows.definition import Workflow
from workflows.loading import load_workflow

log = logging.getLogger(__name__)


class PluginFailed(Exception):  # noqa: N818 — says whose fault it was
    """A plugin's Python raised where it was asked; nothing was written."""


@dataclass(frozen=True, slots=True)
class Plugin:
    """One service as loaded: its manifest, its definitions, and its Python if it has any."""

    manifest: Manifest
    folder: Path
    forms: Mapping[str, Form]
    workflows: Mapping[str, Workflow]
    python: object | None = None

    @property
    def id(self) -> str:
        """The folder's name, which never changes."""
        return self.manifest.id

    @property
    def workflow(self) -> Workflow:
        """The workflow a new case of this service starts in."""
        return self.workflows[self.manifest.workflows[0]]

    @property
    def form(self) -> Form:
        """The form a new case of this service is filled in with."""
        return self.forms[self.workflow.form]


@dataclass
class Catalogue:
    """Every plugin found: those that run, and those set aside with the reason."""

    plugins: dict[str, Plugin] = field(default_factory=dict)
    broken: dict[str, str] = field(default_factory=dict)
    flaws: list[Flaw] = field(default_factory=list)
    _manager: pluggy.PluginManager = field(default_factory=lambda: pluggy.PluginManager(PROJECT))

    def __post_init__(self) -> None:
        self._manager.add_hookspecs(Hooks)

    @classmethod
    def load(cls, folders: Iterable[Path]) -> "Catalogue":
        """Load every folder with a `plugin.yaml` in it; what is broken is set aside."""
        catalogue = cls()
        for folder in folders:
            for manifest in sorted(folder.glob("*/plugin.yaml")):
                catalogue._take_in(manifest.parent)
        return catalogue

    def of_place(self, services: Iterable[str]) -> list[Plugin]:
        """Return the plugins that run among those enabled at a place."""
        return [self.plugins[name] for name in sorted(services) if name in self.plugins]

    def quarantine(self, plugin: str, reason: str) -> None:
        """Set a plugin aside; the services page shows it as 因故障停用."""
        log.error("plugin %s is set aside: %s", plugin, reason)
        self.plugins.pop(plugin, None)
        self.broken[plugin] = reason
        if self._manager.has_plugin(plugin):
            self._manager.unregister(name=plugin)

    def register(self, hook: str) -> Iterator[tuple[str, Any]]:
        """Call a `register_*` hook on every plugin; one that raises is set aside."""
        for plugin, call in self._implementations(hook):
            try:
                answer = call()
            except Exception as error:  # noqa: BLE001 — a plugin may raise anything
                self.quarantine(plugin, f"{hook}: {error!r}")
            else:
                yield plugin, answer

    def claim(self, hook: str, plugin: str, **arguments: Any) -> list[Any]:
        """Call a `claim_*` hook on the plugin that owns the case; raise PluginFailed.

        A plugin set aside refuses too: its claims would be missing from the commit.
        """
        if plugin in self.broken and plugin not in self.plugins:
            raise PluginFailed(plugin)
        writes: list[Any] = []
        for name, call in self._implementations(hook):
            if name == plugin:
                try:
                    writes += call(**arguments)
                except Exception as error:
                    log.exception("%s of %s failed", hook, plugin)
                    raise PluginFailed(plugin) from error
        return writes

    def _implementations(self, hook: str) -> Sequence[tuple[str, Callable[..., Any]]]:
        caller: pluggy.HookCaller = getattr(self._manager.hook, hook)
        found = [
            (each.plugin_name, each.function, each.argnames) for each in caller.get_hookimpls()
        ]
        return [(name, _narrowed(call, names)) for name, call, names in sorted(found, key=_name)]

    def _take_in(self, folder: Path) -> None:
        try:
            plugin = _load(folder)
            if plugin.id in self.plugins:
                self.broken[folder.name] = "there are two plugins of this id"
                return
            if plugin.python is not None:
                self._manager.register(plugin.python, name=plugin.id)
                self._manager.check_pending()
                _refuse_odd_hooks(self._manager, plugin)
            self.plugins[plugin.id] = plugin
        except DefinitionError as error:
            self.flaws += error.flaws
            self.quarantine(folder.name, str(error))
        except (Exception, SystemExit) as error:  # noqa: BLE001 — a plugin may raise anything
            self.flaws.append(Flaw(Position(str(folder / "plugin.py")), repr(error)))
            self.quarantine(folder.name, repr(error))


def _load(folder: Path) -> Plugin:
    """Load one folder; raise DefinitionError with the flaws of all its files at once."""
    flaws: list[Flaw] = []
    manifest: Manifest | None = None
    with _collecting(flaws):
        manifest = load_manifest(_source(folder / "plugin.yaml"), folder.name)
    forms: dict[str, Form] = {}
    for path in sorted(folder.glob("forms/*.yaml")):
        with _collecting(flaws):
            form = load_form(_source(path))
            forms[form.id] = form
    roles = [role.id for role in manifest.roles] if manifest else None
    workflows: dict[str, Workflow] = {}
    for path in sorted(folder.glob("workflows/*.yaml")):
        with _collecting(flaws):
            workflow = load_workflow(_source(path), forms, (), roles)
            workflows[workflow.id] = workflow
    if manifest and not flaws:
        flaws += manifest.missing(forms, workflows)
    if flaws or manifest is None:
        raise DefinitionError(flaws)
    return Plugin(manifest, folder, forms, workflows, _python(folder))


class _collecting:  # noqa: N801 — reads as a verb where it is used
    """Keeps the flaws of one file, so that the next is looked at too."""

    def __init__(self, flaws: list[Flaw]) -> None:
        self._flaws = flaws

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if isinstance(error, DefinitionError):
            self._flaws += error.flaws
            return True
        return False


def _source(path: Path) -> Source:
    here = Path.cwd()
    shown = path.relative_to(here) if path.is_relative_to(here) else path
    return read_yaml(path.read_bytes(), str(shown))


def _python(folder: Path) -> object | None:
    if not (folder / "plugin.py").exists():
        return None
    module = _module(folder, "plugin")
    plugin: object = module.Plugin()
    return plugin


def _module(folder: Path, name: str) -> ModuleType:
    """Import a plugin's module as part of its own package, wherever the folder lies."""
    package = f"plugins.{folder.name}"
    if list(getattr(sys.modules.get(package), "__path__", ())) != [str(folder)]:
        for known in [each for each in sys.modules if each.startswith(f"{package}.")]:
            del sys.modules[known]
        sys.modules[package] = found = ModuleType(package)
        found.__path__ = [str(folder)]
    return importlib.import_module(f"{package}.{name}")


def _narrowed(call: Callable[..., Any], names: Sequence[str]) -> Callable[..., Any]:
    """Return `call` taking every argument of the hook and passing on those it names."""
    return lambda **given: call(**{name: given[name] for name in names})


def _name(found: tuple[str, Any, Any]) -> str:
    return found[0]


def _refuse_odd_hooks(manager: pluggy.PluginManager, plugin: Plugin) -> None:
    for caller in manager.get_hookcallers(plugin.python) or ():
        for each in caller.get_hookimpls():
            if each.plugin_name != plugin.id:
                continue
            if each.wrapper or each.hookwrapper or each.opts.get("specname") or each.kwargnames:
                manager.unregister(name=plugin.id)
                raise TypeError(f"{caller.name}: no wrappers, specname or defaulted arguments")
