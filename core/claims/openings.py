"""When something is open, cut into slots: worked out from its entry whenever asked, never stored.

An entry is what a form asks: `openings` by `weekdays` and `special` ones by `date`, both with
`starts`, `ends`, `stay` and perhaps `buffer`; `closures` from `first` to `last`; `on_holidays` and
`on_makeups`. A special opening replaces whatever its day would be. A closure wins over the usual
times. On a public holiday it is closed, or open as on that day of the week (`on_holidays`). On a
weekend that is worked (`on_makeups`) it is closed, or keeps its workday hours: the times it is open
every day from Monday to Friday; where there are none, those of the day of the week it is. Special
openings and closures hold whatever the calendar says; all other days of a year without a calendar
are undecided.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from core.claims.times import minutes
from forms.calendar import Calendar

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
CLOSED = "closed"
_WORKWEEK = frozenset(DAYS[:5])
_DAY = timedelta(days=1)
Row = Mapping[str, Any]


class Undecided(Exception):  # noqa: N818 — an answer, not a fault
    """The year of that day has no calendar yet (校历未公布)."""


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """One span of one day that can be booked; times are like `09:00`.

    A rush slot cannot be booked before `opens_at`, a time like `2026-12-01T12:00+08:00`.
    """

    date: date
    starts: str
    ends: str
    opens_at: str = ""


def slots_on(entry: Row, day: date, calendar: Calendar) -> list[Slot]:
    """Return a day's slots, the earliest first, no two at once; [] where it is closed.

    Raises Undecided.
    """
    rows = [each for each in entry.get("special") or () if each["date"] == day.isoformat()]
    if not rows and closure_on(entry, day) is None:
        rows = _usual(entry, day, calendar)
    found: list[Slot] = []
    for slot in sorted(slot for row in rows for slot in _cut(row, day)):
        if not found or found[-1].ends <= slot.starts:
            found.append(slot)
    return found


def slots_between(entry: Row, first: date, last: date, calendar: Calendar) -> Iterator[Slot]:
    """Yield the slots from `first` to `last`, both included; undecided days have none."""
    for n in range((last - first).days + 1):
        with suppress(Undecided):
            yield from slots_on(entry, first + n * _DAY, calendar)


def closure_on(entry: Row, day: date) -> Row | None:
    """Return the closure that a day falls in, with its `reason`; None for none."""
    closures: Iterable[Row] = entry.get("closures") or ()
    return next((each for each in closures if _within(each, day, each["first"])), None)


def overlapping(entry: Row) -> Iterator[tuple[str, int]]:
    """Yield field and number (from 0) of every opening at the same time as one before it."""
    for name, meet in (("openings", _share_days), ("special", _same_date)):
        rows: Sequence[Row] = entry.get(name) or ()
        for at, row in enumerate(rows):
            if any(meet(row, each) and _at_once(row, each) for each in rows[:at]):
                yield name, at


def _usual(entry: Row, day: date, calendar: Calendar) -> list[Row]:
    if day.year not in calendar.years:
        raise Undecided(day.year)
    makeup = day in calendar.makeups
    rule = "on_makeups" if makeup else "on_holidays" if day in calendar.holidays else ""
    if entry.get(rule) == CLOSED:
        return []
    rows = [each for each in entry.get("openings") or () if _within(each, day)]
    workdays = [each for each in rows if _WORKWEEK.issubset(each["weekdays"])]
    if makeup and workdays:
        return workdays
    return [each for each in rows if DAYS[day.weekday()] in each["weekdays"]]


def _cut(row: Row, day: date) -> Iterator[Slot]:
    starts, ends, stay = minutes(row["starts"]), minutes(row["ends"]), int(row["stay"])
    for at in range(starts, ends - stay + 1, stay + int(row.get("buffer") or 0)):
        yield Slot(day, _clock(at), _clock(at + stay), row.get("opens_at") or "")


def _within(row: Row, day: date, otherwise: str = "") -> bool:
    """Tell whether a day lies in a row's span; `otherwise` is its last day where none is given."""
    first, last = row.get("first") or "", row.get("last") or otherwise
    return first <= day.isoformat() and (not last or day.isoformat() <= last)


def _share_days(one: Row, other: Row) -> bool:
    """Tell whether two openings hold on some day both, as far as weekdays and seasons say."""
    latest = max(each.get("first") or "" for each in (one, other))
    earliest = min(each.get("last") or "9999" for each in (one, other))
    return latest <= earliest and not set(one["weekdays"]).isdisjoint(other["weekdays"])


def _same_date(one: Row, other: Row) -> bool:
    return bool(one["date"] == other["date"])


def _at_once(one: Row, other: Row) -> bool:
    return bool(one["starts"] < other["ends"] and other["starts"] < one["ends"])


def _clock(at: int) -> str:
    return f"{at // 60:02}:{at % 60:02}"
