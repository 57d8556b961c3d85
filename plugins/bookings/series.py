"""A visit every week: the school asks once, each date becomes a visit of its own."""

from datetime import timedelta

from core.api import CaseView, Context
from core.claims.offers import instead
from plugins.bookings.free import offered_at
from plugins.bookings.visits import FREE, visit_of

SERIES = "series"


def spread(context: Context, case: CaseView) -> None:
    """Begin a visit for each date; tell which came about, and what is free instead of the rest.

    Where the school wants all or none and one fails, the others are called back.
    """
    visit, begun, told = visit_of(case), list[str](), list[str]()
    offered, weeks = offered_at(context, visit.venue), int(case.answers["weeks"])
    for n in range(weeks):
        day = visit.day + timedelta(weeks=n)
        own = {"date": day.isoformat(), "weekly": False, "weeks": None, "all_or_none": None}
        child, problems = context.begin(case.id, day.isoformat(), own)
        why = "".join(each.said for each in problems[:1])
        other = "" if child else instead(context, offered, day, visit.heads)
        said = "约上了" if child else f"没约成（{why}。{other}）"
        told.append(f"{day.month}月{day.day}日{said}")
        begun += [child] if child else []
    gone = any(each.state in FREE for each in context.cases(begun, "county"))
    if case.answers["all_or_none"] and (gone or len(begun) < weeks):
        for each in begun:
            context.move(each, "call_back")
        told.append("您选了“有一次约不成就都不约”，所以都没有约")
        begun = []
    context.move(case.id, "spread" if begun else "unspread", "；".join(told))
