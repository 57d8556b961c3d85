"""The heart: accept a submission, move a case. One commit each (DESIGN §6).

The commit holds the case, its event, its claims, its timers and the plugin's own writes. What is
slower hangs off the event's `todo` afterwards (see `core.effects`).
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol

from core.acting import actor_of, who_acts
from core.case_items import Case, case_key, claim_key, sealed
from core.ledger import SYSTEM, Entry, Ledger, claim_writes, todo_of
from core.moments import stamp
from core.people import People, Person
from core.places import Place
from core.privacy import Vault
from core.store import Busy, Conflict, Delete, Item, Key, Write
from core.subjects import Subjects, about_of, phone_in, starter_of
from forms.canonical import canonical
from forms.definition import Form
from forms.surroundings import Surroundings
from workflows.case import Actor, Move, Moved, Notices, Voted
from workflows.definition import Transition, Workflow
from workflows.engine import allowed, begin, fire, move, move_by_system

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
    beside: tuple[Write, ...] = ()
    """What else the commit writes: the end of the draft it was."""
    person: Person | None = None
    """Who hands it in, where they have signed in."""

    @property
    def about(self) -> str:
        """The case it is about, "" for none."""
        return about_of(self.workflow, self.data)


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody does to a case, at the version `seen` on their page."""

    transition: str
    seen: int
    person: Person
    step: Mapping[str, Any] = field(default_factory=dict)
    comment: str = ""
    marks: tuple[str, ...] = ()


class Checks(Protocol):
    """Asks plugins what stands against a change; raises Refused with their problems."""

    def submission(self, filing: Filing) -> None:
        """Check what the form has accepted."""

    def transition(self, case: Case, deed: Deed) -> None:
        """Check a move that the workflow allows."""


