"""The pages: the district's directory, a school's sessions, a volunteer's hours, certificates."""

import unicodedata
from datetime import date
from typing import Any

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.api import CaseView, Context, TooOften, is_number
from plugins.volunteers.certificates import certificate, issue
from plugins.volunteers.directory import cleared_here, counted
from plugins.volunteers.sessions import HELD, of_school, of_volunteer
from workflows.spans import local_day

bp = Blueprint("volunteers", __name__)
_TRIES_AN_HOUR = 30


@bp.get("/directory/")
def directory(place: str) -> str:  # noqa: ARG001 — the context knows it
    """Show who teaches what in this district."""
    context: Context = g.context
    officer = _is_officer(context)
    people = cleared_here(context) if officer else []
    return _page("directory", found=counted(context), people=people, officer=officer)


@bp.get("/sessions/")
def sessions(place: str) -> ResponseReturnValue:  # noqa: ARG001
    """Show a school's officer the sessions ahead, and those whose hours are to be confirmed."""
    context: Context = g.context
    if context.person is None:
        return _to_sign_in()
    if not context.can("school_officer"):
        abort(403)
    found = of_school(context)
    people = _named(context, [each["volunteer"] for each in found])
    return _page("sessions", sessions=found, people=people)


@bp.get("/hours/")
def hours(place: str) -> ResponseReturnValue:  # noqa: ARG001
    """Show a volunteer their sessions and hours; an officer those of `?volunteer=`."""
    context: Context = g.context
    if context.person is None:
        return _to_sign_in()
    own = _volunteers(context, request.args.get("volunteer", ""))
    told = [(each, of_volunteer(context, each.id)) for each in own]
    today = local_day(context.clock.now())
    span = {"first": date(today.year, 1, 1).isoformat(), "last": today.isoformat()}
    return _page("hours", told=told, held=HELD, today=today.isoformat(), **span)


@bp.post("/hours/")
def certify(place: str) -> ResponseReturnValue:
    """Issue a certificate of a period and go to it."""
    context: Context = g.context
    if context.person is None:
        return _to_sign_in()
    [volunteer, *_] = _volunteers(context, request.form.get("volunteer", "")) or abort(403)
    try:
        first, last = (date.fromisoformat(request.form.get(n, "")) for n in ("first", "last"))
    except ValueError:
        return _nothing(place, volunteer.id)
    number = issue(context, volunteer.id, first.isoformat(), last.isoformat())
    if not number:
        return _nothing(place, volunteer.id)
    return redirect(url_for("volunteers.printed", place=place, number=number))


@bp.get("/certificate/<number>/")
def printed(place: str, number: str) -> ResponseReturnValue:  # noqa: ARG001
    """Show a certificate to be printed, to its volunteer and to officers."""
    context: Context = g.context
    if context.person is None:
        return _to_sign_in()
    found = certificate(context, number)
    if found is None or not _volunteers(context, found.volunteer.id):
        abort(404)
    return _page("certificate", found=found)


@bp.get("/certificate/")
def ask(place: str) -> str:  # noqa: ARG001
    """Ask for the number of a certificate."""
    return _page("verify", number="", found=None, refused="")


@bp.post("/certificate/")
def verify(place: str) -> ResponseReturnValue:  # noqa: ARG001
    """Tell anybody whether a number is a certificate's: hours and period, of whom the surname."""
    context: Context = g.context
    typed = unicodedata.normalize("NFKC", request.form.get("number", "")[:60])
    number = "".join(filter(str.isdigit, typed))
    if not is_number(number):
        return _page("verify", number=number, found=None, refused="mistyped"), 422
    try:
        context.count("certificate", request.remote_addr or "", _TRIES_AN_HOUR)
    except TooOften:
        return _page("verify", number=number, found=None, refused="too_often"), 429
    found = certificate(context, number)
    refused = "" if found else "unknown"
    return _page("verify", number=number, found=found, refused=refused), 200 if found else 404


def _page(name: str, **told: Any) -> str:
    context: Context = g.context
    return render_template(
        f"volunteers/{name}.html",
        place=context.place,
        context=context,
        county=next(name for _, kind, name in context.place.line if kind == "county"),
        **told,
    )


def _is_officer(context: Context) -> bool:
    return context.can("county_officer") or context.can("school_officer")


def _volunteers(context: Context, wanted: str) -> list[CaseView]:
    """Return the visitor's own registrations, or for an officer the one that is wanted."""
    own = [each for each in context.mine() if not each.about and wanted in ("", each.id)]
    if own or not wanted or not _is_officer(context):
        return own
    return [each for each in context.cases([wanted], "county") if not each.about]


def _named(context: Context, ids: list[str]) -> dict[str, CaseView]:
    """Return the volunteers of these ids; at most 100 of them."""
    wanted = list(dict.fromkeys(ids))[:100]
    return {each.id: each for each in context.cases(wanted, "county")}


def _nothing(place: str, volunteer: str) -> ResponseReturnValue:
    return redirect(url_for("volunteers.hours", place=place, volunteer=volunteer, nothing=1))


def _to_sign_in() -> ResponseReturnValue:
    return redirect(url_for("sign_in.ask", next=request.full_path.rstrip("?")))
