"""Recalls (撤回): those who were sent a message to a group are told that it no longer holds.

Whoever was sent it stands in the desk index under `SENT#case` until then. A recall is a job there
under `RECALL`: each step puts some of them back into the queue, where each stands as read, so that
each is told once, however often it is done (ADR 37).
"""

from contextlib import suppress
from dataclasses import dataclass

from core.case_items import Case
from core.cases import Cases
from core.moments import stamp
from core.ports import Clock
from core.recipients import Recipients, sent_name
from core.store import Absent, Busy, Change, Conflict, Item, Put, Store, Version

JOBS = "RECALL"
_AT_ONCE = 40
_STEPS = 100
"""How many steps one tick makes."""
_DESK = ("desk_pk", "desk_sk")


@dataclass(frozen=True, slots=True)
class Recalls:
    """Begins and works off recalls."""

    store: Store
    cases: Cases
    recipients: Recipients
    clock: Clock

    def begin(self, event: Item, case: Case) -> None:
        """Leave the job that an event asks for; again, nothing."""
        now = stamp(self.clock.now())
        job = {
            "pk": f"CI#{case.id}",
            "sk": f"RECALL#{event['n']:06}",
            "case": case.id,
            **dict(zip(_DESK, (JOBS, f"{now}#{case.id}"), strict=True)),
        }
        with suppress(Conflict):
            self.store.commit(Put(job, (Absent(),)))

    def work_off_due(self) -> None:
        """Put back into the queue whom a recall is to tell, a bounded piece."""
        steps, now = _STEPS, f"{stamp(self.clock.now())}~"
        for job in self.store.query(JOBS, index="desk", until=now, limit=50).items:
            while steps > 0 and self._step(job):
                steps -= 1

    def _step(self, job: Item) -> bool:
        """Put some back, and tell whether there may be more now; the job ends with the last."""
        page = self.store.query(sent_name(job["case"]), index="desk", limit=_AT_ONCE)
        keys = [(each["pk"], each["sk"]) for each in page.items]
        fresh = self.store.get(*keys) if keys else []
        due = [each for each in fresh if each and each["stands"] == "sent"]
        with suppress(Conflict, Busy):  # somebody opened it just now, or somebody else is at it
            if due:
                self.store.commit(*map(self.recipients.recalling, due))
                return True
            if not keys:
                gone = Change((job["pk"], job["sk"]), remove=_DESK, when=(Version(int(job["v"])),))
                self.store.commit(gone)
        return False
