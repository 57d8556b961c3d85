"""Hangs open cases anew when a seat is filled or emptied.

The commit that gives or ends a role leaves a note in the desk index under `HANG`. Working it off
looks through the desks the seat's cases can lie on and moves, one commit each, those that lie on
the wrong one. It may be done twice or cut short at any point: the note stays until it is done, and
is looked at once more when no reader remembers the old count and no index is behind.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from core.case_items import Case, desk_name
from core.cases import Cases
from core.moments import stamp
from core.places import Place
from core.ports import Clock
from core.seats import FALLBACK, HANGING, Seats
from core.store import Busy, Change, Conflict, Item, Store, Version

_AT_ONCE = 200
"""How many cases one look moves; the next tick goes on."""


@dataclass(frozen=True, slots=True)
class Hanging:
    """Works off the notes; `services` names those whose desks there are at a place."""

    store: Store
    cases: Cases
    seats: Seats
    clock: Clock
    services: Callable[[Place], Iterable[str]]

    def work_off(self) -> int:
        """Hang anew what is due; return how many cases were moved."""
        moved, now = 0, stamp(self.clock.now())
        for found in self.store.query(HANGING, index="desk", until=f"{now}~", limit=50).items:
            [note] = self.store.get((found["pk"], found["sk"]))
            if note and note.get("desk_sk", "~") <= f"{now}~":
                hung, complete = self._hang(note["role"], note["place"])
                moved += hung
                if complete:
                    self._look_again(note, now)
        return moved

    def _look_again(self, note: Item, now: str) -> None:
        key, when, again = (note["pk"], note["sk"]), (Version(note["v"]),), note["again"]
        if again > now:
            later = {"desk_sk": f"{again}#{note['place']}#{note['role']}"}
            change = Change(key, set=later, when=when)
        else:
            change = Change(key, remove=("desk_pk", "desk_sk"), when=when)
        try:
            self.store.commit(change)
        except (Conflict, Busy):
            return

    def _hang(self, role: str, place: str) -> tuple[int, bool]:
        """Return how many cases were moved, and whether none is left to be."""
        self.seats.forget()
        moved, complete = 0, True
        for item in self._lying(role, place):
            if moved == _AT_ONCE:
                return moved, False
            if item["seat"] and item["seat"][0] == role:
                try:
                    moved += self._hung(item["id"])
                except (Conflict, Busy):  # somebody moved it meanwhile
                    complete = False
        return moved, complete

    def _lying(self, role: str, place: str) -> Iterator[Item]:
        """Yield the cases on every desk that a seat's cases may lie on."""
        here = self.cases.ledger.places.get(place)
        line = here.path[here.path.index(here.county) :]
        desks = [(each, role) for each in line] + [(here.county, FALLBACK)]
        for plugin in self.services(here):
            for slug, name in dict.fromkeys(desks):
                yield from list(self._queue(desk_name(slug, name, plugin)))

    def _queue(self, name: str) -> Iterator[Item]:
        cursor: str | None = None
        while True:
            page = self.store.query(name, index="desk", limit=100, cursor=cursor)
            yield from page.items
            cursor = page.cursor
            if cursor is None:
                return

    def _hung(self, case_id: str) -> bool:
        """Move one case to the desk it belongs on, or raise; False where it lies there already."""
        ledger, case = self.cases.ledger, self.cases.get(case_id)
        if case is None or not case.item["seat"] or not case.item["desk"]:
            return False
        role, slug = case.item["seat"]
        desk = ledger.desk(ledger.places.get(case.item["place"]), role, slug)
        if desk == case.item["desk"]:
            return False
        ledger.note(case, hung_name(case, desk), desk=desk, taken={})
        return True


def hung_name(case: Case, desk: list[str]) -> str:
    """Return the event's name: `hung:up#place` to another's desk, `hung:home#place` to its own."""
    home = desk == list(case.item["seat"])
    return f"hung:{'home' if home else 'up'}#{desk[1]}"
