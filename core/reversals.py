"""Second thoughts: a move taken back within ten minutes, a vote taken back until the quorum is met.

Taking back is an event like any other. It restores what the move changed, claims included, and
the plugin's claim hook sees it as a transition, so that the plugin's own writes follow.
"""

from dataclasses import dataclass

from core.acting import actor_of, who_acts
from core.case_items import Case, event_key
from core.cases import Cases
from core.filings import Stale
from core.ledger import Entry, claims_moved
from core.moments import stamp
from core.people import Person
from core.store import Change, Version, Write
from core.undoing import may_take_back
from forms.surroundings import Surroundings
from workflows.case import Refused
from workflows.engine import vets_oneself, withdraw_vote
from workflows.refusals import of_no_vote
from workflows.schedule import schedule


@dataclass(frozen=True, slots=True)
class Reversals:
    """Takes moves and votes back."""

    cases: Cases

    def take_back(self, case: Case, person: Person, seen: int, around: Surroundings) -> Case:
        """Undo the latest move; raise Stale where it is too late, Taken where a claim is gone."""
        ledger = self.cases.ledger
        if case.v != seen or not may_take_back(case, person, ledger.clock.now()):
            raise Stale(case)
        undo, workflow = case.item["undo"], self.cases.workflow(case)
        restored = self._hung(
            Case({**case.item, **undo["keep"], "entry": case.v + 1}, ledger.vault)
        )
        dates = schedule(workflow, restored.situation, around)
        due = stamp(dates.due) if dates.due else ""
        restored = Case({**restored.item, "due": due}, ledger.vault)
        timers = [each for each in dates.timers if each.name not in restored.item["rung"]]
        transition = workflow.find(undo["name"], restored.state)
        who, names = who_acts(restored, person, transition.by if transition else ())
        with self.cases.settling(case):
            writes = claims_moved(case.id, case.item["claims"], restored.item["claims"])
            if undo["held"]:
                writes.append(_drop_messages(case, undo["n"]))
            entry = Entry(who, person=person, names=names)
            return ledger.take_back(case, restored, entry, timers, writes)

    def _hung(self, restored: Case) -> Case:
        """Hang a case on the desk of its seat as it is now: nobody may sit where it lay before."""
        if not restored.item["desk"]:
            return restored
        ledger, seat = self.cases.ledger, restored.item["seat"]
        desk = ledger.desk(ledger.places.get(restored.item["place"]), *seat)
        if desk == restored.item["desk"]:
            return restored
        return Case({**restored.item, "desk": desk, "taken": {}}, ledger.vault)

    def withdraw_vote(
        self, case: Case, person: Person, seen: int, name: str, around: Surroundings
    ) -> Case:
        """Take one's vote for a move back; raise Stale, or Refused where there is none."""
        if case.v != seen:
            raise Stale(case)
        transition = self.cases.workflow(case).find(name, case.state)
        by = transition.by if transition else ()
        actor = actor_of(case, person, by)
        if transition and vets_oneself(transition, actor):
            raise Refused(of_no_vote(around.language))
        withdraw_vote(case.situation, name, actor, around)
        given = case.item["votes"][name]
        left = [vote for vote in given if not {vote["by"], vote["for"]} & actor.people]
        votes = {each: vote for each, vote in case.item["votes"].items() if each != name}
        votes |= {name: left} if left else {}
        who, names = who_acts(case, person, by)
        with self.cases.settling(case):
            entry = Entry(who, person=person, names=names)
            return self.cases.ledger.act(case, f"unvote:{name}", entry, votes=votes)


def _drop_messages(case: Case, n: int) -> Write:
    """Return the write that drops what the move's event was to send; it fails once that began."""
    gone = ("desk_pk", "desk_sk")
    return Change(event_key(case.id, n), set={"todo": []}, remove=gone, when=(Version(1),))
