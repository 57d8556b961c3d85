"""Works out open cases' dates anew when a level publishes a calendar (DESIGN §5).

Due dates in an undecided year stood open, and a changed year moves those that lie in it. The
commit that publishes leaves a timer; ringing it dates every open case at the place and below, one
commit each, and may be cut short and repeated: a case already dated is passed over. It is done
again when no reader remembers the old calendar and no index is behind.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from core.case_items import Case, case_key, timer_item
from core.cases import Cases
from core.moments import stamp
from core.offers import Offers
from core.places import Places, UnknownPlace
from core.publishing import Publishing
from core.store import Check, Conflict, Delete, Item, Key, Put, Version, Write
from forms.surroundings import Surroundings
from workflows.case import Timer
from workflows.schedule import schedule

log = logging.getLogger(__name__)
EVENT = "calendar"
_TRIES = 3


@dataclass(frozen=True, slots=True)
class Redating:
    """Dates the open cases of a place anew."""

    cases: Cases
    places: Places
    offers: Offers
    publishing: Publishing
    around: Callable[[str], Surroundings]

    def ring(self, slug: str, timer: Key) -> bool:
        """Date every open case at a place and below, then forget the timer."""
        try:
            top = self.places.fresh(slug)
        except UnknownPlace:
            top = None
        dated = 0
        if top is not None:
            below = self.places.tree(top)
            for service in self.offers.known_at(below):
                for item in self.publishing.open_cases(top, service.id):
                    dated += self._date(item)
        self.cases.ledger.store.commit(Delete(timer))
        log.info("%s cases of %s have other dates by the new calendar", dated, slug)
        return dated > 0

    def _date(self, item: Item) -> bool:
        """Date one case; True where its date changed. Raises Conflict where it keeps moving."""
        case: Case | None = Case(item, self.cases.ledger.vault)
        for left in reversed(range(_TRIES)):
            if case is None:
                return False
            dates = schedule(
                self.cases.workflow(case), case.situation, self.around(case.item["place"])
            )
            due = stamp(dates.due) if dates.due else ""
            try:
                self._written(case, due, dates.timers)
            except Conflict:
                if not left:
                    raise
                case = self.cases.get(case.id)
            else:
                return bool(due != case.item["due"])
        return False

    def _written(self, case: Case, due: str, timers: Iterable[Timer]) -> None:
        """Set the timers, for a reminder may move where the due date does not, and a new date."""
        ledger, entry = self.cases.ledger, int(case.item["entry"])
        now, rung = ledger.clock.now(), case.item["rung"]
        writes: list[Write] = [
            Put(timer_item(case.id, entry, each.name, each.at, now))
            for each in timers
            if each.name not in rung
        ]
        if due != case.item["due"]:
            ledger.note(case, EVENT, writes=writes, due=due)
        elif writes:
            ledger.store.commit(Check(case_key(case.id), (Version(case.v),)), *writes)
