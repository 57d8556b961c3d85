"""What is free at a venue, as the core's offers, and in words."""

from datetime import date, timedelta
from itertools import islice

from core.api import Context, Item
from core.claims.offers import FREE, Offered, days_of
from plugins.bookings.holding import LEAST, limits

_AHEAD, _NAMED = timedelta(days=14), 3
"""How far ahead, and how many, other times are named to a school."""


def offered(entry: Item) -> Offered:
    """Return what a venue offers."""
    return Offered(entry["sk"], entry, limits(entry), LEAST)


def instead(context: Context, entry: Item, first: date, heads: int = 1) -> str:
    """Return which times have places for so many at a venue, from a day on, in words."""
    found = (
        f"{day.date.month}月{day.date.day}日 {each.slot.starts}–{each.slot.ends}"
        f"（还剩 {each.left['heads']} 人）"
        for day in days_of(context, offered(entry), first, first + _AHEAD)
        for each in day.offers
        if each.state == FREE and each.left["heads"] >= heads
    )
    said = "、".join(islice(found, _NAMED))
    return f"可以改约：{said}" if said else "近两周没有空的时段，请改约别的场馆"
