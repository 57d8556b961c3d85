"""What is overdue on the desks of a county's places: for whoever manages it.

The statistics tell on which desks anything can lie; only those are looked at.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, abort, render_template, request

from core.case_items import Case, desk_name
from core.moments import stamp
from core.people import MANAGERS, Person
from core.places import Place
from core.plugins import Plugin
from core.web.access import signed_in
from core.web.sheet import CaseSheet
from core.web.trays import officer, sheet_of
from core.web.visit import office
from forms.text import Text

bp = Blueprint("overdue", __name__)
SEATS_A_PAGE = 40
"""How many desks a page looks at, one query each."""
_TOLD_A_PAGE = 200
"""Of how many a page asks the statistics whether anything lies on them."""
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Queue:
    """One desk of a place beneath: a service and a role."""

    place: Place
    service: Plugin
    role: str
    role_name: Text


@dataclass(frozen=True, slots=True)
class Late:
    """What is overdue on one desk: the oldest few, and whether there are more."""

    queue: Queue
    sheets: list[CaseSheet]
    more: bool


@bp.get("/desk/overdue/")
@signed_in
def overdue() -> str:
    """Show what is overdue beneath: of 200 desks a page, at most 40 of those that hold anything."""
    person = officer()
    tops = [role.place for role in person.roles if role.name in MANAGERS]
    if not tops:
        abort(403)
    trees = [place for top in tops for place in office().places.tree(office().places.get(top))]
    queues = list(queues_at(person, trees))
    start = min(max(request.args.get("from", 0, int), 0), len(queues))
    told = queues[start : start + _TOLD_A_PAGE]
    busy = busy_of(told)
    onward = start + (busy[SEATS_A_PAGE] if len(busy) > SEATS_A_PAGE else len(told))
    looks = map(late_on, (told[n] for n in busy[:SEATS_A_PAGE]))
    late = [each for each in looks if each.sheets]
    return render_template(
        "overdue.html",
        late=late,
        looked=onward - start,
        total=len(queues),
        start=start,
        onward=onward if onward < len(queues) else None,
    )


def queues_at(person: Person, places: Sequence[Place], only: str = "") -> Iterator[Queue]:
    """Yield the desks at these places that somebody works on, but for one's own.

    With `only`, those of that service.
    """
    own = {(role.name, role.place) for role in person.seats}
    for here in {each.slug: each for each in places}.values():
        held = office().cases.ledger.seats.counts(here.county)
        for plugin in office().offers.known_at([here]):
            for role in plugin.manifest.roles if only in ("", plugin.id) else ():
                is_held = held.get(f"{role.id}@{here.slug}", 0) > 0
                if is_held and (role.id, here.slug) not in own:
                    yield Queue(here, plugin, role.id, role.name)


def busy_of(queues: Sequence[Queue]) -> list[int]:
    """Return which of these desks something may lie on: a read for each hundred workflows."""
    wanted = {
        (each.place.county, each.service.id, each.place.slug, flow): None
        for each in queues
        for flow in each.service.workflows
    }
    standing = office().statistics.standing_at([*wanted])
    return [n for n, each in enumerate(queues) if _is_busy(each, standing)]


def _is_busy(queue: Queue, standing: Mapping[tuple[str, str, str, str], Mapping[str, int]]) -> bool:
    service, place = queue.service, queue.place
    flows = service.workflows
    at = {flow: standing[place.county, service.id, place.slug, flow] for flow in flows}
    return worked_on(service, at)


def worked_on(service: Plugin, standing: Mapping[str, Mapping[str, int]]) -> bool:
    """Tell whether of the cases that stand somewhere any is for an officer to work on."""
    return any(
        standing.get(flow.id, {}).get(state.name)
        for flow in service.workflows.values()
        for state in flow.states.values()
        if state.assign
    )


def late_on(queue: Queue, most: int = _SHOWN) -> Late:
    """Return the oldest that are overdue on a desk, at most so many: one query."""
    now = stamp(office().ports.clock.now())
    name = desk_name(queue.place.slug, queue.role, queue.service.id)
    page = office().ports.store.query(name, index="desk", until=now, limit=most + 1)
    sheets = [sheet_of(Case(item, office().vault)) for item in page.items]
    return Late(queue, sheets[:most], len(sheets) > most)
