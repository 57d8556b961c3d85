"""Days, times of day and moments as definitions and kept answers write them.

A day is `2026-09-01`, a time `20:30`, a moment `2026-09-01T20:30+08:00`: China time, to the minute.
"""

import re
from datetime import date, datetime, time, timedelta, timezone

CHINA = timezone(timedelta(hours=8))
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"[0-9]{2}:[0-9]{2}")
_MOMENT = re.compile(r"([0-9-]{10})[T ]([0-9:]{5})(?:\+08:00)?")


def read_date(text: str) -> date | None:
    """Return the day that exactly `2026-09-01` says, None for any other text."""
    try:
        return date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        return None


def read_time(text: str) -> time | None:
    """Return the time that exactly `20:30` says, None for any other text."""
    try:
        return time.fromisoformat(text) if _TIME.fullmatch(text) else None
    except ValueError:
        return None


def read_moment(text: str) -> datetime | None:
    """Return the moment that `2026-09-01T20:30`, with or without +08:00, says."""
    found = _MOMENT.fullmatch(text)
    day, hour = (read_date(found[1]), read_time(found[2])) if found else (None, None)
    return datetime.combine(day, hour, CHINA) if day and hour else None


def iso_time(value: time) -> str:
    """Return a time as it is kept: 20:30."""
    return value.isoformat("minutes")


def iso_moment(value: datetime) -> str:
    """Return a moment as it is kept: 2026-09-01T20:30+08:00."""
    return value.astimezone(CHINA).isoformat(timespec="minutes")


def date_text(text: str) -> str | None:
    """Return a day's text where it is one."""
    return text if read_date(text) else None


def time_text(text: str) -> str | None:
    """Return a time's text where it is one."""
    return text if read_time(text) else None


def moment_text(text: str) -> str | None:
    """Return a moment's text as kept where it is one."""
    found = read_moment(text)
    return iso_moment(found) if found else None
