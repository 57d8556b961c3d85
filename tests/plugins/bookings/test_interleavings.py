"""Whoever overtakes whom: nobody is double-booked, and nobody who fits waits for long.

`make soak` leads a thousand such lives.
"""

from dataclasses import replace

import pytest

from core.store import Below, Change, Put, Store, Version, Write
from tests.core.house import House
from tests.plugins.bookings.books import SLOTS
from tests.plugins.bookings.interleaving import Forgets, Interleaving
from tests.plugins.bookings.visiting import VENUE, Visiting

SEED, LIVES = 20261123, 60


def test_nobody_is_double_booked_whoever_overtakes_whom(house: House) -> None:
    Interleaving(house).lead(range(LIVES), SEED)


def without_limits(_: Store, write: Write) -> Write:
    """Return the write of a core that does not ask whether the places are free."""
    if isinstance(write, Change) and write.key[0].startswith(SLOTS):
        return replace(write, when=tuple(one for one in write.when if not isinstance(one, Below)))
    return write


def without_versions(store: Store, write: Write) -> Write:
    """Return the write of a core that does not ask whether a slot has changed meanwhile."""
    [now] = store.get(write.key)
    if isinstance(write, Put) and write.key[0].startswith(SLOTS) and now:
        return replace(write, when=(Version(int(now["v"])),))
    return write


@pytest.mark.parametrize(
    ("forgets", "found"),
    [(without_limits, " taken"), (without_versions, r"holds \[\], waits \[\]")],
)
def test_control_with_one_condition_taken_away_the_same_lives_show_it(
    house: House, forgets: Forgets, found: str
) -> None:
    with pytest.raises(AssertionError, match=found):
        Interleaving(house, forgets).lead(range(LIVES), SEED)


def test_who_waits_is_served_when_the_venue_takes_more(visiting: Visiting) -> None:
    visiting.book(30)
    late = visiting.book(5, school="yunting", place="yunting", who="00000000106")
    visiting.follow()
    visiting.edit_venue(**{**VENUE, "capacity": 35})
    assert visiting.state(late) == "offered"
