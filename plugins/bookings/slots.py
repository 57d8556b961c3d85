"""What is held of a venue's slots: an item for each that somebody holds, made when first held.

It counts `heads`, `groups` and `guides` held and names its `holders`, with `ends` and, where the
venue has closed it, `closed`; a number that is missing is 0. `joined` counts who ever had to wait,
`offers` are those holders who waited and have not been told yet that their turn has come.
Whatever is taken is taken under a condition of the commit (R65: heads never above the capacity).
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from core.api import Below, Change, Condition, Context, Item, Put, Version, Without, Write
from plugins.bookings.visits import Visit

LOAD = ("heads", "groups", "guides")
Key = tuple[str, str]
Load = Mapping[str, Any]
Slot = tuple[str, str, str]


def taken(context: Context, venue: str, month: str) -> dict[tuple[date, str], Item]:
    """Return what is held of a venue in a month such as `2026-12`, by day and start: one query."""
    found: dict[tuple[date, str], Item] = {}
    for item in context.all(context.key("slots", venue, "")[0], prefix=month):
        day, _, starts = item["sk"].partition("#")
        found[date.fromisoformat(day), starts] = item
    return found


def slot_key(context: Context, slot: Slot) -> Key:
    """Return where a slot stands: of a venue, on a day, from a time."""
    venue, day, starts = slot
    return context.key("slots", venue, f"{day}#{starts}")


def limits(entry: Mapping[str, Any]) -> Load:
    """Return how much of everything a venue has in each slot."""
    return {name: int(entry[of]) for name, of in zip(LOAD, _LIMITED_BY, strict=True)}


_LIMITED_BY = ("capacity", "groups", "guides")


def left(item: Load | None, most: Load) -> dict[str, int]:
    """Return how much of a slot is free; nothing of one that the venue has closed."""
    held = item or {}
    if held.get("closed"):
        return dict.fromkeys(LOAD, 0)
    return {name: max(0, most[name] - int(held.get(name, 0))) for name in LOAD}


def fits(item: Load | None, load: Load, most: Load) -> bool:
    """Tell whether a slot has room for one more visit."""
    free = left(item, most)
    return all(int(load[name]) <= free[name] for name in LOAD)


def took(key: Key, visit: Visit, most: Load) -> Write:
    """Return what takes a visit's places; it fails where they are not free."""
    load = {name: n for name, n in visit.load.items() if n}
    room: list[Condition] = [Below(name, most[name] - n) for name, n in load.items()]
    when = (*room, Below("closed", 0), Without("holders", frozenset({visit.case})))
    added = {**load, "holders": frozenset({visit.case})}
    return Change(key, set={"ends": visit.ends}, add=added, when=when)


def rewritten(item: Item, out: Iterable[Load], into: Iterable[Load]) -> Write:
    """Return a slot's item after some have left and others come, each with its `case` and load.

    Who comes out of the queue is to be offered the places, unless it is a rush and they are asked.
    """
    gone, come = list(out), list(into)
    leaving = {each["case"] for each in gone}
    sets = {
        "holders": {each["case"] for each in come},
        "offers": {each["case"] for each in come if each.get("waits")},
    }
    after = {key: each for key, each in item.items() if key not in ("v", *sets, *LOAD)}
    after |= load_after(item, gone, come)
    for name, more in sets.items():
        now = frozenset((set(item.get(name, ())) - leaving) | more)
        after |= {name: now} if now else {}
    return Put(after, (Version(int(item["v"])),))


def load_after(item: Load, out: Iterable[Load], into: Iterable[Load]) -> dict[str, int]:
    """Return what is held of a slot after some have left and others come."""
    gone, come = list(out), list(into)
    return {
        name: int(item.get(name, 0))
        - sum(int(each[name]) for each in gone)
        + sum(int(each[name]) for each in come)
        for name in LOAD
    }
