"""What each move of a visit writes beside its case: places, queue, classes and escorts, counts.

A school's day (`school#slug` / date) has the five-minute cells in which each of its classes and
escorts is away, and its visits; names stand there as keyed numbers. No two visits share a cell of
one class or escort (RULE-06). A venue's term counts each school's visits where it limits them.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from core.api import (
    Below,
    CaseView,
    Change,
    Check,
    Context,
    Delete,
    Item,
    Put,
    Version,
    Without,
    Write,
)
from plugins.bookings.slots import fits, limits, load_after, rewritten, slot_key, took
from plugins.bookings.venues import venue
from plugins.bookings.visits import FREE, OFFERED, QUEUED, QUEUEING, Visit, holds, is_away, visit_of
from plugins.bookings.waiting import entry_of, place_of, promoted, taken_out

_LOOK_AGAIN = Version(0)
"""Holds nowhere: what a move rests on has changed since it was judged."""


def claimed(context: Context, case: CaseView, before: CaseView | None) -> list[Write]:
    """Return what a visit's submission or move writes; `before` is None for a new one."""
    new, left = visit_of(case), before.state if before else ""
    old = visit_of(before) if before else new
    return [
        *_places(context, case, new, old, left),
        *_days(context, new if is_away(case.state) else None, old if is_away(left) else None),
        *_counts(
            context, new if case.state not in FREE else None, old if left not in FREE else None
        ),
    ]


def _places(context: Context, case: CaseView, new: Visit, old: Visit, left: str) -> Iterator[Write]:
    """Yield what takes, changes or gives back places and turns in the queue."""
    was, now = holds(left), holds(case.state)
    if left in QUEUEING:
        yield from _out_of_queue(context, case, old, left)
    elif case.state in QUEUEING:
        yield from _into_queue(context, case, new)
    elif was and now and new.slot == old.slot:
        if new.load != old.load:
            yield from _changed(context, old, new)
    else:
        if was:
            yield from _changed(context, old, None)
        if now:
            yield _taken(context, new)


def _taken(context: Context, visit: Visit) -> Write:
    key, entry = slot_key(context, visit.slot), venue(context, visit.venue)
    return took(key, visit, limits(entry)) if entry else Check(key, (_LOOK_AGAIN,))


def _changed(context: Context, old: Visit, new: Visit | None) -> Iterator[Write]:
    """Yield a slot without `old`, with `new` in its place, and with whom the rest goes to."""
    key = slot_key(context, old.slot)
    [item], entry = context.get(key), venue(context, old.venue)
    if item is None or old.case not in item.get("holders", ()):
        return
    out, into = [_load(old)], [_load(new)] if new else []
    held = {**item, **load_after(item, out, into)}
    if new and not (entry and fits({**item, **load_after(item, out, ())}, new.load, limits(entry))):
        yield Check(key, (_LOOK_AGAIN,))
        return
    come = promoted(context, old.slot, held, limits(entry)) if entry else []
    yield rewritten(item, out, [*into, *come])
    yield from taken_out(come)


def _into_queue(context: Context, case: CaseView, visit: Visit) -> Iterator[Write]:
    waits = case.state != QUEUED
    yield entry_of(context, visit, case.at, waits=waits)
    if not waits:
        return
    key, entry = slot_key(context, visit.slot), venue(context, visit.venue)
    [item] = context.get(key)
    if item is None or (entry and has_room(context, visit, item, entry)):
        yield Check(key, (_LOOK_AGAIN,))
    else:  # whoever frees places from now on finds this entry
        yield Change(key, add={"joined": 1}, when=(Version(int(item["v"])),))


def _out_of_queue(context: Context, case: CaseView, visit: Visit, left: str) -> Iterator[Write]:
    key = place_of(context, visit, case.at)
    [entry] = context.get(key)
    if case.state in QUEUEING:
        if case.state != left:  # from now on it waits; unless it was given places this moment
            yield Change(key, set={"waits": True}, when=(Version(int(entry["v"]) if entry else 0),))
    elif case.state in FREE:
        if entry:
            yield Delete(key, (Version(int(entry["v"])),))
        else:
            yield from _changed(context, visit, None)
    elif case.state == OFFERED:
        told = frozenset({visit.case})
        yield Change(slot_key(context, visit.slot), take={"offers": told})


