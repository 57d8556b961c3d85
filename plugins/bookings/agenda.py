"""What stands in the calendar of a school, its visits, and of a venue, the schools that come."""

from datetime import date

from core.api import CaseView, Context, Engagement
from forms.text import Text
from plugins.bookings.holding import VISITS
from plugins.bookings.venues import VENUE
from plugins.bookings.visits import ASKED, NO_SHOW, visit_of


def agenda(context: Context, first: date, last: date) -> list[Engagement]:
    """Return the visits of a school, or to a venue, from one day to another."""
    at_venue = context.place.kind == VENUE
    shelf, names = ("slots", "holders") if at_venue else ("school", VISITS)
    pk, _ = context.key(shelf, context.place.slug, "")
    found = (name for item in context.dated(pk, first, last) for name in item.get(names, ()))
    ids = sorted(name.rpartition("|")[2] for name in found)
    other = "school" if at_venue else "venue"
    return [_engagement(case, other) for case in context.cases(ids, "county")]


def _engagement(case: CaseView, other: str) -> Engagement:
    """Return a visit as it stands in a calendar, under the name of the `other` side."""
    visit, told = visit_of(case), case.answers
    return Engagement(
        case,
        visit.day,
        *visit.span,
        title=Text(told[other]["label"]),
        where=Text(told["venue"]["label"]),
        note=Text("、".join(row["class_name"] for row in told["classes"])),
        heads=visit.heads,
        stands="missed" if case.state == NO_SHOW else "asked" if case.state in ASKED else "fixed",
    )
