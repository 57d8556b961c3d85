"""What is in force at a place: worked out from what it says itself and what holds above it.

Services obey the locks above; settings, definitions, parameters and calendars are inherited, and
the level nearest to the place counts.
"""

from collections.abc import Mapping
from typing import Any

from core import switches

OWN = (
    *("rules", "own_settings", "own_definitions", "own_parameters", "own_calendar", "own_terms"),
    "own_hooks",
)
"""What a place says itself, each a mapping."""
IN_FORCE = (
    "imposed",
    "services",
    "settings",
    "definitions",
    "parameters",
    "calendar",
    "terms",
    "hooks",
)
_NOTHING: Mapping[str, Any] = {name: () if name == "services" else {} for name in IN_FORCE}


def in_force(
    slug: str, kind: str, own: Mapping[str, Any], above: Mapping[str, Any] | None
) -> dict[str, Any]:
    """Return what holds at a place; `own` has OWN's keys, `above` IN_FORCE's of its parent."""
    above = above or _NOTHING
    locks = switches.imposed(kind, own["rules"], above["imposed"])
    return {
        "imposed": locks,
        "services": switches.services(kind, own["rules"], locks, above["services"]),
        "settings": switches.inherited(own["own_settings"], above["settings"]),
        "definitions": {**above["definitions"], **own["own_definitions"]},
        "parameters": _layered(slug, own["own_parameters"], above["parameters"]),
        "calendar": {**above["calendar"], **own["own_calendar"]},
        "terms": {**above["terms"], **own["own_terms"]},
        "hooks": {**above["hooks"], **own["own_hooks"]},
    }


def _layered(
    slug: str, own: Mapping[str, Any], above: Mapping[str, Any]
) -> dict[str, list[dict[str, Any]]]:
    """Return each parameter's settings, the nearest level first, the latest first in a level."""
    layers: dict[str, list[dict[str, Any]]] = {}
    for name in sorted({*own, *above}):
        mine = [{**each, "place": slug} for each in own.get(name, ())]
        mine.sort(key=lambda each: str(each["from"]), reverse=True)
        layers[name] = mine + list(above.get(name, ()))
    return layers
