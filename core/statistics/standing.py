"""Where all cases stood at a moment, and what they answered: by place, exactly (ADR 35).

Statistics are by month, so the moment is the end of a month, or now. What has happened and is not
counted yet is added from the events that wait, those held back with their letters among them.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from core.case_items import SHARDS, counting_name
from core.moments import CHINA, moment_of, stamp
from core.ports import Clock
from core.statistics.counts import Counts
from core.statistics.reading import AT_ONCE, months_between
from core.statistics.tally import statistic_key
from core.store import Busy, Item, Key, Store

Figures = Mapping[str, int]
"""How many cases stand in each state (`now.STATE`) and gave each answer (`a.FIELD.VALUE`)."""
MOST_ITEMS = 20_000
_TRIES = 5


class TooMuch(ValueError):  # noqa: N818 — an answer, not a fault
    """So many places and months are not read at once."""


@dataclass(frozen=True, slots=True)
class Cut:
    """Up to when something counts: a stored moment, or with `month` (yyyymm) to its end."""

    moment: str
    month: str = ""

    def holds(self, event: Item) -> bool:
        """Tell whether an event counts; one that was taken back counts in the month of its move."""
        if not self.month:
            return bool(event["at"] <= self.moment)
        counts = event.get("counts")
        return (month_of(counts) if counts else local_month(event["at"])) <= self.month


@dataclass(frozen=True, slots=True)
class Standing:
    """Reads what stood."""

    store: Store
    clock: Clock

    def of(
        self, county: str, plugin: str, flows: Sequence[str], places: Sequence[str], month: str
    ) -> tuple[Cut, dict[str, dict[str, Figures]]]:
        """Return up to when it was counted, and the figures by place and workflow.

        The first place is the one that all others lie beneath. `month` is "" for now. Raises
        TooMuch, or Busy where it changes all the time.
        """
        until = month or local_month(stamp(self.clock.now()))
        where = (county, plugin, flows, places, until)
        for _ in range(_TRIES):
            keys = self._keys(*where)
            before = self._items([*keys])
            cut = Cut(stamp(self.clock.now()), month)
            waiting = [e["counts"] for e in self.waiting(county, plugin) if cut.holds(e)]
            items = self._items([*keys])
            if _versions(before) == _versions(items) and keys == self._keys(*where):
                return cut, _summed(keys, items, waiting, flows, places)
        raise Busy(f"the statistics of {plugin} change all the time")

    def first_month(self, county: str, plugin: str, flow: str, place: str) -> str:
        """Return the first month of which there is something, "" for none."""
        prefix = f"{place}#{flow}#"
        found = self.store.query(f"ST#{county}#{plugin}", prefix=prefix, limit=1).items
        name = found[0]["sk"].removeprefix(prefix) if found else ""
        return name if name.isdigit() else ""

    def _keys(
        self, county: str, plugin: str, flows: Sequence[str], places: Sequence[str], until: str
    ) -> dict[Key, tuple[str, str]]:
        keys: dict[Key, tuple[str, str]] = {}
        for flow in flows:
            first = self.first_month(county, plugin, flow, places[0])
            months = [*months_between(first, until)] if first and first <= until else []
            if len(keys) + len(months) * len(places) > MOST_ITEMS:
                raise TooMuch(f"{len(places)} places, {len(months)} months")
            for place in places:
                for month in months:
                    keys[statistic_key(county, plugin, place, flow, month)] = (place, flow)
        return keys

    def _items(self, keys: Sequence[Key]) -> dict[Key, Item]:
        parts = (keys[at : at + AT_ONCE] for at in range(0, len(keys), AT_ONCE))
        items = [item for part in parts for item in self.store.get(*part) if item]
        return {(item["pk"], item["sk"]): item for item in items}

    def waiting(self, county: str, plugin: str) -> Iterator[Item]:
        """Yield the events of a service that are still to be counted, held back or not."""
        for number in range(SHARDS):
            cursor: str | None = None
            while True:
                page = self.store.query(
                    counting_name(number), index="register", limit=100, cursor=cursor
                )
                for event in page.items:
                    if event["counts"]["of"].split("#")[:2] == [county, plugin]:
                        yield event
                cursor = page.cursor
                if cursor is None:
                    break


def local_month(at: str) -> str:
    """Return the month in China (yyyymm) of a stored moment."""
    return moment_of(at).astimezone(CHINA).strftime("%Y%m")


def month_of(counts: Counts) -> str:
    """Return the month in which something counts."""
    return str(counts["of"].rpartition("#")[2])


def added_to(figures: Counter[str], adds: Mapping[str, int]) -> None:
    """Add what a month or an event counts: who entered a state stands there, who left does not."""
    for name, n in adds.items():
        kind, _, rest = name.partition(".")
        if kind == "in":
            figures[f"now.{rest}"] += n
        elif kind == "out":
            figures[f"now.{rest}"] -= n
        elif kind == "a":
            figures[name] += n


def plain_figures(figures: Mapping[str, int]) -> dict[str, int]:
    """Return what is more than nothing, in order."""
    return {name: figures[name] for name in sorted(figures) if figures[name] > 0}


def _summed(
    keys: Mapping[Key, tuple[str, str]],
    items: Mapping[Key, Item],
    waiting: Sequence[Counts],
    flows: Sequence[str],
    places: Sequence[str],
) -> dict[str, dict[str, Figures]]:
    sums = {(place, flow): Counter[str]() for place in places for flow in flows}
    for key, item in items.items():
        told = {name: n for name, n in item.items() if "." in name}
        added_to(sums[keys[key]], told)
    for counts in waiting:
        flow = counts["of"].split("#")[2]
        for concerned, adds in counts["parts"]:
            for place in concerned:
                if (place, flow) in sums:
                    added_to(sums[place, flow], adds)
    return {place: {flow: plain_figures(sums[place, flow]) for flow in flows} for place in places}


def _versions(items: Mapping[Key, Item]) -> dict[Key, int]:
    return {key: item["v"] for key, item in items.items()}
