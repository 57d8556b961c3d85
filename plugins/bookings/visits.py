"""What a visit asks for, read off its case, and which of its states hold what.

A visit in a state of HOLDING holds places of its slot; in QUEUEING it stands in that slot's queue.
Its classes and escorts are taken from AWAY's states on: an offer alone takes nobody's time.
"""

import datetime as dt
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from core.api import CaseView
from plugins.bookings.openings import minutes
from workflows.engine import chosen

VISIT = "visit"
FREE = frozenset({"", "cancelled", "declined", "venue_closed", "lapsed"})
QUEUEING = frozenset({"queued", "waiting"})
OFFERED, QUEUED = "offered", "queued"
_CELL = 5


@dataclass(frozen=True, slots=True)
class Visit:
    """One school's visit to one slot; `date` is ISO, times are like `09:00`."""

    case: str
    venue: str
    school: str
    date: str
    starts: str
    ends: str
    heads: int
    guides: int
    classes: tuple[str, ...]
    escorts: tuple[str, ...]

    @property
    def load(self) -> Mapping[str, int]:
        """What it takes of a slot: heads, one group, and a guide where one is wanted."""
        return {"heads": self.heads, "groups": 1, "guides": self.guides}

    @property
    def slot(self) -> tuple[str, str, str]:
        """The slot: venue, day, start."""
        return self.venue, self.date, self.starts

    @property
    def span(self) -> tuple[str, str]:
        """From when to when."""
        return self.starts, self.ends

    @property
    def day(self) -> dt.date:
        """The day of the visit."""
        return dt.date.fromisoformat(self.date)

    @property
    def cells(self) -> frozenset[int]:
        """The five-minute cells of its day; its end belongs to the next."""
        first, last = minutes(self.starts), minutes(self.ends)
        return frozenset(range(first // _CELL, -(-last // _CELL)))

    @property
    def entry(self) -> str:
        """How its school's calendar lists it: `09:00-10:30|museum|case`."""
        return f"{self.starts}-{self.ends}|{self.venue}|{self.case}"


def visit_of(case: CaseView) -> Visit:
    """Return what a case asks for."""
    told = case.answers
    starts, _, ends = chosen(told["slot"]).partition("-")
    return Visit(
        case=case.id,
        venue=chosen(told["venue"]),
        school=chosen(told["school"]),
        date=str(told["date"]),
        starts=starts,
        ends=ends,
        heads=int(told["heads"]),
        guides=int(bool(told.get("guide"))),
        classes=tuple(same_name(row["class_name"]) for row in told["classes"]),
        escorts=tuple(same_name(row["escort_name"]) for row in told["escorts"]),
    )


def holds(state: str) -> bool:
    """Tell whether a visit in this state holds places of its slot."""
    return state not in FREE and state not in QUEUEING


def is_away(state: str) -> bool:
    """Tell whether its classes and escorts are taken for its time."""
    return state == QUEUED or (holds(state) and state != OFFERED)


def same_name(written: str) -> str:
    """Return a name as it counts: however wide or spaced it was typed."""
    return "".join(unicodedata.normalize("NFKC", written).split()).casefold()
