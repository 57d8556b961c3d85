"""What is in force at a place: services and settings, inherited downwards and locked above."""

from collections.abc import Iterable, Mapping
from typing import Any, Literal

Rule = Literal["off", "decide", "required", "on"]
ABOVE = ("province", "city", "county")
Settings = Mapping[str, Mapping[str, Any]]


def rules_for(kind: str) -> tuple[Rule, ...]:
    """Return what a place of this kind may say of a service."""
    if kind in ABOVE:
        return ("off", "decide", "required")
    return ("on", "off") if kind == "district" else ()


def imposed(kind: str, own: Mapping[str, Rule], above: Mapping[str, Rule]) -> dict[str, Rule]:
    """Return the rules that bind everything below: the highest level that locks wins."""
    locks = {plugin: rule for plugin, rule in own.items() if rule in ("off", "required")}
    return {**(locks if kind in ABOVE else {}), **above}


def services(
    kind: str, own: Mapping[str, Rule], locks: Mapping[str, Rule], above: Iterable[str]
) -> list[str]:
    """Return the services in force: a district's own under the locks, its schools inherit.

    A county offers itself what it must, for all of it; what its districts decide, they offer. A
    city offers nothing: cases lie within a county.
    """
    if kind in ABOVE and kind != "county":
        return []
    if kind not in ("county", "district"):
        return sorted(above)
    wanted = {plugin for plugin, rule in own.items() if rule == "on"}
    wanted |= {plugin for plugin, rule in locks.items() if rule == "required"}
    return sorted(wanted - {plugin for plugin, rule in locks.items() if rule == "off"})


def inherited(own: Settings, above: Settings) -> dict[str, dict[str, Any]]:
    """Return each service's settings: the value nearest to the place counts."""
    return {
        plugin: {**above.get(plugin, {}), **own.get(plugin, {})}
        for plugin in sorted({*own, *above})
    }
