"""The running core: everything of an installation, put together once on its ports."""

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.answer_tables import Say
from core.api import Context
from core.api_tokens import ApiTokens
from core.audiences import Audiences
from core.bundles import Bundle
from core.calendars import TIMER as CALENDAR_TIMER
from core.calendars import Calendars, calendar_at
from core.case_items import Case
from core.cases import Cases
from core.children import Children
from core.circulations import Circulations
from core.contexts import Contexts
from core.conversion import Conversion
from core.copies import Copies
from core.definitions import Definitions
from core.deliveries import Deliveries
from core.demo import demo_county
from core.deputies import Deputies
from core.drafts import TIMER as DRAFT_TIMER
from core.drafts import Drafts
from core.effects import Effects
from core.feeds import Feeds
from core.finding.index import Index
from core.finding.rebuilding import Reindexing
from core.finding.seeking import Seeking
from core.hanging import Hanging
from core.imports.entering import TOLD, Entering
from core.imports.keeping import ENDING, Imports
from core.imports.telling import Telling
from core.ledger import Ledger
from core.limits import Limits
from core.looks import look_at
from core.moments import local_date
from core.offers import Offers
from core.parameters import Parameters
from core.people import People, Person
from core.places import Place, Places
from core.plugins import Catalogue
from core.policy import Policy
from core.ports import Ports
from core.privacy import Vault
from core.publishing import Publishing
from core.questions import Questions
from core.recalls import Recalls
from core.receipt_codes import code_of
from core.recipients import Recipients
from core.redating import Redating
from core.reminders import Reminders
from core.reversals import Reversals
from core.seats import Seats
from core.sharing import Sharing
from core.sign_in import Door
from core.statistics.counting import Counting
from core.statistics.keeping import Keeping
from core.statistics.opening import Opening
from core.statistics.reading import Reading
from core.statistics.rebuilding import Rebuilding
from core.statistics.standing import Standing
from core.stencils.keeping import Stencils
from core.subjects import Subjects
from core.ticks import Ticks
from core.uploads import Uploads
from core.webhooks import Webhooks
from forms.problems import Problem
from forms.surroundings import Language, Surroundings

log = logging.getLogger(__name__)


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
    offers: Offers
    publishing: Publishing
    copies: Copies
    conversion: Conversion
    cases: Cases
    reversals: Reversals
    sharing: Sharing
    deputies: Deputies
    hanging: Hanging
    drafts: Drafts
    effects: Effects
    counting: Counting
    statistics: Reading
    rebuilding: Rebuilding
    keeping: Keeping
    opening: Opening
    reminders: Reminders
    circulations: Circulations
    ticks: Ticks
    uploads: Uploads
    imports: Imports
    entering: Entering
    telling: Telling
    stencils: Stencils
    policy: Policy
    parameters: Parameters
    calendars: Calendars
    contexts: Contexts
    feeds: Feeds
    webhooks: Webhooks
    deliveries: Deliveries
    tokens: ApiTokens
    index: Index
    seeking: Seeking
    reindexing: Reindexing
    demo: bool

    def around(
        self, language: Language = "zh", place: Place | None = None, person: Person | None = None
    ) -> Surroundings:
        """Return what rules may look at today, at `place`; lookups as `person` may ask them."""
        today = local_date(self.ports.clock.now())
        choices = self.contexts.lookups(place, person)
        return Surroundings(today, calendar_at(place), language, choices, self.demo)

    def context(self, plugin: str, place: Place, person: Person | None, words: Say) -> Context:
        """Return what a plugin works with at `place`; `words` says answers as people read them."""
        return self.contexts.of(plugin, place, person, words)

    def record_look(self, case: Case, person: Person, *fields: str) -> None:
        """Write down that somebody looked at personal answers in full."""
        now, county, about = self.ports.clock.now(), case.item["county"], {"case": case.id}
        self.ports.store.commit(*(look_at(county, person, each, about, now) for each in fields))

    def receipt_code(self, case: Case) -> str:
        """Return the code that guards a case's receipt, "" where a telephone's digits do."""
        coded = bool(case.item.get("coded"))
        return code_of(self.vault, case.item["county"], case.id) if coded else ""

    def demo_people(self) -> list[Mapping[str, Any]]:
        """Return whom a visitor of the sample county may be."""
        return list(demo_county()["people"])

    def publish(self) -> None:
        """Keep the loaded definitions for ever, for the cases to come; from now on time counts."""
        self.offers.definitions.keep(self.catalogue.plugins.values())
        for each in self.copies.inherit():
            log.warning(
                "%s's changes to %s: %s", each.place, each.plugin, each.conflicts or "laid anew"
            )
        self.ticks.begin()


@dataclass(frozen=True, slots=True)
class _Acts:
    """What plugins have done, by the core that stands once it is put together."""

    held: list[Office]

    def move(self, case_id: str, plugin: str, name: str, comment: str) -> bool:
        return self.held[0].cases.by_system(case_id, plugin, name, self._around, comment)

    def begin(
        self, parent: str, plugin: str, name: str, changes: Mapping[str, Any]
    ) -> tuple[str, Sequence[Problem]]:
        case = self.held[0].cases.get(parent)
        if case is None or case.item["plugin"] != plugin:
            return "", ()
        around = self._around(case.item["place"])
        return Children(self.held[0].cases).begin(parent, name, changes, around)

    def _around(self, slug: str) -> Surroundings:
        office = self.held[0]
        return office.around("zh", office.places.get(slug))


