"""What is free in the slots of an entry, as anybody may see it: never who has the rest.

Beside its openings an entry says `lead_days` and `ahead_days`: how many days before its day a slot
can be booked at the latest, and at the earliest.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from core.api import Context, Item
from core.claims.openings import CLOSED, Slot, Undecided, closure_on, slots_on
from core.claims.slots import Load, fits, left
from forms.surroundings import Choice
from forms.text import Text
from workflows.spans import CHINA

FREE, FULL, OVER, LATE, EARLY = "free", "full", "over", "late", "early"
UNDECIDED = "undecided"
_NOON = "12:00"
_DAY = timedelta(days=1)
_AHEAD, _NAMED = timedelta(days=14), 3
"""How far ahead, and how many, other times are named to whoever got none."""


@dataclass(frozen=True, slots=True)
class Offered:
    """An entry with how much it has in each slot, and the `least` that anybody may ask for.

    `whose` is the first part of its slots' names.
    """

    whose: str
    entry: Mapping[str, Any]
    most: Load
    least: Load


@dataclass(frozen=True, slots=True)
class Offer:
    """A slot with what is `left` of it; `state` is one of those above, or `closed`."""

    slot: Slot
    left: Load
    state: str


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a calendar; `state` is "" where it has offers, else `closed` or `undecided`.

    `reason` is why it was closed, where that was said.
    """

    date: date
    offers: tuple[Offer, ...]
    state: str
    reason: str = ""


def days_of(context: Context, offered: Offered, first: date, last: date) -> list[Day]:
    """Return the days from `first` to `last`, both included: a query for each month touched."""
    held: dict[str, Item] = {}
    for month in sorted({f"{each:%Y-%m}" for each in (first, last)}):
        held |= held_in(context, offered.whose, month)
    days = [first + n * _DAY for n in range((last - first).days + 1)]
    return [_day(context, offered, each, held) for each in days]


def held_in(context: Context, whose: str, span: str) -> dict[str, Item]:
    """Return what is held in a month, or on a day, by `2026-12-02#09:00`: one query."""
    found = context.all(context.key("slots", whose, "")[0], prefix=span)
    return {each["sk"]: each for each in found}


def offers_on(
    context: Context, offered: Offered, day: date, held: Mapping[str, Item]
) -> list[Offer]:
    """Return a day's slots with what is left of them; raise Undecided.

    One that meets a slot of other hours, booked before the openings changed, is not offered.
    """
    booked = [
        (key.partition("#")[2], each["ends"])
        for key, each in held.items()
        if each.get("ends") and each.get("holders") and key.startswith(day.isoformat())
    ]
    now = context.clock.now()
    return [
        _offer(offered, each, held.get(f"{day}#{each.starts}"), now)
        for each in slots_on(offered.entry, day, context.calendar)
        if not any(_other_hours(each, *hours) for hours in booked)
    ]


def instead(context: Context, offered: Offered | None, first: date, heads: int = 1) -> str:
    """Return which times have places for so many, from a day on, in words for a message.

    Of a day that is not decided yet, that it has to be asked for anew.
    """
    days = days_of(context, offered, first, first + _AHEAD) if offered else []
    if days and days[0].state == UNDECIDED:
        return f"{first.year}年的校历公布以后请再约，不会自动补上"
    found = (
        f"{day.date.month}月{day.date.day}日 {each.slot.starts}–{each.slot.ends}"
        f"（还剩 {each.left['heads']} 人）"
        for day in days
        for each in day.offers
        if each.state == FREE and each.left["heads"] >= heads
    )
    said = "、".join(islice(found, _NAMED))
    if said:
        return f"可以改约：{said}"
    known = "校历已公布的日子里，" if any(each.state == UNDECIDED for each in days) else ""
    return f"{known}近两周没有空的时段，请改约别的地方"


def offer_choices(context: Context, offered: Offered, day: date) -> list[Choice]:
    """Return a day's slots for a lookup to offer, each with what is left; [] of undecided days.

    For slots that hold `heads` in `groups`. A slot that is full can be chosen, to be waited for.
    """
    held = held_in(context, offered.whose, day.isoformat())
    try:
        return [_choice(each) for each in offers_on(context, offered, day, held)]
    except Undecided:
        return []


def _choice(offer: Offer) -> Choice:
    starts, ends, left = offer.slot.starts, offer.slot.ends, offer.left
    said = Text("现在不能约", "cannot be booked now")
    if offer.state == FREE:
        n, groups = left["heads"], left["groups"]
        said = Text(f"还剩 {n} 人、{groups} 个团队", f"{n} places, {groups} groups left")
    elif offer.state == FULL:
        said = Text("满了，可以候补", "full; you can wait")
    return Choice(f"{starts}-{ends}", Text(f"{starts}–{ends}"), note=said)


def ends_of_day(
    context: Context, offered: Offered | None, whose: str, day: date, part: str = "day"
) -> dict[str, str]:
    """Return when each slot of a day ends, offered or held, by when it starts, in their order.

    `part` is the `morning`, the `afternoon`, or the whole `day`.
    """
    held = held_in(context, whose, day.isoformat())
    ends = {key.partition("#")[2]: str(each["ends"]) for key, each in held.items()}
    with suppress(Undecided):
        slots = slots_on(offered.entry, day, context.calendar) if offered else ()
        ends |= {each.starts: each.ends for each in slots}
    return {
        starts: end
        for starts, end in sorted(ends.items())
        if part == "day" or (starts < _NOON if part == "morning" else end > _NOON)
    }


def _other_hours(slot: Slot, starts: str, ends: str) -> bool:
    meets = starts < slot.ends and slot.starts < ends
    return meets and (starts, ends) != (slot.starts, slot.ends)


def _offer(offered: Offered, slot: Slot, held: Item | None, now: datetime) -> Offer:
    """Return what is left of a slot, and whether it can be booked at `now`."""
    state = _when(offered.entry, slot, now)
    if held and held.get("closed"):
        state = CLOSED
    elif state == FREE and not fits(held, offered.least, offered.most):
        state = FULL
    return Offer(slot, left(held, offered.most), state)


def _when(entry: Mapping[str, Any], slot: Slot, now: datetime) -> str:
    local = now.astimezone(CHINA)
    ahead = (slot.date - local.date()).days
    if (slot.date.isoformat(), slot.starts) <= (local.date().isoformat(), f"{local:%H:%M}"):
        return OVER
    if ahead < int(entry["lead_days"]):
        return LATE
    rush = bool(slot.opens_at) and datetime.fromisoformat(slot.opens_at) > now
    return EARLY if rush or ahead > int(entry["ahead_days"]) else FREE


def _day(context: Context, offered: Offered, day: date, held: Mapping[str, Item]) -> Day:
    try:
        offers = tuple(offers_on(context, offered, day, held))
    except Undecided:
        return Day(day, (), UNDECIDED)
    closure = closure_on(offered.entry, day) if not offers else None
    return Day(day, offers, "" if offers else CLOSED, closure["reason"] if closure else "")
