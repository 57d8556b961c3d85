"""The pages of what is booked: a venue's day, and what a change touches."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from flask import Blueprint, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from core.api import Context, Item, day_of
from core.claims.offers import held_in
from core.claims.touched import touched
from forms.text import Text
from plugins.bookings.exports import day_table
from plugins.bookings.free import offered_at
from plugins.bookings.venues import VENUE, venue
from plugins.bookings.views import KEEPERS, page
from plugins.bookings.visits import visit_of
from workflows.spans import CHINA

bp = Blueprint("booked", __name__)
_EVENING = 17
"""From this hour on, the day to be prepared is tomorrow."""


@bp.get("/day/")
@bp.get("/day.xlsx", endpoint="day_workbook", defaults={"workbook": True})
def day(place: str, *, workbook: bool = False) -> ResponseReturnValue:
    """List who comes to a venue on a day (`?date=2026-12-02`), to be ticked off, or as a workbook.

    Either is a look at names and telephones that is recorded.
    """
    context: Context = g.context
    context.require(*KEEPERS)
    if context.place.kind != VENUE:
        return redirect(url_for("bookings.directory", place=place))
    now = context.clock.now().astimezone(CHINA)
    near = now.date() + timedelta(days=now.hour >= _EVENING)
    shown = day_of(request.args.get("date", ""), near) or near
    held, name = held_in(context, place, shown.isoformat()).values(), context.place.name
    rows = _rows(context, (one for each in held for one in each.get("holders", ())))
    shut = {each["closing"]: None for each in held if each.get("closed") and "closing" in each}
    context.record_look(f"day{'.xlsx' * workbook} {shown}", [each["case"] for each in rows])
    if workbook:
        title = Text(f"{name.zh} {shown} 谁来参观", f"{name.get('en')} visitors {shown}")
        sent: ResponseReturnValue = g.workbook([day_table(context, rows, title)], title)
        return sent
    around, more = [shown + timedelta(days=by) for by in (-1, 1)], len(_touched(context))
    told = {"day": shown, "today": now.date(), "around": around, "touched": more}
    return page("day", rows=rows, closings=[*shut], **told)


@bp.get("/touched/")
def changed(place: str) -> ResponseReturnValue:  # noqa: ARG001 — the context knows it
    """List the visits booked at times that the venue's record no longer offers, or too many."""
    context: Context = g.context
    context.require(*KEEPERS)
    found = _touched(context)
    reasons = {each["sk"]: reason for each, reason in found}
    rows = _rows(context, (one for each, _ in found for one in each["holders"]))
    return page("touched", rows=rows, reasons=reasons, entry=venue(context, context.place.slug))


def _touched(context: Context) -> list[tuple[Item, str]]:
    place = context.place.slug
    return touched(context, place, lambda: offered_at(context, place))


def _rows(context: Context, ids: Iterable[str]) -> list[dict[str, Any]]:
    """Return visits by time, then school, each with its case, state and who comes."""
    rows = [
        {
            "visit": visit_of(case),
            "case": case,
            "state": context.state(case),
            "school": case.answers["school"]["label"],
        }
        for case in context.cases(sorted(ids), "county")
    ]
    return sorted(rows, key=lambda each: (each["visit"].date, each["visit"].span, each["school"]))
