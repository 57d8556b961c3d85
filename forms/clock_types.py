"""Field types of the clock and the calendar: times, moments, ranges of days."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from forms.fields import Field, FieldType
from forms.messages import problem
from forms.moments import CHINA, iso_moment, iso_time, read_moment, read_time
from forms.problems import Problem
from forms.surroundings import Surroundings
from forms.text_types import narrow
from forms.value_types import day_within, read_day, unanswered

_MAX_RAW = 100
_TIME = re.compile(
    r"(上午|早上|中午|下午|晚上)?([0-9]{1,2})(?:[:.时点]([0-9]{1,2})?分?|([0-9]{2}))"
)
_SECONDS = re.compile(r":00(\.0+)?$")
_HALF = re.compile(r"(?<=[时点])半$")
_NOON = 12


def read_clock(raw: str) -> time | None:
    """Return the time as people write it: 20:30, 8:30, 2030, 20点30分, 8点半, 下午3点."""
    text = _HALF.sub("30分", re.sub(r"\s", "", narrow(raw)))
    if text.count(":") > 1:
        text = _SECONDS.sub("", text)
    found = _TIME.fullmatch(text)
    if not found:
        return None
    hour, minute = int(found[2]), int(found[3] or found[4] or 0)
    if found[1] in ("下午", "晚上") and hour < _NOON:
        hour += _NOON
    try:
        return time(hour, minute)
    except ValueError:
        return None


def clean_time(raw: Any, field: Field, around: Surroundings) -> Any:
    """Clean a time of day to the minute."""
    if unanswered(raw):
        return None
    found = raw if isinstance(raw, time) else None
    if isinstance(raw, str) and len(raw) <= _MAX_RAW:
        found = read_clock(raw)
    if found is None:
        return problem("not_time", around.language)
    low, high = read_time(field.min), read_time(field.max)
    return _within(found, low, high, around, iso_time)


def clean_datetime(raw: Any, field: Field, around: Surroundings) -> Any:
    """Clean a day with a time, in China time: 2026-09-03 20:30, 2026年9月3日20点30分."""
    if unanswered(raw):
        return None
    found = raw if isinstance(raw, datetime) else None
    if isinstance(raw, str) and len(raw) <= _MAX_RAW:
        found = read_moment(raw) or _spoken_moment(raw)
    if found is None:
        return problem("not_datetime", around.language)
    return _within(found, _bound(field.min, around), _bound(field.max, around), around, _said)


def _spoken_moment(raw: str) -> datetime | None:
    text = narrow(raw)
    found = re.fullmatch(r"(.*[0-9日])(?:T|\s)+(.+)|(.*日)(.+)", text)
    if not found:
        return None
    day, clock = read_day(found[1] or found[3]), read_clock(found[2] or found[4])
    return datetime.combine(day, clock, CHINA) if day and clock else None


def _bound(bound: str, around: Surroundings) -> datetime | None:
    if bound == "today":
        return datetime.combine(around.today, time(0), CHINA)
    return read_moment(bound) or read_moment(f"{bound}T00:00")


def _said(moment: datetime) -> str:
    return moment.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")


def _within(
    found: Any, low: Any, high: Any, around: Surroundings, say: Any
) -> time | datetime | Problem:
    if low and found < low:
        return problem("too_early", around.language, "time", limit=say(low))
    if high and found > high:
        return problem("too_late", around.language, "time", limit=say(high))
    return found  # type: ignore[no-any-return] # of the kind that `low` and `high` are


def clean_date_range(raw: Any, field: Field, around: Surroundings) -> Any:
    """Clean {from, to}, both days, the first not after the last."""
    if raw in (None, "", {}):
        return None
    if not isinstance(raw, Mapping) or not set(raw) <= {"from", "to"}:
        return problem("not_range", around.language)
    sides = [raw.get("from"), raw.get("to")]
    if all(unanswered(one) for one in sides):
        return None
    days = [read_day(one) for one in sides]
    if None in days:
        return problem("not_range", around.language)
    return _ordered([one for one in days if one], field, around)


def _ordered(days: list[date], field: Field, around: Surroundings) -> dict[str, str] | Problem:
    first, last = days
    if first > last:
        return problem("range_order", around.language)
    for day in days:
        checked = day_within(day, field, around)
        if isinstance(checked, Problem):
            return checked
    return {"from": first.isoformat(), "to": last.isoformat()}


_BOUNDS = frozenset({"min", "max", "placeholder", "example"})
TYPES = (
    FieldType("time", "time", clean_time, "time", _BOUNDS, iso_time),
    FieldType("datetime", "datetime", clean_datetime, "datetime", _BOUNDS, iso_moment),
    FieldType("date_range", "range", clean_date_range, "date_range", frozenset({"min", "max"})),
)
