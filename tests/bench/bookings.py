"""Bookings a second on one hot hour, and a venue's month in a full year, each as ratios of one run.

Through the core, on one file, one after the other: a plain hour, a rush with all that settles it,
and the same writes one by one without conditions or a transaction (check, then insert).
"""

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

from core.store import Check, Store, Write
from tests.core.house import build, open_house
from tests.plugins.bookings.interleaving import RUSH
from tests.plugins.bookings.test_costs import fill_year
from tests.plugins.bookings.visiting import Visiting

BATCH, BATCHES, LOOKS = 20, 5, 40
MONTH = "/museum/bookings/calendar/?month=2026-12"
GOAL = 1.2
KINDS = {"plain": "15:30-16:30", "rush": "09:00-10:00", "check-then-insert": "15:30-16:30"}


class Piecemeal:
    """Writes one thing after the other, whatever stands there."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)

    def commit(self, *writes: Write) -> None:
        for each in writes:
            if not isinstance(each, Check):
                self.store.commit(replace(each, when=()))


@contextmanager
def museum(built: Path, folder: Path, **how: Any) -> Iterator[Visiting]:
    """Yield a museum with places for everybody; a rush is at its nine o'clock."""
    house = open_house(built, folder, **how)
    for district in ("hexi-zhen", "liuting-zhen", "songlan-xiang"):
        house.office.places.switch(district, "bookings", "on", "某人", "2026")
    visiting = Visiting(house)
    usual = {**RUSH, "starts": "15:30", "ends": "16:30", "opens_at": ""}
    visiting.open_venue(special=[RUSH, usual], capacity=10_000, groups=10_000)
    yield visiting
    house.close()


def booked(visiting: Visiting, kind: str, batch: int) -> float:
    """Return the bookings a second of one batch, each of another class."""
    start = time.perf_counter()
    for n in range(BATCH):
        name = f"{batch}-{n}"
        escorts = [{"escort_name": name}]
        visiting.book(1, slot=KINDS[kind], class_name=name, escorts=escorts)
        if kind == "rush":
            visiting.follow()
    taken = time.perf_counter() - start
    visiting.follow()
    return BATCH / taken


def milliseconds(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return (time.perf_counter() - start) * 1e3


def hot_hour(built: Path, folder: Path) -> None:
    """Print the bookings a second of each kind, in turn, beside those of check-then-insert."""
    with (
        museum(built, folder / "plain") as plain,
        museum(built, folder / "rush") as rush,
        museum(built, folder / "piecemeal", wrap=Piecemeal) as piecemeal,
    ):
        sides = dict(zip(KINDS, (plain, rush, piecemeal), strict=True))
        rates: dict[str, list[float]] = {kind: [] for kind in KINDS}
        for batch in range(BATCHES):
            for kind, visiting in sides.items():
                rates[kind].append(booked(visiting, kind, batch))
    unsafe = median(rates["check-then-insert"])
    for kind, each in rates.items():
        rate = median(each)
        said = f"{rate:6.0f} bookings/s on one hour {rate / unsafe:6.2f} × check-then-insert"
        sys.stdout.write(f"{kind:<18}{said}\n")


def full_year(built: Path, folder: Path) -> float:
    """Print and return how much longer a month takes where all the year is full."""
    with museum(built, folder / "empty") as empty, museum(built, folder / "full") as full:
        fill_year(empty, "2026-12")
        fill_year(full)
        clients = [each.house.client() for each in (empty, full)]
        for client in clients:
            assert client.get(MONTH).status_code == 200
        pairs = [
            [milliseconds(lambda each=each: each.get(MONTH)) for each in clients]
            for _ in range(LOOKS)
        ]
    alone, among = (median(each) for each in zip(*pairs, strict=True))
    ratio = median(much / little for little, much in pairs)
    said = f"{among:.1f} ms in a full year, {alone:.1f} ms in an otherwise empty one"
    sys.stdout.write(f"a venue's month   {said}: {ratio:.2f} × (goal ≤ {GOAL} ×)\n")
    return ratio


def report() -> bool:
    """Print the figures; tell whether the goal is met."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        build(folder / "built")
        hot_hour(folder / "built", folder)
        return full_year(folder / "built", folder) <= GOAL
