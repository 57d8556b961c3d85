"""Lookups: choices that the core and the plugins offer to every form (DESIGN §3).

`places.schools`, `places.venues`, `places.regions`, `places.own_schools` and `places.around` are
the core's own, as is `audiences.people`, whom an officer may write to (`core.audiences`);
`volunteers.cleared` is what the plugin `volunteers` declares under `lookups` and answers with
`provide_choices`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from core.api import Context
from core.audiences import Audiences
from core.people import Person
from core.places import Below, Place, Places
from core.plugins import Catalogue
from core.public_names import PublicNames
from forms.canonical import canonical
from forms.definition import Form
from forms.surroundings import Choice, ChoiceSource

CORE = "places"
_KINDS = {"schools": ("school", "teaching_point"), "venues": ("venue",)}
_OWN = "own_schools"
_REGIONS = "regions"
_REGION_KINDS = ("district", "village")
_AROUND = "around"
CORE_LOOKUPS = tuple(f"{CORE}.{name}" for name in (*_KINDS, _REGIONS, _OWN, _AROUND))
AUDIENCES = "audiences.people"
_ABOVE_COUNTIES = ("province", "city")


class Lookups(ChoiceSource):
    """Every lookup as one person may ask it at one place; asked when needed, once.

    Where a plugin wants to know what narrows it, that is once for every such set of answers. What
    is not open there, or not for this person, is not in it: null, whoever asks. What anybody may
    ask offers a case by its public name, never by its receipt number.
    """

    def __init__(  # noqa: PLR0913, PLR0917 — what lookups are asked of
        self,
        catalogue: Catalogue,
        places: Places,
        place: Place | None,
        person: Person | None,
        context: Callable[[str, Place, Person | None], Context],
        audiences: Audiences,
        names: PublicNames,
    ) -> None:
        self._catalogue = catalogue
        self._places = places
        self._place = place
        self._person = person
        self._context = context
        self._audiences = audiences
        self._names = names
        self._asked: dict[tuple[str, str], Sequence[Choice] | None] = {}

    def __getitem__(self, name: str) -> Sequence[Choice]:
        found = self.narrowed(name, {})
        if found is None:
            raise KeyError(name)
        return found

    def narrowed(self, name: str, given: Mapping[str, Any]) -> Sequence[Choice] | None:
        """Return what a lookup offers for clean answers by fact; None where it is null."""
        owner = name.partition(".")[0]
        told = dict(given) if self._catalogue.choices_depend(owner) else {}
        asked = name, canonical(told)
        if asked not in self._asked:
            self._asked[asked] = self._ask(name, told)
        return self._asked[asked]

    def named(self, name: str) -> Sequence[Choice]:
        """Return the choices by which answers read; of audiences, whosever they are."""
        if name == AUDIENCES and self._place:
            return self._audiences.named(self._place)
        return super().named(name)

    def __iter__(self) -> Iterator[str]:
        return (name for name in known_lookups(self._catalogue) if name in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _ask(self, name: str, given: Mapping[str, Any]) -> Sequence[Choice] | None:
        owner, _, lookup = name.partition(".")
        if owner == CORE:
            return self._of_places(lookup)
        if name == AUDIENCES:
            return self._audiences.offered(self._place, self._person) if self._place else []
        plugin, place = self._catalogue.plugins.get(owner), self._place
        declared = plugin.manifest.lookups.get(lookup) if plugin else None
        if declared is None or place is None or owner not in place.services:
            return None
        if declared.roles and not declared.roles & _roles(self._person, place):
            return None
        context = self._context(owner, place, self._person)
        found = self._catalogue.choices(owner, context=context, lookup=lookup, given=given)
        return found if found is None or declared.roles else [*map(self._names.offered, found)]

    def _of_places(self, lookup: str) -> Sequence[Choice] | None:
        place = self._place
        if lookup == _REGIONS:
            return _regions(self._places.get(place.county)) if place else ()
        if lookup == _OWN:
            return self._own_schools(place) if place else ()
        if lookup == _AROUND:
            return self._around(place) if place else ()
        if lookup not in _KINDS:
            return None
        if place is None:
            return []
        around: list[Place | Below] = [place, *place.below]
        return [Choice(each.slug, each.name) for each in around if each.kind in _KINDS[lookup]]

    def _around(self, place: Place) -> list[Choice]:
        """Return a place, what lies beneath it, and what it lies in up to its county."""
        here = Choice(place.slug, place.name)
        beneath = [Choice(each.slug, each.name) for each in place.below]
        for each in place.below if place.kind == "county" else ():
            if _is_district(each):
                inside = self._places.get(each.slug).below
                beneath += [Choice(one.slug, one.name) for one in inside]
        above = [
            Choice(slug, name)
            for slug, kind, name in reversed(place.line[:-1])
            if kind not in _ABOVE_COUNTIES
        ]
        return [here, *beneath, *above]

    def _own_schools(self, place: Place) -> list[Choice]:
        """Return the schools at and beneath a place; elsewhere than at a school, the county's."""
        if place.kind in _KINDS["schools"]:
            around: list[Place | Below] = [place, *place.below]
        else:
            county = self._places.get(place.county)
            districts = [self._places.get(each.slug) for each in county.below if _is_district(each)]
            around = [each for one in (county, *districts) for each in one.below]
        found = {each.slug: each.name for each in around if each.kind in _KINDS["schools"]}
        return [Choice(slug, name) for slug, name in found.items()]


def _is_district(place: Below) -> bool:
    return place.kind == "district"


def known_lookups(catalogue: Catalogue) -> list[str]:
    """Return the name of every lookup that is declared."""
    plugins = catalogue.plugins.values()
    return [
        *CORE_LOOKUPS,
        AUDIENCES,
        *(f"{each.id}.{name}" for each in plugins for name in each.manifest.lookups),
    ]


def asks_plugins(form: Form) -> bool:
    """Tell whether what the form offers depends on a plugin, so that no page of it is kept."""
    asked = (name for spec in form.fields.values() for name in spec.lookups)
    return any(name not in CORE_LOOKUPS for name in asked)


def _regions(county: Place) -> list[Choice]:
    """Return the districts of a county, and what lies within them, as a tree."""
    found = [one for one in county.below if one.kind in _REGION_KINDS]
    known = {one.slug for one in found}
    return [
        Choice(one.slug, one.name, parent=one.parent if one.parent in known else "")
        for one in found
    ]


def _roles(person: Person | None, place: Place) -> frozenset[str]:
    """Return the roles held over a place or somewhere in it."""
    around = (*place.path, *(each.slug for each in place.below))
    return frozenset(r.name for r in person.roles if r.place in around) if person else frozenset()
