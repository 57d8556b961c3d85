"""Which roles are held where in a county, so that a move knows whose desk a case goes to.

One item a county (`PL#county` / `SEATS`) counts who holds each role at each place. It is written
in the commit that gives or ends a role, remembered for 30 seconds by readers, and read nowhere in
a commit's conditions: a case hung by an old count is hung anew (`core.hanging`).
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from core.moments import stamp
from core.store import Change, Item, Key, Store, Write

FALLBACK = "county_officer"
"""Who works on what nobody up to the county is there for."""
HANGING = "HANG"
"""The partition of the desk index that holds the seats whose cases are to be hung anew."""
_CACHE_SECONDS = 30.0
SECOND_LOOK = timedelta(seconds=90)
"""When a seat's cases are looked at again: readers remember the count for a third of it."""


def seats_key(county: str) -> Key:
    """Return where the seats of a county are counted."""
    return (f"PL#{county}", "SEATS")


def seat_name(role: str, place: str) -> str:
    """Return the name a seat is counted under."""
    return f"{role}@{place}"


def seat_writes(county: str, role: str, place: str, by: int, now: datetime) -> list[Write]:
    """Return what joins the commit of a role given or ended: the count, and a note to hang anew."""
    note = {
        "role": role,
        "place": place,
        "again": stamp(now + SECOND_LOOK),
        "desk_pk": HANGING,
        "desk_sk": f"{stamp(now)}#{place}#{role}",
    }
    count = Change(seats_key(county), add={seat_name(role, place): by})
    return [count, Change((f"PL#{place}", f"HANG#{role}"), set=note)]


@dataclass
class Seats:
    """Reads the counts; remembers each county's for 30 seconds."""

    store: Store
    _cache: dict[str, tuple[float, Mapping[str, int]]] = field(default_factory=dict)

    def counts(self, county: str) -> Mapping[str, int]:
        """Return how many hold each seat of a county."""
        until, counts = self._cache.get(county, (0.0, {}))
        if time.monotonic() < until:
            return counts
        return self.fresh(county)

    def fresh(self, county: str) -> Mapping[str, int]:
        """Return the counts as they stand now."""
        [item] = self.store.get(seats_key(county))
        return self.remember(county, item)

    def remember(self, county: str, item: Item | None) -> Mapping[str, int]:
        """Keep what was just read for 30 seconds."""
        counts = {name: n for name, n in (item or {}).items() if "@" in name}
        self._cache[county] = (time.monotonic() + _CACHE_SECONDS, counts)
        return counts

    def forget(self) -> None:
        """Read anew at the next question."""
        self._cache.clear()

    def held(self, county: str, role: str, place: str) -> int:
        """Return how many hold a role at a place."""
        return self.counts(county).get(seat_name(role, place), 0)

    def desk(self, county: str, role: str, line: Sequence[str]) -> tuple[str, str]:
        """Return the role and place of the desk for a seat; `line` leads from it up the tree.

        It is the first place up to the county where somebody holds the role; where nobody does,
        the county's managers; above all counties, the seat itself.
        """
        for place in line:
            if self.held(county, role, place):
                return role, place
            if place == county:
                return FALLBACK, county
        return role, line[0]
