"""What the district's directory holds: counts for everybody, names for officers.

The county's roster beside it names every cleared volunteer: whom a school may invite.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from core.api import CaseView, Change, Context, Delete, Item, Put, Write

CLEARED = "cleared"
COUNTS = "counts"
_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Directory:
    """How many volunteers are cleared in a district, altogether and by specialty."""

    all: int
    specialties: tuple[tuple[str, int], ...]


def shelf(context: Context) -> str:
    """Return the part of the plugin's keys that one district's directory stands in."""
    return f"directory#{context.place.slug}"


def roster(context: Context) -> str:
    """Return the part of the plugin's keys that the county's roster stands in."""
    return f"roster#{context.place.county}"


def counted(context: Context) -> Directory:
    """Return the counts, the most frequent specialty first: one read."""
    [item] = context.get(context.key(shelf(context), COUNTS))
    found: Mapping[str, Any] = item or {}
    pairs = [(key[2:], int(n)) for key, n in found.items() if key.startswith("s_") and n > 0]
    return Directory(int(found.get("all", 0)), tuple(sorted(pairs, key=lambda p: (-p[1], p[0]))))


def cleared_here(context: Context) -> list[CaseView]:
    """Return the district's cleared volunteers, for officers; at most 100."""
    pk = context.key(shelf(context), "")[0]
    page = context.query(pk, prefix="C#", limit=_AT_ONCE)
    return context.cases([item["case"] for item in page.items])


def cleared_in_county(context: Context) -> Iterator[CaseView]:
    """Yield every cleared volunteer of the county, a query and a read for each hundred."""
    cursor = None
    while True:
        pk = context.key(roster(context), "")[0]
        page = context.query(pk, limit=_AT_ONCE, cursor=cursor)
        yield from context.cases([item["case"] for item in page.items], "county")
        cursor = page.cursor
        if cursor is None:
            return


def on_roster(context: Context, volunteer: str) -> Item | None:
    """Return a volunteer's entry in the county's roster; None for one who is not cleared."""
    [entry] = context.get(context.key(roster(context), volunteer))
    return entry


def entered(context: Context, case: CaseView, left: str) -> list[Write]:
    """Return what enters who is cleared, and takes out who no longer is; the counts with it."""
    if (left == CLEARED) == (case.state == CLEARED):
        return []
    enters = case.state == CLEARED
    keys = context.key(shelf(context), f"C#{case.id}"), context.key(roster(context), case.id)
    by = 1 if enters else -1
    counts = {f"s_{each}": by for each in case.answers.get("specialties") or ()}
    counted = Change(context.key(shelf(context), COUNTS), add={"all": by, **counts})
    items = [{"pk": pk, "sk": sk, "case": case.id} for pk, sk in keys]
    return [counted, *(map(Put, items) if enters else map(Delete, keys))]
