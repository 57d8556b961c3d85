"""Audiences (群体): people whom officers may write to, by whose cases they are.

`volunteers.cleared` names one, `volunteers.cleared=music` those of it who gave that answer. An
audience is offered where its service is open, or somewhere beneath, to who holds one of its roles.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from core.manifest import Audience
from core.offers import Offers
from core.people import Person
from core.places import Place, Places, UnknownPlace
from core.plugins import Plugin
from core.store import Item
from forms.fields import Field
from forms.surroundings import Choice
from forms.text import Text


@dataclass(frozen=True, slots=True)
class Group:
    """An audience, or those of it with one answer."""

    plugin: str
    audience: Audience
    chosen: str = ""

    def holds(self, item: Item, within: str) -> bool:
        """Tell whether a case makes its holder one of them, as far as they concern a place."""
        if item["twin"] or item["plugin"] != self.plugin or not item["holder"]:
            return False
        told = self.audience
        stands = item["flow"] == told.workflow and item["state"] in told.states
        return stands and within in item["reach"] and self._answered(item["answers"])

    def _answered(self, answers: Mapping[str, Any]) -> bool:
        given = answers.get(self.audience.by)
        return not self.chosen or self.chosen in (given if isinstance(given, list) else [given])


@dataclass(frozen=True, slots=True)
class Audiences:
    """Finds audiences by place."""

    offers: Offers
    places: Places

    def offered(self, place: Place, person: Person | None) -> list[Choice]:
        """Return the audiences that somebody may write to at a place."""
        if person is None:
            return []
        return self._told(place, person)

    def named(self, place: Place) -> list[Choice]:
        """Return every audience there is at a place, by which what was chosen reads."""
        return self._told(place, None)

    def _told(self, place: Place, person: Person | None) -> list[Choice]:
        """Return audiences at a place; of a person, those they may write to."""
        around = frozenset((*place.path, *(each.slug for each in place.below)))
        held = person.roles_over(around) if person else frozenset[str]()
        return [
            choice
            for service in self.offers.known_at([place])
            if not person or held & {role.id for role in service.manifest.roles}
            if not person or self._is_open(service, place)
            for audience in service.manifest.audiences
            for choice in _choices(service, audience)
        ]

    def find(self, place: Place, value: str) -> Group | None:
        """Return the group that a value names; None where its service no longer declares it."""
        name, _, chosen = value.partition("=")
        plugin, _, audience = name.partition(".")
        service = self.offers.at(place, plugin)
        told = service.manifest.audiences if service else ()
        found = next((each for each in told if each.id == audience), None)
        return Group(plugin, found, chosen) if found else None

    def _is_open(self, service: Plugin, place: Place) -> bool:
        return service.id in place.services or any(
            service.id in each.services for each in self._beneath(place)
        )

    def _beneath(self, place: Place) -> Iterator[Place]:
        for each in place.below:
            try:
                yield self.places.get(each.slug)
            except UnknownPlace:
                continue


def _choices(service: Plugin, audience: Audience) -> Iterator[Choice]:
    name = f"{service.id}.{audience.id}"
    yield Choice(name, audience.label)
    flow = service.workflows[audience.workflow]
    field: Field | None = flow.forms[flow.form].fields.get(audience.by)
    for each in field.choices if field else ():
        zh, en = (f"{audience.label.get(code)}{dot}" for code, dot in (("zh", "："), ("en", ": ")))
        label = Text(zh + each.label.zh, en + each.label.get("en"))
        yield Choice(f"{name}={each.value}", label)
