"""Makes the Context that each plugin works with."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Protocol

from core.answer_tables import Asked, Say, asked_by
from core.api import CaseView, Context
from core.audiences import Audiences
from core.calendars import calendar_at
from core.case_items import Case, case_key
from core.definitions import Definitions
from core.limits import Limits
from core.listings import Listed, Listings
from core.looks import look_at
from core.lookups import Lookups
from core.numbers import keyed_number
from core.parameters import Parameters
from core.people import Person
from core.places import Place, Places
from core.plugins import Catalogue
from core.ports import Clock, Fetch
from core.privacy import Vault
from core.public_names import PublicNames
from core.questions import view_of
from core.readers import readable
from core.statistics.reading import Reading, Statistics
from core.store import Item, Store
from forms.fields import Field
from forms.problems import Problem
from forms.text import Text
from workflows.definition import State


class Acts(Protocol):
    """What plugins have done to cases of their own, by the system."""

    def move(self, case_id: str, plugin: str, name: str, comment: str) -> bool:
        """Make a move of `system`."""

    def begin(
        self, parent: str, plugin: str, name: str, changes: Mapping[str, Any]
    ) -> tuple[str, Sequence[Problem]]:
        """Begin a case for another."""


_OWN_CASES = 50
_AT_ONCE = 100


def plain(_: Field, value: Any) -> str:
    """Say an answer as it is: inside a commit nobody reads."""
    return str(value)


@dataclass(frozen=True, slots=True)
class Contexts:
    """Knows what every Context is made of."""

    store: Store
    vault: Vault
    clock: Clock
    places: Places
    catalogue: Catalogue
    definitions: Definitions
    limits: Limits
    acts: Acts
    parameters: Parameters
    fetch: Fetch
    audiences: Audiences

    def of(self, plugin: str, place: Place, person: Person | None, words: Say = plain) -> Context:
        """Return what a plugin works with at `place`; `words` says answers as people read them."""
        return Context(
            plugin=plugin,
            place=place,
            person=person,
            calendar=calendar_at(place),
            clock=self.clock,
            fetch=_Asks(self.fetch),
            _store=self.store,
            _core=_Core(self, plugin, place, person),
            _words=words,
            _lookups=self.lookups(place, person),
        )

    def lookups(self, place: Place | None, person: Person | None) -> Lookups:
        """Return every lookup as `person` may ask it at `place`."""
        names = PublicNames(self.vault)
        return Lookups(self.catalogue, self.places, place, person, self.of, self.audiences, names)


@dataclass(frozen=True, slots=True)
class _Asks:
    """The internet as a plugin may ask it: whether something answers, never to be told."""

    _fetch: Fetch

    def status(self, url: str) -> int:
        return self._fetch.status(url)


@dataclass(frozen=True, slots=True)
class _Readable:
    """What a person may read of a case, opened when it is first read; nobody: as nobody may."""

    case: Case
    definitions: Definitions
    person: Person | None

    @property
    def answers(self) -> Mapping[str, Any]:
        return self._of(self.case.answers)

    @property
    def steps(self) -> Mapping[str, Any]:
        return self._of(self.case.steps)

    def _of(self, told: Mapping[str, Any]) -> Mapping[str, Any]:
        forms = self.definitions.workflow(self.case.item["workflow"]).forms
        return readable(forms.values(), self.case, self.person, told)


@dataclass(frozen=True, slots=True)
class _Core:
    """The core as one plugin may ask it, at one place and for one person."""

    contexts: Contexts
    plugin: str
    place: Place
    person: Person | None

    def cases(self, case_ids: Sequence[str], within: str) -> list[CaseView]:
        slug = self.place.at(within) or self.place.slug
        names, found = PublicNames(self.contexts.vault), list[Item | None]()
        for at in range(0, len(case_ids), _AT_ONCE):
            numbers = map(names.number, case_ids[at : at + _AT_ONCE])
            found += self.contexts.store.get(*map(case_key, numbers))
        return [self._seen(each) for each in self._own(found) if slug in each.reach]

    def mine(self) -> list[CaseView]:
        if self.person is None:
            return []
        own = f"M#{self.person.holder}"
        found = self.contexts.store.query(own, index="mine", limit=_OWN_CASES, reverse=True)
        cases = [item for item in found.items if item["sk"] == "H"]
        return [view_of(each) for each in self._own(cases)]

    def move(self, case_id: str, transition: str, comment: str) -> bool:
        return self.contexts.acts.move(case_id, self.plugin, transition, comment)

    def begin(
        self, parent: str, name: str, changes: Mapping[str, Any]
    ) -> tuple[str, Sequence[Problem]]:
        return self.contexts.acts.begin(parent, self.plugin, name, changes)

    def state(self, case: CaseView) -> State:
        return self.contexts.definitions.workflow(case.definition).states[case.state]

    def listed(self, workflow: str) -> Iterator[Listed]:
        return Listings(self.contexts.store).of(self.place.county, self.plugin, workflow)

    def record_look(self, what: str, cases: Sequence[CaseView]) -> None:
        if self.person and cases:
            about, now = {"cases": [each.id for each in cases]}, self.contexts.clock.now()
            told = f"{self.plugin}.{what}"
            look = look_at(self.place.county, self.person, told, about, now)
            self.contexts.store.commit(look)

    def number(self, text: str) -> str:
        told = f"number|{self.plugin}|{text}"
        return keyed_number(self.contexts.vault.fingerprint(self.place.county, told))

    def count(self, kind: str, subject: str, limit: int) -> None:
        self.contexts.limits.count(kind, subject, limit, self.contexts.clock.now())

    def choice(self, field: str, value: str) -> Text:
        forms = self.contexts.catalogue.plugins[self.plugin].forms.values()
        choices = (
            each for form in forms if field in form.fields for each in form.fields[field].choices
        )
        return next((each.label for each in choices if each.value == value), Text(value))

    def asked(self, names: Sequence[str]) -> list[Asked]:
        return asked_by(self.contexts.catalogue.plugins[self.plugin].forms.values(), names)

    def parameter(self, name: str, day: date) -> Any:
        return self.contexts.parameters.on(self.place, name, day).value

    def statistics(
        self, workflow: str, first: date, last: date, places: Sequence[str]
    ) -> Mapping[str, Statistics]:
        months, reading = (f"{first:%Y%m}", f"{last:%Y%m}"), Reading(self.contexts.store)
        return reading.among(self.place.county, places, self.plugin, workflow, *months)

    def _seen(self, case: Case) -> CaseView:
        """Return an own case without the answers that others than the person are to read."""
        answered = _Readable(case, self.contexts.definitions, self.person)
        return replace(view_of(case), _case=answered)

    def _own(self, items: Sequence[Item | None]) -> list[Case]:
        cases = [Case(item, self.contexts.vault) for item in items if item]
        return [each for each in cases if each.item["plugin"] == self.plugin]
