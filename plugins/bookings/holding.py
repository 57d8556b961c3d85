"""What each move of a visit writes beside its case: places, turns, people's time, counts.

A school's day (`school#slug` / date) has the time in which each of its classes and escorts is away,
and its visits, those that wait as well; names stand there as keyed numbers. A venue's term counts
each school's visits, where the venue limits them; whoever waits counts already.
"""

from collections.abc import Mapping
from typing import Any

from core.api import CaseView, Context, Write
from core.claims.capacity import Capacity
from core.claims.quotas import Quota, counted, term_of
from core.claims.slots import Load, Slot
from core.claims.times import Key, rearranged, subject
from plugins.bookings.venues import venue
from plugins.bookings.visits import Visit, is_away, standing, visit_of

VISITS = "visits"
_LIMITED_BY = {"heads": "capacity", "groups": "groups", "guides": "guides"}
LEAST: Load = {"heads": 1, "groups": 1, "guides": 0}


def limits(entry: Mapping[str, Any]) -> Load:
    """Return how much of everything a venue has in each slot."""
    return {name: int(entry[limit]) for name, limit in _LIMITED_BY.items()}


def capacity(context: Context) -> Capacity:
    """Return the slots of the county's venues."""

    def most(slot: Slot) -> Load | None:
        entry = venue(context, slot[0])
        return limits(entry) if entry else None

    return Capacity(context, most, LEAST)


def claimed(context: Context, case: CaseView, before: CaseView | None) -> list[Write]:
    """Return what a visit's submission or move writes; `before` is None for a new one."""
    new, left = visit_of(case), before.state if before else ""
    old = visit_of(before) if before else new
    was, now = standing(left), standing(case.state)
    return [
        *capacity(context).moved(old.hold(case.at), was, new.hold(case.at), now),
        *rearranged(
            context,
            _day(context, old, left) if was != "out" else None,
            _day(context, new, case.state) if now != "out" else None,
            [VISITS],
        ),
        *counted(
            context,
            quota(context, old) if was != "out" else None,
            quota(context, new) if now != "out" else None,
        ),
    ]


def day_key(context: Context, visit: Visit) -> tuple[str, str]:
    """Return where a school's day stands."""
    return context.key("school", visit.school, visit.date)


def subjects(context: Context, visit: Visit) -> dict[str, str]:
    """Return under which attribute of its day each class and escort stands, with its name."""
    named = [("c", each) for each in visit.classes] + [("t", each) for each in visit.escorts]
    return {subject(context, of, visit.school, name): name for of, name in named}


def _day(context: Context, visit: Visit, state: str) -> tuple[Key, dict[str, frozenset[Any]]]:
    away = subjects(context, visit) if is_away(state) else ()
    times: dict[str, frozenset[Any]] = dict.fromkeys(away, visit.cells)
    return day_key(context, visit), {**times, VISITS: frozenset({visit.entry})}


def quota(context: Context, visit: Visit) -> Quota:
    """Return a school's quota of visits to a venue in a term."""
    entry = venue(context, visit.venue)
    term = f"{term_of(context, visit.date)}#{visit.school}"
    return context.key("terms", visit.venue, term), int(entry["term_limit"]) if entry else 0
