"""How far the venues are used: by venue, or of one venue by month; by weekday and time of day."""

from datetime import date

from core.api import Context, Table
from core.claims.usage import uses_of
from core.claims.usage_tables import use_by_hour, use_by_month, use_by_weekday, use_by_whose
from forms.text import Text
from plugins.bookings.free import offered
from plugins.bookings.venues import VENUE, venues


def figures(context: Context, first: date, last: date) -> list[Table]:
    """Return how far the venues at and beneath a place are used; [] where there are none."""
    place = context.place
    here = {place.slug, *(each.slug for each in place.below)}
    whole = place.slug == place.county
    known = [each for each in venues(context) if whole or each["sk"] in here]
    uses = [use for each in known for use in uses_of(context, offered(each), first, last)]
    if not known:
        return []
    if place.kind == VENUE:
        by_what = use_by_month(uses, first, last)
    else:
        names = {each["sk"]: Text.of(each["name"]) for each in known}
        title, head = Text("各场馆的使用", "Use by venue"), Text("场馆", "Venue")
        by_what = use_by_whose(uses, names, title, head)
    return [by_what, use_by_weekday(uses), use_by_hour(uses)]
