"""Counts events: one commit adds to statistic items and marks up to 95 events as counted.

An event that is still to be counted stands in the register index under `COUNT#0–15` / when. It
leaves it in the commit that counts it, and only where it has not been counted: however often an
event comes up, and however many count at once, it counts once. Letters and plugins wait in the
outbox, apart: neither holds the other up.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice

from core.case_items import COUNTING_KEYS, SHARDS, counting_keys, counting_name, shard
from core.moments import stamp
from core.ports import Clock
from core.statistics.tally import Tally
from core.store import MAX_WRITES, Below, Busy, Change, Conflict, Item, Store

log = logging.getLogger(__name__)
AT_ONCE = 1600
"""How many events are sorted at once, so that those of one place fall into one commit."""
MOST_NAMES = 250
"""How many attributes one commit adds to in one item, which DynamoDB bounds."""
WAITS = (600, 3600, 86400)
"""Seconds until an event whose counting failed is tried again; after the last it is parked."""


@dataclass(frozen=True, slots=True)
class Counting:
    """Counts what events have left to count."""

    store: Store
    clock: Clock

    def work_off(self, case_id: str) -> int:
        """Count what waits beside a case, itself included; return how many events were counted."""
        return self._count([*islice(self._waiting(shard(case_id, SHARDS)), MAX_WRITES)])

    def work_off_due(self) -> int:
        """Count everything that waits; return how many events were counted."""
        waiting = (event for number in range(SHARDS) for event in self._waiting(number))
        counted = 0
        while events := [*islice(waiting, AT_ONCE)]:
            counted += self._count(events)
        return counted

    def _waiting(self, number: int) -> Iterator[Item]:
        until, cursor = f"{stamp(self.clock.now())}~", None
        while True:
            page = self.store.query(
                counting_name(number), index="register", until=until, limit=100, cursor=cursor
            )
            yield from page.items
            cursor = page.cursor
            if cursor is None:
                return

    def _count(self, events: Iterable[Item]) -> int:
        return sum(self._counted(batch) for batch in batches(events))

    def _counted(self, batch: Sequence[Item]) -> int:
        """Count events, at worst one by one; return how many were."""
        try:
            return self._commit(batch)
        except Busy:  # the next tick looks again
            return 0
        except Exception:
            if len(batch) > 1:
                middle = len(batch) // 2
                return self._counted(batch[:middle]) + self._counted(batch[middle:])
            log.exception("counting %s/%s failed", batch[0]["pk"], batch[0]["sk"])
        self._put_off(batch[0])
        return 0

    def _commit(self, batch: Sequence[Item]) -> int:
        """Count those events of a batch that nobody has counted; an index may be behind."""
        while batch:
            try:
                self.store.commit(*_added(batch), *map(_marked, batch))
            except Conflict as conflict:
                gone = {write.key for write, _ in conflict.writes}
                batch = [each for each in batch if (each["pk"], each["sk"]) not in gone]
            else:
                break
        return len(batch)

    def _put_off(self, event: Item) -> None:
        """Try an event later, or leave it to whoever reads that it is not counted."""
        tries, key = int(event.get("count_tries", 0)), (event["pk"], event["sk"])
        if tries < len(WAITS):
            later = stamp(self.clock.now() + timedelta(seconds=WAITS[tries]))
            keys = counting_keys(event["case"], event["n"], later)
            change = Change(key, set={**keys, "count_tries": tries + 1}, when=(_UNCOUNTED,))
        else:
            change = Change(key, set={"uncounted": True}, remove=COUNTING_KEYS, when=(_UNCOUNTED,))
        try:
            self.store.commit(change)
        except (Busy, Conflict):
            return


_UNCOUNTED = Below("counted", 0)


def batches(events: Iterable[Item]) -> Iterator[list[Item]]:
    """Yield events in such groups as one commit counts, those of one place together."""
    batch, tally = list[Item](), Tally()
    for event in sorted(events, key=_where):
        counts = event["counts"]
        if batch and not tally.room_for(counts, MAX_WRITES - len(batch) - 1, MOST_NAMES):
            yield batch
            batch, tally = [], Tally()
        tally.add(counts)
        batch.append(event)
    if batch:
        yield batch


def _where(event: Item) -> tuple[str, list[str]]:
    return event["counts"]["of"], event["counts"]["parts"][0][0]


def _added(batch: Iterable[Item]) -> Iterator[Change]:
    tally = Tally()
    for event in batch:
        tally.add(event["counts"])
    for key, sums in tally.sums.items():
        if any(sums.values()):
            yield Change(key, add={name: n for name, n in sums.items() if n})


def _marked(event: Item) -> Change:
    """Return the write that marks an event as counted, where it is not."""
    key = (event["pk"], event["sk"])
    return Change(key, add={"counted": 1}, remove=COUNTING_KEYS, when=(_UNCOUNTED,))
