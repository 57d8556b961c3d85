"""Working days: statutory holidays and make-up workdays, of the years that are decided.

The State Council announces each year's days off in the late autumn before it. Until then a year
is undecided (校历未公布), and every question about it is answered None, never guessed.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from forms.problems import DefinitionError, Flaw
from forms.source import Source, read_yaml

_SATURDAY = 5
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days are worked, in the years that are decided.

    `holidays` are days off whatever the weekday; `makeups` are workdays whatever the weekday.
    """

    years: frozenset[int] = frozenset()
    holidays: frozenset[date] = field(default=frozenset(), repr=False)
    makeups: frozenset[date] = field(default=frozenset(), repr=False)

    def is_workday(self, day: date) -> bool | None:
        """Tell whether `day` is worked; None where its year is undecided."""
        if day.year not in self.years:
            return None
        if day in self.makeups:
            return True
        return day.weekday() < _SATURDAY and day not in self.holidays

    def with_years(self, other: "Calendar") -> "Calendar":
        """Return this calendar with the years that `other` decides as `other` has them."""

        def joined(mine: frozenset[date], theirs: frozenset[date]) -> frozenset[date]:
            return theirs | {day for day in mine if day.year not in other.years}

        return Calendar(
            self.years | other.years,
            joined(self.holidays, other.holidays),
            joined(self.makeups, other.makeups),
        )

    def add_working_days(self, day: date, n: int) -> date | None:
        """Return the n-th working day after `day` (before it where n < 0; `day` where n is 0).

        None where an undecided year stands in between.
        """
        found, left = day, abs(n)
        for each in _days_from(day, 1 if n > 0 else -1) if left else ():
            worked = self.is_workday(each)
            if worked is None:
                return None
            found, left = each, left - worked
            if not left:
                break
        return None if left else found

    def working_days_between(self, start: date, end: date) -> int | None:
        """Count the working days after `start` up to and including `end`.

        Negative where `end` comes first (then `end` counts and `start` does not), so that adding
        n working days and counting back gives n. None where an undecided year is touched.
        """
        step = 1 if end >= start else -1
        count = 0
        for each in _days_from(start, step) if start != end else ():
            worked = self.is_workday(each)
            if worked is None:
                return None
            count += step * worked
            if each == end:
                break
        return count


def _days_from(day: date, step: int) -> Iterator[date]:
    last = date.max if step > 0 else date.min
    while day != last:
        day += step * _DAY
        yield day


@cache
def national_calendar() -> Calendar:
    """Return the calendar of the State Council's notices that the package carries."""
    return read_calendar(_national())


def national_days() -> Mapping[str, Any]:
    """Return the days of those notices by year, each span of days off with its name."""
    days: Mapping[str, Any] = _national().data
    return days


@cache
def _national() -> Source:
    name = "cn.yaml"
    text = files("forms").joinpath("calendars", name).read_bytes()
    return read_yaml(text, f"forms/calendars/{name}")


def read_calendar(source: Source) -> Calendar:
    """Read `{year: {holidays: [{name, from, to}], makeups: [date]}}`.

    Raises DefinitionError with every flaw; a year that is named is decided.
    """
    reading = _Reading(source)
    years = reading.years()
    if reading.flaws:
        raise DefinitionError(reading.flaws)
    return Calendar(frozenset(years), frozenset(reading.holidays), frozenset(reading.makeups))


class _Reading:
    """Collects the days of a calendar file and what is wrong with them."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.flaws: list[Flaw] = []
        self.holidays: set[date] = set()
        self.makeups: set[date] = set()

    def years(self) -> set[int]:
        data = self.source.data
        if not isinstance(data, Mapping):
            self._flaw("expected years, each with its holidays and makeups")
            return set()
        return {year for key, days in data.items() if (year := self._year(key, days)) is not None}

    def _year(self, key: str, days: Any) -> int | None:
        known = {"holidays", "makeups"}
        if not (key.isdecimal() and isinstance(days, Mapping) and set(days) <= known):
            self._flaw("expected a year with its holidays and makeups", key)
            return None
        for index, span in enumerate(_items(days.get("holidays"))):
            self.holidays |= set(self._span(span, key, index))
        for index, text in enumerate(_items(days.get("makeups"))):
            day = self._day(text, key, "makeups", index)
            self.makeups |= {day} if day else set()
        return int(key)

    def _span(self, span: Any, year: str, index: int) -> Iterable[date]:
        if not isinstance(span, Mapping):
            self._flaw("expected {name, from, to}", year, "holidays", index)
            return ()
        first = self._day(span.get("from"), year, "holidays", index, "from")
        last = self._day(span.get("to"), year, "holidays", index, "to")
        if first is None or last is None:
            return ()
        return (first + each * _DAY for each in range((last - first).days + 1))

    def _day(self, text: Any, year: str, *path: str | int) -> date | None:
        try:
            day = date.fromisoformat(text)
        except (TypeError, ValueError):
            day = None
        if day is None or str(day.year) != year:
            self._flaw(f"expected a date of {year} like {year}-10-01", year, *path)
            return None
        return day

    def _flaw(self, message: str, *path: str | int) -> None:
        self.flaws.append(self.source.flaw(message, *path))


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
