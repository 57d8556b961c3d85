"""Opens a kept number down to the cases it counts (ADR 35).

The same counts are added up case by case that made the number. A case that has stayed where it was
since is read from its item and the event by which it came there; of one that has moved on since,
its events are read up to then.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.case_items import event_key, register_name
from core.definitions import Definitions
from core.places import Place, Places
from core.statistics.comparing import count_of
from core.statistics.counted import answered
from core.statistics.keeping import Kept
from core.statistics.reading import AT_ONCE, months_between
from core.statistics.rebuilding import uncounted_past
from core.statistics.standing import (
    Cut,
    Figures,
    Standing,
    added_to,
    local_month,
    plain_figures,
)
from core.statistics.tally import statistic_key
from core.store import Item, Store
from workflows.definition import Workflow


@dataclass(frozen=True, slots=True)
class Opened:
    """A case that a number counts: as it is now, and the state it was in then."""

    item: Item
    state: str


@dataclass(frozen=True, slots=True)
class Opening:
    """Finds the cases behind kept numbers."""

    store: Store
    definitions: Definitions
    places: Places
    standing: Standing

    def cases(self, kept: Kept, flow: Workflow, slug: str, what: str) -> Iterator[Opened]:
        """Yield the cases that a number counts at a place, the earliest month of a place first.

        A walk through the register where something was filed: for an officer's rare look.
        """
        county = self.places.get(kept.county)
        names = self._partitions(kept, flow.id, county)
        for name in names:
            for batch in self._registered(name):
                mine = [
                    each
                    for each in batch
                    if each["flow"] == flow.id and slug in each["reach"] and not each["twin"]
                ]
                for item, figures in self._figures(mine, kept.cut, county, slug):
                    if count_of(what, figures, flow):
                        yield Opened(item, _state(figures))

    def _partitions(self, kept: Kept, flow: str, county: Place) -> list[str]:
        """Return where cases were filed until then: a place that nothing concerned has none.

        The register goes by months in UTC, statistics by those in China.
        """
        slugs = [each.slug for each in self.places.tree(county)]
        until = kept.cut.month or local_month(kept.cut.moment)
        first = self.standing.first_month(county.slug, kept.plugin, flow, county.slug) or until
        months = [*months_between(first, until)]
        keys = {
            statistic_key(county.slug, kept.plugin, slug, flow, month): (slug, month)
            for slug in slugs
            for month in months
        }
        filed = set[tuple[str, str]]()
        for at in range(0, len(keys), AT_ONCE):
            for item in self.store.get(*[*keys][at : at + AT_ONCE]):
                if item and any(name.startswith("filed.") for name in item):
                    slug, month = keys[item["pk"], item["sk"]]
                    filed |= {(slug, month), (slug, _month_before(month))}
        for event in self.standing.waiting(county.slug, kept.plugin):
            month = event["at"][:7].replace("-", "")
            filed |= {
                (slug, month) for concerned, _ in event["counts"]["parts"] for slug in concerned
            }
        return [register_name(slug, kept.plugin, month) for slug, month in sorted(filed)]

    def _registered(self, name: str) -> Iterator[tuple[Item, ...]]:
        cursor: str | None = None
        while True:
            page = self.store.query(name, index="register", limit=AT_ONCE, cursor=cursor)
            yield page.items
            cursor = page.cursor
            if cursor is None:
                return

    def _figures(
        self, items: Sequence[Item], cut: Cut, county: Place, slug: str
    ) -> Iterator[tuple[Item, Figures]]:
        """Yield what each case added to the figures of a place."""
        keys = [event_key(each["id"], int(each["entry"])) for each in items]
        entries = self.store.get(*keys) if keys else []
        for item, entry in zip(items, entries, strict=True):
            if entry and cut.holds(entry):
                yield item, self._as_it_is(item)
            else:
                yield item, self._as_it_was(item, cut, county, slug)

    def _as_it_is(self, item: Item) -> Figures:
        flow = self.definitions.workflow(item["workflow"])
        said = answered(flow.forms[flow.form], item["answers"])
        return {f"now.{item['state']}": 1, **dict.fromkeys(said, 1)}

    def _as_it_was(self, item: Item, cut: Cut, county: Place, slug: str) -> Figures:
        events, sums = [*self._events(item["pk"])], Counter[str]()
        flow = self.definitions.workflow(item["workflow"])
        past = uncounted_past(item, events, county, flow)
        if past and not cut.holds({"at": item["at"]}):
            past = {}
        for counts in (past, *(each["counts"] for each in events if _counts(each, cut))):
            for concerned, adds in counts.get("parts", ()):
                if slug in concerned:
                    added_to(sums, adds)
        return plain_figures(sums)

    def _events(self, pk: str) -> Iterator[Item]:
        cursor: str | None = None
        while True:
            page = self.store.query(pk, prefix="E#", limit=AT_ONCE, cursor=cursor)
            yield from page.items
            cursor = page.cursor
            if cursor is None:
                return


def _counts(event: Item, cut: Cut) -> bool:
    return bool(event.get("counts")) and not event.get("uncounted") and cut.holds(event)


def _state(figures: Figures) -> str:
    return next((name[4:] for name in figures if name.startswith("now.")), "")


def _month_before(month: str) -> str:
    year, at = int(month[:4]), int(month[4:])
    return f"{year}{at - 1:02}" if at > 1 else f"{year - 1}12"
