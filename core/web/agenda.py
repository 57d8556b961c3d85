"""A place's own calendar of a service, as its plugin tells it, and as a feed for calendars.

Officers of the place leaf through it by month. A calendar program reads it at a secret address,
which they make and end; whoever has that reads it without signing in, so nothing personal is in it.
"""

from collections.abc import Callable, Iterable
from datetime import date, timedelta

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from core.api import Context, Engagement, leaf_of
from core.feeds import MOST, NOTES, TooMany
from core.limits import TooOften
from core.manifest import MenuItem
from core.moments import local_date
from core.people import MANAGERS, Person
from core.plugins import Plugin
from core.web.access import anyone, manages, signed_in
from core.web.ical import ical
from core.web.language import translate, words
from core.web.visit import office, service_here, visit
from forms.problems import Problem
from workflows.definition import SUBMIT

bp = Blueprint("agenda", __name__)
_BACK, _AHEAD = timedelta(days=30), timedelta(days=120)
"""How far a feed reaches."""


@bp.get("/<place>/<plugin>/agenda/")
@signed_in
def show(place: str, plugin: str) -> str:  # noqa: ARG001 — the visit has read the place
    """Show a month (`?month=2026-12`): what stands in it by day, missed things as well."""
    service, entry = _let_in(plugin)
    leaf = leaf_of({"month": request.args.get("month", "")}, _today())
    context, found = _told(service, visit().person, leaf.first, leaf.last)
    return render_template(
        "agenda.html",
        place=visit().place,
        service=service,
        entry=entry,
        leaf=leaf,
        told=found,
        states={each.case.id: context.state(each.case) for each in found or ()},
        linked=_linked(service, context),
    )


@bp.get("/<place>/<plugin>/agenda/addresses/")
@signed_in
def addresses(place: str, plugin: str) -> str:  # noqa: ARG001
    """Show which secret addresses hold, who made and ended some when, and how to use one."""
    return _addresses(*_let_in(plugin))


@bp.post("/<place>/<plugin>/agenda/addresses/")
@signed_in
def make(place: str, plugin: str) -> ResponseReturnValue:
    """Make a secret address and show it, this once."""
    service, entry = _let_in(plugin)
    person = visit().person or abort(403)
    try:
        secret = office().feeds.make(visit().place, plugin, person)
    except TooMany:
        told = translate("同时有效的地址最多 %d 个，请先停用不再用的") % MOST
        return _addresses(service, entry, problems=[Problem("too_many", told)]), 422
    where = {"place": place, "plugin": plugin, "secret": secret}
    return _addresses(service, entry, made=url_for("agenda.feed", **where, _external=True))


@bp.post("/<place>/<plugin>/agenda/addresses/end")
@signed_in
def end(place: str, plugin: str) -> ResponseReturnValue:
    """End a secret address; one that holds no more needs no ending."""
    _let_in(plugin)
    person = visit().person or abort(403)
    office().feeds.end(visit().place, plugin, request.form.get("name", ""), person)
    return redirect(url_for("agenda.addresses", place=place, plugin=plugin))


@bp.get("/<place>/<plugin>/agenda/<secret>.ics")
@anyone
def feed(place: str, plugin: str, secret: str) -> ResponseReturnValue:  # noqa: ARG001
    """Give a calendar program, by its secret, what stands from 30 days ago to 120 ahead.

    A wrong secret is 404, and after so many of an address in an hour 429. Where the agenda cannot
    be told it is 503, so that the program keeps what it has.
    """
    service = service_here(plugin)
    here, entry = visit().place, service.manifest.agenda_at(visit().place.kind)
    if entry is None or not office().feeds.holds(here, plugin, secret):
        _count_wrong()
        abort(404)
    today = _today()
    context, found = _told(service, None, today - _BACK, today + _AHEAD)
    if found is None:
        abort(503)

    def uid(case: str) -> str:
        return office().vault.fingerprint(here.county, f"event|{case}")

    text = ical(f"{words(here.name)} · {words(entry.label)}", found, uid, _saying(context))
    answer = Response(text, content_type="text/calendar; charset=utf-8")
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.add_etag()
    return answer.make_conditional(request)


def _let_in(plugin: str) -> tuple[Plugin, MenuItem]:
    """Return a service and what its menu says of the agenda here; 404 for none, 403 for others'."""
    service, here, person = service_here(plugin), visit().place, visit().person
    entry = service.manifest.agenda_at(here.kind)
    if entry is None:
        abort(404)
    if not (manages(here) or (person and person.roles_over(here.path) & entry.roles)):
        abort(403)
    return service, entry


def _told(
    service: Plugin, person: Person | None, first: date, last: date
) -> tuple[Context, list[Engagement] | None]:
    """Return what stands here from one day to another; None where it cannot be told."""
    context = office().contexts.of(service.id, visit().place, person)
    told = office().catalogue.agenda(service.id, context=context, first=first, last=last)
    return context, told


def _linked(service: Plugin, context: Context) -> Callable[[Engagement], bool]:
    """Return what tells whether the visitor is led to a case: who works on such, or its applicant.

    Who can do no more than begin one is led to their own.
    """
    moves = (move for flow in service.workflows.values() for move in flow.transitions)
    at_work = {role for move in moves if move.name != SUBMIT for role in move.by} | MANAGERS
    if any(map(context.can, at_work)):
        return lambda _: True
    own = {each.id for each in context.mine()}
    return lambda each: each.case.id in own


def _saying(context: Context) -> Callable[[Engagement], str]:
    """Return what says how many come, who, and how it stands."""

    def about(each: Engagement) -> str:
        heads = translate("%(n)s 名学生") % {"n": each.heads} if each.heads else ""
        said = (heads, words(each.note), words(context.state(each.case).label))
        return " · ".join(filter(None, said))

    return about


def _addresses(
    service: Plugin, entry: MenuItem, *, made: str = "", problems: Iterable[Problem] = ()
) -> str:
    here = visit().place
    return render_template(
        "agenda_addresses.html",
        place=here,
        service=service,
        entry=entry,
        made=made,
        standing=office().feeds.standing(here, service.id),
        history=office().places.history(here.slug, service.id, kind=NOTES),
        problems=problems,
    )


def _count_wrong() -> None:
    limit, now = current_app.config["LOOKUPS_AN_HOUR"], office().ports.clock.now()
    try:
        office().limits.count("feed", request.remote_addr or "", limit, now)
    except TooOften:
        abort(429)


def _today() -> date:
    return local_date(office().ports.clock.now())
