"""Leafing through a calendar by month or by week, from what an address says.

An address names a month (`month=2026-12`) or a week (`week=2026-W49`, ISO 8601); what is no such
thing, or years away, is this month.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

_YEARS = 5
"""How many years from today a calendar can be leafed through."""
_DAY = timedelta(days=1)
_SAID = {"month": "%Y-%m", "week": "%G-W%V"}


@dataclass(frozen=True, slots=True)
class Leaf:
    """A month, or a week from Monday, of a calendar: all days from `first` to `last`."""

    by: Literal["month", "week"]
    first: date
    last: date
    today: date

    @property
    def before(self) -> str:
        """The month or week before, as an address names it."""
        return f"{self.first - _DAY:{_SAID[self.by]}}"

    @property
    def after(self) -> str:
        """The month or week after, as an address names it."""
        return f"{self.last + _DAY:{_SAID[self.by]}}"

    @property
    def month(self) -> str:
        """The month in which it begins."""
        return f"{self.first:%Y-%m}"

    @property
    def week(self) -> str:
        """The week of today, where that is in it, else the one in which it begins."""
        near = self.today if self.first <= self.today <= self.last else self.first
        return f"{near:%G-W%V}"


def leaf_of(asked: Mapping[str, str], today: date) -> Leaf:
    """Return the month or week that an address asks for; this month where it asks for none."""
    monday = day_of(f"{asked.get('week', '')}-1", today)
    if monday:
        return Leaf("week", monday, monday + 6 * _DAY, today)
    first = day_of(f"{asked.get('month', '')}-01", today) or today.replace(day=1)
    return Leaf("month", first, (first + 31 * _DAY).replace(day=1) - _DAY, today)


def day_of(text: str, today: date) -> date | None:
    """Return the day that an address names; None for what is none, or years away."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if abs(day.year - today.year) <= _YEARS else None


def months(first: date, last: date) -> list[str]:
    """Return the months that a span of days touches, as `2026-12`."""
    count = (last.year - first.year) * 12 + last.month - first.month
    at = (first.year * 12 + first.month - 1 + n for n in range(count + 1))
    return [f"{each // 12:04}-{each % 12 + 1:02}" for each in at]
