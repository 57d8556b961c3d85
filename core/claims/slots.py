"""A slot's item: how much of everything is held, and by whom.

It stands at `X#plugin#slots#…` / the last part of the slot's name. It counts what is held under the
names of the load (`heads`, `groups`), names its `holders`, keeps what a hold tells of its slot
(`ends`), and counts how often it was `closed`; a number that is missing is 0. `joined` counts who
ever had to wait; `offers` are those holders who waited and have not been told yet.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from core.api import Below, Change, Condition, Context, Item, Put, Version, Without, Write

Load = Mapping[str, int]
Slot = tuple[str, ...]
"""The slot's name: the parts of its key, such as venue, and day with time."""


@dataclass(frozen=True, slots=True)
class Hold:
    """What one case wants of one slot; `at` is when the case was accepted, as it is stored."""

    case: str
    slot: Slot
    load: Load
    at: str = ""
    tells: Mapping[str, Any] = field(default_factory=dict)


def slot_key(context: Context, slot: Slot) -> tuple[str, str]:
    """Return where a slot stands."""
    return context.key("slots", *slot)


def held_from(context: Context, whose: str, first: date) -> Iterator[Item]:
    """Yield the slots held of `whose` from a day on to the end of next year.

    For slots named by whose they are, and by what begins with a day (ISO).
    """
    for year in (first.year, first.year + 1):
        for each in context.all(context.key("slots", whose, "")[0], prefix=f"{year}-"):
            if each["sk"] >= first.isoformat():
                yield each


def left(item: Item | None, most: Load) -> dict[str, int]:
    """Return how much of a slot is free; nothing of one that is closed."""
    held = item or {}
    if held.get("closed"):
        return dict.fromkeys(most, 0)
    return {name: max(0, n - int(held.get(name, 0))) for name, n in most.items()}


def fits(item: Item | None, load: Mapping[str, Any], most: Load) -> bool:
    """Tell whether a slot has room for one more such load."""
    free = left(item, most)
    return all(int(load[name]) <= n for name, n in free.items())


def took(context: Context, hold: Hold, most: Load) -> Write:
    """Return what takes a slot's places; it fails where they are not free."""
    load = {name: n for name, n in hold.load.items() if n}
    room: list[Condition] = [Below(name, most[name] - n) for name, n in load.items()]
    own = frozenset({hold.case})
    when = (*room, Below("closed", 0), Without("holders", own))
    key = slot_key(context, hold.slot)
    return Change(key, set=hold.tells, add={**load, "holders": own}, when=when)


def rewritten(
    item: Item, out: Iterable[Hold], into: Iterable[Hold], offered: Iterable[str] = ()
) -> Write:
    """Return a slot's item once some have left and others come, to some of whom it is `offered`."""
    gone, come = list(out), list(into)
    leaving = {each.case for each in gone}
    sets = {"holders": {each.case for each in come}, "offers": set(offered)}
    loads = held_after(item, gone, come)
    after = {key: each for key, each in item.items() if key not in ("v", *sets)} | loads
    for name, more in sets.items():
        now = frozenset((set(item.get(name, ())) - leaving) | more)
        after |= {name: now} if now else {}
    return Put(after, (Version(int(item["v"])),))


def held_after(item: Item, out: Iterable[Hold], into: Iterable[Hold]) -> dict[str, int]:
    """Return what is held of a slot once some have left and others come."""
    held: dict[str, int] = {}
    for sign, holds in ((-1, out), (1, into)):
        for hold in holds:
            for name, n in hold.load.items():
                held[name] = held.get(name, int(item.get(name, 0))) + sign * n
    return held
