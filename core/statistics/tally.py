"""The statistic items, and what events add to them.

`ST#county#plugin` / `place#workflow#yyyymm` has what a month's events count; `…#now` how many cases
stand in each state (`now.STATE`), so that nobody adds up all months ever.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from core.statistics.counts import Counts
from core.store import Item, Key

NOW = "now"
_SIGNS = {"in": 1, "out": -1}


def statistic_key(county: str, plugin: str, place: str, flow: str, month: str) -> Key:
    """Return where a place's statistic of a month (yyyymm, or NOW) stands."""
    return (f"ST#{county}#{plugin}", f"{place}#{flow}#{month}")


def items_of(counts: Counts) -> Iterator[tuple[Key, Mapping[str, int]]]:
    """Yield each statistic item that an event adds to, with what it adds."""
    county, plugin, flow, month = counts["of"].split("#")
    for places, adds in counts["parts"]:
        standing = _standing(adds)
        for place in places:
            yield statistic_key(county, plugin, place, flow, month), adds
            if standing:
                yield statistic_key(county, plugin, place, flow, NOW), standing


def _standing(adds: Mapping[str, int]) -> dict[str, int]:
    standing = Counter[str]()
    for name, n in adds.items():
        kind, _, state = name.partition(".")
        standing[f"now.{state}"] += _SIGNS.get(kind, 0) * n
    return {name: n for name, n in standing.items() if n}


@dataclass(frozen=True, slots=True)
class Tally:
    """What many events add up to, by statistic item."""

    sums: dict[Key, Counter[str]] = field(default_factory=dict)

    def add(self, counts: Counts) -> None:
        """Add what one event counts."""
        for key, adds in items_of(counts):
            self.sums.setdefault(key, Counter()).update(adds)

    def room_for(self, counts: Counts, items: int, names: int) -> bool:
        """Tell whether with one more event it stays within so many items, and names in each."""
        more = dict(items_of(counts))
        fits = len(self.sums) + sum(key not in self.sums for key in more) <= items
        return fits and all(self._names(key, adds) <= names for key, adds in more.items())

    def _names(self, key: Key, adds: Mapping[str, int]) -> int:
        """Return how many attributes an item would be added to in."""
        sums = self.sums.get(key, Counter())
        return len(sums) + sum(name not in sums for name in adds)


def tallied(events: Iterable[Item]) -> Tally:
    """Return what these events add up to, counted or not yet."""
    tally = Tally()
    for event in events:
        if event.get("counts"):
            tally.add(event["counts"])
    return tally
