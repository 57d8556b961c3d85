"""Who acts on a case, and as whom: in their own seat, for a seat nobody holds, or as a deputy."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from core.case_items import Case
from core.people import MANAGERS, Lent, Person
from workflows.case import Actor
from workflows.definition import Workflow


@dataclass(frozen=True, slots=True)
class Seat:
    """A role somebody may act in on a case; `lent` where they stand in for an absent officer."""

    role: str
    place: str
    lent: Lent | None = None


def is_concerned(workflow: Workflow, case: Case, person: Person) -> bool:
    """Tell whether somebody has to do with a case as an officer.

    That is: holds one of the roles its workflow names, at a place the case has reached.
    """
    named = {role for each in workflow.transitions for role in each.by} | MANAGERS
    return bool(person.roles_over(case.reach) & named)


def seats_of(case: Case, person: Person) -> Iterator[Seat]:
    """Yield the seats a person has on a case: their own first, then those stood in for.

    A deputy has none on the case of the officer stood in for. Whoever holds the desk that a case
    was passed up to has the seat that nobody holds as well.
    """
    held = [Seat(role.name, role.place) for role in person.roles]
    held += [
        Seat(each.role.name, each.role.place, each)
        for each in person.lent
        if each.holder != case.item["holder"]
    ]
    desk, seat = case.item["desk"], case.item["seat"]
    for one in held:
        if one.place not in case.reach:
            continue
        yield one
        if seat and [one.role, one.place] == desk and one.role != seat[0]:
            yield Seat(seat[0], one.place, one.lent)


def actor_of(case: Case, person: Person, by: Collection[str] = ()) -> Actor:
    """Return what a person may act as over a case, and who counts in a vote by these roles."""
    own = bool(case.item["holder"]) and case.item["holder"] == person.holder
    roles = frozenset(seat.role for seat in seats_of(case, person))
    who, _ = who_acts(case, person, by)
    people = frozenset({who["by"], who.get("for", who["by"])})
    return Actor(roles | {"applicant"} if own else roles, own, people)


def who_acts(
    case: Case, person: Person, by: Collection[str]
) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return whom the event names, and their names: the seat acted from, the case's desk first."""
    seats = [seat for seat in seats_of(case, person) if seat.role in by]
    seats.sort(key=lambda seat: (bool(seat.lent), [seat.role, seat.place] != case.item["desk"]))
    if not seats:
        return {"by": person.id, "role": "applicant", "office": ""}, ()
    seat = seats[0]
    who = {"by": person.id, "role": seat.role, "office": seat.place}
    if seat.lent is None:
        return who, (person.name,)
    return {**who, "for": seat.lent.officer}, (person.name, seat.lent.officer_name)
