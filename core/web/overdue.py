"""What is overdue on the desks of a county's places: for whoever manages it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask import Blueprint, abort, render_template, request

from core.case_items import Case, desk_name
from core.moments import stamp
from core.people import MANAGERS, Person
from core.places import Place
from core.web.access import signed_in
from core.web.sheet import CaseSheet
from core.web.trays import officer, sheet_of
from core.web.visit import office
from forms.text import Text

bp = Blueprint("overdue", __name__)
SEATS_A_PAGE = 40
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Queue:
    """One desk of a place beneath: a service and a role."""

    place: Place
    plugin: str
    service: Text
    role: str
    role_name: Text
    who: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Late:
    """What is overdue on one desk: the oldest few, and whether there are more."""

    queue: Queue
    sheets: list[CaseSheet]
    more: bool


@bp.get("/desk/overdue/")
@signed_in
def overdue() -> str:
    """Show what is overdue beneath, 40 desks a page: each is one look at the desk index."""
    person = officer()
    tops = [role.place for role in person.roles if role.name in MANAGERS]
    if not tops:
        abort(403)
    trees = [place for top in tops for place in office().places.tree(office().places.get(top))]
    queues = list(queues_at(person, trees))
    start = min(max(request.args.get("from", 0, int), 0), len(queues))
    looked = queues[start : start + SEATS_A_PAGE]
    late = [each for each in map(late_on, looked) if each.sheets]
    onward = start + SEATS_A_PAGE
    return render_template(
        "overdue.html",
        late=late,
        looked=len(looked),
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
                    name, who = plugin.manifest.name, plugin.manifest.who
                    yield Queue(here, plugin.id, name, role.id, role.name, who)


def late_on(queue: Queue, most: int = _SHOWN) -> Late:
    """Return the oldest that are overdue on a desk, at most so many: one query."""
    now = stamp(office().ports.clock.now())
    name = desk_name(queue.place.slug, queue.role, queue.plugin)
    page = office().ports.store.query(name, index="desk", until=now, limit=most + 1)
    sheets = [sheet_of(Case(item, office().vault)) for item in page.items]
    return Late(queue, sheets[:most], len(sheets) > most)
