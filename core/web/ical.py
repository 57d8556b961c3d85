"""An agenda as a calendar program reads it: iCalendar (RFC 5545)."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, time, timedelta

from core.api import Engagement
from core.moments import CHINA, moment_of
from core.web.language import words

_EVERY = timedelta(hours=1)
"""How often a program is asked to look again."""
_STATUS = {"asked": "TENTATIVE", "fixed": "CONFIRMED", "missed": "CANCELLED"}


def ical(
    name: str,
    engagements: Iterable[Engagement],
    uid: Callable[[str], str],
    about: Callable[[Engagement], str],
) -> bytes:
    """Return a calendar of this name. Times are in UTC, which every program shows as its own.

    `uid` makes of a case's id what its event is always known by; `about` says how it stands. An
    event that nobody went to is cancelled; what is no longer told vanishes.
    """
    from icalendar import Calendar, Event  # noqa: PLC0415 — only a feed needs it

    calendar = Calendar()
    calendar.add("prodid", "-//Kehou//Agenda//ZH")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", _EVERY, parameters={"value": "DURATION"})
    for each in engagements:
        event = Event()
        event.add("uid", uid(each.case.id))
        event.add("dtstamp", moment_of(each.case.at))
        event.add("dtstart", _at(each, each.starts))
        event.add("dtend", _at(each, each.ends))
        event.add("summary", words(each.title))
        event.add("location", words(each.where))
        event.add("description", about(each))
        event.add("status", _STATUS[each.stands])
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _at(engagement: Engagement, clock: str) -> datetime:
    moment = datetime.combine(engagement.day, time.fromisoformat(clock), CHINA)
    return moment.astimezone(UTC)
