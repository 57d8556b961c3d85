"""Asks plugins through their hooks, over pluggy's `get_hookimpls()`.

Dispatch is ours: pluggy stops at the first exception and knows no places.
"""

from collections.abc import Callable, Sequence
from typing import Any

import pluggy

from core.hooks import PROJECT, Hooks

Call = Callable[..., Any]


class Switchboard:
    """Knows which plugin implements which hook; one for each installation."""

    def __init__(self) -> None:
        self._manager = pluggy.PluginManager(PROJECT)
        self._manager.add_hookspecs(Hooks)

    def connect(self, plugin: str, python: object) -> None:
        """Take in a plugin's implementations; raise for one that fits no hook, or is odd."""
        self._manager.register(python, name=plugin)
        try:
            self._manager.check_pending()
            self._refuse_odd(plugin, python)
        except Exception:
            self.disconnect(plugin)
            raise

    def disconnect(self, plugin: str) -> None:
        """Forget a plugin's implementations."""
        if self._manager.has_plugin(plugin):
            self._manager.unregister(name=plugin)

    def hooks_of(self, plugin: str) -> list[str]:
        """Return the hooks that a plugin implements, by name."""
        python = self._manager.get_plugin(plugin)
        callers = (self._manager.get_hookcallers(python) or ()) if python else ()
        return sorted(caller.name for caller in callers)

    def implementations(self, hook: str) -> list[tuple[str, Call]]:
        """Return the plugins that implement a hook, by name, each with what is to be called.

        Every call takes all the arguments of the hook and passes on those it names.
        """
        caller: pluggy.HookCaller = getattr(self._manager.hook, hook)
        found = {each.plugin_name: each for each in caller.get_hookimpls()}
        return [
            (name, _narrowed(found[name].function, found[name].argnames)) for name in sorted(found)
        ]

    def arguments_of(self, hook: str, plugin: str) -> tuple[str, ...]:
        """Return which of a hook's arguments a plugin names; none where it has no such hook."""
        caller: pluggy.HookCaller = getattr(self._manager.hook, hook)
        found = (each for each in caller.get_hookimpls() if each.plugin_name == plugin)
        return next((tuple(each.argnames) for each in found), ())

    def _refuse_odd(self, plugin: str, python: object) -> None:
        for caller in self._manager.get_hookcallers(python) or ():
            for each in caller.get_hookimpls():
                odd = each.wrapper or each.hookwrapper or each.opts.get("specname")
                if each.plugin_name == plugin and (odd or each.kwargnames):
                    raise TypeError(f"{caller.name}: no wrappers, specname or defaulted arguments")


def _narrowed(call: Call, names: Sequence[str]) -> Call:
    def narrowed(**given: Any) -> Any:
        try:
            return call(**{name: given[name] for name in names})
        except SystemExit as error:  # which would end a thread, or the whole server
            raise RuntimeError("a plugin tried to exit") from error

    return narrowed
