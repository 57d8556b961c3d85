"""The heart: accept a submission, move a case. One commit each (DESIGN §6).

The commit holds the case, its event, its claims, its timers and the plugin's own writes. What is
slower hangs off the event's `todo` afterwards (see `core.effects`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from core.case_items import Case, case_key, claim_key, sealed
from core.ledger import SYSTEM, Entry, Ledger, claim_writes, todo
from core.moments import stamp
from core.people import People, Person
from core.places import Place
from core.privacy import Vault
from core.store import Conflict, Delete, Item, Key, Write
from forms.canonical import canonical
from forms.definition import Form
from forms.surroundings import Surroundings
from workflows.case import Actor, Move, Notices
from workflows.definition import Transition, Workflow
from workflows.engine import allowed, begin, fire, move

TWIN = "twin"
"""The event that notes a further submission by the same person."""


class Stale(Exception):  # noqa: N818 — an answer, not a fault
    """The case has moved on since the page was made; `case` is how it stands now."""

    def __init__(self, case: Case) -> None:
        self.case = case
        super().__init__(case.id)


class Different(Exception):  # noqa: N818 — an answer, not a fault
    """Another submission was already accepted under this case id; `case` is that one."""

    def __init__(self, case: Case) -> None:
        self.case = case
        super().__init__(case.id)


class Taken(Exception):  # noqa: N818 — an answer, not a fault
    """A value that must be unique belongs to another case."""


@dataclass(frozen=True, slots=True)
class Filing:
    """A submission whose answers the form engine has accepted.

    `reason` answers the problems of level `explain`; the county reads it.
    """

    id: str
    plugin: str
    place: Place
    form: Form
    workflow: Workflow
    data: Mapping[str, Any]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody does to a case, at the version `seen` on their page."""

    transition: str
    seen: int
    person: Person
    step: Mapping[str, Any] = field(default_factory=dict)
    comment: str = ""
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cases:
    """Accepts, edits and moves cases of every plugin alike."""

    ledger: Ledger
    people: People

    def get(self, case_id: str) -> Case | None:
        """Return the case, or None."""
        [item] = self.ledger.store.get(case_key(case_id))
        return Case(item, self.ledger.vault) if item else None

    def events(self, case: Case) -> tuple[Item, ...]:
        """Return the timeline, oldest first, at most the latest 200."""
        latest = self.ledger.store.query(f"C#{case.id}", prefix="E#", limit=200, reverse=True)
        return tuple(reversed(latest.items))

    def workflow(self, case: Case) -> Workflow:
        """Return the workflow the case was accepted under."""
        return self.ledger.definitions.workflow(case.item["workflow"])

    def form(self, case: Case) -> Form:
        """Return the form the case was accepted under."""
        return self.ledger.definitions.form(case.item["form"])

    def actor(self, case: Case, person: Person) -> Actor:
        """Return what this person may act as over this case."""
        own = bool(case.item["holder"]) and case.item["holder"] == person.holder
        roles = person.roles_over(case.reach)
        return Actor(roles=roles | {"applicant"} if own else roles, is_self=own)

    def moves(self, case: Case, actor: Actor, around: Surroundings) -> tuple[Transition, ...]:
        """Return the moves open to this actor now; none on a submission set aside as a twin."""
        if case.item["twin"]:
            return ()
        return allowed(self.workflow(case), case.situation, actor, around)

    def submit(self, filing: Filing, stood: Item | None, around: Surroundings) -> Case:
        """Accept a submission once, however often it arrives; raise Different or Busy.

        `stood` is what the id's key held when the page was asked for. A value that must be unique
        and is already claimed makes a twin: kept, shown to the applicant in the same words as any
        other, and told to the phone that is known.
        """
        if stood is not None:
            return self._again(stood, filing)
        try:
            return self._accept(filing, around, twin_of="")
        except Conflict as conflict:
            was_there, item = conflict.stood(case_key(filing.id))
            if was_there and item:
                return self._again(item, filing)
            original = _claimed_by(conflict)
        try:
            return self._accept(filing, around, twin_of=original)
        except Conflict as conflict:
            _, item = conflict.stood(case_key(filing.id))
            if item is None:
                raise
            return self._again(item, filing)

    def edit(self, case: Case, deed: Deed, data: Mapping[str, Any], around: Surroundings) -> Case:
        """Hand a returned case in again with new answers; raise Stale, Taken or Refused."""
        form, place = self.form(case), self.ledger.places.get(case.item["place"])
        if self.workflow(case).states[case.state].editable == "marked":
            data = _marked_only(case, data)
        new = self._claims(case.item["plugin"], place, form, data)
        old = [(pk, sk) for pk, sk in case.item["claims"]]
        answers = sealed(case, form, data)
        held = {"answers": answers, "claims": [list(key) for key in new]}
        edited = Case({**case.item, **held}, self.ledger.vault)
        writes = claim_writes(case.id, [key for key in new if key not in old])
        writes += [Delete(key) for key in old if key not in new]
        return self._moved(edited, deed, around, writes)

    def move(self, case: Case, deed: Deed, around: Surroundings) -> Case:
        """Move a case; raise Stale where it has moved on, Refused where it may not."""
        return self._moved(case, deed, around, [])

    def ring(self, case_id: str, entry: int, name: str, timer: Key, around: Surroundings) -> bool:
        """Do what a timer was set for and forget it; False where the case has left that state."""
        case = self.get(case_id)
        rung = case is not None and case.item["entry"] == entry
        outcome = (
            fire(self.workflow(case), case.situation, name, self.ledger.clock.now(), around)
            if case is not None and rung
            else None
        )
        gone: list[Write] = [Delete(timer)]
        if case is None or outcome is None:
            self.ledger.store.commit(*gone)
            return False
        if isinstance(outcome, Notices):
            self.ledger.note(case, f"timer:{name}", todo(outcome.effects), gone)
        else:
            self.ledger.move(case, outcome, Entry(SYSTEM), gone)
        return True

    def note_twin(self, original: str) -> None:
        """Write on a case that its person handed in another one; the known phone is told of it.

        At most once a day, so that nobody can fill a timeline, or a phone, of somebody else.
        """
        case = self.get(original)
        if case is None:
            return
        since = stamp(self.ledger.clock.now() - timedelta(days=1))
        latest = self.events(case)
        if not any(each["transition"] == TWIN and each["at"] > since for each in latest):
            self.ledger.note(case, TWIN, [{"tell": TWIN}])

    def _moved(self, case: Case, deed: Deed, around: Surroundings, writes: list[Write]) -> Case:
        if case.v != deed.seen or case.item["twin"]:
            raise Stale(case)
        actor, at = self.actor(case, deed.person), self.ledger.clock.now()
        wish = Move(deed.transition, actor, at, deed.step, deed.comment, deed.marks)
        moved = move(self.workflow(case), case.situation, wish, around)
        who = _who(case, deed.person, set(moved.transition.by))
        entry = Entry(who, deed.comment, deed.marks, deed.step, deed.person)
        try:
            return self.ledger.move(case, moved, entry, writes)
        except Conflict as conflict:
            now = self.get(case.id)
            if now is not None and now.v != case.v:
                raise Stale(now) from conflict
            raise Taken(case.id) from conflict

    def _again(self, stood: Item, filing: Filing) -> Case:
        case = Case(stood, self.ledger.vault)
        if case.item["content"] != self._content(filing):
            raise Different(case)
        return case

    def _content(self, filing: Filing) -> str:
        what = canonical([filing.plugin, filing.form.id, filing.place.slug, dict(filing.data)])
        return self.ledger.vault.fingerprint(filing.place.county, what)

    def _accept(self, filing: Filing, around: Surroundings, twin_of: str) -> Case:
        ledger, place = self.ledger, filing.place
        moved = begin(filing.workflow, filing.data, ledger.clock.now(), around)
        claims = [] if twin_of else self._claims(filing.plugin, place, filing.form, filing.data)
        phone = _phone(filing.form, filing.data)
        item: dict[str, Any] = {
            "id": filing.id,
            "plugin": filing.plugin,
            "form": filing.form.hash,
            "workflow": filing.workflow.hash,
            "place": place.slug,
            "county": place.county,
            "content": self._content(filing),
            "holder": self.people.holder(phone) if phone else "",
            "tail": tail(ledger.vault, place.county, filing.id, phone[-4:]),
            "claims": [list(key) for key in claims],
            "twin": twin_of,
        }
        blank = Case(item, ledger.vault)
        item["answers"] = sealed(blank, filing.form, filing.data)
        who = {"by": "applicant", "role": "applicant", "office": ""}
        writes = claim_writes(filing.id, claims)
        return ledger.open(item, moved, Entry(who, filing.reason), writes)

    def _claims(self, plugin: str, place: Place, form: Form, data: Mapping[str, Any]) -> list[Key]:
        keys = []
        for spec in form.fields.values():
            if spec.unique and data.get(spec.name) not in (None, ""):
                scope = place.at(spec.unique) or place.county
                value = self.ledger.vault.fingerprint(scope, str(data[spec.name]))
                keys.append(claim_key(scope, f"{plugin}.{form.id}.{spec.name}", value))
        return keys


