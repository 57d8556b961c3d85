"""Who may be invited for a day (RULE-26), and what makes them fit.

That a volunteer is `cleared` says that the school saw identity card and signed letter, the county
made the record query and the school trained them: `workflows/vetting.yaml` leads there no other
way. What is left to look at is the day.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from core.api import CaseView, Context
from forms.problems import Problem
from forms.surroundings import Choice
from forms.text import Text
from plugins.volunteers.directory import CLEARED
from workflows.spans import local_day

_MAX_AGE = "record_query_max_age_days"
"""The parameter that says how old the record query may be on the day of a session."""
_BASIS = "changzhi-2021/三(四)2"
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ = str  # marks what is translated where it is shown


def cleared_until(context: Context, case: CaseView) -> date | None:
    """Return the last day of a volunteer's clearance; None where it is not in force."""
    queried = case.steps.get("query_date")
    if case.state != CLEARED or not queried:
        return None
    days = context.parameter(_MAX_AGE, local_day(context.clock.now()))
    return date.fromisoformat(queried) + timedelta(days=days)


def against(context: Context, volunteer: CaseView | None, day: date) -> Iterator[Problem]:
    """Yield what stands against a session of this volunteer on a day."""
    until = cleared_until(context, volunteer) if volunteer else None
    if volunteer is None or until is None:
        words = _("志愿者审核未通过或已过期，不能排课")
        yield Problem("not_cleared", words, "volunteer", basis=_BASIS)
    elif day > until:
        words = _("从业查询到上课那天已超过一年，不能排课。请县教育局先重新查询")
        yield Problem("query_too_old", words, "volunteer", basis=_BASIS)
    elif _DAYS[day.weekday()] not in volunteer.answers["times"]:
        words = _("这位志愿者登记的时间里没有这一天，请换个日子，或另请一位")
        yield Problem("not_their_day", words, "volunteer")


def choice_of(context: Context, volunteer: CaseView) -> Choice:
    """Return a volunteer as a school may choose them, with the days on which they fit."""
    told = volunteer.answers
    until = cleared_until(context, volunteer) or date.min
    skills = [context.choice("specialties", each) for each in told["specialties"]]
    zh, en = "、".join(each.zh for each in skills), ", ".join(each.get("en") for each in skills)
    label = Text(
        f"{told['name']}（{zh}；审核有效到{until.year}年{until.month}月{until.day}日）",
        f"{told['name']} ({en}; cleared until {until})",
    )
    today = local_day(context.clock.now())
    ahead = (today + timedelta(days=n) for n in range((until - today).days + 1))
    dates = frozenset(d.isoformat() for d in ahead if _DAYS[d.weekday()] in told["times"])
    facts = {"specialties": frozenset(told["specialties"]), "dates": dates}
    return Choice(volunteer.id, label, facts=facts)
