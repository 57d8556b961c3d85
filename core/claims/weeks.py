"""A request for the same time every week: which of its days lie in a year not decided yet."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from core.api import Context
from core.claims.openings import Undecided, slots_on
from forms.problems import Problem

_ = str  # marks what is translated where it is shown
_SHORTER = _(
    "{year}年的校历还没有公布，这几次现在约不了：{days}。能定下来的是到{last}为止的"
    "{sure}次。请把周数改成{sure}以内，或者最后一问选“否”：先约能约的，其余的公布以后再约"
)
_GAPS = _(
    "{year}年的校历还没有公布，这几次现在约不了：{days}。"
    "请把最后一问改成“否”：先约能约的，其余的公布以后再约"
)


def against_weeks(
    context: Context, entry: Mapping[str, Any], first: date, answers: Mapping[str, Any]
) -> Iterator[Problem]:
    """Yield that a series of which all are wanted, or none, cannot be had as a whole yet.

    `answers` say `weeks`, how many from the `first` day on, and `all_or_none`. Of a series that may
    have gaps the weeks not decided yet are told of one by one, once the others are booked.
    """
    days = [first + timedelta(weeks=n) for n in range(int(answers.get("weeks") or 1))]
    decided = [_is_decided(context, entry, each) for each in days]
    unsure = [each for each, known in zip(days, decided, strict=True) if not known]
    if not (decided[0] and unsure and answers.get("all_or_none")):
        return
    sure = decided.index(False)
    told = {
        "days": "、".join(map(_day_words, unsure)),
        "year": unsure[0].year,
        "last": _day_words(days[sure - 1]),
        "sure": sure,
    }
    yield Problem("undecided_weeks", _SHORTER if sure > 1 else _GAPS, "weeks", told=told)


def _day_words(day: date) -> str:
    return f"{day.month}月{day.day}日"


def _is_decided(context: Context, entry: Mapping[str, Any], day: date) -> bool:
    try:
        slots_on(entry, day, context.calendar)
    except Undecided:
        return False
    return True
