"""What stands against a visit, what chooses its way, and what a form may offer for it."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from core.api import CaseView, Context, Item
from core.claims.offers import EARLY, LATE, OVER, Offer, held_in, offer_choices, offers_on
from core.claims.openings import CLOSED, Undecided, slots_on
from core.claims.quotas import is_used_up
from core.claims.slots import left
from core.claims.times import clashes
from core.claims.weeks import against_weeks
from forms.problems import Problem
from forms.surroundings import Choice
from forms.text import Text
from plugins.bookings.free import offered
from plugins.bookings.holding import capacity, day_key, limits, quota, subjects
from plugins.bookings.venues import VENUE, venue, venues
from plugins.bookings.visits import QUEUED, Visit, is_away, standing, visit_of
from workflows.engine import chosen
from workflows.spans import CHINA

_ = str  # marks what is translated where it is shown
_BASIS = "changzhi-2021/三(四)2"
_SAFETY = "changzhi-2021/四(1)"
_NOT_NOW = {
    OVER: _("这个时段已经过了，请换一个"),
    LATE: _("离参观那天太近，场馆来不及准备，请换后面的日子，或打电话问场馆"),
    EARLY: _("这个时段还没有开始接受预约，请到时候再来"),
    CLOSED: _("场馆这个时段不开放，请换一个"),
}


def against(context: Context, case: CaseView) -> Iterator[Problem]:
    """Yield what stands against a visit, new or changed (R64, R65, RULE-06, RULE-15)."""
    visit = visit_of(case)
    entry = venue(context, visit.venue)
    if entry is None:
        yield Problem("not_open", _("这个场馆现在不接受预约，请换一个"), "venue", basis=_BASIS)
        return
    yield from _of_time(context, case, visit, entry)
    yield from against_weeks(context, entry, visit.day, case.answers)
    yield from _of_size(visit, entry)
    yield from _of_people(context, case, visit)
    if not case.state and is_used_up(context, quota(context, visit)):
        told = {"n": entry["term_limit"]}
        words = _("这所学校这学期在这个场馆已约满 {n} 次")
        yield Problem("term_limit", words, "venue", basis=_BASIS, told=told)


def _of_time(context: Context, case: CaseView, visit: Visit, entry: Item) -> Iterator[Problem]:
    held = held_in(context, visit.venue, visit.date)
    try:
        offers = offers_on(context, offered(entry), visit.day, held)
    except Undecided:
        yield Problem("undecided", _("那一年的校历还没有公布，暂时不能预约，公布以后再来"), "date")
        return
    item = held.get(visit.slot[1])
    own = item is not None and case.id in item.get("holders", ())
    offer = next(
        (each for each in offers if (each.slot.starts, each.slot.ends) == visit.span), None
    )
    if offer is None and not own:
        yield Problem("no_such_slot", _("场馆那天没有这个时段，请重新选"), "slot", basis=_BASIS)
        return
    if offer and not own and offer.state in _NOT_NOW and not _may_still(context, visit, offer):
        yield Problem(offer.state, _NOT_NOW[offer.state], "slot")
    if case.parent and not case.state and not capacity(context).has_room(visit.hold("")):
        yield Problem("full", _("这个时段满了"), "slot", basis=_BASIS)
    if standing(case.state) in ("holding", "offered"):
        yield from _of_room(context, case, visit, item, entry)


def _of_room(
    context: Context, case: CaseView, visit: Visit, item: Item | None, entry: Item
) -> Iterator[Problem]:
    """Yield that a visit which holds places no longer fits as it is to be."""
    own = stood(context, case)
    same = own is not None and own.slot == visit.slot
    free = left(item, limits(entry))
    spare = {name: n + (own.load[name] if own and same else 0) for name, n in free.items()}
    if any(visit.load[name] > n for name, n in spare.items()):
        words = _("这个时段放不下了，只剩 {heads} 人、{groups} 个团队的名额，请换个时段或减少人数")
        yield Problem("full", words, "slot", basis=_BASIS, told=free)


def stood(context: Context, case: CaseView) -> Visit | None:
    """Return a visit as it is written down now; None for a new one."""
    return next((visit_of(each) for each in context.cases([case.id], "county")), None)


def _of_size(visit: Visit, entry: Item) -> Iterator[Problem]:
    most = limits(entry)
    if visit.heads > most["heads"]:
        words = _("场馆一场最多接待 {n} 名学生，请分成几次预约")
        yield Problem("too_many", words, "classes", basis=_BASIS, told={"n": most["heads"]})
    if visit.guides > most["guides"]:
        yield Problem("no_guides", _("这个场馆没有讲解员，请选“否”"), "guide")
    needed = -(-visit.heads // int(entry["escort_ratio"]))
    if len(set(visit.escorts)) < needed:
        words = _("{heads} 名学生至少要 {n} 位不同的带队教师，请补上")
        told = {"heads": visit.heads, "n": needed}
        yield Problem("few_escorts", words, "escorts", basis=_SAFETY, told=told)
    if len(set(visit.classes)) < len(visit.classes):
        yield Problem("class_twice", _("同一个班级写了两次，请合成一行"), "classes")


def _of_people(context: Context, case: CaseView, visit: Visit) -> Iterator[Problem]:
    """Yield a class or an escort who is somewhere else at that time."""
    own = [visit_of(each) for each in context.cases([case.id], "county") if is_away(each.state)]
    times = [(day_key(context, each), subjects(context, each), each.cells) for each in own]
    named = subjects(context, visit)
    for attribute in clashes(context, day_key(context, visit), named, visit.cells, times):
        words = _("“{name}”这段时间已有别的参观，请换个时间或换人")
        where = "classes" if attribute.startswith("c") else "escorts"
        told = {"name": named[attribute]}
        yield Problem("overlap", words, where, basis="changzhi-2021/三(二)", told=told)


def facts(context: Context, case: CaseView, transition: str) -> Mapping[str, bool]:
    """Return what chooses the way of a visit."""
    visit = visit_of(case)
    entry, slots = venue(context, visit.venue), capacity(context)
    if entry is None:
        return {}
    known = transition == "change" and _is_known(context, case, visit)
    small = visit.heads < int(entry["auto_heads"])
    if case.state == QUEUED:
        fits = case.id in (slots.item(visit.slot) or {}).get("holders", ())
    else:
        fits = bool(case.state) or slots.has_room(visit.hold(case.at))
    return {
        "rush": _is_rush(context, visit, entry),
        "fits": fits,
        "needs_head": entry["risk"] != "low",
        "automatic": small or context.can("venue_contact") or (known and case.state == "promised"),
        "settled": known and case.state == "confirmed",
    }


def _is_known(context: Context, case: CaseView, visit: Visit) -> bool:
    """Tell whether a change leaves a visit as the venue knows it, or is the venue's own."""
    own = stood(context, case)
    same = own is not None and own.slot == visit.slot and visit.heads <= own.heads
    return same or _is_venues(context, visit)


