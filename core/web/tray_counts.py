"""How many cases lie on each tray of a desk: counted from its first page, remembered 30 seconds."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from flask import current_app, request

from core.moments import stamp
from core.store import Page
from core.web.trays import Tray, page_of
from core.web.visit import office

MOST = 12
"""How many trays are counted; one query each."""
PAGE = 100
"""How many of a tray's cases are counted; where there are more, the count says so."""
EXTENSION = "kehou-tray-counts"
_CACHE_SECONDS = 30.0
_NEVER = "9999"


@dataclass(frozen=True, slots=True)
class Count:
    """How many cases wait, how many of them are overdue, and whether there are more than `n`."""

    n: int
    late: int
    more: bool

    @property
    def more_late(self) -> bool:
        """Whether there may be more overdue ones than `late`."""
        return self.more and self.late == self.n


@dataclass
class TrayCounts:
    """Counts trays by name: what several officers share is counted once for all of them."""

    _known: dict[str, tuple[float, Count]] = field(default_factory=dict)

    def see(self, tray: Tray, first: Page) -> Count:
        """Count a tray by its first page, which was just read."""
        now = stamp(office().ports.clock.now())
        late = sum(bool(item["due"]) and item["due"] < now for item in first.items)
        count = Count(len(first.items), late, first.cursor is not None)
        self._known[tray.name] = (time.monotonic() + _CACHE_SECONDS, count)
        return count

    def of(self, trays: Sequence[Tray]) -> dict[str, Count]:
        """Return how many lie on each that is counted, by name; a query for each not remembered."""
        return {
            each.name: self._remembered(each) or self.see(each, first_page(each))
            for each in _counted(trays)
        }

    def _remembered(self, tray: Tray) -> Count | None:
        until, count = self._known.get(tray.name, (0.0, None))
        return count if time.monotonic() < until else None


def tray_counts() -> TrayCounts:
    """Return what this process remembers of its trays."""
    kept: TrayCounts = current_app.extensions.setdefault(EXTENSION, TrayCounts())
    return kept


def first_page(tray: Tray) -> Page:
    """Return the first page of a tray."""
    return office().ports.store.query(tray.name, index="desk", limit=PAGE)


def opened(trays: list[Tray], tray: Tray, *, asked: bool) -> tuple[Tray, Page]:
    """Return the tray to show and its page: the one asked for, else the most urgent.

    That is the one whose first case is due first: all are looked at now, a query each.
    """
    if asked or "after" in request.args:
        page = page_of(tray.name, index="desk", limit=PAGE)
        if "after" not in request.args:
            tray_counts().see(tray, page)
        return tray, page
    pages = [(each, first_page(each)) for each in _counted(trays)]
    for each, page in pages:
        tray_counts().see(each, page)
    busy = [(each, page) for each, page in pages if page.items]
    return min(busy, key=lambda each: each[1].items[0]["due"] or _NEVER, default=(tray, Page(())))


def _counted(trays: Sequence[Tray]) -> list[Tray]:
    """Return the first 12 that ever have work."""
    return [each for each in trays if each.gets_work][:MOST]
