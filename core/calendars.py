"""A level's own calendar: the years it published, its terms, laid over the national notices.

A year is published whole: its days off, each span with a name, and its make-up workdays. Years
that nobody published are undecided (校历未公布). Terms belong to the level, by their own names.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from core.case_items import timer_item
from core.moments import moment_of
from core.places import Place, Places, Refusal
from core.seats import SECOND_LOOK
from core.store import Put
from forms.calendar import Calendar, national_calendar, national_days, read_calendar
from forms.problems import DefinitionError
from forms.source import Source

LEVELS = ("city", "county")
TIMER = "calendar"
"""The name of the timer that has open cases dated anew, see `core.redating`."""
_FIRST, _LAST = 2000, 2100
_LONGEST_TERM = 250


@dataclass(frozen=True, slots=True)
class Term:
    """A school term; both days are in it."""

    id: str
    name: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Year:
    """One calendar year as it stands at a place.

    `decided_by` is the slug of the level that published it, "cn" for the national notice, "" while
    it is undecided.
    """

    number: int
    decided_by: str
    holidays: tuple[tuple[str, date, date], ...] = ()
    makeups: tuple[date, ...] = ()


def calendar_at(place: Place | None) -> Calendar:
    """Return the working days in force at a place, the national ones without a place."""
    if place is None or not place.calendar:
        return national_calendar()
    return _laid_over(json.dumps(dict(place.calendar), sort_keys=True))


def year_at(place: Place, number: int) -> Year:
    """Return how a year stands at a place."""
    own = place.calendar.get(str(number))
    if own is None:
        own = national_days().get(str(number))
        by = "cn" if own else ""
    else:
        by = str(own["by_level"])
    if not own:
        return Year(number, "")
    spans = tuple(
        (str(each["name"]), date.fromisoformat(each["from"]), date.fromisoformat(each["to"]))
        for each in own.get("holidays") or ()
    )
    return Year(number, by, spans, tuple(map(date.fromisoformat, own.get("makeups") or ())))


def terms_at(place: Place) -> list[Term]:
    """Return the terms in force at a place, the earliest first."""
    terms = [
        Term(name, each["name"], date.fromisoformat(each["from"]), date.fromisoformat(each["to"]))
        for name, each in place.terms.items()
        if each.get("from")
    ]
    return sorted(terms, key=lambda term: term.first)


@dataclass(frozen=True, slots=True)
class Calendars:
    """Lets a level publish years and terms."""

    places: Places

    def publish(self, slug: str, year: Year, by: str, at: str) -> None:
        """Publish a whole year at a city or county; raise Refusal with what does not fit."""
        place = self._level(slug)
        days = {
            "holidays": [
                {"name": name, "from": first.isoformat(), "to": last.isoformat()}
                for name, first, last in year.holidays
            ],
            "makeups": [day.isoformat() for day in year.makeups],
        }
        if not _FIRST <= year.number <= _LAST or not year.holidays:
            raise Refusal("calendar_year")
        try:
            found = read_calendar(Source(slug, {str(year.number): days}))
        except DefinitionError:
            raise Refusal("calendar_days") from None
        if found.makeups & found.holidays or not _spans_run_forward(year):
            raise Refusal("calendar_days")
        told = {**days, "by_level": slug}
        note = {"sk": f"CA#{year.number}#{at}", "by": by, "at": at, **days}
        values = {**place.own_calendar, str(year.number): told}
        now = moment_of(at)
        looks = (now, now + SECOND_LOOK)
        redate = tuple(Put(timer_item(slug, 0, TIMER, each, now)) for each in looks)
        self.places.change(place, {"own_calendar": values}, note, redate)

    def set_term(self, slug: str, term: Term, by: str, at: str) -> None:
        """Enter or change a term; raise Refusal."""
        place = self._level(slug)
        days = (term.last - term.first).days
        if not term.name.strip() or not 0 < days <= _LONGEST_TERM:
            raise Refusal("term_days")
        if any(_overlap(term, each) for each in terms_at(place) if each.id != term.id):
            raise Refusal("term_overlaps")
        told = {"name": term.name.strip(), "from": term.first.isoformat()}
        told["to"] = term.last.isoformat()
        note = {"sk": f"TERM#{term.id}#{at}", "by": by, "at": at, **told}
        self.places.change(place, {"own_terms": {**place.own_terms, term.id: told}}, note)

    def drop_term(self, slug: str, term_id: str, by: str, at: str) -> None:
        """Take a term that this level entered back; raise Refusal where it did not."""
        place = self._level(slug)
        if term_id not in place.own_terms:
            raise Refusal("term_not_here")
        rest: Mapping[str, Any] = {
            name: each for name, each in place.own_terms.items() if name != term_id
        }
        note = {"sk": f"TERM#{term_id}#{at}", "by": by, "at": at}
        self.places.change(place, {"own_terms": rest}, note)

    def _level(self, slug: str) -> Place:
        place = self.places.fresh(slug)
        if place.kind not in LEVELS:
            raise Refusal("level_not_here")
        return place


def _spans_run_forward(year: Year) -> bool:
    return all(first <= last for _, first, last in year.holidays)


def _overlap(one: Term, other: Term) -> bool:
    return one.first <= other.last and other.first <= one.last


@lru_cache(maxsize=32)
def _laid_over(years: str) -> Calendar:
    data = {
        year: {"holidays": each["holidays"], "makeups": each["makeups"]}
        for year, each in json.loads(years).items()
    }
    return national_calendar().with_years(read_calendar(Source("calendar", data)))
