"""What a case keeps of its latest move, so that it can be taken back for ten minutes (ADR 12).

`undo` on the case: `n` the move's event, `name`, `until`, `by` and `for` (who made it), `held`
(whether its messages wait), and `keep`: what the case said before. It is empty where the move
cannot be taken back.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from core.case_items import Case
from core.moments import moment_of, stamp
from core.people import Person
from workflows.case import Moved

WINDOW = timedelta(minutes=10)
_KEPT = ("state", "since", "due", "steps", "marks", "asked", "claims")
_KEPT_TOO = ("desk", "seat", "reach", "votes", "taken", "rung")


def until(now: datetime) -> str:
    """Return the time, as stored, at which a move made now is past taking back."""
    return stamp(now + WINDOW)


def kept(
    case: Case, moved: Moved, who: Mapping[str, str], now: datetime, *, answers: bool
) -> dict[str, Any]:
    """Return what is kept to take a move back, its `answers` too; empty where it cannot be.

    The clock's moves stand. So do moves whose messages go out at once.
    """
    transition = moved.transition
    if who["by"] == "system" or (moved.effects and not transition.undo):
        return {}
    names = (*_KEPT, *_KEPT_TOO, *(["answers"] if answers else []))
    return {
        "n": case.v + 1,
        "name": transition.name,
        "until": until(now),
        "by": who["by"],
        "for": who.get("for", ""),
        "held": transition.undo,
        "keep": {name: case.item[name] for name in names},
    }


def may_take_back(case: Case, person: Person, now: datetime) -> bool:
    """Tell whether this person may take the latest move back now.

    That is: they made it, or stand in for who made it, nobody has acted since, and it is not ten
    minutes yet. A deputy takes back nothing on their own case, nor on the officer's.
    """
    undo = case.item["undo"]
    if not undo or undo["n"] != case.v or now >= moment_of(undo["until"]):
        return False
    makers = {undo["by"], undo["for"]} - {""}
    own = case.item["holder"]
    lent = person.lent if person.holder != own else ()
    return bool(makers & {person.id, *(each.officer for each in lent if each.holder != own)})


def minutes_left(case: Case, now: datetime) -> int:
    """Return how many minutes there are still, begun ones counted, at least one."""
    left = moment_of(case.item["undo"]["until"]) - now
    return max(1, -int(-left.total_seconds() // 60))
