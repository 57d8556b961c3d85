"""Spans of days (`5wd`, `10d`) and the instants they end at, in China Standard Time."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone

from forms.calendar import Calendar

CHINA = timezone(timedelta(hours=8))
MAX_DAYS = 3660
_SPAN = re.compile(r"(0|[1-9][0-9]{0,3})(wd|d)")
_LAST_SECOND = time(23, 59, 59)
_MORNING = time(9)


@dataclass(frozen=True, slots=True)
class Span:
    """A number of days; `working` counts only working days of the county's calendar."""

    days: int
    working: bool = False

    def __str__(self) -> str:
        return f"{self.days}{'wd' if self.working else 'd'}"

    @classmethod
    def of(cls, text: object) -> "Span | None":
        """Read `5wd` (working days) or `10d` (calendar days); None where it is neither."""
        match = _SPAN.fullmatch(text) if isinstance(text, str) else None
        if not match or int(match[1]) > MAX_DAYS:
            return None
        return cls(int(match[1]), match[2] == "wd")

    def after(self, day: date, calendar: Calendar) -> date | None:
        """Return the day this span after `day`; None while the calendar leaves it open."""
        return self._from(day, self.days, calendar)

    def before(self, day: date, calendar: Calendar) -> date | None:
        """Return the day this span before `day`; None while the calendar leaves it open."""
        return self._from(day, -self.days, calendar)

    def _from(self, day: date, days: int, calendar: Calendar) -> date | None:
        if self.working:
            return calendar.add_working_days(day, days)
        try:
            return day + timedelta(days=days)
        except OverflowError:
            return None


def local_day(at: datetime) -> date:
    """Return the date in China at this instant (an aware datetime)."""
    return at.astimezone(CHINA).date()


def end_of(day: date) -> datetime:
    """Return the last second of `day` in China, in UTC."""
    return _instant(day, _LAST_SECOND)


def morning_of(day: date) -> datetime:
    """Return nine o'clock of `day` in China, in UTC: when a reminder may arrive."""
    return _instant(day, _MORNING)


def _instant(day: date, clock: time) -> datetime:
    moment = datetime.combine(day, clock)
    try:
        return moment.replace(tzinfo=CHINA).astimezone(UTC)
    except OverflowError:
        return moment.replace(tzinfo=UTC)
