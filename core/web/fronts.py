"""The latest entries of public lists that stand on the portal of a place, and of those above."""

import time
from dataclasses import dataclass, field

from flask import current_app

from core.listings import Listed, Listings
from core.places import Place
from core.plugins import Plugin
from core.web.listings import Row
from core.web.visit import office

_LOOKED = 60
"""Of how many of the latest those of the place are chosen."""
_CACHE_SECONDS = 30.0
EXTENSION = "kehou-fronts"


@dataclass(frozen=True, slots=True)
class Front:
    """A service's latest entries."""

    service: Plugin
    rows: list[Row]


@dataclass
class Fronts:
    """Reads the latest entries of a level's list; remembers each for 30 seconds."""

    known: dict[tuple[str, str, str], tuple[float, list[Listed]]] = field(default_factory=dict)

    def latest(self, scope: str, plugin: str, workflow: str) -> list[Listed]:
        """Return the latest entries that a county, or a level above counties, has: one query."""
        until, entries = self.known.get((scope, plugin, workflow), (0.0, []))
        if time.monotonic() < until:
            return entries
        entries = Listings(office().ports.store).latest(scope, plugin, workflow, _LOOKED)
        self.known[scope, plugin, workflow] = (time.monotonic() + _CACHE_SECONDS, entries)
        return entries


def fronts_at(here: Place, services: list[Plugin]) -> list[Front]:
    """Return what stands on a place's portal, of the services that are open there."""
    found: list[Front] = []
    kept: Fronts = current_app.extensions.setdefault(EXTENSION, Fronts())
    above = [slug for slug, kind, _ in here.line if kind in ("province", "city")]
    for service in services:
        told = service.manifest.listing
        if told is None or not told.front:
            continue
        scopes = dict.fromkeys((here.county, *reversed(above)))
        every = [each for one in scopes for each in kept.latest(one, service.id, told.workflow)]
        shown = (each for each in every if each.place in here.path and each.answers.get(told.title))
        latest = sorted(shown, key=lambda each: each.since, reverse=True)[: told.front]
        flow = office().offers.definitions.workflow
        rows = [Row(each, flow(each.workflow)) for each in latest]
        if rows:
            found.append(Front(service, rows))
    return found
