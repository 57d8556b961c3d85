"""The pages: the county's directory of venues, and what is free at one of them."""

from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.api import Context, leaf_of
from core.claims.offers import days_of
from core.claims.openings import DAYS
from plugins.bookings.exports import venue_table
from plugins.bookings.free import offered
from plugins.bookings.venues import VENUE, venue, venues
from workflows.spans import local_day

bp = Blueprint("bookings", __name__)
_BOOK = ("school_officer", "teacher")
KEEPERS = ("county_officer", "venue_contact")


@bp.get("/venues/")
@bp.get("/venues.xlsx", endpoint="venues_workbook", defaults={"workbook": True})
def directory(place: str, *, workbook: bool = False) -> ResponseReturnValue:  # noqa: ARG001
    """Show the county's venues, all or of one kind, or send them as a workbook.

    An officer is shown those too that are still to be entered.
    """
    context: Context = g.context
    every, kind = venues(context), request.args.get("kind", "")
    found = [each for each in every if kind in ("", each["kind"])]
    if workbook:
        table = venue_table(context, found)
        sent: ResponseReturnValue = g.workbook([table], table.title)
        return sent
    return page(
        "venues",
        kind=kind,
        kinds=sorted({each["kind"] for each in every}),
        found=found,
        missing=_missing(context, {each["sk"] for each in every}),
        officer=bool(context.person and context.person.roles),
    )


@bp.get("/calendar/")
def calendar(place: str) -> ResponseReturnValue:
    """Show what is free at a venue in a month (`?month=2026-12`) or week (`?week=2026-W49`)."""
    context: Context = g.context
    if context.place.kind != VENUE:
        return redirect(url_for("bookings.directory", place=place))
    entry = venue(context, place)
    if entry is None:
        return page("calendar", entry=None, missing=_missing(context, set()))
    today = local_day(context.clock.now())
    leaf = leaf_of(request.args, today)
    days = days_of(context, offered(entry), leaf.first, leaf.last)
    may = {"keeps": _keeps(context), "books_at": _books_at(context)}
    return page("calendar", entry=entry, today=today, days=days, leaf=leaf, **may)


def page(name: str, **told: Any) -> str:
    """Return one of the plugin's pages at the place in the address."""
    context: Context = g.context
    return render_template(f"bookings/{name}.html", place=context.place, weekdays=DAYS, **told)


def _missing(context: Context, entered: set[str]) -> list[tuple[str, Any]]:
    """Return slug and name of the venues here that an officer, who looks, has still to enter."""
    if not _keeps(context):
        return []
    here: list[Any] = [context.place, *context.place.below]
    venues_here = [each for each in here if each.kind == VENUE]
    return [(each.slug, each.name) for each in venues_here if each.slug not in entered]


def _keeps(context: Context) -> bool:
    """Tell whether the visitor keeps the records of the venues here."""
    return any(map(context.can, KEEPERS))


def _books_at(context: Context) -> str:
    """Return where the visitor books: at their school, or the venue whose telephone they keep."""
    if context.can("venue_contact"):
        return context.place.slug
    seats = context.person.seats if context.person else ()
    return next((each.place for each in seats if each.name in _BOOK), "")
