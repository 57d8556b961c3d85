"""Times as they are stored (UTC) and as people read them (+08:00)."""

from datetime import UTC, date, datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8))
_WEEKDAYS = "一二三四五六日"


def stamp(moment: datetime) -> str:
    """Return the stored form, which sorts as text: 2026-11-23T05:38:43.120Z."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def moment_of(text: str) -> datetime:
    """Undo `stamp`."""
    return datetime.fromisoformat(text)


def local_date(moment: datetime) -> date:
    """Return the day it is in China."""
    return moment.astimezone(CHINA).date()


def spoken_day(moment: datetime | date, language: str = "zh") -> str:
    """Return 9月11日（周五）, or Fri 11 Sep in English."""
    day = local_date(moment) if isinstance(moment, datetime) else moment
    if language == "en":
        return f"{day:%a} {day.day} {day:%b %Y}"
    return f"{day.month}月{day.day}日（周{_WEEKDAYS[day.weekday()]}）"


def spoken_time(moment: datetime, language: str = "zh") -> str:
    """Return 9月3日 10:24."""
    local = moment.astimezone(CHINA)
    if language == "en":
        return f"{local.day} {local:%b %H:%M}"
    return f"{local.month}月{local.day}日 {local:%H:%M}"
