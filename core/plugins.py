"""The catalogue: every plugin found, those that run and those set aside with the reason."""

import logging
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.api import Engagement
from core.bundles import Bundle, bundles_in
from core.dispatch import Switchboard
from core.loading import Plugin, load_plugin
from core.tables import Table
from forms.problems import DefinitionError, Flaw, Position, Problem
from forms.surroundings import Choice

__all__ = ["Catalogue", "Plugin", "PluginFailed"]

log = logging.getLogger(__name__)
ALL = "*"
"""Stands for every plugin among those to be left out."""


class PluginFailed(Exception):  # noqa: N818 — says whose fault it was
    """A plugin's Python raised where it was asked; nothing was written."""


@dataclass
class Catalogue:
    """Every plugin found: those that run, and those set aside with the reason."""

    plugins: dict[str, Plugin] = field(default_factory=dict)
    broken: dict[str, str] = field(default_factory=dict)
    flaws: list[Flaw] = field(default_factory=list)
    left_out: set[str] = field(default_factory=set)
    """The plugins that this start was told to do without."""
    _board: Switchboard = field(default_factory=Switchboard)

    @classmethod
    def load(cls, found: Iterable[Path | Bundle], without: Collection[str] = ()) -> "Catalogue":
        """Load every plugin of these folders, and these bundles; what is broken is set aside.

        Of two with one id the first counts, even where it is broken. Those named in `without`
        are left out, all for `ALL`.
        """
        catalogue = cls()
        for each in found:
            for bundle in [each] if isinstance(each, Bundle) else bundles_in(each):
                if bundle.id in without or ALL in without:
                    catalogue.left_out.add(bundle.id)
                else:
                    catalogue._take_in(bundle)
        catalogue._set_aside_the_stranded()
        return catalogue

    def quarantine(self, plugin: str, reason: str) -> None:
        """Set a plugin aside; the services page shows it as 因故障停用."""
        log.error("plugin %s is set aside: %s", plugin, reason)
        self.plugins.pop(plugin, None)
        self.broken[plugin] = reason
        self._board.disconnect(plugin)

    def register(self, hook: str) -> Iterator[tuple[str, Any]]:
        """Call a `register_*` hook on every plugin; one that raises is set aside."""
        for plugin, call in self._board.implementations(hook):
            try:
                answer = call()
            except Exception as error:  # noqa: BLE001 — a plugin may raise anything
                self.quarantine(plugin, f"{hook}: {error!r}")
            else:
                yield plugin, answer

    def concerned(self, hook: str, owner: str, services: Collection[str]) -> list[str]:
        """Return the plugins that a hook about a case goes to: its owner, and who listens.

        Whoever listens must run and be enabled at the case's place.
        """
        return [
            name
            for name, _ in self._board.implementations(hook)
            if name == owner or (name in services and owner in self.plugins[name].manifest.listens)
        ]

    def choices(self, plugin: str, **arguments: Any) -> list[Choice] | None:
        """Call `provide_choices` of one plugin; None where it raises, or offers no choices."""
        try:
            found = list(self._call("provide_choices", plugin, arguments))
        except Exception:
            log.exception("provide_choices of %s failed", plugin)
            return None
        if all(isinstance(each, Choice) for each in found):
            return found
        log.error("provide_choices of %s offers what is no Choice", plugin)
        return None

    def agenda(self, plugin: str, **arguments: Any) -> list[Engagement] | None:
        """Call `provide_agenda` of one plugin; None where it raises, or tells what is none."""
        try:
            found = list(self._call("provide_agenda", plugin, arguments))
        except Exception:
            log.exception("provide_agenda of %s failed", plugin)
            return None
        if all(isinstance(each, Engagement) for each in found):
            return sorted(found, key=lambda each: (each.day, each.starts, each.title.zh))
        log.error("provide_agenda of %s tells what is no Engagement", plugin)
        return None

    def figures(self, plugin: str, **arguments: Any) -> list[Table] | None:
        """Call `provide_figures` of one plugin; [] where it has none, None where it raises."""
        if "provide_figures" not in self._board.hooks_of(plugin):
            return []
        try:
            found = list(self._call("provide_figures", plugin, arguments))
        except Exception:
            log.exception("provide_figures of %s failed", plugin)
            return None
        if all(isinstance(each, Table) for each in found):
            return found
        log.error("provide_figures of %s returns what is no Table", plugin)
        return None

    def choices_depend(self, plugin: str) -> bool:
        """Tell whether a plugin's `provide_choices` wants to know the answers that narrow it."""
        return "given" in self._board.arguments_of("provide_choices", plugin)

    def check(self, hook: str, plugin: str, **arguments: Any) -> list[Problem]:
        """Call a `check_*` hook of one plugin; raise PluginFailed: what cannot be checked fails."""
        found = self._strictly(hook, plugin, arguments)
        if not all(isinstance(each, Problem) for each in found):
            raise PluginFailed(plugin)
        return found

    def facts(self, plugin: str, **arguments: Any) -> dict[str, bool]:
        """Call `check_facts` of one plugin; raise PluginFailed."""
        try:
            found = self._call("check_facts", plugin, arguments)
            return {str(name): each is True for name, each in found.items()}
        except Exception as error:
            log.exception("check_facts of %s failed", plugin)
            raise PluginFailed(plugin) from error

    def claim(self, hook: str, plugin: str, **arguments: Any) -> list[Any]:
        """Call a `claim_*` hook of one plugin; raise PluginFailed."""
        return self._strictly(hook, plugin, arguments)

    def tell(self, hook: str, plugin: str, **arguments: Any) -> None:
        """Call an `after_*` hook of one plugin; raise what it raises: the caller tries again."""
        if plugin not in self.plugins:
            raise PluginFailed(plugin)
        self._call(hook, plugin, arguments)

    def hooks_of(self, plugin: str) -> list[str]:
        """Return the hooks that a plugin's Python implements."""
        return self._board.hooks_of(plugin)

    def _strictly(self, hook: str, plugin: str, arguments: Mapping[str, Any]) -> list[Any]:
        try:
            return list(self._call(hook, plugin, arguments))
        except Exception as error:
            log.exception("%s of %s failed", hook, plugin)
            raise PluginFailed(plugin) from error

    def _call(self, hook: str, plugin: str, arguments: Mapping[str, Any]) -> Any:
        calls = dict(self._board.implementations(hook))
        return calls[plugin](**arguments)

    def _set_aside_the_stranded(self) -> None:
        """Set aside what requires a plugin that does not run, and what requires that in turn."""
        stranded = True
        while stranded:
            stranded = False
            for plugin in list(self.plugins.values()):
                absent = [each for each in plugin.manifest.requires if each not in self.plugins]
                if absent:
                    message = f"it requires {', '.join(absent)}, which does not run"
                    self.flaws.append(plugin.manifest.source.flaw(message, "requires"))
                    self.quarantine(plugin.id, message)
                    stranded = True

    def _set_aside_the_second(self, bundle: Bundle) -> None:
        first = self.plugins.get(bundle.id)
        if first is not None:
            runs = f"{first.bundle.origin} runs, {bundle.origin} does not"
            self.broken[bundle.id] = f"there are two plugins of this id: {runs}"
        message = "there is another plugin of this id, which comes first"
        self.flaws.append(Flaw(Position(bundle.origin), message))

    def _take_in(self, bundle: Bundle) -> None:
        if bundle.id in self.plugins or bundle.id in self.broken:
            self._set_aside_the_second(bundle)
            return
        try:
            plugin = load_plugin(bundle)
            if plugin.python is not None:
                self._board.connect(plugin.id, plugin.python)
            self.plugins[plugin.id] = plugin
        except DefinitionError as error:
            self.flaws += error.flaws
            self.quarantine(bundle.id, str(error))
        except (Exception, SystemExit) as error:  # noqa: BLE001 — a plugin may raise anything
            where = str(bundle.folder / "plugin.py") if bundle.folder else bundle.origin
            self.flaws.append(Flaw(Position(where), repr(error)))
            self.quarantine(bundle.id, repr(error))
