"""What is free at a venue, as anybody may see it: how many places are left, never who has them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from core.api import Context, Item
from core.claims.openings import CLOSED, Slot, Undecided, closure_on, slots_on
from workflows.spans import CHINA

FREE, FULL, OVER, LATE, EARLY = "free", "full", "over", "late", "early"
UNDECIDED = "undecided"
_DAY = timedelta(days=1)
_AHEAD, _NAMED = timedelta(days=14), 3
"""How far ahead, and how many, other times are named to a school."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A slot with what is left of it; `state` is one of those above, or `closed`."""

    slot: Slot
    heads: int
    groups: int
    guides: int
    state: str


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a venue's calendar; `state` is "" where it has offers, else `closed`, `undecided`.

    `reason` is why the venue closed it, where it said so.
    """

    date: date
    offers: tuple[Offer, ...]
    state: str
    reason: str = ""


def days_of(context: Context, entry: Item, first: date, last: date) -> list[Day]:
    """Return the days of a venue from `first` to `last`: a query for each month touched."""
    held: dict[str, Item] = {}
    for month in sorted({f"{each:%Y-%m}" for each in (first, last)}):
        held |= held_in(context, entry["sk"], month)
    days = [first + n * _DAY for n in range((last - first).days + 1)]
    return [_day(context, entry, each, held) for each in days]


def instead(context: Context, entry: Item, first: date, heads: int = 1) -> str:
    """Return which times have places for so many at a venue, from a day on, in words."""
    found = (
        f"{day.date.month}月{day.date.day}日 {each.slot.starts}–{each.slot.ends}（还剩 {each.heads} 人）"  # noqa: E501 — as people read it
        for day in days_of(context, entry, first, first + _AHEAD)
        for each in day.offers
        if each.state == FREE and each.heads >= heads
    )
    said = "、".join(islice(found, _NAMED))
    return f"可以改约：{said}" if said else "近两周没有空的时段，请改约别的场馆"


def held_in(context: Context, venue: str, span: str) -> dict[str, Item]:
    """Return what is held of a venue in a month, or on a day, by `2026-12-02#09:00`: one query."""
    found = context.all(context.key("slots", venue, "")[0], prefix=span)
    return {each["sk"]: each for each in found}


def _offer(entry: Mapping[str, Any], slot: Slot, held: Mapping[str, Any], now: datetime) -> Offer:
    """Return what is left of a slot, and whether it can be booked at `now`."""
    left = {
        name: max(0, int(entry[limit]) - int(held.get(name, 0)))
        for name, limit in (("heads", "capacity"), ("groups", "groups"), ("guides", "guides"))
    }
    state = _when(entry, slot, now)
    if held.get(CLOSED):
        state = CLOSED
    elif state == FREE and not (left["heads"] and left["groups"]):
        state = FULL
    return Offer(slot, **left, state=state)


def _when(entry: Mapping[str, Any], slot: Slot, now: datetime) -> str:
    local = now.astimezone(CHINA)
    ahead = (slot.date - local.date()).days
    if (slot.date.isoformat(), slot.starts) <= (local.date().isoformat(), f"{local:%H:%M}"):
        return OVER
    if ahead < int(entry["lead_days"]):
        return LATE
    rush = bool(slot.opens_at) and datetime.fromisoformat(slot.opens_at) > now
    return EARLY if rush or ahead > int(entry["ahead_days"]) else FREE


def offers_on(context: Context, entry: Item, day: date, held: Mapping[str, Item]) -> list[Offer]:
    """Return a day's slots with what is left of them; raise Undecided.

    One that meets a slot of other hours, booked before the venue changed them, is not offered.
    """
    booked = [
        (key.partition("#")[2], each["ends"])
        for key, each in held.items()
        if each.get("ends") and each.get("heads") and key.startswith(day.isoformat())
    ]
    now = context.clock.now()
    return [
        _offer(entry, each, held.get(f"{day}#{each.starts}", {}), now)
        for each in slots_on(entry, day, context.calendar)
        if not any(
            starts < each.ends and each.starts < ends and (starts, ends) != (each.starts, each.ends)
            for starts, ends in booked
        )
    ]


def _day(context: Context, entry: Item, day: date, held: Mapping[str, Item]) -> Day:
    try:
        offers = tuple(offers_on(context, entry, day, held))
    except Undecided:
        return Day(day, (), UNDECIDED)
    closure = closure_on(entry, day) if not offers else None
    return Day(day, offers, "" if offers else CLOSED, closure["reason"] if closure else "")
