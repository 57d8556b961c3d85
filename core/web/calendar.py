"""The county's calendar: days off, make-up workdays, terms; an undecided year is said so."""

import calendar as months_of
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.calendars import LEVELS, Term, Year, calendar_at, terms_at, year_at
from core.moments import local_date, stamp
from core.places import Place, Refusal
from core.web.access import anyone, manager
from core.web.language import translate
from core.web.public_pages import kept_for_all
from core.web.refused import refusal_words
from core.web.visit import office, visit
from core.web.words import words
from forms.calendar import Calendar
from forms.problems import Problem

bp = Blueprint("calendar", __name__)
_FESTIVALS = ("元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节")
_ROWS, _MAKEUPS = 10, 12
_FIRST, _LAST = 2000, 2100
_UNFIT, _JULY, _WEEKEND = 422, 7, 5


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a month's sheet: `mark` is off, makeup, rest or "" for a plain workday."""

    number: int
    mark: str
    is_today: bool
    in_term: bool


@bp.get("/<place>/calendar/")
@anyone
@kept_for_all
def show(place: str) -> str:  # noqa: ARG001 — the visit has read it
    """Show a year at a place: this one, or `?year=`."""
    here, today = visit().place, _today()
    number = request.args.get("year", today.year, int)
    if not _FIRST <= number <= _LAST:
        abort(404)
    year, own = year_at(here, number), calendar_at(here)
    names = {slug: words(name) for slug, _, name in here.line}
    return render_template(
        "calendar.html",
        place=here,
        year=year,
        decided_by=names.get(year.decided_by, ""),
        terms=terms_at(here),
        months=[_month(own, terms_at(here), number, month, today) for month in range(1, 13)],
        can_publish=here.kind in LEVELS,
    )


@bp.route("/<place>/calendar/<int:number>/", methods=["GET", "POST"])
@manager
def publish(place: str, number: int) -> ResponseReturnValue:
    """Publish a whole year; what was typed stays where it cannot be."""
    here = _level()
    if not _FIRST <= number <= _LAST:
        abort(404)
    problems: list[Problem] = []
    rows, makeups = _rows_of(year_at(here, number))
    if request.method == "POST":
        rows, makeups = _rows_sent()
        problems = _row_problems(number, rows)
    if request.method == "POST" and not problems:
        try:
            office().calendars.publish(place, _year_of(number, rows, makeups), *_by())
        except Refusal as refused:
            problems = [Problem(str(refused), refusal_words(refused), "days")]
        else:
            ticks = office().ticks
            office().ports.background.soon(ticks.tick)
            return redirect(url_for("calendar.show", place=place, year=number))
    page = render_template(
        "calendar_year.html",
        place=here,
        number=number,
        rows=rows,
        makeups=makeups,
        problems=problems,
        history=office().places.history(here.slug, str(number), kind="CA"),
    )
    return page, (_UNFIT if problems else 200)


@bp.route("/<place>/calendar/terms/", methods=["GET", "POST"])
@manager
def terms(place: str) -> ResponseReturnValue:
    """Enter a term, change one, or take one back."""
    here, problems = _level(), list[Problem]()
    if request.method == "POST":
        try:
            if request.form.get("drop"):
                office().calendars.drop_term(place, request.form["drop"], *_by())
            else:
                office().calendars.set_term(place, _term_sent(), *_by())
        except Refusal as refused:
            problems = [Problem(str(refused), refusal_words(refused), "name")]
        else:
            return redirect(url_for("calendar.terms", place=place))
    page = render_template("terms.html", place=here, terms=terms_at(here), problems=problems)
    return page, (_UNFIT if problems else 200)


def _level() -> Place:
    here = visit().place
    if here.kind not in LEVELS:
        abort(404)
    return here


def _by() -> tuple[str, str]:
    person = visit().person
    return person.name if person else "", stamp(office().ports.clock.now())


def _rows_of(year: Year) -> tuple[list[tuple[str, str, str]], list[str]]:
    """Return the year's rows for the page, with empty ones to add to."""
    rows = [(name, first.isoformat(), last.isoformat()) for name, first, last in year.holidays] or [
        (name, "", "") for name in _FESTIVALS
    ]
    makeups = [day.isoformat() for day in year.makeups]
    return rows + [("", "", "")] * (_ROWS - len(rows)), makeups + [""] * (_MAKEUPS - len(makeups))


def _row_problems(number: int, rows: list[tuple[str, str, str]]) -> list[Problem]:
    """Return what is wrong with each row of days off, by its name."""
    problems = []
    for at, (name, first, last) in enumerate(rows, 1):
        called = name or translate("第 %d 行") % at
        if name and not (first or last):
            words = translate("%s还没有填日期。这一年不单独放假的，请把名称删掉") % called
        elif (first or last) and not name:
            words = translate("%s有日期，还没有填名称") % called
        elif last and first > last:
            words = translate("%s的开始晚于结束") % called
        elif any(each and not each.startswith(f"{number}-") for each in (first, last)):
            words = translate("%s的日期不在这一年里") % called
        else:
            continue
        problems.append(Problem("row", words, "days"))
    return problems


def _rows_sent() -> tuple[list[tuple[str, str, str]], list[str]]:
    sent = (request.form.getlist(name) for name in ("name", "from", "to"))
    rows = [(name.strip()[:20], first, last) for name, first, last in zip(*sent, strict=False)]
    return rows[:40], request.form.getlist("makeup")[:40]


def _year_of(number: int, rows: list[tuple[str, str, str]], makeups: list[str]) -> Year:
    """Return what was sent as a year. Raises Refusal."""
    try:
        spans = tuple(
            (name, date.fromisoformat(first), date.fromisoformat(last or first))
            for name, first, last in rows
            if first or last
        )
        return Year(number, "", spans, tuple(date.fromisoformat(day) for day in makeups if day))
    except ValueError:
        raise Refusal("calendar_days") from None


def _term_sent() -> Term:
    """Return the term that was sent; raise Refusal."""
    try:
        first, last = (date.fromisoformat(request.form.get(each, "")) for each in ("from", "to"))
    except ValueError:
        raise Refusal("term_days") from None
    known = request.form.get("id", "")
    season = "autumn" if first.month >= _JULY else "spring"
    return Term(known or f"{first.year}-{season}", request.form.get("name", "")[:40], first, last)


def _month(
    own: Calendar, terms: list[Term], year: int, month: int, today: date
) -> tuple[int, list[list[Day | None]]]:
    """Return a month's number and its weeks, from Monday; None where a day is another month's."""
    return month, [
        [_day(own, terms, day, today) if day.month == month else None for day in week]
        for week in months_of.Calendar().monthdatescalendar(year, month)
    ]


def _day(own: Calendar, terms: list[Term], day: date, today: date) -> Day:
    mark = ""
    if day in own.makeups:
        mark = "makeup"
    elif day in own.holidays:
        mark = "off"
    elif day.weekday() >= _WEEKEND:
        mark = "rest"
    in_term = any(term.first <= day <= term.last for term in terms)
    return Day(day.day, mark, day == today, in_term)


def _today() -> date:
    return local_date(office().ports.clock.now())
