"""What is held of a venue's slots: an item for each that somebody holds, made when first held."""

from collections.abc import Mapping
from datetime import date

from core.api import Context, Item

_AT_ONCE = 400


def taken(context: Context, venue: str, month: str) -> Mapping[tuple[date, str], Item]:
    """Return what is held of a venue in a month such as `2026-12`, by day and start: one query.

    Each item counts `heads`, `groups` and `guides` held, its `holders`, and `closed` (1) where the
    venue has closed that slot; a number that is missing is 0.
    """
    found: dict[tuple[date, str], Item] = {}
    cursor = None
    while True:
        pk = context.key("slots", venue, "")[0]
        page = context.query(pk, prefix=month, limit=_AT_ONCE, cursor=cursor)
        for item in page.items:
            day, _, starts = item["sk"].partition("#")
            found[date.fromisoformat(day), starts] = item
        cursor = page.cursor
        if cursor is None:
            return found
