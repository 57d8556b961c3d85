"""认领与放回: on a shared desk an officer takes a case up, and others see by whom.

It locks nothing: whoever shares the desk may still act, for somebody may fall ill. It ends with
the state, when the case is hung on another desk, and when it is given back.
"""

from dataclasses import dataclass

from core.acting import who_acts
from core.case_items import Case
from core.cases import Cases
from core.filings import Stale
from core.ledger import Entry
from core.moments import stamp
from core.parties import line_up
from core.people import Person, Role
from forms.canonical import canonical

TAKEN, GIVEN_BACK, HANDED = "desk:taken", "desk:given_back", "desk:handed"


class NotShared(ValueError):  # noqa: N818 — an answer, not a fault
    """The case lies on no desk of theirs, or is taken by somebody else."""


@dataclass(frozen=True, slots=True)
class Sharing:
    """Takes cases up and gives them back."""

    cases: Cases

    def take(self, case: Case, person: Person, seen: int) -> Case:
        """Take a case up; raise NotShared or Stale."""
        self._fresh(case, seen)
        if case.item["taken"] or not on_desk(case, person):
            raise NotShared(case.id)
        return self._note(case, person, TAKEN, person)

    def give_back(self, case: Case, person: Person, seen: int) -> Case:
        """Give a case back: one's own, or anybody's for who is above the desk."""
        self._fresh(case, seen)
        if not case.item["taken"]:
            raise NotShared(case.id)
        if case.item["taken"]["by"] != person.id and not self.is_above(case, person):
            raise NotShared(case.id)
        return self._note(case, person, GIVEN_BACK, None)

    def hand(self, case: Case, person: Person, seen: int, to: str) -> Case:
        """Hand a case to one of those who hold its desk; for who is above it, or has it."""
        self._fresh(case, seen)
        mine = case.item["taken"] and case.item["taken"]["by"] == person.id
        colleague = next((each for each in self.colleagues(case) if each.id == to), None)
        if colleague is None or not (mine or self.is_above(case, person)):
            raise NotShared(case.id)
        return self._note(case, person, HANDED, colleague)

    def colleagues(self, case: Case) -> list[Person]:
        """Return who holds the desk that a case lies on."""
        return self.cases.people.holding(Role(*case.item["desk"])) if case.item["desk"] else []

    def is_above(self, case: Case, person: Person) -> bool:
        """Tell whether this person holds a role at a place above the desk a case lies on."""
        if not case.item["desk"]:
            return False
        here = self.cases.ledger.places.get(case.item["place"])
        line = line_up(case.item["desk"][1], here, self.cases.ledger.places)
        return bool(person.own_roles_over(line[1:]))

    def _fresh(self, case: Case, seen: int) -> None:
        if case.v != seen or case.item["twin"]:
            raise Stale(case)

    def _note(self, case: Case, person: Person, name: str, holder: Person | None) -> Case:
        role = case.item["desk"][0] if case.item["desk"] else ""
        who, names = who_acts(case, person, (role, *person.own_roles_over(case.reach)))
        taken = {}
        if holder:
            n = case.v + 1
            told = case.seal(f"names|{n}", canonical([holder.name]))
            now = stamp(self.cases.ledger.clock.now())
            taken = {"by": holder.id, "names": told, "n": n, "at": now}
            names = (person.name, holder.name) if name == HANDED else names
        with self.cases.settling(case):
            entry = Entry(who, person=person, names=names)
            return self.cases.ledger.act(case, name, entry, taken=taken)


def on_desk(case: Case, person: Person) -> bool:
    """Tell whether a case lies on a desk of this person's."""
    return bool(case.item["desk"]) and Role(*case.item["desk"]) in person.seats
