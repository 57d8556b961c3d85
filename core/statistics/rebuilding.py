"""Works a county's statistics out anew from its events, while people go on.

For what was never counted: cases from before there were statistics, and events that could not be
counted. An item is written only where it still stands as it did before the events were read. The
cases are found by the register, which may be behind by a moment: in a busy hour it is run twice.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from core.case_items import counting_keys
from core.definitions import Definitions
from core.moments import stamp
from core.places import Place
from core.ports import Clock
from core.publishing import Publishing
from core.statistics.counts import NOTHING, Counts, filed_counts
from core.statistics.tally import Tally
from core.store import (
    Absent,
    Below,
    Busy,
    Change,
    Conflict,
    Delete,
    Item,
    Key,
    Put,
    Store,
    Version,
    Write,
)
from workflows.definition import Workflow

_AT_ONCE = 50
_TRIES = 5


@dataclass(frozen=True, slots=True)
class Rebuilding:
    """Rebuilds statistic items."""

    store: Store
    definitions: Definitions
    publishing: Publishing
    clock: Clock

    def rebuild(self, county: Place, plugin: str) -> int:
        """Set right the statistics of a service; return how many items were wrong.

        Raises Busy where they change all the time.
        """
        for _ in range(_TRIES):
            stood = {
                (each["pk"], each["sk"]): each for each in self._all(f"ST#{county.slug}#{plugin}")
            }
            writes = [*_corrections(stood, self._tally(county, plugin).sums)]
            try:
                for at in range(0, len(writes), _AT_ONCE):
                    self.store.commit(*writes[at : at + _AT_ONCE])
            except Conflict:  # something was counted meanwhile
                continue
            return len(writes)
        raise Busy(f"the statistics of {plugin} in {county.slug} change all the time")

    def _tally(self, county: Place, plugin: str) -> Tally:
        """Return what the cases of a county add up to, but for what is still to be counted."""
        tally = Tally()
        for item in self.publishing.cases(county, plugin):
            if item["county"] == county.slug and not item["twin"]:
                events = [*self._all(item["pk"], "E#")]
                flow = self.definitions.workflow(item["workflow"])
                for counts in (uncounted_past(item, events, county, flow), *self._counted(events)):
                    if counts:
                        tally.add(counts)
        return tally

    def _counted(self, events: list[Item]) -> Iterator[Counts]:
        for event in events:
            if event.get("uncounted"):
                self._count_again(event)
            elif event.get("counted"):
                yield event["counts"]

    def _count_again(self, event: Item) -> None:
        keys = counting_keys(event["case"], event["n"], stamp(self.clock.now()))
        gone = ("uncounted", "count_tries")
        when = (Below("counted", 0),)
        self.store.commit(Change((event["pk"], event["sk"]), set=keys, remove=gone, when=when))

    def _all(self, pk: str, prefix: str = "") -> Iterator[Item]:
        cursor: str | None = None
        while True:
            page = self.store.query(pk, prefix=prefix, limit=100, cursor=cursor)
            yield from page.items
            cursor = page.cursor
            if cursor is None:
                return


def uncounted_past(item: Item, events: Sequence[Item], county: Place, flow: Workflow) -> Counts:
    """Return what a case counts that was filed before there were statistics.

    It was filed when it was, in the state and at the places that its first event which counts
    left it in; how long it had been where is not known.
    """
    if not events or events[0].get("counts"):
        return NOTHING
    first = next((each for each in events if each.get("counts")), None)
    then = {**item, "since": item["at"]}
    if first:
        then |= {"state": first["from"], "reach": first["counts"]["parts"][0][0]}
    return filed_counts(then, flow, county.path[:-1])


def _corrections(
    stood: Mapping[Key, Item], sums: Mapping[Key, Mapping[str, int]]
) -> Iterator[Write]:
    """Yield the write of each item that holds something else than it should."""
    for key in sorted(stood.keys() | sums.keys()):
        item = stood.get(key)
        has = {name: n for name, n in (item or {}).items() if "." in name and n}
        ought = {name: n for name, n in sums.get(key, {}).items() if n}
        if has != ought:
            when = (Version(item["v"]) if item else Absent(),)
            pk, sk = key
            yield Put({"pk": pk, "sk": sk, **ought}, when) if ought else Delete(key, when)
