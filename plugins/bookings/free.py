"""What venues offer, as the core counts what is left of it."""

from core.api import Context, Item
from core.claims.offers import Offered
from plugins.bookings.holding import LEAST, limits
from plugins.bookings.venues import venue


def offered(entry: Item) -> Offered:
    """Return what a venue offers."""
    return Offered(entry["sk"], entry, limits(entry), LEAST)


def offered_at(context: Context, slug: str) -> Offered | None:
    """Return what a venue offers; None where it is not open."""
    entry = venue(context, slug)
    return offered(entry) if entry else None
