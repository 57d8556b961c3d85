"""The pages of what is booked: who comes to a venue on a day."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from flask import Blueprint, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from core.api import Context
from plugins.bookings.free import held_in
from plugins.bookings.venues import VENUE
from plugins.bookings.views import KEEPERS, day_of, page
from plugins.bookings.visits import visit_of
from workflows.spans import CHINA

bp = Blueprint("booked", __name__)
_EVENING = 17
"""From this hour on, the day to be prepared is tomorrow."""


@bp.get("/day/")
def day(place: str) -> ResponseReturnValue:
    """List who comes to a venue on a day (`?date=2026-12-02`), to be printed and ticked off."""
    context: Context = g.context
    context.require(*KEEPERS)
    if context.place.kind != VENUE:
        return redirect(url_for("bookings.directory", place=place))
    now = context.clock.now().astimezone(CHINA)
    near = now.date() + timedelta(days=now.hour >= _EVENING)
    shown = day_of(request.args.get("date", ""), near) or near
    slots = held_in(context, place, shown.isoformat()).values()
    rows = _rows(context, (each for slot in slots for each in slot.get("holders", ())))
    context.record_look(f"day {shown}", [each["case"] for each in rows])
    around = [shown + timedelta(days=by) for by in (-1, 1)]
    return page("day", day=shown, today=now.date(), around=around, rows=rows)


def _rows(context: Context, ids: Iterable[str]) -> list[dict[str, Any]]:
    """Return visits by time, then school, each with its case, state and the school's name."""
    rows = [
        {
            "visit": visit_of(case),
            "case": case,
            "state": context.state(case),
            "school": context.words("school", case.answers["school"]),
        }
        for case in context.cases(sorted(ids), "county")
    ]
    return sorted(rows, key=lambda each: (each["visit"].date, each["visit"].span, each["school"]))