@dataclass(frozen=True, slots=True)
class Cases:
    """Accepts, edits and moves cases of every plugin alike."""

    ledger: Ledger
    people: People
    checks: Checks
    subjects: Subjects

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
        return actor_of(case, person)

    def moves(self, case: Case, actor: Actor, around: Surroundings) -> tuple[Transition, ...]:
        """Return the moves open to this actor now; none on a submission set aside as a twin."""
        if case.item["twin"]:
            return ()
        return allowed(self.workflow(case), case.situation, actor, around)

    def submit(self, filing: Filing, stood: Item | None, around: Surroundings) -> Case:
        """Accept a submission once, however often it arrives; raise Different or Busy.

        `stood` is what the id's key held when the page was asked for. A value that must be unique
        and is already claimed makes a twin: kept, shown to the applicant in the same words as any
        other, and told to the phone that is known. Where a claim of the plugin's stands against
        it, the plugin is asked again: Refused with its words.
        """
        if stood is not None:
            return self._again(stood, filing)
        self.checks.submission(filing)
        try:
            return self._accept(filing, around, twin_of="")
        except Conflict as conflict:
            was_there, item = conflict.stood(case_key(filing.id))
            if was_there and item:
                return self._again(item, filing)
            original = _claimed_by(conflict)
        if not original:  # a claim of the plugin's own: it says why, or it was gone at once
            self.checks.submission(filing)
        try:
            return self._accept(filing, around, twin_of=original)
        except Conflict as conflict:
            _, item = conflict.stood(case_key(filing.id))
            if item is None:
                raise Busy(filing.id) from conflict
            return self._again(item, filing)

    def edit(
        self,
        case: Case,
        deed: Deed,
        data: Mapping[str, Any],
        around: Surroundings,
        beside: tuple[Write, ...] = (),
    ) -> Case:
        """Hand a case in again with new answers; raise Stale, Taken or Refused.

        Its workflow says from which states and by whom. `beside` are further writes of the commit.
        """
        form, place = self.form(case), self.ledger.places.get(case.item["place"])
        workflow = self.workflow(case)
        if workflow.states[case.state].editable == "marked":
            data = _marked_only(case, data)
        plugin = case.item["plugin"]
        reason, person = deed.comment, deed.person
        filing = Filing(case.id, plugin, place, form, workflow, data, reason, person=person)
        self.checks.submission(filing)
        new = self.claims_of(plugin, place, form, data)
        old = [(pk, sk) for pk, sk in case.item["claims"]]
        answers = sealed(case, form, data)
        held = {"answers": answers, "claims": [list(key) for key in new]}
        edited = Case({**case.item, **held}, self.ledger.vault)
        writes = claim_writes(case.id, [key for key in new if key not in old])
        writes += [Delete(key) for key in old if key not in new]
        writes += beside
        return self._moved(edited, deed, around, writes, before=case)

    def move(self, case: Case, deed: Deed, around: Surroundings) -> Case:
        """Move a case, or vote for a move; raise Stale where it has moved on, Refused, Taken."""
        return self._moved(case, deed, around, [])

    def ring(
        self,
        case_id: str,
        entry: int,
        name: str,
        timer: Key,
        around: Callable[[str], Surroundings],
    ) -> bool:
        """Do what a timer was set for and forget it; False where the case has left that state.

        However often it is asked, it is done once: the case notes which timers of its present
        state have rung, in the commit of what they led to.
        """
        case = self.get(case_id)
        rung = case is not None and case.item["entry"] == entry and name not in case.item["rung"]
        outcome = self._fired(case, name, around(case.item["place"])) if case and rung else None
        gone: list[Write] = [Delete(timer)]
        if case is None or outcome is None:
            self.ledger.store.commit(*gone)
            return False
        if isinstance(outcome, Notices):
            done = [*case.item["rung"], name]
            self.ledger.note(case, f"timer:{name}", todo_of(outcome.effects), gone, rung=done)
        else:
            self.ledger.move(case, outcome, Entry(SYSTEM), gone)
        return True

    def _fired(self, case: Case, name: str, around: Surroundings) -> Moved | Notices | None:
        return fire(self.workflow(case), case.situation, name, self.ledger.clock.now(), around)

    def by_system(
        self, case_id: str, plugin: str, name: str, around: Callable[[str], Surroundings]
    ) -> bool:
        """Make a move of a plugin's case that its workflow leaves to `system`; False for none.

        Raises Conflict where somebody moved the case meanwhile, or Busy.
        """
        case, now = self.get(case_id), self.ledger.clock.now()
        if case is None or case.item["plugin"] != plugin:
            return False
        near = around(case.item["place"])
        moved = move_by_system(self.workflow(case), case.situation, name, now, near)
        if moved is not None:
            self.ledger.move(case, moved, Entry(SYSTEM), [])
        return moved is not None

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

    def _moved(
        self,
        case: Case,
        deed: Deed,
        around: Surroundings,
        writes: list[Write],
        before: Case | None = None,
    ) -> Case:
        if case.v != deed.seen or case.item["twin"]:
            raise Stale(case)
        workflow, at = self.workflow(case), self.ledger.clock.now()
        transition = workflow.find(deed.transition, case.state)
        by = transition.by if transition else ()
        actor = actor_of(case, deed.person, by)
        wish = Move(deed.transition, actor, at, deed.step, deed.comment, deed.marks)
        outcome = move(workflow, case.situation, wish, around)
        self.checks.transition(case, deed)
        who, names = who_acts(case, deed.person, by)
        changed = self._changed(before, case) if before else None
        entry = Entry(who, deed.comment, deed.marks, deed.step, deed.person, names, changed)
        with self.settling(case):
            if isinstance(outcome, Voted):
                return self.ledger.vote(case, outcome, entry)
            return self.ledger.move(case, outcome, entry, writes, before)

    def _changed(self, before: Case, case: Case) -> tuple[str, ...]:
        """Return the questions that are answered otherwise than before, in the form's order."""
        old, new = before.answers, case.answers
        asked = (spec.name for spec in self.form(case).fields.values() if not spec.compute)
        return tuple(name for name in asked if old.get(name) != new.get(name))

    @contextmanager
    def settling(self, case: Case) -> Iterator[None]:
        """Say a Conflict of the block as Stale where the case has moved on, else as Taken."""
        try:
            yield
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
        ledger, place, workflow = self.ledger, filing.place, filing.workflow
        claims = [] if twin_of else self.claims_of(filing.plugin, place, filing.form, filing.data)
        if filing.about:
            phone = self.subjects.phone_named(workflow, filing.data, place)
        else:
            phone = phone_in(filing.form, filing.data)
        item: dict[str, Any] = {
            "id": filing.id,
            "plugin": filing.plugin,
            "form": filing.form.hash,
            "workflow": workflow.hash,
            "place": place.slug,
            "county": place.county,
            "content": self._content(filing),
            "holder": self.people.holder(phone) if phone else "",
            "tail": tail(ledger.vault, place.county, filing.id, phone[-4:]),
            "claims": [list(key) for key in claims],
            "twin": twin_of,
            "about": filing.about,
        }
        blank = Case({**item, "reach": [*place.path], "desk": [], "seat": []}, ledger.vault)
        starter = starter_of(blank, workflow, filing.person)
        moved = begin(workflow, filing.data, ledger.clock.now(), around, starter.actor)
        item["answers"] = sealed(blank, filing.form, filing.data)
        entry = Entry(starter.who, filing.reason, person=filing.person, names=starter.names)
        return ledger.open(item, moved, entry, [*claim_writes(filing.id, claims), *filing.beside])

    def claims_of(
        self, plugin: str, place: Place, form: Form, data: Mapping[str, Any]
    ) -> list[Key]:
        """Return the claims that these answers hold: one for each that must be unique."""
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


def _marked_only(case: Case, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the new answers of marked fields beside the old ones of all others."""
    marks = set(case.item["marks"])
    kept = {name: each for name, each in case.answers.items() if name not in marks}
    return kept | {name: each for name, each in data.items() if name in marks}


def _claimed_by(conflict: Conflict) -> str:
    """Return the case that has a unique value already, "" where something else stood there."""
    for write, item in conflict.writes:
        if write.key[0].startswith("U#") and item:
            return str(item["case"])
    return ""