def has_room(context: Context, visit: Visit, item: Item | None, entry: Mapping[str, Any]) -> bool:
    """Tell whether a slot has places for a visit that nobody who waits could use."""
    most = limits(entry)
    if not fits(item, visit.load, most):
        return False
    return not (item or {}).get("joined") or not promoted(context, visit.slot, item or {}, most)


def _load(visit: Visit) -> Mapping[str, Any]:
    return {"case": visit.case, **visit.load}


def day_key(context: Context, visit: Visit) -> tuple[str, str]:
    """Return where a school's day stands."""
    return context.key("school", visit.school, visit.date)


def subjects(context: Context, visit: Visit) -> dict[str, str]:
    """Return under which attribute of its day each class and escort stands, by name."""
    named = [("c", each) for each in visit.classes] + [("t", each) for each in visit.escorts]
    return {
        f"{kind}_{context.number(f'{kind}|{visit.school}|{name}')}": name for kind, name in named
    }


def _days(context: Context, new: Visit | None, old: Visit | None) -> Iterator[Write]:
    """Yield what takes and gives back the time of classes and escorts."""
    after, before = _sets(context, new), _sets(context, old)
    if after == before:
        return
    if new and old and day_key(context, new) == day_key(context, old):
        yield _day_rewritten(context, new, after, before)
        return
    if old:
        yield Change(day_key(context, old), take=before)
    if new:
        when = tuple(Without(name, cells) for name, cells in after.items() if name != _VISITS)
        yield Change(day_key(context, new), add=after, when=when)


_VISITS = "visits"
Sets = Mapping[str, frozenset[Any]]


def _sets(context: Context, visit: Visit | None) -> Sets:
    if visit is None:
        return {}
    away = dict.fromkeys(subjects(context, visit), visit.cells)
    return {**away, _VISITS: frozenset({visit.entry})}


def _day_rewritten(context: Context, new: Visit, after: Sets, before: Sets) -> Write:
    key = day_key(context, new)
    [item] = context.get(key)
    if item is None:
        return Check(key, (_LOOK_AGAIN,))
    day = {name: each for name, each in item.items() if name != "v"}
    for name, cells in before.items():
        day[name] = frozenset(day.get(name, ())) - cells
    for name, cells in after.items():
        if name != _VISITS and cells & frozenset(day.get(name, ())):
            return Check(key, (_LOOK_AGAIN,))
        day[name] = frozenset(day.get(name, ())) | cells
    full = {name: each for name, each in day.items() if each != frozenset()}
    return Put(full, (Version(int(item["v"])),))


def _counts(context: Context, new: Visit | None, old: Visit | None) -> Iterator[Write]:
    """Yield what counts a school's visits of a term, where the venue limits them."""
    after, before = (count_key(context, each) if each else None for each in (new, old))
    if after == before:
        return
    for visit, key, by in ((old, before, -1), (new, after, 1)):
        entry = venue(context, visit.venue) if visit and key else None
        limit = int(entry["term_limit"]) if entry else 0
        if key is None or not limit:
            continue
        [item] = context.get(key) if by < 0 else [None]
        if by > 0:
            yield Change(key, add={"visits": 1}, when=(Below("visits", limit - 1),))
        elif item and item["visits"] > 0:
            yield Change(key, add={"visits": -1})


def count_key(context: Context, visit: Visit) -> tuple[str, str]:
    """Return where a school's visits of a term at a venue are counted."""
    return context.key("terms", visit.venue, f"{term_of(context, visit.date)}#{visit.school}")


def term_of(context: Context, day: str) -> str:
    """Return the term that a day falls in, else its half of the year, so that it counts too."""
    for name, term in context.place.terms.items():
        if term.get("from") and term["from"] <= day <= term["to"]:
            return str(name)
    return f"{day[:4]}-{'1' if day[5:7] < '08' else '2'}"
