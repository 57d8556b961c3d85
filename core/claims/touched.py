"""What is held and a changed record touches: slots no longer offered, or more than now fit.

What is held stays held. After each change the slots concerned are noted, so that the pages which
mention them need not look through all that is held; whether they still are is judged anew.
"""

from collections.abc import Callable
from datetime import date

from core.api import Context, Item, Put
from core.claims.capacity import Capacity
from core.claims.offers import Offered
from core.claims.openings import Undecided, slots_on
from core.claims.slots import fits, held_from, slot_key
from workflows.spans import local_day

GONE, OVER = "gone", "over"
_NOTED = 100


def follow_up(
    context: Context,
    whose: str,
    offered: Offered | None,
    slots: Capacity,
    offer: Callable[[str], object],
) -> None:
    """Note what a change of `whose` record touches, and `offer` who waits the places it made."""
    ahead = list(held_from(context, whose, local_day(context.clock.now())))
    for each in ahead:
        if offered and fits(each, offered.least, offered.most):
            slots.settle((whose, each["sk"]), offer)
    found = [each["sk"] for each in ahead if _why(context, offered, each)]
    pk, sk = context.key("touched", whose)
    context.commit(Put({"pk": pk, "sk": sk, "slots": found[:_NOTED]}))


def touched(
    context: Context, whose: str, find: Callable[[], Offered | None]
) -> list[tuple[Item, str]]:
    """Return the slots that are touched, the next first, each with why: GONE, OVER.

    `find` is asked what is offered only where slots are noted.
    """
    [noted] = context.get(context.key("touched", whose))
    today = local_day(context.clock.now()).isoformat()
    names = [each for each in noted["slots"] if each >= today] if noted else []
    if not names:
        return []
    offered = find()
    found = context.get(*(slot_key(context, (whose, each)) for each in names))
    told = [(each, _why(context, offered, each)) for each in found if each]
    return [(each, reason) for each, reason in told if reason]


def _why(context: Context, offered: Offered | None, held: Item) -> str:
    """Return why a slot is touched, "" where it is as the record has it."""
    if not held.get("holders"):
        return ""
    if offered is None:
        return GONE
    day, _, starts = held["sk"].partition("#")
    try:
        slots = slots_on(offered.entry, date.fromisoformat(day), context.calendar)
    except Undecided:
        return ""
    if (starts, held["ends"]) not in ((each.starts, each.ends) for each in slots):
        return GONE
    return OVER if any(held.get(name, 0) > n for name, n in offered.most.items()) else ""
