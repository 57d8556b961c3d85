"""Writes cases down: every change is one commit of the case, its event and what goes with it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.case_items import Case, event_item, index_keys, sealed, timer_item
from core.definitions import Definitions
from core.moments import stamp
from core.people import Person
from core.places import Place, Places
from core.ports import Clock
from core.privacy import Vault
from core.store import Absent, Delete, Key, Put, Store, Version, Write
from workflows.case import Moved
from workflows.definition import Effect, Notify

ClaimHook = Callable[[Case, str, Person | None], Sequence[Write]]
SYSTEM = {"by": "system", "role": "system", "office": ""}


@dataclass(frozen=True, slots=True)
class Entry:
    """What is told of one change: who did it, and what they said and filled in with it."""

    who: Mapping[str, str]
    comment: str = ""
    marks: tuple[str, ...] = ()
    step: Mapping[str, Any] | None = None
    person: Person | None = None


@dataclass(frozen=True, slots=True)
class Ledger:
    """Makes the items of a change and commits them; raises Conflict or Busy."""

    store: Store
    vault: Vault
    places: Places
    definitions: Definitions
    clock: Clock
    claim_hook: ClaimHook

    def open(self, item: dict[str, Any], moved: Moved, entry: Entry, writes: list[Write]) -> Case:
        """Write down a new case; `item` is what the submission itself says of it."""
        now = self.clock.now()
        place = self.places.get(item["place"])
        item |= {"pk": f"C#{item['id']}", "sk": "H", "at": stamp(now), "reach": [*place.path]}
        item |= {"steps": {}, "head": ""}
        return self._record(Case({**item, "v": 0, "state": ""}, self.vault), moved, entry, writes)

    def move(self, case: Case, moved: Moved, entry: Entry, writes: list[Write]) -> Case:
        """Write down a move of a case."""
        if moved.release:
            writes = [*writes, *(Delete((pk, sk)) for pk, sk in case.item["claims"])]
            case = Case({**case.item, "claims": []}, self.vault)
        return self._record(case, moved, entry, writes)

    def note(
        self, case: Case, name: str, todo: Sequence[Mapping[str, Any]], writes: Sequence[Write] = ()
    ) -> Case:
        """Write an event on a case that stays where it is."""
        told = {"transition": name, "from": case.state, "to": case.state, "todo": [*todo]}
        return self._commit(case, dict(case.item), Entry(SYSTEM), told, writes)

    def _record(self, case: Case, moved: Moved, entry: Entry, writes: Sequence[Write]) -> Case:
        now, n = self.clock.now(), case.v + 1
        form = self._step_form(case, moved)
        step = sealed(case, form, entry.step) if form and entry.step else {}
        after = {
            **case.item,
            "state": moved.case.state,
            "entry": n,
            "since": stamp(now),
            "due": stamp(moved.case.due) if moved.case.due else "",
            "steps": {**case.item["steps"], **step},
            "marks": list(entry.marks),
            "asked": case.seal("asked", entry.comment),
            **self._desk(case, moved),
        }
        twin = bool(case.item["twin"])
        if twin:
            after["desk"] = []
        told = {
            "transition": moved.transition.name,
            "from": case.state,
            "to": moved.case.state,
            "step": step,
            "todo": [{"twin": case.item["twin"]}] if twin else todo(moved.effects),
        }
        timers = () if twin else moved.timers
        rung = [Put(timer_item(case.id, n, each.name, each.at, now)) for each in timers]
        return self._commit(case, after, entry, told, [*writes, *rung])

    def _commit(
        self,
        case: Case,
        item: dict[str, Any],
        entry: Entry,
        told: Mapping[str, Any],
        writes: Sequence[Write],
    ) -> Case:
        n = case.v + 1
        what = {
            "at": stamp(self.clock.now()),
            **entry.who,
            "comment": case.seal(f"comment|{n}", entry.comment),
            "marks": list(entry.marks),
            **told,
        }
        event = event_item(case.id, n, case.item["head"], what)
        item = {key: each for key, each in item.items() if not key.startswith(_INDEXES)}
        item["head"] = event["hash"]
        item |= index_keys(item)
        after = Case({**item, "v": n}, self.vault)
        item.pop("v")
        moved = after.state != case.state and not item["twin"]
        joined = self.claim_hook(after, case.state, entry.person) if moved else ()
        stood = Version(case.v) if case.v else Absent()
        self.store.commit(Put(item, (stood,)), Put(event, (Absent(),)), *writes, *joined)
        return after

    def _step_form(self, case: Case, moved: Moved) -> Any:
        workflow = self.definitions.workflow(case.item["workflow"])
        return workflow.forms[moved.transition.form] if moved.transition.form else None

    def _desk(self, case: Case, moved: Moved) -> dict[str, Any]:
        """Return [role, place] of the desk the case now lies on, and the reach that grows by it."""
        reach = list(case.reach)
        if moved.assign is None:
            return {"desk": [], "reach": reach}
        place = self.places.get(case.item["place"])
        kind, name = moved.assign.at
        slug = (name if kind == "place" else place.at(name)) or place.slug
        more = [each for each in _line_to(slug, place) if each not in reach]
        return {"desk": [moved.assign.role, slug], "reach": reach + more}


_INDEXES = ("desk_", "mine_", "register_")


def claim_writes(case_id: str, claims: Iterable[Key]) -> list[Write]:
    """Return the writes that take these claims for a case, or fail where another holds one."""
    return [Put({"pk": pk, "sk": sk, "case": case_id}, (Absent(),)) for pk, sk in claims]


def todo(effects: Iterable[Effect]) -> list[Mapping[str, Any]]:
    """Return effects as an event keeps them until they are done."""
    return [
        {"notify": each.to, "template": each.template}
        if isinstance(each, Notify)
        else {"do": each.action}
        for each in effects
    ]


def _line_to(slug: str, place: Place) -> list[str]:
    """Return the places from `place` down to `slug`, read off the context of `place`."""
    parents = {each.slug: each.parent for each in place.below}
    line = []
    while slug in parents:
        line.append(slug)
        slug = parents[slug]
    return line
