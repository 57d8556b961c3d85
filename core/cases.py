"""The heart: accept a submission, move a case. One commit each (DESIGN §6).

The commit holds the case, its event, its claims, its timers and the plugin's own writes. What is
slower hangs off the event's `todo` afterwards (see `core.effects`).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from core.accepting import Accepting, claimed_by, claims_of
from core.acting import actor_of, who_acts
from core.answer_changes import amended_data, changed_names
from core.case_items import Case, case_key, sealed
from core.filings import TRIES, Checks, Deed, Filing, Stale, Taken
from core.ledger import SYSTEM, Entry, Ledger, todo_of
from core.moments import stamp
from core.parties import reach_of
from core.people import People, Person
from core.store import Busy, Conflict, Delete, Item, Key, Write
from core.subjects import Subjects
from forms.definition import Form
from forms.surroundings import Surroundings
from workflows.case import Actor, Move, Moved, Notices, Refused, Voted
from workflows.case import Case as Situation
from workflows.definition import Transition, Workflow
from workflows.engine import allowed, fire, may, move, move_by_system
from workflows.refusals import of_no_change
from workflows.schedule import move_of

TWIN = "twin"
"""The event that notes a further submission by the same person."""


@dataclass(frozen=True, slots=True)
class _Edit:
    """A move that also changes answers: the case before it, and what plugins check of it."""

    before: Case
    filing: Filing


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
        """Accept a submission once, however often it arrives: see `core.accepting`."""
        accepting = Accepting(self.ledger, self.people, self.checks, self.subjects)
        return accepting.submit(filing, stood, around)

    def edit(
        self,
        case: Case,
        deed: Deed,
        data: Mapping[str, Any],
        around: Surroundings,
        beside: tuple[Write, ...] = (),
    ) -> Case:
        """Hand a case in again with new answers; raise Stale, Taken or Refused.

        Its workflow says from which states and by whom. `beside` are further writes of the commit;
        Conflict is raised where one of them does not hold.
        """
        if self.workflow(case).states[case.state].editable == "marked":
            data = _marked_only(case, data)
        return self._edited(case, deed, data, around, beside)

    def _edited(
        self,
        case: Case,
        deed: Deed,
        data: Mapping[str, Any],
        around: Surroundings,
        beside: Sequence[Write] = (),
    ) -> Case:
        """Move a case whose answers become `data`, with the claims that these hold."""
        form, place = self.form(case), self.ledger.places.get(case.item["place"])
        workflow, plugin = self.workflow(case), case.item["plugin"]
        filing = Filing(
            case.id,
            plugin,
            place,
            form,
            workflow,
            data,
            deed.comment,
            person=deed.person,
            state=case.state,
        )
        new = claims_of(self.ledger.vault, plugin, place, form, data)
        answers = sealed(case, form, data)
        reach = reach_of(workflow, data, place, self.ledger.places)
        held = {"answers": answers, "claims": [list(key) for key in new]}
        held["reach"] = list(dict.fromkeys([*case.reach, *reach]))
        edited = Case({**case.item, **held}, self.ledger.vault)
        return self._moved(edited, deed, around, [*beside], _Edit(case, filing))

    def move(self, case: Case, deed: Deed, around: Surroundings) -> Case:
        """Move a case, or vote for a move; raise Stale where it has moved on, Refused, Taken.

        Where the transition amends answers, the whole form is judged with those of `deed.amend`.
        """
        transition = self.workflow(case).find(deed.transition, case.state)
        if transition is None or not self._amends(case, transition, deed):
            return self._moved(case, deed, around, [])  # which says why, where it is refused
        form = self.form(case)
        data = amended_data(form, case.answers, deed.amend, deed.comment, around)
        changed = {*changed_names(form, case.answers, data)}
        if "change" in transition.require and not changed & {*transition.amend}:
            raise Refused(of_no_change(transition, form, around.language))
        return self._edited(case, deed, data, around)

    def _amends(self, case: Case, transition: Transition, deed: Deed) -> bool:
        """Tell whether a deed changes answers, as its transition and this person may now."""
        asked = bool(transition.amend) and set(deed.amend) <= set(transition.amend)
        stands = case.v == deed.seen and not case.item["twin"]
        return asked and stands and may(transition, actor_of(case, deed.person))

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
        workflow = self.workflow(case)
        made = move_of(workflow.states.get(case.state), name)
        situation = self._known(case, made) if made else case.situation
        return fire(workflow, situation, name, self.ledger.clock.now(), around)

    def _known(self, case: Case, transition: str, person: Person | None = None) -> Situation:
        """Return how a case stands, with the facts that the choice of a target rests on."""
        facts = self.checks.facts(self.workflow(case), case, transition, person)
        return replace(case.situation, facts=facts)

    def by_system(
        self,
        case_id: str,
        plugin: str,
        name: str,
        around: Callable[[str], Surroundings],
        comment: str = "",
    ) -> bool:
        """Make a move of a plugin's case that its workflow leaves to `system`; False for none.

        The event keeps the `comment`, which messages may quote. Raises Conflict where somebody
        moved the case meanwhile, or Busy.
        """
        case, now = self.get(case_id), self.ledger.clock.now()
        if case is None or case.item["plugin"] != plugin:
            return False
        near = around(case.item["place"])
        moved = move_by_system(self.workflow(case), self._known(case, name), name, now, near)
        if moved is not None:
            self.ledger.move(case, moved, Entry(SYSTEM, comment), [])
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
        edit: "_Edit | None" = None,
    ) -> Case:
        if case.v != deed.seen or case.item["twin"]:
            raise Stale(case)
        for _ in range(TRIES):
            try:
                return self._move_once(case, deed, around, writes, edit)
            except Conflict as conflict:
                now = self.get(case.id)
                if now is not None and now.v != case.v:
                    raise Stale(now) from conflict
                if claimed_by(conflict):
                    raise Taken(case.id) from conflict
                if any(conflict.stood(each.key)[0] for each in writes):
                    raise  # no second try helps: the draft that it was has moved on
        raise Busy(case.id)

    def _move_once(
        self,
        case: Case,
        deed: Deed,
        around: Surroundings,
        writes: list[Write],
        edit: "_Edit | None",
    ) -> Case:
        """Judge a move and commit it; raise Conflict where what it rests on has changed."""
        workflow, at = self.workflow(case), self.ledger.clock.now()
        transition = workflow.find(deed.transition, case.state)
        by = transition.by if transition else ()
        actor = actor_of(case, deed.person, by)
        wish = Move(deed.transition, actor, at, deed.step, deed.comment, deed.marks, (*deed.amend,))
        if edit:
            self.checks.submission(edit.filing)
        outcome = move(workflow, self._known(case, wish.transition, deed.person), wish, around)
        self.checks.transition(case, deed)
        who, names = who_acts(case, deed.person, by)
        changed = changed_names(self.form(case), edit.before.answers, case.answers) if edit else ()
        entry = Entry(who, deed.comment, deed.marks, deed.step, deed.person, names, changed)
        if isinstance(outcome, Voted):
            return self.ledger.vote(case, outcome, entry)
        return self.ledger.move(case, outcome, entry, writes, edit.before if edit else None)

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


def _marked_only(case: Case, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the new answers of marked fields beside the old ones of all others."""
    marks = set(case.item["marks"])
    kept = {name: each for name, each in case.answers.items() if name not in marks}
    return kept | {name: each for name, each in data.items() if name in marks}
