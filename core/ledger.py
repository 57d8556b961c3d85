"""Writes cases down: every change is one commit of the case, its event and what goes with it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from core.case_items import Case, counting_keys, event_item, index_keys, sealed, timer_item
from core.definitions import Definitions
from core.finding.index import FIND
from core.finding.terms import is_touched
from core.listings import listed_writes
from core.moments import moment_of, stamp
from core.parties import line_up
from core.people import Person
from core.places import Place, Places
from core.ports import Clock
from core.privacy import Vault
from core.seats import Seats
from core.statistics.counts import (
    COUNTED,
    NOTHING,
    Counts,
    filed_counts,
    moved_counts,
    taken_back,
)
from core.store import Absent, Delete, Item, Key, Put, Store, Version, Write
from core.undoing import kept, until
from core.webhooks import Kind, hook_effects
from forms.canonical import canonical
from workflows.case import Assignment, Moved, Timer, Voted
from workflows.definition import Circulation, Effect, Notify, Transition

ClaimHook = Callable[[Case, Case | None, Person | None], Sequence[Write]]
"""Asks for the writes that join a commit: the case as it will be, and as it was (None: new)."""
Followers = Callable[[Case], Sequence[str]]
SYSTEM = {"by": "system", "role": "system", "office": ""}


@dataclass(frozen=True, slots=True)
class Entry:
    """What is told of one change: who did it, and what they said and filled in with it.

    `names` are the officer's and, where they stand in for somebody, that officer's. `changed` are
    the questions that an edit answers otherwise than before, by name; None for what is no edit.
    """

    who: Mapping[str, str]
    comment: str = ""
    marks: tuple[str, ...] = ()
    step: Mapping[str, Any] | None = None
    person: Person | None = None
    names: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    """The fields whose answers it changed."""


@dataclass(frozen=True, slots=True)
class Told:
    """What happened, as its event says it; `wait` holds its effects back until then.

    `policy` are the documents in force where and when it was decided (R02).
    """

    name: str
    before: str
    after: str
    step: Mapping[str, Any] = field(default_factory=dict)
    todo: Sequence[Mapping[str, Any]] = ()
    wait: str = ""
    policy: Sequence[str] = ()
    counts: Counts = field(default_factory=dict)
    """What the statistics count of it, and from when on they may where they must wait."""
    count_at: str = ""


@dataclass(frozen=True, slots=True)
class Ledger:
    """Makes the items of a change and commits them; raises Conflict or Busy."""

    store: Store
    vault: Vault
    places: Places
    seats: Seats
    definitions: Definitions
    clock: Clock
    claim_hook: ClaimHook
    followers: Followers
    """Which plugins are told of what happens to a case, once it is written down."""
    followed: Callable[[Place], Sequence[str]]
    """Which policy documents a place follows today."""

    def open(self, item: dict[str, Any], moved: Moved, entry: Entry, writes: list[Write]) -> Case:
        """Write down a new case; `item` is what the submission itself says of it."""
        now = self.clock.now()
        item |= {"pk": f"C#{item['id']}", "sk": "H", "at": stamp(now)}
        item |= {"steps": {}, "head": "", "votes": {}, "undo": {}}
        blank = Case({**item, "v": 0, "state": ""}, self.vault)
        return self._record(blank, moved, entry, writes, None)

    def move(
        self,
        case: Case,
        moved: Moved,
        entry: Entry,
        writes: list[Write],
        before: Case | None = None,
    ) -> Case:
        """Write down a move of a case; `before` is the case where the move also changed answers."""
        now, edited = self.clock.now(), before is not None
        before = before or case
        undo = kept(before, moved, entry.who, now, answers=edited)
        claims = [] if moved.release else case.item["claims"]
        writes = [*writes, *claims_moved(case.id, before.item["claims"], claims)]
        case = Case({**case.item, "claims": claims, "undo": undo}, self.vault)
        return self._record(case, moved, entry, writes, before)

    def vote(self, case: Case, voted: Voted, entry: Entry) -> Case:
        """Write down a vote for a move that needs several people."""
        name = voted.transition.name
        n, stood_in = case.v + 1, {"for": entry.who.get("for", "")}
        names = case.seal(f"names|{n}", canonical(list(entry.names)))
        vote = {**entry.who, **stood_in, "at": stamp(self.clock.now()), "n": n, "names": names}
        votes = {**case.item["votes"], name: [*case.item["votes"].get(name, ()), vote]}
        step = self._step(case, voted.transition, entry)
        told = Told(f"vote:{name}", case.state, case.state, step)
        return self._commit(case, {**case.item, "votes": votes, "undo": {}}, entry, told, ())

    def note(
        self,
        case: Case,
        name: str,
        todo: Sequence[Mapping[str, Any]] = (),
        writes: Sequence[Write] = (),
        **changes: Any,
    ) -> Case:
        """Write an event of the system's own on a case, beside its transitions."""
        return self.act(case, name, Entry(SYSTEM), todo, writes, **changes)

    def act(
        self,
        case: Case,
        name: str,
        by: Entry,
        todo: Sequence[Mapping[str, Any]] = (),
        writes: Sequence[Write] = (),
        **changes: Any,
    ) -> Case:
        """Write down what somebody did to a case beside its transitions."""
        after, counts = {**case.item, "undo": {}, **changes}, NOTHING
        if changes.keys() & set(COUNTED):
            counts = self._counts(case.item, after, self.clock.now())
        if after["state"] != case.state:
            todo = [*todo, *self._hooked(case.state, after)]
        todo = [*todo, *self._found(case.item, after)]
        told = Told(name, case.state, str(after["state"]), todo=todo, counts=counts)
        return self._commit(case, after, by, told, writes)

    def take_back(
        self,
        case: Case,
        restored: Case,
        entry: Entry,
        timers: Iterable[Timer],
        writes: Sequence[Write],
    ) -> Case:
        """Write down that the latest move did not happen: everything as before it, entered anew."""
        undo, n = case.item["undo"], case.v + 1
        after = {**restored.item, "entry": n, "undo": {}}
        todo: list[Mapping[str, Any]] = [{"after": each} for each in self.followers(case)]
        if not undo["held"]:  # else nobody has heard of the move
            todo += self._hooked(case.state, after)
        todo += self._found(case.item, after)
        made, moved_at = {**case.item, **undo["keep"]}, moment_of(case.item["since"])
        told = Told(
            f"undo:{undo['name']}",
            case.state,
            after["state"],
            todo=todo,
            counts=taken_back(self._counts(made, case.item, moved_at)),
            count_at=undo["until"] if undo["held"] else "",
        )
        writes = [*writes, *self._rung(case, n, timers)]
        joined = self._joined(case, after, entry, case)
        return self._commit(case, after, entry, told, [*writes, *joined])

    def desk(self, place: Place, role: str, slug: str) -> list[str]:
        """Return [role, place] of the desk for a seat: its own, or one above where it is empty."""
        return [*self.seats.desk(place.county, role, line_up(slug, place, self.places))]

    def _record(
        self,
        case: Case,
        moved: Moved,
        entry: Entry,
        writes: Sequence[Write],
        before: Case | None,
    ) -> Case:
        now, n = self.clock.now(), case.v + 1
        step = self._step(case, moved.transition, entry)
        after = {
            **case.item,
            "state": moved.case.state,
            "entry": n,
            "since": stamp(moved.case.since),  # what the dates were counted from
            "due": stamp(moved.case.due) if moved.case.due else "",
            "steps": {**case.item["steps"], **step},
            "marks": list(entry.marks),
            "asked": case.seal("asked", entry.comment),
            "votes": {},
            "taken": {},
            "rung": [],
            **self.hung(case, moved.assign),
        }
        twin = bool(case.item["twin"])
        if twin:
            after["desk"] = []
        todo = [{"twin": case.item["twin"]}] if twin else self._todo(case, moved)
        todo += [] if twin else self._hooked(case.state, after)
        todo += self._found((before or case).item if case.v else {}, after)
        wait = until(now) if moved.transition.undo and case.v else ""
        policy = self.followed(self.places.get(case.item["place"]))
        name, state = moved.transition.name, moved.case.state
        counts = self._counts((before or case).item, after, moment_of(after["since"]))
        told = Told(name, case.state, state, step, todo, wait, policy, counts, wait)
        timers = () if twin else moved.timers
        joined = self._joined(case, after, entry, before)
        writes = [*writes, *self._rung(case, n, timers), *joined]
        return self._commit(case, after, entry, told, writes)

    def _counts(self, before: Item, after: Item, at: datetime) -> Counts:
        """Return what the statistics count of a change; a twin never counts."""
        if after["twin"]:
            return NOTHING
        place, flow = self.places.get(after["place"]), self.definitions.workflow
        above = place.path[: place.path.index(place.county)]
        if not before["v"]:
            return filed_counts(after, flow(after["workflow"]), above)
        flows = (flow(before["workflow"]), flow(after["workflow"]))
        return moved_counts(before, after, flows, at, above)

    def _joined(
        self, case: Case, after: Mapping[str, Any], entry: Entry, before: Case | None
    ) -> Sequence[Write]:
        """Return what the plugins write in the commit of a move."""
        if after["twin"]:
            return ()
        return self.claim_hook(Case({**after, "v": case.v + 1}, self.vault), before, entry.person)

    def _rung(self, case: Case, entry: int, timers: Iterable[Timer]) -> list[Write]:
        now = self.clock.now()
        return [Put(timer_item(case.id, entry, each.name, each.at, now)) for each in timers]

    def _commit(
        self,
        case: Case,
        item: dict[str, Any],
        entry: Entry,
        told: Told,
        writes: Sequence[Write],
    ) -> Case:
        n = case.v + 1
        names = canonical(list(entry.names)) if entry.names else ""
        what = {
            "at": stamp(self.clock.now()),
            **entry.who,
            "comment": case.seal(f"comment|{n}", entry.comment),
            "names": case.seal(f"names|{n}", names),
            "marks": list(entry.marks),
            "transition": told.name,
            "from": told.before,
            "to": told.after,
            "step": told.step,
            "todo": [*told.todo],
            **({"policy": [*told.policy]} if told.policy else {}),
            **({"changed": [*entry.changed]} if entry.changed else {}),
            **({"counts": told.counts} if told.counts else {}),
        }
        event = event_item(case.id, n, case.item["head"], what, told.wait)
        if told.counts:
            event |= counting_keys(case.id, n, told.count_at or event["at"])
        item = {key: each for key, each in item.items() if not key.startswith(_INDEXES)}
        item["head"] = event["hash"]
        item |= index_keys(item)
        after = Case({**item, "v": n}, self.vault)
        item.pop("v")
        stood = Version(case.v) if case.v else Absent()
        shown = listed_writes(case, item, self.definitions)
        self.store.commit(Put(item, (stood,)), Put(event, (Absent(),)), *writes, *shown)
        return after

    def _todo(self, case: Case, moved: Moved) -> list[Mapping[str, Any]]:
        return [*todo_of(moved.effects), *({"after": each} for each in self.followers(case))]

    def _hooked(self, left: str, after: Item) -> list[Mapping[str, Any]]:
        """Return whom outside a change is told; a case that left no state is a new one."""
        place = self.places.get(after["place"])
        if not place.hooks:
            return []
        ended = self.definitions.workflow(after["workflow"]).states[after["state"]].is_final
        kind: Kind = "filed" if not left else "finished" if ended else "moved"
        return hook_effects(place, after["plugin"], kind)

    def _found(self, before: Item, after: Item) -> list[Mapping[str, Any]]:
        """Return what is left to do where a case is found otherwise from now on."""
        flow = self.definitions.workflow(after["workflow"])
        return [FIND] if is_touched(flow, before, after) else []

    def _step(self, case: Case, transition: Transition, entry: Entry) -> Mapping[str, Any]:
        workflow = self.definitions.workflow(case.item["workflow"])
        form = workflow.forms[transition.form] if transition.form else None
        return sealed(case, form, entry.step) if form and entry.step else {}

    def hung(self, case: Case, assign: Assignment | None) -> dict[str, Any]:
        """Return whose seat the case now falls to, the desk it lies on, and the grown reach."""
        reach = list(case.reach)
        if assign is None:
            return {"desk": [], "seat": [], "reach": reach}
        place, role = self.places.get(case.item["place"]), assign.role
        kind, name = assign.at
        slug = (name if kind == "place" else place.at(name)) or place.slug
        line = reversed(line_up(slug, place, self.places))
        more = [each for each in line if each not in reach]
        desk = self.desk(place, role, slug)
        return {"desk": desk, "seat": [role, slug], "reach": reach + more}


_INDEXES = ("desk_", "mine_", "register_")


def claim_writes(case_id: str, claims: Iterable[Key]) -> list[Write]:
    """Return the writes that take these claims for a case, or fail where another holds one."""
    return [Put({"pk": pk, "sk": sk, "case": case_id}, (Absent(),)) for pk, sk in claims]


def claims_moved(
    case_id: str, before: Iterable[Sequence[str]], after: Iterable[Sequence[str]]
) -> list[Write]:
    """Return the writes that take the claims a case newly holds, and give up those it held."""
    held, wanted = ([(pk, sk) for pk, sk in claims] for claims in (before, after))
    taken = claim_writes(case_id, [key for key in wanted if key not in held])
    return [*taken, *(Delete(key) for key in held if key not in wanted)]


def todo_of(effects: Iterable[Effect]) -> list[Mapping[str, Any]]:
    """Return effects as an event keeps them until they are done."""
    return [
        {"notify": each.to, "template": each.template}
        if isinstance(each, Notify)
        else {"circulate": each.template}
        if isinstance(each, Circulation)
        else {"do": each.action}
        for each in effects
    ]
