"""The queue for a slot, and the rule by which it moves.

Whoever waits stands in it in the order of acceptance, then of their numbers. When places come free
they go, in the very commit that frees them, to the first for whom they suffice; then to the next
for whom the rest suffices. A large group that does not fit blocks nobody, and keeps its turn.

An entry is taken out in the commit that gives it places, under the condition that it still stands:
whoever leaves, or is told to wait, at the same moment finds it gone and looks again.
"""

from collections.abc import Iterator

from core.api import Absent, Change, Conflict, Context, Delete, Item, Put, Version, Write
from plugins.bookings.slots import LOAD, Load, Slot, fits, limits, load_after, rewritten, slot_key
from plugins.bookings.venues import venue
from plugins.bookings.visits import Visit

_TRIES = 8
_LEAST = {"heads": 1, "groups": 1, "guides": 0}


def queue(context: Context, slot: Slot) -> Iterator[Item]:
    """Yield who waits for a slot, the first to be served first."""
    return context.all(context.key("queue", *slot, "")[0])


def place_of(context: Context, visit: Visit, at: str) -> tuple[str, str]:
    """Return where a visit accepted `at` a time stands in its queue."""
    return context.key("queue", *visit.slot, f"{at}#{visit.case}")


def entry_of(context: Context, visit: Visit, at: str, *, waits: bool) -> Write:
    """Return what puts a visit in the queue; it `waits` where it was told that there is no room."""
    pk, sk = place_of(context, visit, at)
    told = {"case": visit.case, "ends": visit.ends, "waits": waits}
    return Put({"pk": pk, "sk": sk, **told, **visit.load})


def promoted(context: Context, slot: Slot, held: Load, most: Load) -> list[Item]:
    """Return whom the free places of a slot go to, in the order of the queue."""
    found: list[Item] = []
    now = held
    if fits(now, _LEAST, most):
        for each in queue(context, slot):
            if fits(now, each, most):
                found.append(each)
                now = {**held, **load_after(held, (), found)}
            if not fits(now, _LEAST, most):
                break
    return found


def taken_out(entries: list[Item]) -> list[Write]:
    """Return what takes these out of the queue; it fails where one of them no longer stands."""
    return [Delete((each["pk"], each["sk"]), (Version(int(each["v"])),)) for each in entries]


def settle(context: Context, slot: Slot) -> None:
    """Give what is free to whoever waits, and offer it to who has not been told yet.

    Safe to repeat: what was begun by somebody who died is gone on with.
    """
    for _ in range(_TRIES):
        entry, [item] = venue(context, slot[0]), context.get(slot_key(context, slot))
        come = promoted(context, slot, item or {}, limits(entry)) if entry else []
        try:
            if come:
                context.commit(_given(context, slot, item, come), *taken_out(come))
        except Conflict:
            continue
        break
    [item] = context.get(slot_key(context, slot))
    for case in sorted((item or {}).get("offers", ())):
        context.move(case, "offer")


def _given(context: Context, slot: Slot, item: Item | None, come: list[Item]) -> Write:
    if item is not None:
        return rewritten(item, (), come)
    load = {name: n for name in LOAD if (n := sum(int(each[name]) for each in come))}
    holders = frozenset(each["case"] for each in come)
    ends = {"ends": come[0]["ends"]}
    return Change(
        slot_key(context, slot), set=ends, add={**load, "holders": holders}, when=(Absent(),)
    )
