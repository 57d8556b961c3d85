"""What time brings: timers that ring, effects whose next try has come, seats filled or emptied.

Run by `kehou tick`, by the schedule in the cloud, and by a thread while serving; a lease keeps
two of them from doing the same work at once, and everything they do may be done twice anyway.
"""

import logging
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from core.case_items import TIMER_SHARDS, timer_bucket
from core.cases import Cases
from core.circulations import Circulations
from core.deliveries import Deliveries
from core.effects import Effects
from core.hanging import Hanging
from core.moments import moment_of, stamp
from core.ports import Clock
from core.reminders import Reminders
from core.statistics.counting import Counting
from core.store import Absent, Busy, Change, Conflict, Delete, Item, Key, Put, Store, Version
from forms.surroundings import Surroundings

log = logging.getLogger(__name__)
_CURSOR = ("T#-", "CURSOR")
_LEASE = ("T#-", "LEASE")
LEASE_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Ticked:
    """What one tick did."""

    timers: int
    effects: int
    counted: int
    """How many events the statistics have counted."""
    delivered: int
    """How many deliveries have reached a system outside."""


@dataclass(frozen=True, slots=True)
class Ticks:
    """Rings timers, works off the outbox, counts, and tells other systems."""

    store: Store
    cases: Cases
    effects: Effects
    clock: Clock
    around: Callable[[str], Surroundings]
    hanging: Hanging
    counting: Counting
    deliveries: Deliveries
    reminders: Reminders
    circulations: Circulations
    others: Mapping[str, Callable[[str, Key], bool]]
    """What rings for timers of another kind, by name, given id and key."""

    def tick(self) -> Ticked | None:
        """Do all that is due; None where somebody else holds the lease."""
        if not self._lease():
            return None
        self.cases.ledger.places.work_off()
        rung = self._ring_due()
        self.hanging.work_off()
        done = self.effects.work_off_due()
        counted = self.counting.work_off_due()
        self.circulations.work_off_due()
        self.reminders.work_off_due()  # after the counting, which says what is done
        return Ticked(rung, done, counted, self.deliveries.work_off_due())

    def _lease(self) -> bool:
        now = self.clock.now()
        [held] = self.store.get(_LEASE)
        until = stamp(now + timedelta(seconds=LEASE_SECONDS))
        mine = {"pk": _LEASE[0], "sk": _LEASE[1], "until": until, "by": secrets.token_hex(4)}
        if held and moment_of(held["until"]) > now:
            return False
        try:
            self.store.commit(Put(mine, (Version(held["v"]) if held else Absent(),)))
        except (Conflict, Busy):
            return False
        return True

    def release(self) -> None:
        """Give the lease back, so that the next tick need not wait for it to run out."""
        self.store.commit(Change(_LEASE, set={"until": stamp(self.clock.now())}))

    def begin(self) -> None:
        """Note the hour of the first start: however late the first tick comes, none is missed."""
        [cursor] = self.store.get(_CURSOR)
        if cursor is None:
            start = {"pk": _CURSOR[0], "sk": _CURSOR[1], "hour": stamp(self._hour_before())}
            with suppress(Conflict):
                self.store.commit(Put(start, (Absent(),)))

    def _ring_due(self) -> int:
        now = self.clock.now()
        [cursor] = self.store.get(_CURSOR)
        hour = moment_of(cursor["hour"]) if cursor else self._hour_before()
        rung, next_hour = 0, self._hour_before()
        while hour <= now:
            answers = [
                self._ring(timer_bucket(hour, number), item, now)
                for number in range(TIMER_SHARDS)
                for item in self._due(timer_bucket(hour, number), now)
            ]
            rung += answers.count(True)
            if None in answers:  # come back to this hour
                next_hour = min(next_hour, hour)
            hour += timedelta(hours=1)
        self.store.commit(Change(_CURSOR, set={"hour": stamp(next_hour)}))
        return rung

    def _hour_before(self) -> datetime:
        """Return the start of the hour before this one: a late commit may still fall into it."""
        return self.clock.now().replace(minute=0, second=0, microsecond=0) - timedelta(hours=1)

    def _due(self, bucket: str, now: datetime) -> Iterator[Item]:
        cursor: str | None = None
        while True:
            page = self.store.query(bucket, until=f"{stamp(now)}~", limit=50, cursor=cursor)
            yield from page.items
            cursor = page.cursor
            if cursor is None:
                return

    def _ring(self, bucket: str, item: Item, now: datetime) -> bool | None:
        """Ring one timer; None where it must be tried again.

        One that fails for any other reason is put off by an hour: it must not keep others waiting.
        """
        key = (item["pk"], item["sk"])
        try:
            if item["name"] in self.others:
                return self.others[item["name"]](item["case"], key)
            return self.cases.ring(item["case"], item["entry"], item["name"], key, self.around)
        except (Conflict, Busy):
            return None
        except Exception:
            log.exception("the timer %s of case %s failed", item["name"], item["case"])
        later = timer_bucket(now + timedelta(hours=1), int(bucket.rpartition("#")[2]))
        try:
            self.store.commit(Delete(key), Put({**_plain(item), "pk": later}))
        except Busy:
            return None
        return False


def _plain(item: Item) -> dict[str, Any]:
    return {name: value for name, value in item.items() if name != "v"}
