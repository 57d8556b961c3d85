"""What a visit asks for, read off its case, and which of its states hold what.

Its classes and escorts are taken while it holds places, and while it stands in the queue of a rush:
waiting, or an offer alone, takes nobody's time.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from core.api import CaseView
from core.claims.capacity import Standing
from core.claims.slots import Hold, Slot
from core.claims.times import cells, same_name
from workflows.engine import chosen

VISIT, HOSTING = "visit", "hosting"
FREE = frozenset(
    {"", "series", "spread", "unspread", "cancelled", "declined", "venue_closed", "lapsed"}
)
"""The states in which a visit holds nothing."""
QUEUED, NO_SHOW = "queued", "no_show"
ASKED = frozenset({QUEUED, "waiting", "approving", "promised", "requested", "countered", "offered"})
"""The states in which somebody has still to agree to what it holds."""
_STANDINGS: Mapping[str, Standing] = {QUEUED: "queued", "waiting": "waiting", "offered": "offered"}


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
    def slot(self) -> Slot:
        """The name of its slot: venue, and day with start."""
        return self.venue, f"{self.date}#{self.starts}"

    @property
    def load(self) -> Mapping[str, int]:
        """What it takes of a slot: heads, one group, and a guide where one is wanted."""
        return {"heads": self.heads, "groups": 1, "guides": self.guides}

    def hold(self, at: str) -> Hold:
        """Return what it wants of its slot, accepted `at` a time."""
        return Hold(self.case, self.slot, self.load, at, {"ends": self.ends})

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
        """The five-minute cells of its day."""
        return cells(self.starts, self.ends)

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


def standing(state: str) -> Standing:
    """Return how a visit in this state stands to its slot."""
    if state in FREE:
        return "out"
    return _STANDINGS.get(state, "holding")


def is_away(state: str) -> bool:
    """Tell whether its classes and escorts are taken for its time."""
    return standing(state) in ("queued", "holding")
