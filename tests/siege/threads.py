"""The same crowd through the core alone, on any store: a thread for each who asks."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

from core.numbers import fresh_number
from core.store import Busy, Check, Put, Store, Write
from tests.core.house import House, open_house
from tests.core.lives.runs import county_in
from tests.plugins.bookings.visiting import WEDNESDAY, Visiting
from tests.siege.booking import SCHOOLS, Outcome, outcome_of

AT_ONCE, TRIES, THREADS = 100, 200, 8


class Limitless:
    """Holds places of a venue's hour without asking whether they are free still."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)

    def commit(self, *writes: Write) -> None:
        self.store.commit(*map(_blindly, writes))


def _blindly(write: Write) -> Write:
    hour = write.key[0].startswith("X#bookings#slots#") and not isinstance(write, Check)
    return replace(write, when=()) if hour else write


def house_on(store: Store, built: Path, folder: Path) -> House:
    """Return the sample county on an empty store."""
    items = county_in(built).items
    for at in range(0, len(items), AT_ONCE):
        store.commit(*map(Put, items[at : at + AT_ONCE]))

    def instead(own: Any) -> Store:
        own.close()
        return store

    house = open_house(built, folder, wrap=instead)
    for district in ("hexi-zhen", "liuting-zhen", "songlan-xiang"):
        house.office.places.switch(district, "bookings", "on", "某人", "2026")
    return house


def crowd_in(house: House, heads: Sequence[int]) -> Outcome:
    """Let somebody ask for each of these numbers of pupils, all at once."""
    visiting = Visiting(house)
    visiting.open_venue()
    with ThreadPoolExecutor(THREADS) as pool:
        told = list(pool.map(lambda n: _asked(visiting, n, heads[n]), range(len(heads))))
    for _ in range(3):
        visiting.follow()
        house.clock.move(minutes=10)
    return outcome_of(house, told, WEDNESDAY, "15:30")


def _asked(visiting: Visiting, n: int, heads: int) -> dict[str, Any]:
    """Ask under one number until it is done, as the page that says "busy" does."""
    school, who = list(SCHOOLS.items())[n % len(SCHOOLS)]
    number, told = fresh_number(), list[int]()
    names = {"class_name": f"{n}班", "escorts": [{"escort_name": f"{n}号老师"}]}
    for _ in range(TRIES):
        try:
            visiting.book(heads, who, school, school=school, number=number, **names)
        except Busy:
            told.append(429)
            time.sleep(0.05)
        else:
            return {"led": f"/{school}/case/{number}/", "told": [*told, 302], "kept": True}
    return {"led": "", "told": told, "kept": True}
