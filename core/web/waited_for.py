"""Whom a service waits for at a place: who has not begun, who is late, and who of the public.

A handful of round trips, whatever lies beneath: the tree of places, its statistics, who holds the
seats, and then only the desks and months of the register where the statistics say that a case is.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from core.acting import seats_of
from core.case_items import register_name
from core.manifest import RoleNeeded
from core.people import MANAGERS, Person
from core.places import Place
from core.plugins import Plugin
from core.reminders import Target
from core.web.case_lists import every_sheet
from core.web.language import translate
from core.web.overdue import SEATS_A_PAGE, late_on, queues_at, worked_on
from core.web.sheet import CaseSheet
from core.web.visit import office
from core.web.words import tone, words
from forms.fields import Field
from workflows.definition import APPLICANT, State, Workflow

MOST_LOOKS = 60
"""How many months of places are looked through for the public's cases, at most."""
MOST_MONTHS = 13
_MOST_LATE = 99
_ORGANISATIONS = frozenset({"school", "venue", "teaching_point"})


@dataclass(frozen=True, slots=True)
class Row:
    """Who is waited for; `own` where that is the visitor, `who` the officers by name.

    `said` is what may stand in a chat group, "" where nothing may.
    """

    target: Target
    title: str
    said: str
    role: str = ""
    who: tuple[str, ...] = ()
    count: int = 0
    more: bool = False
    sheet: CaseSheet | None = None
    own: bool = False

    @property
    def reachable(self) -> bool:
        """Whether there is somebody to remind beside the visitor."""
        return not self.own and (self.target.kind == "case" or bool(self.who))


@dataclass
class Beneath:
    """A service at a place and all beneath it, as one page looks at it; `places` have it open."""

    service: Plugin
    here: Place
    person: Person
    places: list[Place] = field(init=False)
    _held: dict[str, dict[str, list[Person]]] = field(default_factory=dict)
    _standing: Mapping[str, Mapping[str, Mapping[str, int]]] = field(init=False)

    def __post_init__(self) -> None:
        tree = office().places.tree(self.here)
        self.places = [each for each in tree if self.service.id in each.services]
        above = self.here.path[self.here.path.index(self.here.county) :]
        slugs = [*dict.fromkeys([*(each.slug for each in tree), *above])]
        flows = [*self.service.manifest.workflows]
        of = (self.here.county, slugs, self.service.id, flows)
        self._standing = office().statistics.standing(*of)

    def not_begun(self, flow: Workflow, since: date, today: date) -> list[Row]:
        """Return where nobody has begun a workflow since a day, with who should."""
        roles = _starting(self.service, flow)
        seats = [
            (each, role)
            for each in self.places
            if (role := next((one for one in roles if one.held_at(each.kind)), None))
        ]
        slugs = [each.slug for each, _ in seats]
        months = (f"{since:%Y%m}", f"{today:%Y%m}")
        found = office().statistics.among(
            self.here.county, slugs, self.service.id, flow.id, *months
        )
        public = APPLICANT in flow.starters
        return [
            Row(
                Target("begin", each.slug, role.id, flow.id, since.isoformat(), public=public),
                words(each.name),
                words(each.name),
                words(role.name),
                self._names(role.id, each.slug),
                own=self._is_own(role.id, each.slug),
            )
            for each, role in seats
            if not found[each.slug].filed_since(since)
        ]

    def late(self, start: int = 0) -> tuple[list[Row], int]:
        """Return the desks with overdue cases among 40 from `start` on, and how many there are.

        Only desks are looked at where the statistics say that something is to be worked on.
        """
        at = self._standing
        busy = [each for each in self.places if worked_on(self.service, at[each.slug])]
        queues = [*queues_at(self.person, busy, self.service.id)]
        rows = []
        for queue in queues[start : start + SEATS_A_PAGE]:
            late = late_on(queue, _MOST_LATE)
            if late.sheets:
                place, role = words(queue.place.name), words(queue.role_name)
                target, n = Target("late", queue.place.slug, queue.role), len(late.sheets)
                who = self._names(queue.role, queue.place.slug)
                rows.append(Row(target, place, f"{place}{role}", role, who, n, late.more))
        return rows, len(queues)

    def of_the_public(self, today: date) -> tuple[list[Row], int]:
        """Return cases in which the applicant is to act, and how many there are in all.

        The latest first, of the last 13 months.
        """
        asked = {
            (flow.id, state.name)
            for flow in self.service.workflows.values()
            for state in flow.states.values()
            if asks_applicant(flow, state)
        }
        total, rows = self._standing_in(self.here.slug, asked), list[Row]()
        for partition in self._partitions(asked, today) if total else ():
            found = every_sheet(partition, index="register", reverse=True)
            rows += [self._row(each) for each in found if self._is_waiting(each)]
            if len(rows) >= total:
                break
        return rows, max(total, len(rows))

    def _partitions(self, asked: set[tuple[str, str]], today: date) -> Iterator[str]:
        """Yield where in the register such cases can be, by month, at most MOST_LOOKS."""
        slugs = [each for each in self._standing if self._standing_in(each, asked)]
        count = today.year * 12 + today.month - 1
        months = [f"{n // 12}{n % 12 + 1:02}" for n in range(count, count - MOST_MONTHS, -1)]
        every = [register_name(slug, self.service.id, month) for month in months for slug in slugs]
        yield from every[:MOST_LOOKS]

    def _is_waiting(self, sheet: CaseSheet) -> bool:
        case = sheet.case
        named = {role for each in sheet.workflow.transitions for role in each.by} | MANAGERS
        is_theirs = any(seat.role in named for seat in seats_of(case, self.person))
        here = self.here.slug in case.reach and not case.item["twin"]
        return here and is_theirs and asks_applicant(sheet.workflow, sheet.state)

    def _row(self, sheet: CaseSheet) -> Row:
        entry = int(sheet.case.item["entry"])
        target = Target("case", sheet.case.item["place"], what=sheet.case.id, entry=entry)
        who = self.service.manifest.who
        title = sheet.first_answer(who)
        return Row(target, title, surname_of(sheet, who), sheet=sheet)

    def _standing_in(self, slug: str, states: set[tuple[str, str]]) -> int:
        return sum(self._standing[slug].get(flow, {}).get(state, 0) for flow, state in states)

    def _names(self, role: str, place: str) -> tuple[str, ...]:
        if role not in self._held:
            self._held[role] = office().people.holders(self.here.county, role)
        held = self._held[role].get(place, ())
        return tuple(each.name or translate("未留姓名") for each in held)

    def _is_own(self, role: str, place: str) -> bool:
        return any((each.name, each.place) == (role, place) for each in self.person.seats)