def _may_still(context: Context, visit: Visit, offer: Offer) -> bool:
    """Tell whether the venue itself takes a visit at short notice, until the slot has ended."""
    local = context.clock.now().astimezone(CHINA)
    ended = (visit.date, visit.ends) <= (local.date().isoformat(), f"{local:%H:%M}")
    return _is_venues(context, visit) and not ended and offer.state in (LATE, EARLY, OVER)


def _is_venues(context: Context, visit: Visit) -> bool:
    """Tell whether it is the venue's own contact who asks, wherever the visit was filed."""
    seats = context.person.seats if context.person else ()
    return any((each.name, each.place) == ("venue_contact", visit.venue) for each in seats)


def _is_rush(context: Context, visit: Visit, entry: Item) -> bool:
    slots = slots_on(entry, visit.day, context.calendar)
    return any(each.starts == visit.starts and each.opens_at for each in slots)


def choices(context: Context, lookup: str, given: Mapping[str, Any]) -> list[Choice]:
    """Return the venues of the county, or the slots of one of them on a day."""
    if lookup == "venues":
        own = context.place.slug if context.place.kind == VENUE else ""
        found = [each for each in venues(context) if own in ("", each["sk"])]
        return [Choice(each["sk"], Text.of(each["name"])) for each in found]
    if not (given.get("venue") and given.get("date")):
        return []
    entry, day = venue(context, chosen(given["venue"])), date.fromisoformat(str(given["date"]))
    return offer_choices(context, offered(entry), day) if entry else []
