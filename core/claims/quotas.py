"""Quotas: how often somebody may have something, such as a school's visits to a venue in a term."""

from collections.abc import Iterator

from core.api import Below, Change, Context, Write

Quota = tuple[tuple[str, str], int]
"""Where it is counted, and how many there may be; 0 for any number, which is not counted."""


def counted(context: Context, old: Quota | None, new: Quota | None) -> Iterator[Write]:
    """Yield what gives `old` back and takes `new`; it fails where that is used up."""
    if old == new:
        return
    if old and old[1]:
        [item] = context.get(old[0])
        if item and item["used"] > 0:
            yield Change(old[0], add={"used": -1})
    if new and new[1]:
        key, limit = new
        yield Change(key, add={"used": 1}, when=(Below("used", limit - 1),))


def is_used_up(context: Context, quota: Quota) -> bool:
    """Tell whether there is nothing left of it."""
    key, limit = quota
    [item] = context.get(key) if limit else [None]
    return item is not None and int(item["used"]) >= limit


def term_of(context: Context, day: str) -> str:
    """Return the term that a day falls in, else its half of the year, so that it counts too."""
    for name, term in context.place.terms.items():
        if term.get("from") and term["from"] <= day <= term["to"]:
            return str(name)
    return f"{day[:4]}-{'1' if day[5:7] < '08' else '2'}"
