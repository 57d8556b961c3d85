"""Publishing a service into the store and putting it in force at a place.

Everything is compared before it is decided (`core.proposals`). What is put in force stands in the
place's context; what was in force before stays at `DEF#hash` for the cases accepted under it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from core.bundles import Bundle
from core.definitions import bundle_hash
from core.loading import Plugin, load_plugin
from core.moments import moment_of, stamp
from core.offers import Offers
from core.places import Place, Places, Refusal
from core.ports import Clock
from core.proposals import Proposal, differences, registered
from core.store import Item, Store, Write
from forms.problems import DefinitionError, Flaw, Position


class NotPublished(Exception):  # noqa: N818 — an answer, not a fault
    """A proposal that would break a promise to open cases was refused."""

    def __init__(self, proposal: Proposal) -> None:
        self.proposal = proposal
        super().__init__(proposal.service.id)


@dataclass(frozen=True, slots=True)
class Publishing:
    """Compares services and puts them in force."""

    store: Store
    places: Places
    offers: Offers
    clock: Clock

    def propose(self, place: Place, bundle: Bundle) -> Proposal:
        """Compare a level's own service with what it offers now; raise DefinitionError."""
        flaws = list(self._misplaced(place, bundle))
        if flaws:
            raise DefinitionError(flaws)
        return self.compared(place, load_plugin(bundle))

    def open_cases(self, place: Place, plugin: str) -> Iterator[Item]:
        """Yield the cases of a service at a place and below that are not at an end."""
        for item in self.cases(place, plugin):
            states = self.offers.definitions.workflow(item["workflow"]).states
            if not item["twin"] and not states[item["state"]].is_final:
                yield item

    def cases(self, place: Place, plugin: str) -> Iterator[Item]:
        """Yield every case of a service filed at a place and below, twins too."""
        slugs = [each.slug for each in self.places.tree(place)]
        above = [self.places.first_noted(slug, plugin) for slug in [*place.path, *slugs]]
        since = min((each for each in above if each), default="")
        if not since:
            return
        yield from registered(self.store, slugs, plugin, moment_of(since), self.clock.now())

    def _misplaced(self, place: Place, bundle: Bundle) -> Iterator[Flaw]:
        position = Position(bundle.origin)
        if bundle.has_python:
            yield Flaw(position, "a service in the store has no Python; install it as a wheel")
        if bundle.id in self.offers.catalogue.plugins:
            yield Flaw(position, f"“{bundle.id}” is installed; publish changes to it instead")
        if place.kind not in ("city", "county"):
            yield Flaw(position, f"{place.slug} is a {place.kind}; a city or a county publishes")

    def compared(self, place: Place, service: Plugin) -> Proposal:
        """Compare a loaded service with what a place offers now."""
        now, stood = self.offers.at(place, service.id), place.definitions.get(service.id, "")
        if now is None:
            return Proposal(place.slug, service, (), {}, stood, is_new=True)
        changes = differences(now, service)
        counts: dict[str, int] = {}
        for item in self.open_cases(place, service.id) if changes else ():
            counts[item["state"]] = counts.get(item["state"], 0) + 1
        return Proposal(place.slug, service, changes, counts, stood)

    def put_in_force(self, proposal: Proposal, by: str, writes: tuple[Write, ...] = ()) -> str:
        """Keep a service for ever and let its place offer it; raise NotPublished or Refusal.

        `writes` join the commit. Returns the hash of its bundle.
        """
        if proposal.verdict == "refused":
            raise NotPublished(proposal)
        service = proposal.service
        place = self.places.fresh(proposal.place)
        if place.definitions.get(service.id, "") != proposal.stood:
            raise Refusal("changed_meanwhile")
        self.offers.definitions.keep([service])
        name = bundle_hash(service)
        at = stamp(self.clock.now())
        note = {
            "sk": f"SW#{service.id}#{at}",
            "by": by,
            "at": at,
            "bundle": name,
            "changes": [[each.words.zh, each.words.en] for each in proposal.changes],
        }
        definitions = {**place.own_definitions, service.id: name}
        self.places.change(place, {"own_definitions": definitions}, note, writes)
        return name