def tail(vault: Vault, county: str, case_id: str, last_four: str) -> str:
    """Return the keyed hash by which the last four digits of the applicant's phone are checked."""
    return vault.fingerprint(county, f"{case_id}|{last_four}")


def _who(case: Case, person: Person, by: set[str]) -> dict[str, str]:
    """Return whom the timeline names: the seat this person acted from, the case's desk first."""
    reach = set(case.reach)
    seats = [role for role in person.roles if role.place in reach and role.name in by]
    seats.sort(key=lambda role: [role.name, role.place] != list(case.item["desk"]))
    if not seats:
        return {"by": person.id, "role": "applicant", "office": ""}
    return {"by": person.id, "role": seats[0].name, "office": seats[0].place}


def _marked_only(case: Case, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the new answers of marked fields beside the old ones of all others."""
    marks = set(case.item["marks"])
    kept = {name: each for name, each in case.answers.items() if name not in marks}
    return kept | {name: each for name, each in data.items() if name in marks}


def _claimed_by(conflict: Conflict) -> str:
    for write, item in conflict.writes:
        if write.key[0].startswith("U#") and item:
            return str(item["case"])
    raise conflict


def _phone(form: Form, data: Mapping[str, Any]) -> str:
    phones = (spec.name for spec in form.fields.values() if spec.type.name == "phone")
    return next((str(data[name]) for name in phones if data.get(name)), "")
