"""The running core: everything of an installation, put together once on its ports."""

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.api import CaseView, Context
from core.case_items import TIMER_SHARDS, Case, case_key, shard
from core.cases import Cases
from core.definitions import Definitions
from core.demo import demo_county
from core.effects import Effects
from core.ledger import Ledger
from core.limits import Limits
from core.moments import local_date, stamp
from core.people import People, Person
from core.places import Place, Places
from core.plugins import Catalogue
from core.policy import Policy
from core.ports import Ports
from core.privacy import Vault
from core.sign_in import Door
from core.store import Absent, Put, Write
from core.ticks import Ticks
from core.uploads import Uploads
from forms.calendar import Calendar, national_calendar
from forms.surroundings import Choice, Language, Surroundings

_TAUGHT_AT = ("school", "teaching_point")


@dataclass(frozen=True, slots=True)
class Office:
    """What the web pages, the commands and the cloud's entry all work with."""

    ports: Ports
    vault: Vault
    people: People
    places: Places
    limits: Limits
    door: Door
    catalogue: Catalogue
    cases: Cases
    effects: Effects
    ticks: Ticks
    uploads: Uploads
    policy: Policy
    calendar: Calendar
    demo: bool

    def around(self, language: Language = "zh", place: Place | None = None) -> Surroundings:
        """Return what rules may look at today, at `place`."""
        today = local_date(self.ports.clock.now())
        choices = place_choices(place)
        return Surroundings(today, self.calendar, language, choices, self.demo)

    def context(
        self, plugin: str, place: Place, person: Person | None, words: Callable[[str, Any], str]
    ) -> Context:
        """Return what a plugin works with at `place`; `words` says answers as people read them."""

        def answers(case_ids: Sequence[str]) -> list[CaseView]:
            found = self.ports.store.get(*map(case_key, case_ids)) if case_ids else []
            cases = [Case(item, self.vault) for item in found if item]
            return [view_of(each) for each in cases if _within(each, plugin, place)]

        store, clock = self.ports.store, self.ports.clock
        return Context(plugin, place, person, self.calendar, clock, store, answers, words)

    def record_look(self, case: Case, person: Person, field: str) -> None:
        """Write down that somebody looked at a personal answer in full."""
        now = self.ports.clock.now()
        number = shard(case.id, TIMER_SHARDS)
        item = {
            "pk": f"A#{case.item['county']}#{now:%Y%m%d%H}#{number}",
            "sk": f"{stamp(now)}#{secrets.token_hex(6)}",
            "look": field,
            "case": case.id,
            "by": person.id,
        }
        self.ports.store.commit(Put(item, (Absent(),)))

    def demo_people(self) -> list[Mapping[str, Any]]:
        """Return whom a visitor of the sample county may be."""
        return list(demo_county()["people"])

    def publish(self) -> None:
        """Keep the loaded definitions for ever, for the cases to come; from now on time counts."""
        for plugin in self.catalogue.plugins.values():
            definitions = self.cases.ledger.definitions
            definitions.publish(plugin.forms.values(), plugin.workflows.values())
        self.ticks.begin()


def open_office(ports: Ports, folders: Iterable[Path], *, demo: bool = False) -> Office:
    """Put the core together on its ports, with the plugins found in `folders`."""
    store, clock = ports.store, ports.clock
    vault = Vault(store, ports.keys, clock)
    people, places, limits = (
        People(store, vault),
        Places(store),
        Limits(ports.counters or store, vault),
    )
    catalogue, calendar = Catalogue.load(folders), national_calendar()
    definitions = Definitions(store)
    held: list[Office] = []

    def claims(case: Case, left: str, person: Person | None) -> list[Write]:
        place = places.get(case.item["place"])
        context = held[0].context(case.item["plugin"], place, person, _plain)
        view = view_of(case)
        return catalogue.claim(
            "claim_transition", case.item["plugin"], context=context, case=view, left=left
        )

    def around() -> Surroundings:
        return held[0].around()

    ledger = Ledger(store, vault, places, definitions, clock, claims)
    cases = Cases(ledger, people)
    names = {plugin.id: plugin.manifest.name.zh for plugin in catalogue.plugins.values()}
    effects = Effects(store, cases, people, ports.messages, clock, names)
    office = Office(
        ports=ports,
        vault=vault,
        people=people,
        places=places,
        limits=limits,
        door=Door(store, people, limits, ports.messages, clock),
        catalogue=catalogue,
        cases=cases,
        effects=effects,
        ticks=Ticks(store, cases, effects, clock, around),
        uploads=Uploads(ports.files, vault),
        policy=Policy.bundled(),
        calendar=calendar,
        demo=demo,
    )
    held.append(office)
    return office


def place_choices(place: Place | None) -> Mapping[str, Sequence[Choice]]:
    """Return the lookups that the tree of places answers: `places.schools`, `places.venues`."""
    if place is None:
        return {"places.schools": (), "places.venues": ()}
    schools = [Choice(p.slug, p.name) for p in place.below if p.kind in _TAUGHT_AT]
    venues = [Choice(p.slug, p.name) for p in place.below if p.kind == "venue"]
    return {"places.schools": schools, "places.venues": venues}


def view_of(case: Case) -> CaseView:
    """Return a case as its own plugin sees it."""
    place = str(case.item["place"])
    return CaseView(case.id, place, case.state, case)


def _plain(_: str, value: Any) -> str:
    """Say an answer as it is: inside a commit nobody reads."""
    return str(value)


def _within(case: Case, plugin: str, place: Place) -> bool:
    return case.item["plugin"] == plugin and place.slug in case.reach