def asks_applicant(flow: Workflow, state: State) -> bool:
    """Tell whether in a state the applicant is to do something: the badge says so to them too."""
    if state.is_final or state.assign or state.kind == "draft" or tone(state) != "ask":
        return False
    return any(state.name in each.sources and APPLICANT in each.by for each in flow.transitions)


def surname_of(sheet: CaseSheet, who: Sequence[str]) -> str:
    """Return what a chat group may be told of whose case it is: 李某, or what is not personal.

    Nothing of a case that only some officers may read the name of.
    """
    asked = [spec for name in who if (spec := sheet.form.fields.get(name))]
    if any(spec.readers for spec in asked):
        return ""
    for spec in asked:
        if said := sheet.answer(spec.name):
            return _mentioned(said, spec)
    return ""


def _mentioned(said: str, spec: Field) -> str:
    if not spec.is_personal:
        return said
    named = spec.type.name in ("text", "lookup")
    return translate("%s某") % surname(said) if named else translate("一位")


def surname(name: str) -> str:
    """Return the family name of a Chinese name, the first letter of any other."""
    double = _COMPOUND.match(name)
    return double[0] if double and double[0] != name else name[:1]


_COMPOUND = re.compile(
    "欧阳|上官|司马|诸葛|东方|皇甫|尉迟|公孙|慕容|司徒|司空|夏侯|令狐|宇文|长孙|端木|南宫|独孤|"
    "百里|东郭|呼延|轩辕|赫连|澹台|公冶|宗政|濮阳|太史|申屠|钟离|闾丘"
)


def _starting(service: Plugin, flow: Workflow) -> list[RoleNeeded]:
    """Return the roles that should see to it that a workflow is begun; of organisations first."""
    roles = service.manifest.roles
    named = [each for each in roles if each.id in flow.starters] or [*roles]
    return [each for each in named if each.at in _ORGANISATIONS] or named
