"""Reads statistics: one round trip, however many cases there are."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from core.places import Place
from core.statistics.buckets import quantile
from core.statistics.tally import NOW, statistic_key
from core.store import Item, Key, Store

AT_ONCE = 100
MOST_TRIPS = 2


@dataclass(frozen=True)
class Month:
    """What happened in one month (yyyymm), by the attributes of `core.statistics.counts`."""

    name: str
    sums: Mapping[str, int]

    @property
    def filed(self) -> int:
        """How many cases were handed in, or came to the place."""
        return sum(self.days.values())

    @property
    def days(self) -> dict[int, int]:
        """How many were handed in on each day of the month; days without any are absent."""
        return {int(day): n for day, n in self.of("filed").items()}

    @property
    def entered(self) -> dict[str, int]:
        """How many cases entered each state."""
        return self.of("in")

    @property
    def left(self) -> dict[str, int]:
        """How many cases left each state."""
        return self.of("out")

    def of(self, kind: str) -> dict[str, int]:
        """Return the counts of one kind, by what stands behind it; none is below zero.

        For a while one can be: where a move is taken back, and only that has been counted yet.
        """
        parts = ((name.partition("."), n) for name, n in self.sums.items())
        return {what: n for (lead, _, what), n in parts if lead == kind and n > 0}


@dataclass(frozen=True, slots=True)
class Spent:
    """How long the cases that left a state had been there: seconds, within ±5 %.

    `late` of them, of `left`, went after the state was due.
    """

    left: int
    late: int
    median: float
    most: float
    """Nine of ten were no longer there than this."""


@dataclass(frozen=True)
class Statistics:
    """The statistics of one workflow at one place: as of now, and over some months."""

    now: Mapping[str, int]
    """How many cases stand in each state."""
    months: tuple[Month, ...]

    @property
    def filed(self) -> int:
        """How many cases were handed in, or came to the place, in these months."""
        return sum(month.filed for month in self.months)

    @property
    def spent(self) -> dict[str, Spent]:
        """How long cases were in each state that any left in these months."""
        buckets: dict[str, dict[int, int]] = {}
        for name, n in self.whole.of("t").items():
            state, _, bucket = name.partition(".")
            buckets.setdefault(state, {})[int(bucket)] = n
        late = self.whole.of("late")
        return {
            state: Spent(
                sum(counts.values()),
                late.get(state, 0),
                quantile(counts, 0.5) or 0.0,
                quantile(counts, 0.9) or 0.0,
            )
            for state, counts in buckets.items()
        }

    @property
    def answers(self) -> dict[str, dict[str, int]]:
        """How often each choice was given in the cases of these months, by field and value."""
        found: dict[str, dict[str, int]] = {}
        for name, n in self.whole.of("a").items():
            field, _, value = name.partition(".")
            found.setdefault(field, {})[value] = n
        return found

    @cached_property
    def whole(self) -> Month:
        """All the months as one."""
        sums = Counter[str]()
        for month in self.months:
            sums.update(month.sums)
        return Month("", sums)


@dataclass(frozen=True, slots=True)
class Reading:
    """Reads the statistic items."""

    store: Store

    def of(
        self, place: Place, plugin: str, flows: Sequence[str], first: str, last: str
    ) -> dict[str, Statistics]:
        """Return the statistics of a school, district or county by workflow, from month to month.

        Months are yyyymm. One round trip, or two from a hundred of workflows × (months + 1) on;
        raises ValueError for more than two hundred. A workflow without cases has only zeros.
        """
        months = [*months_between(first, last)]
        keys = {
            (flow, month): statistic_key(place.county, plugin, place.slug, flow, month)
            for flow in flows
            for month in [NOW, *months]
        }
        if len(keys) > MOST_TRIPS * AT_ONCE:
            raise ValueError(f"{len(keys)} statistics at once, {MOST_TRIPS * AT_ONCE} at most")
        found = self._items([*keys.values()])
        sums = {name: _sums(found.get(key)) for name, key in keys.items()}
        return {
            flow: Statistics(
                Month(NOW, sums[flow, NOW]).of(NOW),
                tuple(Month(month, sums[flow, month]) for month in months),
            )
            for flow in flows
        }

    def _items(self, keys: Sequence[Key]) -> dict[Key, Item]:
        parts = (keys[at : at + AT_ONCE] for at in range(0, len(keys), AT_ONCE))
        items = [item for part in parts for item in self.store.get(*part) if item]
        return {(item["pk"], item["sk"]): item for item in items}


def months_between(first: str, last: str) -> Iterator[str]:
    """Yield the months (yyyymm) from `first` to `last`."""
    at, end = (12 * int(text[:4]) + int(text[4:]) - 1 for text in (first, last))
    for n in range(at, end + 1):
        yield f"{n // 12:04}{n % 12 + 1:02}"


def _sums(item: Item | None) -> dict[str, int]:
    return {name: n for name, n in (item or {}).items() if "." in name}
