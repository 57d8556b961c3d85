"""What the district's directory holds: counts for everybody, names for officers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.api import CaseView, Context

CLEARED = "cleared"
COUNTS = "counts"
_AT_MOST = 100


@dataclass(frozen=True, slots=True)
class Directory:
    """How many volunteers are cleared in a district, altogether and by specialty."""

    all: int
    specialties: tuple[tuple[str, int], ...]


def shelf(context: Context) -> str:
    """Return the part of the plugin's keys that one district's directory stands in."""
    return f"directory#{context.place.slug}"


def counted(context: Context) -> Directory:
    """Return the counts, the most frequent specialty first: one read."""
    [item] = context.get(context.key(shelf(context), COUNTS))
    found: Mapping[str, Any] = item or {}
    pairs = [(key[2:], int(n)) for key, n in found.items() if key.startswith("s_") and n > 0]
    return Directory(int(found.get("all", 0)), tuple(sorted(pairs, key=lambda p: (-p[1], p[0]))))


def cleared(context: Context) -> list[CaseView]:
    """Return the cleared volunteers' cases, for officers; at most 100."""
    pk = context.key(shelf(context), "")[0]
    page = context.query(pk, prefix="C#", limit=_AT_MOST)
    return context.cases([item["case"] for item in page.items])
