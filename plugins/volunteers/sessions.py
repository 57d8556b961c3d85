"""A volunteer's sessions: the time they take, and where the school and the volunteer find them.

Each stands twice, in the volunteer's shelf (`sessions#volunteer`) and, while the school has
something to do, in the school's (`school#place`); both are written in the commit of the move. The
time is taken in cells of five minutes: no two sessions of a volunteer share one (RULE-06).
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from core.api import CaseView, Change, Check, Context, Delete, Item, Put, Version, Without, Write
from core.claims.times import cells, minutes
from forms.problems import Problem
from plugins.volunteers.directory import on_roster, roster

OPEN = frozenset({"invited", "accepted", "to_confirm"})
HELD = frozenset({"confirmed", "recorded"})
ALIVE = OPEN | HELD
_BASIS = "changzhi-2021/三(二)"
_ = str  # marks what is translated where it is shown


def clash(context: Context, case: CaseView) -> Iterator[Problem]:
    """Yield what stands against the time, as it is taken now; the claim has the last word."""
    [day] = context.get(_day(context, case))
    if _cells_of(case) & set((day or {}).get("taken", ())):
        words = _("这位志愿者这段时间已有安排，请换个时间，或另请一位")
        yield Problem("overlap", words, "volunteer")


def too_late(context: Context, case: CaseView) -> Iterator[Problem]:
    """Yield what stands against the end of a session: later than the place allows (RULE-11)."""
    latest = context.parameter("evening_latest", date.fromisoformat(case.answers["date"]))
    if minutes(case.answers["ends"]) > minutes(latest):
        words = _("结束时间太晚了，请看本校执行的规定里最晚到几点，改早一些")
        yield Problem("too_late_here", words, "ends", basis=_BASIS)


def begun(context: Context, case: CaseView) -> list[Write]:
    """Return what a new invitation writes; it fails where the clearance ended or time is taken."""
    entry = on_roster(context, case.about)
    stands = Version(int(entry["v"]) if entry else 0)
    held = Check(context.key(roster(context), case.about), (stands,))
    return [held, *moved(context, case, "")]


def moved(context: Context, case: CaseView, left: str) -> list[Write]:
    """Return what a move of an invitation writes."""
    was, now, own = left in ALIVE, case.state in ALIVE, _cells_of(case)
    day = _day(context, case)
    writes: list[Write] = []
    if now and not was:
        writes.append(Change(day, add={"taken": own}, when=(Without("taken", own),)))
    elif was and not now:
        writes.append(Change(day, take={"taken": own}))
    return [*writes, *_entries(context, case)]


def of_volunteer(context: Context, volunteer: str) -> list[Item]:
    """Return a volunteer's sessions, the earliest first."""
    return list(context.all(context.key("sessions", volunteer, "")[0]))


def of_school(context: Context) -> list[Item]:
    """Return the sessions that this school has ahead or has still to confirm."""
    return list(context.all(context.key("school", context.place.slug, "")[0]))


def _entries(context: Context, case: CaseView) -> Iterator[Write]:
    told = {name: case.answers[name] for name in ("date", "starts", "ends", "course", "specialty")}
    more: dict[str, Any] = {"case": case.id, "volunteer": case.about, "school": case.place}
    name = context.place.name
    more["where"] = {"zh": name.zh, "en": name.get("en")}
    served = int(case.steps["taught_minutes"]) if case.state in HELD else 0
    shelves = ("sessions", case.about, ALIVE), ("school", case.place, OPEN)
    for shelf, whose, while_in in shelves:
        pk, sk = context.key(shelf, whose, f"{told['date']}#{case.id}")
        item = {"pk": pk, "sk": sk, **told, **more, "state": case.state, "served": served}
        yield Put(item) if case.state in while_in else Delete((pk, sk))


def _cells_of(case: CaseView) -> frozenset[int]:
    return cells(case.answers["starts"], case.answers["ends"])


def _day(context: Context, case: CaseView) -> tuple[str, str]:
    return context.key("cells", case.about, case.answers["date"])
