"""Reads statistics: one round trip, however many cases there are."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from core.places import Place
from core.statistics.buckets import quantile
from core.statistics.tally import NOW, statistic_key
from core.store import Item, Key, Store

AT_ONCE = 100
MOST_TRIPS = 2
TIME = "t"
_TIMES = f"{TIME}."
_BESIDE = ("pk", "sk", "v")


@dataclass(frozen=True)
class Month:
    """What happened in one month (yyyymm), by the attributes of `core.statistics.counts`.

    The buckets of `times`, by far the most, are kept apart from the other `sums`.
    """

    name: str
    sums: Mapping[str, int]
    times: Mapping[str, int]

    @cached_property
    def filed(self) -> int:
        """How many cases were handed in, or came to the place."""
        return sum(self.days.values())

    @cached_property
    def days(self) -> dict[int, int]:
        """How many were handed in on each day of the month; days without any are absent."""
        return {int(day): n for day, n in self.of("filed").items()}

    @property
    def entered(self) -> Mapping[str, int]:
        """How many cases entered each state."""
        return self.of("in")

    @property
    def left(self) -> Mapping[str, int]:
        """How many cases left each state."""
        return self.of("out")

    def of(self, kind: str) -> Mapping[str, int]:
        """Return the counts of one kind, by what stands behind it; none is below one.

        For a while one can be: where a move is taken back, and only that has been counted yet.
        """
        lead, begin = f"{kind}.", len(kind) + 1
        sums = self.times if kind == TIME else self.sums
        return {name[begin:]: n for name, n in sums.items() if name.startswith(lead) and n > 0}


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

    @cached_property
    def filed(self) -> int:
        """How many cases were handed in, or came to the place, in these months."""
        return sum(month.filed for month in self.months)

    def filed_since(self, day: date) -> int:
        """Return how many were handed in, or came to the place, from a day of these months on."""
        first = f"{day:%Y%m}"
        return sum(
            n
            for month in self.months
            for number, n in month.days.items()
            if month.name > first or (month.name == first and number >= day.day)
        )

    @cached_property
    def spent(self) -> dict[str, Spent]:
        """How long cases were in each state that any left in these months."""
        buckets: dict[str, dict[int, int]] = {}
        for name, n in self.whole.of(TIME).items():
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

    @cached_property
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
        sums, times = dict[str, int](), dict[str, int]()
        for month in self.months:
            for total, more in ((sums, month.sums), (times, month.times)):
                for name, n in more.items():
                    total[name] = total.get(name, 0) + n
        return Month("", sums, times)


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
        found = self.of_all(place, [(plugin, flow) for flow in flows], first, last)
        return {flow: each for (_, flow), each in found.items()}

    def of_all(
        self, place: Place, flows: Sequence[tuple[str, str]], first: str, last: str
    ) -> dict[tuple[str, str], Statistics]:
        """Return the same of workflows of several services, each named with its plugin."""
        months = [*months_between(first, last)]
        keys = {
            (flow, month): statistic_key(place.county, flow[0], place.slug, flow[1], month)
            for flow in flows
            for month in [NOW, *months]
        }
        if len(keys) > MOST_TRIPS * AT_ONCE:
            raise ValueError(f"{len(keys)} statistics at once, {MOST_TRIPS * AT_ONCE} at most")
        found = self._items([*keys.values()])
        read = {name: _month(name[1], found.get(key, {})) for name, key in keys.items()}
        return {
            flow: Statistics(read[flow, NOW].of(NOW), tuple(read[flow, each] for each in months))
            for flow in flows
        }

    def among(  # noqa: PLR0913, PLR0917 — of one workflow, where and when
        self,
        county: str,
        places: Sequence[str],
        plugin: str,
        flow: str,
        first: str,
        last: str,
    ) -> dict[str, Statistics]:
        """Return the statistics of a workflow at several places of a county over some months.

        Without how many stand where now. A round trip for each hundred of places × months.
        """
        months = [*months_between(first, last)]
        keys = {
            (place, month): statistic_key(county, plugin, place, flow, month)
            for place in places
            for month in months
        }
        found = self._items([*keys.values()])
        read = {name: _month(name[1], found.get(key, {})) for name, key in keys.items()}
        return {
            place: Statistics({}, tuple(read[place, each] for each in months)) for place in places
        }

    def standing(
        self, county: str, places: Sequence[str], plugin: str, flows: Sequence[str]
    ) -> dict[str, dict[str, dict[str, int]]]:
        """Return how many cases stand in each state now: by place of a county, then by workflow.

        A round trip for each hundred of places × workflows.
        """
        found = self.standing_at([(county, plugin, p, flow) for p in places for flow in flows])
        return {
            place: {flow: dict(found[county, plugin, place, flow]) for flow in flows}
            for place in places
        }

    def standing_at(
        self, wanted: Sequence[tuple[str, str, str, str]]
    ) -> dict[tuple[str, str, str, str], Mapping[str, int]]:
        """Return the same by county, plugin, place and workflow, as they are named.

        A round trip for each hundred.
        """
        keys = {each: statistic_key(*each, NOW) for each in wanted}
        found = self._items([*keys.values()])
        return {each: _month(NOW, found.get(key, {})).of(NOW) for each, key in keys.items()}

    def _items(self, keys: Sequence[Key]) -> dict[Key, Item]:
        parts = (keys[at : at + AT_ONCE] for at in range(0, len(keys), AT_ONCE))
        items = [item for part in parts for item in self.store.get(*part) if item]
        return {(item["pk"], item["sk"]): item for item in items}


def months_between(first: str, last: str) -> Iterator[str]:
    """Yield the months (yyyymm) from `first` to `last`."""
    at, end = (12 * int(text[:4]) + int(text[4:]) - 1 for text in (first, last))
    for n in range(at, end + 1):
        yield f"{n // 12:04}{n % 12 + 1:02}"


def _month(name: str, item: Item) -> Month:
    sums, times = dict[str, int](), dict[str, int]()
    for attribute, n in item.items():
        if attribute[:2] == _TIMES:
            times[attribute] = n
        elif attribute not in _BESIDE:
            sums[attribute] = n
    return Month(name, sums, times)
