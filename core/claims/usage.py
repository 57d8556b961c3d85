"""How far slots are used: worked out from what is offered and what is held of it, never stored.

A slot that was closed at short notice is not offered. One that was booked before the openings
changed is, instead of those it meets. What is booked for days to come is used already, and so is
what nobody came to: whether they did stands in the cases, which are not read for this.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from core.api import Context, Item, months
from core.claims.offers import Offered, held_in
from core.claims.openings import CLOSED, Slot, slots_between


@dataclass(frozen=True, slots=True)
class Use:
    """A slot that was offered: `places` in it, `heads` in so many `groups` that took them."""

    whose: str
    slot: Slot
    places: int
    heads: int
    groups: int


def uses_of(context: Context, offered: Offered, first: date, last: date) -> Iterator[Use]:
    """Yield every slot offered in a span of days: a query for each month.

    For slots that hold `heads` in `groups`.
    """
    held: dict[str, Item] = {}
    for month in months(first, last):
        held |= held_in(context, offered.whose, month)
    booked: dict[date, list[Slot]] = defaultdict(list)
    for name, item in held.items():
        day = date.fromisoformat(name.partition("#")[0])
        if item.get("holders") and first <= day <= last:
            booked[day].append(Slot(day, name.partition("#")[2], item["ends"]))
    for slot in slots_between(offered.entry, first, last, context.calendar):
        if not any(_meet(slot, each) for each in booked[slot.date]):
            booked[slot.date].append(slot)
    for slot in (each for day in sorted(booked) for each in sorted(booked[day])):
        item = held.get(f"{slot.date}#{slot.starts}", {})
        if not item.get(CLOSED):
            taken = (int(item.get(each, 0)) for each in ("heads", "groups"))
            yield Use(offered.whose, slot, int(offered.most["heads"]), *taken)


def _meet(one: Slot, other: Slot) -> bool:
    return one.starts < other.ends and other.starts < one.ends
