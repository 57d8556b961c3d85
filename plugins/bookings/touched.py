"""Bookings that a changed record touches: at times no longer offered, or more than now fit.

What is booked stays booked. After each change the slots concerned are noted, so that the pages
which mention them need not look through all that is held; whether they still are is judged anew.
"""

from datetime import date

from core.api import CaseView, Context, Item, Put
from core.claims.openings import Undecided, slots_on
from core.claims.slots import fits, held_from, slot_key
from plugins.bookings.holding import LEAST, capacity, limits
from plugins.bookings.venues import venue
from workflows.spans import local_day

GONE, OVER = "gone", "over"
_NOTED = 100


def follow_up(context: Context, case: CaseView) -> None:
    """Note what a venue's change touches, and give who waits the places that it made."""
    today, slots = local_day(context.clock.now()), capacity(context)
    ahead, entry = list(held_from(context, case.place, today)), venue(context, case.place)
    for each in ahead:
        if entry and fits(each, LEAST, limits(entry)):
            slots.settle((case.place, each["sk"]), lambda one: context.move(one, "offer"))
    found = [each["sk"] for each in ahead if why(context, entry, each)]
    pk, sk = context.key("touched", case.place)
    context.commit(Put({"pk": pk, "sk": sk, "slots": found[:_NOTED]}))


def touched(context: Context, place: str) -> list[tuple[Item, str]]:
    """Return the slots of a venue that are touched, the next first, each with why."""
    [noted] = context.get(context.key("touched", place))
    today = local_day(context.clock.now()).isoformat()
    names = [each for each in noted["slots"] if each >= today] if noted else []
    if not names:
        return []
    entry = venue(context, place)
    found = context.get(*(slot_key(context, (place, each)) for each in names))
    told = [(each, why(context, entry, each)) for each in found if each]
    return [(each, reason) for each, reason in told if reason]


def why(context: Context, entry: Item | None, held: Item) -> str:
    """Return why a slot is touched: GONE, OVER; "" where it is as the record has it."""
    if not held.get("holders"):
        return ""
    if entry is None:
        return GONE
    day, _, starts = held["sk"].partition("#")
    try:
        offered = slots_on(entry, date.fromisoformat(day), context.calendar)
    except Undecided:
        return ""
    if (starts, held["ends"]) not in ((each.starts, each.ends) for each in offered):
        return GONE
    return OVER if any(held.get(name, 0) > n for name, n in limits(entry).items()) else ""