def open_office(
    ports: Ports,
    found: Iterable[Path | Bundle],
    *,
    demo: bool = False,
    without: Collection[str] = (),
) -> Office:
    """Put the core together on its ports, with the plugins of these folders and bundles.

    Those named in `without` are left out: see `Catalogue.load`.
    """
    store, clock = ports.store, ports.clock
    vault = Vault(store, ports.keys, clock)
    places, seats = Places(store), Seats(store)
    people = People(store, vault, places, clock)
    limits = Limits(ports.counters or store, vault)
    catalogue = Catalogue.load(found, without)
    definitions, policy = Definitions(store), Policy.bundled()
    offers = Offers(catalogue, definitions)
    publishing = Publishing(store, places, offers, clock)
    held: list[Office] = []

    def around(slug: str) -> Surroundings:
        return held[0].around("zh", places.get(slug))

    parameters = Parameters(places, policy)
    acts = _Acts(held)
    audiences = Audiences(offers, places)
    contexts = Contexts(
        store,
        vault,
        clock,
        places,
        catalogue,
        definitions,
        limits,
        acts,
        parameters,
        ports.fetch,
        audiences,
    )
    asked = Questions(offers, places, contexts.of)

    def followed(place: Place) -> Sequence[str]:
        return parameters.adopted(place, local_date(clock.now()))

    ledger = Ledger(
        store,
        vault,
        places,
        seats,
        definitions,
        clock,
        asked.claims,
        asked.followers,
        followed,
    )
    drafts = Drafts(store, vault, ports.files, clock)
    cases = Cases(ledger, people, asked, Subjects(store, vault, definitions))

    def name_of(plugin: str, place: str) -> str:
        found = offers.at(places.get(place), plugin)
        return found.manifest.name.zh if found else ""

    def begun_as(plugin: str, place: str, workflow: str) -> str:
        found = offers.at(places.get(place), plugin)
        return found.begun_as(workflow).zh if found else ""

    def services(place: Place) -> list[str]:
        return [plugin.id for plugin in offers.known_at([place])]

    hanging = Hanging(store, cases, seats, clock, services)
    webhooks = Webhooks(store, vault, places, clock)
    deliveries = Deliveries(store, vault, webhooks, ports.fetch, clock)
    index = Index(store, vault, definitions)
    counting, statistics = Counting(store, clock), Reading(store)
    told = (name_of, begun_as)
    reminders = Reminders(store, cases, people, ports.messages, statistics, clock, *told)
    recipients = Recipients(store, cases, people, ports.messages, clock, name_of)
    recalls = Recalls(store, cases, recipients, clock)
    circulations = Circulations(
        store, cases, places, audiences, recipients, recalls, statistics, clock
    )
    effects = Effects(
        store,
        cases,
        people,
        ports.messages,
        clock,
        name_of,
        asked.tell,
        deliveries.enter,
        index.follow,
        circulations.begin,
    )
    standing = Standing(store, clock)
    redating = Redating(cases, places, offers, publishing, around)
    imports = Imports(store, vault, ports.files, clock)
    telling = Telling(store, imports, drafts, definitions, ports.messages, limits)
    others = {
        DRAFT_TIMER: drafts.ring,
        CALENDAR_TIMER: redating.ring,
        ENDING: imports.ring,
        TOLD: telling.ring,
    }
    office = Office(
        ports=ports,
        vault=vault,
        people=people,
        places=places,
        limits=limits,
        door=Door(store, people, limits, ports.messages, clock),
        catalogue=catalogue,
        offers=offers,
        publishing=publishing,
        copies=Copies(publishing),
        conversion=Conversion(cases, places, offers, publishing, around),
        cases=cases,
        reversals=Reversals(cases),
        sharing=Sharing(cases),
        deputies=Deputies(store, people, places, clock),
        hanging=hanging,
        drafts=drafts,
        effects=effects,
        counting=counting,
        statistics=statistics,
        rebuilding=Rebuilding(store, definitions, publishing, clock),
        keeping=Keeping(store, vault, standing, clock),
        opening=Opening(store, definitions, places, standing),
        reminders=reminders,
        circulations=circulations,
        ticks=Ticks(
            store,
            cases,
            effects,
            clock,
            around,
            hanging,
            counting,
            deliveries,
            reminders,
            circulations,
            others,
        ),
        uploads=Uploads(ports.files, vault),
        imports=imports,
        entering=Entering(store, imports, drafts, cases, people),
        telling=telling,
        stencils=Stencils(store, vault, ports.files, clock),
        policy=policy,
        parameters=parameters,
        calendars=Calendars(places),
        contexts=contexts,
        feeds=Feeds(store, vault, clock),
        webhooks=webhooks,
        deliveries=deliveries,
        tokens=ApiTokens(store, clock),
        index=index,
        seeking=Seeking(store, vault),
        reindexing=Reindexing(index, offers, publishing),
        demo=demo,
    )
    held.append(office)
    return office
